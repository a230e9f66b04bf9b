//! `/api/v1/admin/payment/proofs/…`: the review queue of transfer proofs, and the door through which
//! the gateway brings those of customers.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, Utc};
use konveksi_idempotency::{Answer, RequestKey};
use konveksi_identity::Permission;
use konveksi_kernel::{InvoiceId, Money, OrderId, PaymentId, ProofId};
use konveksi_web::{Caller, FieldErrors, Json, Path, Problem, Query, SystemCaller};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use super::express;
use super::input::{self, actor, on_behalf_of};
use super::list::{self, ListResponse};
use super::shapes::InvoiceResponse;
use super::verify::{self, FileRequest, VerifyResponse};
use crate::app::decide_proof::{Correction, approve_proof, reject_proof};
use crate::app::proof_view::{proof, proofs};
use crate::app::requests::once;
use crate::app::show_proof::{Shown, show_proof};
use crate::app::{App, queries};
use crate::domain::proof::{Flag, Proof, ProofState, Statement};

/// A proof of a transfer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Proof)]
pub(super) struct ProofResponse {
    #[schema(value_type = uuid::Uuid)]
    id: ProofId,
    #[schema(value_type = uuid::Uuid)]
    order_id: OrderId,
    #[schema(value_type = Option<uuid::Uuid>)]
    invoice_id: Option<InvoiceId>,
    /// `staff` or `customer`.
    origin: &'static str,
    /// `quarantined`, `in_review`, `verified` or `rejected`.
    status: &'static str,
    #[schema(value_type = Option<String>)]
    transfer_amount: Option<Money>,
    transfer_date: Option<DateTime<Utc>>,
    bank_name: String,
    account_name: String,
    reference: String,
    notes: String,
    /// The file at `/api/v1/admin/payment/proofs/{id}/file/`; null when there is none.
    #[schema(value_type = Option<uuid::Uuid>)]
    file_id: Option<konveksi_kernel::FileId>,
    /// `possible_duplicate`, `before_invoice`, `self_approved`, `amount_changed`.
    warnings: Vec<&'static str>,
    requested_by: String,
    decided_by: Option<String>,
    decided_at: Option<DateTime<Utc>>,
    reason: Option<String>,
    #[schema(value_type = Option<uuid::Uuid>)]
    payment_id: Option<PaymentId>,
    created_at: DateTime<Utc>,
}

impl From<&Proof> for ProofResponse {
    fn from(proof: &Proof) -> ProofResponse {
        ProofResponse {
            id: proof.id,
            order_id: proof.order_id,
            invoice_id: proof.invoice_id,
            origin: proof.origin.as_wire(),
            status: proof.state.as_wire(),
            transfer_amount: proof.says.amount,
            transfer_date: proof.says.transferred_at,
            bank_name: proof.says.bank_name.clone(),
            account_name: proof.says.account_name.clone(),
            reference: proof.says.reference.clone(),
            notes: proof.says.notes.clone(),
            file_id: proof.file.map(|file| file.id),
            warnings: proof.flags.iter().copied().map(Flag::as_wire).collect(),
            requested_by: proof.requested_by.clone(),
            decided_by: proof.decided.as_ref().map(|(by, _)| by.clone()),
            decided_at: proof.decided.as_ref().map(|(_, at)| *at),
            reason: proof.reason.clone(),
            payment_id: proof.payment_id,
            created_at: proof.created_at,
        }
    }
}

/// Which proofs.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ListQuery {
    /// From 1.
    page: Option<String>,
    /// 20 when absent, 100 at most.
    page_size: Option<String>,
    /// `quarantined`, `in_review`, `verified` or `rejected`.
    status: Option<String>,
    /// An order's id.
    order: Option<String>,
}

