//! Events about one order, as the other services tell them.

use konveksi_contracts::to_timestamp;
use konveksi_contracts::v1::{
    Channel, FailureKind, InvoiceCancelled, InvoiceCreated, InvoiceExpired, InvoiceKind,
    InvoiceState, InvoiceStatus, MediaQuarantined, MediaRejected, MediaStored, NotificationFailed,
    NotificationSent, PaymentOverdue, PaymentReceived, PaymentRejected, RefundCompleted,
    RejectReason, Trigger,
};
use konveksi_kernel::{
    Clock as _, FileId, InvoiceId, NotificationId, PaymentId, RefundId, SystemClock,
};
use serde_json::Value;

/// The order events are about.
pub(crate) struct About {
    order_id: String,
    order_code: String,
    total_sen: i64,
}

/// One invoice of it.
#[derive(Clone)]
pub(crate) struct Invoice {
    pub(crate) id: InvoiceId,
    pub(crate) code: &'static str,
    pub(crate) kind: InvoiceKind,
    pub(crate) rupiah: i64,
}

impl Invoice {
    pub(crate) fn new(kind: InvoiceKind, code: &'static str, rupiah: i64) -> Invoice {
        Invoice { id: InvoiceId::generate(&SystemClock), code, kind, rupiah }
    }

    pub(crate) fn deposit() -> Invoice {
        Invoice::new(InvoiceKind::Deposit, "INV-000001-DPA", 600_000)
    }

    pub(crate) fn last() -> Invoice {
        Invoice::new(InvoiceKind::Final, "INV-000002-FIN", 400_000)
    }

    pub(crate) fn full() -> Invoice {
        Invoice::new(InvoiceKind::Full, "INV-000003-FUL", 1_000_000)
    }
}

impl About {
    pub(crate) fn order(order: &Value) -> About {
        let total = order["total_price"].as_str().unwrap().trim_end_matches(".00");
        About {
            order_id: order["id"].as_str().unwrap().to_owned(),
            order_code: order["order_code"].as_str().unwrap().to_owned(),
            total_sen: total.parse::<i64>().unwrap() * 100,
        }
    }

    fn state(&self, invoice: &Invoice, status: InvoiceStatus) -> InvoiceState {
        InvoiceState {
            invoice_id: invoice.id.to_string(),
            invoice_code: invoice.code.to_owned(),
            order_id: self.order_id.clone(),
            order_code: self.order_code.clone(),
            kind: invoice.kind.into(),
            amount_sen: invoice.rupiah * 100,
            status: status.into(),
            payment_url: "http://pay/1".to_owned(),
            ..InvoiceState::default()
        }
    }

    pub(crate) fn created(&self, invoice: &Invoice) -> InvoiceCreated {
        InvoiceCreated { invoice: Some(self.state(invoice, InvoiceStatus::Unpaid)), notify: true }
    }

    pub(crate) fn expired(&self, invoice: &Invoice) -> InvoiceExpired {
        InvoiceExpired { invoice: Some(self.state(invoice, InvoiceStatus::Expired)) }
    }

    pub(crate) fn cancelled(&self, invoice: &Invoice) -> InvoiceCancelled {
        InvoiceCancelled { invoice: Some(self.state(invoice, InvoiceStatus::Cancelled)) }
    }

    /// `invoice` paid completely, after which `paid` rupiah are there in all.
    pub(crate) fn paid(&self, invoice: &Invoice, paid: i64, version: i64) -> PaymentReceived {
        PaymentReceived {
            payment_id: PaymentId::generate(&SystemClock).to_string(),
            invoice: Some(self.state(invoice, InvoiceStatus::Paid)),
            amount_sen: invoice.rupiah * 100,
            method: "BANK_TRANSFER".to_owned(),
            paid_at: Some(to_timestamp(SystemClock.now())),
            order_total_sen: self.total_sen,
            order_paid_sen: paid * 100,
            money_version: version,
            late: false,
            notify: true,
            trigger: Trigger::Webhook.into(),
        }
    }

    /// A part of `invoice` paid.
    pub(crate) fn part(&self, invoice: &Invoice, paid: i64, version: i64) -> PaymentReceived {
        PaymentReceived {
            invoice: Some(self.state(invoice, InvoiceStatus::Unpaid)),
            amount_sen: paid * 100,
            trigger: Trigger::Admin.into(),
            ..self.paid(invoice, paid, version)
        }
    }

    /// `rupiah` of `invoice`'s payment went back, after which `paid` are left in all.
    pub(crate) fn refunded(
        &self,
        invoice: &Invoice,
        rupiah: i64,
        (paid, version): (i64, i64),
    ) -> RefundCompleted {
        RefundCompleted {
            refund_id: RefundId::generate(&SystemClock).to_string(),
            payment_id: PaymentId::generate(&SystemClock).to_string(),
            invoice: Some(self.state(invoice, InvoiceStatus::Paid)),
            amount_sen: rupiah * 100,
            method: "bank_transfer".to_owned(),
            completed_at: Some(to_timestamp(SystemClock.now())),
            order_total_sen: self.total_sen,
            order_paid_sen: paid * 100,
            money_version: version,
            notify: true,
            trigger: Trigger::Admin.into(),
        }
    }

    /// `invoice` was due three days ago.
    pub(crate) fn overdue(&self, invoice: &Invoice) -> PaymentOverdue {
        PaymentOverdue {
            invoice: Some(self.state(invoice, InvoiceStatus::Unpaid)),
            days_overdue: 3,
            step: 2,
            amount_due_sen: invoice.rupiah * 100,
            due_on: "2026-11-24".to_owned(),
        }
    }

    pub(crate) fn rejected(&self, invoice: &Invoice, rupiah: i64) -> PaymentRejected {
        PaymentRejected {
            order_id: self.order_id.clone(),
            order_code: self.order_code.clone(),
            invoice_id: invoice.id.to_string(),
            invoice_code: invoice.code.to_owned(),
            amount_sen: rupiah * 100,
            reason: RejectReason::AmountTooLow.into(),
        }
    }

    pub(crate) fn sent(&self, template_type: &str) -> NotificationSent {
        NotificationSent {
            notification_id: NotificationId::generate(&SystemClock).to_string(),
            order_id: self.order_id.clone(),
            order_code: self.order_code.clone(),
            template_type: template_type.to_owned(),
            channel: Channel::Whatsapp.into(),
            ..NotificationSent::default()
        }
    }

    pub(crate) fn unsent(&self, template_type: &str) -> NotificationFailed {
        NotificationFailed {
            notification_id: NotificationId::generate(&SystemClock).to_string(),
            order_id: self.order_id.clone(),
            order_code: self.order_code.clone(),
            template_type: template_type.to_owned(),
            channel: Channel::Email.into(),
            failure: FailureKind::Unreachable.into(),
            ..NotificationFailed::default()
        }
    }

    pub(crate) fn stored(&self, file_id: FileId, url: &str) -> MediaStored {
        MediaStored {
            file_id: file_id.to_string(),
            order_id: self.order_id.clone(),
            url: url.to_owned(),
            format: "PNG".to_owned(),
            size_bytes: 1,
        }
    }

    pub(crate) fn quarantined(&self, file_id: FileId) -> MediaQuarantined {
        MediaQuarantined { file_id: file_id.to_string(), order_id: self.order_id.clone() }
    }

    pub(crate) fn refused(&self, file_id: FileId) -> MediaRejected {
        MediaRejected { file_id: file_id.to_string(), order_id: self.order_id.clone() }
    }
}
