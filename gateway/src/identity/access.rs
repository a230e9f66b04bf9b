//! Access tokens: `EdDSA` JWTs that live an hour and name their session, which is looked up on
//! every use (`reliability.md` E5, E6).

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::Duration;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use konveksi_identity::{KeyError, KeyPair};
use konveksi_kernel::{Clock, UserId};
use serde::{Deserialize, Serialize};

use super::SessionId;

/// How long an access token lives.
const LIFETIME: Duration = Duration::minutes(60);
/// What these tokens are for; other tokens of ours say something else here.
const TYPE: &str = "access";
const ISSUER: &str = "konveksi-gateway";
const AUDIENCE: &str = "konveksi-api";
/// Names the key within our own tokens; nothing is ever fetched by it.
const KEY_ID: &str = "edge-1";

#[derive(Serialize, Deserialize)]
struct Claims {
    typ: String,
    iss: String,
    aud: String,
    sub: String,
    sid: String,
    iat: i64,
    exp: i64,
}

/// Makes and reads access tokens. No `Debug`: it holds the key.
#[derive(Clone)]
pub(crate) struct AccessTokens {
    signing: EncodingKey,
    checking: Arc<DecodingKey>,
    validation: Arc<Validation>,
    clock: Arc<dyn Clock>,
}

/// The token is not ours, not of this kind, or over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BadToken;

impl AccessTokens {
    /// # Errors
    /// [`KeyError`] when the key is no Ed25519 private key.
    pub(crate) fn new(private_base64: &str, clock: Arc<dyn Clock>) -> Result<Self, KeyError> {
        let pair = KeyPair::from_private(private_base64)?;
        let decode = |text: &str| STANDARD.decode(text).map_err(|_text| KeyError::Malformed);
        let (private, public) = (decode(&pair.private_base64)?, decode(&pair.public_base64)?);
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_audience(&[AUDIENCE]);
        validation.set_issuer(&[ISSUER]);
        validation.set_required_spec_claims(&["aud", "iss", "exp", "sub"]);
        // Expiry is checked below, against the clock that was passed in.
        validation.validate_exp = false;
        Ok(AccessTokens {
            signing: EncodingKey::from_ed_der(&private),
            checking: Arc::new(DecodingKey::from_ed_der(&public)),
            validation: Arc::new(validation),
            clock,
        })
    }

    /// A token for `user`'s session.
    pub(crate) fn make(
        &self,
        user: UserId,
        session: SessionId,
    ) -> Result<String, jsonwebtoken::errors::Error> {
        let now = self.clock.now();
        let claims = Claims {
            typ: TYPE.to_owned(),
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: user.to_string(),
            sid: session.to_string(),
            iat: now.timestamp(),
            exp: (now + LIFETIME).timestamp(),
        };
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some(KEY_ID.to_owned());
        jsonwebtoken::encode(&header, &claims, &self.signing)
    }

    /// The session a token names; whether that session lives is for the caller to ask.
    pub(crate) fn read(&self, token: &str) -> Result<(UserId, SessionId), BadToken> {
        // The algorithm is fixed above and the key is ours: nothing the token says chooses them.
        let claims: Claims = jsonwebtoken::decode(token, &self.checking, &self.validation)
            .map_err(|_refused| BadToken)?
            .claims;
        let now = self.clock.now().timestamp();
        if claims.typ != TYPE || claims.exp <= now || claims.iat > now + 10 {
            return Err(BadToken);
        }
        let user = claims.sub.parse().map_err(|_number| BadToken)?;
        let session = claims.sid.parse().map_err(|_uuid| BadToken)?;
        Ok((UserId(user), session))
    }
}

#[cfg(test)]
#[path = "access_tests.rs"]
mod tests;
