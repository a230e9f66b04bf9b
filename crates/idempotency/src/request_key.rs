//! The `Idempotency-Key` of a request, and what makes another request the same.

use actix_web::HttpRequest;
use konveksi_web::{Caller, Problem};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

/// The longest key, in characters.
const MAX_KEY_CHARS: usize = 255;

/// What makes a request the same as an earlier one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestKey {
    pub(crate) principal: String,
    pub(crate) route: String,
    pub(crate) key: String,
    pub(crate) fingerprint: String,
}

impl RequestKey {
    /// The request's key, apart for each caller and route; `None` when it carries none. `asked` is
    /// what was read of the request, files as their digests.
    ///
    /// # Errors
    /// 400 when the key is empty, too long or not visible ASCII.
    pub fn read<T: Serialize>(
        caller: &Caller,
        request: &HttpRequest,
        asked: &T,
    ) -> Result<Option<RequestKey>, Problem> {
        let Some(header) = request.headers().get("Idempotency-Key") else {
            return Ok(None);
        };
        let key = header.to_str().ok().and_then(plain).ok_or_else(|| {
            let told = format!("Teks ASCII tanpa spasi, 1 sampai {MAX_KEY_CHARS} karakter.");
            Problem::field("Idempotency-Key", told)
        })?;
        let asked = serde_json::to_vec(asked).map_err(|error| Problem::internal(&error))?;
        Ok(Some(RequestKey {
            principal: caller.0.sub.clone(),
            route: format!("{} {}", request.method(), request.path().trim_end_matches('/')),
            key: key.to_owned(),
            fingerprint: hex::encode(Sha256::digest(&asked)),
        }))
    }
}

/// The key without the quotes that the IETF draft puts around it.
fn plain(header: &str) -> Option<&str> {
    let bare = header.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(header);
    let fits = (1..=MAX_KEY_CHARS).contains(&bare.len());
    (fits && bare.bytes().all(|byte| byte.is_ascii_graphic())).then_some(bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_taken_bare_or_quoted() {
        assert_eq!(plain("abc-1"), Some("abc-1"));
        assert_eq!(plain("\"abc-1\""), Some("abc-1"));
    }

    #[test]
    fn a_key_that_is_empty_long_or_not_visible_is_refused() {
        for key in ["", "\"\"", "a b", "kunci\u{e9}", &"x".repeat(256)] {
            assert_eq!(plain(key), None, "{key}");
        }
    }
}
