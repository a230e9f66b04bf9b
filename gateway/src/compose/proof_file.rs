//! `GET /admin/payment/proofs/{id}/file/`: the file of a proof, for staff. Payment says which one it
//! is, media hands it out to the gateway alone.

use actix_web::HttpResponse;
use uuid::Uuid;

use crate::edge::Call;
use crate::error::Stop;
use crate::forward::Service;
use crate::json::At as _;
use konveksi_web::Problem;

pub(crate) async fn handle(call: Call) -> Result<HttpResponse, Stop> {
    let id = call.id(0)?;
    let (context, system) = (call.context(), call.system_context());
    let path = format!("/api/v1/admin/payment/proofs/{id}");
    let proof = call.edge.upstreams.get(Service::Payment, &path, &context).await?.success()?;
    let file = proof.at("file_id").as_str().and_then(|file| Uuid::try_parse(file).ok());
    let Some(file) = file else { return Err(unknown().into()) };
    let path = format!("/internal/v1/proofs/{file}");
    let answer = call.edge.upstreams.get(Service::Media, &path, &system).await?;
    // Not there, or not found clean yet.
    if answer.status == 404 {
        return Err(unknown().into());
    }
    Ok(answer.into_response())
}

fn unknown() -> Problem {
    Problem::not_found("FILE_NOT_FOUND", "Berkas tidak ditemukan.", "no such file, or not clean")
}
