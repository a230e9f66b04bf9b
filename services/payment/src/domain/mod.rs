//! The rules of invoices, links and the ledger: pure, with time, ids and chance as arguments.

pub mod amounts;
pub mod code;
pub mod invoice;
pub mod kind;
pub mod ledger;
pub mod link;
pub mod order;
pub mod order_money;
pub mod payment;
pub mod posting;
pub mod status;

pub use code::InvoiceCode;
pub use invoice::{Invoice, InvoiceError, Receipt};
pub use kind::InvoiceKind;
pub use ledger::{Account, Entry, SignedAmount, Transfer, TransferKind};
pub use link::{Link, LinkState};
pub use order::{Channel, OrderStatus, OrderView, PaymentPlan, ProductionStatus};
pub use order_money::OrderMoney;
pub use payment::{Payment, PaymentSource, PaymentStatus};
pub use status::InvoiceStatus;
