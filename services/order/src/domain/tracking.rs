//! What anyone holding an order's code may see: milestones, progress, the present stage.
//!
//! A pure function of the order's facts and its history. Nothing is estimated: this workshop's
//! lead times are not known, so steps ahead carry no date.

use chrono::{DateTime, Utc};
use konveksi_kernel::Money;

use super::history::{ChangeType, HistoryEntry};
use super::invoice::InvoiceStatus;
use super::order::Order;
use super::production::ProductionStatus;
use super::status::OrderStatus;
use super::terms::PaymentType;

/// A step on an order's way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Milestone {
    /// The order was placed.
    Placed,
    /// A payment link was made.
    LinkCreated,
    /// The deposit was paid.
    DepositPaid,
    /// Work began.
    ProductionStarted,
    /// Work ended.
    ProductionFinished,
    /// Everything was paid.
    PaidInFull,
    /// The goods left.
    Shipped,
    /// The order was cancelled; only on the way of cancelled orders.
    Cancelled,
}

/// How a milestone is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Face {
    /// Its name in programs.
    pub(crate) id: &'static str,
    /// Its name for people.
    pub(crate) title: &'static str,
    /// A sentence about it.
    pub(crate) description: &'static str,
    /// The name of a picture.
    pub(crate) icon: &'static str,
    /// `order`, `payment`, `production` or `shipping`.
    pub(crate) category: &'static str,
}

impl Milestone {
    /// How it is shown.
    pub(crate) const fn face(self) -> Face {
        let (id, title, description, icon, category) = match self {
            Milestone::Placed => (
                "order_created",
                "Pesanan Dibuat",
                "Pesanan Anda telah kami terima.",
                "shopping-cart",
                "order",
            ),
            Milestone::LinkCreated => (
                "payment_link_created",
                "Tagihan Dibuat",
                "Tautan pembayaran sudah tersedia.",
                "link",
                "payment",
            ),
            Milestone::DepositPaid => {
                ("dp_paid", "DP Dibayar", "Uang muka telah kami terima.", "credit-card", "payment")
            }
            Milestone::ProductionStarted => (
                "production_started",
                "Produksi Dimulai",
                "Pesanan sedang dikerjakan.",
                "scissors",
                "production",
            ),
            Milestone::ProductionFinished => (
                "production_finished",
                "Produksi Selesai",
                "Pesanan selesai dikerjakan.",
                "check-circle",
                "production",
            ),
            Milestone::PaidInFull => (
                "paid_in_full",
                "Pembayaran Lunas",
                "Seluruh pembayaran telah kami terima.",
                "wallet",
                "payment",
            ),
            Milestone::Shipped => {
                ("shipped", "Pesanan Dikirim", "Pesanan telah dikirim.", "truck", "shipping")
            }
            Milestone::Cancelled => (
                "cancelled",
                "Pesanan Dibatalkan",
                "Pesanan ini telah dibatalkan.",
                "x-circle",
                "order",
            ),
        };
        Face { id, title, description, icon, category }
    }

    /// The way of an order, first to last.
    const fn way(payment_type: PaymentType) -> &'static [Milestone] {
        match payment_type {
            PaymentType::Deposit => &[
                Milestone::Placed,
                Milestone::LinkCreated,
                Milestone::DepositPaid,
                Milestone::ProductionStarted,
                Milestone::ProductionFinished,
                Milestone::PaidInFull,
                Milestone::Shipped,
            ],
            PaymentType::Full => &[
                Milestone::Placed,
                Milestone::LinkCreated,
                Milestone::PaidInFull,
                Milestone::ProductionStarted,
                Milestone::ProductionFinished,
                Milestone::Shipped,
            ],
        }
    }
}

/// Where one milestone stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Progress {
    /// Reached.
    Completed,
    /// The next to be reached.
    Current,
    /// Further on.
    Pending,
}

impl Progress {
    /// The word on the wire.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            Progress::Completed => "completed",
            Progress::Current => "current",
            Progress::Pending => "pending",
        }
    }
}

