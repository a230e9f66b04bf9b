//! What this service tells: one function per fact, domain in, contract out, appended to the
//! outbox of the transaction. Nothing personal leaves but in `customer_changed`.

mod customer;
mod order;
mod words;

pub(crate) use customer::{customer_changed, customer_merged};
pub(crate) use order::{
    order_cancelled, order_created, order_deleted, order_updated, production_changed,
    status_changed,
};
