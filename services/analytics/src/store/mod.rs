//! All SQL of this service. Lock order: order before status counts; a payment's turn and the
//! payment before its day.

pub(crate) mod customers;
pub(crate) mod orders;
pub(crate) mod payments;
pub(crate) mod refunds;
pub(crate) mod revenue;
mod schema;
pub(crate) mod snapshot;
pub(crate) mod status_counts;

use konveksi_db::DbError;
use konveksi_kernel::Money;
use rust_decimal::Decimal;

/// A stored amount, which the table's CHECK keeps in range.
fn money(rupiah: Decimal) -> Result<Money, DbError> {
    Money::from_decimal(rupiah).map_err(|error| DbError::Corrupt(format!("{rupiah}: {error}")))
}
