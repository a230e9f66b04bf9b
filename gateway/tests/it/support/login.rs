//! What a browser or a program keeps after logging in.

use reqwest::header::SET_COOKIE;
use reqwest::{RequestBuilder, Response};
use serde_json::Value;

/// One login.
#[derive(Debug, Clone)]
pub(crate) struct Login {
    pub(crate) session: String,
    pub(crate) csrf: String,
    pub(crate) refresh: String,
    pub(crate) access: String,
    pub(crate) body: Value,
    /// The raw `Set-Cookie` lines.
    pub(crate) set_cookies: Vec<String>,
}

/// The `Set-Cookie` lines of an answer.
pub(crate) fn set_cookies(answer: &Response) -> Vec<String> {
    let lines = answer.headers().get_all(SET_COOKIE).iter();
    lines.map(|line| line.to_str().unwrap().to_owned()).collect()
}

/// The value a `Set-Cookie` line gives to `name`.
pub(crate) fn cookie_value(lines: &[String], name: &str) -> Option<String> {
    let prefix = format!("{name}=");
    let line = lines.iter().find_map(|line| line.strip_prefix(&prefix))?;
    Some(line.split(';').next().unwrap().to_owned())
}

impl Login {
    pub(crate) async fn read(answer: Response) -> Login {
        let set_cookies = set_cookies(&answer);
        let value = |name: &str| cookie_value(&set_cookies, name).unwrap_or_default();
        let (session, csrf) = (value("sessionid"), value("csrftoken"));
        let refresh = value("refresh_token");
        let body = super::json(answer).await;
        let access = body["access"].as_str().unwrap().to_owned();
        Login { session, csrf, refresh, access, body, set_cookies }
    }

    /// As a program: the access token.
    pub(crate) fn bearer(&self, request: RequestBuilder) -> RequestBuilder {
        request.bearer_auth(&self.access)
    }

    /// As a browser that shows its cookies and nothing else.
    pub(crate) fn cookies(&self, request: RequestBuilder) -> RequestBuilder {
        let cookies = format!("sessionid={}; csrftoken={}", self.session, self.csrf);
        request.header("cookie", cookies)
    }

    /// As our own page in a browser: cookies and proof.
    pub(crate) fn page(&self, request: RequestBuilder) -> RequestBuilder {
        self.cookies(request).header("x-csrftoken", &self.csrf)
    }

    /// With the refresh cookie alone.
    pub(crate) fn refreshing(&self, request: RequestBuilder) -> RequestBuilder {
        request.header("cookie", format!("refresh_token={}", self.refresh))
    }
}