/// One step as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    /// Which.
    pub(crate) milestone: Milestone,
    /// Where it stands.
    pub(crate) progress: Progress,
    /// When it was reached; absent ahead.
    pub(crate) reached_at: Option<DateTime<Utc>>,
    /// The invoice it is about, for payment steps.
    pub(crate) invoice_code: Option<String>,
    /// The money it is about, for payment steps.
    pub(crate) amount: Option<Money>,
}

/// What the order is going through now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Stage {
    /// Waits for money.
    Payment,
    /// Paid for, waits for work to begin.
    InProgress,
    /// Being made.
    Production,
    /// Made and paid, waits to leave.
    Shipping,
    /// Left and paid.
    Completed,
    /// Cancelled.
    Cancelled,
}

impl Stage {
    /// The word on the wire.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            Stage::Payment => "payment",
            Stage::InProgress => "in_progress",
            Stage::Production => "production",
            Stage::Shipping => "shipping",
            Stage::Completed => "completed",
            Stage::Cancelled => "cancelled",
        }
    }

    /// What people read.
    pub(crate) const fn display(self) -> &'static str {
        match self {
            Stage::Payment => "Menunggu Pembayaran",
            Stage::InProgress => "Menunggu Giliran Produksi",
            Stage::Production => "Sedang Diproduksi",
            Stage::Shipping => "Siap Dikirim",
            Stage::Completed => "Selesai",
            Stage::Cancelled => "Dibatalkan",
        }
    }
}

/// Everything the public sees about the way of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tracking {
    /// All steps, first to last.
    pub(crate) steps: Vec<Step>,
    /// What it is going through.
    pub(crate) stage: Stage,
    /// The next milestone; absent at the end and when cancelled.
    pub(crate) next: Option<Milestone>,
    /// Moves of the order's status, oldest first.
    pub(crate) status_moves: Vec<PublicMove>,
    /// Moves of status and production, and what staff wrote to the customer; oldest first.
    pub(crate) moves: Vec<PublicMove>,
    /// What staff wrote to the customer, oldest first.
    pub(crate) notes: Vec<PublicNote>,
}

/// A note that the customer may read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PublicNote {
    /// When it was written.
    pub(crate) at: DateTime<Utc>,
    /// What it says.
    pub(crate) text: String,
}

/// One move, without what staff wrote about it for themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PublicMove {
    /// When.
    pub(crate) at: DateTime<Utc>,
    /// Where to, in the word of the wire.
    pub(crate) status: String,
    /// A sentence.
    pub(crate) description: String,
}

impl Tracking {
    /// Tells the way of `order` from its facts and its `history`, oldest first.
    pub(crate) fn of(order: &Order, history: &[HistoryEntry]) -> Tracking {
        let cancelled = order.standing.status() == OrderStatus::Cancelled;
        let way = Milestone::way(order.details.terms.payment_type());
        let mut next = None;
        let mut steps = Vec::new();
        for &milestone in way {
            let reached = is_reached(milestone, order, history);
            if !reached && cancelled {
                continue;
            }
            let progress = match (reached, next) {
                (true, _) => Progress::Completed,
                (false, None) => Progress::Current,
                (false, Some(_)) => Progress::Pending,
            };
            if progress == Progress::Current {
                next = Some(milestone);
            }
            steps.push(step(milestone, progress, order, history));
        }
        if cancelled {
            steps.push(step(Milestone::Cancelled, Progress::Completed, order, history));
        }
        let status_moves = public_moves(history, |entry| entry.change == ChangeType::OrderStatus);
        let moves = public_moves(history, |entry| {
            let moved = [ChangeType::OrderStatus, ChangeType::ProductionStatus];
            moved.contains(&entry.change) || entry.visible
        });
        let notes = public_notes(history);
        Tracking { steps, stage: stage(order), next, status_moves, moves, notes }
    }

