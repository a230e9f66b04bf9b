//! `POST /payment/manual/` (row 50), and whatever else of staff books money: approving a proof,
//! matching money in suspense, spending credit. Payment books it, order learns of it before the
//! answer, so that a re-read shows it.

use actix_web::HttpResponse;
use serde_json::Value;

use super::express;
use crate::edge::{Call, body};
use crate::error::Stop;
use crate::forward::Service;

pub(crate) async fn handle(mut call: Call) -> Result<HttpResponse, Stop> {
    let input = Value::Object(body::json(&mut call).await?);
    let (edge, context) = (call.edge.clone(), call.context());
    let booked = edge.upstreams.post(Service::Payment, &call.path, &input, &context).await?;
    if booked.is_success() {
        express::deliver(&edge, &booked, Service::Order, &context).await;
    }
    Ok(booked.into_response())
}
