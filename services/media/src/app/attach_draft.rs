//! Gives a draft to the order it came with.

use konveksi_db::{Connection, DbError};
use konveksi_kernel::{FileId, OrderId};

use super::App;
use crate::domain::file::{Attached, FileState};
use crate::{events, store};

/// Attaches the draft `id` to `order` within `tx`, and tells where it is if it is clean. A draft
/// that is gone, or another order's, is left alone: the order stands without a design, and trying
/// again would not change that.
pub(crate) async fn attach_draft(
    app: &App,
    tx: &mut Connection,
    id: FileId,
    order: OrderId,
) -> Result<(), DbError> {
    let Some(mut file) = store::files::find_for_update(tx, id).await? else {
        tracing::warn!(file.id = %id, order.id = %order, "the order's draft is gone");
        return Ok(());
    };
    match file.attach(order) {
        Ok(Attached::Before) => Ok(()),
        Ok(Attached::Now) => {
            store::files::update(tx, &file).await?;
            if file.state == FileState::Stored {
                events::stored(tx, app.clock.now(), &file).await?;
            }
            Ok(())
        }
        Err(error) => {
            tracing::warn!(file.id = %id, order.id = %order, %error, "the draft is not attached");
            Ok(())
        }
    }
}
