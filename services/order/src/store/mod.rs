//! All SQL of this service. Free functions over a connection, domain types in and out; rows are
//! private to their file.

pub(crate) mod customers;
pub(crate) mod designs;
pub(crate) mod history;
pub(crate) mod orders;
pub(crate) mod orders_list;
pub(crate) mod products;
pub(crate) mod schema;
