//! The cookies of a login (`contract.md` section 2): names and paths are what the public client
//! and its predecessors know.

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite, time};

/// Authenticates data calls; its value is a secret.
pub(crate) const SESSION: &str = "sessionid";
/// Read by scripts and repeated in `X-CSRFToken`.
pub(crate) const CSRF: &str = "csrftoken";
/// Buys the next access token.
pub(crate) const REFRESH: &str = "refresh_token";
/// Remembers that this browser has logged in before.
pub(crate) const DEVICE: &str = "device_mark";

/// Where refresh token and device mark are sent.
const AUTH_PATH: &str = "/api/v1/auth/";
const DEVICE_DAYS: i64 = 180;

/// Makes cookies for one deployment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CookieJar {
    /// Whether the public reaches us over TLS.
    pub(crate) secure: bool,
    /// How long a login lasts, in seconds.
    pub(crate) lifetime_seconds: i64,
}

impl CookieJar {
    pub(crate) fn session(self, token: String) -> Cookie<'static> {
        self.made(SESSION, token, "/", true)
    }

    pub(crate) fn csrf(self, token: String) -> Cookie<'static> {
        self.made(CSRF, token, "/", false)
    }

    pub(crate) fn refresh(self, token: String) -> Cookie<'static> {
        self.made(REFRESH, token, AUTH_PATH, true)
    }

    pub(crate) fn device(self, mark: String) -> Cookie<'static> {
        let mut cookie = self.made(DEVICE, mark, AUTH_PATH, true);
        cookie.set_max_age(time::Duration::days(DEVICE_DAYS));
        cookie
    }

    /// Cookies that remove a login from the browser; the device mark stays.
    pub(crate) fn removals(self) -> [Cookie<'static>; 3] {
        let gone = |mut cookie: Cookie<'static>| {
            cookie.make_removal();
            cookie
        };
        [
            gone(self.session(String::new())),
            gone(self.csrf(String::new())),
            gone(self.refresh(String::new())),
        ]
    }

    fn made(
        self,
        name: &'static str,
        value: String,
        path: &'static str,
        http_only: bool,
    ) -> Cookie<'static> {
        Cookie::build(name, value)
            .path(path)
            .http_only(http_only)
            .secure(self.secure)
            .same_site(SameSite::Lax)
            .max_age(time::Duration::seconds(self.lifetime_seconds))
            .finish()
    }
}

/// The value of a cookie the client sent; empty counts as absent.
pub(crate) fn sent(request: &HttpRequest, name: &str) -> Option<String> {
    request.cookie(name).map(|cookie| cookie.value().to_owned()).filter(|value| !value.is_empty())
}
