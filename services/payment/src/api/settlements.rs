//! `/api/v1/admin/payment/settlements/…`: what providers paid out to the bank.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, NaiveDate, Utc};
use konveksi_idempotency::{Answer, RequestKey};
use konveksi_identity::Permission;
use konveksi_kernel::Money;
use konveksi_web::{Caller, FieldErrors, Json, Path, Problem, Query};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::input::{self, actor, on_behalf_of};
use super::list::{self, ListResponse};
use crate::app::App;
use crate::app::requests::once;
use crate::app::settle_provider::{self, Payout};
use crate::domain::{PaymentSource, Settlement};

/// The longest reference.
const REFERENCE_CHARS: usize = 100;

/// A payout.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Settlement)]
pub(super) struct SettlementResponse {
    id: Uuid,
    /// `xendit` or `midtrans`.
    provider: &'static str,
    reference: String,
    /// What reached the bank.
    #[schema(value_type = String, example = "9955000.00")]
    amount: Money,
    /// What the provider kept.
    #[schema(value_type = String, example = "45000.00")]
    fee: Money,
    settled_on: NaiveDate,
    recorded_by: String,
    created_at: DateTime<Utc>,
    /// Who took it back as a mistake.
    reversed_by: Option<String>,
    reversed_at: Option<DateTime<Utc>>,
}

impl From<&Settlement> for SettlementResponse {
    fn from(settlement: &Settlement) -> SettlementResponse {
        let (reversed_by, reversed_at) = settlement.reversed.clone().unzip();
        SettlementResponse {
            id: settlement.id,
            provider: settlement.provider.as_wire(),
            reference: settlement.reference.clone(),
            amount: settlement.amount,
            fee: settlement.fee,
            settled_on: settlement.settled_on,
            recorded_by: settlement.recorded_by.clone(),
            created_at: settlement.created_at,
            reversed_by,
            reversed_at,
        }
    }
}

/// A payout, as it stands on the bank's statement or in the provider's report.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = SettlementCreate)]
pub(super) struct SettlementRequest {
    /// `xendit` or `midtrans`.
    provider: String,
    /// At most 100 characters; recorded once for each provider.
    #[schema(example = "XND-20250630-001")]
    reference: String,
    /// What reached the bank, in whole rupiah.
    #[schema(value_type = String, example = "9955000.00")]
    amount: Money,
    /// What the provider kept, in whole rupiah; nothing when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "45000.00")]
    fee: Option<Money>,
    /// The day it reached the bank, in Jakarta.
    #[schema(example = "2025-06-30")]
    settled_on: String,
}

impl SettlementRequest {
    fn read(&self) -> Result<Payout, Problem> {
        let mut errors = FieldErrors::new();
        let provider = provider(&mut errors, &self.provider);
        let reference = input::needed(&mut errors, "reference", &self.reference, REFERENCE_CHARS);
        let amount = input::rupiah(&mut errors, "amount", self.amount);
        let fee = self.fee.filter(|fee| !fee.is_zero());
        let fee = fee.map_or(Some(Money::ZERO), |fee| input::rupiah(&mut errors, "fee", fee));
        let day = input::day(&mut errors, "settled_on", Some(&self.settled_on));
        if self.settled_on.is_empty() {
            errors.push("settled_on", "Wajib diisi.");
        }
        // Whatever is absent has complained.
        errors.into_result()?;
        match (provider, amount, fee, day) {
            (Some(provider), Some(amount), Some(fee), Some(settled_on)) => {
                Ok(Payout { provider, reference, amount, fee, settled_on })
            }
            _ => Err(Problem::field("settled_on", "Wajib diisi.")),
        }
    }
}

fn provider(errors: &mut FieldErrors, text: &str) -> Option<PaymentSource> {
    let known = PaymentSource::from_wire(text).filter(|source| source.clearing_account().is_some());
    errors.check("provider", known.ok_or("Gunakan xendit atau midtrans."))
}

/// Records a payout: what the provider held is in the bank, less what it kept.
#[utoipa::path(
    post, path = "/api/v1/admin/payment/settlements/", tag = "payments",
    request_body = SettlementRequest, params(("Idempotency-Key" = Option<String>, Header)),
    responses(
        (status = 201, body = SettlementResponse),
        (status = 400, description = "VALIDATION_ERROR, SETTLEMENT_KNOWN, SETTLEMENT_TOO_LARGE with held")
    )
)]
pub(super) async fn record(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    Json(body): Json<SettlementRequest>,
) -> Result<HttpResponse, Problem> {
    caller.require(Permission::PaymentsWrite)?;
    let key = RequestKey::read(&caller, &request, &body)?;
    let payout = body.read()?;
    let by = actor(&caller.0).name;
    let work = once(&app, key.as_ref(), async |tx| {
        let settlement = settle_provider::record(&app, tx, payout.clone(), &by).await?;
        let body = json!(SettlementResponse::from(&settlement));
        Ok(Answer { status: StatusCode::CREATED, body, customer_id: None })
    });
    Ok(on_behalf_of(&caller.0, work).await?.respond())
}

/// Which payouts.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ListQuery {
    /// From 1.
    page: Option<String>,
    /// 20 when absent, 100 at most.
    page_size: Option<String>,
    /// `xendit` or `midtrans`.
    provider: Option<String>,
}

/// Payouts, and what providers hold.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SettlementList)]
pub(super) struct PayoutsResponse {
    #[serde(flatten)]
    list: ListResponse<SettlementResponse>,
    /// What each provider holds for us and has not paid out, by name: below nothing when more went
    /// back to customers than came since the last payout.
    #[schema(value_type = Object, example = json!({ "xendit": "2500000.00", "midtrans": "0.00" }))]
    held: serde_json::Map<String, serde_json::Value>,
}

/// Payouts, the latest first, and what each provider still holds.
#[utoipa::path(
    get, path = "/api/v1/admin/payment/settlements/", tag = "payments", params(ListQuery),
    responses((status = 200, body = PayoutsResponse))
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
    let wanted = query.provider.as_deref().filter(|text| !text.is_empty());
    let wanted = wanted.and_then(|text| provider(&mut errors, text));
    errors.into_result()?;
    let found = settle_provider::payouts(&app, wanted, page).await?;
    let results: Vec<_> = found.page.iter().map(SettlementResponse::from).collect();
    let held = found
        .held
        .iter()
        .map(|(provider, amount)| (provider.as_wire().to_owned(), json!(format!("{amount:.2}"))));
    Ok(HttpResponse::Ok().json(PayoutsResponse {
        list: list::wrap(&request, page, found.count, results)?,
        held: held.collect(),
    }))
}

/// Takes a payout back that was recorded by mistake; its reference is free again.
#[utoipa::path(
    post, path = "/api/v1/admin/payment/settlements/{id}/reverse/", tag = "payments",
    params(("id" = uuid::Uuid, Path)),
    responses(
        (status = 200, body = SettlementResponse),
        (status = 404, description = "SETTLEMENT_NOT_FOUND")
    )
)]
pub(super) async fn reverse(
    app: web::Data<App>,
    caller: Caller,
    id: Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    caller.require(Permission::PaymentsWrite)?;
    let by = actor(&caller.0).name;
    let work = settle_provider::reverse(&app, *id, &by);
    let settlement = on_behalf_of(&caller.0, work).await?;
    Ok(HttpResponse::Ok().json(SettlementResponse::from(&settlement)))
}
