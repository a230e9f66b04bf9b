//! Plans as the wire has them (contract row 53).

use chrono::{DateTime, NaiveDate, Utc};
use konveksi_kernel::{InstallmentId, InvoiceId, Money, OrderId, PlanId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::plan_view::PlanView;
use crate::domain::Invoice;
use crate::domain::installment::Installment;

/// A payment plan.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PaymentPlan)]
pub(super) struct PlanResponse {
    #[schema(value_type = uuid::Uuid)]
    id: PlanId,
    #[schema(value_type = uuid::Uuid)]
    order_id: OrderId,
    /// `custom`, `two_step` or `equal`.
    plan: &'static str,
    /// The sum of the parts.
    #[schema(value_type = String, example = "7500000.00")]
    total_amount: Money,
    /// What of it came.
    #[schema(value_type = String, example = "0.00")]
    amount_paid: Money,
    /// What of it is still asked for.
    #[schema(value_type = String, example = "7500000.00")]
    amount_due: Money,
    /// `active`; `out_of_step` when its parts no longer ask for what is left (make a new one);
    /// `completed`, `replaced` or `cancelled`.
    status: &'static str,
    /// The plan it took the place of.
    #[schema(value_type = Option<uuid::Uuid>)]
    replaces: Option<PlanId>,
    installments: Vec<InstallmentResponse>,
    created_at: DateTime<Utc>,
}

/// A part of a plan.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Installment)]
struct InstallmentResponse {
    #[schema(value_type = uuid::Uuid)]
    id: InstallmentId,
    /// Counts from 1.
    sequence: i32,
    #[schema(value_type = String, example = "2500000.00")]
    amount: Money,
    #[schema(value_type = String, example = "0.00")]
    amount_paid: Money,
    due_date: DateTime<Utc>,
    /// The day in Jakarta.
    due_on: NaiveDate,
    description: String,
    /// `pending`, `partially_paid`, `paid`, `overdue`, `waived` or `cancelled`.
    status: &'static str,
    #[schema(value_type = uuid::Uuid)]
    invoice_id: InvoiceId,
    invoice_code: String,
    /// Why it is no longer asked for; null while it is.
    waived_reason: Option<String>,
}

impl PlanResponse {
    /// The plan as it stands at `now`.
    pub(super) fn of(view: &PlanView, now: DateTime<Utc>) -> PlanResponse {
        let sum = |of: fn(&(Installment, Invoice)) -> Money| {
            let parts = view.parts.iter().map(of);
            parts.fold(Money::ZERO, |sum, amount| sum.plus(amount).unwrap_or(sum))
        };
        PlanResponse {
            id: view.plan.id,
            order_id: view.plan.order_id,
            plan: view.plan.form.as_wire(),
            total_amount: view.plan.total,
            amount_paid: sum(|(_, invoice)| invoice.amount_paid),
            amount_due: sum(|(_, invoice)| {
                if invoice.status.is_open() { invoice.amount_due() } else { Money::ZERO }
            }),
            status: view.plan.state.as_wire(),
            replaces: view.plan.replaces,
            installments: view
                .parts
                .iter()
                .map(|(part, invoice)| InstallmentResponse::of(part, invoice, now))
                .collect(),
            created_at: view.plan.created_at,
        }
    }
}

impl InstallmentResponse {
    fn of(part: &Installment, invoice: &Invoice, now: DateTime<Utc>) -> InstallmentResponse {
        InstallmentResponse {
            id: part.id,
            sequence: part.sequence,
            amount: part.amount,
            amount_paid: invoice.amount_paid,
            due_date: part.due_at,
            due_on: part.due_on(),
            description: part.description.clone(),
            status: part.status(invoice, now).as_wire(),
            invoice_id: part.invoice_id,
            invoice_code: invoice.code.to_string(),
            waived_reason: part.waived.as_ref().map(|waiver| waiver.reason.clone()),
        }
    }
}
