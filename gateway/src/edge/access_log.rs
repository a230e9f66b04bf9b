//! One line a call. Paths only: query values hold tokens, names and codes, and never reach a log.

use std::time::Instant;

use actix_web::HttpRequest;
use actix_web::http::StatusCode;

use crate::identity::Caller;

/// Writes what became of a call.
pub(crate) fn write(
    request: &HttpRequest,
    route: &str,
    caller: &Caller,
    status: StatusCode,
    started: Instant,
) {
    let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let user_id = caller.staff().map(|staff| staff.session.user.id.0);
    tracing::info!(
        target: "konveksi_gateway::access",
        {
            http.request.method = %request.method(),
            http.route = route,
            http.response.status_code = status.as_u16(),
            user.id = user_id,
            duration_ms,
        },
        "answered"
    );
}
