//! Keeping what other services tell: the newest version wins, in whatever order it comes.

use konveksi_db::{Connection, DbError};

use crate::domain::facts::{Contact, Order};
use crate::domain::invoice::Invoice;
use crate::store;

/// Keeps a customer's name and addresses. One who asked to be forgotten is blanked in every
/// message too, and what was not sent yet to them is given up.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn hear_contact(tx: &mut Connection, contact: &Contact) -> Result<(), DbError> {
    let before = store::contacts::find(tx, contact.customer_id).await?;
    let kept = store::contacts::upsert(tx, contact).await?;
    if !(contact.erased && kept) {
        return Ok(());
    }
    let phone = before.as_ref().and_then(|known| known.phone.as_ref());
    let email = before.as_ref().and_then(|known| known.email.as_ref());
    let addresses: Vec<String> = [
        phone.map(|phone| phone.as_str().to_owned()),
        email.map(|email| email.as_str().to_owned()),
    ]
    .into_iter()
    .flatten()
    .collect();
    konveksi_idempotency::erase(tx, contact.customer_id).await?;
    store::messages::erase(tx, contact.customer_id, &addresses).await
}

/// Keeps an order.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn hear_order(tx: &mut Connection, order: &Order) -> Result<(), DbError> {
    store::orders::upsert(tx, order).await
}

/// Keeps an invoice.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn hear_invoice(tx: &mut Connection, invoice: &Invoice) -> Result<(), DbError> {
    store::invoices::upsert(tx, invoice).await
}
