//! The world outside: payment providers. There is one so far, so there is no trait; the second
//! one makes it.

mod error;
pub(crate) mod xendit;

pub(crate) use error::{Fault, ProviderError};
pub(crate) use xendit::{NewLink, ProviderInvoice, ProviderStatus, Xendit};
