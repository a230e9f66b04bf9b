//! Raw columns to domain values; what cannot be is reported as corrupt, with the column's name.

use chrono::{DateTime, Utc};
use konveksi_db::DbError;
use konveksi_kernel::Money;
use rust_decimal::Decimal;

/// From when to when; open where absent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Span {
    /// Not before this.
    pub(crate) from: Option<DateTime<Utc>>,
    /// Before this.
    pub(crate) before: Option<DateTime<Utc>>,
}

/// A word that was parsed, or the complaint that the column holds something else.
pub(super) fn word<T>(column: &str, text: &str, parsed: Option<T>) -> Result<T, DbError> {
    parsed.ok_or_else(|| DbError::Corrupt(format!("{column} holds {text:?}")))
}

/// An amount of money from a `NUMERIC` column.
pub(super) fn money(column: &str, rupiah: Decimal) -> Result<Money, DbError> {
    Money::from_decimal(rupiah)
        .map_err(|error| DbError::Corrupt(format!("{column} holds {rupiah}: {error}")))
}
