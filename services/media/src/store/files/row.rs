//! A file's raw columns.

use chrono::{DateTime, Utc};
use konveksi_db::DbError;
use konveksi_kernel::{FileId, OrderId};
use uuid::Uuid;

use super::files;
use crate::domain::dimensions::Dimensions;
use crate::domain::file::{File, FileState, Purpose};
use crate::domain::format::Format;

#[derive(diesel::Queryable, diesel::Selectable, diesel::Insertable)]
#[diesel(table_name = files)]
pub(super) struct FileRow {
    id: Uuid,
    version: i64,
    order_id: Option<Uuid>,
    purpose: String,
    state: String,
    original_filename: String,
    description: String,
    format: String,
    size_bytes: i64,
    width_px: Option<i32>,
    height_px: Option<i32>,
    sha256: Vec<u8>,
    storage_key: String,
    public_path: String,
    created_at: DateTime<Utc>,
    scan_due_at: DateTime<Utc>,
    scan_attempts: i32,
}

impl TryFrom<&File> for FileRow {
    type Error = DbError;

    fn try_from(file: &File) -> Result<FileRow, DbError> {
        let beyond = |what: &str| DbError::Corrupt(format!("{what} of file {}", file.id));
        let edge = |px: u32| i32::try_from(px).map_err(|_too_large| beyond("size"));
        Ok(FileRow {
            id: file.id.as_uuid(),
            version: file.version,
            order_id: file.order_id.map(|order| order.as_uuid()),
            purpose: file.purpose.as_wire().to_owned(),
            state: file.state.as_wire().to_owned(),
            original_filename: file.original_filename.clone(),
            description: file.description.clone(),
            format: file.format.as_wire().to_owned(),
            size_bytes: i64::try_from(file.size_bytes).map_err(|_too_large| beyond("bytes"))?,
            width_px: file.dimensions.map(|size| edge(size.width_px)).transpose()?,
            height_px: file.dimensions.map(|size| edge(size.height_px)).transpose()?,
            sha256: file.sha256.to_vec(),
            storage_key: file.storage_key.clone(),
            public_path: file.public_path.clone(),
            created_at: file.created_at,
            scan_due_at: file.scan_due_at,
            scan_attempts: file.scan_attempts,
        })
    }
}

impl TryFrom<FileRow> for File {
    type Error = DbError;

    fn try_from(row: FileRow) -> Result<File, DbError> {
        let id = FileId::from_uuid(row.id);
        let corrupt = |what: &str| DbError::Corrupt(format!("{what} of file {id}"));
        let edge = |px: i32| u32::try_from(px).map_err(|_negative| corrupt("size"));
        let dimensions = match row.width_px.zip(row.height_px) {
            Some((width, height)) => {
                Some(Dimensions { width_px: edge(width)?, height_px: edge(height)? })
            }
            None => None,
        };
        Ok(File {
            id,
            version: row.version,
            order_id: row.order_id.map(OrderId::from_uuid),
            purpose: Purpose::from_wire(&row.purpose).ok_or_else(|| corrupt("purpose"))?,
            state: FileState::from_wire(&row.state).ok_or_else(|| corrupt("state"))?,
            format: Format::from_wire(&row.format).ok_or_else(|| corrupt("format"))?,
            size_bytes: u64::try_from(row.size_bytes).map_err(|_negative| corrupt("bytes"))?,
            dimensions,
            sha256: row.sha256.try_into().map_err(|_other_length| corrupt("hash"))?,
            original_filename: row.original_filename,
            description: row.description,
            storage_key: row.storage_key,
            public_path: row.public_path,
            created_at: row.created_at,
            scan_due_at: row.scan_due_at,
            scan_attempts: row.scan_attempts,
        })
    }
}
