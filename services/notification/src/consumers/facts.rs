//! From the contract's states to what we keep. A state that cannot be read refuses its event:
//! the same bytes would never become readable.

use konveksi_contracts::{from_timestamp, v1};
use konveksi_eventing::HandlerError;
use konveksi_kernel::{Money, OrderId};

use crate::domain::channel::ChannelChoice;
use crate::domain::facts::Order;
use crate::domain::invoice::{Invoice, InvoiceKind, InvoiceStatus};
use crate::domain::order_status::OrderStatus;

/// An order, as new as the event's `version`.
///
/// # Errors
/// [`HandlerError::Refuse`].
pub(super) fn order(
    state: Option<&v1::OrderState>,
    version: i64,
    deleted: bool,
) -> Result<Order, HandlerError> {
    let state = state.ok_or_else(|| missing("order"))?;
    Ok(Order {
        id: id("order_id", &state.order_id)?,
        version,
        code: state.order_code.clone(),
        customer_id: id("customer_id", &state.customer_id)?,
        product_name: state.product_name.clone(),
        quantity: state.quantity,
        total: money("total_sen", state.total_sen)?,
        paid: money("paid_sen", state.paid_sen)?,
        has_deposit: match state.payment_plan() {
            v1::PaymentPlan::Deposit => true,
            v1::PaymentPlan::Full => false,
            v1::PaymentPlan::Unspecified => return Err(missing("payment_plan")),
        },
        channel: channel(state.channel()).ok_or_else(|| missing("channel"))?,
        status: order_status(state.status()).ok_or_else(|| missing("status"))?,
        deleted,
        quiet: state.quiet,
    })
}

/// An invoice, as new as the event's `version`.
///
/// # Errors
/// [`HandlerError::Refuse`].
pub(super) fn invoice(
    state: Option<&v1::InvoiceState>,
    version: i64,
) -> Result<Invoice, HandlerError> {
    let state = state.ok_or_else(|| missing("invoice"))?;
    Ok(Invoice {
        id: id("invoice_id", &state.invoice_id)?,
        version,
        code: state.invoice_code.clone(),
        order_id: id::<OrderId>("order_id", &state.order_id)?,
        kind: invoice_kind(state.kind()).ok_or_else(|| missing("kind"))?,
        amount: money("amount_sen", state.amount_sen)?,
        amount_paid: money("amount_paid_sen", state.amount_paid_sen)?,
        status: invoice_status(state.status()).ok_or_else(|| missing("status"))?,
        payment_url: state.payment_url.clone(),
        expires_at: from_timestamp(state.expires_at.as_ref()),
        channel: channel(state.channel()),
    })
}

/// Reads an id.
///
/// # Errors
/// [`HandlerError::Refuse`].
pub(super) fn id<T: std::str::FromStr>(field: &str, text: &str) -> Result<T, HandlerError> {
    text.parse().map_err(|_unreadable| HandlerError::Refuse(format!("{field} is not an id")))
}

/// Reads an amount.
///
/// # Errors
/// [`HandlerError::Refuse`].
pub(super) fn money(field: &str, sen: i64) -> Result<Money, HandlerError> {
    Money::from_sen(sen).map_err(|error| HandlerError::Refuse(format!("{field}: {error}")))
}

/// The refusal of an event without something it must have.
pub(super) fn missing(field: &str) -> HandlerError {
    HandlerError::Refuse(format!("{field} is missing"))
}

const fn channel(channel: v1::Channel) -> Option<ChannelChoice> {
    match channel {
        v1::Channel::Unspecified => None,
        v1::Channel::Whatsapp => Some(ChannelChoice::Whatsapp),
        v1::Channel::Email => Some(ChannelChoice::Email),
        v1::Channel::Both => Some(ChannelChoice::Both),
    }
}

const fn order_status(status: v1::OrderStatus) -> Option<OrderStatus> {
    match status {
        v1::OrderStatus::Unspecified => None,
        v1::OrderStatus::AwaitingLink => Some(OrderStatus::AwaitingLink),
        v1::OrderStatus::LinkCreated => Some(OrderStatus::LinkCreated),
        v1::OrderStatus::DepositPaid => Some(OrderStatus::DepositPaid),
        v1::OrderStatus::WorkDone => Some(OrderStatus::WorkDone),
        v1::OrderStatus::AwaitingFinalPayment => Some(OrderStatus::AwaitingFinalPayment),
        v1::OrderStatus::PaidInFull => Some(OrderStatus::PaidInFull),
        v1::OrderStatus::Cancelled => Some(OrderStatus::Cancelled),
    }
}

const fn invoice_kind(kind: v1::InvoiceKind) -> Option<InvoiceKind> {
    match kind {
        v1::InvoiceKind::Unspecified => None,
        v1::InvoiceKind::Deposit => Some(InvoiceKind::Deposit),
        v1::InvoiceKind::Final => Some(InvoiceKind::Final),
        v1::InvoiceKind::Full => Some(InvoiceKind::Full),
    }
}

const fn invoice_status(status: v1::InvoiceStatus) -> Option<InvoiceStatus> {
    match status {
        v1::InvoiceStatus::Unspecified => None,
        v1::InvoiceStatus::Unpaid => Some(InvoiceStatus::Unpaid),
        v1::InvoiceStatus::Paid => Some(InvoiceStatus::Paid),
        v1::InvoiceStatus::Expired => Some(InvoiceStatus::Expired),
        v1::InvoiceStatus::Cancelled => Some(InvoiceStatus::Cancelled),
    }
}
