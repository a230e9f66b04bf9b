//! Deciding on proofs: approving one books its money, once, however often it is asked for.

use konveksi_db::Connection;
use konveksi_eventing::Envelope;
use konveksi_kernel::{InvoiceId, Money, ProofId};

use super::receive_money::{From, Incoming, receive};
use super::verify_manual::{Verified, expected};
use super::{App, AppError, PaymentView, queries};
use crate::domain::proof::{Consent, Flag, Proof, ProofState, second_word};
use crate::domain::{Actor, Invoice, PaymentSource};
use crate::store;

/// How a transfer is named as a way of paying.
const METHOD: &str = "BANK_TRANSFER";

/// A transfer's money: what of it is the invoice's, and what only made its amount unique.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Split {
    pub(super) amount: Money,
    pub(super) unique_code: Money,
}

/// What staff say beyond the proof when they approve it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Correction {
    /// The invoice it is for, if not the proof's own.
    pub(crate) invoice_id: Option<InvoiceId>,
    /// What really came, if not what the proof names; a part is taken too.
    pub(crate) amount: Option<Money>,
}

/// Approves a proof and books its money, within `tx`. One that is approved already is answered as
/// it is.
///
/// # Errors
/// [`AppError::ProofNotFound`]; [`AppError::ProofDecided`] when it was rejected;
/// [`AppError::ProofQuarantined`]; [`AppError::NoOpenInvoice`]; [`AppError::NeedsSecondPerson`];
/// [`AppError::Refused`]; [`AppError::AmountMissing`]; [`AppError::Db`].
pub(crate) async fn approve_proof(
    app: &App,
    tx: &mut Connection,
    id: ProofId,
    (correction, by): (Correction, &Actor),
) -> Result<Verified, AppError> {
    let now = app.clock.now();
    let mut proof = store::proofs::find_for_update(tx, id).await?.ok_or(AppError::ProofNotFound)?;
    match proof.state {
        ProofState::Verified => return approved_before(tx, proof).await,
        ProofState::Rejected => return Err(AppError::ProofDecided),
        ProofState::Quarantined => return Err(AppError::ProofQuarantined),
        ProofState::InReview => {}
    }
    store::orders::find_money_for_update(tx, proof.order_id).await?;
    let invoice = invoice_of(tx, &proof, correction.invoice_id).await?;
    invoice.insist_open("be verified").map_err(|error| AppError::of(&invoice, error))?;
    let named = proof.says.amount;
    let amount = correction.amount.or(named).ok_or(AppError::AmountMissing)?;
    match second_word(amount, app.alone_up_to, &proof.requested_by, by) {
        Consent::Enough => {}
        Consent::OwnersOwn => proof.flag(Flag::SelfApproved),
        Consent::NeedsAnother => return Err(AppError::NeedsSecondPerson),
    }
    if named.is_some_and(|named| named != amount) {
        proof.flag(Flag::AmountChanged);
    }
    proof.says.amount = Some(amount);
    // Staff have seen the money, so a part or too much is taken as what it is.
    let money = match expected(tx, now, &invoice, amount).await {
        Err(AppError::AmountMismatch { .. }) => Split { amount, unique_code: Money::ZERO },
        other => other?,
    };
    let (payment, told) = book(app, tx, (&mut proof, &invoice), money, &by.name).await?;
    Ok(Verified { proof, payment: Some(payment), told })
}

/// Refuses a proof, within `tx`, for a reason. One that is rejected already is answered as it is.
///
/// # Errors
/// [`AppError::ProofNotFound`]; [`AppError::ProofDecided`] when it was approved; [`AppError::Db`].
pub(crate) async fn reject_proof(
    app: &App,
    tx: &mut Connection,
    id: ProofId,
    (reason, by): (&str, &Actor),
) -> Result<Proof, AppError> {
    let mut proof = store::proofs::find_for_update(tx, id).await?.ok_or(AppError::ProofNotFound)?;
    match proof.state {
        ProofState::Verified => return Err(AppError::ProofDecided),
        ProofState::Rejected => return Ok(proof),
        ProofState::Quarantined | ProofState::InReview => {}
    }
    reject(app, tx, &mut proof, reason, &by.name).await?;
    Ok(proof)
}

/// Marks a proof as refused.
pub(super) async fn reject(
    app: &App,
    tx: &mut Connection,
    proof: &mut Proof,
    reason: &str,
    by: &str,
) -> Result<(), AppError> {
    proof.state = ProofState::Rejected;
    proof.reason = Some(reason.to_owned());
    proof.decided = Some((by.to_owned(), app.clock.now()));
    Ok(store::proofs::update(tx, proof).await?)
}

/// Books a proof's money for an open invoice that the caller has locked, and marks it as verified.
pub(super) async fn book(
    app: &App,
    tx: &mut Connection,
    (proof, invoice): (&mut Proof, &Invoice),
    money: Split,
    by: &str,
) -> Result<(PaymentView, Vec<Envelope>), AppError> {
    let now = app.clock.now();
    let notes = Some(proof.says.notes.clone()).filter(|notes| !notes.is_empty());
    let incoming = Incoming {
        invoice_id: invoice.id,
        order_id: invoice.order_id,
        source: PaymentSource::Manual,
        from: From::Outside,
        provider_ref: None,
        method: METHOD.to_owned(),
        amount: money.amount,
        fee: Money::ZERO,
        unique_code: money.unique_code,
        asked: None,
        on_replaced_link: false,
        contact_info: String::new(),
        notes,
        paid_at: proof.says.transferred_at.unwrap_or(now),
    };
    let booked = receive(tx, now, incoming).await?;
    let (payment, told) = booked.ok_or(AppError::PaymentNotFound)?;
    proof.state = ProofState::Verified;
    proof.invoice_id = Some(invoice.id);
    proof.reason = None;
    proof.payment_id = Some(payment.id);
    proof.decided = Some((by.to_owned(), now));
    store::proofs::update(tx, proof).await?;
    Ok((PaymentView::booked(payment, invoice), told))
}

async fn approved_before(tx: &mut Connection, proof: Proof) -> Result<Verified, AppError> {
    let id = proof.payment_id.ok_or(AppError::PaymentNotFound)?;
    let payment = queries::payment_in(tx, id).await?;
    Ok(Verified { proof, payment: Some(payment), told: Vec::new() })
}

/// The invoice a proof is for, locked: what staff say, else the proof's own, else the order's only
/// or first open one.
async fn invoice_of(
    tx: &mut Connection,
    proof: &Proof,
    said: Option<InvoiceId>,
) -> Result<Invoice, AppError> {
    if let Some(id) = said.or(proof.invoice_id) {
        let invoice =
            store::invoices::find_for_update(tx, id).await?.ok_or(AppError::InvoiceNotFound)?;
        return if invoice.order_id == proof.order_id {
            Ok(invoice)
        } else {
            Err(AppError::InvoiceOfOtherOrder)
        };
    }
    if let Some(part) = super::plan_steps::next_open_part(tx, proof.order_id).await? {
        return Ok(part);
    }
    store::invoices::of_order_for_update(tx, proof.order_id)
        .await?
        .into_iter()
        .find(|invoice| invoice.status.is_open())
        .ok_or(AppError::NoOpenInvoice)
}