/// Proofs, newest first.
#[utoipa::path(
    get, path = "/api/v1/admin/payment/proofs/", tag = "proofs", params(ListQuery),
    responses((status = 200, body = ListResponse<ProofResponse>))
)]
pub(super) async fn list(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    Query(query): Query<ListQuery>,
) -> Result<HttpResponse, Problem> {
    caller.require(Permission::PaymentsRead)?;
    let page = list::page(query.page.as_deref(), query.page_size.as_deref())?;
    let mut errors = FieldErrors::new();
    let state = input::status(&mut errors, query.status.as_deref(), ProofState::from_wire);
    let order = input::id(&mut errors, "order", query.order.as_deref());
    errors.into_result()?;
    let (found, count) = proofs(&app, (state, order), page).await?;
    let results: Vec<_> = found.iter().map(ProofResponse::from).collect();
    Ok(HttpResponse::Ok().json(list::wrap(&request, page, count, results)?))
}

/// One proof.
#[utoipa::path(
    get, path = "/api/v1/admin/payment/proofs/{id}/", tag = "proofs",
    params(("id" = uuid::Uuid, Path)),
    responses(
        (status = 200, body = ProofResponse),
        (status = 404, description = "PROOF_NOT_FOUND")
    )
)]
pub(super) async fn read(
    app: web::Data<App>,
    caller: Caller,
    id: Path<ProofId>,
) -> Result<HttpResponse, Problem> {
    caller.require(Permission::PaymentsRead)?;
    Ok(HttpResponse::Ok().json(ProofResponse::from(&proof(&app, *id).await?)))
}

/// What staff say beyond the proof; all of it may be left out.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[schema(as = ProofApproval)]
pub(super) struct ApproveRequest {
    /// The invoice it is for, if not the proof's own; else the order's first open one.
    #[schema(value_type = Option<uuid::Uuid>)]
    invoice_id: Option<InvoiceId>,
    /// What really came, if not what the proof names; a part is taken too.
    #[schema(value_type = Option<String>)]
    transfer_amount: Option<Money>,
}

/// Approves a proof and books its money; approved again, it is answered as it is.
#[utoipa::path(
    post, path = "/api/v1/admin/payment/proofs/{id}/approve/", tag = "proofs",
    params(("id" = uuid::Uuid, Path)), request_body = ApproveRequest,
    responses(
        (status = 200, body = VerifyResponse),
        (status = 400, description = "PROOF_DECIDED, PROOF_QUARANTINED, SECOND_PERSON_REQUIRED, \
            INVOICE_INVALID_STATE, NO_OPEN_INVOICE"),
        (status = 404, description = "PROOF_NOT_FOUND, INVOICE_NOT_FOUND")
    )
)]
pub(super) async fn approve(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: Path<ProofId>,
    Json(body): Json<ApproveRequest>,
) -> Result<HttpResponse, Problem> {
    caller.require(Permission::PaymentsWrite)?;
    let key = RequestKey::read(&caller, &request, &body)?;
    let mut errors = FieldErrors::new();
    let amount = body
        .transfer_amount
        .and_then(|amount| input::rupiah(&mut errors, "transfer_amount", amount));
    errors.into_result()?;
    let correction = Correction { invoice_id: body.invoice_id, amount };
    let by = actor(&caller.0);
    let mut told = Vec::new();
    let work = once(&app, key.as_ref(), async |tx| {
        let verified = approve_proof(&app, tx, *id, (correction, &by)).await?;
        let invoice = match verified.proof.invoice_id {
            Some(invoice) => Some(queries::invoice_in(tx, invoice).await?),
            None => None,
        };
        let shaped = invoice.as_ref().map(InvoiceResponse::from);
        let body = json!(VerifyResponse::of(&verified, shaped));
        told = verified.told;
        let customer_id = invoice.map(|invoice| invoice.order.customer_id);
        Ok(Answer { status: StatusCode::OK, body, customer_id })
    });
    let outcome = on_behalf_of(&caller.0, work).await?;
    Ok(express::answer_once(&outcome, &told))
}

