//! Manual verification (contract row 54): staff saw a transfer on the bank statement. Amount and
//! date are checked; what is right is booked at once, unless it takes a second person or its file
//! has not been scanned yet: then it waits as a proof.

use chrono::{DateTime, Duration, Utc};
use konveksi_db::Connection;
use konveksi_eventing::Envelope;
use konveksi_kernel::ids::uuid_v7_at;
use konveksi_kernel::{InvoiceId, Money, ProofId};

use super::decide_proof::{Split, book};
use super::{App, AppError, PaymentView};
use crate::domain::proof::{
    Consent, Flag, Origin, Proof, ProofFile, ProofState, Statement, first_word,
};
use crate::domain::{Actor, Invoice, OrderView};
use crate::store;

/// How far ahead of us a bank's clock may be.
const CLOCK_SKEW: Duration = Duration::minutes(10);
/// Two equal requests without a key within this time are one that was sent twice.
const DOUBLE: Duration = Duration::seconds(60);

/// What staff say they saw.
#[derive(Debug, Clone)]
pub(crate) struct Claim {
    /// For which invoice.
    pub(crate) invoice_id: InvoiceId,
    /// How much.
    pub(crate) amount: Money,
    /// When.
    pub(crate) transferred_at: DateTime<Utc>,
    /// What else the statement says; its amount and moment are taken from above.
    pub(crate) says: Statement,
    /// The statement's file, and whether it was found clean already.
    pub(crate) file: Option<(ProofFile, bool)>,
    /// Who says so.
    pub(crate) by: Actor,
    /// Whether the request can be told from another that is equal.
    pub(crate) has_key: bool,
}

/// A proof and what it came to.
#[derive(Debug, Clone)]
pub(crate) struct Verified {
    /// The proof.
    pub(crate) proof: Proof,
    /// The payment it became; absent while it waits.
    pub(crate) payment: Option<PaymentView>,
    /// What was told.
    pub(crate) told: Vec<Envelope>,
}

/// Checks what staff saw, within `tx`, and books it if it may be booked.
///
/// # Errors
/// [`AppError::InvoiceNotFound`]; [`AppError::Refused`] when the invoice waits for nothing;
/// [`AppError::AmountMismatch`]; [`AppError::TransferInFuture`]; [`AppError::DuplicateProof`];
/// [`AppError::SuspectedDouble`]; [`AppError::Db`].
pub(crate) async fn verify_manual(
    app: &App,
    tx: &mut Connection,
    claim: Claim,
) -> Result<Verified, AppError> {
    let now = app.clock.now();
    if claim.transferred_at > now + CLOCK_SKEW {
        return Err(AppError::TransferInFuture);
    }
    let seen =
        store::invoices::find(tx, claim.invoice_id).await?.ok_or(AppError::InvoiceNotFound)?;
    store::orders::find_money_for_update(tx, seen.order_id).await?;
    let order = store::orders::find(tx, seen.order_id).await?.ok_or(AppError::OrderNotFound)?;
    let invoice =
        store::invoices::find_for_update(tx, seen.id).await?.ok_or(AppError::InvoiceNotFound)?;
    let mut proof = proof_of(&claim, &order, now);
    if !claim.has_key && store::proofs::was_just_asked(tx, &proof, now - DOUBLE).await? {
        return Err(AppError::SuspectedDouble);
    }
    invoice.insist_open("be verified").map_err(|error| AppError::of(&invoice, error))?;
    let money = expected(tx, now, &invoice, claim.amount).await?;
    refuse_shown(tx, &proof).await?;
    if claim.transferred_at < invoice.created_at {
        proof.flag(Flag::BeforeInvoice);
    }
    if store::proofs::is_like_another(tx, &proof).await? {
        proof.flag(Flag::PossibleDuplicate);
    }
    let clean = is_clean(tx, claim.file).await?;
    let waits = match (clean, first_word(claim.amount, app.alone_up_to)) {
        (Scan::Infected, _) => return Err(AppError::InfectedProof),
        (Scan::Waits, _) => Some(ProofState::Quarantined),
        (Scan::Clean, Consent::NeedsAnother) => Some(ProofState::InReview),
        (Scan::Clean, Consent::Enough | Consent::OwnersOwn) => None,
    };
    if let Some(state) = waits {
        proof.state = state;
        keep(tx, &proof).await?;
        return Ok(Verified { proof, payment: None, told: Vec::new() });
    }
    proof.state = ProofState::InReview;
    keep(tx, &proof).await?;
    let (payment, told) = book(app, tx, (&mut proof, &invoice), money, &claim.by.name).await?;
    Ok(Verified { proof, payment: Some(payment), told })
}

fn proof_of(claim: &Claim, order: &OrderView, now: DateTime<Utc>) -> Proof {
    Proof {
        id: ProofId::from_uuid(uuid_v7_at(now)),
        order_id: order.id,
        invoice_id: Some(claim.invoice_id),
        origin: Origin::Staff,
        state: ProofState::Quarantined,
        says: Statement {
            amount: Some(claim.amount),
            transferred_at: Some(claim.transferred_at),
            ..claim.says.clone()
        },
        file: claim.file.map(|(file, _)| file),
        flags: Vec::new(),
        requested_by: claim.by.name.clone(),
        decided: None,
        reason: None,
        payment_id: None,
        created_at: now,
    }
}

/// What of `amount` is the invoice's: it must be exactly what is due, or the unique amount that
/// the invoice holds.
pub(super) async fn expected(
    tx: &mut Connection,
    now: DateTime<Utc>,
    invoice: &Invoice,
    amount: Money,
) -> Result<Split, AppError> {
    let due = invoice.amount_due();
    if amount == due {
        return Ok(Split { amount, unique_code: Money::ZERO });
    }
    let held = store::unique_amounts::of_invoice(tx, invoice.id, now).await?;
    match held {
        Some(held) if held.amount == amount => {
            Ok(Split { amount: held.due()?, unique_code: held.code() })
        }
        Some(_) | None => Err(AppError::AmountMismatch { due }),
    }
}

/// One file proves one transfer.
pub(super) async fn refuse_shown(tx: &mut Connection, proof: &Proof) -> Result<(), AppError> {
    match &proof.file {
        Some(file) if store::proofs::is_shown(tx, &file.sha256).await? => {
            Err(AppError::DuplicateProof)
        }
        Some(_) | None => Ok(()),
    }
}

/// Stores a new proof; of two that show one file at once, one is refused.
pub(super) async fn keep(tx: &mut Connection, proof: &Proof) -> Result<(), AppError> {
    store::proofs::insert(tx, proof).await.map_err(|error| {
        if error.violates_unique("proofs_file_sha256_key") {
            AppError::DuplicateProof
        } else {
            AppError::Db(error)
        }
    })
}

/// What is known of a proof's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scan {
    Clean,
    Waits,
    Infected,
}

/// Media may have said more by now than the gateway was answered.
pub(super) async fn is_clean(
    tx: &mut Connection,
    file: Option<(ProofFile, bool)>,
) -> Result<Scan, AppError> {
    let Some((file, clean)) = file else { return Ok(Scan::Clean) };
    if clean {
        return Ok(Scan::Clean);
    }
    Ok(match store::proof_files::find(tx, file.id).await? {
        Some(true) => Scan::Clean,
        Some(false) => Scan::Infected,
        None => Scan::Waits,
    })
}
