//! Plans with their parts, as answers need them.

use konveksi_kernel::{OrderId, Page, PlanId};

use super::{App, AppError, plan_steps};
use crate::domain::Invoice;
use crate::domain::installment::Installment;
use crate::domain::plan::Plan;
use crate::store;

/// A plan and its parts, in their sequence.
#[derive(Debug, Clone)]
pub(crate) struct PlanView {
    /// The plan.
    pub(crate) plan: Plan,
    /// Its parts, each with its invoice.
    pub(crate) parts: Vec<(Installment, Invoice)>,
}

/// A plan by its id.
///
/// # Errors
/// [`AppError::PlanNotFound`], [`AppError::Db`].
pub(crate) async fn plan(app: &App, id: PlanId) -> Result<PlanView, AppError> {
    let mut conn = app.pool.get().await?;
    let plan = store::plans::find(&mut conn, id).await?.ok_or(AppError::PlanNotFound)?;
    Ok(PlanView { parts: plan_steps::parts_of(&mut conn, id).await?, plan })
}

/// One page of plans, newest first, of one order or all; and how many there are. Three queries
/// however long the page is.
///
/// # Errors
/// [`AppError::Db`].
pub(crate) async fn plans(
    app: &App,
    order: Option<OrderId>,
    page: Page,
) -> Result<(Vec<PlanView>, i64), AppError> {
    let mut conn = app.pool.get().await?;
    let (found, count) = store::plans::list(&mut conn, order, page).await?;
    let ids: Vec<PlanId> = found.iter().map(|plan| plan.id).collect();
    let parts = store::installments::of_plans(&mut conn, &ids).await?;
    let parts = plan_steps::with_invoices(&mut conn, parts).await?;
    let view = |plan: Plan| PlanView {
        parts: parts.iter().filter(|(part, _)| part.plan_id == plan.id).cloned().collect(),
        plan,
    };
    Ok((found.into_iter().map(view).collect(), count))
}
