//! Payment plans.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use konveksi_db::{Connection, DbError};
use konveksi_kernel::{OrderId, Page, PlanId};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::rows::{money, word};
use super::schema::payment_plans;
use crate::domain::plan::{Plan, PlanForm, PlanState};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = payment_plans)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct PlanRow {
    id: Uuid,
    order_id: Uuid,
    form: String,
    total: Decimal,
    state: String,
    replaces: Option<Uuid>,
    created_by: String,
    created_at: DateTime<Utc>,
    version: i64,
}

impl From<&Plan> for PlanRow {
    fn from(plan: &Plan) -> PlanRow {
        PlanRow {
            id: plan.id.as_uuid(),
            order_id: plan.order_id.as_uuid(),
            form: plan.form.as_wire().to_owned(),
            total: plan.total.as_decimal(),
            state: plan.state.as_wire().to_owned(),
            replaces: plan.replaces.map(|id| id.as_uuid()),
            created_by: plan.created_by.clone(),
            created_at: plan.created_at,
            version: plan.version,
        }
    }
}

impl TryFrom<PlanRow> for Plan {
    type Error = DbError;

    fn try_from(row: PlanRow) -> Result<Plan, DbError> {
        Ok(Plan {
            id: PlanId::from_uuid(row.id),
            order_id: OrderId::from_uuid(row.order_id),
            form: word("payment_plans.form", &row.form, PlanForm::from_wire(&row.form))?,
            total: money("payment_plans.total", row.total)?,
            state: word("payment_plans.state", &row.state, PlanState::from_wire(&row.state))?,
            replaces: row.replaces.map(PlanId::from_uuid),
            created_by: row.created_by,
            created_at: row.created_at,
            version: row.version,
        })
    }
}

fn live_states() -> impl Iterator<Item = &'static str> {
    PlanState::ALL.into_iter().filter(|state| state.is_live()).map(PlanState::as_wire)
}

/// Stores a new plan.
///
/// # Errors
/// [`DbError::UniqueViolation`] when the order has a live one, else any [`DbError`].
pub(crate) async fn insert(tx: &mut Connection, plan: &Plan) -> Result<(), DbError> {
    diesel::insert_into(payment_plans::table).values(PlanRow::from(plan)).execute(tx).await?;
    Ok(())
}

/// Stores a plan's new state; nothing else of one ever changes.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn update(tx: &mut Connection, plan: &Plan) -> Result<(), DbError> {
    diesel::update(payment_plans::table.find(plan.id.as_uuid()))
        .set((
            payment_plans::state.eq(plan.state.as_wire()),
            payment_plans::version.eq(plan.version),
        ))
        .execute(tx)
        .await?;
    Ok(())
}

/// A plan by its id.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn find(conn: &mut Connection, id: PlanId) -> Result<Option<Plan>, DbError> {
    payment_plans::table
        .find(id.as_uuid())
        .select(PlanRow::as_select())
        .first(conn)
        .await
        .optional()?
        .map(Plan::try_from)
        .transpose()
}

/// The plan of an order whose parts are still asked for, locked.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn find_live_for_update(
    tx: &mut Connection,
    order: OrderId,
) -> Result<Option<Plan>, DbError> {
    payment_plans::table
        .filter(payment_plans::order_id.eq(order.as_uuid()))
        .filter(payment_plans::state.eq_any(live_states()))
        .select(PlanRow::as_select())
        .for_update()
        .first(tx)
        .await
        .optional()?
        .map(Plan::try_from)
        .transpose()
}

/// One page of plans, newest first, of one order or all; and how many there are.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn list(
    conn: &mut Connection,
    order: Option<OrderId>,
    page: Page,
) -> Result<(Vec<Plan>, i64), DbError> {
    let wanted = || {
        let query = payment_plans::table.into_boxed();
        match order {
            Some(order) => query.filter(payment_plans::order_id.eq(order.as_uuid())),
            None => query,
        }
    };
    let count = wanted().count().get_result(conn).await?;
    let rows: Vec<PlanRow> = wanted()
        .order((payment_plans::created_at.desc(), payment_plans::id.desc()))
        .limit(page.limit())
        .offset(page.offset())
        .select(PlanRow::as_select())
        .load(conn)
        .await?;
    Ok((rows.into_iter().map(Plan::try_from).collect::<Result<_, _>>()?, count))
}
