//! `GET /api/v1/admin/integrity/`: whether the books hold together, and what does not.

use actix_web::{HttpResponse, web};
use chrono::{DateTime, Utc};
use konveksi_identity::Permission;
use konveksi_web::{Caller, Problem};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::app::check_integrity::check_integrity;

/// What was checked.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Integrity)]
struct IntegrityResponse {
    /// `sound` or `broken`.
    status: &'static str,
    checked_at: DateTime<Utc>,
    checks: Vec<CheckResponse>,
}

/// One check.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IntegrityCheck)]
struct CheckResponse {
    #[schema(example = "ledger_sum")]
    name: &'static str,
    /// How many breaches there are.
    breaches: i64,
    /// Twenty of them at most.
    examples: Vec<BreachResponse>,
}

/// Something that cannot be.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IntegrityBreach)]
struct BreachResponse {
    subject: String,
    detail: String,
}

/// Checks the ledger, payments, invoices, plans and sums against each other.
#[utoipa::path(
    get, path = "/api/v1/admin/integrity/", tag = "payments",
    responses((status = 200, body = IntegrityResponse))
)]
pub(super) async fn check(app: web::Data<App>, caller: Caller) -> Result<HttpResponse, Problem> {
    caller.require(Permission::PaymentsWrite)?;
    let found = check_integrity(&app).await?;
    let status = if found.is_sound() { "sound" } else { "broken" };
    let checks = found.checks.into_iter().map(|check| CheckResponse {
        name: check.name,
        breaches: check.breaches,
        examples: check
            .examples
            .into_iter()
            .map(|(subject, detail)| BreachResponse { subject, detail })
            .collect(),
    });
    Ok(HttpResponse::Ok().json(IntegrityResponse {
        status,
        checked_at: found.checked_at,
        checks: checks.collect(),
    }))
}
