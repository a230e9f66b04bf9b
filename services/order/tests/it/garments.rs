//! What orders are made of, and old clients that know nothing of it.

use reqwest::Method;
use serde_json::{Value, json};

use crate::change::pay_deposit;
use crate::support::{ADMIN, Who, World, path, usual};

/// 15 pieces for 825,000.
pub(crate) fn shirts() -> Value {
    json!([{
        "product_name": "Kaos Polos", "colour": "Hitam", "unit_price": "50000",
        "sizes": [
            { "size": "m", "quantity": 10 },
            { "size": "XXL", "quantity": "5", "surcharge": 10_000 },
        ],
        "decorations": [
            { "type": "Sablon", "place": "dada kiri", "size": "10x10 cm", "colours": 2,
              "price": "5000.00" },
        ],
    }])
}

fn discount() -> Value {
    json!([{ "type": "diskon", "description": "Pelanggan lama", "amount": 50_000 }])
}

fn made_of_shirts() -> Value {
    json!({ "items": shirts(), "adjustments": discount(), "quantity": 15, "total_price": "825000" })
}

async fn refused(world: &World, changes: Value) -> Value {
    let answer = world.post(Who::Anonymous, "/api/v1/order/", &usual(changes)).await;
    assert_eq!(answer.status, 400, "{}", answer.body);
    answer.body["details"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_says_what_it_is_made_of() {
    let world = World::start().await;
    let order = world.order(made_of_shirts()).await;
    insta::assert_json_snapshot!([&order["items"], &order["adjustments"]]);
    assert_eq!(world.read(&order).await, order);
    let rows = world.get(ADMIN, "/api/v1/order/").await.body["results"].clone();
    assert!(rows[0].get("items").is_none() && rows[0].get("tracking_url").is_none());
    assert_eq!(rows[0]["quantity"], 15);
}

#[tokio::test(flavor = "multi_thread")]
async fn quantity_and_total_follow_garments_that_come_without_them() {
    let world = World::start().await;
    let order =
        world.order(json!({ "items": shirts(), "quantity": null, "total_price": null })).await;
    assert_eq!((&order["quantity"], &order["total_price"]), (&json!(15), &json!("875000.00")));
    // A form knows only text.
    let form = json!({ "items": shirts().to_string(), "adjustments": discount().to_string(),
                       "quantity": "15", "total_price": "825000" });
    assert_eq!(world.order(form).await["items"], order["items"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn sums_that_do_not_agree_name_the_field_and_both_numbers() {
    let world = World::start().await;
    let details = refused(&world, json!({ "items": shirts() })).await;
    assert_eq!(
        details,
        json!({
            "quantity": ["Jumlah pada items adalah 15, sedangkan quantity 24."],
            "total_price": ["Total pada items adalah 875000.00, sedangkan total_price 1000000.00."],
        })
    );
    let mut wrong = shirts();
    wrong[0]["sizes"][1]["quantity"] = json!(0);
    wrong[0]["decorations"][0]["type"] = json!("cat");
    let details = refused(
        &world,
        json!({ "items": wrong, "quantity": null, "total_price": null, "customer_name": "B" }),
    )
    .await;
    let named: Vec<_> = details.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        named,
        ["customer_name", "items[0].decorations[0].type", "items[0].sizes[1].quantity"]
    );
    for (field, value) in [
        ("items", json!("kaos")),
        ("items", json!(7)),
        ("adjustments", discount()),
        ("items[0]", json!(["kaos"])),
        ("items[0].sizes", json!([{ "product_name": "Kaos", "unit_price": 1 }])),
    ] {
        let sent = field.split('[').next().unwrap();
        let details = refused(&world, json!({ sent: value })).await;
        assert!(details[field].is_array(), "{field}: {details}");
    }
    assert_eq!(world.number("SELECT count(*) AS number FROM orders").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn garments_are_changed_as_a_whole_and_stay_when_they_are_not_sent() {
    let world = World::start().await;
    let order = world.order(made_of_shirts()).await;
    let renamed = world.patch(ADMIN, &path(&order), &json!({ "design_notes": "Logo" })).await;
    assert_eq!((renamed.status, &renamed.body["items"]), (200, &order["items"]));
    // The quantity alone would not agree any more.
    let alone = world.patch(ADMIN, &path(&order), &json!({ "quantity": 16 })).await;
    assert_eq!(alone.status, 400);
    assert!(alone.body["details"]["quantity"].is_array());
    let mut more = shirts();
    more[0]["sizes"][0]["quantity"] = json!(11);
    let changed = world.patch(ADMIN, &path(&order), &json!({ "items": more })).await;
    assert_eq!(changed.status, 200, "{}", changed.body);
    assert_eq!(changed.body["quantity"], 16);
    assert_eq!(changed.body["total_price"], "880000.00");
    assert_eq!(changed.body["adjustments"], order["adjustments"]);
    let last = world.history(&order).await.last().cloned().unwrap();
    assert_eq!(last["notes"], "Diubah: quantity, total_price, items");
    let plain = json!({ "items": [], "quantity": 16, "total_price": 880_000 });
    let plain = world.call(ADMIN, Method::PUT, &path(&order), Some(&plain)).await;
    assert_eq!((plain.status, &plain.body["items"]), (200, &json!([])));
    assert_eq!(plain.body["adjustments"], json!([]));
    assert_eq!(world.number("SELECT count(*) AS number FROM order_item_sizes").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_payment_garments_may_change_as_long_as_the_sum_stays() {
    let world = World::start().await;
    let order = world.order(made_of_shirts()).await;
    pay_deposit(&world, &order).await;
    let mut other = shirts();
    other[0]["colour"] = json!("Putih");
    let changed = world.patch(ADMIN, &path(&order), &json!({ "items": other })).await;
    assert_eq!((changed.status, &changed.body["items"][0]["colour"]), (200, &json!("Putih")));
    other[0]["unit_price"] = json!(60_000);
    let dearer = world.patch(ADMIN, &path(&order), &json!({ "items": other })).await;
    assert_eq!((dearer.status, &dearer.body["error_code"]), (400, &json!("ORDER_ALREADY_PAID")));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bodies_of_old_clients_still_work() {
    let world = World::start().await;
    let samples = [
        // The specification's shop.
        json!({ "customer_name": "John Doe", "product_name": "Kaos Custom", "quantity": 12,
                "total_price": "1500000.00", "payment_type": "full",
                "contact_information": "john.doe@example.com", "notification_channel": "email" }),
        // The public client's form, with its spare keys.
        json!({ "customer_name": "Budi Santoso", "product_name": "Kaos", "quantity": 24,
                "total_price": 7_500_000, "payment_type": "dp", "dp_percent": 60,
                "contact_information": "081234567890", "notification_channel": "whatsapp",
                "design_notes": "", "paid_amount": 0, "is_fully_paid": false, "test_mode": true }),
        // A form without JavaScript.
        json!({ "customer_name": "Siti", "product_name": "Jaket", "quantity": "3",
                "total_price": "900000", "payment_type": "full", "dp_percent": null,
                "contact_information": "siti@contoh.co.id", "design_notes": null }),
    ];
    for sample in samples {
        let placed = world.post(Who::Anonymous, "/api/v1/order/", &sample).await;
        assert_eq!(placed.status, 201, "{}", placed.body);
        let order = &placed.body["order"];
        assert_eq!(order["items"], json!([]));
        let moved = json!({ "production_status": "diproses" });
        let moved = world.patch(ADMIN, &path(order), &moved).await;
        assert_eq!(moved.body["production_status"], "diproses");
        // The whole order sent back, as a client that knows no version does it.
        let mut whole = world.read(order).await;
        whole.as_object_mut().unwrap().remove("version");
        whole["design_notes"] = json!("Bordir");
        let put = world.call(ADMIN, Method::PUT, &path(order), Some(&whole)).await;
        assert_eq!((put.status, &put.body["design_notes"]), (200, &json!("Bordir")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_staff_promise_a_day() {
    let world = World::start().await;
    let promised = json!({ "promised_on": "2031-07-14" });
    let order = world.order(promised.clone()).await;
    assert_eq!(order["promised_on"], Value::Null);
    let order = world.order_as(ADMIN, promised).await;
    assert_eq!(order["promised_on"], "2031-07-14");
    let wrong = world.patch(ADMIN, &path(&order), &json!({ "promised_on": "besok" })).await;
    assert!(wrong.body["details"]["promised_on"].is_array());
    let cleared = world.patch(ADMIN, &path(&order), &json!({ "promised_on": null })).await;
    assert_eq!((cleared.status, &cleared.body["promised_on"]), (200, &Value::Null));
}
