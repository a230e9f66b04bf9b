//! All SQL of this service: free functions over a connection, domain types in and out.
//!
//! Order of locks within a transaction: `order_money`, then `invoices`, then `invoice_links`,
//! then the ledger's accounts (inside `post_transfer`, by id).

pub mod invoices;
pub mod ledger;
pub mod links;
pub mod orders;
pub mod payments;
mod rows;
pub(crate) mod schema;
pub mod webhooks;
