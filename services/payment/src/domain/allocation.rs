//! Where money goes that came for an invoice: to that invoice first; what it cannot use to the
//! other open parts of its plan, the oldest first; the rest is the customer's credit.

use chrono::{DateTime, Utc};
use konveksi_kernel::{Money, MoneyError};

use super::{Invoice, InvoiceError};

/// What of a payment went to one invoice. The shares of a payment add up to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Share {
    /// The invoice, as it is afterwards.
    pub(crate) invoice: Invoice,
    /// What this row of the payment carries.
    pub(crate) amount: Money,
    /// What of it the invoice used; the rest is credit.
    pub(crate) allocated: Money,
    /// Whether the invoice was no longer waiting.
    pub(crate) late: bool,
}

/// Gives `amount` that came at `at` to `first`, and what that cannot use to `others` in turn. The
/// first share is that of `first`, unless it needs nothing and others take all: no share is of
/// nothing. A credit stands with the last one.
///
/// # Errors
/// [`InvoiceError::Amount`] when sums leave the range of money.
pub(crate) fn allocate(
    amount: Money,
    at: DateTime<Utc>,
    first: Invoice,
    others: Vec<Invoice>,
) -> Result<Vec<Share>, InvoiceError> {
    let mut left = amount;
    let mut shares: Vec<Share> = Vec::new();
    for mut invoice in std::iter::once(first).chain(others) {
        let open = invoice.status.is_open() && !invoice.amount_due().is_zero();
        let usable = !left.is_zero() && open && !whole(left)?.is_zero();
        if !shares.is_empty() && !usable {
            continue;
        }
        let receipt = invoice.receive(left, at)?;
        shares.push(Share {
            amount: receipt.allocated,
            allocated: receipt.allocated,
            late: receipt.late,
            invoice,
        });
        left = receipt.excess;
    }
    if let Some(last) = shares.last_mut() {
        last.amount = last.amount.plus(left)?;
    }
    // Where others took all that came for an invoice which needed nothing, that one has no share.
    if let [unused, next, ..] = shares.as_mut_slice()
        && unused.amount.is_zero()
    {
        next.late |= unused.late;
        shares.remove(0);
    }
    Ok(shares)
}

fn whole(amount: Money) -> Result<Money, MoneyError> {
    amount.percent_whole_rupiah(rust_decimal::Decimal::ONE_HUNDRED)
}

#[cfg(test)]
#[path = "allocation_tests.rs"]
mod tests;
