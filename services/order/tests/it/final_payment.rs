//! Asking for the final payment: this service's part of it.

use konveksi_contracts::v1::{OrderStatus, OrderStatusChanged};
use konveksi_eventing::Envelope;
use serde_json::{Value, json};

use crate::change::pay_deposit;
use crate::support::facts::{About, Invoice};
use crate::support::{ADMIN, World};

fn asked(order: &Value) -> String {
    format!("/internal/v1/orders/{}/final-payment", order["id"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn it_moves_the_order_and_hands_out_its_event() {
    let world = World::start().await;
    let order = world.order(json!({})).await;
    pay_deposit(&world, &order).await;
    let answer = world.post(ADMIN, &asked(&order), &json!({})).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.body["order"]["status_order"], "pengerjaan_selesai");
    assert_eq!(answer.body["snapshot"]["paid_amount"], "600000.00");
    let express = Envelope::decode_all(&answer.express.unwrap()).unwrap();
    assert_eq!(express.len(), 1);
    let told = express[0].decode::<OrderStatusChanged>().unwrap();
    assert_eq!(told.message.to, i32::from(OrderStatus::WorkDone));
    assert_eq!(told.version, answer.body["snapshot"]["version"].as_i64().unwrap());
    assert_eq!(answer.body["already"], false);
    // Payment may have failed: asked again, the order stands and nothing is told.
    let again = world.post(ADMIN, &asked(&order), &json!({})).await;
    assert_eq!((again.status, &again.body["already"]), (200, &json!(true)));
    assert_eq!(again.body["order"], answer.body["order"]);
    assert_eq!(again.body["snapshot"], answer.body["snapshot"]);
    assert!(Envelope::decode_all(&again.express.unwrap()).unwrap().is_empty());
    // Once its message went out, the customer has been asked.
    world.hear(&About::order(&order).sent("pelunasan_invoice")).await;
    let late = world.post(ADMIN, &asked(&order), &json!({})).await;
    assert_eq!((late.status, &late.body["current_status"]), (400, &json!("menunggu_pelunasan")));
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_refused_before_the_deposit_and_when_nothing_is_left() {
    let world = World::start().await;
    let order = world.order(json!({})).await;
    let early = world.post(ADMIN, &asked(&order), &json!({})).await;
    assert_eq!((early.status, &early.body["current_status"]), (400, &json!("menunggu_link")));
    let about = About::order(&order);
    world.hear(&about.paid(&Invoice::full(), 1_000_000, 1)).await;
    let late = world.post(ADMIN, &asked(&order), &json!({})).await;
    assert_eq!((late.status, &late.body["current_status"]), (400, &json!("lunas")));
    let unknown = "/internal/v1/orders/019a0000-0000-7000-8000-000000000000/final-payment";
    assert_eq!(world.post(ADMIN, unknown, &json!({})).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_ask_at_once_one_moves_the_order() {
    let world = World::start().await;
    let order = world.order(json!({})).await;
    pay_deposit(&world, &order).await;
    let (path, body) = (asked(&order), json!({}));
    let (first, second) =
        tokio::join!(world.post(ADMIN, &path, &body), world.post(ADMIN, &path, &body));
    assert_eq!((first.status, second.status), (200, 200));
    let already = [&first.body["already"], &second.body["already"]];
    assert!(already.contains(&&json!(true)) && already.contains(&&json!(false)));
    let told: Vec<OrderStatusChanged> = world.told_as().await;
    let done = i32::from(OrderStatus::WorkDone);
    assert_eq!(told.iter().filter(|event| event.to == done).count(), 1);
}
