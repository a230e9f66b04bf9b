//! One invoice and its moves. Money is always taken (it is in the bank already); what an invoice
//! cannot use becomes the customer's credit.

use chrono::{DateTime, Utc};
use konveksi_kernel::{InvoiceId, Money, MoneyError, OrderId};
use rust_decimal::Decimal;
use thiserror::Error;
use uuid::Uuid;

use super::{Channel, InvoiceCode, InvoiceKind, InvoiceStatus};

/// An invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Invoice {
    /// Its id.
    pub(crate) id: InvoiceId,
    /// Its code.
    pub(crate) code: InvoiceCode,
    /// The order it asks money for.
    pub(crate) order_id: OrderId,
    /// What it asks for.
    pub(crate) kind: InvoiceKind,
    /// Counts invoices of this kind for this order from 1.
    pub(crate) seq: i32,
    /// The part of a payment plan it belongs to; absent outside a plan.
    pub(crate) installment_id: Option<Uuid>,
    /// The deposit's share of the order's total; only for deposits.
    pub(crate) deposit_percent: Option<Decimal>,
    /// What it asks for, in whole rupiah.
    pub(crate) amount: Money,
    /// What of it came.
    pub(crate) amount_paid: Money,
    /// Where it stands.
    pub(crate) status: InvoiceStatus,
    /// Where the customer is written to about it.
    pub(crate) channel: Channel,
    /// Whether the customer is written to when its next link is ready.
    pub(crate) notify: bool,
    /// Whether staff sent a message about it by hand.
    pub(crate) blast_notification: bool,
    /// Whether it was completed after it had expired.
    pub(crate) late: bool,
    /// When it was made.
    pub(crate) created_at: DateTime<Utc>,
    /// Until when it can be paid.
    pub(crate) expires_at: DateTime<Utc>,
    /// When the last of its money came; present exactly when it is paid.
    pub(crate) paid_at: Option<DateTime<Utc>>,
    /// Rises with every change.
    pub(crate) version: i64,
}

/// What an invoice did with money that came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Receipt {
    /// What it used.
    pub(crate) allocated: Money,
    /// What it could not use: the customer's credit.
    pub(crate) excess: Money,
    /// Whether this completed the invoice.
    pub(crate) completed: bool,
    /// Whether the invoice was no longer waiting (expired, paid or cancelled).
    pub(crate) late: bool,
}

/// Why an invoice refuses a move.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum InvoiceError {
    /// Its state does not allow it.
    #[error("an invoice that is {from:?} cannot {wanted}")]
    Refused {
        /// Where it stands.
        from: InvoiceStatus,
        /// What was asked of it.
        wanted: &'static str,
    },
    /// An amount left the range of money.
    #[error("the amount is out of range")]
    Amount(#[from] MoneyError),
}

impl Invoice {
    /// What is still to be paid.
    pub(crate) fn amount_due(&self) -> Money {
        // A CHECK keeps what was paid below what was asked.
        self.amount.minus(self.amount_paid).unwrap_or(Money::ZERO)
    }

    /// Takes money that came at `at`, whatever the state: `sudah dibayar` when it is complete.
    /// Only whole rupiah are used, so that what is left can be asked for at the provider.
    ///
    /// # Errors
    /// [`InvoiceError::Amount`] when sums leave the range of money.
    pub(crate) fn receive(
        &mut self,
        amount: Money,
        at: DateTime<Utc>,
    ) -> Result<Receipt, InvoiceError> {
        let usable = if self.status.is_open() { self.amount_due() } else { Money::ZERO };
        let allocated = amount.percent_whole_rupiah(Decimal::ONE_HUNDRED)?.min(usable);
        let excess = amount.minus(allocated)?;
        let late = self.status != InvoiceStatus::Unpaid;
        self.amount_paid = self.amount_paid.plus(allocated)?;
        let completed = self.status.is_open() && self.amount_due().is_zero();
        if completed {
            self.status = InvoiceStatus::Paid;
            self.paid_at = Some(at);
            self.late = late;
        }
        self.version += 1;
        Ok(Receipt { allocated, excess, completed, late })
    }

    /// Gives money back that was recorded by mistake: it waits for it again, with a new life. A
    /// cancelled one stays cancelled.
    ///
    /// # Errors
    /// [`InvoiceError::Amount`] when it never had that much.
    pub(crate) fn give_back(
        &mut self,
        amount: Money,
        now: DateTime<Utc>,
    ) -> Result<(), InvoiceError> {
        self.amount_paid = self.amount_paid.minus(amount)?;
        match self.status {
            InvoiceStatus::Paid if !amount.is_zero() => {
                self.status = InvoiceStatus::Unpaid;
                self.paid_at = None;
                self.late = false;
                self.expires_at = now + self.kind.lifetime();
            }
            InvoiceStatus::Paid
            | InvoiceStatus::Unpaid
            | InvoiceStatus::Expired
            | InvoiceStatus::Cancelled => {}
        }
        self.version += 1;
        Ok(())
    }

    /// Ends its time. What was paid of it stays paid.
    ///
    /// # Errors
    /// [`InvoiceError::Refused`] unless it waits for money.
    pub(crate) fn expire(&mut self) -> Result<(), InvoiceError> {
        match self.status {
            InvoiceStatus::Unpaid => {
                self.status = InvoiceStatus::Expired;
                self.version += 1;
                Ok(())
            }
            from @ (InvoiceStatus::Paid | InvoiceStatus::Expired | InvoiceStatus::Cancelled) => {
                Err(InvoiceError::Refused { from, wanted: "expire" })
            }
        }
    }

    /// Stops asking for it.
    ///
    /// # Errors
    /// [`InvoiceError::Refused`] when it is paid or cancelled.
    pub(crate) fn cancel(&mut self) -> Result<(), InvoiceError> {
        self.insist_open("be cancelled")?;
        self.status = InvoiceStatus::Cancelled;
        self.version += 1;
        Ok(())
    }

    /// Gives it a new life from `now`, for a new link; an end that lies further away stays.
    ///
    /// # Errors
    /// [`InvoiceError::Refused`] when it is paid or cancelled.
    pub(crate) fn reissue(&mut self, now: DateTime<Utc>) -> Result<(), InvoiceError> {
        self.insist_open("be regenerated")?;
        self.status = InvoiceStatus::Unpaid;
        self.expires_at = self.expires_at.max(now + self.kind.lifetime());
        self.version += 1;
        Ok(())
    }

    /// Asks for `amount` from now on. When that much (or more) came already, it asks for exactly
    /// what came and is paid.
    ///
    /// # Errors
    /// [`InvoiceError::Refused`] when it is paid or cancelled.
    pub(crate) fn change_amount(
        &mut self,
        amount: Money,
        now: DateTime<Utc>,
    ) -> Result<(), InvoiceError> {
        self.insist_open("change its amount")?;
        self.amount = amount.max(self.amount_paid);
        if self.amount_due().is_zero() {
            self.status = InvoiceStatus::Paid;
            self.paid_at = Some(now);
        }
        self.version += 1;
        Ok(())
    }

    /// Whether a new link may be asked for it.
    ///
    /// # Errors
    /// [`InvoiceError::Refused`] when it is paid or cancelled.
    pub(crate) fn insist_open(&self, wanted: &'static str) -> Result<(), InvoiceError> {
        if self.status.is_open() {
            Ok(())
        } else {
            Err(InvoiceError::Refused { from: self.status, wanted })
        }
    }
}

#[cfg(test)]
#[path = "invoice_tests.rs"]
pub(crate) mod tests;
