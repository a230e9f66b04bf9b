//! All SQL of this service. Free functions over a connection, domain types in and out; rows are
//! private to their file.

pub(crate) mod board;
pub(crate) mod customers;
pub(crate) mod customers_list;
pub(crate) mod designs;
mod dictionary;
pub(crate) mod garments;
pub(crate) mod history;
pub(crate) mod making;
pub(crate) mod orders;
mod orders_found;
pub(crate) mod orders_list;
mod orders_tally;
pub(crate) mod products;
pub(crate) mod reports;
pub(crate) mod rollups;
pub(crate) mod schema;
pub(crate) mod stages;
mod statement;
