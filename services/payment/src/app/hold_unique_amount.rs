//! *Kode unik*: gives an invoice an amount that no other waits for at the same bank account.

use chrono::{DateTime, Utc};
use konveksi_db::Connection;
use konveksi_kernel::InvoiceId;
use konveksi_kernel::ids::uuid_v7_at;

use super::{App, AppError};
use crate::domain::unique_amount::{AmountState, BankAccount, UniqueAmount, choose};
use crate::store;

/// Holds an amount for what the invoice still asks for, within `tx`; the one it holds already as
/// long as it fits. `bank_account` is the account's number; the first one when absent.
///
/// # Errors
/// [`AppError::InvoiceNotFound`]; [`AppError::Refused`] when it waits for nothing;
/// [`AppError::UnknownBankAccount`]; [`AppError::NoFreeAmount`]; [`AppError::Db`].
pub(crate) async fn hold_unique_amount(
    app: &App,
    tx: &mut Connection,
    id: InvoiceId,
    bank_account: Option<&str>,
) -> Result<(UniqueAmount, BankAccount), AppError> {
    let now = app.clock.now();
    let account = account(app, bank_account)?;
    let seen = store::invoices::find(tx, id).await?.ok_or(AppError::InvoiceNotFound)?;
    store::orders::find_money_for_update(tx, seen.order_id).await?;
    let invoice =
        store::invoices::find_for_update(tx, id).await?.ok_or(AppError::InvoiceNotFound)?;
    invoice.insist_open("be transferred").map_err(|error| AppError::of(&invoice, error))?;
    let due = invoice.amount_due();
    store::unique_amounts::lock_pool(tx, &account.number, now).await?;
    if let Some(held) = store::unique_amounts::of_invoice(tx, id, now).await?
        && held.bank_account == account.number
        && held.due()? == due
    {
        return Ok((held, account));
    }
    store::unique_amounts::close(tx, id, AmountState::Released).await?;
    let taken = store::unique_amounts::held(tx, &account.number).await?;
    let chosen = choose(due, &taken, &mut rand::rng())?;
    let (suffix, amount) = chosen.ok_or(AppError::NoFreeAmount)?;
    let one = UniqueAmount {
        id: uuid_v7_at(now),
        invoice_id: id,
        bank_account: account.number.clone(),
        suffix,
        amount,
        state: AmountState::Held,
        valid_until: until(app, now),
        created_at: now,
    };
    store::unique_amounts::insert(tx, &one).await?;
    Ok((one, account))
}

fn until(app: &App, now: DateTime<Utc>) -> DateTime<Utc> {
    now + app.unique_amount_window
}

fn account(app: &App, number: Option<&str>) -> Result<BankAccount, AppError> {
    let found = match number {
        Some(number) => app.bank_accounts.iter().find(|account| account.number == number),
        None => app.bank_accounts.first(),
    };
    found.cloned().ok_or(AppError::UnknownBankAccount)
}

/// Gives amounts whose window has passed back to the pool; answers how many.
///
/// # Errors
/// [`AppError::Db`].
pub(crate) async fn release_amounts(app: &App) -> Result<usize, AppError> {
    let mut conn = app.pool.get().await?;
    Ok(store::unique_amounts::release_passed(&mut conn, app.clock.now()).await?)
}
