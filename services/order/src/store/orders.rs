//! The orders' table: one order at a time.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use konveksi_db::{Connection, DbError, KeepPlan as _};
use konveksi_kernel::{CustomerId, FileId, Money, OrderId, Page};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::schema::orders;
use crate::domain::contact::Contact;
use crate::domain::input::OrderDetails;
use crate::domain::order::{CurrentStage, Order, Origin};
use crate::domain::production::ProductionStatus;
use crate::domain::standing::Standing;
use crate::domain::status::OrderStatus;
use crate::domain::terms::{Channel, DepositPercent, PaymentTerms, PaymentType};

#[derive(Queryable, Selectable)]
#[diesel(table_name = orders, check_for_backend(diesel::pg::Pg))]
pub(super) struct OrderRow {
    id: Uuid,
    version: i64,
    order_code: String,
    tracking_token: String,
    customer_id: Uuid,
    customer_name: String,
    contact_information: String,
    product_name: String,
    quantity: i32,
    total_price: Decimal,
    payment_type: String,
    dp_percent: Option<Decimal>,
    notification_channel: String,
    design_notes: String,
    design_file_id: Option<Uuid>,
    design_url: Option<String>,
    status_order: String,
    production_status: String,
    paid_amount: Decimal,
    money_version: i64,
    payment_overdue: bool,
    origin: String,
    notify: bool,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    deleted_at: Option<DateTime<Utc>>,
    promised_on: Option<NaiveDate>,
    production_stage: Option<String>,
    stage_due_on: Option<NaiveDate>,
}

impl TryFrom<OrderRow> for Order {
    type Error = DbError;

    fn try_from(row: OrderRow) -> Result<Order, DbError> {
        let id = row.id;
        let corrupt = |column: &str| DbError::Corrupt(format!("order {id}: {column}"));
        let money = |amount, column| Money::from_decimal(amount).map_err(|_why| corrupt(column));
        let percent = || row.dp_percent.and_then(DepositPercent::from_decimal);
        let terms = match PaymentType::from_wire(&row.payment_type) {
            Some(PaymentType::Deposit) => {
                PaymentTerms::Deposit(percent().ok_or_else(|| corrupt("dp_percent"))?)
            }
            Some(PaymentType::Full) => PaymentTerms::Full,
            None => return Err(corrupt("payment_type")),
        };
        let standing = Standing::restore(
            OrderStatus::from_wire(&row.status_order).ok_or_else(|| corrupt("status_order"))?,
            ProductionStatus::from_wire(&row.production_status)
                .ok_or_else(|| corrupt("production_status"))?,
            money(row.paid_amount, "paid_amount")?,
            row.money_version,
        )
        .with_overdue(row.payment_overdue);
        let details = OrderDetails {
            contact: Contact::parse(&row.contact_information)
                .map_err(|_why| corrupt("contact_information"))?,
            channel: Channel::from_wire(&row.notification_channel)
                .ok_or_else(|| corrupt("notification_channel"))?,
            total: money(row.total_price, "total_price")?,
            customer_name: row.customer_name,
            product_name: row.product_name,
            quantity: row.quantity,
            terms,
            contact_information: row.contact_information,
            design_notes: row.design_notes,
            promised_on: row.promised_on,
        };
        let due_on = row.stage_due_on;
        let stage = row.production_stage.map(|code| CurrentStage { code, due_on });
        Ok(Order {
            id: OrderId::from_uuid(id),
            version: row.version,
            code: row.order_code,
            tracking_token: row.tracking_token,
            customer_id: CustomerId::from_uuid(row.customer_id),
            details,
            design_file_id: row.design_file_id.map(FileId::from_uuid),
            design_url: row.design_url,
            standing,
            origin: Origin::from_wire(&row.origin).ok_or_else(|| corrupt("origin"))?,
            notify: row.notify,
            stage,
            created_at: row.created_at,
            updated_at: row.updated_at,
            deleted_at: row.deleted_at,
        })
    }
}