    /// How many steps are reached.
    pub(crate) fn completed(&self) -> usize {
        self.steps.iter().filter(|step| step.progress == Progress::Completed).count()
    }

    /// Reached steps in per cent of all, rounded down.
    pub(crate) fn percentage(&self) -> usize {
        (self.completed() * 100).checked_div(self.steps.len()).unwrap_or(0)
    }

    /// Whether every step is reached.
    pub(crate) fn is_complete(&self) -> bool {
        self.completed() == self.steps.len()
    }
}

fn is_paid(order: &Order) -> bool {
    order.standing.status() == OrderStatus::PaidInFull || order.is_fully_paid()
}

fn is_reached(milestone: Milestone, order: &Order, history: &[HistoryEntry]) -> bool {
    let status = order.standing.status();
    let production = order.standing.production();
    match milestone {
        Milestone::Placed => true,
        Milestone::LinkCreated => match status {
            OrderStatus::AwaitingLink => false,
            // A cancelled order's status no longer says how far it came.
            OrderStatus::Cancelled => moment(milestone, history).is_some(),
            OrderStatus::LinkCreated
            | OrderStatus::DepositPaid
            | OrderStatus::WorkDone
            | OrderStatus::AwaitingFinalPayment
            | OrderStatus::PaidInFull => true,
        },
        Milestone::DepositPaid => match status {
            OrderStatus::AwaitingLink | OrderStatus::LinkCreated => false,
            OrderStatus::Cancelled => moment(milestone, history).is_some(),
            OrderStatus::DepositPaid
            | OrderStatus::WorkDone
            | OrderStatus::AwaitingFinalPayment
            | OrderStatus::PaidInFull => true,
        },
        Milestone::ProductionStarted => matches!(
            production,
            ProductionStatus::InProgress | ProductionStatus::Finished | ProductionStatus::Shipped
        ),
        Milestone::ProductionFinished => {
            matches!(production, ProductionStatus::Finished | ProductionStatus::Shipped)
        }
        Milestone::PaidInFull => is_paid(order),
        Milestone::Shipped => production == ProductionStatus::Shipped,
        Milestone::Cancelled => status == OrderStatus::Cancelled,
    }
}

/// The row that tells of a milestone: the first one, since what came later repeats it.
fn moment(milestone: Milestone, history: &[HistoryEntry]) -> Option<&HistoryEntry> {
    let told = |change: ChangeType, words: &[&str]| {
        history.iter().find(|entry| {
            entry.change == change && entry.new.as_deref().is_some_and(|new| words.contains(&new))
        })
    };
    let status = |words: &[OrderStatus]| {
        let words: Vec<_> = words.iter().map(|status| status.as_wire()).collect();
        told(ChangeType::OrderStatus, &words)
    };
    let production = |words: &[ProductionStatus]| {
        let words: Vec<_> = words.iter().map(|status| status.as_wire()).collect();
        told(ChangeType::ProductionStatus, &words)
    };
    match milestone {
        Milestone::Placed => history.first(),
        Milestone::LinkCreated => {
            told(ChangeType::InvoiceStatus, &[InvoiceStatus::Unpaid.as_wire()])
                .or_else(|| status(&[OrderStatus::LinkCreated]))
        }
        Milestone::DepositPaid => status(&[OrderStatus::DepositPaid, OrderStatus::PaidInFull]),
        Milestone::ProductionStarted => production(&[
            ProductionStatus::InProgress,
            ProductionStatus::Finished,
            ProductionStatus::Shipped,
        ]),
        Milestone::ProductionFinished => {
            production(&[ProductionStatus::Finished, ProductionStatus::Shipped])
        }
        Milestone::PaidInFull => status(&[OrderStatus::PaidInFull]),
        Milestone::Shipped => production(&[ProductionStatus::Shipped]),
        Milestone::Cancelled => status(&[OrderStatus::Cancelled]),
    }
}

