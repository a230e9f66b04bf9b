//! Staff plan how one order is made: its stages, their days, and the day promised to the customer.

use konveksi_db::transaction;
use konveksi_kernel::OrderId;

use super::making::Made;
use super::record::{Because, record};
use super::{Acting, App, AppError, Expected};
use crate::domain::history::{ChangeType, HistoryEntry};
use crate::domain::input::OrderDraft;
use crate::domain::making::{Making, StageWork};
use crate::domain::order::CurrentStage;
use crate::domain::stage::StageInput;
use crate::domain::standing::Change;
use crate::domain::status::Refusal;
use crate::store;

/// What is planned.
#[derive(Debug, Clone, Default)]
pub(crate) struct ProductionPlan {
    /// The stages, first to last; the order's own or the shop's when absent.
    pub(crate) stages: Option<Vec<StageInput>>,
    /// The promised day; empty takes it back, absent leaves it.
    pub(crate) promised_on: Option<String>,
    /// The version the caller saw.
    pub(crate) expected: Expected,
}

/// Plans an order. Once pieces were counted only days can change.
///
/// # Errors
/// [`AppError::OrderNotFound`]; [`AppError::Stale`]; [`AppError::Fields`]; [`AppError::Refused`];
/// [`AppError::Db`].
pub(crate) async fn plan_production(
    app: &App,
    id: OrderId,
    plan: ProductionPlan,
    acting: &Acting,
) -> Result<Made, AppError> {
    let mut conn = app.pool.get().await?;
    let made = transaction(&mut conn, async |tx| {
        let (mut made, now) = Made::load_for_update(app, tx, id).await?;
        plan.expected.check(&made.order)?;
        if !made.order.standing.production().is_open() {
            let (from, to) = (made.order.standing.production(), made.making.progress());
            return Err(AppError::refused(Refusal::Production { from, to }, &made.order));
        }
        let draft = OrderDraft { promised_on: plan.promised_on, ..OrderDraft::default() };
        let fields = made.order.edit(draft).map_err(|error| AppError::edit(error, &made.order))?;
        if let Some(stages) = &plan.stages {
            made.making = planned(&made, stages)?;
        }
        store_stages(tx, &made).await?;
        let stage = CurrentStage::of(&made.making);
        let change = Change {
            details: !fields.is_empty() || stage != made.order.stage,
            ..Change::default()
        };
        made.order.stage = stage;
        let because = Because::done_by(acting, now);
        let row = HistoryEntry {
            notes: Some(told(&made)),
            ..because.entry(&made.order, ChangeType::ProductionPlan)
        };
        record(tx, &mut made.order, change, &because, vec![row]).await?;
        Ok::<_, AppError>(made)
    })
    .await?;
    app.wake.relay();
    Ok(made)
}

/// The order with these stages. What was counted belongs to the stages it was counted at.
fn planned(made: &Made, stages: &[StageInput]) -> Result<Making, AppError> {
    let old = made.making.stages();
    if made.making.is_begun() {
        let same = old.len() == stages.len()
            && old
                .iter()
                .zip(stages)
                .all(|(old, new)| (&old.code, &old.name) == (&new.stage.code, &new.stage.name));
        if !same {
            return Err(AppError::refused(Refusal::StagesCounted, &made.order));
        }
        let kept = old.iter().zip(stages);
        let kept = kept.map(|(old, new)| StageWork { due_on: new.due_on, ..old.clone() });
        return Ok(Making::new(made.making.lots().to_vec(), kept.collect()));
    }
    let stages = stages.iter().map(|input| StageWork {
        code: input.stage.code.clone(),
        name: input.stage.name.clone(),
        due_on: input.due_on,
        started_at: None,
        finished_at: None,
        counts: Vec::new(),
    });
    Ok(Making::new(made.making.lots().to_vec(), stages.collect()))
}

async fn store_stages(tx: &mut konveksi_db::Connection, made: &Made) -> Result<(), AppError> {
    if made.making.is_begun() {
        store::making::update(tx, made.order.id, &made.making).await?;
    } else {
        store::making::replace_stages(tx, made.order.id, made.making.stages()).await?;
    }
    Ok(())
}

/// The plan as the history tells it.
fn told(made: &Made) -> String {
    let stages: Vec<_> = made
        .making
        .stages()
        .iter()
        .map(|stage| match stage.due_on {
            Some(day) => format!("{} sampai {day}", stage.name),
            None => stage.name.clone(),
        })
        .collect();
    let promised = made
        .order
        .details
        .promised_on
        .map_or_else(|| "belum dijanjikan".to_owned(), |day| format!("dijanjikan {day}"));
    format!("Rencana: {}; {promised}.", stages.join(", "))
}
