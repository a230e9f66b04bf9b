//! Production on the wire.

use chrono::{DateTime, NaiveDate, Utc};
use konveksi_kernel::OrderId;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::app::Made;
use crate::domain::making::{Lot, StageWork};
use crate::domain::report::Report;
use crate::domain::stage::ShopStage;

/// How far an order is made.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrderProduction)]
pub(super) struct ProductionResponse {
    #[schema(value_type = uuid::Uuid)]
    order_id: OrderId,
    order_code: String,
    /// The order's version.
    version: i64,
    production_status: &'static str,
    /// The first stage that is not finished; null before the first report and at the end.
    current_stage: Option<String>,
    /// The day it was promised for, in Jakarta.
    promised_on: Option<NaiveDate>,
    /// Whether the promised day or the present stage's has passed.
    is_late: bool,
    /// Pieces ordered.
    quantity: i32,
    /// First to last; empty before the order is planned or anything reported.
    stages: Vec<StageResponse>,
}

/// One stage of an order.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrderStage)]
struct StageResponse {
    code: String,
    name: String,
    /// By when it is to be finished.
    due_on: Option<NaiveDate>,
    /// Whether that day has passed and it is not finished.
    is_late: bool,
    is_finished: bool,
    started_at: Option<DateTime<Utc>>,
    finished_at: Option<DateTime<Utc>>,
    /// Pieces of all sizes that are good.
    good: i64,
    /// Pieces of all sizes that wait to be made again.
    reject: i64,
    counts: Vec<CountResponse>,
}

/// Pieces of one size at one stage.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrderStageCount)]
struct CountResponse {
    /// The garment, from 1.
    item: i16,
    /// What the garment is.
    product_name: String,
    /// Empty when not said.
    colour: String,
    /// `-` for a plain order.
    size: String,
    /// Pieces ordered.
    quantity: i32,
    good: i32,
    reject: i32,
    /// Pieces that reached the stage and wait to be worked on.
    waiting: i64,
}

impl ProductionResponse {
    /// How far an order is made on `today`, a day in Jakarta.
    pub(super) fn of(made: &Made, today: NaiveDate) -> ProductionResponse {
        let (order, making) = (&made.order, &made.making);
        let stages = making.stages().iter().enumerate();
        ProductionResponse {
            order_id: order.id,
            order_code: order.code.clone(),
            version: order.version,
            production_status: order.standing.production().as_wire(),
            current_stage: order.stage.as_ref().map(|stage| stage.code.clone()),
            promised_on: order.details.promised_on,
            is_late: order.is_late(today),
            quantity: order.details.quantity,
            stages: stages
                .map(|(index, stage)| StageResponse::of(made, index, stage, today))
                .collect(),
        }
    }
}

impl StageResponse {
    fn of(made: &Made, index: usize, stage: &StageWork, today: NaiveDate) -> StageResponse {
        let making = &made.making;
        let is_finished = making.is_finished(index);
        let counts = making.lots().iter().zip(&stage.counts).enumerate();
        StageResponse {
            code: stage.code.clone(),
            name: stage.name.clone(),
            due_on: stage.due_on,
            is_late: !is_finished && stage.due_on.is_some_and(|day| day < today),
            is_finished,
            started_at: stage.started_at,
            finished_at: stage.finished_at,
            good: stage.counts.iter().map(|count| i64::from(count.good)).sum(),
            reject: stage.counts.iter().map(|count| i64::from(count.reject)).sum(),
            counts: counts
                .map(|(lot, (ordered, count))| CountResponse {
                    item: ordered.item,
                    product_name: garment_of(made, ordered).0,
                    colour: garment_of(made, ordered).1,
                    size: ordered.size.clone(),
                    quantity: ordered.quantity,
                    good: count.good,
                    reject: count.reject,
                    waiting: making.reached(index, lot)
                        - i64::from(count.good)
                        - i64::from(count.reject),
                })
                .collect(),
        }
    }
}

/// What a lot is made of, and its colour.
fn garment_of(made: &Made, lot: &Lot) -> (String, String) {
    let number = usize::try_from(lot.item).unwrap_or_default();
    let garment = number.checked_sub(1).and_then(|index| made.garments.items.get(index));
    garment.map_or_else(
        || (made.order.details.product_name.clone(), String::new()),
        |garment| (garment.product_name.clone(), garment.colour.clone()),
    )
}

/// One line of one report.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProductionReport)]
pub(super) struct ReportResponse {
    id: Uuid,
    /// `laporan` or `perbaikan`.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The stage's code.
    stage: String,
    /// Where rejects were sent back to; null for other reports.
    back_to: Option<String>,
    item: i16,
    size: String,
    good: i32,
    reject: i32,
    notes: Option<String>,
    /// Who reported, such as `staff:7`.
    actor: Option<String>,
    created_at: DateTime<Utc>,
}

impl From<&Report> for ReportResponse {
    fn from(report: &Report) -> ReportResponse {
        ReportResponse {
            id: report.id,
            kind: report.kind.as_wire(),
            stage: report.stage.clone(),
            back_to: report.back_to.clone(),
            item: report.item,
            size: report.size.clone(),
            good: report.good,
            reject: report.reject,
            notes: report.notes.clone(),
            actor: report.actor.clone(),
            created_at: report.created_at,
        }
    }
}

/// One page of reports.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProductionReportList)]
pub(super) struct ReportListResponse {
    pub(super) count: i64,
    pub(super) next: Option<String>,
    pub(super) previous: Option<String>,
    /// Newest first.
    pub(super) results: Vec<ReportResponse>,
}

/// The shop's stages.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ShopStages)]
pub(super) struct ShopStagesResponse {
    /// First to last.
    stages: Vec<ShopStageResponse>,
}

/// One of the shop's stages.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ShopStage)]
struct ShopStageResponse {
    code: String,
    name: String,
    /// Days it may take; null when nothing is planned.
    days: Option<i16>,
}

impl From<&[ShopStage]> for ShopStagesResponse {
    fn from(stages: &[ShopStage]) -> ShopStagesResponse {
        let stages = stages.iter().map(|stage| ShopStageResponse {
            code: stage.code.clone(),
            name: stage.name.clone(),
            days: stage.days,
        });
        ShopStagesResponse { stages: stages.collect() }
    }
}
