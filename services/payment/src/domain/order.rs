//! An order as this service needs it: what it heard from events or a composition's snapshot.

use chrono::{DateTime, Utc};
use konveksi_kernel::{CustomerId, Money, OrderId};
use rust_decimal::Decimal;

/// How an order is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PaymentPlan {
    /// A deposit first, the rest before delivery.
    Deposit,
    /// Everything at once.
    Full,
}

impl PaymentPlan {
    /// Every plan.
    pub(crate) const ALL: [PaymentPlan; 2] = [PaymentPlan::Deposit, PaymentPlan::Full];

    /// The contract's literal.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            PaymentPlan::Deposit => "dp",
            PaymentPlan::Full => "full",
        }
    }

    /// Reads what [`PaymentPlan::as_wire`] writes.
    pub(crate) fn from_wire(text: &str) -> Option<PaymentPlan> {
        PaymentPlan::ALL.into_iter().find(|plan| plan.as_wire() == text)
    }
}

/// Where the customer is written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Channel {
    /// WhatsApp alone.
    Whatsapp,
    /// E-mail alone.
    Email,
    /// Both.
    Both,
}

impl Channel {
    /// Every channel.
    pub(crate) const ALL: [Channel; 3] = [Channel::Whatsapp, Channel::Email, Channel::Both];

    /// The contract's literal.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            Channel::Whatsapp => "whatsapp",
            Channel::Email => "email",
            Channel::Both => "both",
        }
    }

    /// Reads what [`Channel::as_wire`] writes.
    pub(crate) fn from_wire(text: &str) -> Option<Channel> {
        Channel::ALL.into_iter().find(|channel| channel.as_wire() == text)
    }
}

/// Where the order stands, as the order service said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum OrderStatus {
    /// No payment link yet.
    AwaitingLink,
    /// The customer can pay.
    LinkCreated,
    /// The deposit came.
    DepositPaid,
    /// The work is done, the rest is asked for.
    WorkDone,
    /// The customer was told of the rest.
    AwaitingFinalPayment,
    /// Everything came.
    PaidInFull,
    /// Given up.
    Cancelled,
}

impl OrderStatus {
    /// Every status.
    pub(crate) const ALL: [OrderStatus; 7] = [
        OrderStatus::AwaitingLink,
        OrderStatus::LinkCreated,
        OrderStatus::DepositPaid,
        OrderStatus::WorkDone,
        OrderStatus::AwaitingFinalPayment,
        OrderStatus::PaidInFull,
        OrderStatus::Cancelled,
    ];

    /// The contract's literal.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            OrderStatus::AwaitingLink => "menunggu_link",
            OrderStatus::LinkCreated => "link_dibuat",
            OrderStatus::DepositPaid => "dp_dibayar",
            OrderStatus::WorkDone => "pengerjaan_selesai",
            OrderStatus::AwaitingFinalPayment => "menunggu_pelunasan",
            OrderStatus::PaidInFull => "lunas",
            OrderStatus::Cancelled => "dibatalkan",
        }
    }

    /// Reads what [`OrderStatus::as_wire`] writes.
    pub(crate) fn from_wire(text: &str) -> Option<OrderStatus> {
        OrderStatus::ALL.into_iter().find(|status| status.as_wire() == text)
    }

    /// Whether the order still waits for its first payment.
    pub(crate) const fn is_before_first_payment(self) -> bool {
        match self {
            OrderStatus::AwaitingLink | OrderStatus::LinkCreated => true,
            OrderStatus::DepositPaid
            | OrderStatus::WorkDone
            | OrderStatus::AwaitingFinalPayment
            | OrderStatus::PaidInFull
            | OrderStatus::Cancelled => false,
        }
    }
}

/// Where the goods stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum ProductionStatus {
    /// Not begun.
    Waiting,
    /// On the tables.
    InProgress,
    /// Ready.
    Finished,
    /// Gone to the customer: revenue is booked.
    Shipped,
    /// Given up.
    Cancelled,
}

impl ProductionStatus {
    /// Every status.
    pub(crate) const ALL: [ProductionStatus; 5] = [
        ProductionStatus::Waiting,
        ProductionStatus::InProgress,
        ProductionStatus::Finished,
        ProductionStatus::Shipped,
        ProductionStatus::Cancelled,
    ];

    /// The contract's literal.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            ProductionStatus::Waiting => "menunggu",
            ProductionStatus::InProgress => "diproses",
            ProductionStatus::Finished => "selesai",
            ProductionStatus::Shipped => "dikirim",
            ProductionStatus::Cancelled => "dibatalkan",
        }
    }

    /// Reads what [`ProductionStatus::as_wire`] writes.
    pub(crate) fn from_wire(text: &str) -> Option<ProductionStatus> {
        ProductionStatus::ALL.into_iter().find(|status| status.as_wire() == text)
    }
}

/// What this service knows of one order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OrderView {
    /// The order.
    pub(crate) id: OrderId,
    /// How new this is; a lower version never replaces a higher one.
    pub(crate) version: i64,
    /// Its code, such as `ORD-20250630-A1B`.
    pub(crate) code: String,
    /// Whose it is.
    pub(crate) customer_id: CustomerId,
    /// What is made.
    pub(crate) product_name: String,
    /// How many.
    pub(crate) quantity: i64,
    /// Its price in rupiah.
    pub(crate) total: Money,
    /// How it is paid.
    pub(crate) plan: PaymentPlan,
    /// The deposit's share of the total; absent when the plan is full.
    pub(crate) deposit_percent: Option<Decimal>,
    /// Where its customer is written to.
    pub(crate) channel: Channel,
    /// Where it stands.
    pub(crate) status: OrderStatus,
    /// Where its goods stand.
    pub(crate) production: ProductionStatus,
    /// Whether it was deleted.
    pub(crate) deleted: bool,
    /// When it was placed.
    pub(crate) created_at: DateTime<Utc>,
}

impl OrderView {
    /// Whether invoices may be made for it: neither cancelled nor deleted.
    pub(crate) const fn is_live(&self) -> bool {
        !self.deleted && !matches!(self.status, OrderStatus::Cancelled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back() {
        for plan in PaymentPlan::ALL {
            assert_eq!(PaymentPlan::from_wire(plan.as_wire()), Some(plan));
        }
        for channel in Channel::ALL {
            assert_eq!(Channel::from_wire(channel.as_wire()), Some(channel));
        }
        for status in OrderStatus::ALL {
            assert_eq!(OrderStatus::from_wire(status.as_wire()), Some(status));
        }
        for status in ProductionStatus::ALL {
            assert_eq!(ProductionStatus::from_wire(status.as_wire()), Some(status));
        }
    }
}
