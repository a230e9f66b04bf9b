//! Why a use case refused.

use konveksi_db::DbError;
use konveksi_kernel::{InvoiceId, OrderId, TemplateId};
use thiserror::Error;

use crate::domain::channel::ChannelChoice;
use crate::domain::template::{RenderError, TemplateError};
use crate::domain::template_type::TemplateType;

/// A use case's refusals.
#[derive(Debug, Error)]
pub(crate) enum AppError {
    /// No such order is known here (yet).
    #[error("no order {0}")]
    OrderNotFound(OrderId),
    /// No such order is known here (yet).
    #[error("no such order")]
    OrderCodeNotFound,
    /// No such invoice is known here (yet).
    #[error("no invoice {0}")]
    InvoiceNotFound(InvoiceId),
    /// The invoice belongs to another order.
    #[error("invoice {invoice} does not belong to order {order}")]
    InvoiceOfOtherOrder {
        /// The invoice.
        invoice: InvoiceId,
        /// The order named beside it.
        order: OrderId,
    },
    /// The message asks for payment, but the order has no invoice to pay.
    #[error("order {0} has no unpaid invoice")]
    NothingToPay(OrderId),
    /// The message asks for payment of an invoice that is paid, expired or cancelled.
    #[error("invoice {0} cannot be paid")]
    NotPayable(InvoiceId),
    /// The customer's name and addresses are not known here (yet).
    #[error("the customer of order {0} is not known yet")]
    ContactUnknown(OrderId),
    /// The customer has no address on the wanted channels.
    #[error("the customer cannot be reached by {}", .0.as_wire())]
    NoContact(ChannelChoice),
    /// No such template.
    #[error("no template {0}")]
    TemplateNotFound(TemplateId),
    /// The template may not be used.
    #[error("template {0} is not active")]
    TemplateInactive(TemplateId),
    /// Nobody wrote an active default of this type for any of the channels.
    #[error("no active default template of type {}", .0.as_wire())]
    NoDefault(TemplateType),
    /// The template is made for other channels than the wanted one.
    #[error("template {template} is not made for {}", .channel.as_wire())]
    OtherChannel {
        /// The template.
        template: TemplateId,
        /// What was wanted.
        channel: ChannelChoice,
    },
    /// A stored template is not well formed.
    #[error("the template is broken")]
    TemplateBroken(#[from] TemplateError),
    /// The message would be too long.
    #[error("the message is too long")]
    TooLong(#[from] RenderError),
    /// The idempotency key cannot be used.
    #[error(transparent)]
    Key(#[from] konveksi_idempotency::Refused),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}
