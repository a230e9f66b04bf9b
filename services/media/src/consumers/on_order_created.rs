//! `order.created.v1`: a draft that came with the order becomes its design.

use konveksi_contracts::v1::OrderCreated;
use konveksi_db::Connection;
use konveksi_eventing::{HandlerError, HandlerFuture, Received};
use konveksi_kernel::{FileId, OrderId};

use crate::app::App;
use crate::app::attach_draft::attach_draft;

pub(super) fn handle<'a>(
    app: &'a App,
    tx: &'a mut Connection,
    event: &'a Received<OrderCreated>,
) -> HandlerFuture<'a> {
    Box::pin(async move {
        let draft = event.message.design_file_id.as_str();
        if draft.is_empty() {
            return Ok(());
        }
        let id: FileId = draft
            .parse()
            .map_err(|_malformed| HandlerError::Refuse("the design's id is no id".to_owned()))?;
        Ok(attach_draft(app, tx, id, OrderId::from_uuid(event.subject)).await?)
    })
}
