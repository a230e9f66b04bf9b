//! Media said of a file whether it is clean: a proof that waited for that goes on.

use chrono::Duration;
use konveksi_db::Connection;
use konveksi_kernel::FileId;

use super::decide_proof::{book, reject};
use super::verify_manual::expected;
use super::{App, AppError};
use crate::domain::proof::{Consent, Origin, Proof, ProofState, first_word};
use crate::store;

/// How long a word about a file is kept that no proof has named yet.
const KEPT: Duration = Duration::days(1);
/// Who decides when a file is infected.
const BY_SCANNER: &str = "system";

/// Applies what media said, within the transaction that notes it as heard. A proof that staff had
/// verified is booked now if it still may be, else it waits for a decision.
///
/// # Errors
/// [`AppError::Db`]; others only for states that our own rules exclude.
pub(crate) async fn hear_proof_file(
    app: &App,
    tx: &mut Connection,
    file: FileId,
    clean: bool,
) -> Result<(), AppError> {
    store::proof_files::note(tx, file, clean, app.clock.now()).await?;
    let Some(mut proof) = store::proofs::find_by_file_for_update(tx, file).await? else {
        return Ok(());
    };
    if proof.state != ProofState::Quarantined {
        return Ok(());
    }
    if !clean {
        let reason = "Berkas bukti tidak lolos pemeriksaan keamanan.";
        return reject(app, tx, &mut proof, reason, BY_SCANNER).await;
    }
    proof.state = ProofState::InReview;
    store::proofs::update(tx, &proof).await?;
    match proof.origin {
        Origin::Customer => Ok(()),
        Origin::Staff => finish(app, tx, proof).await,
    }
}

/// Books what staff had verified, as they would have been answered with a clean file at once.
async fn finish(app: &App, tx: &mut Connection, mut proof: Proof) -> Result<(), AppError> {
    let now = app.clock.now();
    let (Some(invoice), Some(amount)) = (proof.invoice_id, proof.says.amount) else {
        return Ok(());
    };
    store::orders::find_money_for_update(tx, proof.order_id).await?;
    let invoice =
        store::invoices::find_for_update(tx, invoice).await?.ok_or(AppError::InvoiceNotFound)?;
    let why_not = match first_word(amount, app.alone_up_to) {
        Consent::NeedsAnother => None,
        Consent::Enough | Consent::OwnersOwn if !invoice.status.is_open() => {
            Some("Invoice sudah tidak menunggu pembayaran.")
        }
        Consent::Enough | Consent::OwnersOwn => match expected(tx, now, &invoice, amount).await {
            Ok(money) => {
                let by = proof.requested_by.clone();
                book(app, tx, (&mut proof, &invoice), money, &by).await?;
                return Ok(());
            }
            Err(AppError::AmountMismatch { .. }) => {
                Some("Jumlah tidak lagi sama dengan sisa tagihan.")
            }
            Err(error) => return Err(error),
        },
    };
    proof.reason = why_not.map(str::to_owned);
    Ok(store::proofs::update(tx, &proof).await?)
}

/// Forgets what was said of files that no proof named; answers how many.
///
/// # Errors
/// [`AppError::Db`].
pub(crate) async fn forget_files(app: &App) -> Result<usize, AppError> {
    let mut conn = app.pool.get().await?;
    Ok(store::proof_files::forget(&mut conn, app.clock.now() - KEPT).await?)
}
