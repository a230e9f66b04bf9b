//! Signed identities, as the gateway would send them.

use std::sync::Arc;

use konveksi_identity::{Identity, IdentitySigner, IdentityVerifier, KeyPair, Role};
use konveksi_kernel::{Clock, UserId};

/// A gateway's key pair for one test.
pub struct TestIdentity {
    keys: KeyPair,
    signer: IdentitySigner,
    clock: Arc<dyn Clock>,
}

impl TestIdentity {
    /// New keys; statements are dated by `clock`, which must be the one the service is given.
    ///
    /// # Panics
    /// When no key can be made.
    pub fn new(clock: Arc<dyn Clock>) -> TestIdentity {
        let keys = KeyPair::generate().expect("a key pair can be made");
        let signer = IdentitySigner::new(&keys.private_base64, clock.clone())
            .expect("our own key can be read");
        TestIdentity { keys, signer, clock }
    }

    /// The public key, for the service's settings.
    pub fn public_key(&self) -> String {
        self.keys.public_base64.clone()
    }

    /// The private key, for a gateway's settings.
    pub fn private_key(&self) -> String {
        self.keys.private_base64.clone()
    }

    /// What `service` checks statements with.
    ///
    /// # Panics
    /// Never: the key is our own.
    pub fn verifier(&self, service: &str) -> IdentityVerifier {
        IdentityVerifier::new(&self.keys.public_base64, service, self.clock.clone())
            .expect("our own key can be read")
    }

    /// The value of [`konveksi_identity::HEADER`] for a call to `service` by staff number 7 in
    /// `role`.
    pub fn staff(&self, service: &str, role: Role) -> String {
        self.signed(&Identity::staff(UserId(7), role), service)
    }

    /// The header value of a caller nobody knows.
    pub fn anonymous(&self, service: &str) -> String {
        self.signed(&Identity::anonymous(), service)
    }

    /// The header value of the gateway itself.
    pub fn system(&self, service: &str) -> String {
        self.signed(&Identity::system(), service)
    }

    /// The header value of any identity.
    ///
    /// # Panics
    /// When it cannot be signed.
    pub fn signed(&self, identity: &Identity, service: &str) -> String {
        self.signer.sign(identity, service).expect("a statement can be signed")
    }
}
