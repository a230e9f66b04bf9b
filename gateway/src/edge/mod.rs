//! What every call passes, in this order: head checks, path, CORS, route, caller, limits, rights,
//! CSRF, body, handler, response headers.
//!
//! `serve` is the only door; a path that `routes` does not list is never forwarded.

pub(crate) mod access_log;
pub(crate) mod body;
mod call;
pub(crate) mod client_ip;
pub(crate) mod cors;
pub(crate) mod head;
pub(crate) mod matching;
pub(crate) mod multipart;
pub(crate) mod path;
pub(crate) mod response;
pub(crate) mod serve;
mod state;

pub(crate) use call::Call;
pub(crate) use state::Edge;
