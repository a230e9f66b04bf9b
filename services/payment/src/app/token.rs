//! The shared secret of callbacks. Two may be live at once, so that it can be changed without
//! losing a callback.

use konveksi_settings::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use subtle::{Choice, ConstantTimeEq as _};

/// The tokens a callback may carry.
#[derive(Clone)]
pub(crate) struct CallbackTokens(Vec<SecretString>);

impl CallbackTokens {
    /// These tokens, separated by commas; blanks around them do not count.
    pub(crate) fn parse(tokens: &SecretString) -> CallbackTokens {
        let tokens = tokens.expose_secret().split(',').map(str::trim).filter(|one| !one.is_empty());
        CallbackTokens(tokens.map(|one| SecretString::from(one.to_owned())).collect())
    }

    /// Whether `given` is one of them. Takes the same time whichever character differs, and for
    /// whichever token: both sides are hashed first, all are compared.
    pub(crate) fn accept(&self, given: &str) -> bool {
        let given = Sha256::digest(given.as_bytes());
        let found = self.0.iter().fold(Choice::from(0), |found, token| {
            found | Sha256::digest(token.expose_secret().as_bytes()).ct_eq(&given)
        });
        found.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(list: &str) -> CallbackTokens {
        CallbackTokens::parse(&SecretString::from(list.to_owned()))
    }

    #[test]
    fn either_of_two_live_tokens_is_accepted() {
        let tokens = tokens("old-token, new-token");
        assert!(tokens.accept("old-token") && tokens.accept("new-token"));
    }

    #[test]
    fn anything_else_is_refused() {
        for given in ["", "old", "old-token,new-token", "OLD-TOKEN", " old-token"] {
            assert!(!tokens("old-token,new-token").accept(given), "{given:?}");
        }
    }

    #[test]
    fn without_tokens_nothing_is_accepted() {
        assert!(!tokens("").accept(""));
        assert!(!tokens(" , ").accept(""));
    }
}
