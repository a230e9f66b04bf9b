//! Reads the parts of events; what cannot be read is refused, never guessed.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use konveksi_contracts::{from_timestamp, v1};
use konveksi_eventing::HandlerError;
use konveksi_kernel::Money;

use crate::domain::status::{OrderStatus, ProductionStatus};

pub(super) fn refuse(what: &str) -> HandlerError {
    HandlerError::Refuse(format!("{what} is missing or unreadable"))
}

pub(super) fn id<T: FromStr>(text: &str, what: &str) -> Result<T, HandlerError> {
    text.parse().map_err(|_malformed: T::Err| refuse(what))
}

pub(super) fn money(sen: i64, what: &str) -> Result<Money, HandlerError> {
    Money::from_sen(sen).map_err(|error| HandlerError::Refuse(format!("{what}: {error}")))
}

pub(super) fn instant(
    stamp: Option<&prost_types::Timestamp>,
    what: &str,
) -> Result<DateTime<Utc>, HandlerError> {
    from_timestamp(stamp).ok_or_else(|| refuse(what))
}

pub(super) fn status(status: v1::OrderStatus) -> Result<OrderStatus, HandlerError> {
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

pub(super) fn production(status: v1::ProductionStatus) -> Result<ProductionStatus, HandlerError> {
    match status {
        v1::ProductionStatus::Unspecified => Err(refuse("the production status")),
        v1::ProductionStatus::Waiting => Ok(ProductionStatus::Waiting),
        v1::ProductionStatus::InProgress => Ok(ProductionStatus::InProgress),
        v1::ProductionStatus::Finished => Ok(ProductionStatus::Finished),
        v1::ProductionStatus::Shipped => Ok(ProductionStatus::Shipped),
        v1::ProductionStatus::Cancelled => Ok(ProductionStatus::Cancelled),
    }
}
