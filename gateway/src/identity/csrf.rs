//! Proof that a cookie-authenticated call was made by our own page: the header repeats the
//! `csrftoken` cookie, and both belong to the session (`reliability.md` E10).

use super::SessionId;
use super::keys::{Purpose, ServerKeys};

/// The token of a session: hexadecimal, because the public client splits cookies at `=`.
pub(crate) fn token(keys: &ServerKeys, session: SessionId) -> String {
    hex::encode(keys.sum(Purpose::Csrf, session.as_uuid().as_bytes()))
}

/// Whether header and cookie are there, equal, and this session's.
pub(crate) fn holds(
    keys: &ServerKeys,
    session: SessionId,
    header: Option<&str>,
    cookie: Option<&str>,
) -> bool {
    let (Some(header), Some(cookie)) = (header, cookie) else { return false };
    let Ok(sum) = hex::decode(header) else { return false };
    header == cookie && keys.matches(Purpose::Csrf, session.as_uuid().as_bytes(), &sum)
}

#[cfg(test)]
mod tests {
    use super::*;
    use konveksi_kernel::SystemClock;

    #[test]
    fn the_token_of_another_session_does_not_hold() {
        let keys = ServerKeys::new("0f6d1c8e9b7a4d3c2b1a09f8e7d6c5b4").unwrap();
        let (mine, theirs) = (SessionId::generate(&SystemClock), SessionId::generate(&SystemClock));
        let token = token(&keys, mine);
        assert!(!token.contains('='));
        assert!(holds(&keys, mine, Some(&token), Some(&token)));
        assert!(!holds(&keys, theirs, Some(&token), Some(&token)));
        assert!(!holds(&keys, mine, None, Some(&token)));
        assert!(!holds(&keys, mine, Some(&token), None));
        assert!(!holds(&keys, mine, Some(&token), Some("other")));
        assert!(!holds(&keys, mine, Some("x"), Some("x")));
    }
}
