//! `GET /orders/{id}/audit-trail/` (row 33): the order's moves and the callbacks about it.

use actix_web::HttpResponse;
use serde_json::{Value, json};

use crate::edge::Call;
use crate::error::Stop;
use crate::forward::Service;

pub(crate) async fn handle(call: Call) -> Result<HttpResponse, Stop> {
    let id = call.id(0)?;
    let (edge, context, system) = (&call.edge, call.context(), call.system_context());
    let order = format!("/internal/v1/orders/{id}/audit");
    let payment = format!("/internal/v1/orders/{id}/webhook-logs");
    let (order, payment) = tokio::join!(
        edge.upstreams.get(Service::Order, &order, &context),
        edge.upstreams.get(Service::Payment, &payment, &system),
    );
    let mut trail = order?.success()?;
    let logs = payment?.success()?;
    let logs = logs.get("webhook_logs").cloned().unwrap_or(logs);
    if let Value::Object(trail) = &mut trail {
        trail.insert("webhook_logs".to_owned(), json!(logs));
    }
    Ok(HttpResponse::Ok().json(trail))
}
