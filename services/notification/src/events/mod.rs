//! What this service tells: one function a fact, from domain to contract, into the outbox.

use chrono::{DateTime, Utc};
use konveksi_contracts::{to_timestamp, v1};
use konveksi_db::{Connection, DbError};
use konveksi_eventing::outbox::{self, Subject};

use crate::domain::channel::Channel;
use crate::domain::delivery::ErrorKind;
use crate::domain::invoice::InvoiceKind;
use crate::domain::message::Message;

/// `notification.sent.v1`: a provider took `message`.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn sent(
    tx: &mut Connection,
    now: DateTime<Utc>,
    message: &Message,
) -> Result<(), DbError> {
    let fact = v1::NotificationSent {
        notification_id: message.id.to_string(),
        order_id: text(message.about.order_id),
        order_code: message.about.order_code.clone(),
        invoice_id: text(message.about.invoice_id),
        invoice_kind: kind(message.about.invoice_kind).into(),
        template_type: message.template_type.as_wire().to_owned(),
        channel: channel(message.channel).into(),
        sent_at: Some(to_timestamp(now)),
    };
    outbox::append(tx, now, subject(message), &fact).await?;
    Ok(())
}

/// `notification.failed.v1`: `message` was given up because of `error`.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn failed(
    tx: &mut Connection,
    now: DateTime<Utc>,
    message: &Message,
    error: ErrorKind,
) -> Result<(), DbError> {
    let fact = v1::NotificationFailed {
        notification_id: message.id.to_string(),
        order_id: text(message.about.order_id),
        order_code: message.about.order_code.clone(),
        invoice_id: text(message.about.invoice_id),
        template_type: message.template_type.as_wire().to_owned(),
        channel: channel(message.channel).into(),
        failure: failure(error).into(),
    };
    outbox::append(tx, now, subject(message), &fact).await?;
    Ok(())
}

/// A message is told about once, when it is over, so its attempts do as its version.
fn subject(message: &Message) -> Subject {
    Subject {
        kind: "notification",
        id: message.id.as_uuid(),
        version: i64::from(message.attempts).max(1),
    }
}

fn text<T: ToString>(id: Option<T>) -> String {
    id.map(|id| id.to_string()).unwrap_or_default()
}

const fn kind(kind: Option<InvoiceKind>) -> v1::InvoiceKind {
    match kind {
        None => v1::InvoiceKind::Unspecified,
        Some(InvoiceKind::Deposit) => v1::InvoiceKind::Deposit,
        Some(InvoiceKind::Final) => v1::InvoiceKind::Final,
        Some(InvoiceKind::Full) => v1::InvoiceKind::Full,
    }
}

const fn channel(channel: Channel) -> v1::Channel {
    match channel {
        Channel::Whatsapp => v1::Channel::Whatsapp,
        Channel::Email => v1::Channel::Email,
    }
}

const fn failure(error: ErrorKind) -> v1::FailureKind {
    match error {
        ErrorKind::Refused | ErrorKind::Erased | ErrorKind::Outdated => v1::FailureKind::Refused,
        ErrorKind::Unreachable | ErrorKind::Throttled | ErrorKind::OutcomeLost => {
            v1::FailureKind::Unreachable
        }
        ErrorKind::NoContact => v1::FailureKind::NoContact,
    }
}
