//! Customers with their totals: one, or a page of those a filter and a search find.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::dsl::{count_star, max, min, sum};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use konveksi_db::{Connection, DbError};
use konveksi_kernel::CustomerId;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::customers::CustomerRow;
use super::dictionary::{self, Meaning};
use super::orders_found::{each, like, nearly_named};
use super::schema::{customers, orders};
use super::statement::{Bind, Statement};
use crate::domain::customer::{Customer, CustomerRecord, Totals};
use crate::domain::customer_filter::{CustomerListRequest, CustomerOrdering};
use crate::domain::search::Search;
use crate::domain::status::OrderStatus;

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    found: i64,
}

/// How many customers the request finds; merged records are not counted.
pub(crate) async fn count(
    conn: &mut Connection,
    request: &CustomerListRequest,
) -> Result<i64, DbError> {
    let meanings = meanings(conn, request).await?;
    let mut statement = Statement::new("SELECT count(*) AS found FROM customers WHERE");
    narrow(&mut statement, request, &meanings);
    let row: Count = statement.query().get_result(conn).await?;
    Ok(row.found)
}

/// The page of what the request finds.
pub(crate) async fn page(
    conn: &mut Connection,
    request: &CustomerListRequest,
) -> Result<Vec<CustomerRecord>, DbError> {
    let meanings = meanings(conn, request).await?;
    let mut statement = Statement::new("SELECT id FROM customers WHERE");
    narrow(&mut statement, request, &meanings);
    statement.then(" ORDER BY ");
    match (request.ordering, &request.search) {
        (Some(ordering), _) => drop(statement.then(clause(ordering))),
        (None, Some(search)) => {
            rank(&mut statement, search, &meanings);
            statement.then(", created_at DESC, id DESC");
        }
        (None, None) => drop(statement.then(clause(CustomerOrdering::Newest))),
    }
    statement.then(" LIMIT ").bind(Bind::Number(request.page.limit()));
    statement.then(" OFFSET ").bind(Bind::Number(request.page.offset()));
    let ids: Vec<Id> = statement.query().load(conn).await?;
    let ids: Vec<Uuid> = ids.into_iter().map(|row| row.id).collect();
    records(conn, &ids).await
}

/// One customer, merged or not.
pub(crate) async fn find(
    conn: &mut Connection,
    id: CustomerId,
) -> Result<Option<CustomerRecord>, DbError> {
    Ok(records(conn, &[id.as_uuid()]).await?.pop())
}

async fn meanings(
    conn: &mut Connection,
    request: &CustomerListRequest,
) -> Result<Vec<Meaning>, DbError> {
    match &request.search {
        Some(search) if !search.words.is_empty() => dictionary::look_up(conn, &search.words).await,
        Some(_) | None => Ok(Vec::new()),
    }
}

fn narrow(statement: &mut Statement, request: &CustomerListRequest, meanings: &[Meaning]) {
    statement.then(" merged_into IS NULL");
    if let Some(tag) = &request.tag {
        statement.then(" AND tags @> ").bind(Bind::Texts(vec![tag.clone()]));
    }
    let Some(search) = &request.search else { return };
    statement.then(" AND (false");
    if let Some(contact) = &search.contact {
        statement.then(" OR ");
        has_contact(statement, contact);
    }
    if let Some(part) = &search.contact_part {
        statement.then(" OR ");
        has_contact_part(statement, part);
    }
    if !meanings.is_empty() && !meanings.iter().any(Meaning::is_nothing) {
        statement.then(" OR ");
        nearly_named(statement, meanings);
    }
    statement.then(")");
}

/// The contact is this record's, or one's that was merged into it.
fn has_contact(statement: &mut Statement, contact: &str) {
    let contact = || Bind::Text(contact.to_owned());
    statement.then("(phone = ").bind(contact()).then(" OR email = ").bind(contact());
    statement
        .then(" OR id = ANY (ARRAY(SELECT merged_into FROM customers AS merged WHERE phone = ");
    statement.bind(contact()).then(" OR email = ").bind(contact()).then(")))");
}

fn has_contact_part(statement: &mut Statement, part: &str) {
    like(statement, "(phone LIKE ", part);
    like(statement, " OR email LIKE ", part);
    statement.then(" OR id = ANY (ARRAY(SELECT merged_into FROM customers AS merged ");
    like(statement, "WHERE merged_into IS NOT NULL AND (phone LIKE ", part);
    like(statement, " OR email LIKE ", part);
    statement.then("))))");
}