/// What an order's row says besides what never changes.
#[derive(AsChangeset, Insertable)]
#[diesel(table_name = orders, treat_none_as_null = true, treat_none_as_default_value = false)]
struct Changing<'a> {
    version: i64,
    customer_id: Uuid,
    customer_name: &'a str,
    contact_information: &'a str,
    contact_normalised: &'a str,
    product_name: &'a str,
    quantity: i32,
    total_price: Decimal,
    payment_type: &'static str,
    dp_percent: Option<Decimal>,
    notification_channel: &'static str,
    design_notes: &'a str,
    design_url: Option<String>,
    status_order: &'static str,
    production_status: &'static str,
    paid_amount: Decimal,
    money_version: i64,
    payment_overdue: bool,
    updated_at: DateTime<Utc>,
    deleted_at: Option<DateTime<Utc>>,
    promised_on: Option<NaiveDate>,
    production_stage: Option<String>,
    stage_due_on: Option<NaiveDate>,
}

impl<'a> From<&'a Order> for Changing<'a> {
    fn from(order: &'a Order) -> Changing<'a> {
        let details = &order.details;
        Changing {
            version: order.version,
            customer_id: order.customer_id.as_uuid(),
            customer_name: &details.customer_name,
            contact_information: &details.contact_information,
            contact_normalised: details.contact.normalised(),
            product_name: &details.product_name,
            quantity: details.quantity,
            total_price: details.total.as_decimal(),
            payment_type: details.terms.payment_type().as_wire(),
            dp_percent: details.terms.deposit_percent().map(DepositPercent::as_decimal),
            notification_channel: details.channel.as_wire(),
            design_notes: &details.design_notes,
            design_url: order.design_url.clone(),
            status_order: order.standing.status().as_wire(),
            production_status: order.standing.production().as_wire(),
            paid_amount: order.standing.paid().as_decimal(),
            money_version: order.standing.money_version(),
            payment_overdue: order.standing.is_overdue(),
            updated_at: order.updated_at,
            deleted_at: order.deleted_at,
            promised_on: details.promised_on,
            production_stage: order.stage.as_ref().map(|stage| stage.code.clone()),
            stage_due_on: order.stage.as_ref().and_then(|stage| stage.due_on),
        }
    }
}

/// Adds an order unless its code is taken; answers whether it was added. Waits for another
/// transaction that is taking the same code.
pub(crate) async fn insert_if_code_free(
    tx: &mut Connection,
    order: &Order,
) -> Result<bool, DbError> {
    let added = diesel::insert_into(orders::table)
        .values((
            orders::id.eq(order.id.as_uuid()),
            orders::order_code.eq(&order.code),
            orders::tracking_token.eq(&order.tracking_token),
            orders::origin.eq(order.origin.as_wire()),
            orders::notify.eq(order.notify),
            orders::design_file_id.eq(order.design_file_id.map(|id| id.as_uuid())),
            orders::created_at.eq(order.created_at),
            Changing::from(order),
        ))
        .on_conflict(orders::order_code)
        .do_nothing()
        .keep_plan()
        .execute(tx)
        .await?;
    Ok(added > 0)
}

/// Writes what may change of an order.
pub(crate) async fn update(tx: &mut Connection, order: &Order) -> Result<(), DbError> {
    diesel::update(orders::table.find(order.id.as_uuid()))
        .set(Changing::from(order))
        .keep_plan()
        .execute(tx)
        .await?;
    Ok(())
}

/// One order that was not deleted.
pub(crate) async fn find(conn: &mut Connection, id: OrderId) -> Result<Option<Order>, DbError> {
    let row = orders::table
        .find(id.as_uuid())
        .filter(orders::deleted_at.is_null())
        .select(OrderRow::as_select())
        .first(conn)
        .await
        .optional()?;
    row.map(Order::try_from).transpose()
}

