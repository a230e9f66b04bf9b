//! Which edits an order takes.

use konveksi_kernel::{Clock as _, Money, SystemClock};

use super::*;
use crate::domain::invoice::InvoiceKind;
use crate::domain::standing::MoneyReceived;

pub(crate) fn order() -> Order {
    let text = |text: &str| Some(text.to_owned());
    let details = OrderDetails::read(&OrderDraft {
        customer_name: text("Budi Santoso"),
        product_name: text("Kaos Custom"),
        quantity: text("24"),
        total_price: text("1000000"),
        payment_type: text("dp"),
        dp_percent: text("60"),
        contact_information: text("081234567890"),
        ..OrderDraft::default()
    })
    .unwrap();
    Order {
        id: OrderId::generate(&SystemClock),
        version: 1,
        code: "ORD-20250630-A1B".into(),
        tracking_token: String::new(),
        customer_id: CustomerId::generate(&SystemClock),
        details,
        design_file_id: None,
        design_url: None,
        standing: Standing::NEW,
        origin: Origin::Public,
        notify: true,
        stage: None,
        created_at: SystemClock.now(),
        updated_at: SystemClock.now(),
        deleted_at: None,
    }
}

fn deposit(order: &mut Order) {
    let fact = MoneyReceived {
        kind: InvoiceKind::Deposit,
        invoice_settled: true,
        order_total: order.details.total,
        order_paid: Money::from_rupiah(600_000).unwrap(),
        money_version: 1,
    };
    order.standing.money_received(order.details.total, &fact);
}

#[test]
fn the_total_may_change_until_money_came_in() {
    let mut order = order();
    let dearer = || OrderDraft { total_price: Some("1200000".into()), ..OrderDraft::default() };
    assert_eq!(order.edit(dearer()).unwrap(), ["total_price"]);
    deposit(&mut order);
    for draft in [
        OrderDraft { total_price: Some("1300000".into()), ..OrderDraft::default() },
        OrderDraft { quantity: Some("25".into()), ..OrderDraft::default() },
        OrderDraft { payment_type: Some("full".into()), ..OrderDraft::default() },
        OrderDraft { dp_percent: Some("70".into()), ..OrderDraft::default() },
    ] {
        assert_eq!(order.edit(draft), Err(EditError::Refused(Refusal::AlreadyPaid)));
    }
    // Sending what it has already is no change.
    assert_eq!(order.edit(dearer()).unwrap(), Vec::<&str>::new());
    let renamed = OrderDraft { customer_name: Some("Siti Aminah".into()), ..OrderDraft::default() };
    assert_eq!(order.edit(renamed).unwrap(), ["customer_name"]);
}

#[test]
fn a_cancelled_order_keeps_its_money_terms() {
    let mut order = order();
    order.standing.staff_status(OrderStatus::Cancelled).unwrap();
    let draft = OrderDraft { quantity: Some("25".into()), ..OrderDraft::default() };
    assert_eq!(order.edit(draft), Err(EditError::Refused(Refusal::OrderCancelled)));
}

#[test]
fn wrong_fields_leave_the_order_as_it_was() {
    let mut order = order();
    let before = order.clone();
    let draft = OrderDraft {
        customer_name: Some("B".into()),
        quantity: Some("0".into()),
        ..OrderDraft::default()
    };
    assert!(matches!(order.edit(draft), Err(EditError::Fields(_))));
    assert_eq!(order, before);
}

#[test]
fn public_orders_of_one_contact_cause_three_messages_a_day() {
    assert!(may_notify(Origin::Public, 2));
    assert!(!may_notify(Origin::Public, 3));
    assert!(may_notify(Origin::Admin, 300));
    assert!(!may_notify(Origin::Seed, 0));
}

#[test]
fn open_work_is_late_after_its_day() {
    let day = |day| NaiveDate::from_ymd_opt(2025, 7, day).unwrap();
    let mut order = order();
    assert!(!order.is_late(day(1)));
    order.details.promised_on = Some(day(3));
    assert!(!order.is_late(day(3)), "the day itself is in time");
    assert!(order.is_late(day(4)));
    order.details.promised_on = Some(day(9));
    order.stage = Some(CurrentStage { code: "potong".into(), due_on: Some(day(2)) });
    assert!(order.is_late(day(4)));
    order.standing.staff_production(ProductionStatus::Finished).unwrap();
    assert!(!order.is_late(day(30)));
}
