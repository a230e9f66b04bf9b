//! `POST /api/v1/payment/verify-manual/` (contract row 54). A form's file was stored by media, and
//! the gateway says which one it is under `bank_statement_file`; clients cannot.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, Utc};
use konveksi_idempotency::{Answer, RequestKey};
use konveksi_identity::Permission;
use konveksi_kernel::{FileId, InvoiceId, Money, ProofId};
use konveksi_web::{Caller, FieldErrors, Json, Problem};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::express;
use super::input::{self, actor, on_behalf_of};
use super::shapes::{InvoiceResponse, PaymentResponse};
use crate::app::requests::once;
use crate::app::verify_manual::{Claim, Verified, verify_manual};
use crate::app::{App, queries};
use crate::domain::Actor;
use crate::domain::proof::{Flag, ProofFile, ProofState, Statement};

/// A transfer that staff saw on the bank statement.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = ManualVerification)]
pub(super) struct VerifyRequest {
    /// The invoice it is for.
    #[schema(value_type = uuid::Uuid)]
    invoice_id: InvoiceId,
    /// What names it on the statement; in a form, the statement's file.
    #[serde(default)]
    bank_statement: String,
    /// Exactly what is due (or the unique amount the invoice holds); a string or a number.
    #[schema(value_type = String, example = "3750000.00")]
    transfer_amount: Money,
    /// Not in the future.
    transfer_date: DateTime<Utc>,
    /// At most 100 characters.
    #[schema(example = "BCA")]
    bank_name: String,
    /// At most 255 characters.
    account_name: String,
    /// At most 1,000 characters.
    #[serde(default)]
    notes: String,
    /// Put here by the gateway.
    #[schema(ignore)]
    bank_statement_file: Option<FileRequest>,
}

/// A file that media has stored.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct FileRequest {
    id: FileId,
    /// In hex.
    sha256: String,
    /// `stored` when it was found clean.
    status: String,
}

impl FileRequest {
    /// The file, and whether it was found clean.
    pub(super) fn read(&self) -> Result<(ProofFile, bool), Problem> {
        let sha256 = bytes(&self.sha256)
            .ok_or_else(|| Problem::field("bank_statement", "Berkas tidak dikenal."))?;
        Ok((ProofFile { id: self.id, sha256 }, self.status == "stored"))
    }
}

/// 32 bytes from 64 hex digits.
fn bytes(digits: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    hex::decode_to_slice(digits, &mut bytes).ok().map(|()| bytes)
}

impl VerifyRequest {
    fn read(&self, by: Actor, has_key: bool) -> Result<Claim, Problem> {
        let mut errors = FieldErrors::new();
        let amount = input::rupiah(&mut errors, "transfer_amount", self.transfer_amount);
        let says = Statement {
            amount: None,
            transferred_at: None,
            bank_name: input::needed(&mut errors, "bank_name", &self.bank_name, 100),
            account_name: input::needed(&mut errors, "account_name", &self.account_name, 255),
            reference: input::text(&mut errors, "bank_statement", &self.bank_statement, 255),
            notes: input::text(&mut errors, "notes", &self.notes, 1_000),
        };
        let file = self.bank_statement_file.as_ref().map(FileRequest::read).transpose()?;
        if says.reference.is_empty() && file.is_none() {
            errors.push("bank_statement", "Wajib diisi.");
        }
        errors.into_result()?;
        Ok(Claim {
            invoice_id: self.invoice_id,
            amount: amount.unwrap_or(Money::ZERO),
            transferred_at: self.transfer_date,
            says,
            file,
            by,
            has_key,
        })
    }
}

/// What the verification came to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Verification)]
pub(super) struct VerifyResponse {
    success: bool,
    /// `verified`; `rejected` with its reason; `pending` while the file is scanned, or a second
    /// person has to approve.
    status: &'static str,
    message: &'static str,
    /// What the proof is called in the review queue.
    #[schema(value_type = uuid::Uuid)]
    proof_id: ProofId,
    /// Why it waits or was rejected.
    reason: Option<String>,
    /// `possible_duplicate`, `before_invoice`, `self_approved`, `amount_changed`.
    warnings: Vec<&'static str>,
    /// Null until it is verified.
    payment: Option<PaymentResponse>,
    invoice: Option<InvoiceResponse>,
}

