//! The contract's numbers and texts as our words. What cannot be read is refused for good: the
//! same bytes will not read better later.

use std::str::FromStr;

use konveksi_contracts::v1;
use konveksi_eventing::{HandlerError, Received};
use konveksi_kernel::Money;

use crate::app::apply_invoice::InvoiceFact;
use crate::app::{AppError, Heard};
use crate::domain::history::TriggerSource;
use crate::domain::invoice::InvoiceKind;

/// Which event it was, and when its fact happened.
pub(super) const fn heard<E>(event: &Received<E>) -> Heard {
    Heard { event_id: event.id, at: event.occurred_at }
}

/// An id that must be there.
pub(super) fn id<T: FromStr>(text: &str, field: &str) -> Result<T, HandlerError> {
    text.parse().map_err(|_not_an_id| HandlerError::Refuse(format!("{field} is not an id")))
}

/// An amount in sen.
pub(super) fn money(sen: i64, field: &str) -> Result<Money, HandlerError> {
    Money::from_sen(sen).map_err(|error| HandlerError::Refuse(format!("{field}: {error}")))
}

/// What an invoice asks for.
pub(super) fn kind(kind: v1::InvoiceKind) -> Result<InvoiceKind, HandlerError> {
    match kind {
        v1::InvoiceKind::Deposit => Ok(InvoiceKind::Deposit),
        v1::InvoiceKind::Final => Ok(InvoiceKind::Final),
        v1::InvoiceKind::Full => Ok(InvoiceKind::Full),
        v1::InvoiceKind::Unspecified => {
            Err(HandlerError::Refuse("the invoice's kind is not said".to_owned()))
        }
    }
}

/// Who caused it; the system when it is not said.
pub(super) const fn trigger(trigger: v1::Trigger) -> TriggerSource {
    match trigger {
        v1::Trigger::Admin => TriggerSource::Admin,
        v1::Trigger::Webhook => TriggerSource::Webhook,
        v1::Trigger::Customer => TriggerSource::Customer,
        v1::Trigger::System | v1::Trigger::Unspecified => TriggerSource::System,
    }
}

/// One channel of one message.
pub(super) const fn channel(channel: v1::Channel) -> &'static str {
    match channel {
        v1::Channel::Whatsapp => "whatsapp",
        v1::Channel::Email => "email",
        v1::Channel::Both => "both",
        v1::Channel::Unspecified => "?",
    }
}

/// The invoice that must be there.
pub(super) fn state(invoice: Option<&v1::InvoiceState>) -> Result<&v1::InvoiceState, HandlerError> {
    invoice.ok_or_else(|| HandlerError::Refuse("the event carries no invoice".to_owned()))
}

/// An invoice as a fact of ours.
pub(super) fn invoice(invoice: Option<&v1::InvoiceState>) -> Result<InvoiceFact, HandlerError> {
    let invoice = state(invoice)?;
    Ok(InvoiceFact {
        order_id: id(&invoice.order_id, "order_id")?,
        invoice_id: id(&invoice.invoice_id, "invoice_id")?,
        invoice_code: invoice.invoice_code.clone(),
        kind: kind(invoice.kind())?,
        amount: money(invoice.amount_sen, "amount_sen")?,
    })
}

/// A use case's answer as the consumer loop understands it.
pub(super) fn answer(result: Result<(), AppError>) -> Result<(), HandlerError> {
    result.map_err(|error| match error {
        AppError::Db(error) => HandlerError::Db(error),
        // Orders are made here and nowhere else, so one we do not know will not appear later.
        other => HandlerError::Refuse(other.to_string()),
    })
}
