//! The provider's error bodies: `{error_code, message}`, with `errors` for failed validation.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde_json::{Value, json};

use crate::invoice::InvoiceError;

/// One field that failed validation.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct FieldError {
    /// The field.
    pub(crate) path: &'static str,
    /// What is wrong with it.
    pub(crate) message: String,
}

/// `status` with the provider's code and message.
pub(crate) fn answer(status: StatusCode, code: &str, message: &str) -> HttpResponse {
    HttpResponse::build(status).json(json!({ "error_code": code, "message": message }))
}

/// 400: these fields failed validation.
pub(crate) fn validation(errors: &[FieldError]) -> HttpResponse {
    let errors: Vec<Value> = errors
        .iter()
        .map(|error| json!({ "path": error.path, "message": error.message }))
        .collect();
    HttpResponse::BadRequest().json(json!({
        "error_code": "API_VALIDATION_ERROR",
        "message": "There was an error with the format submitted to the server.",
        "errors": errors,
    }))
}

/// 401: no key, or a wrong one.
pub(crate) fn unauthorized(message: &str) -> HttpResponse {
    answer(StatusCode::UNAUTHORIZED, "INVALID_API_KEY", message)
}

/// 404: no invoice has this id, or none that could move so.
pub(crate) fn not_found(message: &str) -> HttpResponse {
    answer(StatusCode::NOT_FOUND, "INVOICE_NOT_FOUND_ERROR", message)
}

/// The provider is broken.
pub(crate) fn broken(status: StatusCode) -> HttpResponse {
    answer(status, "SERVER_ERROR", "An unexpected error has occurred, please try again")
}

/// What the merchant's API answers to a move that was refused.
pub(crate) fn refused(error: InvoiceError) -> HttpResponse {
    match error {
        InvoiceError::NotFound | InvoiceError::NotPending => not_found(&error.to_string()),
        InvoiceError::AlreadyPaid
        | InvoiceError::Expired
        | InvoiceError::NotPaid
        | InvoiceError::MethodUnavailable => {
            answer(StatusCode::BAD_REQUEST, "INVALID_INVOICE_STATE_ERROR", &error.to_string())
        }
    }
}
