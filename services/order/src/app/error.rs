//! What a use case may answer instead of success.

use konveksi_db::DbError;
use konveksi_kernel::{CustomerId, OrderId, ProductId};
use thiserror::Error;

use crate::domain::customer::{Customer, MergeRefusal};
use crate::domain::field::Complaints;
use crate::domain::making::MakingError;
use crate::domain::order::{EditError, Order};
use crate::domain::status::{OrderStatus, Refusal};

/// An answer that is not success.
#[derive(Debug, Error)]
pub(crate) enum AppError {
    /// No such order, or it was deleted.
    #[error("order {0} does not exist")]
    OrderNotFound(OrderId),
    /// No order has this code.
    #[error("no order has this code")]
    CodeUnknown,
    /// A text that can be no order's code.
    #[error("not an order code")]
    CodeMalformed,
    /// No order has this tracking token.
    #[error("no order has this tracking token")]
    TokenUnknown,
    /// No such product.
    #[error("product {0} does not exist")]
    ProductNotFound(ProductId),
    /// No such customer.
    #[error("customer {0} does not exist")]
    CustomerNotFound(CustomerId),
    /// The record was merged and is not changed any more.
    #[error("customer {id} was merged into {into}")]
    CustomerMerged {
        /// The record.
        id: CustomerId,
        /// The one that took it over.
        into: CustomerId,
    },
    /// The list ends before this page.
    #[error("page {0} is beyond the end of the list")]
    PageOutOfRange(u32),
    /// Fields that are wrong in themselves.
    #[error("some fields are wrong")]
    Fields(Complaints),
    /// A rule refuses it.
    #[error("{refusal}")]
    Refused {
        /// Which rule.
        #[source]
        refusal: Refusal,
        /// The order's code.
        order_code: String,
        /// Where it stands.
        status: OrderStatus,
    },
    /// The order is not the one the caller saw.
    #[error("the order has changed: it has version {current}")]
    Stale {
        /// Its version now.
        current: i64,
    },
    /// A report that cannot be true.
    #[error(transparent)]
    Making(#[from] MakingError),
    /// The request's idempotency key.
    #[error(transparent)]
    Key(#[from] konveksi_idempotency::Refused),
    /// Every code that was drawn is taken.
    #[error("no free order code was found")]
    NoFreeCode,
    /// An answer that cannot be written down or read again.
    #[error("an answer cannot be kept")]
    Unreadable(#[source] serde_json::Error),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl AppError {
    /// `refusal` to merge `taken` into `stays`.
    pub(crate) fn merge(refusal: MergeRefusal, taken: &Customer, stays: CustomerId) -> AppError {
        match refusal {
            MergeRefusal::Itself => {
                let mut wrong = Complaints::default();
                wrong.add("into", "Tidak dapat digabung dengan dirinya sendiri.");
                AppError::Fields(wrong)
            }
            MergeRefusal::TakenOver(into) => {
                let id = if taken.merged_into.is_some() { taken.id } else { stays };
                AppError::CustomerMerged { id, into }
            }
        }
    }

    /// `refusal`, with what the caller may want to know about the order.
    pub(crate) fn refused(refusal: Refusal, order: &Order) -> AppError {
        let (order_code, status) = (order.code.clone(), order.standing.status());
        AppError::Refused { refusal, order_code, status }
    }

    /// As [`AppError::refused`], or the fields that are wrong.
    pub(crate) fn edit(error: EditError, order: &Order) -> AppError {
        match error {
            EditError::Fields(complaints) => AppError::Fields(complaints),
            EditError::Refused(refusal) => AppError::refused(refusal, order),
        }
    }
}