/// The order with this canonical code, unless it was deleted.
pub(crate) async fn find_by_code(
    conn: &mut Connection,
    code: &str,
) -> Result<Option<Order>, DbError> {
    let row = orders::table
        .filter(orders::order_code.eq(code))
        .filter(orders::deleted_at.is_null())
        .select(OrderRow::as_select())
        .first(conn)
        .await
        .optional()?;
    row.map(Order::try_from).transpose()
}

/// The orders with these ids, in the order of the ids. Few: a page of them.
pub(crate) async fn list_by_ids(
    conn: &mut Connection,
    ids: &[Uuid],
) -> Result<Vec<Order>, DbError> {
    let mut rows: Vec<OrderRow> = orders::table
        .filter(orders::id.eq_any(ids))
        .select(OrderRow::as_select())
        .load(conn)
        .await?;
    rows.sort_by_key(|row| ids.iter().position(|id| *id == row.id));
    rows.into_iter().map(Order::try_from).collect()
}

/// The order with this tracking token, unless it was deleted.
pub(crate) async fn find_by_token(
    conn: &mut Connection,
    token: &str,
) -> Result<Option<Order>, DbError> {
    let row = orders::table
        .filter(orders::tracking_token.eq(token))
        .filter(orders::deleted_at.is_null())
        .select(OrderRow::as_select())
        .first(conn)
        .await
        .optional()?;
    row.map(Order::try_from).transpose()
}

/// Orders that were not deleted, held until the transaction ends. They are locked by rising id, so
/// that two callers with the same orders wait for each other instead of standing in each other's way.
pub(crate) async fn list_for_update(
    tx: &mut Connection,
    ids: &[OrderId],
) -> Result<Vec<Order>, DbError> {
    let ids: Vec<Uuid> = ids.iter().map(OrderId::as_uuid).collect();
    let rows: Vec<OrderRow> = orders::table
        .filter(orders::id.eq_any(ids))
        .filter(orders::deleted_at.is_null())
        .select(OrderRow::as_select())
        .order(orders::id)
        .for_no_key_update()
        .load(tx)
        .await?;
    rows.into_iter().map(Order::try_from).collect()
}

/// One order, deleted or not, held until the transaction ends.
pub(crate) async fn find_for_update(
    tx: &mut Connection,
    id: OrderId,
) -> Result<Option<Order>, DbError> {
    let row = orders::table
        .find(id.as_uuid())
        .select(OrderRow::as_select())
        .for_no_key_update()
        .first(tx)
        .await
        .optional()?;
    row.map(Order::try_from).transpose()
}

/// Public orders of this customer since `since` that the customer was to be written to about.
pub(crate) async fn count_notified_public(
    tx: &mut Connection,
    customer_id: CustomerId,
    since: DateTime<Utc>,
) -> Result<i64, DbError> {
    let count = orders::table
        .filter(orders::customer_id.eq(customer_id.as_uuid()))
        .filter(orders::created_at.ge(since))
        .filter(orders::notify.eq(true).and(orders::origin.eq(Origin::Public.as_wire())))
        .count()
        .get_result(tx)
        .await?;
    Ok(count)
}

/// One page of the deleted orders, the last deleted first.
pub(crate) async fn list_deleted(conn: &mut Connection, page: Page) -> Result<Vec<Order>, DbError> {
    let rows: Vec<OrderRow> = orders::table
        .filter(orders::deleted_at.is_not_null())
        .select(OrderRow::as_select())
        .order((orders::deleted_at.desc(), orders::id.desc()))
        .limit(page.limit())
        .offset(page.offset())
        .load(conn)
        .await?;
    rows.into_iter().map(Order::try_from).collect()
}

/// How many orders are deleted.
pub(crate) async fn count_deleted(conn: &mut Connection) -> Result<i64, DbError> {
    Ok(orders::table.filter(orders::deleted_at.is_not_null()).count().get_result(conn).await?)
}
