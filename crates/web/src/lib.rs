//! An actix server as we run it: one error body, signed callers only, request spans, health,
//! graceful shutdown.
//!
//! Handlers register their paths **without** a trailing slash; both forms are answered. A handler
//! answers `Result<_, Problem>`; every error that leaves the server has the contract's envelope.

mod body;
mod caller;
mod clock;
mod envelope;
mod fields;
mod health;
mod problem;
mod process;
mod server;
mod span;

pub use body::{Json, Path, Query};
pub use caller::{Caller, Staff, SystemCaller};
pub use clock::ClockHandle;
pub use fields::FieldErrors;
pub use health::{Probe, Readiness};
pub use problem::{Problem, error_chain};
pub use process::shutdown_on_signal;
pub use server::{Server, ServerSettings};
pub use span::{REQUEST_ID_HEADER, request_span};

/// Where the gateway tells services under which URL the public reaches it, for absolute links.
pub const PUBLIC_URL_HEADER: &str = "x-kv-public-url";
/// Where a service's answer to the gateway carries the events it has just committed.
pub const EXPRESS_HEADER: &str = "x-kv-express";
