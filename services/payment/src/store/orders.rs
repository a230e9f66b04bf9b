//! What is known of orders, and the money row that every use case locks first.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::upsert::excluded;
use diesel_async::RunQueryDsl;
use konveksi_db::{Connection, DbError, KeepPlan as _};
use konveksi_kernel::{CustomerId, Money, OrderId};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::rows::{money, word};
use super::schema::{order_money, order_projection};
use crate::domain::{Channel, OrderMoney, OrderStatus, OrderView, PaymentPlan, ProductionStatus};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = order_projection)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct OrderRow {
    order_id: Uuid,
    version: i64,
    order_code: String,
    customer_id: Uuid,
    product_name: String,
    quantity: i64,
    total: Decimal,
    payment_plan: String,
    deposit_percent: Option<Decimal>,
    channel: String,
    status: String,
    production_status: String,
    deleted: bool,
    created_at: DateTime<Utc>,
}

impl From<&OrderView> for OrderRow {
    fn from(order: &OrderView) -> OrderRow {
        OrderRow {
            order_id: order.id.as_uuid(),
            version: order.version,
            order_code: order.code.clone(),
            customer_id: order.customer_id.as_uuid(),
            product_name: order.product_name.clone(),
            quantity: order.quantity,
            total: order.total.as_decimal(),
            payment_plan: order.plan.as_wire().to_owned(),
            deposit_percent: order.deposit_percent,
            channel: order.channel.as_wire().to_owned(),
            status: order.status.as_wire().to_owned(),
            production_status: order.production.as_wire().to_owned(),
            deleted: order.deleted,
            created_at: order.created_at,
        }
    }
}

impl TryFrom<OrderRow> for OrderView {
    type Error = DbError;

    fn try_from(row: OrderRow) -> Result<OrderView, DbError> {
        let plan = PaymentPlan::from_wire(&row.payment_plan);
        let channel = Channel::from_wire(&row.channel);
        let status = OrderStatus::from_wire(&row.status);
        let production = ProductionStatus::from_wire(&row.production_status);
        Ok(OrderView {
            id: OrderId::from_uuid(row.order_id),
            version: row.version,
            code: row.order_code,
            customer_id: CustomerId::from_uuid(row.customer_id),
            product_name: row.product_name,
            quantity: row.quantity,
            total: money("order_projection.total", row.total)?,
            plan: word("order_projection.payment_plan", &row.payment_plan, plan)?,
            deposit_percent: row.deposit_percent,
            channel: word("order_projection.channel", &row.channel, channel)?,
            status: word("order_projection.status", &row.status, status)?,
            production: word(
                "order_projection.production_status",
                &row.production_status,
                production,
            )?,
            deleted: row.deleted,
            created_at: row.created_at,
        })
    }
}

/// Keeps `order` unless something as new is known already, and makes its money row.
/// Answers whether it was newer.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn keep_newest(tx: &mut Connection, order: &OrderView) -> Result<bool, DbError> {
    use order_projection as o;
    let upsert = diesel::insert_into(o::table)
        .values(OrderRow::from(order))
        .on_conflict(o::order_id)
        .do_update()
        .set((
            o::version.eq(excluded(o::version)),
            o::order_code.eq(excluded(o::order_code)),
            o::customer_id.eq(excluded(o::customer_id)),
            o::product_name.eq(excluded(o::product_name)),
            o::quantity.eq(excluded(o::quantity)),
            o::total.eq(excluded(o::total)),
            o::payment_plan.eq(excluded(o::payment_plan)),
            o::deposit_percent.eq(excluded(o::deposit_percent)),
            o::channel.eq(excluded(o::channel)),
            o::status.eq(excluded(o::status)),
            o::production_status.eq(excluded(o::production_status)),
            o::deleted.eq(excluded(o::deleted)),
        ));
    let written =
        diesel::query_dsl::methods::FilterDsl::filter(upsert, o::version.lt(excluded(o::version)))
            .keep_plan()
            .execute(tx)
            .await?;
    diesel::insert_into(order_money::table)
        .values(order_money::order_id.eq(order.id.as_uuid()))
        .on_conflict_do_nothing()
        .keep_plan()
        .execute(tx)
        .await?;
    Ok(written > 0)
}

/// What is known of an order.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn find(conn: &mut Connection, id: OrderId) -> Result<Option<OrderView>, DbError> {
    order_projection::table
        .find(id.as_uuid())
        .select(OrderRow::as_select())
        .first(conn)
        .await
        .optional()?
        .map(OrderView::try_from)
        .transpose()
}

/// What is known of several orders.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn find_many(
    conn: &mut Connection,
    ids: &[OrderId],
) -> Result<Vec<OrderView>, DbError> {
    let ids: Vec<Uuid> = ids.iter().map(OrderId::as_uuid).collect();
    let rows: Vec<OrderRow> = order_projection::table
        .filter(order_projection::order_id.eq_any(ids))
        .select(OrderRow::as_select())
        .load(conn)
        .await?;
    rows.into_iter().map(OrderView::try_from).collect()
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = order_money)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct MoneyRow {
    order_id: Uuid,
    captured: Decimal,
    refunded: Decimal,
    revenue_booked: Option<Decimal>,
    money_version: i64,
}

impl TryFrom<MoneyRow> for OrderMoney {
    type Error = DbError;

    fn try_from(row: MoneyRow) -> Result<OrderMoney, DbError> {
        Ok(OrderMoney {
            order_id: OrderId::from_uuid(row.order_id),
            captured: money("order_money.captured", row.captured)?,
            refunded: money("order_money.refunded", row.refunded)?,
            revenue_booked: row
                .revenue_booked
                .map(|booked| money("order_money.revenue_booked", booked))
                .transpose()?,
            money_version: row.money_version,
        })
    }
}

/// The money of an order, without a lock; an order nobody heard of has none.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn find_money(
    conn: &mut Connection,
    id: OrderId,
) -> Result<Option<OrderMoney>, DbError> {
    order_money::table
        .find(id.as_uuid())
        .select(MoneyRow::as_select())
        .first(conn)
        .await
        .optional()?
        .map(OrderMoney::try_from)
        .transpose()
}

/// The money of an order, locked until the transaction ends: the first lock of every money use
/// case, so that two of them on one order run one after the other.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn find_money_for_update(
    tx: &mut Connection,
    id: OrderId,
) -> Result<Option<OrderMoney>, DbError> {
    order_money::table
        .find(id.as_uuid())
        .select(MoneyRow::as_select())
        .for_update()
        .first(tx)
        .await
        .optional()?
        .map(OrderMoney::try_from)
        .transpose()
}

/// Stores changed sums; the caller holds the row's lock.
///
/// # Errors
/// [`DbError::CheckViolation`] when refunds would exceed captures, else any [`DbError`].
pub(crate) async fn update_money(tx: &mut Connection, sums: &OrderMoney) -> Result<(), DbError> {
    diesel::update(order_money::table.find(sums.order_id.as_uuid()))
        .set((
            order_money::captured.eq(sums.captured.as_decimal()),
            order_money::refunded.eq(sums.refunded.as_decimal()),
            order_money::revenue_booked.eq(sums.revenue_booked.map(Money::as_decimal)),
            order_money::money_version.eq(sums.money_version),
        ))
        .keep_plan()
        .execute(tx)
        .await?;
    Ok(())
}
