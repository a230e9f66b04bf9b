//! What the payment provider tells the merchant, and how: [`payload`] is the body, [`record`]
//! what is remembered of each, [`courier`] brings them, holds them and tries again.

mod courier;
mod payload;
mod record;

pub use courier::ReleaseOrder;
pub(crate) use courier::{Courier, Secrets};
pub use record::{Attempt, Callback, CallbackState};
