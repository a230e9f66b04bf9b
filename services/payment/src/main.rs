//! Payments: invoices, payment links, webhooks, the double-entry ledger.
fn main() {}
