//! All SQL of this service: free functions over a connection, domain types in and out.
//!
//! Order of locks within a transaction: `proofs`, `bank_mutations` or `unmatched_money` (the thing
//! that is decided), `order_money`, then `payment_plans`, `invoices`, `invoice_links`,
//! `payment_refunds`, `refunds`, unique amounts, then the ledger's accounts (inside
//! `post_transfer`, by id).

pub(crate) mod customers;
pub(crate) mod installments;
pub(crate) mod integrity;
pub(crate) mod invoices;
pub(crate) mod ledger;
pub(crate) mod links;
pub(crate) mod list_counts;
pub(crate) mod mutations;
pub(crate) mod orders;
pub(crate) mod overdue;
pub(crate) mod papers;
pub(crate) mod payments;
pub(crate) mod plans;
pub(crate) mod proof_files;
pub(crate) mod proofs;
pub(crate) mod refunds;
pub(crate) mod refunds_due;
pub(crate) mod reversals;
pub(crate) mod rows;
pub(crate) mod schema;
pub(crate) mod settlements;
pub(crate) mod unique_amounts;
pub(crate) mod unmatched;
pub(crate) mod webhooks;
