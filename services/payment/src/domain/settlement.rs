//! A provider's payout: what it held for us is in the bank, less what it keeps.

use chrono::{DateTime, NaiveDate, Utc};
use konveksi_kernel::Money;
use uuid::Uuid;

use super::PaymentSource;

/// A payout as staff recorded it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Settlement {
    /// Its id.
    pub(crate) id: Uuid,
    /// Who paid it out.
    pub(crate) provider: PaymentSource,
    /// Their name for it, or the bank's.
    pub(crate) reference: String,
    /// What reached the bank, in rupiah.
    pub(crate) amount: Money,
    /// What the provider kept, in rupiah.
    pub(crate) fee: Money,
    /// The Jakarta day it reached the bank.
    pub(crate) settled_on: NaiveDate,
    /// Who recorded it.
    pub(crate) recorded_by: String,
    /// When they did.
    pub(crate) created_at: DateTime<Utc>,
    /// Who took it back as a mistake, and when.
    pub(crate) reversed: Option<(String, DateTime<Utc>)>,
}

impl Settlement {
    /// What it books; booked at most once.
    pub(crate) fn source(&self) -> String {
        format!("settlement:{}", self.id)
    }
}
