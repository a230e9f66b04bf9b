//! What all providers are asked and answer, in our words.

use chrono::{DateTime, Utc};
use konveksi_kernel::Money;

/// A link to be made.
#[derive(Debug, Clone)]
pub(crate) struct NewLink {
    /// Our name for it.
    pub(crate) external_id: String,
    /// What it asks for; whole rupiah.
    pub(crate) amount: Money,
    /// What the customer reads.
    pub(crate) description: String,
    /// How long it can be paid.
    pub(crate) lifetime: chrono::Duration,
    /// Where the browser goes after paying.
    pub(crate) success_url: String,
    /// Where the browser goes after failing to pay.
    pub(crate) failure_url: String,
}

/// A link that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MadeLink {
    /// The provider's id: what it is asked about by.
    pub(crate) id: String,
    /// Where the customer pays.
    pub(crate) url: String,
}

/// Where a link stands at the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ProviderStatus {
    /// Waits for money.
    Pending,
    /// Paid; the provider holds the money or has sent it on. What went back since does not undo
    /// that.
    Paid,
    /// Can no longer be paid.
    Expired,
    /// A word this version does not know.
    Unknown,
}

/// A link as the provider tells it.
#[derive(Debug, Clone)]
pub(crate) struct ProviderInvoice {
    /// Their id.
    pub(crate) id: String,
    /// Our name for it.
    pub(crate) external_id: String,
    /// Where it stands.
    pub(crate) status: ProviderStatus,
    /// What came, or is asked for before it came, in rupiah.
    pub(crate) amount: Money,
    /// What of that the provider let the customer pay on top, for itself.
    pub(crate) fees: FeesOnTop,
    /// When it was paid.
    pub(crate) paid_at: Option<DateTime<Utc>>,
    /// The currency of the amount.
    pub(crate) currency: String,
    /// The provider's word for how it was paid, such as `BANK_TRANSFER`.
    pub(crate) method: Option<String>,
    /// Where the customer pays; empty when the provider does not say it again.
    pub(crate) url: String,
}

/// What a provider lets customers pay on top of what a link asks for, for itself. It is none of our
/// money, and no overpayment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FeesOnTop {
    /// The provider says how much, in rupiah; nothing else that is too much is a fee.
    Named(Money),
    /// The provider does not say: whatever is more than the link asked for is one.
    Unnamed,
}

impl ProviderInvoice {
    /// What came in for us, for a link that asked for `asked`: without a fee that was on top.
    pub(crate) fn received(&self, asked: Money) -> Money {
        self.amount.minus(self.fee_on_top(asked)).unwrap_or(Money::ZERO)
    }

    /// What came in beside it because the provider added its fee. A fee is never taken from what
    /// was asked for.
    pub(crate) fn fee_on_top(&self, asked: Money) -> Money {
        let beyond = self.amount.minus(asked).unwrap_or(Money::ZERO);
        match self.fees {
            FeesOnTop::Named(fees) => fees.min(beyond),
            FeesOnTop::Unnamed => beyond,
        }
    }
}

/// A refund to be made.
#[derive(Debug, Clone)]
pub(crate) struct NewRefund {
    /// Our name for it; asked with it twice, the provider pays once.
    pub(crate) key: String,
    /// The provider's id of the paid link.
    pub(crate) of: String,
    /// How it was paid, in the provider's word.
    pub(crate) method: String,
    /// How much; whole rupiah.
    pub(crate) amount: Money,
}

/// Where a refund stands at the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RefundProgress {
    /// Under way.
    Pending,
    /// Paid, at that time where the provider says it.
    Paid(Option<DateTime<Utc>>),
    /// Not paid, with the provider's word for why.
    Failed(String),
}

/// A refund as the provider tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ProviderRefund {
    /// Their id; our own key where they have none.
    pub(crate) id: String,
    /// How much, in rupiah.
    pub(crate) amount: Money,
    /// Where it stands.
    pub(crate) progress: RefundProgress,
}
