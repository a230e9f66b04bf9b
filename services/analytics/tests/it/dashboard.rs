//! The figures of contract row 72, from events that crossed the broker.

use chrono::{DateTime, Duration, TimeZone as _, Utc};
use konveksi_contracts::v1::{
    CustomerChanged, OrderCancelled, OrderCreated, OrderDeleted, OrderStatus, OrderStatusChanged,
};
use serde_json::{Value, json};

use crate::support::World;
use crate::support::events::Order;

/// Noon of 23 November 2026 in Jakarta.
fn today() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 23, 5, 0, 0).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workshop_without_orders_sees_zeros_and_twelve_months() {
    let world = World::start().await;
    world.clock.set(today());
    let board = world.dashboard().await;
    assert_eq!(board["total_orders"], 0);
    assert_eq!(board["total_revenue"], "0.00");
    assert_eq!(board["monthly_growth"], Value::Null);
    assert_eq!(board["recent_orders"], json!([]));
    let chart = board["revenue_chart"].as_array().unwrap();
    assert_eq!(chart.len(), 12);
    assert_eq!(chart[0], json!({ "month": "2025-12", "revenue": "0.00" }));
    assert_eq!(chart[11]["month"], "2026-11");
    assert_eq!(board["status_distribution"].as_object().unwrap().len(), 7);
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_payments_and_names_become_the_figures_of_the_contract() {
    let world = World::start().await;
    world.clock.set(today());
    let paid = Order::new("ORD-20261123-AAA", 1_500_000, today());
    let pending = Order::new("ORD-20261122-BBB", 400_000, today() - Duration::days(1));
    let cancelled = Order::new("ORD-20261121-CCC", 900_000, today() - Duration::days(2));
    let deleted = Order::new("ORD-20261120-DDD", 900_000, today() - Duration::days(3));
    for order in [&paid, &pending, &cancelled, &deleted] {
        let state = order.state(OrderStatus::LinkCreated, 0);
        let event = OrderCreated { order: state, notify: false, ..OrderCreated::default() };
        world.tell(order.id.as_uuid(), 1, &event).await;
    }
    let name = CustomerChanged {
        customer_id: paid.customer.to_string(),
        name: "Budi Santoso".to_owned(),
        ..CustomerChanged::default()
    };
    world.tell(paid.customer.as_uuid(), 1, &name).await;
    let lunas = OrderStatusChanged {
        order: paid.state(OrderStatus::PaidInFull, 1_500_000),
        to: OrderStatus::PaidInFull.into(),
        ..OrderStatusChanged::default()
    };
    world.tell(paid.id.as_uuid(), 2, &lunas).await;
    let gone = cancelled.state(OrderStatus::Cancelled, 0);
    world.tell(cancelled.id.as_uuid(), 2, &OrderCancelled { order: gone, notify: false }).await;
    let gone = deleted.state(OrderStatus::LinkCreated, 0);
    world.tell(deleted.id.as_uuid(), 2, &OrderDeleted { order: gone }).await;
    // 23:59 on the last of October and 00:01 on the first of November, in Jakarta.
    let october = Utc.with_ymd_and_hms(2026, 10, 31, 16, 59, 0).unwrap();
    for (rupiah, at) in [(1_200_000, october), (1_500_000, october + Duration::minutes(2))] {
        let (id, event) = paid.payment(rupiah, at);
        world.tell(id.as_uuid(), 1, &event).await;
    }
    world.settle(10).await;

    let board = world.dashboard().await;
    assert_eq!(board["total_orders"], 3);
    assert_eq!(board["pending_orders"], 1);
    assert_eq!(board["completed_orders"], 1);
    assert_eq!(board["total_revenue"], "2700000.00");
    assert_eq!(board["monthly_growth"], json!(25.0));
    assert_eq!(board["revenue_chart"][10], json!({ "month": "2026-10", "revenue": "1200000.00" }));
    assert_eq!(board["revenue_chart"][11], json!({ "month": "2026-11", "revenue": "1500000.00" }));
    assert_eq!(
        board["recent_orders"][0],
        json!({
            "order_code": "ORD-20261123-AAA",
            "customer_name": "Budi Santoso",
            "total_price": "1500000.00",
            "status": "lunas",
            "created_at": "2026-11-23T05:00:00Z",
        })
    );
    let codes: Vec<_> =
        board["recent_orders"].as_array().unwrap().iter().map(|row| &row["order_code"]).collect();
    assert_eq!(codes, ["ORD-20261123-AAA", "ORD-20261122-BBB", "ORD-20261121-CCC"]);
    assert_eq!(
        board["status_distribution"],
        json!({
            "menunggu_link": 0, "link_dibuat": 1, "dp_dibayar": 0, "pengerjaan_selesai": 0,
            "menunggu_pelunasan": 0, "lunas": 1, "dibatalkan": 1,
        })
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_ten_newest_orders_are_listed() {
    let world = World::start().await;
    world.clock.set(today());
    for index in 0..12 {
        let code = format!("ORD-20261123-{index:03}");
        let order = Order::new(&code, 1_000, today() - Duration::minutes(index));
        let state = order.state(OrderStatus::AwaitingLink, 0);
        let event = OrderCreated { order: state, ..OrderCreated::default() };
        world.tell(order.id.as_uuid(), 1, &event).await;
    }
    world.settle(12).await;
    let board = world.dashboard().await;
    assert_eq!(board["total_orders"], 12);
    assert_eq!(board["recent_orders"].as_array().unwrap().len(), 10);
    assert_eq!(board["recent_orders"][0]["order_code"], "ORD-20261123-000");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_customer_stays_nameless_whatever_comes_late() {
    let world = World::start().await;
    let order = Order::new("ORD-20261123-EEE", 1_000, today());
    let state = order.state(OrderStatus::AwaitingLink, 0);
    world
        .tell(order.id.as_uuid(), 1, &OrderCreated { order: state, ..OrderCreated::default() })
        .await;
    let told = |name: &str, erased| CustomerChanged {
        customer_id: order.customer.to_string(),
        name: name.to_owned(),
        erased,
        ..CustomerChanged::default()
    };
    world.tell(order.customer.as_uuid(), 3, &told("", true)).await;
    world.tell(order.customer.as_uuid(), 2, &told("Siti", false)).await;
    world.settle(3).await;
    assert_eq!(world.dashboard().await["recent_orders"][0]["customer_name"], "");
}
