//! `notification.sent`: noted; the message asking for the rest moves the order to
//! `menunggu_pelunasan`.

use konveksi_contracts::v1::NotificationSent;
use konveksi_db::Connection;
use konveksi_eventing::{HandlerFuture, Received};

use super::words;
use crate::app::App;
use crate::app::apply_message::{MessageFact, message_ended};

/// Applies the event; a message about no order is none of ours.
pub(super) fn handle<'a>(
    app: &'a App,
    tx: &'a mut Connection,
    event: &'a Received<NotificationSent>,
) -> HandlerFuture<'a> {
    Box::pin(async move {
        let message = &event.message;
        if message.order_id.is_empty() {
            return Ok(());
        }
        let fact = MessageFact {
            order_id: words::id(&message.order_id, "order_id")?,
            notification_id: words::id(&message.notification_id, "notification_id")?,
            template_type: message.template_type.clone(),
            channel: words::channel(message.channel()),
            failure: None,
        };
        words::answer(message_ended(app, tx, words::heard(event), &fact).await)
    })
}
