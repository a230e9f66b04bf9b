//! Our words in the contract's.

use konveksi_contracts::{to_timestamp, v1};

use crate::domain::{Channel, Invoice, InvoiceKind, InvoiceStatus, OrderView, PaymentSource};

/// An invoice as other services need it; `url` is where it can be paid now.
pub(super) fn of(invoice: &Invoice, order: &OrderView, url: Option<&str>) -> v1::InvoiceState {
    v1::InvoiceState {
        invoice_id: invoice.id.to_string(),
        invoice_code: invoice.code.to_string(),
        order_id: order.id.to_string(),
        order_code: order.code.clone(),
        customer_id: order.customer_id.to_string(),
        kind: kind(invoice.kind).into(),
        amount_sen: invoice.amount.to_sen(),
        amount_paid_sen: invoice.amount_paid.to_sen(),
        status: status(invoice.status).into(),
        payment_url: url.unwrap_or_default().to_owned(),
        expires_at: Some(to_timestamp(invoice.expires_at)),
        channel: channel(invoice.channel).into(),
    }
}

/// Who caused a payment to be recorded.
pub(super) const fn trigger(source: PaymentSource) -> v1::Trigger {
    match source {
        PaymentSource::Xendit | PaymentSource::Midtrans | PaymentSource::Mutation => {
            v1::Trigger::Webhook
        }
        PaymentSource::Manual | PaymentSource::Credit => v1::Trigger::Admin,
    }
}

const fn kind(kind: InvoiceKind) -> v1::InvoiceKind {
    match kind {
        InvoiceKind::Deposit => v1::InvoiceKind::Deposit,
        InvoiceKind::Final => v1::InvoiceKind::Final,
        InvoiceKind::Full => v1::InvoiceKind::Full,
    }
}

const fn status(status: InvoiceStatus) -> v1::InvoiceStatus {
    match status {
        InvoiceStatus::Unpaid => v1::InvoiceStatus::Unpaid,
        InvoiceStatus::Paid => v1::InvoiceStatus::Paid,
        InvoiceStatus::Expired => v1::InvoiceStatus::Expired,
        InvoiceStatus::Cancelled => v1::InvoiceStatus::Cancelled,
    }
}

const fn channel(channel: Channel) -> v1::Channel {
    match channel {
        Channel::Whatsapp => v1::Channel::Whatsapp,
        Channel::Email => v1::Channel::Email,
        Channel::Both => v1::Channel::Both,
    }
}
