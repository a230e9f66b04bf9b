//! `POST /track/{token}/payment-proof/`: a customer with a tracking link shows the proof of a
//! transfer. Order says whose token it is, media keeps the file, payment puts it before staff.

use actix_web::HttpResponse;
use serde_json::Value;
use uuid::Uuid;

use super::proof_upload;
use crate::edge::{Call, body};
use crate::error::Stop;
use crate::forward::Service;
use crate::json::At as _;
use konveksi_web::Problem;

pub(crate) async fn handle(mut call: Call) -> Result<HttpResponse, Stop> {
    let order = order_of(&call).await?;
    if !body::content_type(&call.request).starts_with("multipart/") {
        return Err(Problem::of_status(actix_web::http::StatusCode::UNSUPPORTED_MEDIA_TYPE).into());
    }
    let uploaded = proof_upload::read(&mut call, &["proof", "file", "bank_statement"]).await?;
    let Some(file) = uploaded.file else {
        return Err(Problem::field("proof", "Wajib diisi.").into());
    };
    let mut input = uploaded.fields;
    input.insert("file".to_owned(), file);
    let context = call.system_context();
    let path = format!("/internal/v1/orders/{order}/payment-proofs");
    let input = Value::Object(input);
    let shown = call.edge.upstreams.post(Service::Payment, &path, &input, &context).await?;
    Ok(shown.into_response())
}

/// The order whose tracking token stands in the path; another text names nothing.
async fn order_of(call: &Call) -> Result<Uuid, Stop> {
    let token = call.parameter(0);
    let plain = token.len() == 32 && token.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !plain {
        return Err(unknown().into());
    }
    let path = format!("/internal/v1/orders/by-token/{token}");
    let system = call.system_context();
    let answer = call.edge.upstreams.get(Service::Order, &path, &system).await?;
    if answer.status == 404 {
        return Err(unknown().into());
    }
    let found = answer.success()?;
    let id = found.at("order_id").as_str().and_then(|id| Uuid::try_parse(id).ok());
    id.ok_or_else(|| {
        tracing::error!("order's answer by token holds no id");
        Problem::of_status(actix_web::http::StatusCode::INTERNAL_SERVER_ERROR).into()
    })
}

fn unknown() -> Problem {
    Problem::not_found("ORDER_NOT_FOUND", "Order tidak ditemukan.", "no such tracking token")
}
