//! Our words as the contract's numbers.

use konveksi_contracts::v1;

use crate::domain::history::TriggerSource;
use crate::domain::production::ProductionStatus;
use crate::domain::status::OrderStatus;
use crate::domain::terms::{Channel, PaymentType};

pub(super) const fn status(status: OrderStatus) -> v1::OrderStatus {
    match status {
        OrderStatus::AwaitingLink => v1::OrderStatus::AwaitingLink,
        OrderStatus::LinkCreated => v1::OrderStatus::LinkCreated,
        OrderStatus::DepositPaid => v1::OrderStatus::DepositPaid,
        OrderStatus::WorkDone => v1::OrderStatus::WorkDone,
        OrderStatus::AwaitingFinalPayment => v1::OrderStatus::AwaitingFinalPayment,
        OrderStatus::PaidInFull => v1::OrderStatus::PaidInFull,
        OrderStatus::Cancelled => v1::OrderStatus::Cancelled,
    }
}

pub(super) const fn production(status: ProductionStatus) -> v1::ProductionStatus {
    match status {
        ProductionStatus::Waiting => v1::ProductionStatus::Waiting,
        ProductionStatus::InProgress => v1::ProductionStatus::InProgress,
        ProductionStatus::Finished => v1::ProductionStatus::Finished,
        ProductionStatus::Shipped => v1::ProductionStatus::Shipped,
        ProductionStatus::Cancelled => v1::ProductionStatus::Cancelled,
    }
}

pub(super) const fn plan(payment_type: PaymentType) -> v1::PaymentPlan {
    match payment_type {
        PaymentType::Deposit => v1::PaymentPlan::Deposit,
        PaymentType::Full => v1::PaymentPlan::Full,
    }
}

pub(super) const fn channel(channel: Channel) -> v1::Channel {
    match channel {
        Channel::Whatsapp => v1::Channel::Whatsapp,
        Channel::Email => v1::Channel::Email,
        Channel::Both => v1::Channel::Both,
    }
}

pub(super) const fn trigger(trigger: TriggerSource) -> v1::Trigger {
    match trigger {
        TriggerSource::Admin => v1::Trigger::Admin,
        TriggerSource::Webhook => v1::Trigger::Webhook,
        TriggerSource::System => v1::Trigger::System,
        TriggerSource::Customer => v1::Trigger::Customer,
    }
}
