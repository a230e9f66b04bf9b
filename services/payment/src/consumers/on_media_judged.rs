//! `media.stored.v1`, `media.rejected.v1`: whether a file that proves a transfer is clean. Other
//! files are told with an order or with an address; those of proofs have neither.

use konveksi_contracts::v1::{MediaRejected, MediaStored};
use konveksi_db::Connection;
use konveksi_eventing::{HandlerFuture, Received};

use super::{failed, read};
use crate::app::App;
use crate::app::hear_proof_file::hear_proof_file;

pub(super) fn stored<'a>(
    app: &'a App,
    tx: &'a mut Connection,
    event: &'a Received<MediaStored>,
) -> HandlerFuture<'a> {
    Box::pin(async move {
        let message = &event.message;
        if !message.order_id.is_empty() || !message.url.is_empty() {
            return Ok(());
        }
        let file = read::id(&message.file_id, "the file's id")?;
        hear_proof_file(app, tx, file, true).await.map_err(failed)
    })
}

pub(super) fn rejected<'a>(
    app: &'a App,
    tx: &'a mut Connection,
    event: &'a Received<MediaRejected>,
) -> HandlerFuture<'a> {
    Box::pin(async move {
        let message = &event.message;
        if !message.order_id.is_empty() {
            return Ok(());
        }
        let file = read::id(&message.file_id, "the file's id")?;
        hear_proof_file(app, tx, file, false).await.map_err(failed)
    })
}
