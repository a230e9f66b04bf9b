//! Extractors whose refusals have the contract's envelope and name the field at fault.

use std::future::Future;
use std::ops::Deref;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::web::{self, Bytes};
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use serde::de::DeserializeOwned;

use crate::{FieldErrors, Problem};

/// The largest JSON body, in bytes.
const JSON_LIMIT_BYTES: usize = 256 * 1024;

/// A JSON body read as a `T`; its refusals name the field but never repeat its value.
#[derive(Debug, Clone)]
pub struct Json<T>(pub T);

impl<T> Json<T> {
    /// What was read.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Json<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let content_type = request.content_type().to_ascii_lowercase();
        let bytes = Bytes::from_request(request, payload);
        Box::pin(async move {
            if !content_type.is_empty() && !content_type.contains("json") {
                return Err(Problem::of_status(StatusCode::UNSUPPORTED_MEDIA_TYPE));
            }
            let bytes = bytes.await.map_err(|error| {
                let status = error.as_response_error().status_code();
                Problem::of_status(if status == StatusCode::PAYLOAD_TOO_LARGE {
                    status
                } else {
                    StatusCode::BAD_REQUEST
                })
            })?;
            parse_json(&bytes).map(Json)
        })
    }
}

/// Reads JSON, naming the field at fault.
fn parse_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        if !inner.is_data() {
            return malformed(&inner);
        }
        let (field, message) = describe(&path, &inner.to_string());
        Problem::validation(FieldErrors::new().add(&field, message))
    })?;
    deserializer.end().map_err(|error| malformed(&error))?;
    Ok(value)
}

fn malformed(error: &serde_json::Error) -> Problem {
    Problem::bad_request(
        "MALFORMED_JSON",
        "Data yang dikirim bukan JSON yang benar.",
        format!("malformed JSON at line {} column {}", error.line(), error.column()),
    )
}

/// Turns serde's words into a field and an Indonesian message, leaving out the value itself.
fn describe(path: &str, message: &str) -> (String, &'static str) {
    let missing = message.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
    match (missing, path) {
        (Some(name), "." | "") => (name.to_owned(), "Wajib diisi."),
        (Some(name), parent) => (format!("{parent}.{name}"), "Wajib diisi."),
        (None, "." | "") => ("body".to_owned(), "Isi permintaan harus berupa objek JSON."),
        (None, path) => (path.to_owned(), "Nilai atau jenis data tidak valid."),
    }
}

/// Query values read as a `T`.
#[derive(Debug, Clone)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        std::future::ready(
            web::Query::<T>::from_query(request.query_string())
                .map(|query| Query(query.into_inner()))
                .map_err(|error| {
                    Problem::bad_request(
                        "INVALID_QUERY",
                        "Parameter pencarian tidak valid.",
                        format!("invalid query string: {error}"),
                    )
                }),
        )
    }
}

/// A path's values read as a `T`; a path that does not fit is an unknown thing (404), not a bad call.
#[derive(Debug, Clone)]
pub struct Path<T>(pub T);

impl<T> Deref for Path<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Path<T> {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let read = web::Path::<T>::from_request(request, payload).into_inner();
        std::future::ready(match read {
            Ok(path) => Ok(Path(path.into_inner())),
            Err(_unfit) => Err(Problem::of_status(StatusCode::NOT_FOUND)),
        })
    }
}

/// The limits every server sets.
pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.app_data(web::PayloadConfig::new(JSON_LIMIT_BYTES));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[expect(dead_code, reason = "only read by serde")]
    struct Sample {
        quantity: u32,
        lines: Vec<Line>,
    }

    #[derive(Debug, serde::Deserialize)]
    #[expect(dead_code, reason = "only read by serde")]
    struct Line {
        size: String,
    }

    fn refused(json: &str) -> serde_json::Value {
        parse_json::<Sample>(json.as_bytes()).unwrap_err().to_json()
    }

    #[test]
    fn a_wrong_type_names_its_field_and_hides_its_value() {
        let body = refused(r#"{"quantity":"hunter2","lines":[]}"#);
        assert!(body["details"]["quantity"].is_array());
        assert!(!body.to_string().contains("hunter2"));
    }

    #[test]
    fn a_missing_field_is_named_with_its_path() {
        assert!(refused("{}")["details"]["quantity"].is_array());
        let nested = refused(r#"{"quantity":1,"lines":[{}]}"#);
        assert!(nested["details"]["lines[0].size"].is_array(), "{nested}");
    }

    #[test]
    fn text_that_is_no_json_is_called_malformed() {
        for json in ["", "{", "{} {}", "\u{feff}{}"] {
            let body = refused(json);
            let code = body["error_code"].as_str().unwrap();
            assert!(code == "MALFORMED_JSON" || code == "VALIDATION_ERROR", "{json}");
        }
        assert_eq!(refused("{")["error_code"], "MALFORMED_JSON");
    }

    #[test]
    fn an_array_instead_of_an_object_is_refused() {
        assert!(parse_json::<Sample>(b"[1]").is_err());
    }
}
