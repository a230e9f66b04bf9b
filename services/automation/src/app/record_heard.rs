//! Notes an event that was heard.

use konveksi_db::{Connection, DbError};

use crate::domain::heard_event::HeardEvent;
use crate::store;

/// Adds `heard` to the log within `tx`; a second time changes nothing.
pub(crate) async fn record_heard(tx: &mut Connection, heard: &HeardEvent) -> Result<(), DbError> {
    store::heard_events::insert(tx, heard).await
}
