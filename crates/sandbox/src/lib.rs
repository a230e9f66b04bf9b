#![doc = include_str!("../README.md")]
//!
//! # Map of the code
//! `xendit`, `midtrans`, `fonnte` and `smtp` speak the providers' protocols; `checkout` is the customer's
//! page; `callback` tells the merchant; `control` is the look inside; `world` holds what they
//! share; `server` binds and runs them.

mod callback;
mod channel;
mod checkout;
mod config;
mod control;
mod fonnte;
mod html;
mod invoice;
mod invoices;
mod journal;
mod lock;
mod messages;
mod midtrans;
mod object_id;
mod provider_call;
mod refund;
mod requests;
mod sandbox;
mod server;
mod smtp;
mod switches;
mod world;
mod xendit;

pub use callback::{Attempt, Callback, CallbackState, ReleaseOrder};
pub use channel::{CHANNELS, Channel};
pub use config::{Config, SETTINGS, SmtpLogin};
pub use invoice::{Backstage, Fee, Invoice, InvoiceError, InvoiceStatus, Payment, ProviderKind};
pub use messages::{Message, MessageChannel};
pub use refund::{Refund, RefundError, RefundStatus};
pub use requests::{RecordedRequest, RequestState};
pub use sandbox::Sandbox;
pub use server::{SandboxError, serve};
pub use switches::{
    Api, ApiSwitch, CallbackSwitch, FailNext, RefundOutcome, SWITCHES_HEADER, Switches,
};
