//! What the public sees of an order (`contract.md` 6.2 D), masked here, so that nothing private
//! leaves this service for a caller who only holds a code.

use chrono::{DateTime, Utc};
use konveksi_kernel::{Money, OrderId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::history::HistoryEntry;
use crate::domain::mask;
use crate::domain::order::Order;
use crate::domain::terms::DepositPercent;
use crate::domain::tracking::{Milestone, PublicMove, PublicNote, Step, Tracking};

/// Everything the gateway needs for the rows 25 and 26 but what payment knows.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PublicOrder)]
pub(super) struct PublicOrderResponse {
    /// For asking payment; not part of any public answer.
    #[schema(value_type = uuid::Uuid)]
    order_id: OrderId,
    /// Row 25's `order`.
    check: CheckResponse,
    /// Row 26's `data`, to which the gateway adds `payment_summary` and `invoices`.
    data: TrackDataResponse,
    /// Row 26's `order`.
    order: TrackOrderResponse,
    /// Row 26's `timeline`.
    timeline: Vec<MoveResponse>,
}

/// An order, masked.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PublicOrderCheck)]
struct CheckResponse {
    order_code: String,
    customer_name: String,
    product_name: String,
    quantity: i32,
    #[schema(value_type = String)]
    total_price: Money,
    payment_type: &'static str,
    dp_percent: Option<String>,
    #[schema(value_type = String)]
    paid_amount: Money,
    is_fully_paid: bool,
    status_order: &'static str,
    production_status: &'static str,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// The older, smaller shape of the same order.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PublicOrderBrief)]
struct TrackOrderResponse {
    order_code: String,
    customer_name: String,
    product_name: String,
    quantity: i32,
    status_order: &'static str,
    production_status: &'static str,
    created_at: DateTime<Utc>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PublicOrderData)]
struct TrackDataResponse {
    order_code: String,
    customer_name: String,
    product_name: String,
    quantity: i32,
    #[schema(value_type = String)]
    total_price: Money,
    payment_type: &'static str,
    payment_type_display: &'static str,
    #[schema(value_type = String)]
    paid_amount: Money,
    status_order: &'static str,
    order_status_display: &'static str,
    production_status: &'static str,
    production_status_display: &'static str,
    is_fully_paid: bool,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    timeline: Vec<StepResponse>,
    progress: ProgressResponse,
    current_stage: StageResponse,
    next_milestone: Option<NextResponse>,
    history: Vec<MoveResponse>,
    /// What the workshop wrote to the customer, oldest first; absent when it wrote nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<NoteResponse>,
}

/// What the workshop wrote to the customer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PublicNote)]
struct NoteResponse {
    timestamp: DateTime<Utc>,
    text: String,
}

/// One milestone.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TimelineStep)]
struct StepResponse {
    id: &'static str,
    /// Null ahead: nothing is estimated.
    timestamp: Option<DateTime<Utc>>,
    milestone: &'static str,
    description: &'static str,
    icon: &'static str,
    /// `order`, `payment`, `production` or `shipping`.
    category: &'static str,
    /// `completed`, `current` or `pending`.
    status: &'static str,
    /// From 1.
    order: usize,
    is_estimated: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    invoice_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    amount: Option<Money>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TrackingProgress)]
