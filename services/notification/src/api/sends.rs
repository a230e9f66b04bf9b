//! `POST /internal/v1/sends`: one message on the gateway's word, for payment links, reminders and
//! templates (`contract.md` rows 24, 40, 42). It is accepted here and sent by the worker.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use konveksi_idempotency::{Answer, RequestKey};
use konveksi_identity::Permission;
use konveksi_kernel::{InvoiceId, OrderId, TemplateId};
use konveksi_web::{Caller, FieldErrors, Json, Problem};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::values;
use crate::app::{self, App, Send, Sent, TemplateChoice};
use crate::domain::channel::{Channel, ChannelChoice};
use crate::domain::template_type::TemplateType;

/// What to send.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub(crate) struct SendRequest {
    /// `template` (the default).
    kind: Option<String>,
    /// The default template of this type; with neither this nor `template_id`, the link message
    /// that fits the invoice.
    template_type: Option<String>,
    /// This very template.
    template_id: Option<Uuid>,
    /// `whatsapp`, `email` or `both`; the template's, the invoice's or the order's when absent.
    channel: Option<String>,
    /// The order; may be absent when the invoice is given.
    order_id: Option<Uuid>,
    /// The invoice; a message that asks for payment takes the newest unpaid one when absent.
    invoice_id: Option<Uuid>,
    /// Further values.
    #[schema(value_type = Option<Object>)]
    context: Option<Map<String, Value>>,
}

/// What was accepted.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SendResponse {
    /// One for each channel.
    accepted: Vec<AcceptedMessage>,
    /// The first message as it will be sent.
    rendered: Rendered,
    /// The template of the first message.
    template: UsedTemplate,
    /// Every value the template could name.
    context_used: BTreeMap<String, String>,
}

/// A message that will be sent.
#[derive(Debug, Serialize, ToSchema)]
struct AcceptedMessage {
    channel: &'static str,
    notification_id: Uuid,
}

/// A message's words.
#[derive(Debug, Serialize, ToSchema)]
struct Rendered {
    /// Empty for WhatsApp.
    subject: String,
    body: String,
}

/// A template's name.
#[derive(Debug, Serialize, ToSchema)]
struct UsedTemplate {
    id: Uuid,
    name: String,
    #[serde(rename = "type")]
    template_type: &'static str,
    channel: &'static str,
}

impl From<Sent> for SendResponse {
    fn from(sent: Sent) -> SendResponse {
        let written = sent.written;
        let first = written.accepted.first().map_or(Channel::Whatsapp, |one| one.channel);
        SendResponse {
            accepted: written
                .accepted
                .iter()
                .map(|one| AcceptedMessage {
                    channel: one.channel.as_wire(),
                    notification_id: one.id.as_uuid(),
                })
                .collect(),
            rendered: Rendered { subject: written.subject, body: written.body },
            template: UsedTemplate {
                id: written.template.id.as_uuid(),
                name: written.template.name,
                template_type: written.template.template_type.as_wire(),
                channel: written.template.channel.as_wire(),
            },
            context_used: values::shown(&sent.values, first),
        }
    }
}

fn wanted(request: &SendRequest) -> Result<Send, Problem> {
    let custom = values::read("context", request.context.as_ref())?;
    let mut wrong = FieldErrors::new();
    if request.kind.as_deref().is_some_and(|kind| kind != "template") {
        wrong.push("kind", "Gunakan template.");
    }
    if request.order_id.is_none() && request.invoice_id.is_none() {
        wrong.push("order_id", "Isi order_id atau invoice_id.");
    }
    let channel = request.channel.as_deref().filter(|text| !text.is_empty()).and_then(|text| {
        let known = ChannelChoice::from_wire(text).ok_or("Gunakan whatsapp, email, atau both.");
        wrong.check("channel", known)
    });
    let template = match (request.template_id, request.template_type.as_deref()) {
        (Some(id), _) => Some(TemplateChoice::One(TemplateId::from_uuid(id))),
        (None, None | Some("")) => Some(TemplateChoice::OfInvoice),
        (None, Some(text)) => wrong
            .check("template_type", TemplateType::from_wire(text).ok_or("Jenis tidak dikenal."))
            .map(TemplateChoice::OfType),
    };
    match template {
        Some(template) if wrong.is_empty() => Ok(Send {
            template,
            order_id: request.order_id.map(OrderId::from_uuid),
            invoice_id: request.invoice_id.map(InvoiceId::from_uuid),
            channel,
            custom,
        }),
        _ => Err(Problem::validation(wrong)),
    }
}

/// Accepts a message for sending.
#[utoipa::path(
    post,
    path = "/internal/v1/sends",
    request_body = SendRequest,
    responses((status = 202, body = SendResponse), (status = 400), (status = 404), (status = 503))
)]
pub(crate) async fn send(
    caller: Caller,
    app: web::Data<App>,
    request: HttpRequest,
    body: Json<SendRequest>,
) -> Result<HttpResponse, Problem> {
    caller.require(Permission::MessagesSend)?;
    let key = RequestKey::read(&caller, &request, &body.0)?;
    let wanted = wanted(&body.0)?;
    let outcome = app::once(&app, key.as_ref(), async |tx| {
        let sent = app::send_template(&app, tx, &wanted).await?;
        let customer_id = Some(sent.customer_id);
        let body = serde_json::json!(SendResponse::from(sent));
        Ok(Answer { status: StatusCode::ACCEPTED, body, customer_id })
    })
    .await?;
    Ok(outcome.respond())
}
