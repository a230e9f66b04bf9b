//! One mail to many.

use konveksi_contracts::v1;
use konveksi_identity::Role;
use serde_json::{Value, json};

use crate::support::{Story, World};

const PATH: &str = "/api/v1/email-blast/";

fn blast(recipients: &[&str]) -> Value {
    json!({ "recipients": recipients, "subject": "Promo {{bulan}}", "message": "Halo! Diskon {{diskon}}.",
            "template_type": "marketing_blast", "custom_data": { "bulan": "Juli", "diskon": "10%" },
            "test": true })
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_gets_one_mail() {
    let world = World::new().await;
    let answer = world.post(PATH, blast(&["a@contoh.id", "B@contoh.id", "b@contoh.id"])).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    insta::assert_json_snapshot!(answer.body);
    for address in ["a@contoh.id", "b@contoh.id"] {
        let mails = world.received(address, 1).await;
        assert_eq!(mails[0].subject.as_deref(), Some("Promo Juli"));
        assert_eq!(mails[0].text.trim_end(), "Halo! Diskon 10%.");
    }
    world.settled().await;
    assert_eq!(world.sandbox.messages().len(), 2);
    let history = world.get("/api/v1/admin/notifications/history/").await.body;
    assert_eq!(history["results"][0]["template_name"], "Promosi");
    assert_eq!(history["results"][0]["order_code"], json!(null));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_orders_values_can_be_named() {
    let world = World::new().await;
    let story = Story { notify: false, ..Story::by(v1::Channel::Email) };
    world.tell(&story.beginning()).await;
    let wish = json!({ "recipients": ["bos@contoh.id"], "subject": "{{order_code}}",
                       "message": "{{customer_name}}: {{amount_due}}", "order_id": story.order_id });
    assert_eq!(world.post(PATH, wish).await.status, 200);
    let mail = &world.received("bos@contoh.id", 1).await[0];
    assert_eq!(mail.subject.as_deref(), Some("ORD-20250630-A1B"));
    assert_eq!(mail.text.trim_end(), "John Doe: 3,750,000");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_mails_once() {
    let world = World::new().await;
    for _again in 0..2 {
        let headers = [("Idempotency-Key", "blast-1")];
        let body = Some(blast(&["a@contoh.id"]));
        let post = reqwest::Method::POST;
        let answer = world.call_with(world.admin(), post, PATH, body, &headers).await;
        assert_eq!(answer.body["sent"], 1, "{}", answer.body);
    }
    let headers = [("Idempotency-Key", "blast-1")];
    let other = Some(blast(&["a@contoh.id", "b@contoh.id"]));
    let post = reqwest::Method::POST;
    let answer = world.call_with(world.admin(), post, PATH, other, &headers).await;
    assert_eq!(answer.body["error_code"], "IDEMPOTENCY_KEY_REUSED");
    world.settled().await;
    assert_eq!(world.sandbox.messages().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_input_sends_nothing_and_names_the_field() {
    let world = World::new().await;
    let many: Vec<String> = (0..1_001).map(|number| format!("a{number}@contoh.id")).collect();
    let changed = |name: &str, value: Value| {
        let mut wish = blast(&["a@contoh.id"]);
        wish[name] = value;
        wish
    };
    let cases = [
        (changed("recipients", json!([])), "recipients"),
        (changed("recipients", json!(many)), "recipients"),
        (changed("recipients", json!(["a@contoh.id", "081234567890"])), "recipients"),
        (changed("recipients", json!(["a@contoh.id\r\nBcc: x@y.id"])), "recipients"),
        (changed("recipients", json!("a@contoh.id")), "recipients"),
        (changed("subject", json!("Promo\r\nBcc: x@y.id")), "subject"),
        (changed("subject", json!("  ")), "subject"),
        (changed("subject", json!("x".repeat(201))), "subject"),
        (changed("subject", json!("Promo {{")), "subject"),
        (changed("message", json!("")), "message"),
        (changed("message", json!("Halo {{#if a}}")), "message"),
        (changed("message", json!("x".repeat(70_000))), "message"),
        (changed("template_type", json!("spam")), "template_type"),
        (changed("custom_data", json!({ "a": {} })), "custom_data"),
        (changed("order_id", json!(7)), "order_id"),
    ];
    for (wish, field) in cases {
        let answer = world.post(PATH, wish).await;
        assert_eq!(answer.status, 400, "{field}: {}", answer.body);
        assert!(answer.body["details"][field].is_array(), "{field}: {}", answer.body);
        assert!(answer.body["error"].is_string());
    }
    let unknown = world.post(PATH, changed("order_id", json!(uuid::Uuid::from_u128(1)))).await;
    assert_eq!(unknown.status, 404);
    let huge = world.post(PATH, changed("message", json!("x".repeat(1 << 20)))).await;
    assert_eq!(huge.status, 413);
    assert_eq!(world.one("SELECT count(*)::text AS text FROM messages").await, "0");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_those_who_may_send_can() {
    let world = World::new().await;
    let post = async |identity| {
        world
            .call(identity, reqwest::Method::POST, PATH, Some(blast(&["a@contoh.id"])))
            .await
            .status
    };
    assert_eq!(post(world.anonymous()).await, 401);
    assert_eq!(post(world.staff(Role::Viewer)).await, 403);
    assert_eq!(post(world.staff(Role::Production)).await, 403);
    assert_eq!(world.one("SELECT count(*)::text AS text FROM messages").await, "0");
}
