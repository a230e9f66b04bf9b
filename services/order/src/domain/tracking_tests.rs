//! What the public sees, at each point of an order's life.

use chrono::Duration;
use konveksi_kernel::{EventId, SystemClock};

use super::*;
use crate::domain::history::TriggerSource;
use crate::domain::invoice::InvoiceKind;
use crate::domain::order::tests::order;
use crate::domain::standing::MoneyReceived;

struct Life {
    order: Order,
    history: Vec<HistoryEntry>,
}

impl Life {
    fn new() -> Life {
        let mut life = Life { order: order(), history: Vec::new() };
        life.tell(ChangeType::OrderStatus, "menunggu_link", None);
        life
    }

    fn tell(&mut self, change: ChangeType, new: &str, event_id: Option<EventId>) {
        let minutes = Duration::minutes(i64::try_from(self.history.len()).unwrap());
        let at = self.order.created_at + minutes;
        let entry = HistoryEntry::new(self.order.id, change, TriggerSource::System, at);
        self.history.push(HistoryEntry { event_id, ..entry.moved(None, new) });
    }

    fn link(&mut self) {
        self.tell(ChangeType::InvoiceStatus, "belum dibayar", None);
        self.order.standing.link_created();
        self.tell(ChangeType::OrderStatus, "link_dibuat", None);
    }

    fn pay(&mut self, kind: InvoiceKind, paid: u64, money_version: i64) {
        let event = EventId::generate(&SystemClock);
        let order_paid = Money::from_rupiah(paid).unwrap();
        let total = self.order.details.total;
        let fact = MoneyReceived {
            kind,
            invoice_settled: true,
            order_total: total,
            order_paid,
            money_version,
        };
        self.order.standing.money_received(total, &fact);
        self.tell(ChangeType::Payment, kind.as_wire(), Some(event));
        self.history.last_mut().unwrap().amount = Some(order_paid);
        let status = self.order.standing.status().as_wire();
        self.tell(ChangeType::OrderStatus, status, Some(event));
    }

    fn produce(&mut self, to: ProductionStatus) {
        self.order.standing.staff_production(to).unwrap();
        self.tell(ChangeType::ProductionStatus, to.as_wire(), None);
    }

    fn tracking(&self) -> Tracking {
        Tracking::of(&self.order, &self.history)
    }
}

#[test]
fn a_fresh_order_waits_for_its_link() {
    let tracking = Life::new().tracking();
    assert_eq!((tracking.completed(), tracking.percentage()), (1, 14));
    assert_eq!(tracking.next, Some(Milestone::LinkCreated));
    assert_eq!(tracking.stage, Stage::Payment);
    assert_eq!(tracking.steps.len(), 7);
    assert!(tracking.steps[1..].iter().all(|step| step.reached_at.is_none()));
}

#[test]
fn a_whole_life_ends_complete() {
    let mut life = Life::new();
    life.link();
    life.pay(InvoiceKind::Deposit, 600_000, 1);
    assert_eq!(life.tracking().stage, Stage::InProgress);
    life.produce(ProductionStatus::InProgress);
    assert_eq!(life.tracking().stage, Stage::Production);
    life.produce(ProductionStatus::Finished);
    assert_eq!(life.tracking().stage, Stage::Payment);
    assert_eq!(life.tracking().next, Some(Milestone::PaidInFull));
    life.pay(InvoiceKind::Final, 1_000_000, 2);
    assert_eq!(life.tracking().stage, Stage::Shipping);
    life.produce(ProductionStatus::Shipped);
    let tracking = life.tracking();
    assert_eq!(tracking.stage, Stage::Completed);
    assert!(tracking.is_complete());
    assert_eq!((tracking.percentage(), tracking.next), (100, None));
    assert!(tracking.steps.iter().all(|step| step.reached_at.is_some()));
}

#[test]
fn a_payment_step_carries_its_money() {
    let mut life = Life::new();
    life.link();
    life.pay(InvoiceKind::Deposit, 600_000, 1);
    let tracking = life.tracking();
    let step = tracking.steps.iter().find(|step| step.milestone == Milestone::DepositPaid).unwrap();
    assert_eq!(step.amount, Some(Money::from_rupiah(600_000).unwrap()));
}

#[test]
fn a_cancelled_order_shows_how_far_it_came_and_its_end() {
    let mut life = Life::new();
    life.link();
    life.order.standing.staff_status(OrderStatus::Cancelled).unwrap();
    life.tell(ChangeType::OrderStatus, "dibatalkan", None);
    let tracking = life.tracking();
    let shown: Vec<_> = tracking.steps.iter().map(|step| step.milestone).collect();
    assert_eq!(shown, [Milestone::Placed, Milestone::LinkCreated, Milestone::Cancelled]);
    assert_eq!((tracking.stage, tracking.next), (Stage::Cancelled, None));
}

#[test]
fn the_public_sees_moves_but_no_notes() {
    let mut life = Life::new();
    life.link();
    life.produce(ProductionStatus::InProgress);
    life.tell(ChangeType::Note, "rahasia", None);
    let tracking = life.tracking();
    assert_eq!(tracking.status_moves.len(), 2);
    let shown: Vec<_> = tracking.moves.iter().map(|step| step.status.as_str()).collect();
    assert_eq!(shown, ["menunggu_link", "link_dibuat", "diproses"]);
}
