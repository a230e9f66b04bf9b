//! Finds or makes the customer of an order.

use chrono::{DateTime, Utc};
use konveksi_db::{Connection, DbError};
use konveksi_kernel::{Clock, CustomerId};

use crate::domain::customer::Customer;
use crate::domain::input::OrderDetails;
use crate::domain::order::Origin;
use crate::{events, store};

/// The customer with this contact, held until the transaction ends; made if there is none. Two
/// callers at once get the same one. Tells the change if there was one.
pub(super) async fn find_or_make(
    tx: &mut Connection,
    clock: &dyn Clock,
    now: DateTime<Utc>,
    details: &OrderDetails,
    origin: Origin,
) -> Result<Customer, DbError> {
    let new = Customer::new(CustomerId::generate(clock), &details.customer_name, &details.contact);
    if store::customers::insert_if_new(tx, &new, now).await? {
        events::customer_changed(tx, now, &new).await?;
        return Ok(new);
    }
    let mut known =
        store::customers::find_by_contact_for_update(tx, &details.contact).await?.ok_or_else(
            || DbError::Corrupt("a customer's contact is taken and not found".to_owned()),
        )?;
    if known.rename(&details.customer_name, origin) {
        store::customers::update(tx, &known, now).await?;
        events::customer_changed(tx, now, &known).await?;
    }
    Ok(known)
}
