//! The signed statement: made by the gateway for one call to one service, checked there.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use konveksi_kernel::{Clock, UserId};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::keys::{KeyError, decode};
use crate::{KeyPair, Permission, Role};

/// How long a statement holds.
const LIFETIME_SECONDS: i64 = 60;
/// How far two machines' clocks may differ.
const LEEWAY_SECONDS: i64 = 10;

/// What kind of caller it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Anybody; customers have no accounts.
    Anonymous,
    /// A staff member who logged in.
    Staff,
    /// An integration with a key.
    ApiKey,
    /// The gateway itself, composing an answer or running a check.
    System,
}

/// Who is calling.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The staff user's id or the key's id as text; empty for anonymous callers.
    pub sub: String,
    /// What kind of caller.
    pub kind: Kind,
    /// The staff member's role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// The session the call came with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sid: Option<String>,
}

impl Identity {
    /// Nobody in particular.
    pub const fn anonymous() -> Identity {
        Identity { sub: String::new(), kind: Kind::Anonymous, role: None, sid: None }
    }

    /// The system itself.
    pub fn system() -> Identity {
        Identity { sub: "gateway".to_owned(), kind: Kind::System, role: None, sid: None }
    }

    /// A staff member.
    pub fn staff(user: UserId, role: Role) -> Identity {
        Identity { sub: user.to_string(), kind: Kind::Staff, role: Some(role), sid: None }
    }

    /// Whether a staff member (or the system) with this permission calls.
    pub fn may(&self, permission: Permission) -> bool {
        match self.kind {
            Kind::System => true,
            Kind::Staff | Kind::ApiKey => self.role.is_some_and(|role| role.allows(permission)),
            Kind::Anonymous => false,
        }
    }

    /// Whether this is staff or the system, with whatever role.
    pub const fn is_staff(&self) -> bool {
        matches!(self.kind, Kind::Staff | Kind::System)
    }
}

/// The claims as signed.
#[derive(Serialize, Deserialize)]
struct Claims {
    #[serde(flatten)]
    identity: Identity,
    aud: String,
    iat: i64,
    exp: i64,
}

