//! Orders, as far as messages speak of them.

use diesel::prelude::*;
use diesel::upsert::excluded;
use diesel_async::RunQueryDsl;
use konveksi_db::{Connection, DbError, KeepPlan as _};
use konveksi_kernel::{CustomerId, OrderId};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::schema::orders;
use super::{amount, literal};
use crate::domain::channel::ChannelChoice;
use crate::domain::facts::Order;
use crate::domain::order_status::OrderStatus;

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = orders)]
struct OrderRow {
    order_id: Uuid,
    version: i64,
    code: String,
    customer_id: Uuid,
    product_name: String,
    quantity: i64,
    total: Decimal,
    paid: Decimal,
    has_deposit: bool,
    channel: String,
    status: String,
    deleted: bool,
    quiet: bool,
}

impl TryFrom<OrderRow> for Order {
    type Error = DbError;

    fn try_from(row: OrderRow) -> Result<Order, DbError> {
        Ok(Order {
            id: OrderId::from_uuid(row.order_id),
            version: row.version,
            code: row.code,
            customer_id: CustomerId::from_uuid(row.customer_id),
            product_name: row.product_name,
            quantity: row.quantity,
            total: amount("an order's total", row.total)?,
            paid: amount("an order's paid sum", row.paid)?,
            has_deposit: row.has_deposit,
            channel: literal("an order's channel", &row.channel, ChannelChoice::from_wire)?,
            status: literal("an order's status", &row.status, OrderStatus::from_wire)?,
            deleted: row.deleted,
            quiet: row.quiet,
        })
    }
}

/// Keeps `order` unless something newer is known.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn upsert(tx: &mut Connection, order: &Order) -> Result<(), DbError> {
    use diesel::query_dsl::methods::FilterDsl as _;
    let row = OrderRow {
        order_id: order.id.as_uuid(),
        version: order.version,
        code: order.code.clone(),
        customer_id: order.customer_id.as_uuid(),
        product_name: order.product_name.clone(),
        quantity: order.quantity,
        total: order.total.as_decimal(),
        paid: order.paid.as_decimal(),
        has_deposit: order.has_deposit,
        channel: order.channel.as_wire().to_owned(),
        status: order.status.as_wire().to_owned(),
        deleted: order.deleted,
        quiet: order.quiet,
    };
    diesel::insert_into(orders::table)
        .values(&row)
        .on_conflict(orders::order_id)
        .do_update()
        .set(&row)
        .filter(orders::version.lt(excluded(orders::version)))
        .keep_plan()
        .execute(tx)
        .await?;
    Ok(())
}

/// What is known of an order.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn find(conn: &mut Connection, id: OrderId) -> Result<Option<Order>, DbError> {
    orders::table
        .find(id.as_uuid())
        .select(OrderRow::as_select())
        .first(conn)
        .await
        .optional()?
        .map(Order::try_from)
        .transpose()
}
