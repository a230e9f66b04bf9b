//! `POST /api/v1/email-blast/` (`contract.md` row 68): one mail to many.
//!
//! The mails are stored here and sent by the worker, so the numbers of the answer say how many were
//! accepted; the history says what became of each. One wrong address refuses the whole request,
//! since half a blast cannot be repeated.

use std::collections::BTreeSet;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use konveksi_idempotency::{Answer, RequestKey};
use konveksi_identity::Permission;
use konveksi_kernel::OrderId;
use konveksi_web::{Caller, FieldErrors, Json, Problem};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::values;
use crate::app::{self, App, Blast};
use crate::domain::email_address::EmailAddress;
use crate::domain::template::Template;
use crate::domain::template_type::TemplateType;

const MAX_RECIPIENTS: usize = 1_000;
const MAX_SUBJECT_CHARS: usize = 200;
/// The most wrong addresses named in one answer.
const MAX_NAMED: usize = 20;

/// What is mailed to whom.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub(crate) struct BlastRequest {
    /// At most 1,000 addresses; one that is given twice gets one mail.
    recipients: Vec<String>,
    /// One line, at most 200 characters.
    subject: String,
    /// The text; may name variables.
    message: String,
    /// One of the twelve types; `marketing_blast` when absent.
    template_type: Option<String>,
    /// The order whose values the text may name.
    order_id: Option<Uuid>,
    /// Further values.
    #[schema(value_type = Option<Object>)]
    custom_data: Option<Map<String, Value>>,
}

/// What was accepted.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BlastResponse {
    success: bool,
    message: String,
    /// Whether any mail was accepted for sending.
    email_sent: bool,
    /// How many mails were accepted for sending.
    sent: usize,
    /// Always 0: a wrong address refuses the request.
    failed: usize,
}

fn blast(request: &BlastRequest) -> Result<Blast, Problem> {
    let custom = values::read("custom_data", request.custom_data.as_ref())?;
    let mut wrong = FieldErrors::new();
    let recipients = recipients(&mut wrong, &request.recipients);
    let subject = request.subject.trim();
    if subject.is_empty() {
        wrong.push("subject", "Wajib diisi.");
    } else if subject.chars().count() > MAX_SUBJECT_CHARS {
        wrong.push("subject", format!("Paling panjang {MAX_SUBJECT_CHARS} karakter."));
    } else if request.subject.contains(char::is_control) {
        wrong.push("subject", "Harus satu baris tanpa karakter kendali.");
    }
    if request.message.trim().is_empty() {
        wrong.push("message", "Wajib diisi.");
    }
    let subject = wrong.check("subject", Template::parse(subject));
    let body = wrong.check("message", Template::parse(&request.message));
    let template_type = match request.template_type.as_deref() {
        None | Some("") => Some(TemplateType::MarketingBlast),
        Some(text) => {
            let known = TemplateType::from_wire(text).ok_or("Jenis templat tidak dikenal.");
            wrong.check("template_type", known)
        }
    };
    match (subject, body, template_type) {
        (Some(subject), Some(body), Some(template_type)) if wrong.is_empty() => Ok(Blast {
            recipients,
            subject,
            body,
            template_type,
            order_id: request.order_id.map(OrderId::from_uuid),
            custom,
        }),
        _ => Err(Problem::validation(wrong)),
    }
}

/// Each address once, in order; notes the places of the wrong ones, not the words: they may be
/// anybody's.
fn recipients(wrong: &mut FieldErrors, texts: &[String]) -> Vec<EmailAddress> {
    if texts.is_empty() {
        wrong.push("recipients", "Sedikitnya satu alamat.");
    } else if texts.len() > MAX_RECIPIENTS {
        wrong.push("recipients", format!("Paling banyak {MAX_RECIPIENTS} alamat."));
        return Vec::new();
    }
    let mut addresses = BTreeSet::new();
    let mut bad = 0_usize;
    for (index, text) in texts.iter().enumerate() {
        match EmailAddress::parse(text) {
            Ok(address) => {
                addresses.insert(address);
            }
            Err(error) => {
                bad += 1;
                if bad <= MAX_NAMED {
                    wrong.push("recipients", format!("Penerima ke-{}: {error}.", index + 1));
                }
            }
        }
    }
    addresses.into_iter().collect()
}

/// Mails a text to many.
#[utoipa::path(
    post,
    path = "/api/v1/email-blast/",
    request_body = BlastRequest,
    responses((status = 200, body = BlastResponse), (status = 400), (status = 404))
)]
pub(crate) async fn send(
    caller: Caller,
    app: web::Data<App>,
    request: HttpRequest,
    body: Json<BlastRequest>,
) -> Result<HttpResponse, Problem> {
    caller.require(Permission::MessagesSend)?;
    let key = RequestKey::read(&caller, &request, &body.0)?;
    let blast = blast(&body.0)?;
    let outcome = app::once(&app, key.as_ref(), async |tx| {
        let accepted = app::send_blast(&app, tx, &blast).await?;
        let answer = serde_json::json!(BlastResponse {
            success: true,
            message: format!("{accepted} e-mail diterima untuk dikirim."),
            email_sent: accepted > 0,
            sent: accepted,
            failed: 0,
        });
        Ok(Answer { status: StatusCode::OK, body: answer, customer_id: None })
    })
    .await?;
    Ok(outcome.respond())
}
