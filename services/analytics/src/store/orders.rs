//! The newest known state of each order.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::{ExpressionMethods as _, NullableExpressionMethods as _, OptionalExtension as _};
use diesel::{JoinOnDsl as _, QueryDsl as _, SelectableHelper as _};
use diesel_async::RunQueryDsl as _;
use konveksi_db::{Connection, DbError, KeepPlan as _};
use konveksi_kernel::{CustomerId, OrderId};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::money;
use super::schema::{customers, order_facts};
use crate::domain::dashboard::RecentOrder;
use crate::domain::order_fact::OrderFact;
use crate::domain::status::{OrderStatus, ProductionStatus};

#[derive(diesel::Queryable, diesel::Selectable, diesel::Insertable, diesel::AsChangeset)]
#[diesel(table_name = order_facts)]
struct OrderRow {
    order_id: Uuid,
    version: i64,
    order_code: String,
    customer_id: Uuid,
    total_rupiah: Decimal,
    paid_rupiah: Decimal,
    status: String,
    production_status: String,
    created_at: DateTime<Utc>,
    created_on: NaiveDate,
    is_deleted: bool,
}

impl From<&OrderFact> for OrderRow {
    fn from(fact: &OrderFact) -> OrderRow {
        OrderRow {
            order_id: fact.order_id.as_uuid(),
            version: fact.version,
            order_code: fact.order_code.clone(),
            customer_id: fact.customer_id.as_uuid(),
            total_rupiah: fact.total.as_decimal(),
            paid_rupiah: fact.paid.as_decimal(),
            status: fact.status.as_wire().to_owned(),
            production_status: fact.production.as_wire().to_owned(),
            created_at: fact.created_at,
            created_on: fact.created_on(),
            is_deleted: fact.deleted,
        }
    }
}

impl TryFrom<OrderRow> for OrderFact {
    type Error = DbError;

    fn try_from(row: OrderRow) -> Result<OrderFact, DbError> {
        Ok(OrderFact {
            order_id: OrderId::from_uuid(row.order_id),
            version: row.version,
            customer_id: CustomerId::from_uuid(row.customer_id),
            total: money(row.total_rupiah)?,
            paid: money(row.paid_rupiah)?,
            status: status(&row.status)?,
            production: ProductionStatus::from_wire(&row.production_status)
                .ok_or_else(|| DbError::Corrupt(format!("status {}", row.production_status)))?,
            order_code: row.order_code,
            created_at: row.created_at,
            deleted: row.is_deleted,
        })
    }
}

fn status(text: &str) -> Result<OrderStatus, DbError> {
    OrderStatus::from_wire(text).ok_or_else(|| DbError::Corrupt(format!("status {text}")))
}

/// What is known of an order, locked until the transaction ends.
pub(crate) async fn find_for_update(
    tx: &mut Connection,
    order: OrderId,
) -> Result<Option<OrderFact>, DbError> {
    order_facts::table
        .find(order.as_uuid())
        .select(OrderRow::as_select())
        .for_update()
        .first(tx)
        .await
        .optional()?
        .map(OrderFact::try_from)
        .transpose()
}

/// Notes an order that was not known; `false` when another transaction was faster.
pub(crate) async fn insert_if_absent(
    tx: &mut Connection,
    fact: &OrderFact,
) -> Result<bool, DbError> {
    let inserted = diesel::insert_into(order_facts::table)
        .values(OrderRow::from(fact))
        .on_conflict_do_nothing()
        .keep_plan()
        .execute(tx)
        .await?;
    Ok(inserted == 1)
}

/// Replaces what is known of an order whose row the transaction holds.
pub(crate) async fn replace(tx: &mut Connection, fact: &OrderFact) -> Result<(), DbError> {
    diesel::update(order_facts::table.find(fact.order_id.as_uuid()))
        .set(OrderRow::from(fact))
        .keep_plan()
        .execute(tx)
        .await?;
    Ok(())
}

/// The newest orders that are not deleted, at most `limit`, newest first.
pub(crate) async fn list_recent(
    conn: &mut Connection,
    limit: i64,
) -> Result<Vec<RecentOrder>, DbError> {
    type Row = (String, Option<String>, Decimal, String, DateTime<Utc>);
    let rows: Vec<Row> = order_facts::table
        .left_join(customers::table.on(customers::customer_id.eq(order_facts::customer_id)))
        .filter(order_facts::is_deleted.eq(false))
        .order((order_facts::created_at.desc(), order_facts::order_id.desc()))
        .limit(limit)
        .select((
            order_facts::order_code,
            customers::name.nullable(),
            order_facts::total_rupiah,
            order_facts::status,
            order_facts::created_at,
        ))
        .load(conn)
        .await?;
    rows.into_iter()
        .map(|(order_code, name, total, text, created_at)| {
            Ok(RecentOrder {
                order_code,
                customer_name: name.unwrap_or_default(),
                total: money(total)?,
                status: status(&text)?,
                created_at,
            })
        })
        .collect()
}