/// Why a statement was not made or not believed.
#[derive(Debug, Error)]
pub enum IdentityError {
    /// Not signed by our gateway, for another service, or no statement at all.
    #[error("the identity statement is not valid")]
    Invalid(#[source] jsonwebtoken::errors::Error),
    /// Older than it may be, or from the future.
    #[error("the identity statement has expired")]
    Expired,
    /// The key cannot be used.
    #[error(transparent)]
    Key(#[from] KeyError),
}

/// Signs statements; only the gateway has one.
#[derive(Clone)]
pub struct IdentitySigner {
    key: EncodingKey,
    clock: Arc<dyn Clock>,
}

impl IdentitySigner {
    /// Signs with the gateway's private key (PKCS#8 in base64).
    ///
    /// # Errors
    /// [`IdentityError::Key`].
    pub fn new(private_base64: &str, clock: Arc<dyn Clock>) -> Result<Self, IdentityError> {
        KeyPair::from_private(private_base64)?;
        Ok(IdentitySigner { key: EncodingKey::from_ed_der(&decode(private_base64)?), clock })
    }

    /// The header value that tells `service` who calls.
    ///
    /// # Errors
    /// [`IdentityError::Invalid`] when signing fails.
    pub fn sign(&self, identity: &Identity, service: &str) -> Result<String, IdentityError> {
        let now = self.clock.now();
        let claims = Claims {
            identity: identity.clone(),
            aud: service.to_owned(),
            iat: now.timestamp(),
            exp: (now + Duration::seconds(LIFETIME_SECONDS)).timestamp(),
        };
        jsonwebtoken::encode(&Header::new(Algorithm::EdDSA), &claims, &self.key)
            .map_err(IdentityError::Invalid)
    }
}

/// Checks statements for one service.
#[derive(Clone)]
pub struct IdentityVerifier {
    key: Arc<DecodingKey>,
    validation: Arc<Validation>,
    clock: Arc<dyn Clock>,
}

impl IdentityVerifier {
    /// Believes the gateway whose public key (32 bytes in base64) this is, for `service` alone.
    ///
    /// # Errors
    /// [`IdentityError::Key`].
    pub fn new(
        public_base64: &str,
        service: &str,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, IdentityError> {
        let bytes = decode(public_base64)?;
        if bytes.len() != 32 {
            return Err(KeyError::Malformed.into());
        }
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_audience(&[service]);
        validation.set_required_spec_claims(&["aud", "exp"]);
        // Expiry is checked below, against the clock that was passed in.
        validation.validate_exp = false;
        Ok(IdentityVerifier {
            key: Arc::new(DecodingKey::from_ed_der(&bytes)),
            validation: Arc::new(validation),
            clock,
        })
    }

    /// Who calls, according to the header value.
    ///
    /// # Errors
    /// [`IdentityError::Invalid`], [`IdentityError::Expired`].
    pub fn verify(&self, header: &str) -> Result<Identity, IdentityError> {
        let claims: Claims = jsonwebtoken::decode(header, &self.key, &self.validation)
            .map_err(IdentityError::Invalid)?
            .claims;
        if !holds(self.clock.now(), claims.iat, claims.exp) {
            return Err(IdentityError::Expired);
        }
        Ok(claims.identity)
    }
}

fn holds(now: DateTime<Utc>, issued_at: i64, expires_at: i64) -> bool {
    let now = now.timestamp();
    now <= expires_at.saturating_add(LEEWAY_SECONDS)
        && issued_at <= now.saturating_add(LEEWAY_SECONDS)
        && expires_at.saturating_sub(issued_at) <= LIFETIME_SECONDS
}

#[cfg(test)]
mod tests {
    use super::*;
    use konveksi_kernel::SteeredClock;

    fn pair() -> (IdentitySigner, IdentityVerifier, Arc<SteeredClock>) {
        let clock = Arc::new(SteeredClock::default());
        let keys = KeyPair::generate().unwrap();
        let signer = IdentitySigner::new(&keys.private_base64, clock.clone()).unwrap();
        let verifier = IdentityVerifier::new(&keys.public_base64, "order", clock.clone()).unwrap();
        (signer, verifier, clock)
    }

    #[test]
    fn what_the_gateway_signed_is_believed() {
        let (signer, verifier, _clock) = pair();
        let identity = Identity::staff(UserId(7), Role::Finance);
        let header = signer.sign(&identity, "order").unwrap();
        assert_eq!(verifier.verify(&header).unwrap(), identity);
    }

    #[test]
    fn a_statement_for_another_service_is_refused() {
        let (signer, verifier, _clock) = pair();
        let header = signer.sign(&Identity::system(), "payment").unwrap();
        assert!(matches!(verifier.verify(&header), Err(IdentityError::Invalid(_))));
    }

    #[test]
    fn another_gateways_statement_is_refused() {
        let (_, verifier, _clock) = pair();
        let (stranger, _, _) = pair();
        let header = stranger.sign(&Identity::system(), "order").unwrap();
        assert!(matches!(verifier.verify(&header), Err(IdentityError::Invalid(_))));
    }

    #[test]
    fn a_statement_expires_after_a_minute() {
        let (signer, verifier, clock) = pair();
        let header = signer.sign(&Identity::anonymous(), "order").unwrap();
        clock.advance(Duration::seconds(LIFETIME_SECONDS + LEEWAY_SECONDS + 1));
        assert!(matches!(verifier.verify(&header), Err(IdentityError::Expired)));
    }

    #[test]
    fn unsigned_and_wrongly_signed_tokens_are_refused() {
        let (_, verifier, _clock) = pair();
        let unsigned = "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIiwia2luZCI6InN5c3RlbSJ9.";
        let claims = Claims {
            identity: Identity::system(),
            aud: "order".to_owned(),
            iat: 0,
            exp: i64::from(u32::MAX),
        };
        let by_secret = jsonwebtoken::encode(
            &Header::new(Algorithm::HS256),
            &claims,
            &EncodingKey::from_secret(b"public key as secret"),
        )
        .unwrap();
        for forged in ["", "a.b.c", unsigned, &by_secret] {
            assert!(verifier.verify(forged).is_err(), "{forged}");
        }
    }

    #[test]
    fn anonymous_callers_may_nothing_and_the_system_everything() {
        for permission in Permission::ALL {
            assert!(!Identity::anonymous().may(permission));
            assert!(Identity::system().may(permission));
        }
    }
}