/// Why a proof is refused.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = ProofRejection)]
pub(super) struct RejectRequest {
    /// At most 500 characters.
    reason: String,
}

/// Refuses a proof; refused again, it is answered as it is.
#[utoipa::path(
    post, path = "/api/v1/admin/payment/proofs/{id}/reject/", tag = "proofs",
    params(("id" = uuid::Uuid, Path)), request_body = RejectRequest,
    responses(
        (status = 200, body = ProofResponse),
        (status = 400, description = "PROOF_DECIDED"),
        (status = 404, description = "PROOF_NOT_FOUND")
    )
)]
pub(super) async fn reject(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: Path<ProofId>,
    Json(body): Json<RejectRequest>,
) -> Result<HttpResponse, Problem> {
    caller.require(Permission::PaymentsWrite)?;
    let key = RequestKey::read(&caller, &request, &body)?;
    let mut errors = FieldErrors::new();
    let reason = input::needed(&mut errors, "reason", &body.reason, 500);
    errors.into_result()?;
    let by = actor(&caller.0);
    let work = once(&app, key.as_ref(), async |tx| {
        let proof = reject_proof(&app, tx, *id, (&reason, &by)).await?;
        let body = json!(ProofResponse::from(&proof));
        Ok(Answer { status: StatusCode::OK, body, customer_id: None })
    });
    Ok(on_behalf_of(&caller.0, work).await?.respond())
}

/// A customer's proof, as the gateway brings it.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct ShowRequest {
    #[serde(default)]
    invoice_code: Option<String>,
    #[serde(default)]
    transfer_amount: Option<Money>,
    #[serde(default)]
    transfer_date: Option<DateTime<Utc>>,
    #[serde(default)]
    bank_name: String,
    #[serde(default)]
    account_name: String,
    #[serde(default)]
    reference: String,
    #[serde(default)]
    notes: String,
    file: FileRequest,
}

/// `POST /internal/v1/orders/{id}/payment-proofs`: for `POST /track/{token}/payment-proof/`.
pub(super) async fn show(
    app: web::Data<App>,
    SystemCaller(gateway): SystemCaller,
    request: HttpRequest,
    id: Path<OrderId>,
    Json(body): Json<ShowRequest>,
) -> Result<HttpResponse, Problem> {
    // The order in the path keeps the keys of different customers apart.
    let key = RequestKey::read(&Caller(gateway), &request, &verify::asked(&body, "file"))?;
    let mut errors = FieldErrors::new();
    let amount = body
        .transfer_amount
        .and_then(|amount| input::rupiah(&mut errors, "transfer_amount", amount));
    if body.transfer_date.is_some_and(|at| at > app.clock.now() + chrono::Duration::days(1)) {
        errors.push("transfer_date", "Tidak boleh di masa depan.");
    }
    let says = Statement {
        amount,
        transferred_at: body.transfer_date,
        bank_name: input::text(&mut errors, "bank_name", &body.bank_name, 100),
        account_name: input::text(&mut errors, "account_name", &body.account_name, 255),
        reference: input::text(&mut errors, "reference", &body.reference, 255),
        notes: input::text(&mut errors, "notes", &body.notes, 1_000),
    };
    errors.into_result()?;
    let file = body.file.read()?;
    let invoice_code = body.invoice_code.filter(|code| !code.is_empty());
    let shown = Shown { order_id: *id, invoice_code, says, file };
    let work = once(&app, key.as_ref(), async |tx| {
        let proof = show_proof(&app, tx, shown).await?;
        let body = json!({
            "success": true,
            "id": proof.id,
            "status": "pending",
            "message": "Bukti transfer diterima dan akan diperiksa.",
            "created_at": proof.created_at,
        });
        Ok(Answer { status: StatusCode::CREATED, body, customer_id: None })
    });
    Ok(Box::pin(work).await?.respond())
}
