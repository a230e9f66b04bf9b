//! How often each caller may call (`contract.md` section 9, `reliability.md` D).
//!
//! A window is sixty buckets; the oldest, half-past one counts whole, so that *admitted in any
//! window ≤ limit* is exact at the price of waiting at most one bucket longer. Refused calls are
//! not counted. Redis holds the count of all gateways; while it is away each gateway counts for
//! itself, with the same limits.

mod limiter;
mod local;
mod policy;
mod shared;
mod told;
mod window;

pub(crate) use limiter::{Admission, Limiter};
pub(crate) use policy::LimitClass;
pub use policy::Limits;
