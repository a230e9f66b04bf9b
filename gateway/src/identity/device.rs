//! The mark a browser keeps after its first login, so that an account under attack stays open to
//! its owner (`reliability.md` E4).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::keys::{Purpose, ServerKeys};

/// The mark of a browser on which `username` has logged in.
pub(crate) fn mark(keys: &ServerKeys, username: &str) -> String {
    URL_SAFE_NO_PAD.encode(keys.sum(Purpose::Device, username.as_bytes()))
}

/// Whether `username` has logged in on the browser that shows `mark`.
pub(crate) fn knows(keys: &ServerKeys, username: &str, mark: Option<&str>) -> bool {
    mark.and_then(|mark| URL_SAFE_NO_PAD.decode(mark).ok())
        .is_some_and(|sum| keys.matches(Purpose::Device, username.as_bytes(), &sum))
}
