//! Any event: it becomes an entry of the log.

use konveksi_db::Connection;
use konveksi_eventing::{HandlerFuture, Received};

use super::about::{AboutOrder, OrderRef};
use crate::app::App;
use crate::app::record_heard::record_heard;
use crate::domain::heard_event::HeardEvent;

pub(super) fn handle<'a, E: AboutOrder>(
    app: &'a App,
    tx: &'a mut Connection,
    event: &'a Received<E>,
) -> HandlerFuture<'a> {
    Box::pin(async move {
        let OrderRef { id, code } = event.message.order();
        let heard = HeardEvent {
            event_id: event.id,
            event_type: E::TYPE.to_owned(),
            subject_id: event.subject,
            subject_version: event.version,
            occurred_at: event.occurred_at,
            heard_at: app.clock.now(),
            // A log keeps what it can read; an id that is none is no reason to lose the entry.
            order_id: id.parse().ok(),
            order_code: Some(code).filter(|code| !code.is_empty()).map(str::to_owned),
        };
        Ok(record_heard(tx, &heard).await?)
    })
}
