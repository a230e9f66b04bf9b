//! What calls to all providers share: one client with deadlines, the trace handed on, and reading
//! of answers.

use std::time::Duration;

use konveksi_telemetry::TraceContext;
use reqwest::{Client, RequestBuilder};

use super::ProviderError;

/// How long connecting may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// How long a whole call may take; well below the lease on a link (30 s), which covers two calls.
const TOTAL_TIMEOUT: Duration = Duration::from_secs(10);

/// A client that gives up in time and follows nobody elsewhere.
///
/// # Errors
/// [`ProviderError::Unreachable`] when it cannot be set up.
pub(super) fn client() -> Result<Client, ProviderError> {
    Client::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(TOTAL_TIMEOUT)
        .redirect(reqwest::redirect::Policy::none())
        .user_agent("konveksi-payment/2")
        .build()
        .map_err(ProviderError::Unreachable)
}

/// The request with the present trace.
pub(super) fn traced(request: RequestBuilder) -> RequestBuilder {
    TraceContext::current()
        .headers()
        .fold(request, |request, (name, value)| request.header(name, value))
}

/// Whether an id is plain: ids come from callbacks too and become part of a path.
pub(super) fn is_plain_id(id: &str) -> bool {
    (1..=128).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_could_leave_their_path_are_unknown() {
        assert!(is_plain_id("64f1c0ffee"));
        for id in ["", "../v2/balance", "a/b", "a?b", "a%2fb"] {
            assert!(!is_plain_id(id), "{id}");
        }
    }
}
