//! Takes a file, a design or a proof of a transfer: looks at it, has it scanned, keeps it.

use konveksi_db::transaction;
use konveksi_kernel::{FileId, OrderId, jakarta};
use rand::RngExt as _;

use super::incoming::Upload;
use super::purge_files::purge;
use super::{App, AppError};
use crate::domain::file::{File, FileState, Purpose};
use crate::domain::file_name;
use crate::domain::format::Format;
use crate::domain::sniff::{self, FileRefused, Sniffed};
use crate::domain::verdict::Verdict;
use crate::{events, store};

/// A design and what came with it.
pub(crate) struct Design {
    pub(crate) upload: Upload,
    /// The client's name for it, cleaned.
    pub(crate) filename: String,
    pub(crate) description: String,
    /// Absent for a draft, and for a proof.
    pub(crate) order_id: Option<OrderId>,
    pub(crate) purpose: Purpose,
}

/// Keeps a design: stored when the scanner finds it clean, quarantined when the scanner cannot
/// say. The row comes before the bytes, so that a crash in between leaves nothing unknown behind.
///
/// # Errors
/// [`AppError::Refused`], [`AppError::Infected`] (nothing is kept), [`AppError::Quota`],
/// [`AppError::Spool`], [`AppError::Vault`], [`AppError::Db`].
pub(crate) async fn store_design(app: &App, mut design: Design) -> Result<File, AppError> {
    let sniffed = sniff::check(&design.filename, &design.upload.head)?;
    if design.purpose == Purpose::Proof && sniffed.format == Format::Illustrator {
        return Err(FileRefused::NotListed { extension: "ai".to_owned() }.into());
    }
    let verdict = app.scanner.scan(design.upload.read().await?).await;
    let file = describe(app, &design, sniffed);
    match &verdict {
        Verdict::Clean => {}
        Verdict::Infected { signature } => {
            tracing::warn!(file.id = %file.id, %signature, "an infected upload was refused");
            tell_of_infected(app, &file).await?;
            return Err(AppError::Infected);
        }
        Verdict::Unknown { why } => {
            tracing::warn!(file.id = %file.id, %why, "an upload waits in quarantine");
        }
    }
    announce(app, &file).await?;
    let stored = match app.vault.put(&file.storage_key, design.upload.read().await?).await {
        Ok(()) => confirm(app, &file, &verdict).await,
        Err(error) => Err(AppError::Vault(error)),
    };
    if stored.is_err() {
        give_up(app, &file).await;
    }
    app.wake.relay();
    stored
}

fn describe(app: &App, design: &Design, sniffed: Sniffed) -> File {
    let mut random = rand::rng();
    let now = app.clock.now();
    let day = jakarta::day_of(now);
    let (storage_key, public_path) = match design.purpose {
        Purpose::Design => (
            file_name::storage_key(day, random.random()),
            file_name::public_path(day, &design.filename, random.random(), sniffed.format),
        ),
        Purpose::Proof => {
            (file_name::proof_key(day, random.random()), file_name::private_path(random.random()))
        }
    };
    File {
        id: FileId::generate(&*app.clock),
        version: 0,
        purpose: design.purpose,
        order_id: design.order_id,
        state: FileState::Receiving,
        original_filename: design.filename.clone(),
        description: design.description.clone(),
        format: sniffed.format,
        size_bytes: design.upload.size_bytes,
        dimensions: sniffed.dimensions,
        sha256: design.upload.sha256,
        storage_key,
        public_path,
        created_at: now,
        scan_due_at: now,
        scan_attempts: 0,
    }
}

/// Whoever follows the order learns of the attempt; of a draft nobody does.
async fn tell_of_infected(app: &App, file: &File) -> Result<(), AppError> {
    if file.order_id.is_none() {
        return Ok(());
    }
    let mut conn = app.pool.get().await?;
    let now = app.clock.now();
    transaction(&mut conn, async |tx| {
        events::rejected(tx, now, (file.id, file.version), file.order_id).await
    })
    .await?;
    app.wake.relay();
    Ok(())
}

/// Writes the row, if the order may have one more file.
async fn announce(app: &App, file: &File) -> Result<(), AppError> {
    let mut conn = app.pool.get().await?;
    transaction(&mut conn, async |tx| {
        if let Some(order) = file.order_id {
            store::files::usage_for_update(tx, order).await?.take(file.size_bytes)?;
        }
        Ok(store::files::insert(tx, file).await?)
    })
    .await
}

/// The bytes are there: says so, in the row and in an event.
async fn confirm(app: &App, file: &File, verdict: &Verdict) -> Result<File, AppError> {
    let mut conn = app.pool.get().await?;
    let now = app.clock.now();
    transaction(&mut conn, async |tx| {
        // Read again: the sweep may have given up on an upload that took a day.
        let mut file =
            store::files::find_for_update(tx, file.id).await?.ok_or(AppError::FileNotFound)?;
        file.received(verdict)?;
        store::files::update(tx, &file).await?;
        match file.state {
            FileState::Stored => events::stored(tx, now, &file).await?,
            FileState::Quarantined => events::quarantined(tx, now, &file).await?,
            FileState::Receiving | FileState::Rejected | FileState::Discarded => {}
        }
        Ok(file)
    })
    .await
}

/// Removes what there may be of an upload that failed. If it turns out to have been confirmed
/// after all (the commit's answer was lost), it stays. What cannot be removed now, the sweep finds
/// by its row.
async fn give_up(app: &App, file: &File) {
    let discarded = File { state: FileState::Discarded, ..file.clone() };
    let given_up = async {
        let mut conn = app.pool.get().await?;
        let unfinished = transaction(&mut conn, async |tx| {
            let found = store::files::find_for_update(tx, file.id).await?;
            let unfinished = found.is_some_and(|file| file.state == FileState::Receiving);
            if unfinished {
                store::files::update(tx, &discarded).await?;
            }
            Ok::<_, AppError>(unfinished)
        })
        .await?;
        if unfinished { purge(app, file.id, &file.storage_key).await } else { Ok(()) }
    };
    if let Err(error) = given_up.await {
        tracing::warn!(
            file.id = %file.id,
            error = %konveksi_web::error_chain(&error),
            "a failed upload is left to the sweep"
        );
    }
}
