//! A customer shows the proof of a transfer; staff decide on it.

use chrono::{DateTime, Utc};
use konveksi_db::Connection;
use konveksi_kernel::ids::uuid_v7_at;
use konveksi_kernel::{OrderId, ProofId};

use super::verify_manual::{Scan, is_clean, keep, refuse_shown};
use super::{App, AppError};
use crate::domain::proof::{Flag, Origin, Proof, ProofFile, ProofState, Statement};
use crate::store;

/// Proofs of one order that may wait at once.
const MOST_WAITING: i64 = 10;

/// What a customer shows.
#[derive(Debug, Clone)]
pub(crate) struct Shown {
    /// For which order.
    pub(crate) order_id: OrderId,
    /// The code of the invoice, if they say it.
    pub(crate) invoice_code: Option<String>,
    /// What they say of it.
    pub(crate) says: Statement,
    /// The file, and whether it was found clean already.
    pub(crate) file: (ProofFile, bool),
}

/// Puts a customer's proof into the queue of staff, within `tx`.
///
/// # Errors
/// [`AppError::OrderNotFound`], [`AppError::InvoiceNotFound`], [`AppError::NoOpenInvoice`],
/// [`AppError::TooManyProofs`], [`AppError::DuplicateProof`], [`AppError::InfectedProof`],
/// [`AppError::Db`].
pub(crate) async fn show_proof(
    app: &App,
    tx: &mut Connection,
    shown: Shown,
) -> Result<Proof, AppError> {
    let now = app.clock.now();
    store::orders::find_money_for_update(tx, shown.order_id)
        .await?
        .ok_or(AppError::OrderNotFound)?;
    let invoices = store::invoices::of_order(tx, shown.order_id).await?;
    if !invoices.iter().any(|invoice| invoice.status.is_open()) {
        return Err(AppError::NoOpenInvoice);
    }
    let invoice = match &shown.invoice_code {
        Some(code) => {
            let named = invoices.iter().find(|invoice| invoice.code.as_str() == code);
            Some(named.ok_or(AppError::InvoiceNotFound)?)
        }
        None => None,
    };
    if store::proofs::count_waiting(tx, shown.order_id).await? >= MOST_WAITING {
        return Err(AppError::TooManyProofs);
    }
    let mut proof = proof_of(&shown, now);
    proof.invoice_id = invoice.map(|invoice| invoice.id);
    refuse_shown(tx, &proof).await?;
    if store::proofs::is_like_another(tx, &proof).await? {
        proof.flag(Flag::PossibleDuplicate);
    }
    proof.state = match is_clean(tx, Some(shown.file)).await? {
        Scan::Clean => ProofState::InReview,
        Scan::Waits => ProofState::Quarantined,
        Scan::Infected => return Err(AppError::InfectedProof),
    };
    keep(tx, &proof).await?;
    Ok(proof)
}

fn proof_of(shown: &Shown, now: DateTime<Utc>) -> Proof {
    Proof {
        id: ProofId::from_uuid(uuid_v7_at(now)),
        order_id: shown.order_id,
        invoice_id: None,
        origin: Origin::Customer,
        state: ProofState::Quarantined,
        says: shown.says.clone(),
        file: Some(shown.file.0),
        flags: Vec::new(),
        requested_by: "customer".to_owned(),
        decided: None,
        reason: None,
        payment_id: None,
        created_at: now,
    }
}
