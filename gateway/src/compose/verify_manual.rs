//! `POST /payment/verify-manual/` (row 54): the bank statement's file, if it comes as a form, goes to
//! media; payment checks and books; order learns of it before the answer.

use actix_web::HttpResponse;
use serde_json::Value;

use super::{express, proof_upload};
use crate::edge::{Call, body};
use crate::error::Stop;
use crate::forward::Service;

/// Where the file may come, and under which name payment reads it.
const FILE: &str = "bank_statement_file";

pub(crate) async fn handle(mut call: Call) -> Result<HttpResponse, Stop> {
    let input = if body::content_type(&call.request).starts_with("multipart/") {
        let uploaded = proof_upload::read(&mut call, &["bank_statement"]).await?;
        let mut input = uploaded.fields;
        // Only media says which file it is.
        input.remove(FILE);
        input.extend(uploaded.file.map(|file| (FILE.to_owned(), file)));
        input
    } else {
        let mut input = body::json(&mut call).await?;
        input.remove(FILE);
        input
    };
    let (edge, context) = (call.edge.clone(), call.context());
    let input = Value::Object(input);
    let verified = edge.upstreams.post(Service::Payment, &call.path, &input, &context).await?;
    if verified.is_success() {
        express::deliver(&edge, &verified, Service::Order, &context).await;
    }
    Ok(verified.into_response())
}
