//! A service's answer, read whole.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use bytes::Bytes;
use konveksi_web::{EXPRESS_HEADER, Problem};
use reqwest::header::HeaderMap;
use serde_json::Value;

use super::headers;
use super::service::Service;
use crate::error::{Stop, service_away};

/// Status, headers and body.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) service: Service,
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    /// Whether the service did what it was asked.
    pub(crate) const fn is_success(&self) -> bool {
        self.status >= 200 && self.status < 300
    }

    /// The body of a successful answer; any other ends the composition with the service's own
    /// words, so that the client reads why.
    pub(crate) fn success(self) -> Result<Value, Stop> {
        if !self.is_success() {
            return Err(Stop::Relay(Box::new(self)));
        }
        serde_json::from_slice(&self.body).map_err(|error| {
            tracing::error!(service = self.service.name(), %error, "the answer is no JSON");
            Problem::of_status(StatusCode::INTERNAL_SERVER_ERROR).into()
        })
    }

    /// The events the service has just committed, packed for another service.
    pub(crate) fn express(&self) -> Option<String> {
        let packed = self.headers.get(EXPRESS_HEADER)?.to_str().ok()?;
        (!packed.is_empty()).then(|| packed.to_owned())
    }

    /// The same answer, to the client. That a service does not believe us is our own fault and
    /// must not look to the client like its own login having ended.
    pub(crate) fn into_response(self) -> HttpResponse {
        let status = StatusCode::from_u16(self.status);
        let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        if status == StatusCode::UNAUTHORIZED {
            tracing::error!(service = self.service.name(), "the service did not believe us");
            return Stop::from(service_away(self.service.name())).into_response();
        }
        let mut answer = HttpResponse::build(status);
        headers::outward(&self.headers, &mut answer);
        answer.body(self.body)
    }
}
