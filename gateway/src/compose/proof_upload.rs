//! A form with the proof of a transfer in it: its fields become the JSON that payment reads, its
//! file a private one in media (`settled.md` 29).

use serde_json::{Map, Value, json};

use crate::edge::Call;
use crate::edge::multipart::{self, Keep};
use crate::error::Stop;
use crate::forward::Service;
use crate::json::At as _;
use konveksi_web::Problem;

/// The largest proof.
const PROOF_BYTES: usize = 10 * 1024 * 1024;

/// A form that was read, and its file as media knows it.
pub(super) struct Uploaded {
    /// The text fields; empty ones are left out.
    pub(super) fields: Map<String, Value>,
    /// `{id, sha256, status}`; absent when no file was chosen.
    pub(super) file: Option<Value>,
}

/// Reads the form; the file, if there is one, is stored and scanned before this returns. `names` are
/// the parts it may come in.
pub(super) async fn read(call: &mut Call, names: &[&str]) -> Result<Uploaded, Stop> {
    let form = multipart::read(call, PROOF_BYTES, Keep::OnDisk).await?;
    let filled = form.fields.into_iter().filter(|(_, text)| !text.trim().is_empty());
    let fields = filled.map(|(name, text)| (name, json!(text.trim()))).collect();
    let chosen = |file: &multipart::File| names.contains(&file.field.as_str()) && !file.is_empty();
    let mut files = form.files.into_iter().filter(chosen);
    let (file, another) = (files.next(), files.next());
    let Some(file) = file else { return Ok(Uploaded { fields, file: None }) };
    if another.is_some() {
        return Err(Problem::field(&file.field, "Hanya satu berkas.").into());
    }
    let proof = reqwest::multipart::Form::new().part("design", file.into_part()?);
    let (edge, context) = (call.edge.clone(), call.system_context().step("proof"));
    let stored = edge
        .upstreams
        .post_form(Service::Media, "/internal/v1/proofs", proof, &context)
        .await?
        .success()?;
    let file = json!({
        "id": stored.at("id"),
        "sha256": stored.at("sha256"),
        "status": stored.at("status"),
    });
    Ok(Uploaded { fields, file: Some(file) })
}
