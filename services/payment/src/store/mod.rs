//! All SQL of this service: free functions over a connection, domain types in and out.
//!
//! Order of locks within a transaction: `order_money`, then `invoices`, then `invoice_links`,
//! then the ledger's accounts (inside `post_transfer`, by id).

pub(crate) mod customers;
pub(crate) mod invoices;
pub(crate) mod ledger;
pub(crate) mod links;
pub(crate) mod orders;
pub(crate) mod payments;
mod rows;
pub(crate) mod schema;
pub(crate) mod webhooks;
