//! The rules of invoices, links and the ledger: pure, with time, ids and chance as arguments.

pub(crate) mod amounts;
pub(crate) mod code;
pub(crate) mod invoice;
pub(crate) mod kind;
pub(crate) mod ledger;
pub(crate) mod link;
pub(crate) mod order;
pub(crate) mod order_money;
pub(crate) mod payment;
pub(crate) mod posting;
pub(crate) mod status;

pub(crate) use code::InvoiceCode;
pub(crate) use invoice::{Invoice, InvoiceError};
pub(crate) use kind::InvoiceKind;
pub(crate) use ledger::{Account, Entry, SignedAmount, Transfer, TransferKind};
pub(crate) use link::{Link, LinkState};
pub(crate) use order::{Channel, OrderStatus, OrderView, PaymentPlan, ProductionStatus};
pub(crate) use order_money::OrderMoney;
pub(crate) use payment::{Payment, PaymentSource, PaymentStatus};
pub(crate) use status::InvoiceStatus;
