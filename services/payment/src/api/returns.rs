//! Where browsers come back from the provider (contract rows 51, 52). What is said here is only
//! what the browser says: nothing changes, only callbacks pay invoices.

use actix_web::http::header::{CACHE_CONTROL, LOCATION};
use actix_web::{HttpResponse, web};
use konveksi_web::{Caller, Problem, Query};
use serde::Deserialize;
use serde_json::json;
use url::Url;
use utoipa::IntoParams;

/// The front end's URL, without a slash at its end; absent answers JSON.
#[derive(Debug, Clone)]
pub(crate) struct FrontEnd(pub(crate) Option<String>);

/// What the browser brings back.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ReturnQuery {
    /// The order's code.
    order: Option<String>,
    /// The invoice's code.
    invoice: Option<String>,
    /// Why it failed.
    reason: Option<String>,
}

/// Why a payment failed when the provider does not say.
const NO_REASON: &str = "payment_failed";
/// More of a value is not passed on.
const LONGEST_VALUE: usize = 100;

impl ReturnQuery {
    /// The values as they are passed on: in order, short, without control characters.
    fn pairs(&self, failed: bool) -> Vec<(&'static str, String)> {
        let reason = failed.then(|| self.reason.clone().unwrap_or_else(|| NO_REASON.to_owned()));
        [("order", self.order.clone()), ("invoice", self.invoice.clone()), ("reason", reason)]
            .into_iter()
            .filter_map(|(key, value)| Some((key, passed_on(&value?))))
            .collect()
    }
}

/// A value as it is passed on.
fn passed_on(value: &str) -> String {
    value.chars().filter(|one| !one.is_control()).take(LONGEST_VALUE).collect()
}

/// Back from the provider after paying.
#[utoipa::path(
    get, path = "/api/v1/payment/success/", tag = "payments", params(ReturnQuery),
    responses((status = 302, description = "to the front end"), (status = 200))
)]
pub(super) async fn success(
    front_end: web::Data<FrontEnd>,
    _caller: Caller,
    Query(query): Query<ReturnQuery>,
) -> Result<HttpResponse, Problem> {
    let message = "Terima kasih. Pembayaran Anda sedang dikonfirmasi.";
    Ok(answer(&front_end, ("payment-success", "success"), message, &query.pairs(false)))
}

/// Back from the provider without paying.
#[utoipa::path(
    get, path = "/api/v1/payment/failed/", tag = "payments", params(ReturnQuery),
    responses((status = 302, description = "to the front end"), (status = 200))
)]
pub(super) async fn failed(
    front_end: web::Data<FrontEnd>,
    _caller: Caller,
    Query(query): Query<ReturnQuery>,
) -> Result<HttpResponse, Problem> {
    let message = "Pembayaran belum berhasil. Silakan coba lagi dari link yang sama.";
    Ok(answer(&front_end, ("payment-failed", "failed"), message, &query.pairs(true)))
}

fn answer(
    front_end: &FrontEnd,
    (page, status): (&str, &str),
    message: &str,
    pairs: &[(&'static str, String)],
) -> HttpResponse {
    let target = front_end.0.as_ref().and_then(|base| Url::parse(&format!("{base}/{page}")).ok());
    if let Some(mut target) = target {
        target.query_pairs_mut().extend_pairs(pairs);
        return HttpResponse::Found()
            .insert_header((LOCATION, target.to_string()))
            .insert_header((CACHE_CONTROL, "no-store"))
            .finish();
    }
    let mut body = json!({ "status": status, "message": message });
    if let Some(body) = body.as_object_mut() {
        body.extend(pairs.iter().map(|(key, value)| ((*key).to_owned(), json!(value))));
    }
    HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(reason: Option<&str>) -> ReturnQuery {
        ReturnQuery {
            order: Some("ORD-20250630-A1B".to_owned()),
            invoice: Some("INV-1&x=y\r\nSet-Cookie: a".to_owned()),
            reason: reason.map(str::to_owned),
        }
    }

    #[test]
    fn with_a_front_end_the_browser_is_sent_there() {
        let front_end = FrontEnd(Some("https://shop.example".to_owned()));
        let answer = answer(&front_end, ("payment-failed", "failed"), "", &query(None).pairs(true));
        assert_eq!(answer.status(), 302);
        let location = answer.headers().get(LOCATION).unwrap().to_str().unwrap();
        assert_eq!(
            location,
            "https://shop.example/payment-failed?order=ORD-20250630-A1B\
             &invoice=INV-1%26x%3DySet-Cookie%3A+a&reason=payment_failed"
        );
    }

    #[test]
    fn a_success_has_no_reason() {
        assert_eq!(query(Some("x")).pairs(false).len(), 2);
    }
}
