//! Links, reminders and templates that staff ask for through the gateway.

use konveksi_contracts::v1;
use konveksi_identity::Role;
use serde_json::json;
use uuid::Uuid;

use crate::support::{Story, World, order_event, payment_received};

const PATH: &str = "/internal/v1/sends";

async fn quiet(channel: v1::Channel) -> (World, Story) {
    let world = World::new().await;
    let story = Story { notify: false, ..Story::by(channel) };
    world.tell(&story.beginning()).await;
    (world, story)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_sent_again_by_the_invoices_own_template() {
    let (world, story) = quiet(v1::Channel::Both).await;
    let answer = world.post(PATH, json!({ "invoice_id": story.invoice_id })).await;
    assert_eq!(answer.status, 202, "{}", answer.body);
    insta::assert_json_snapshot!(answer.body, {
        ".accepted[].notification_id" => "[id]",
        ".context_used.current_date" => "[time]",
        ".context_used.expiry_date" => "[time]",
        ".rendered.body" => "[text]",
    });
    let text = &world.received("081234567890", 1).await[0].text;
    assert_eq!(answer.body["rendered"]["body"], text.as_str());
    world.received("john@contoh.id", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reminder_takes_the_unpaid_invoice_and_the_wanted_channel() {
    let (world, story) = quiet(v1::Channel::Whatsapp).await;
    let wish = json!({ "template_type": "payment_reminder", "order_id": story.order_id, "channel": "email" });
    let answer = world.post(PATH, wish.clone()).await;
    assert_eq!(answer.status, 202, "{}", answer.body);
    assert_eq!(answer.body["accepted"][0]["channel"], "email");
    let mail = &world.received("john@contoh.id", 1).await[0];
    assert_eq!(mail.subject.as_deref(), Some("Pengingat pembayaran order ORD-20250630-A1B"));

    world.tell(&[payment_received(&story)]).await;
    let paid = world.post(PATH, wish).await;
    assert_eq!((paid.status, paid.body["error_code"].as_str()), (400, Some("NO_UNPAID_INVOICE")));
    let link = world.post(PATH, json!({ "invoice_id": story.invoice_id })).await;
    assert_eq!((link.status, link.body["error_code"].as_str()), (400, Some("INVOICE_NOT_PAYABLE")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_payment_keeps_the_link_and_the_reminder_asks_for_the_rest() {
    for heard_late in [false, true] {
        let world = World::new().await;
        let story = Story { notify: false, ..Story::new() };
        let mut part = story.paid();
        part.amount_sen = 100_000_000;
        part.invoice = Some(v1::InvoiceState {
            amount_paid_sen: 100_000_000,
            payment_url: String::new(),
            ..story.invoice(v1::InvoiceStatus::Unpaid)
        });
        let invoice = Story { order_id: story.invoice_id, ..story.clone() };
        let paid_in_part = vec![order_event(&invoice, 2, &part)];
        let mut events = [story.beginning(), paid_in_part];
        if heard_late {
            events.reverse();
        }
        world.tell(&events.concat()).await;
        let wish = json!({ "template_type": "payment_reminder", "order_id": story.order_id });
        let answer = world.post(PATH, wish).await;
        assert_eq!(answer.status, 202, "{}", answer.body);
        assert_eq!(answer.body["context_used"]["amount"], "2.750.000");
        assert_eq!(
            answer.body["context_used"]["payment_link"],
            "https://checkout.example/web/a_b_c"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chosen_template_takes_further_values_but_not_ours() {
    let (world, story) = quiet(v1::Channel::Whatsapp).await;
    let id = "01940000-0000-7000-8000-00000000000d";
    world
        .run("UPDATE templates SET body = '{{customer_name}} {{order_code}} {{catatan}} {{promo}} {{tidak_ada}}' WHERE name = 'Pelunasan Invoice WhatsApp'")
        .await;
    let context = json!({
        "catatan": "lihat https://toko.example/a_b *ya*", "promo": true, "order_code": "PALSU", "kosong": null,
    });
    let wish = json!({ "template_id": id, "invoice_id": story.invoice_id, "context": context });
    let answer = world.post(PATH, wish).await;
    assert_eq!(answer.status, 202, "{}", answer.body);
    let body = "John Doe ORD-20250630-A1B lihat https://toko.example/a_b ∗ya∗ Ya {{tidak_ada}}";
    assert_eq!(answer.body["rendered"]["body"], body);
    assert_eq!(answer.body["template"]["name"], "Pelunasan Invoice WhatsApp");
    assert_eq!(answer.body["context_used"]["order_code"], "ORD-20250630-A1B");
    assert_eq!(world.received("081234567890", 1).await[0].text, body);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_sends_once() {
    let (world, story) = quiet(v1::Channel::Both).await;
    let wish = json!({ "invoice_id": story.invoice_id });
    let post = async |wish: &serde_json::Value| {
        let headers = [("Idempotency-Key", "abc:send")];
        world
            .call_with(world.admin(), reqwest::Method::POST, PATH, Some(wish.clone()), &headers)
            .await
    };
    let (first, second) = tokio::join!(post(&wish), post(&wish));
    let third = post(&wish).await;
    for answer in [&first, &second, &third] {
        assert_eq!(answer.status, 202, "{}", answer.body);
    }
    assert_eq!(first.body["accepted"].as_array().unwrap().len(), 2);
    assert_eq!(second.body, first.body);
    assert_eq!(third.body, first.body);
    world.settled().await;
    assert_eq!(world.sandbox.messages().len(), 2);
    let other =
        post(&json!({ "template_type": "order_cancelled", "order_id": story.order_id })).await;
    assert_eq!(
        (other.status, other.body["error_code"].as_str()),
        (400, Some("IDEMPOTENCY_KEY_REUSED"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_sent_is_said_and_leaves_nothing() {
    let (world, story) = quiet(v1::Channel::Whatsapp).await;
    let no_phone =
        Story { phone: String::new(), notify: false, ..Story::by(v1::Channel::Whatsapp) };
    world.tell(&no_phone.beginning()).await;
    world.run("UPDATE templates SET is_active = false WHERE type = 'order_created'").await;
    world.run("UPDATE templates SET body = 'x {{#if a}}' WHERE type = 'order_cancelled'").await;
    let (order, invoice, nobody) = (story.order_id, story.invoice_id, Uuid::from_u128(1));
    let inactive = "01940000-0000-7000-8000-000000000001";
    let mail_only = "01940000-0000-7000-8000-000000000004";
    let cases = [
        (json!({}), 400, "VALIDATION_ERROR"),
        (json!({ "order_id": "x" }), 400, "VALIDATION_ERROR"),
        (json!({ "order_id": order, "channel": "sms" }), 400, "VALIDATION_ERROR"),
        (json!({ "order_id": order, "template_type": "promo" }), 400, "VALIDATION_ERROR"),
        (json!({ "order_id": order, "kind": "free" }), 400, "VALIDATION_ERROR"),
        (json!({ "order_id": order, "context": { "a": [1] } }), 400, "VALIDATION_ERROR"),
        (
            json!({ "order_id": order, "context": { "a": "x".repeat(2_001) } }),
            400,
            "VALIDATION_ERROR",
        ),
        (json!({ "order_id": nobody }), 404, "ORDER_NOT_FOUND"),
        (json!({ "invoice_id": nobody }), 404, "INVOICE_NOT_FOUND"),
        (json!({ "order_id": order, "template_id": nobody }), 404, "TEMPLATE_NOT_FOUND"),
        (json!({ "order_id": order, "template_id": inactive }), 400, "TEMPLATE_INACTIVE"),
        (
            json!({ "order_id": order, "template_id": mail_only, "channel": "whatsapp" }),
            400,
            "TEMPLATE_FOR_OTHER_CHANNEL",
        ),
        (
            json!({ "order_id": order, "template_type": "order_created" }),
            400,
            "NO_DEFAULT_TEMPLATE",
        ),
        (json!({ "order_id": order, "template_type": "order_cancelled" }), 400, "TEMPLATE_BROKEN"),
        (
            json!({ "order_id": no_phone.order_id, "invoice_id": invoice }),
            400,
            "INVOICE_OF_OTHER_ORDER",
        ),
        (json!({ "invoice_id": no_phone.invoice_id }), 400, "CUSTOMER_NOT_REACHABLE"),
    ];
    for (wish, status, code) in cases {
        let answer = world.post(PATH, wish.clone()).await;
        assert_eq!(
            (answer.status, answer.body["error_code"].as_str()),
            (status, Some(code)),
            "{wish}"
        );
    }
    assert_eq!(world.one("SELECT count(*)::text AS text FROM messages").await, "0");
    let body = Some(json!({ "invoice_id": invoice }));
    let post = reqwest::Method::POST;
    assert_eq!(world.call(world.anonymous(), post.clone(), PATH, body.clone()).await.status, 401);
    assert_eq!(
        world.call(world.staff(Role::Viewer), post.clone(), PATH, body.clone()).await.status,
        403
    );
    assert_eq!(world.call(world.system(), post, PATH, body).await.status, 202);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_gateway_delivers_events_and_only_readable_ones() {
    let world = World::new().await;
    let path = "/internal/v1/events";
    assert_eq!(world.post(path, json!({ "events": "" })).await.status, 403);
    let post = reqwest::Method::POST;
    let body = Some(json!({ "events": "%%%" }));
    assert_eq!(world.call(world.system(), post, path, body).await.status, 400);
}
