//! What a caller is told about the limits: the document's four headers and the IETF draft's two.

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};

use super::policy::Policy;
use super::window::Standing;

/// The tightest of the counts a call went on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Told {
    name: &'static str,
    limit: u32,
    remaining: u32,
    reset_at: i64,
    window_seconds: i64,
    /// Seconds until the next call comes free.
    pub(crate) wait_seconds: i64,
}

impl Told {
    /// Picks what is told: the count that refused, else the one with the least left.
    pub(super) fn of(policies: &[Policy], standings: &[Standing], now: i64) -> Option<Told> {
        let (policy, standing) = policies
            .iter()
            .zip(standings)
            .min_by_key(|(_, standing)| (standing.admits, standing.remaining))?;
        Some(Told {
            name: policy.name,
            limit: policy.limit,
            remaining: standing.remaining,
            reset_at: standing.reset_at,
            window_seconds: policy.window_seconds(),
            wait_seconds: (standing.reset_at - now).max(1),
        })
    }

    /// Writes the headers.
    pub(crate) fn write(&self, headers: &mut HeaderMap) {
        let mut put = |name: &'static str, value: String| {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        };
        let Told { name, limit, remaining, window_seconds, wait_seconds, .. } = self;
        put("x-ratelimit-limit", limit.to_string());
        put("x-ratelimit-remaining", remaining.to_string());
        put("x-ratelimit-reset", self.reset_at.to_string());
        put("x-ratelimit-window", window_seconds.to_string());
        put("ratelimit-policy", format!("\"{name}\";q={limit};w={window_seconds}"));
        put("ratelimit", format!("\"{name}\";r={remaining};t={wait_seconds}"));
    }
}
