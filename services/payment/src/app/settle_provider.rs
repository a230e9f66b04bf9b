//! Payouts of providers (`settled.md` 25): bank and fees against what the provider held for us.

use chrono::{DateTime, NaiveDate, Utc};
use konveksi_db::{Connection, DbError, transaction};
use konveksi_kernel::ids::uuid_v7_at;
use konveksi_kernel::{Money, Page, TransferId, jakarta};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::{App, AppError};
use crate::domain::{Account, PaymentSource, Settlement, Transfer, TransferKind, posting};
use crate::store;

/// A payout as it was read on a statement.
#[derive(Debug, Clone)]
pub(crate) struct Payout {
    /// Who paid it out: Xendit or Midtrans.
    pub(crate) provider: PaymentSource,
    /// Their name for it, or the bank's.
    pub(crate) reference: String,
    /// What reached the bank, in rupiah.
    pub(crate) amount: Money,
    /// What the provider kept, in rupiah.
    pub(crate) fee: Money,
    /// The Jakarta day it reached the bank.
    pub(crate) settled_on: NaiveDate,
}

/// Records a payout, within `tx`.
///
/// # Errors
/// [`AppError::SettlementKnown`]; [`AppError::SettlementTooLarge`] when the provider does not hold
/// so much; [`AppError::SettlementInFuture`]; [`AppError::Db`].
pub(crate) async fn record(
    app: &App,
    tx: &mut Connection,
    payout: Payout,
    by: &str,
) -> Result<Settlement, AppError> {
    let now = app.clock.now();
    if payout.settled_on > jakarta::day_of(now) {
        return Err(AppError::SettlementInFuture);
    }
    store::settlements::one_at_a_time(tx, payout.provider).await?;
    if store::settlements::is_known(tx, payout.provider, &payout.reference).await? {
        return Err(AppError::SettlementKnown);
    }
    // One that is overdrawn holds nothing.
    let held = Money::from_decimal(held_by(tx, payout.provider).await?).unwrap_or(Money::ZERO);
    if payout.amount.plus(payout.fee)? > held {
        return Err(AppError::SettlementTooLarge { held });
    }
    let settlement = Settlement {
        id: uuid_v7_at(now),
        provider: payout.provider,
        reference: payout.reference,
        amount: payout.amount,
        fee: payout.fee,
        settled_on: payout.settled_on,
        recorded_by: by.to_owned(),
        created_at: now,
        reversed: None,
    };
    store::settlements::insert(tx, &settlement).await?;
    post(tx, &settlement, now).await?;
    Ok(settlement)
}

/// Takes a payout back that was recorded by mistake. Doing it twice changes nothing.
///
/// # Errors
/// [`AppError::SettlementNotFound`]; [`AppError::Db`].
pub(crate) async fn reverse(app: &App, id: Uuid, by: &str) -> Result<Settlement, AppError> {
    let now = app.clock.now();
    let mut conn = app.pool.get().await?;
    transaction(&mut conn, async |tx| {
        let mut settlement = store::settlements::find_for_update(tx, id)
            .await?
            .ok_or(AppError::SettlementNotFound)?;
        if settlement.reversed.is_some() {
            return Ok(settlement);
        }
        settlement.reversed = Some((by.to_owned(), now));
        store::settlements::update_reversed(tx, &settlement).await?;
        post(tx, &settlement, now).await?;
        Ok(settlement)
    })
    .await
}

/// Payouts, and what each provider holds for us now.
#[derive(Debug)]
pub(crate) struct Payouts {
    /// One page, the latest first.
    pub(crate) page: Vec<Settlement>,
    /// How many there are.
    pub(crate) count: i64,
    /// In rupiah; less than nothing when more went back than came since the last payout.
    pub(crate) held: Vec<(PaymentSource, Decimal)>,
}

/// See [`Payouts`].
///
/// # Errors
/// [`AppError::Db`].
pub(crate) async fn payouts(
    app: &App,
    provider: Option<PaymentSource>,
    page: Page,
) -> Result<Payouts, AppError> {
    let mut conn = app.pool.get().await?;
    let (found, count) = store::settlements::list(&mut conn, provider, page).await?;
    let mut held = Vec::new();
    for provider in [PaymentSource::Xendit, PaymentSource::Midtrans] {
        held.push((provider, held_by(&mut conn, provider).await?));
    }
    Ok(Payouts { page: found, count, held })
}

async fn held_by(conn: &mut Connection, provider: PaymentSource) -> Result<Decimal, AppError> {
    Ok(store::ledger::signed_balance(conn, clearing(provider)?).await?)
}

fn clearing(provider: PaymentSource) -> Result<Account, AppError> {
    let account = provider.clearing_account();
    account
        .ok_or_else(|| DbError::Corrupt(format!("{} pays nothing out", provider.as_wire())).into())
}

async fn post(
    tx: &mut Connection,
    settlement: &Settlement,
    at: DateTime<Utc>,
) -> Result<(), AppError> {
    let clearing = clearing(settlement.provider)?;
    let (amount, fee) = (settlement.amount, settlement.fee);
    let booked = Transfer {
        id: TransferId::from_uuid(uuid_v7_at(at)),
        kind: TransferKind::ProviderSettled,
        order_id: None,
        source: settlement.source(),
        at,
        entries: posting::settled(clearing, amount, fee),
    };
    if settlement.reversed.is_none() {
        store::ledger::post(tx, &booked).await?;
        return Ok(());
    }
    let back = Transfer {
        source: format!("settlement_reversed:{}", settlement.id),
        entries: posting::settlement_reversed(clearing, amount, fee),
        ..booked
    };
    store::ledger::post_reversal(tx, &back, &settlement.source()).await?;
    Ok(())
}
