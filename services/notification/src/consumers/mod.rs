//! What this service hears. Handlers only translate: contract in, use case out.

mod facts;
mod on_customer_changed;
mod on_installment_due;
mod on_invoice_cancelled;
mod on_invoice_created;
mod on_invoice_expired;
mod on_order_cancelled;
mod on_order_created;
mod on_order_deleted;
mod on_order_production_changed;
mod on_order_status_changed;
mod on_order_updated;
mod on_payment_received;
mod on_refund_completed;

use konveksi_eventing::{HandlerError, Handlers};

use crate::app::{App, AppError};

/// Every event heard, with its handler.
pub(crate) fn handlers() -> Handlers<App> {
    Handlers::new()
        .on(on_customer_changed::handle)
        .on(on_order_created::handle)
        .on(on_order_updated::handle)
        .on(on_order_deleted::handle)
        .on(on_order_cancelled::handle)
        .on(on_order_status_changed::handle)
        .on(on_order_production_changed::handle)
        .on(on_invoice_created::handle)
        .on(on_invoice_expired::handle)
        .on(on_invoice_cancelled::handle)
        .on(on_payment_received::handle)
        .on(on_installment_due::handle)
        .on(on_refund_completed::handle)
        .after_commit(|app| app.work.notify_one())
}

/// What is not known yet may still come: events have no order. A template that cannot be written
/// may be mended by staff. Everything else is the database's word.
impl From<AppError> for HandlerError {
    fn from(error: AppError) -> HandlerError {
        match error {
            AppError::Db(error) => HandlerError::Db(error),
            AppError::OrderNotFound(_)
            | AppError::OrderCodeNotFound
            | AppError::InvoiceNotFound(_)
            | AppError::InvoiceOfOtherOrder { .. }
            | AppError::NothingToPay(_)
            | AppError::NotPayable(_)
            | AppError::ContactUnknown(_)
            | AppError::NoContact(_)
            | AppError::TemplateNotFound(_)
            | AppError::TemplateInactive(_)
            | AppError::NoDefault(_)
            | AppError::OtherChannel { .. }
            | AppError::TemplateBroken(_)
            | AppError::TooLong(_)
            | AppError::Key(_) => HandlerError::Retry(error.to_string()),
        }
    }
}
