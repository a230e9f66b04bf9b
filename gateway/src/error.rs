//! How the edge refuses: our own problems, or a service's answer handed on as it is.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError as _};
use konveksi_db::DbError;
use konveksi_web::Problem;

use crate::forward::Answer;

/// Ends a handler early. Boxed, because refusals are large and rare.
pub(crate) enum Stop {
    /// An answer of the edge itself.
    Problem(Box<Problem>),
    /// A service refused; its answer says why.
    Relay(Box<Answer>),
}

impl Stop {
    /// The answer to the client.
    pub(crate) fn into_response(self) -> HttpResponse {
        match self {
            Stop::Problem(problem) => problem.error_response(),
            Stop::Relay(answer) => answer.into_response(),
        }
    }
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Stop {
        Stop::Problem(Box::new(problem))
    }
}

impl From<DbError> for Stop {
    fn from(error: DbError) -> Stop {
        let problem = if error.is_transient() {
            Problem::unavailable(&error)
        } else {
            Problem::internal(&error)
        };
        problem.into()
    }
}

/// 401: no credentials, or none that hold.
pub(crate) fn unauthenticated(detail: &str) -> Problem {
    Problem::new(
        StatusCode::UNAUTHORIZED,
        "UNAUTHENTICATED",
        "Anda harus masuk terlebih dahulu.",
        detail,
    )
}

/// 403: known, but not allowed.
pub(crate) fn forbidden() -> Problem {
    Problem::of_status(StatusCode::FORBIDDEN)
}

/// 403: a cookie came without proof that our own page sent it.
pub(crate) fn csrf_failed(detail: &str) -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "CSRF_FAILED",
        "Permintaan ditolak: token CSRF tidak ada atau tidak cocok. Muat ulang halaman.",
        detail,
    )
}

/// 429 with the seconds until a retry makes sense.
pub(crate) fn too_many(retry_after_seconds: u64) -> Problem {
    let seconds = retry_after_seconds.max(1);
    Problem::new(
        StatusCode::TOO_MANY_REQUESTS,
        "RATE_LIMITED",
        format!("Terlalu banyak permintaan. Silakan coba lagi dalam {seconds} detik."),
        format!("Batas permintaan terlampaui. Coba lagi dalam {seconds} detik."),
    )
    .with_retry_after(seconds)
}

/// 503: a service did not answer.
pub(crate) fn service_away(service: &str) -> Problem {
    Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "SERVICE_UNAVAILABLE",
        "Layanan sedang tidak tersedia. Silakan coba lagi sebentar lagi.",
        format!("the {service} service is not available"),
    )
    .with_retry_after(1)
}

/// 503: the edge itself has more to do than it can.
pub(crate) fn busy() -> Problem {
    Problem::of_status(StatusCode::SERVICE_UNAVAILABLE).with_retry_after(1)
}