struct ProgressResponse {
    percentage: usize,
    completed_milestones: usize,
    total_milestones: usize,
    /// `in_progress` or `completed`.
    status: &'static str,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TrackingStage)]
struct StageResponse {
    code: &'static str,
    display: &'static str,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NextMilestone)]
struct NextResponse {
    milestone: &'static str,
    description: &'static str,
    icon: &'static str,
    /// Always null: this workshop's lead times are not known.
    estimated_date: Option<DateTime<Utc>>,
}

/// One move.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PublicMove)]
struct MoveResponse {
    timestamp: DateTime<Utc>,
    status: String,
    description: String,
}

impl PublicOrderResponse {
    /// `order` as anyone may see it, with its `history`, oldest first.
    pub(super) fn of(order: &Order, history: &[HistoryEntry]) -> PublicOrderResponse {
        let tracking = Tracking::of(order, history);
        PublicOrderResponse {
            order_id: order.id,
            check: check(order),
            data: data(order, &tracking),
            order: brief(order),
            timeline: tracking.status_moves.iter().map(MoveResponse::from).collect(),
        }
    }
}

fn check(order: &Order) -> CheckResponse {
    let details = &order.details;
    let percent = details.terms.deposit_percent().map(DepositPercent::as_decimal);
    CheckResponse {
        order_code: order.code.clone(),
        customer_name: mask::name(&details.customer_name),
        product_name: details.product_name.clone(),
        quantity: details.quantity,
        total_price: details.total,
        payment_type: details.terms.payment_type().as_wire(),
        dp_percent: percent.map(|percent| format!("{percent:.2}")),
        paid_amount: order.standing.paid(),
        is_fully_paid: order.is_fully_paid(),
        status_order: order.standing.status().as_wire(),
        production_status: order.standing.production().as_wire(),
        created_at: order.created_at,
        updated_at: order.updated_at,
    }
}

fn brief(order: &Order) -> TrackOrderResponse {
    TrackOrderResponse {
        order_code: order.code.clone(),
        customer_name: mask::name(&order.details.customer_name),
        product_name: order.details.product_name.clone(),
        quantity: order.details.quantity,
        status_order: order.standing.status().as_wire(),
        production_status: order.standing.production().as_wire(),
        created_at: order.created_at,
    }
}

fn data(order: &Order, tracking: &Tracking) -> TrackDataResponse {
    let details = &order.details;
    let (status, production) = (order.standing.status(), order.standing.production());
    TrackDataResponse {
        order_code: order.code.clone(),
        customer_name: mask::name(&details.customer_name),
        product_name: details.product_name.clone(),
        quantity: details.quantity,
        total_price: details.total,
        payment_type: details.terms.payment_type().as_wire(),
        payment_type_display: details.terms.payment_type().display(),
        paid_amount: order.standing.paid(),
        status_order: status.as_wire(),
        order_status_display: status.display(),
        production_status: production.as_wire(),
        production_status_display: production.display(),
        is_fully_paid: order.is_fully_paid(),
        created_at: order.created_at,
        updated_at: order.updated_at,
        timeline: (1..).zip(&tracking.steps).map(step).collect(),
        progress: ProgressResponse {
            percentage: tracking.percentage(),
            completed_milestones: tracking.completed(),
            total_milestones: tracking.steps.len(),
            status: if tracking.is_complete() { "completed" } else { "in_progress" },
        },
        current_stage: StageResponse {
            code: tracking.stage.as_wire(),
            display: tracking.stage.display(),
        },
        next_milestone: tracking.next.map(next),
        history: tracking.moves.iter().map(MoveResponse::from).collect(),
        notes: tracking.notes.iter().map(NoteResponse::from).collect(),
    }
}

fn step((position, step): (usize, &Step)) -> StepResponse {
    let face = step.milestone.face();
    StepResponse {
        id: face.id,
        timestamp: step.reached_at,
        milestone: face.title,
        description: face.description,
        icon: face.icon,
        category: face.category,
        status: step.progress.as_wire(),
        order: position,
        is_estimated: false,
        invoice_code: step.invoice_code.clone(),
        amount: step.amount,
    }
}

fn next(milestone: Milestone) -> NextResponse {
    let face = milestone.face();
    NextResponse {
        milestone: face.title,
        description: face.description,
        icon: face.icon,
        estimated_date: None,
    }
}

impl From<&PublicNote> for NoteResponse {
    fn from(note: &PublicNote) -> NoteResponse {
        NoteResponse { timestamp: note.at, text: note.text.clone() }
    }
}

impl From<&PublicMove> for MoveResponse {
    fn from(step: &PublicMove) -> MoveResponse {
        MoveResponse {
            timestamp: step.at,
            status: step.status.clone(),
            description: step.description.clone(),
        }
    }
}