/// Adds the place of a row among all that are found: the smaller the better.
fn rank(statement: &mut Statement, search: &Search, meanings: &[Meaning]) {
    statement.then("CASE WHEN false THEN 0");
    if let Some(contact) = &search.contact {
        statement.then(" WHEN ");
        has_contact(statement, contact);
        statement.then(" THEN 1");
    }
    if !search.words.is_empty() {
        statement.then(" WHEN name_words @> ").bind(Bind::Texts(search.words.clone()));
        statement.then(" THEN 2 WHEN ");
        each(statement, meanings, |statement, meaning| {
            like(statement, "name_folded LIKE ", &meaning.typed);
        });
        statement.then(" THEN 3");
    }
    if let Some(part) = &search.contact_part {
        statement.then(" WHEN ");
        has_contact_part(statement, part);
        statement.then(" THEN 4");
    }
    statement.then(" ELSE 5 END");
}

const fn clause(ordering: CustomerOrdering) -> &'static str {
    match ordering {
        CustomerOrdering::Newest => "created_at DESC, id DESC",
        CustomerOrdering::Oldest => "created_at, id",
        CustomerOrdering::LastChanged => "updated_at DESC, id DESC",
        CustomerOrdering::Name => "name, id",
        CustomerOrdering::NameBackwards => "name DESC, id DESC",
    }
}

/// The records with these ids, in their order, with what was merged into them and their totals.
async fn records(conn: &mut Connection, ids: &[Uuid]) -> Result<Vec<CustomerRecord>, DbError> {
    /// Its id, what it became part of, phone and e-mail.
    type Merged = (Uuid, Option<Uuid>, Option<String>, Option<String>);
    type Dated = (CustomerRow, DateTime<Utc>, DateTime<Utc>);
    let rows: Vec<Dated> = customers::table
        .filter(customers::id.eq_any(ids))
        .select((CustomerRow::as_select(), customers::created_at, customers::updated_at))
        .load(conn)
        .await?;
    let merged: Vec<Merged> = customers::table
        .filter(customers::merged_into.eq_any(ids))
        .order(customers::id)
        .select((customers::id, customers::merged_into, customers::phone, customers::email))
        .load(conn)
        .await?;
    // Orders that are still to be moved count for whom they will belong to.
    let mut owners: HashMap<Uuid, Uuid> = ids.iter().map(|id| (*id, *id)).collect();
    let mut contacts: HashMap<Uuid, Vec<String>> = HashMap::new();
    for (id, into, phone, email) in merged {
        let Some(into) = into else { continue };
        owners.insert(id, into);
        contacts.entry(into).or_default().extend(phone.into_iter().chain(email));
    }
    let mut totals = totals(conn, &owners).await?;
    let mut records: Vec<CustomerRecord> = rows
        .into_iter()
        .map(|(row, created_at, updated_at)| {
            let customer = Customer::from(row);
            let id = customer.id.as_uuid();
            CustomerRecord {
                customer,
                other_contacts: contacts.remove(&id).unwrap_or_default(),
                totals: totals.remove(&id).unwrap_or_default(),
                created_at,
                updated_at,
            }
        })
        .collect();
    records.sort_by_key(|record| ids.iter().position(|id| *id == record.customer.id.as_uuid()));
    Ok(records)
}

/// What the customers of `owners` ordered, summed for whom each belongs to.
async fn totals(
    conn: &mut Connection,
    owners: &HashMap<Uuid, Uuid>,
) -> Result<HashMap<Uuid, Totals>, DbError> {
    type Row =
        (Uuid, i64, Option<Decimal>, Option<Decimal>, Option<DateTime<Utc>>, Option<DateTime<Utc>>);
    let not_cancelled = orders::status_order.ne(OrderStatus::Cancelled.as_wire());
    let rows: Vec<Row> = orders::table
        .filter(orders::customer_id.eq_any(owners.keys().copied().collect::<Vec<_>>()))
        .filter(orders::deleted_at.is_null())
        .group_by(orders::customer_id)
        .select((
            orders::customer_id,
            count_star(),
            sum(orders::total_price).aggregate_filter(not_cancelled),
            sum(orders::paid_amount),
            min(orders::created_at),
            max(orders::created_at),
        ))
        .load(conn)
        .await?;
    let mut totals: HashMap<Uuid, Totals> = HashMap::new();
    for (customer, count, ordered, paid, first_at, last_at) in rows {
        let Some(owner) = owners.get(&customer) else { continue };
        let known = totals.entry(*owner).or_default();
        known.orders += count;
        known.ordered += ordered.unwrap_or_default();
        known.paid += paid.unwrap_or_default();
        known.first_at = [known.first_at, first_at].into_iter().flatten().min();
        known.last_at = [known.last_at, last_at].into_iter().flatten().max();
    }
    Ok(totals)
}