fn step(milestone: Milestone, progress: Progress, order: &Order, history: &[HistoryEntry]) -> Step {
    let reached = progress == Progress::Completed;
    let row = moment(milestone, history).filter(|_| reached);
    let reached_at = match milestone {
        Milestone::Placed => Some(order.created_at),
        Milestone::LinkCreated
        | Milestone::DepositPaid
        | Milestone::ProductionStarted
        | Milestone::ProductionFinished
        | Milestone::PaidInFull
        | Milestone::Shipped
        | Milestone::Cancelled => row.map(|row| row.created_at),
    };
    // The money of a payment step stands in the payment's own row, told by the same event.
    let about = match milestone {
        Milestone::LinkCreated => row,
        Milestone::DepositPaid | Milestone::PaidInFull => row.and_then(|row| {
            history
                .iter()
                .find(|entry| entry.change == ChangeType::Payment && entry.event_id == row.event_id)
        }),
        Milestone::Placed
        | Milestone::ProductionStarted
        | Milestone::ProductionFinished
        | Milestone::Shipped
        | Milestone::Cancelled => None,
    };
    Step {
        milestone,
        progress,
        reached_at,
        invoice_code: about.and_then(|row| row.invoice_code.clone()),
        amount: about.and_then(|row| row.amount),
    }
}

fn stage(order: &Order) -> Stage {
    match (order.standing.status(), order.standing.production()) {
        (OrderStatus::Cancelled, _) => Stage::Cancelled,
        (OrderStatus::AwaitingLink | OrderStatus::LinkCreated, _) => Stage::Payment,
        (_, ProductionStatus::Shipped) if is_paid(order) => Stage::Completed,
        (_, ProductionStatus::Finished) if is_paid(order) => Stage::Shipping,
        // Made, and not yet paid.
        (_, ProductionStatus::Finished | ProductionStatus::Shipped)
        | (OrderStatus::WorkDone | OrderStatus::AwaitingFinalPayment, _) => Stage::Payment,
        (OrderStatus::DepositPaid | OrderStatus::PaidInFull, ProductionStatus::InProgress) => {
            Stage::Production
        }
        (
            OrderStatus::DepositPaid | OrderStatus::PaidInFull,
            ProductionStatus::Waiting | ProductionStatus::Cancelled,
        ) => Stage::InProgress,
    }
}

fn public_moves(history: &[HistoryEntry], wanted: fn(&HistoryEntry) -> bool) -> Vec<PublicMove> {
    history.iter().filter(|entry| wanted(entry)).filter_map(public_move).collect()
}

/// A row as the public sees it; `None` for what is not theirs.
fn public_move(entry: &HistoryEntry) -> Option<PublicMove> {
    let (status, description) = match entry.change {
        ChangeType::OrderStatus => {
            let status = entry.new.clone()?;
            let display = OrderStatus::from_wire(&status)?.display();
            (status, format!("Status pesanan: {display}"))
        }
        ChangeType::ProductionStatus => {
            let status = entry.new.clone()?;
            let display = ProductionStatus::from_wire(&status)?.display();
            (status, format!("Produksi: {display}"))
        }
        ChangeType::Note => ("catatan".to_owned(), entry.notes.clone().filter(|_| entry.visible)?),
        ChangeType::InvoiceStatus
        | ChangeType::Payment
        | ChangeType::Notification
        | ChangeType::Design
        | ChangeType::OrderDetails
        | ChangeType::Deleted
        | ChangeType::Restored
        | ChangeType::ProductionReport
        | ChangeType::ProductionPlan => return None,
    };
    Some(PublicMove { at: entry.created_at, status, description })
}

fn public_notes(history: &[HistoryEntry]) -> Vec<PublicNote> {
    let visible = history.iter().filter(|entry| entry.visible);
    visible
        .filter_map(|entry| Some(PublicNote { at: entry.created_at, text: entry.notes.clone()? }))
        .collect()
}

#[cfg(test)]
#[path = "tracking_tests.rs"]
mod tests;
