//! The one error body (`contract.md` section 1): an Indonesian sentence for people, English detail
//! for developers, a stable code for programs.

use std::error::Error;
use std::fmt;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use chrono::SecondsFormat;
use konveksi_kernel::{Clock as _, SystemClock};
use serde_json::{Map, Value, json};

use crate::FieldErrors;

/// An error answer. Boxed, so that a `Result` with it stays small.
#[derive(Debug, Clone)]
pub struct Problem(Box<Parts>);

#[derive(Debug, Clone)]
struct Parts {
    status: StatusCode,
    code: &'static str,
    error: String,
    detail: String,
    details: Option<FieldErrors>,
    extra: Map<String, Value>,
    retry_after_seconds: Option<u64>,
}

impl Problem {
    /// An error with its status, its stable code, its Indonesian sentence and its English detail.
    pub fn new(
        status: StatusCode,
        code: &'static str,
        error: impl Into<String>,
        detail: impl Into<String>,
    ) -> Problem {
        Problem(Box::new(Parts {
            status,
            code,
            error: error.into(),
            detail: detail.into(),
            details: None,
            extra: Map::new(),
            retry_after_seconds: None,
        }))
    }

    /// 400 with a message for each wrong field.
    pub fn validation(fields: FieldErrors) -> Problem {
        let detail = format!("invalid fields: {}", fields.names().collect::<Vec<_>>().join(", "));
        let mut problem = Problem::bad_request(
            "VALIDATION_ERROR",
            "Data yang dikirim tidak valid. Periksa kembali isian Anda.",
            detail,
        );
        problem.0.details = Some(fields);
        problem
    }

    /// 400 for one wrong field.
    pub fn field(name: &str, message: impl Into<String>) -> Problem {
        Problem::validation(FieldErrors::new().add(name, message))
    }

    /// 400 with a code of its own, such as a refused state change.
    pub fn bad_request(
        code: &'static str,
        error: impl Into<String>,
        detail: impl Into<String>,
    ) -> Problem {
        Problem::new(StatusCode::BAD_REQUEST, code, error, detail)
    }

    /// 404 for a thing that does not exist.
    pub fn not_found(
        code: &'static str,
        error: impl Into<String>,
        detail: impl Into<String>,
    ) -> Problem {
        Problem::new(StatusCode::NOT_FOUND, code, error, detail)
    }

    /// 500: logs the whole chain here, once, and tells the caller nothing of it.
    pub fn internal(error: &(dyn Error + 'static)) -> Problem {
        tracing::error!(error = %error_chain(error), "request failed");
        Problem::of_status(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// 503: something this answer needs is away; logged, and safe to try again.
    pub fn unavailable(error: &(dyn Error + 'static)) -> Problem {
        tracing::warn!(error = %error_chain(error), "a dependency is away");
        Problem::of_status(StatusCode::SERVICE_UNAVAILABLE).with_retry_after(1)
    }

    /// The plain envelope of a status, for answers that frameworks make without a body.
    pub fn of_status(status: StatusCode) -> Problem {
        let (code, error, detail) = match status {
            StatusCode::UNAUTHORIZED => {
                ("UNAUTHENTICATED", "Anda harus masuk terlebih dahulu.", "authentication required")
            }
            StatusCode::FORBIDDEN => {
                ("FORBIDDEN", "Anda tidak memiliki izin untuk ini.", "permission denied")
            }
            StatusCode::NOT_FOUND => ("NOT_FOUND", "Alamat tidak ditemukan.", "no such resource"),
            StatusCode::METHOD_NOT_ALLOWED => {
                ("METHOD_NOT_ALLOWED", "Metode tidak diizinkan.", "method not allowed")
            }
            StatusCode::PAYLOAD_TOO_LARGE => {
                ("PAYLOAD_TOO_LARGE", "Data yang dikirim terlalu besar.", "request body too large")
            }
            StatusCode::UNSUPPORTED_MEDIA_TYPE => (
                "UNSUPPORTED_MEDIA_TYPE",
                "Jenis data tidak didukung.",
                "content type not supported here",
            ),
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => (
                "HEADERS_TOO_LARGE",
                "Header permintaan terlalu besar.",
                "request headers too large",
            ),
            StatusCode::SERVICE_UNAVAILABLE => (
                "SERVICE_UNAVAILABLE",
                "Layanan sedang tidak tersedia. Silakan coba lagi sebentar lagi.",
                "a needed service is not available",
            ),
            status if status.is_client_error() => {
                ("BAD_REQUEST", "Permintaan tidak dapat diproses.", "the request was refused")
            }
            _ => (
                "INTERNAL",
                "Terjadi kesalahan pada server. Silakan coba lagi.",
                "internal server error",
            ),
        };
        Problem::new(status, code, error, detail)
    }

    /// Adds a key beside `error`, for answers whose contract asks for context.
    #[must_use]
    pub fn with_extra(mut self, key: &str, value: impl Into<Value>) -> Problem {
        self.0.extra.insert(key.to_owned(), value.into());
        self
    }

    /// Says after how many seconds a retry makes sense.
    #[must_use]
    pub fn with_retry_after(mut self, seconds: u64) -> Problem {
        self.0.retry_after_seconds = Some(seconds);
        self
    }

    /// The status this answers with.
    pub const fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The stable code.
    pub const fn code(&self) -> &'static str {
        self.0.code
    }

    /// The body as JSON.
    pub fn to_json(&self) -> Value {
        let mut body = self.0.extra.clone();
        body.insert("error".to_owned(), json!(self.0.error));
        body.insert("detail".to_owned(), json!(self.0.detail));
        body.insert("error_code".to_owned(), json!(self.0.code));
        let now = SystemClock.now().to_rfc3339_opts(SecondsFormat::Millis, true);
        body.insert("timestamp".to_owned(), json!(now));
        if let Some(details) = &self.0.details {
            body.insert("details".to_owned(), json!(details));
        }
        Value::Object(body)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.0.status.as_u16(), self.0.code, self.0.detail)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.0.status
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.0.status);
        if let Some(seconds) = self.0.retry_after_seconds {
            response.insert_header(("Retry-After", seconds.to_string()));
        }
        response.json(self.to_json())
    }
}

/// An error and all that caused it, outermost first.
pub fn error_chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_has_every_key_the_clients_look_for() {
        let body = Problem::field("quantity", "Jumlah harus 1–10000.").to_json();
        assert_eq!(body["details"]["quantity"][0], "Jumlah harus 1–10000.");
        assert_eq!(body["error_code"], "VALIDATION_ERROR");
        for key in ["error", "detail", "timestamp"] {
            assert!(body[key].is_string(), "{key}");
        }
    }

    #[test]
    fn context_keys_stand_beside_the_error_and_cannot_replace_it() {
        let body = Problem::bad_request("X", "Salah.", "wrong")
            .with_extra("invoice_code", "INV-1")
            .with_extra("error", "overwritten")
            .to_json();
        assert_eq!(body["invoice_code"], "INV-1");
        assert_eq!(body["error"], "Salah.");
        assert!(body.get("details").is_none());
    }

    #[test]
    fn an_internal_error_tells_the_caller_nothing() {
        let cause = std::io::Error::other("password=hunter2");
        assert!(!Problem::internal(&cause).to_json().to_string().contains("hunter2"));
    }
}
