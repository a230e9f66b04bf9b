//! Ed25519 keys as text, so that they fit into a setting.

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use thiserror::Error;

/// A key that is not what it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum KeyError {
    /// Not base64, or not an Ed25519 key inside.
    #[error("not an Ed25519 key in base64")]
    Malformed,
    /// The machine could not make one.
    #[error("no new key could be made")]
    Generate,
}

/// A private key (PKCS#8) and its public key (32 bytes), both in base64. No `Debug`: one is secret.
#[derive(Clone)]
pub struct KeyPair {
    /// For the gateway alone.
    pub private_base64: String,
    /// For every service.
    pub public_base64: String,
}

impl KeyPair {
    /// A new pair.
    ///
    /// # Errors
    /// [`KeyError::Generate`].
    pub fn generate() -> Result<KeyPair, KeyError> {
        let pair = Ed25519KeyPair::generate().map_err(|_unspecified| KeyError::Generate)?;
        // Version 1 is what the JWT library reads.
        let document = pair.to_pkcs8v1().map_err(|_unspecified| KeyError::Generate)?;
        Ok(KeyPair {
            private_base64: STANDARD.encode(document.as_ref()),
            public_base64: STANDARD.encode(pair.public_key().as_ref()),
        })
    }

    /// The pair of a stored private key.
    ///
    /// # Errors
    /// [`KeyError::Malformed`].
    pub fn from_private(private_base64: &str) -> Result<KeyPair, KeyError> {
        let der = decode(private_base64)?;
        let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der)
            .map_err(|_rejected| KeyError::Malformed)?;
        Ok(KeyPair {
            private_base64: private_base64.trim().to_owned(),
            public_base64: STANDARD.encode(pair.public_key().as_ref()),
        })
    }
}

pub(crate) fn decode(base64: &str) -> Result<Vec<u8>, KeyError> {
    STANDARD.decode(base64.trim()).map_err(|_malformed| KeyError::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_private_key_gives_its_public_key_back() {
        let pair = KeyPair::generate().unwrap();
        let again = KeyPair::from_private(&pair.private_base64).unwrap();
        assert_eq!(again.public_base64, pair.public_base64);
    }

    #[test]
    fn what_is_no_key_is_refused() {
        assert!(KeyPair::from_private("hello").is_err());
        assert!(KeyPair::from_private("aGVsbG8=").is_err());
    }
}
