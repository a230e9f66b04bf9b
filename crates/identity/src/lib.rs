//! Who is calling: the signed statement a gateway makes about each call, roles, and what each
//! role may do.
//!
//! The gateway signs (`EdDSA`, 60 s, for one service); services verify. A service refuses calls
//! without such a statement, on loopback too (`settled.md` 7).

mod keys;
mod permission;
mod role;
mod token;

pub use keys::{KeyError, KeyPair};
pub use permission::Permission;
pub use role::Role;
pub use token::{Identity, IdentityError, IdentitySigner, IdentityVerifier, Kind};

/// The request header that carries the signed statement.
pub const HEADER: &str = "x-kv-identity";
