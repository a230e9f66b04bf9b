//! Who calls, as a handler sees it, and the check that nobody reaches a handler unsigned.

use std::future::{Ready, ready};

use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::Next;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, ResponseError as _, web};
use konveksi_identity::{HEADER, Identity, IdentityVerifier, Kind, Permission};

use crate::Problem;

/// Anybody the gateway has signed for, anonymous callers included.
#[derive(Debug, Clone)]
pub struct Caller(pub Identity);

impl Caller {
    /// Insists on a permission, beside the gateway's own check.
    ///
    /// # Errors
    /// 401 for anonymous callers, 403 for a role without it.
    pub fn require(&self, permission: Permission) -> Result<(), Problem> {
        match (self.0.kind, self.0.may(permission)) {
            (_, true) => Ok(()),
            (Kind::Anonymous, false) => Err(Problem::of_status(StatusCode::UNAUTHORIZED)),
            (Kind::Staff | Kind::ApiKey | Kind::System, false) => {
                Err(Problem::of_status(StatusCode::FORBIDDEN))
            }
        }
    }
}

/// A staff member or the system.
#[derive(Debug, Clone)]
pub struct Staff(pub Identity);

/// The gateway itself, composing an answer.
#[derive(Debug, Clone)]
pub struct SystemCaller(pub Identity);

fn identity(request: &HttpRequest) -> Result<Identity, Problem> {
    request
        .extensions()
        .get::<Identity>()
        .cloned()
        .ok_or_else(|| Problem::of_status(StatusCode::UNAUTHORIZED))
}

impl FromRequest for Caller {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(identity(request).map(Caller))
    }
}

impl FromRequest for Staff {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(identity(request).and_then(|identity| {
            if identity.is_staff() {
                Ok(Staff(identity))
            } else {
                Err(Problem::of_status(StatusCode::FORBIDDEN))
            }
        }))
    }
}

impl FromRequest for SystemCaller {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(identity(request).and_then(|identity| match identity.kind {
            Kind::System => Ok(SystemCaller(identity)),
            Kind::Anonymous | Kind::Staff | Kind::ApiKey => {
                Err(Problem::of_status(StatusCode::FORBIDDEN))
            }
        }))
    }
}

/// Paths that are reached without a signed statement: probes, and the clock of test builds.
fn is_exempt(path: &str) -> bool {
    path.starts_with("/internal/health/") || path == "/internal/v1/clock"
}

/// Refuses every call whose statement is missing or not ours.
pub(crate) async fn verify<B: MessageBody>(
    verifier: web::Data<IdentityVerifier>,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, BoxBody>>, actix_web::Error> {
    if is_exempt(request.path()) {
        return Ok(next.call(request).await?.map_into_left_body());
    }
    let header = request.headers().get(HEADER).and_then(|value| value.to_str().ok());
    match verifier.verify(header.unwrap_or_default()) {
        Ok(identity) => {
            request.extensions_mut().insert(identity);
            Ok(next.call(request).await?.map_into_left_body())
        }
        Err(error) => {
            tracing::warn!(error = %crate::error_chain(&error), "a call without a valid identity");
            let answer = Problem::of_status(StatusCode::UNAUTHORIZED).error_response();
            Ok(request.into_response(answer).map_into_right_body())
        }
    }
}
