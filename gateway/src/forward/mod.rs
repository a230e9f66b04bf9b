//! Calls to the services: passed through as they are, or made for a composed answer.
//!
//! Every call says who calls (signed, for that service alone), until when an answer is wanted, and
//! under which name the request goes in logs. Nothing unsafe is ever sent twice.

mod answer;
mod context;
mod headers;
mod proxy;
mod service;
mod upstreams;

pub(crate) use answer::Answer;
pub(crate) use context::Context;
pub(crate) use proxy::forward;
pub(crate) use service::Service;
pub use service::ServiceUrls;
pub(crate) use upstreams::Upstreams;
