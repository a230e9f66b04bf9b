//! Events through the broker: in any order, twice, and of people who want to be forgotten.

use konveksi_contracts::v1;
use konveksi_test_support::{eventually, permutations};

use crate::support::{LIMIT, Story, World, invoice_created, order_event, payment_received};

#[tokio::test(flavor = "multi_thread")]
async fn every_order_of_events_leaves_the_same_copies_and_one_receipt() {
    let mut world = World::new().await;
    world.producer().await;
    let orders = permutations(&[0, 1, 2, 3]);
    for (index, order) in orders.iter().enumerate() {
        let story = Story {
            order_code: format!("ORD-20250630-{index:03}"),
            phone: format!("62855500{index:05}"),
            ..Story::new()
        };
        let producer = world.producer().await;
        for step in order {
            let of_order = |version| ("order", story.order_id, version);
            match step {
                0 => producer.tell(("customer", story.customer_id, 1), &story.customer()).await,
                1 => producer.tell(of_order(1), &story.created()).await,
                2 => {
                    let state = story.order(v1::OrderStatus::DepositPaid, 375_000_000);
                    let updated = v1::OrderUpdated { order: Some(state) };
                    producer.tell(of_order(2), &updated).await;
                }
                _ => producer.tell(("invoice", story.invoice_id, 2), &story.paid()).await,
            }
        }
    }
    let done = format!("{0} {0} {0} {0}", orders.len());
    eventually(LIMIT, async || {
        // What came too early waits five seconds of business time.
        world.clock.advance(chrono::Duration::seconds(1));
        let counts = "SELECT (SELECT count(*) FROM contacts WHERE name = 'John Doe') || ' ' ||
            (SELECT count(*) FROM orders WHERE status = 'dp_dibayar' AND paid = 3750000 AND version = 2) || ' ' ||
            (SELECT count(*) FROM invoices WHERE status = 'sudah dibayar' AND version = 2) || ' ' ||
            (SELECT count(*) FROM messages WHERE status = 'sent' AND template_type = 'payment_received') AS text";
        (world.one(counts).await == done).then_some(())
    })
    .await;
    assert_eq!(world.sandbox.messages().len(), orders.len());
    assert_eq!(world.one("SELECT count(*)::text AS text FROM inbox_retry").await, "0");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_delivered_twice_is_one_message() {
    let mut world = World::new().await;
    let story = Story::new();
    let producer = world.producer().await;
    producer.tell(("customer", story.customer_id, 1), &story.customer()).await;
    producer.tell(("order", story.order_id, 1), &story.created()).await;
    producer.tell(("invoice", story.invoice_id, 1), &story.linked()).await;
    // The same fact under a new event id, and expressly three times under another.
    producer.tell(("copy", story.invoice_id, 1), &story.linked()).await;
    world.received("081234567890", 1).await;
    let copy = invoice_created(&story);
    world.tell(&[copy.clone(), copy.clone()]).await;
    let answer = world.tell(&[copy]).await;
    assert_eq!(answer["duplicates"], 1);
    world.settled().await;
    assert_eq!(world.sandbox.messages().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_invoices_regenerated_for_one_order_are_two_links() {
    let world = World::new().await;
    let story = Story::new();
    world.tell(&story.beginning()).await;
    let again = Story { order_id: story.invoice_id, ..story.clone() };
    world.tell(&[order_event(&again, 2, &story.linked())]).await;
    world.received("081234567890", 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_customer_is_blanked_and_not_written_to() {
    let world = World::new().await;
    let story = Story::by(v1::Channel::Both);
    world.tell(&story.beginning()).await;
    world.received("john@contoh.id", 1).await;
    world.received("081234567890", 1).await;
    let key = [("Idempotency-Key", "erase")];
    let body = Some(serde_json::json!({ "invoice_id": story.invoice_id }));
    let post = reqwest::Method::POST;
    world.call_with(world.admin(), post, "/internal/v1/sends", body, &key).await;
    world.settled().await;
    world.sandbox.set_switches(|switches| switches.fonnte_send.fail_next.count = 100);
    world.sandbox.set_switches(|switches| switches.smtp.fail_next.count = 100);
    world.tell(&[payment_received(&story)]).await;

    world.tell(&[story.customer_event(2, &story.erased())]).await;
    // An older event that arrives late brings nobody back.
    world.tell(&[story.customer_event(1, &story.customer())]).await;
    let everything = "SELECT row_to_json(m)::text AS text FROM messages m
        UNION ALL SELECT row_to_json(c)::text FROM contacts c
        UNION ALL SELECT row_to_json(r)::text FROM idempotency r";
    for row in world.texts(everything).await {
        for canary in ["John", "81234567890", "john@contoh.id"] {
            assert!(!row.contains(canary), "{row}");
        }
    }
    let receipts = "SELECT status AS text FROM messages WHERE template_type = 'payment_received'";
    assert_eq!(world.texts(receipts).await, ["failed", "failed"]);

    let cancelled = v1::OrderCancelled {
        order: Some(story.order(v1::OrderStatus::Cancelled, 0)),
        notify: true,
    };
    world.tell(&[order_event(&story, 9, &cancelled)]).await;
    assert_eq!(world.one("SELECT count(*)::text AS text FROM messages").await, "6");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_cannot_be_read_is_parked_and_harms_nobody() {
    let mut world = World::new().await;
    let story = Story::new();
    let producer = world.producer().await;
    let mut broken = story.created();
    broken.order.as_mut().unwrap().customer_id = "nobody".to_owned();
    producer.tell(("order", story.order_id, 1), &broken).await;
    producer.tell(("customer", story.customer_id, 1), &story.customer()).await;
    producer.tell(("order", story.order_id, 2), &story.created()).await;
    producer.tell(("invoice", story.invoice_id, 1), &story.linked()).await;
    world.received("081234567890", 1).await;
    let parked = "SELECT last_error AS text FROM inbox_retry WHERE parked_at IS NOT NULL";
    assert_eq!(world.texts(parked).await, ["refused: customer_id is not an id"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_told_reaches_the_broker() {
    let mut world = World::new().await;
    world.producer().await;
    world.tell(&Story::new().beginning()).await;
    world.received("081234567890", 1).await;
    eventually(LIMIT, async || {
        let published = "SELECT count(*)::text AS text FROM
            (SELECT published_at FROM outbox UNION ALL SELECT published_at FROM event_log) AS told
            WHERE published_at IS NOT NULL";
        (world.one(published).await == "1").then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn money_that_went_back_is_told_once_with_its_amount() {
    let world = World::new().await;
    let story = Story::new();
    world.tell(&story.beginning()).await;
    world.received("081234567890", 1).await;
    for version in [3, 4] {
        let refunded = order_event(&story, version, &story.refunded());
        world.tell(&[refunded]).await;
    }
    world.received("081234567890", 2).await;
    world.settled().await;
    let told = world.sandbox.messages();
    assert_eq!(told.len(), 2, "the link, and one refund however often it is told");
    let body = &told.last().unwrap().text;
    assert!(body.contains("Refund") && body.contains("Rp 1.000.000"), "{body}");
}
