//! The rules of an order, pure: time, ids and randomness come in as arguments.
//!
//! - `contact`, `customer`, `terms`, `input`, `product`, `order_code`: values that cannot be wrong
//! - `garment`, `garment_input`: what an order is made of, by colour and size
//! - `stage`, `making`, `report`, `board`: the stages it is made in and what came out of each
//! - `status`, `production`, `standing`: the guarded state machine and what money does to it
//! - `order`, `invoice`, `history`: the order itself and the rows that tell what happened to it
//! - `customer_filter`: what a list of customers is narrowed to
//! - `filter`: what a list is narrowed to; `search`: its box; `summary`, `paging`: figures over it,
//!   and where a page of it is; `tracking`, `mask`: what the public may see

pub(crate) mod board;
pub(crate) mod contact;
pub(crate) mod customer;
pub(crate) mod customer_filter;
pub(crate) mod field;
pub(crate) mod filter;
pub(crate) mod garment;
pub(crate) mod garment_input;
pub(crate) mod history;
pub(crate) mod input;
pub(crate) mod invoice;
pub(crate) mod making;
pub(crate) mod mask;
pub(crate) mod order;
pub(crate) mod order_code;
pub(crate) mod paging;
pub(crate) mod product;
pub(crate) mod production;
pub(crate) mod report;
pub(crate) mod search;
pub(crate) mod stage;
pub(crate) mod standing;
pub(crate) mod status;
pub(crate) mod summary;
pub(crate) mod terms;
pub(crate) mod tracking;
