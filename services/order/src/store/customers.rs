//! Customers, found or made by a normalised contact.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use konveksi_db::{Connection, DbError};
use konveksi_kernel::CustomerId;
use uuid::Uuid;

use super::schema::customers;
use crate::domain::contact::Contact;
use crate::domain::customer::Customer;

#[derive(Queryable, Selectable)]
#[diesel(table_name = customers, check_for_backend(diesel::pg::Pg))]
struct CustomerRow {
    id: Uuid,
    version: i64,
    name: String,
    phone: Option<String>,
    email: Option<String>,
}

impl From<CustomerRow> for Customer {
    fn from(row: CustomerRow) -> Customer {
        let CustomerRow { id, version, name, phone, email } = row;
        Customer { id: CustomerId::from_uuid(id), version, name, phone, email }
    }
}

/// Adds `customer` unless one with the same contact exists; answers whether it was added. Waits
/// for another transaction that is adding the same contact.
pub(crate) async fn insert_if_new(
    tx: &mut Connection,
    customer: &Customer,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let added = diesel::insert_into(customers::table)
        .values((
            customers::id.eq(customer.id.as_uuid()),
            customers::version.eq(customer.version),
            customers::name.eq(&customer.name),
            customers::phone.eq(customer.phone.as_deref()),
            customers::email.eq(customer.email.as_deref()),
            customers::created_at.eq(now),
            customers::updated_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(tx)
        .await?;
    Ok(added > 0)
}

/// The customer with this contact, held until the transaction ends.
pub(crate) async fn find_by_contact_for_update(
    tx: &mut Connection,
    contact: &Contact,
) -> Result<Option<Customer>, DbError> {
    let all = customers::table.select(CustomerRow::as_select()).for_no_key_update();
    let row = match contact {
        Contact::Phone(phone) => all.filter(customers::phone.eq(phone)).first(tx).await,
        Contact::Email(email) => all.filter(customers::email.eq(email)).first(tx).await,
    };
    Ok(row.optional()?.map(Customer::from))
}

/// Writes a customer's name and version.
pub(crate) async fn update(
    tx: &mut Connection,
    customer: &Customer,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    diesel::update(customers::table.find(customer.id.as_uuid()))
        .set((
            customers::version.eq(customer.version),
            customers::name.eq(&customer.name),
            customers::updated_at.eq(now),
        ))
        .execute(tx)
        .await?;
    Ok(())
}
