//! Judges quarantined files once a scanner is there again.

use chrono::Duration;
use konveksi_db::transaction;

use super::purge_files::purge;
use super::{App, AppError};
use crate::domain::file::{File, FileState};
use crate::domain::verdict::Verdict;
use crate::{events, store};

/// How long a scan may take before it counts as lost, in minutes of business time.
const LEASE_MINUTES: i64 = 5;

/// Scans every quarantined file that is due, one after the other; answers how many. Does nothing
/// while the scanner is away. Replicas share the work: a file is claimed by one of them.
///
/// # Errors
/// [`AppError::Db`], [`AppError::Vault`]; the file at hand is due again when its claim runs out.
pub(crate) async fn rescan_files(app: &App) -> Result<usize, AppError> {
    let mut scanned = 0;
    while let Some(file) = claim(app).await? {
        let content = app.vault.get(&file.storage_key).await?;
        let verdict = app.scanner.scan(content).await;
        settle(app, &file, &verdict).await?;
        scanned += 1;
    }
    Ok(scanned)
}

async fn claim(app: &App) -> Result<Option<File>, AppError> {
    if !app.scanner.is_up().await {
        return Ok(None);
    }
    let now = app.clock.now();
    let lost_at = now + Duration::minutes(LEASE_MINUTES);
    let mut conn = app.pool.get().await?;
    transaction(&mut conn, async |tx| Ok(store::files::claim_scan(tx, now, lost_at).await?)).await
}

/// Applies the scanner's answer to the file as it is by now: it may have been given to an order
/// meanwhile.
async fn settle(app: &App, claimed: &File, verdict: &Verdict) -> Result<(), AppError> {
    let mut conn = app.pool.get().await?;
    let now = app.clock.now();
    let settled: Option<File> = transaction(&mut conn, async |tx| {
        let Some(mut file) = store::files::find_for_update(tx, claimed.id).await? else {
            return Ok::<_, AppError>(None);
        };
        let judged = file.scanned_again(verdict, now);
        store::files::update(tx, &file).await?;
        if judged && file.state == FileState::Stored {
            events::stored(tx, now, &file).await?;
        } else if judged {
            events::rejected(tx, now, (file.id, file.version), file.order_id).await?;
        }
        Ok(judged.then_some(file))
    })
    .await?;
    let Some(file) = settled else { return Ok(()) };
    app.wake.relay();
    tracing::info!(file.id = %file.id, state = file.state.as_wire(), "a file left quarantine");
    if file.state == FileState::Rejected {
        purge(app, file.id, &file.storage_key).await?;
    }
    Ok(())
}
