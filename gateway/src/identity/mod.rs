//! Staff identity at the edge: passwords, sessions, access and refresh tokens, CSRF, and the four
//! `/auth/` endpoints of `contract.md` section 2.
//!
//! A login makes one *session* (cookie `sessionid`), one line of refresh tokens (cookie
//! `refresh_token`) and access tokens that name the session in `sid`. PostgreSQL is the truth about
//! sessions; what is remembered here is at most [`sessions::STALE`] old, so an ended session stops
//! working that soon, whatever it is presented as.

pub(crate) mod access;
pub(crate) mod authenticate;
pub(crate) mod cookies;
pub(crate) mod csrf;
pub(crate) mod device;
pub(crate) mod endpoints;
pub(crate) mod keys;
pub(crate) mod login;
pub(crate) mod password;
pub(crate) mod policy;
pub(crate) mod refresh;
pub(crate) mod sessions;
pub(crate) mod throttle;

pub(crate) use authenticate::{Caller, Staff};
pub(crate) use refresh::Family;
pub(crate) use sessions::{EndReason, Session, SessionId};
pub(crate) use throttle::Failures;
