//! Customers, found or made by a normalised contact, one at a time.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use konveksi_db::{Connection, DbError, KeepPlan as _, kept};
use konveksi_kernel::{CustomerId, OrderId};
use uuid::Uuid;

use super::schema::customers;
use crate::domain::contact::Contact;
use crate::domain::customer::Customer;

/// A contact that was moved to another record while it was looked for is looked for again, so often.
const TRIES: usize = 5;

/// Keep merges and those who look for a customer by contact apart, until the transaction ends.
const NO_MERGES: &str = "SELECT pg_advisory_xact_lock_shared(3908417265511203318)";
const ONLY_MERGE: &str = "SELECT pg_advisory_xact_lock(3908417265511203318)";

#[derive(Queryable, Selectable)]
#[diesel(table_name = customers, check_for_backend(diesel::pg::Pg))]
pub(super) struct CustomerRow {
    id: Uuid,
    version: i64,
    name: String,
    phone: Option<String>,
    email: Option<String>,
    tags: Vec<Option<String>>,
    notes: String,
    merged_into: Option<Uuid>,
}

impl From<CustomerRow> for Customer {
    fn from(row: CustomerRow) -> Customer {
        let CustomerRow { id, version, name, phone, email, tags, notes, merged_into } = row;
        Customer {
            id: CustomerId::from_uuid(id),
            version,
            name,
            phone,
            email,
            tags: tags.into_iter().flatten().collect(),
            notes,
            merged_into: merged_into.map(CustomerId::from_uuid),
        }
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
        .keep_plan()
        .execute(tx)
        .await?;
    Ok(added > 0)
}

/// The customer with this contact, held until the transaction ends; if the record was merged, the
/// one it was merged into. No merge happens until then: one that did while this waited for a record
/// would leave it holding a record that the next merge wants, and waiting for one that it has.
pub(crate) async fn find_by_contact_for_update(
    tx: &mut Connection,
    contact: &Contact,
) -> Result<Option<Customer>, DbError> {
    kept(NO_MERGES).execute(tx).await?;
    for _ in 0..TRIES {
        let Some(wanted) = owner_of(tx, contact).await? else { return Ok(None) };
        let held = find_for_update(tx, wanted).await?;
        // Meanwhile the contact may have come to another record.
        if held.is_some() && owner_of(tx, contact).await? == Some(wanted) {
            return Ok(held);
        }
    }
    Err(DbError::Corrupt("a customer's contact does not come to rest".to_owned()))
}

/// Who is reached by this contact now.
async fn owner_of(conn: &mut Connection, contact: &Contact) -> Result<Option<CustomerId>, DbError> {
    let all = customers::table.select((customers::id, customers::merged_into));
    let found: Option<(Uuid, Option<Uuid>)> = match contact {
        Contact::Phone(phone) => all.filter(customers::phone.eq(phone)).first(conn).await,
        Contact::Email(email) => all.filter(customers::email.eq(email)).first(conn).await,
    }
    .optional()?;
    Ok(found.map(|(id, merged_into)| CustomerId::from_uuid(merged_into.unwrap_or(id))))
}

/// One customer, held until the transaction ends.
pub(crate) async fn find_for_update(
    tx: &mut Connection,
    id: CustomerId,
) -> Result<Option<Customer>, DbError> {
    let row = customers::table
        .find(id.as_uuid())
        .select(CustomerRow::as_select())
        .for_no_key_update()
        .first(tx)
        .await
        .optional()?;
    Ok(row.map(Customer::from))
}

/// Two customers to be merged, both held until the transaction ends. It waits until nobody looks
/// for a customer by contact, and is the only merge until then.
pub(crate) async fn find_two_for_merge(
    tx: &mut Connection,
    one: CustomerId,
    other: CustomerId,
) -> Result<(Option<Customer>, Option<Customer>), DbError> {
    kept(ONLY_MERGE).execute(tx).await?;
    Ok((find_for_update(tx, one).await?, find_for_update(tx, other).await?))
}

/// Writes what may change of a customer.
///
/// # Errors
/// [`DbError::UniqueViolation`] when another record has one of the contacts.
pub(crate) async fn update(
    tx: &mut Connection,
    customer: &Customer,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let at_least = diesel::dsl::sql::<diesel::sql_types::Timestamptz>("greatest(updated_at, ")
        .bind::<diesel::sql_types::Timestamptz, _>(now)
        .sql(")");
    diesel::update(customers::table.find(customer.id.as_uuid()))
        .set((
            customers::version.eq(customer.version),
            customers::name.eq(&customer.name),
            customers::phone.eq(customer.phone.as_deref()),
            customers::email.eq(customer.email.as_deref()),
            customers::tags.eq(&customer.tags),
            customers::notes.eq(&customer.notes),
            customers::merged_into.eq(customer.merged_into.map(|id| id.as_uuid())),
            customers::updated_at.eq(at_least),
        ))
        .execute(tx)
        .await?;
    Ok(())
}

/// Lets the records that point to `from` point to `to`, so that nobody has to follow a chain.
pub(crate) async fn point_on(
    tx: &mut Connection,
    from: CustomerId,
    to: CustomerId,
) -> Result<(), DbError> {
    diesel::update(customers::table.filter(customers::merged_into.eq(from.as_uuid())))
        .set(customers::merged_into.eq(to.as_uuid()))
        .execute(tx)
        .await?;
    Ok(())
}

/// Some orders, deleted ones included, that still name a merged customer, each with whose it is to
/// be. They are held until the transaction ends; those that others hold are left for later.
pub(crate) async fn claim_orders_to_move(
    tx: &mut Connection,
    most: i64,
) -> Result<Vec<(OrderId, CustomerId)>, DbError> {
    const CLAIM: &str = "
        SELECT orders.id, customers.merged_into AS owner
        FROM customers JOIN orders ON orders.customer_id = customers.id
        WHERE customers.merged_into IS NOT NULL
        LIMIT $1
        FOR NO KEY UPDATE OF orders SKIP LOCKED";
    let rows: Vec<ToMove> = kept(CLAIM).bind::<diesel::sql_types::BigInt, _>(most).load(tx).await?;
    let pairs =
        rows.into_iter().map(|row| (OrderId::from_uuid(row.id), CustomerId::from_uuid(row.owner)));
    Ok(pairs.collect())
}

#[derive(QueryableByName)]
struct ToMove {
    #[diesel(sql_type = diesel::sql_types::Uuid)]
    id: Uuid,
    #[diesel(sql_type = diesel::sql_types::Uuid)]
    owner: Uuid,
}
