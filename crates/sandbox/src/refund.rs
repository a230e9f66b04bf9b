//! Money that a provider pays back, with Xendit's words for its states.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use thiserror::Error;

use crate::invoice::{Invoice, InvoiceStatus};
use crate::object_id;

/// Where a refund stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum RefundStatus {
    /// Under way.
    Pending,
    /// Paid.
    Succeeded,
    /// Not paid.
    Failed,
}

impl RefundStatus {
    /// The event that tells it.
    pub(crate) const fn event(self) -> &'static str {
        match self {
            RefundStatus::Pending => "refund.pending",
            RefundStatus::Succeeded => "refund.succeeded",
            RefundStatus::Failed => "refund.failed",
        }
    }
}

/// A refund.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Refund {
    /// The provider's id.
    pub id: String,
    /// The merchant's key for it: Xendit's `reference_id`, Midtrans's `refund_key`.
    pub key: String,
    /// How much, in whole rupiah.
    pub amount: u64,
    /// Why, as the merchant said.
    pub reason: String,
    /// Where it stands.
    pub status: RefundStatus,
    /// When it was asked for.
    pub created: DateTime<Utc>,
    /// When it last changed.
    pub updated: DateTime<Utc>,
}

/// What the merchant asks for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RefundWish<'a> {
    /// The merchant's key.
    pub(crate) key: &'a str,
    /// How much; absent: all that is left.
    pub(crate) amount: Option<u64>,
    /// Why.
    pub(crate) reason: &'a str,
}

/// A refund, and whether this request made it.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) refund: Refund,
    pub(crate) is_new: bool,
}

/// Why nothing is paid back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RefundError {
    /// No payment or refund has this id.
    #[error("no such payment or refund")]
    NotFound,
    /// It was not paid.
    #[error("the payment has not been made")]
    NotPaid,
    /// More than what was paid and has not gone back.
    #[error("the refund amount exceeds the amount that is left")]
    TooMuch,
    /// Its channel pays nothing back.
    #[error("refunds are not supported by this channel")]
    ChannelUnsupported,
    /// It has ended.
    #[error("the refund has ended")]
    NotPending,
}

/// Channels that pay nothing back: virtual accounts and counters.
fn pays_back(invoice: &Invoice) -> bool {
    let method = invoice.payment_method.as_deref();
    !matches!(method, None | Some("BANK_TRANSFER" | "RETAIL_OUTLET"))
}

impl Invoice {
    /// What went or is going back.
    pub(crate) fn refunding(&self) -> u64 {
        let open = self.backstage.refunds.iter().filter(|one| one.status != RefundStatus::Failed);
        open.map(|one| one.amount).sum()
    }

    /// Takes a refund in; the same key again answers the one that is there.
    pub(crate) fn ask_refund(
        &mut self,
        wish: RefundWish<'_>,
        now: DateTime<Utc>,
    ) -> Result<Asked, RefundError> {
        if let Some(refund) = self.backstage.refunds.iter().find(|one| one.key == wish.key) {
            return Ok(Asked { refund: refund.clone(), is_new: false });
        }
        match self.status {
            InvoiceStatus::Paid | InvoiceStatus::Settled => {}
            InvoiceStatus::Pending | InvoiceStatus::Expired => return Err(RefundError::NotPaid),
        }
        if !pays_back(self) {
            return Err(RefundError::ChannelUnsupported);
        }
        let left = self.paid_amount.unwrap_or(self.amount).saturating_sub(self.refunding());
        let amount = wish.amount.unwrap_or(left);
        if amount == 0 || amount > left {
            return Err(RefundError::TooMuch);
        }
        let refund = Refund {
            id: format!("rfd-{}", object_id::generate(now)),
            key: wish.key.to_owned(),
            amount,
            reason: wish.reason.to_owned(),
            status: RefundStatus::Pending,
            created: now,
            updated: now,
        };
        self.backstage.refunds.push(refund.clone());
        Ok(Asked { refund, is_new: true })
    }

    /// Ends a waiting refund.
    pub(crate) fn end_refund(
        &mut self,
        refund_id: &str,
        paid: bool,
        now: DateTime<Utc>,
    ) -> Result<Refund, RefundError> {
        let refund = self
            .backstage
            .refunds
            .iter_mut()
            .find(|one| one.id == refund_id)
            .ok_or(RefundError::NotFound)?;
        if refund.status != RefundStatus::Pending {
            return Err(RefundError::NotPending);
        }
        refund.status = if paid { RefundStatus::Succeeded } else { RefundStatus::Failed };
        refund.updated = now;
        Ok(refund.clone())
    }
}

impl Refund {
    /// The refund as Xendit writes it.
    pub(crate) fn on_wire(&self, invoice: &Invoice) -> Value {
        let failure = (self.status == RefundStatus::Failed).then_some("ACCOUNT_ACCESS_BLOCKED");
        json!({
            "id": self.id,
            "payment_id": invoice.payment_id,
            "invoice_id": invoice.id,
            "amount": self.amount,
            "payment_method_type": invoice.payment_method,
            "channel_code": invoice.payment_channel,
            "currency": "IDR",
            "status": self.status,
            "reason": self.reason,
            "reference_id": self.key,
            "failure_code": failure,
            "refund_fee_amount": null,
            "created": self.created,
            "updated": self.updated,
            "metadata": null,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::invoice::Payment;
    use crate::invoices::tests_support::invoice;

    fn wish(key: &str, amount: u64) -> RefundWish<'_> {
        RefundWish { key, amount: Some(amount), reason: "CANCELLATION" }
    }

    #[test]
    fn one_key_is_one_refund_and_all_together_stay_within_the_payment() {
        let mut paid = invoice("a");
        let now = paid.created;
        assert_eq!(paid.ask_refund(wish("k", 1), now).unwrap_err(), RefundError::NotPaid);
        paid.pay(Payment { method: Some("QRIS"), ..Payment::default() }, now).unwrap();
        let first = paid.ask_refund(wish("k", 6_000), now).unwrap();
        assert!(first.is_new && !paid.ask_refund(wish("k", 6_000), now).unwrap().is_new);
        assert_eq!(paid.ask_refund(wish("l", 6_000), now).unwrap_err(), RefundError::TooMuch);
        paid.end_refund(&first.refund.id, false, now).unwrap();
        assert!(paid.ask_refund(wish("l", 10_000), now).is_ok(), "a failed one holds nothing");
    }

    #[test]
    fn a_virtual_account_pays_nothing_back() {
        let mut paid = invoice("a");
        let now = paid.created;
        paid.pay(Payment::default(), now).unwrap();
        let refused = paid.ask_refund(wish("k", 1), now).unwrap_err();
        assert_eq!(refused, RefundError::ChannelUnsupported);
    }
}
