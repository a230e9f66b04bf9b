//! `POST /api/v1/webhook/mutation/`: lines of the bank's own list, from a mutation service; and the
//! unique amounts by which they pay invoices.

use actix_web::http::StatusCode;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, Utc};
use konveksi_idempotency::{Answer, RequestKey};
use konveksi_identity::Permission;
use konveksi_kernel::{InvoiceId, Money};
use konveksi_web::{Caller, Json, Path, Problem};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::input::on_behalf_of;
use crate::app::App;
use crate::app::accept_mutations::accept_mutations;
use crate::app::hold_unique_amount::hold_unique_amount;
use crate::app::requests::once;

/// Where mutation services send our shared secret.
const TOKEN_HEADER: &str = "x-mutation-token";

/// Takes lines of the bank's list. Lines that are known already change nothing.
#[utoipa::path(
    post, path = "/api/v1/webhook/mutation/", tag = "webhooks",
    params(("X-MUTATION-TOKEN" = String, Header)),
    request_body(
        content = serde_json::Value,
        description = "a list of {mutation_id, account_number, amount, type CR|DB, description, date}, \
            bare or under `mutations` or `data`; at most 500"
    ),
    responses(
        (status = 200, description = "{status: \"success\", received, new}"),
        (status = 400, description = "UNREADABLE_CALLBACK"),
        (status = 401, description = "INVALID_CALLBACK_TOKEN: nothing was stored")
    )
)]
pub(super) async fn mutation(
    app: web::Data<App>,
    _caller: Caller,
    request: HttpRequest,
    body: Bytes,
) -> Result<HttpResponse, Problem> {
    let token = request.headers().get(TOKEN_HEADER).and_then(|value| value.to_str().ok());
    let accepted = accept_mutations(&app, token.unwrap_or_default(), &body).await?;
    Ok(HttpResponse::Ok().json(json!({
        "status": "success",
        "message": "Mutasi diterima.",
        "received": accepted.lines,
        "new": accepted.new,
    })))
}

/// To which account.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[schema(as = UniqueAmountCreate)]
pub(super) struct UniqueRequest {
    /// The number of one of our bank accounts; the first one when absent.
    bank_account: Option<String>,
}

/// An amount that only this invoice waits for.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UniqueAmount)]
struct UniqueResponse {
    #[schema(value_type = uuid::Uuid)]
    invoice_id: InvoiceId,
    bank_name: String,
    bank_account: String,
    account_holder: String,
    /// What makes it unique: 1 to 999 rupiah.
    unique_code: i32,
    /// What is to be transferred, to the rupiah.
    #[schema(value_type = String, example = "4500123.00")]
    amount: Money,
    valid_until: DateTime<Utc>,
}

/// Gives an invoice a unique amount, or answers the one it holds: a transfer of exactly that is
/// recognised by itself.
#[utoipa::path(
    post, path = "/api/v1/admin/invoice/{id}/unique-amount/", tag = "invoices",
    params(("id" = uuid::Uuid, Path)), request_body = UniqueRequest,
    responses(
        (status = 200, body = UniqueResponse),
        (status = 400, description = "INVOICE_INVALID_STATE, NO_FREE_AMOUNT, VALIDATION_ERROR"),
        (status = 404, description = "INVOICE_NOT_FOUND")
    )
)]
pub(super) async fn unique_amount(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: Path<InvoiceId>,
    Json(body): Json<UniqueRequest>,
) -> Result<HttpResponse, Problem> {
    caller.require(Permission::PaymentsWrite)?;
    let key = RequestKey::read(&caller, &request, &body)?;
    let account = body.bank_account.as_deref().filter(|number| !number.is_empty());
    let work = once(&app, key.as_ref(), async |tx| {
        let (held, account) = hold_unique_amount(&app, tx, *id, account).await?;
        let body = json!(UniqueResponse {
            invoice_id: held.invoice_id,
            bank_name: account.bank,
            bank_account: account.number,
            account_holder: account.holder,
            unique_code: held.suffix,
            amount: held.amount,
            valid_until: held.valid_until,
        });
        Ok(Answer { status: StatusCode::OK, body, customer_id: None })
    });
    Ok(on_behalf_of(&caller.0, work).await?.respond())
}
