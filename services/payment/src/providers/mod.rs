//! The world outside: payment providers behind one trait ([`PaymentProvider`]).

mod error;
mod http;
mod manual;
mod midtrans;
mod provider;
mod types;
mod xendit;

pub(crate) use error::{Fault, ProviderError};
pub(crate) use manual::Manual;
pub(crate) use midtrans::{Midtrans, MidtransSettings, Signed};
pub(crate) use provider::{PaymentProvider, Providers, refunds_method};
pub(crate) use types::{
    FeesOnTop, MadeLink, NewLink, NewRefund, ProviderInvoice, ProviderRefund, ProviderStatus,
    RefundProgress,
};
pub(crate) use xendit::Xendit;

#[cfg(test)]
#[path = "contract_tests.rs"]
mod contract;
