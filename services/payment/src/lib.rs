//! Payments: invoices, payment links, webhooks, the double-entry ledger.
pub mod app;
pub mod domain;
pub mod events;
pub mod providers;
pub mod store;
