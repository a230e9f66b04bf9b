//! Reads the parts of events; what cannot be read is refused, never guessed.

use std::str::FromStr;

use konveksi_contracts::{from_timestamp, v1};
use konveksi_eventing::HandlerError;
use konveksi_kernel::Money;
use rust_decimal::Decimal;

use crate::domain::{Channel, OrderStatus, OrderView, PaymentPlan, ProductionStatus};

fn refuse(what: &str) -> HandlerError {
    HandlerError::Refuse(format!("{what} is missing or unreadable"))
}

pub(super) fn id<T: FromStr>(text: &str, what: &str) -> Result<T, HandlerError> {
    text.parse().map_err(|_malformed: T::Err| refuse(what))
}

/// The order an event carries, as `version` of it.
pub(super) fn order(
    state: Option<&v1::OrderState>,
    version: i64,
) -> Result<OrderView, HandlerError> {
    let state = state.ok_or_else(|| refuse("the order"))?;
    let percent = state.deposit_percent_hundredths;
    Ok(OrderView {
        id: id(&state.order_id, "the order's id")?,
        version,
        code: state.order_code.clone(),
        customer_id: id(&state.customer_id, "the customer's id")?,
        product_name: state.product_name.clone(),
        quantity: state.quantity,
        total: Money::from_sen(state.total_sen)
            .map_err(|error| HandlerError::Refuse(format!("the order's total: {error}")))?,
        plan: plan(state.payment_plan())?,
        deposit_percent: (percent > 0).then(|| Decimal::new(i64::from(percent), 2)),
        channel: channel(state.channel())?,
        status: status(state.status())?,
        production: production(state.production_status())?,
        deleted: false,
        created_at: from_timestamp(state.created_at.as_ref())
            .ok_or_else(|| refuse("the order's date"))?,
    })
}

fn plan(plan: v1::PaymentPlan) -> Result<PaymentPlan, HandlerError> {
    match plan {
        v1::PaymentPlan::Unspecified => Err(refuse("the payment plan")),
        v1::PaymentPlan::Deposit => Ok(PaymentPlan::Deposit),
        v1::PaymentPlan::Full => Ok(PaymentPlan::Full),
    }
}

fn channel(channel: v1::Channel) -> Result<Channel, HandlerError> {
    match channel {
        v1::Channel::Unspecified => Err(refuse("the channel")),
        v1::Channel::Whatsapp => Ok(Channel::Whatsapp),
        v1::Channel::Email => Ok(Channel::Email),
        v1::Channel::Both => Ok(Channel::Both),
    }
}

fn status(status: v1::OrderStatus) -> Result<OrderStatus, HandlerError> {
    match status {
        v1::OrderStatus::Unspecified => Err(refuse("the order's status")),
        v1::OrderStatus::AwaitingLink => Ok(OrderStatus::AwaitingLink),
        v1::OrderStatus::LinkCreated => Ok(OrderStatus::LinkCreated),
        v1::OrderStatus::DepositPaid => Ok(OrderStatus::DepositPaid),
        v1::OrderStatus::WorkDone => Ok(OrderStatus::WorkDone),
        v1::OrderStatus::AwaitingFinalPayment => Ok(OrderStatus::AwaitingFinalPayment),
        v1::OrderStatus::PaidInFull => Ok(OrderStatus::PaidInFull),
        v1::OrderStatus::Cancelled => Ok(OrderStatus::Cancelled),
    }
}

fn production(status: v1::ProductionStatus) -> Result<ProductionStatus, HandlerError> {
    match status {
        v1::ProductionStatus::Unspecified => Err(refuse("the production status")),
        v1::ProductionStatus::Waiting => Ok(ProductionStatus::Waiting),
        v1::ProductionStatus::InProgress => Ok(ProductionStatus::InProgress),
        v1::ProductionStatus::Finished => Ok(ProductionStatus::Finished),
        v1::ProductionStatus::Shipped => Ok(ProductionStatus::Shipped),
        v1::ProductionStatus::Cancelled => Ok(ProductionStatus::Cancelled),
    }
}
