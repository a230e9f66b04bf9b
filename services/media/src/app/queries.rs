//! What is asked of the files.

use std::io;

use bytes::Bytes;
use futures_util::Stream;
use konveksi_kernel::FileId;

use super::{App, AppError};
use crate::domain::file::File;
use crate::domain::file_name;
use crate::store;

/// The file served under `public_path`: clean and an order's.
///
/// # Errors
/// [`AppError::FileNotFound`], [`AppError::Db`].
pub(crate) async fn get_served(app: &App, public_path: &str) -> Result<File, AppError> {
    // No name of ours has other characters, and the database takes no NUL.
    if !file_name::is_plain(public_path) {
        return Err(AppError::FileNotFound);
    }
    let mut conn = app.pool.get().await?;
    store::files::find_served(&mut conn, public_path).await?.ok_or(AppError::FileNotFound)
}

/// A proof of a transfer that was found clean.
///
/// # Errors
/// [`AppError::FileNotFound`], [`AppError::Db`].
pub(crate) async fn get_proof(app: &App, id: FileId) -> Result<File, AppError> {
    let mut conn = app.pool.get().await?;
    store::files::find_clean_proof(&mut conn, id).await?.ok_or(AppError::FileNotFound)
}

/// A file's bytes, as they come.
///
/// # Errors
/// [`AppError::Vault`].
pub(crate) async fn read(
    app: &App,
    file: &File,
) -> Result<impl Stream<Item = io::Result<Bytes>> + use<>, AppError> {
    Ok(app.vault.get(&file.storage_key).await?)
}
