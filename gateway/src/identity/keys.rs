//! The server's own secrets: one key for each purpose, all made from `SECRET_KEY`.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// The fewest bytes `SECRET_KEY` may have (256 bit).
const SHORTEST: usize = 32;

/// `SECRET_KEY` is too short or an example from a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("SECRET_KEY needs at least 32 random characters, and not an example from a document")]
pub(crate) struct WeakSecret;

/// What a server key is for; a value made for one purpose is worthless for another.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Purpose {
    /// The `csrftoken` of a session.
    Csrf,
    /// A refresh token of a family and generation.
    Refresh,
    /// The mark of a browser that has logged in before.
    Device,
}

impl Purpose {
    const fn label(self) -> &'static [u8] {
        match self {
            Purpose::Csrf => b"konveksi csrf v1",
            Purpose::Refresh => b"konveksi refresh v1",
            Purpose::Device => b"konveksi device v1",
        }
    }
}

/// Makes and checks keyed sums. No `Debug`: it holds the key.
#[derive(Clone)]
pub(crate) struct ServerKeys(Hmac<Sha256>);

impl ServerKeys {
    pub(crate) fn new(secret_key: &str) -> Result<ServerKeys, WeakSecret> {
        let lower = secret_key.to_ascii_lowercase();
        let sample = ["change-me", "changeme", "your-secret", "django-insecure", "example"];
        let uniform = secret_key.bytes().all(|byte| secret_key.bytes().next() == Some(byte));
        if secret_key.len() < SHORTEST || uniform || sample.iter().any(|word| lower.contains(word))
        {
            return Err(WeakSecret);
        }
        Hmac::new_from_slice(secret_key.as_bytes()).map(ServerKeys).map_err(|_length| WeakSecret)
    }

    /// The keyed sum of `message` for `purpose`.
    pub(crate) fn sum(&self, purpose: Purpose, message: &[u8]) -> [u8; 32] {
        self.prepared(purpose, message).finalize().into_bytes().into()
    }

    /// Whether `sum` is the keyed sum of `message`; takes the same time wherever it differs.
    pub(crate) fn matches(&self, purpose: Purpose, message: &[u8], sum: &[u8]) -> bool {
        self.prepared(purpose, message).verify_slice(sum).is_ok()
    }

    fn prepared(&self, purpose: Purpose, message: &[u8]) -> Hmac<Sha256> {
        let label = purpose.label();
        let mut mac = self.0.clone();
        mac.update(label);
        mac.update(&[0]);
        mac.update(message);
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "0f6d1c8e9b7a4d3c2b1a09f8e7d6c5b4";

    #[test]
    fn weak_and_sample_secrets_are_refused() {
        for weak in ["", "short", &"a".repeat(64), "please-change-me-please-change-me-please"] {
            assert!(ServerKeys::new(weak).is_err(), "{weak}");
        }
        assert!(ServerKeys::new(SECRET).is_ok());
    }

    #[test]
    fn a_sum_holds_for_its_purpose_and_message_alone() {
        let keys = ServerKeys::new(SECRET).unwrap();
        let sum = keys.sum(Purpose::Csrf, b"session");
        assert!(keys.matches(Purpose::Csrf, b"session", &sum));
        assert!(!keys.matches(Purpose::Refresh, b"session", &sum));
        assert!(!keys.matches(Purpose::Csrf, b"other", &sum));
        assert!(!keys.matches(Purpose::Csrf, b"session", &sum[..31]));
    }
}
