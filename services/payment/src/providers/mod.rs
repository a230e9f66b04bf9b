//! The world outside: payment providers. There is one so far, so there is no trait; the second
//! one makes it.

mod error;
pub mod xendit;

pub use error::{Fault, ProviderError};
pub use xendit::{NewLink, ProviderInvoice, ProviderStatus, Xendit};
