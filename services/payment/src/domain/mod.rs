//! The rules of invoices, links and the ledger: pure, with time, ids and chance as arguments.

mod actor;
pub(crate) mod allocation;
pub(crate) mod amounts;
pub(crate) mod code;
pub(crate) mod installment;
pub(crate) mod invoice;
pub(crate) mod kind;
pub(crate) mod ledger;
pub(crate) mod link;
pub(crate) mod mutation;
pub(crate) mod order;
pub(crate) mod order_money;
mod overdue;
mod paper;
pub(crate) mod payment;
pub(crate) mod plan;
pub(crate) mod posting;
pub(crate) mod proof;
pub(crate) mod refund;
mod refund_totals;
mod settlement;
pub(crate) mod status;
pub(crate) mod terbilang;
pub(crate) mod unique_amount;

#[cfg(test)]
mod lives_tests;

pub(crate) use actor::Actor;
pub(crate) use code::InvoiceCode;
pub(crate) use invoice::{Invoice, InvoiceError};
pub(crate) use kind::InvoiceKind;
pub(crate) use ledger::{Account, Entry, SignedAmount, Transfer, TransferKind};
pub(crate) use link::{Link, LinkState};
pub(crate) use order::{Channel, OrderStatus, OrderView, PaymentPlan, ProductionStatus};
pub(crate) use order_money::OrderMoney;
pub(crate) use overdue::{Overdue, OverdueSteps};
pub(crate) use paper::{PaperKind, PaperNumber};
pub(crate) use payment::{Payment, PaymentSource, PaymentStatus};
pub(crate) use refund::{
    Refund, RefundError, RefundMethod, RefundParts, RefundState, poll_delay_seconds,
};
pub(crate) use refund_totals::{HoldError, Payable, RefundTotals};
pub(crate) use settlement::Settlement;
pub(crate) use status::InvoiceStatus;
