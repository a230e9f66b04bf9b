//! Messages asked for by staff (`settled.md` 21): notification accepts them for each channel, and
//! the booleans of the answers mean just that.

use actix_web::http::StatusCode;
use konveksi_web::Problem;
use serde_json::{Map, Value, json};

use crate::edge::Edge;
use crate::error::Stop;
use crate::forward::{Answer, Context, Service};
use crate::json::At as _;

/// What is to be sent.
pub(super) struct Send<'a> {
    /// A template of this type, the default one of its channel; or …
    pub(super) template_type: Option<&'a str>,
    /// … this very template.
    pub(super) template_id: Option<&'a str>,
    /// `whatsapp`, `email` or `both`; absent when the template says.
    pub(super) channel: Option<&'a str>,
    pub(super) order_id: &'a Value,
    pub(super) invoice_id: &'a Value,
    /// Values of the caller's own; notification knows order, customer and invoice itself.
    pub(super) values: Map<String, Value>,
}

/// Notification's answer.
pub(super) struct Accepted(Value);

impl Accepted {
    /// Nothing was accepted.
    pub(super) const fn nothing() -> Accepted {
        Accepted(Value::Null)
    }

    /// The channels that took the message.
    pub(super) fn channels(&self) -> Vec<&str> {
        let accepted = self.0.at("accepted").as_array().map(Vec::as_slice).unwrap_or_default();
        accepted.iter().filter_map(|one| one.at("channel").as_str()).collect()
    }

    pub(super) fn by(&self, channel: &str) -> bool {
        self.channels().contains(&channel)
    }

    pub(super) fn any(&self) -> bool {
        !self.channels().is_empty()
    }

    /// Another value of the answer.
    pub(super) fn get(&self, key: &str) -> Value {
        self.0.at(key).clone()
    }
}

/// Asks notification to send.
///
/// # Errors
/// 503 when it is away, its own words when it refuses.
pub(super) async fn send(edge: &Edge, send: Send<'_>, context: &Context) -> Result<Accepted, Stop> {
    let body = json!({
        "kind": "template",
        "template_type": send.template_type,
        "template_id": send.template_id,
        "channel": send.channel,
        "order_id": send.order_id,
        "invoice_id": send.invoice_id,
        "context": send.values,
    });
    let context = context.step("send");
    let answer =
        edge.upstreams.post(Service::Notification, "/internal/v1/sends", &body, &context).await?;
    match answer.success() {
        Ok(accepted) => Ok(Accepted(accepted)),
        Err(Stop::Relay(refused)) if unheard(&refused) => Err(not_known_yet().into()),
        Err(stop) => Err(stop),
    }
}

/// The order and its invoice exist, for the caller has just read them: notification has not heard
/// of them yet.
fn unheard(refused: &Answer) -> bool {
    let code = serde_json::from_slice::<Value>(&refused.body).ok();
    let code = code.as_ref().and_then(|body| body.at("error_code").as_str());
    matches!(code, Some("ORDER_NOT_FOUND" | "INVOICE_NOT_FOUND"))
}

fn not_known_yet() -> Problem {
    Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "NOT_KNOWN_YET",
        "Data order ini masih disiapkan. Silakan coba lagi sebentar lagi.",
        "notification has not heard of the order or invoice yet",
    )
    .with_retry_after(2)
}

/// The template that asks for an invoice to be paid.
pub(super) fn invoice_template(invoice: &Value) -> &'static str {
    match invoice.at("payment_type").as_str() {
        Some("dp") => "dp_invoice",
        Some("pelunasan") => "pelunasan_invoice",
        _ => "full_invoice",
    }
}
