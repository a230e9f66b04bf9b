//! `notification.failed`: noted, so that staff see whom to call.

use konveksi_contracts::v1::{FailureKind, NotificationFailed};
use konveksi_db::Connection;
use konveksi_eventing::{HandlerFuture, Received};

use super::words;
use crate::app::App;
use crate::app::apply_message::{MessageFact, message_ended};

/// Applies the event; a message about no order is none of ours.
pub(super) fn handle<'a>(
    app: &'a App,
    tx: &'a mut Connection,
    event: &'a Received<NotificationFailed>,
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
            failure: Some(why(message.failure())),
        };
        words::answer(message_ended(app, tx, words::heard(event), &fact).await)
    })
}

const fn why(failure: FailureKind) -> &'static str {
    match failure {
        FailureKind::Refused => "ditolak penyedia",
        FailureKind::Unreachable => "penyedia tidak menjawab",
        FailureKind::NoContact => "tidak ada kontak",
        FailureKind::Unspecified => "tidak diketahui",
    }
}
