//! `media.quarantined`: a file that the scanner could not judge yet; noted.

use konveksi_contracts::v1::MediaQuarantined;
use konveksi_db::Connection;
use konveksi_eventing::{HandlerFuture, Received};

use super::words;
use crate::app::App;
use crate::app::apply_design::{DesignFact, Verdict, design_judged};

/// Applies the event; a draft is nobody's design.
pub(super) fn handle<'a>(
    app: &'a App,
    tx: &'a mut Connection,
    event: &'a Received<MediaQuarantined>,
) -> HandlerFuture<'a> {
    Box::pin(async move {
        let message = &event.message;
        if message.order_id.is_empty() {
            return Ok(());
        }
        let fact = DesignFact {
            order_id: words::id(&message.order_id, "order_id")?,
            file_id: words::id(&message.file_id, "file_id")?,
            verdict: Verdict::Quarantined,
        };
        words::answer(design_judged(app, tx, words::heard(event), &fact).await)
    })
}
