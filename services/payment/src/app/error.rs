//! What a use case can answer instead of its result.

use konveksi_db::DbError;
use konveksi_kernel::MoneyError;
use thiserror::Error;

use crate::domain::{InvoiceError, InvoiceStatus};
use crate::providers::ProviderError;

/// Why a use case did not do what it was asked.
#[derive(Debug, Error)]
pub(crate) enum AppError {
    /// Nobody told this service of such an order.
    #[error("the order is not known here")]
    OrderNotFound,
    /// There is no such invoice.
    #[error("no such invoice")]
    InvoiceNotFound,
    /// There is no such payment.
    #[error("no such payment")]
    PaymentNotFound,
    /// The order is cancelled or deleted: nothing is asked for it any more.
    #[error("the order is cancelled or deleted")]
    OrderClosed,
    /// The order's deposit was paid already.
    #[error("the deposit was paid already")]
    DepositPaid,
    /// Part of the order was paid, so the whole cannot be asked for at once.
    #[error("part of the order was paid already; ask for the rest (pelunasan)")]
    PartlyPaid,
    /// Everything was paid.
    #[error("nothing is left to pay")]
    NothingLeft,
    /// The invoice's state forbids it.
    #[error("invoice {code}: {source}")]
    Refused {
        /// The invoice's code.
        code: String,
        /// Where it stands.
        status: InvoiceStatus,
        /// The rule that refuses.
        #[source]
        source: InvoiceError,
    },
    /// The new expiry does not lie ahead.
    #[error("the expiry must lie ahead")]
    ExpiryPassed,
    /// Somebody else is asking the provider for the link, and has not finished in time.
    #[error("the payment link is still being made")]
    LinkPending,
    /// The provider did not make the link.
    #[error("the payment link could not be made")]
    Provider(#[source] ProviderError),
    /// The callback's token is missing or wrong.
    #[error("the callback's token is missing or wrong")]
    WrongToken,
    /// The callback's body is not what the provider sends.
    #[error("the callback cannot be read: {0}")]
    UnreadableCallback(String),
    /// An amount left the range of money.
    #[error("an amount is out of range")]
    Amount(#[from] MoneyError),
    /// Every code that was tried is taken.
    #[error("no free invoice code was found")]
    NoFreeCode,
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<InvoiceError> for AppError {
    fn from(error: InvoiceError) -> AppError {
        match error {
            InvoiceError::Amount(amount) => AppError::Amount(amount),
            InvoiceError::Refused { from, wanted } => AppError::Refused {
                code: String::new(),
                status: from,
                source: InvoiceError::Refused { from, wanted },
            },
        }
    }
}

impl AppError {
    /// The same refusal, naming the invoice.
    pub(super) fn of(invoice: &crate::domain::Invoice, error: InvoiceError) -> AppError {
        match AppError::from(error) {
            AppError::Refused { status, source, .. } => {
                AppError::Refused { code: invoice.code.to_string(), status, source }
            }
            other => other,
        }
    }
}
