//! What all workers of one gateway share.

use std::sync::Arc;
use std::time::Instant;

use actix_web::HttpRequest;
use actix_web::http::header::HOST;
use chrono::{DateTime, Utc};
use konveksi_db::Pool;
use konveksi_kernel::Clock;

use super::client_ip::Network;
use super::cors::Origins;
use crate::forward::Upstreams;
use crate::health::Health;
use crate::identity::access::AccessTokens;
use crate::identity::cookies::CookieJar;
use crate::identity::keys::ServerKeys;
use crate::identity::password::Passwords;
use crate::identity::sessions::Sessions;
use crate::limit::Limiter;
use crate::live::Hub;

/// The gateway's shared state. No `Debug`: it holds keys.
pub(crate) struct Edge {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) pool: Pool,
    pub(crate) keys: ServerKeys,
    pub(crate) tokens: AccessTokens,
    pub(crate) passwords: Passwords,
    pub(crate) sessions: Sessions,
    pub(crate) cookies: CookieJar,
    pub(crate) origins: Origins,
    pub(crate) limiter: Limiter,
    pub(crate) upstreams: Upstreams,
    pub(crate) health: Health,
    pub(crate) hub: Arc<Hub>,
    pub(crate) trusted_proxies: Vec<Network>,
    pub(crate) allowed_hosts: Vec<String>,
    /// Set when the public name is fixed; else the `Host` that was called is.
    pub(crate) fixed_public_url: Option<String>,
    /// How this machine's own browser reaches us.
    pub(crate) local_url: String,
    pub(crate) started_at: DateTime<Utc>,
    pub(crate) started: Instant,
}

impl Edge {
    /// The URL under which the caller reaches us, without a slash at its end.
    pub(crate) fn public_url(&self, request: &HttpRequest) -> String {
        if let Some(fixed) = &self.fixed_public_url {
            return fixed.clone();
        }
        let host = request.headers().get(HOST).and_then(|host| host.to_str().ok());
        format!("http://{}", host.unwrap_or("localhost"))
    }

    /// The URL to put into links when nobody's call is behind them.
    pub(crate) fn public_url_of_nobody(&self) -> &str {
        self.fixed_public_url.as_deref().unwrap_or(&self.local_url)
    }

    /// Whether the call was addressed to one of our names; a foreign name would end up in links.
    pub(crate) fn knows_host(&self, request: &HttpRequest) -> bool {
        let Some(host) = request.headers().get(HOST).and_then(|host| host.to_str().ok()) else {
            return false;
        };
        let name = without_port(host).to_ascii_lowercase();
        self.allowed_hosts.iter().any(|allowed| {
            allowed == "*"
                || *allowed == name
                || allowed.strip_prefix('.').is_some_and(|domain| {
                    name == domain
                        || name.strip_suffix(domain).is_some_and(|sub| sub.ends_with('.'))
                })
        })
    }
}

/// A host without its port; IPv6 addresses keep their brackets.
fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::without_port;

    #[test]
    fn ports_are_cut_and_addresses_kept() {
        assert_eq!(without_port("localhost:8000"), "localhost");
        assert_eq!(without_port("[::1]:8000"), "[::1]");
        assert_eq!(without_port("[::1]"), "[::1]");
        assert_eq!(without_port("shop.example"), "shop.example");
    }
}
