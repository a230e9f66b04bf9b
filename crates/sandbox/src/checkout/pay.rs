//! `POST /checkout/{id}/pay`: the customer's press of "Bayar", from a browser, curl or a test.

use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT, LOCATION};
use actix_web::web::{Bytes, Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use crate::invoice::{Invoice, InvoiceError, Payment};
use crate::provider_call::{body_as_json, own_switches, refuse_switches};
use crate::world::World;

/// Pays. A browser is sent to the merchant's page, any other caller gets JSON.
pub(crate) async fn pay(
    world: Data<World>,
    request: HttpRequest,
    id: Path<String>,
    body: Bytes,
) -> HttpResponse {
    let how = own_switches(&request).and_then(|own| world.callbacks_with(own.as_ref()));
    let how = match how {
        Ok(how) => how,
        Err(error) => return refuse_switches(&error),
    };
    let fields = body_as_json(&body);
    let payment = match read(&fields) {
        Ok(payment) => payment,
        Err(message) => return refusal("BAD_REQUEST", message),
    };
    let outcome = world.pay(&id, payment, &how);
    if is_browser(&request) { redirect(&id, &outcome) } else { as_json(outcome) }
}

/// `method`, `amount`, `fee` (what the provider adds) and `late`, each of which may be absent.
fn read(fields: &Value) -> Result<Payment<'_>, &'static str> {
    let whole = |name: &str, wrong: &'static str| match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.is_empty() => Ok(None),
        Some(Value::String(text)) => text.parse().map(Some).map_err(|_not_a_number| wrong),
        Some(value) => value.as_u64().map(Some).ok_or(wrong),
    };
    let amount = whole("amount", "amount must be whole rupiah")?;
    let fee = whole("fee", "fee must be whole rupiah")?.unwrap_or(0);
    let late = match fields.get("late") {
        Some(Value::Bool(late)) => *late,
        Some(Value::String(text)) => text == "true",
        Some(Value::Null | Value::Number(_) | Value::Array(_) | Value::Object(_)) | None => false,
    };
    Ok(Payment { method: fields.get("method").and_then(Value::as_str), amount, fee, late })
}

fn is_browser(request: &HttpRequest) -> bool {
    let accept = request.headers().get(ACCEPT).and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}

fn redirect(id: &str, outcome: &Result<Invoice, InvoiceError>) -> HttpResponse {
    let target = outcome.as_ref().ok().and_then(|invoice| invoice.success_redirect_url.clone());
    // The checkout page itself says why a payment was refused: it shows the invoice's state.
    let target = target.unwrap_or_else(|| format!("/checkout/{id}"));
    HttpResponse::SeeOther().insert_header((LOCATION, target)).finish()
}

fn as_json(outcome: Result<Invoice, InvoiceError>) -> HttpResponse {
    let error = match outcome {
        Ok(invoice) => return HttpResponse::Ok().json(invoice),
        Err(error) => error,
    };
    let message = error.to_string();
    match error {
        InvoiceError::NotFound => answer(StatusCode::NOT_FOUND, "INVOICE_NOT_FOUND", &message),
        InvoiceError::AlreadyPaid => refusal("INVOICE_ALREADY_PAID", &message),
        InvoiceError::Expired => refusal("INVOICE_EXPIRED", &message),
        InvoiceError::MethodUnavailable => refusal("PAYMENT_METHOD_UNAVAILABLE", &message),
        InvoiceError::NotPending | InvoiceError::NotPaid => refusal("INVOICE_STATE", &message),
    }
}

fn refusal(code: &str, message: &str) -> HttpResponse {
    answer(StatusCode::BAD_REQUEST, code, message)
}

fn answer(status: StatusCode, code: &str, message: &str) -> HttpResponse {
    HttpResponse::build(status).json(json!({ "error_code": code, "message": message }))
}