impl VerifyResponse {
    /// The answer for a proof; the invoice is read again by the caller.
    pub(super) fn of(verified: &Verified, invoice: Option<InvoiceResponse>) -> VerifyResponse {
        let proof = &verified.proof;
        let (status, message) = match proof.state {
            ProofState::Verified => ("verified", "Pembayaran terverifikasi dan dicatat."),
            ProofState::Rejected => ("rejected", "Bukti transfer ditolak."),
            ProofState::Quarantined => {
                ("pending", "Berkas sedang diperiksa. Verifikasi selesai dengan sendirinya.")
            }
            ProofState::InReview => ("pending", "Menunggu persetujuan orang lain."),
        };
        VerifyResponse {
            success: proof.state != ProofState::Rejected,
            status,
            message,
            proof_id: proof.id,
            reason: proof.reason.clone(),
            warnings: proof.flags.iter().copied().map(Flag::as_wire).collect(),
            payment: verified.payment.as_ref().map(PaymentResponse::from),
            invoice,
        }
    }

    /// 200 when it is decided, 202 while it waits.
    pub(super) fn http_status(verified: &Verified) -> StatusCode {
        match verified.proof.state {
            ProofState::Verified | ProofState::Rejected => StatusCode::OK,
            ProofState::Quarantined | ProofState::InReview => StatusCode::ACCEPTED,
        }
    }
}

/// Verifies a transfer that staff saw: amount and date are checked, then it is booked.
#[utoipa::path(
    post, path = "/api/v1/payment/verify-manual/", tag = "payments", request_body = VerifyRequest,
    responses(
        (status = 200, body = VerifyResponse),
        (status = 202, description = "waits for its file's scan, or for a second person"),
        (status = 400, description = "VALIDATION_ERROR (another amount than is due); \
            INVOICE_INVALID_STATE, DUPLICATE_PROOF, SUSPECTED_DOUBLE, PROOF_INFECTED"),
        (status = 404, description = "INVOICE_NOT_FOUND")
    )
)]
pub(super) async fn verify(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    Json(body): Json<VerifyRequest>,
) -> Result<HttpResponse, Problem> {
    caller.require(Permission::PaymentsWrite)?;
    let key = RequestKey::read(&caller, &request, &asked(&body, "bank_statement_file"))?;
    let claim = body.read(actor(&caller.0), key.is_some())?;
    let mut told = Vec::new();
    let work = once(&app, key.as_ref(), async |tx| {
        let verified = verify_manual(&app, tx, claim).await?;
        let invoice = queries::invoice_in(tx, body.invoice_id).await?;
        let response = VerifyResponse::of(&verified, Some(InvoiceResponse::from(&invoice)));
        let answer = Answer {
            status: VerifyResponse::http_status(&verified),
            body: json!(response),
            customer_id: Some(invoice.order.customer_id),
        };
        told = verified.told;
        Ok(answer)
    });
    let outcome = on_behalf_of(&caller.0, work).await?;
    Ok(express::answer_once(&outcome, &told))
}

/// What makes the request the same: a form that is sent again is a new `file` of the same content.
pub(super) fn asked(body: &impl Serialize, file: &str) -> serde_json::Value {
    let mut asked = json!(body);
    if let Some(file) = asked.get_mut(file).and_then(serde_json::Value::as_object_mut) {
        file.retain(|name, _value| name == "sha256");
    }
    asked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_read_and_nothing_else_is() {
        assert_eq!(bytes(&"0a".repeat(32)), Some([10; 32]));
        for hex in ["", "0a", &"0a".repeat(33), &"zz".repeat(32), &"é".repeat(32)] {
            assert_eq!(bytes(hex), None, "{hex}");
        }
    }
}
