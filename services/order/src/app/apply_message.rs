//! What notification tells of messages about an order.

use konveksi_db::Connection;
use konveksi_kernel::{NotificationId, OrderId};

use super::apply_invoice::{because, find};
use super::record::record;
use super::{App, AppError, Heard};
use crate::domain::history::{ChangeType, HistoryEntry, TriggerSource};
use crate::domain::standing::Change;

/// The template that asks for the rest; its message being sent moves the order.
const FINAL_TEMPLATE: &str = "pelunasan_invoice";

/// A message as it was told.
#[derive(Debug, Clone)]
pub(crate) struct MessageFact {
    /// The order it is about.
    pub(crate) order_id: OrderId,
    /// Its id.
    pub(crate) notification_id: NotificationId,
    /// The template's type, such as `pelunasan_invoice`.
    pub(crate) template_type: String,
    /// `whatsapp` or `email`.
    pub(crate) channel: &'static str,
    /// Why it was given up; absent when it was sent.
    pub(crate) failure: Option<&'static str>,
}

/// A message was sent or given up.
///
/// # Errors
/// [`AppError::OrderNotFound`]; [`AppError::Db`].
pub(crate) async fn message_ended(
    app: &App,
    tx: &mut Connection,
    heard: Heard,
    fact: &MessageFact,
) -> Result<(), AppError> {
    let mut order = find(tx, fact.order_id).await?;
    let asks_for_the_rest = fact.failure.is_none() && fact.template_type == FINAL_TEMPLATE;
    let change =
        if asks_for_the_rest { order.standing.final_message_sent() } else { Change::default() };
    let because = because(app, heard, TriggerSource::System);
    let about = format!("{} melalui {}", fact.template_type, fact.channel);
    let (new, notes) = match fact.failure {
        None => ("terkirim", about),
        Some(why) => ("gagal", format!("{about}: {why}")),
    };
    let row = HistoryEntry {
        notes: Some(notes),
        subject_id: Some(fact.notification_id.as_uuid()),
        ..because.entry(&order, ChangeType::Notification)
    };
    record(tx, &mut order, change, &because, vec![row.moved(None, new)]).await?;
    Ok(())
}
