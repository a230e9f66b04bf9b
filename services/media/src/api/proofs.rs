//! `/internal/v1/proofs`: files that prove a transfer. Only the gateway brings and fetches them; they
//! are never served under `/media`.

use actix_multipart::Multipart;
use actix_web::body::SizedStream;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::http::header::{CONTENT_SECURITY_POLICY, X_CONTENT_TYPE_OPTIONS};
use actix_web::{HttpResponse, web};
use konveksi_kernel::FileId;
use konveksi_web::{Path, Problem, SystemCaller};
use serde::Serialize;

use super::form;
use crate::app::store_design::{Design, store_design};
use crate::app::{App, queries};
use crate::domain::disposition::content_disposition;
use crate::domain::file::Purpose;
use crate::domain::limits::PROOF_BYTES;

/// A proof that was taken.
#[derive(Serialize)]
struct ProofResponse {
    id: FileId,
    /// In hex.
    sha256: String,
    /// `stored`, or `quarantined` while no scanner has judged it.
    status: &'static str,
}

/// Takes a proof; the answer says what it is called, the hash of its content in hex, and whether it
/// was found clean.
pub(crate) async fn create(
    app: web::Data<App>,
    _gateway: SystemCaller,
    parts: Multipart,
) -> Result<HttpResponse, Problem> {
    let form = form::read(parts, PROOF_BYTES).await?;
    let (filename, upload) = form.design.ok_or_else(|| Problem::field("proof", "Wajib diisi."))?;
    let (description, order_id) = (String::new(), None);
    let proof = Design { upload, filename, description, order_id, purpose: Purpose::Proof };
    let file = store_design(&app, proof).await?;
    Ok(HttpResponse::Created().json(ProofResponse {
        id: file.id,
        sha256: hex::encode(file.sha256),
        status: file.state.as_wire(),
    }))
}

/// The bytes of a proof that was found clean.
pub(crate) async fn read(
    app: web::Data<App>,
    _gateway: SystemCaller,
    id: Path<FileId>,
) -> Result<HttpResponse, Problem> {
    let file = queries::get_proof(&app, *id).await?;
    let content = queries::read(&app, &file).await?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, file.format.content_type()))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"))
        .insert_header((CACHE_CONTROL, "private, no-store"))
        .insert_header((
            CONTENT_DISPOSITION,
            content_disposition(file.format, &file.original_filename),
        ))
        .body(SizedStream::new(file.size_bytes, content)))
}
