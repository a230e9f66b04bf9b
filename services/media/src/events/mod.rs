//! What we tell, one function a fact. The subject is the file.

use chrono::{DateTime, Utc};
use konveksi_contracts::v1::{MediaQuarantined, MediaRejected, MediaStored};
use konveksi_db::{Connection, DbError};
use konveksi_eventing::outbox::{self, Subject};
use konveksi_kernel::{FileId, OrderId};

use crate::domain::file::{File, Purpose};

fn subject(id: FileId, version: i64) -> Subject {
    Subject { kind: "file", id: id.as_uuid(), version }
}

/// An order's id as events carry it; empty for a draft.
fn order_id(order: Option<OrderId>) -> String {
    order.map(|order| order.to_string()).unwrap_or_default()
}

/// `media.stored.v1`: the file is clean; its URL is the path below the public address, and empty
/// for a private file.
pub(crate) async fn stored(
    tx: &mut Connection,
    now: DateTime<Utc>,
    file: &File,
) -> Result<(), DbError> {
    let event = MediaStored {
        file_id: file.id.to_string(),
        order_id: order_id(file.order_id),
        url: match file.purpose {
            Purpose::Design => file.public_path.clone(),
            Purpose::Proof => String::new(),
        },
        format: file.format.as_wire().to_owned(),
        size_bytes: i64::try_from(file.size_bytes).unwrap_or(i64::MAX),
    };
    outbox::append(tx, now, subject(file.id, file.version), &event).await?;
    Ok(())
}

/// `media.quarantined.v1`: no scanner has judged the file yet.
pub(crate) async fn quarantined(
    tx: &mut Connection,
    now: DateTime<Utc>,
    file: &File,
) -> Result<(), DbError> {
    let event =
        MediaQuarantined { file_id: file.id.to_string(), order_id: order_id(file.order_id) };
    outbox::append(tx, now, subject(file.id, file.version), &event).await?;
    Ok(())
}

/// `media.rejected.v1`: the file is infected. Also for an upload of which nothing was kept.
pub(crate) async fn rejected(
    tx: &mut Connection,
    now: DateTime<Utc>,
    (id, version): (FileId, i64),
    order: Option<OrderId>,
) -> Result<(), DbError> {
    let event = MediaRejected { file_id: id.to_string(), order_id: order_id(order) };
    outbox::append(tx, now, subject(id, version), &event).await?;
    Ok(())
}
