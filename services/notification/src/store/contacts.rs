//! Customers' names and addresses, as order tells them.

use diesel::prelude::*;
use diesel::upsert::excluded;
use diesel_async::RunQueryDsl;
use konveksi_db::{Connection, DbError, KeepPlan as _};
use konveksi_kernel::CustomerId;
use uuid::Uuid;

use super::schema::contacts;
use crate::domain::email_address::EmailAddress;
use crate::domain::facts::Contact;
use crate::domain::phone_number::PhoneNumber;

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = contacts, treat_none_as_null = true)]
struct ContactRow {
    customer_id: Uuid,
    version: i64,
    name: String,
    phone: Option<String>,
    email: Option<String>,
    erased: bool,
}

impl From<ContactRow> for Contact {
    fn from(row: ContactRow) -> Contact {
        Contact {
            customer_id: CustomerId::from_uuid(row.customer_id),
            version: row.version,
            name: row.name,
            // Order decides what a contact is; what our rules cannot write to is no address here.
            phone: row.phone.and_then(|text| PhoneNumber::parse(&text).ok()),
            email: row.email.and_then(|text| EmailAddress::parse(&text).ok()),
            erased: row.erased,
        }
    }
}

/// Keeps `contact` unless something newer is known. Answers whether it was kept.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn upsert(tx: &mut Connection, contact: &Contact) -> Result<bool, DbError> {
    use diesel::query_dsl::methods::FilterDsl as _;
    let row = ContactRow {
        customer_id: contact.customer_id.as_uuid(),
        version: contact.version,
        name: contact.name.clone(),
        phone: contact.phone.as_ref().map(|phone| phone.as_str().to_owned()),
        email: contact.email.as_ref().map(|email| email.as_str().to_owned()),
        erased: contact.erased,
    };
    let changed = diesel::insert_into(contacts::table)
        .values(&row)
        .on_conflict(contacts::customer_id)
        .do_update()
        .set(&row)
        .filter(contacts::version.lt(excluded(contacts::version)))
        .keep_plan()
        .execute(tx)
        .await?;
    Ok(changed > 0)
}

/// What is known of a customer.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn find(
    conn: &mut Connection,
    id: CustomerId,
) -> Result<Option<Contact>, DbError> {
    let row = contacts::table
        .find(id.as_uuid())
        .select(ContactRow::as_select())
        .first(conn)
        .await
        .optional()?;
    Ok(row.map(Contact::from))
}
