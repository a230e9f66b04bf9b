//! One order's facts, and the events that tell them.

use chrono::{DateTime, Duration, TimeZone as _, Utc};
use konveksi_contracts::{EventMessage, to_timestamp, v1};
use konveksi_eventing::{Attributes, Envelope};
use konveksi_kernel::ids::uuid_v7_at;
use konveksi_kernel::{Clock as _, EventId, SystemClock};
use uuid::Uuid;

/// An order of 7,500,000 rupiah with a deposit of half, for John Doe.
#[derive(Debug, Clone)]
pub(crate) struct Story {
    pub(crate) order_id: Uuid,
    pub(crate) customer_id: Uuid,
    pub(crate) invoice_id: Uuid,
    pub(crate) payment_id: Uuid,
    pub(crate) order_code: String,
    pub(crate) phone: String,
    pub(crate) email: String,
    pub(crate) name: String,
    pub(crate) channel: v1::Channel,
    pub(crate) notify: bool,
    pub(crate) quiet: bool,
    pub(crate) expires_at: DateTime<Utc>,
    pub(crate) paid_at: DateTime<Utc>,
}

impl Story {
    pub(crate) fn new() -> Story {
        let new = || uuid_v7_at(SystemClock.now());
        Story {
            order_id: new(),
            customer_id: new(),
            invoice_id: new(),
            payment_id: new(),
            order_code: "ORD-20250630-A1B".to_owned(),
            phone: "6281234567890".to_owned(),
            email: "john@contoh.id".to_owned(),
            name: "John Doe".to_owned(),
            channel: v1::Channel::Whatsapp,
            notify: true,
            quiet: false,
            expires_at: SystemClock.now() + Duration::days(3),
            paid_at: Utc.with_ymd_and_hms(2025, 6, 30, 10, 30, 0).unwrap(),
        }
    }

    pub(crate) fn by(channel: v1::Channel) -> Story {
        Story { channel, ..Story::new() }
    }

    pub(crate) fn customer(&self) -> v1::CustomerChanged {
        v1::CustomerChanged {
            customer_id: self.customer_id.to_string(),
            name: self.name.clone(),
            phone: self.phone.clone(),
            email: self.email.clone(),
            erased: false,
            merged_into: String::new(),
        }
    }

    pub(crate) fn erased(&self) -> v1::CustomerChanged {
        v1::CustomerChanged {
            customer_id: self.customer_id.to_string(),
            erased: true,
            ..v1::CustomerChanged::default()
        }
    }

    pub(crate) fn order(&self, status: v1::OrderStatus, paid_sen: i64) -> v1::OrderState {
        v1::OrderState {
            order_id: self.order_id.to_string(),
            order_code: self.order_code.clone(),
            customer_id: self.customer_id.to_string(),
            product_name: "Kaos Polos".to_owned(),
            quantity: 100,
            total_sen: 750_000_000,
            payment_plan: v1::PaymentPlan::Deposit.into(),
            deposit_percent_hundredths: 5_000,
            channel: self.channel.into(),
            status: status.into(),
            production_status: v1::ProductionStatus::Waiting.into(),
            paid_sen,
            created_at: Some(to_timestamp(self.paid_at)),
            quiet: self.quiet,
        }
    }

    pub(crate) fn invoice(&self, status: v1::InvoiceStatus) -> v1::InvoiceState {
        let paid = status == v1::InvoiceStatus::Paid;
        v1::InvoiceState {
            invoice_id: self.invoice_id.to_string(),
            invoice_code: "INV-123456-ABC".to_owned(),
            order_id: self.order_id.to_string(),
            order_code: self.order_code.clone(),
            customer_id: self.customer_id.to_string(),
            kind: v1::InvoiceKind::Deposit.into(),
            amount_sen: 375_000_000,
            amount_paid_sen: if paid { 375_000_000 } else { 0 },
            status: status.into(),
            payment_url: "https://checkout.example/web/a_b_c".to_owned(),
            expires_at: Some(to_timestamp(self.expires_at)),
            channel: self.channel.into(),
        }
    }

    pub(crate) fn created(&self) -> v1::OrderCreated {
        v1::OrderCreated {
            order: Some(self.order(v1::OrderStatus::AwaitingLink, 0)),
            notify: self.notify,
            design_file_id: String::new(),
        }
    }

    pub(crate) fn linked(&self) -> v1::InvoiceCreated {
        let invoice = Some(self.invoice(v1::InvoiceStatus::Unpaid));
        v1::InvoiceCreated { invoice, notify: self.notify }
    }

    pub(crate) fn paid(&self) -> v1::PaymentReceived {
        v1::PaymentReceived {
            payment_id: self.payment_id.to_string(),
            invoice: Some(self.invoice(v1::InvoiceStatus::Paid)),
            amount_sen: 375_000_000,
            method: "BANK_TRANSFER".to_owned(),
            paid_at: Some(to_timestamp(self.paid_at)),
            order_total_sen: 750_000_000,
            order_paid_sen: 375_000_000,
            money_version: 1,
            late: false,
            notify: self.notify,
            trigger: v1::Trigger::Webhook.into(),
        }
    }

    /// A million of it went back.
    pub(crate) fn refunded(&self) -> v1::RefundCompleted {
        v1::RefundCompleted {
            refund_id: self.payment_id.to_string(),
            payment_id: self.payment_id.to_string(),
            invoice: Some(self.invoice(v1::InvoiceStatus::Paid)),
            amount_sen: 100_000_000,
            method: "bank_transfer".to_owned(),
            completed_at: Some(to_timestamp(self.paid_at)),
            order_total_sen: 750_000_000,
            order_paid_sen: 275_000_000,
            money_version: 2,
            notify: self.notify,
            trigger: v1::Trigger::Admin.into(),
        }
    }

    /// Customer, order and invoice, in the order they are told in most cases.
    pub(crate) fn beginning(&self) -> Vec<Envelope> {
        vec![
            envelope(self.customer_id, 1, &self.customer()),
            order_event(self, 1, &self.created()),
            invoice_created(self),
        ]
    }

    /// Any event about the customer.
    pub(crate) fn customer_event(&self, version: i64, event: &v1::CustomerChanged) -> Envelope {
        envelope(self.customer_id, version, event)
    }
}

/// Any event about the order.
pub(crate) fn order_event<E: EventMessage>(story: &Story, version: i64, event: &E) -> Envelope {
    envelope(story.order_id, version, event)
}

/// `invoice.created.v1`.
pub(crate) fn invoice_created(story: &Story) -> Envelope {
    envelope(story.invoice_id, 1, &story.linked())
}

/// `payment.received.v1`.
pub(crate) fn payment_received(story: &Story) -> Envelope {
    envelope(story.invoice_id, 2, &story.paid())
}

fn envelope<E: EventMessage>(subject: Uuid, version: i64, event: &E) -> Envelope {
    let id = EventId::generate(&SystemClock);
    let kind = E::TYPE.split('.').next().unwrap();
    Envelope {
        attributes: Attributes {
            id,
            event_type: E::TYPE.to_owned(),
            producer: E::PRODUCER.to_owned(),
            subject_kind: kind.to_owned(),
            subject,
            version,
            occurred_at: SystemClock.now(),
            correlation: id.as_uuid(),
            causation: None,
            actor: None,
            trace: konveksi_telemetry::TraceContext::current(),
        },
        body: event.encode_to_vec(),
    }
}
