//! What customers get, word for word, and when they get nothing.

use konveksi_contracts::v1;
use konveksi_sandbox::MessageChannel;

use crate::support::{Story, World, invoice_created, order_event, payment_received};

#[tokio::test(flavor = "multi_thread")]
async fn an_invoices_link_goes_out_by_whatsapp() {
    let world = World::new().await;
    let story = Story::new();
    world.tell(&story.beginning()).await;

    let messages = world.received("081234567890", 1).await;
    world.settled().await;
    assert_eq!(messages[0].channel, MessageChannel::Whatsapp);
    assert!(messages[0].text.contains("https://checkout.example/web/a_b_c"));
    assert!(
        messages[0].text.contains("Silakan bayar DP sebesar Rp 3.750.000 (invoice INV-123456-ABC)")
    );
    assert_eq!(world.sandbox.messages().len(), 1, "one creation is one message");

    let sent: Vec<v1::NotificationSent> = world.told().await;
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].invoice_kind(), v1::InvoiceKind::Deposit);
    assert_eq!(sent[0].template_type, "dp_invoice");
    assert_eq!(sent[0].order_code, story.order_code);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invoices_link_goes_out_by_mail() {
    let world = World::new().await;
    world.tell(&Story::by(v1::Channel::Email).beginning()).await;

    let mails = world.received("john@contoh.id", 1).await;
    assert_eq!(mails[0].channel, MessageChannel::Email);
    assert_eq!(mails[0].subject.as_deref(), Some("Tagihan DP order ORD-20250630-A1B"));
    assert!(mails[0].text.contains("https://checkout.example/web/a_b_c"));
    assert_eq!(world.sandbox.messages().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn both_channels_mean_two_messages_and_one_address_is_enough() {
    let world = World::new().await;
    world.tell(&Story::by(v1::Channel::Both).beginning()).await;
    world.received("john@contoh.id", 1).await;
    world.received("081234567890", 1).await;

    let phone_only = Story {
        phone: "6285550001111".to_owned(),
        email: String::new(),
        ..Story::by(v1::Channel::Both)
    };
    world.tell(&phone_only.beginning()).await;
    world.received("085550001111", 1).await;
    world.settled().await;
    assert_eq!(world.sandbox.messages().len(), 3);
    assert!(world.told::<v1::NotificationFailed>().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_of_a_plan_is_reminded_of_once_a_step() {
    let world = World::new().await;
    let story = Story { notify: false, ..Story::new() };
    world.tell(&story.beginning()).await;
    let due = |days_left: i32, version: i64| {
        let event = v1::InstallmentDue {
            installment_id: story.invoice_id.to_string(),
            plan_id: story.order_id.to_string(),
            invoice: Some(story.invoice(v1::InvoiceStatus::Unpaid)),
            sequence: 1,
            due_on: "2025-07-15".to_owned(),
            days_left,
            amount_due_sen: 375_000_000,
        };
        order_event(&Story { order_id: story.invoice_id, ..story.clone() }, version, &event)
    };
    world.tell(&[due(3, 2)]).await;
    world.tell(&[due(3, 3)]).await;
    world.tell(&[due(0, 4)]).await;
    let messages = world.received("081234567890", 2).await;
    world.settled().await;
    assert!(messages.iter().all(|one| one.text.contains("https://checkout.example/web/a_b_c")));
    assert_eq!(world.sandbox.messages().len(), 2, "a step that is told twice is one message");
    let sent: Vec<v1::NotificationSent> = world.told().await;
    assert!(sent.iter().all(|one| one.template_type == "payment_reminder"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_is_the_text_of_the_spec() {
    let world = World::new().await;
    let story = Story { notify: false, ..Story::new() };
    world.tell(&story.beginning()).await;
    world.tell(&[payment_received(&Story { notify: true, ..story.clone() })]).await;

    let messages = world.received("081234567890", 1).await;
    assert_eq!(
        messages[0].text,
        "✅ *Pembayaran Diterima*\n\nHalo John Doe,\n\nPembayaran Down Payment untuk order ORD-20250630-A1B telah diterima:\n\n💰 Jumlah: Rp 3.750.000\n📅 Tanggal: 30/06/2025 17:30\n\nMenunggu pelunasan sebesar Rp 3.750.000.\n\nTerima kasih!"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_over_everything_promises_production() {
    let world = World::new().await;
    let story = Story { notify: false, ..Story::new() };
    world.tell(&story.beginning()).await;
    let mut paid = story.paid();
    (paid.notify, paid.order_paid_sen) = (true, paid.order_total_sen);
    world
        .tell(&[order_event(&Story { order_id: story.invoice_id, ..story.clone() }, 2, &paid)])
        .await;

    let messages = world.received("081234567890", 1).await;
    assert!(messages[0].text.contains("Terima kasih! Order Anda akan segera diproduksi."));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_active_default_there_is_no_receipt() {
    let world = World::new().await;
    world.run("UPDATE templates SET is_active = false WHERE type = 'payment_received'").await;
    let story = Story { notify: false, ..Story::new() };
    world.tell(&story.beginning()).await;
    world.tell(&[payment_received(&Story { notify: true, ..story.clone() })]).await;
    assert_eq!(world.one("SELECT count(*)::text AS text FROM messages").await, "0");

    // The older type steps in where a workshop uses it.
    world
        .run("UPDATE templates SET type = 'payment_confirmation', is_active = true WHERE type = 'payment_received'")
        .await;
    let mut again = story.paid();
    (again.notify, again.payment_id) = (true, uuid::Uuid::from_u128(7).to_string());
    let other = Story { order_id: story.invoice_id, ..story.clone() };
    world.tell(&[order_event(&other, 3, &again)]).await;
    world.received("081234567890", 1).await;
    world.settled().await;
    let kinds = world.texts("SELECT template_type AS text FROM messages").await;
    assert_eq!(kinds, ["payment_confirmation"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn finished_production_and_cancellation_are_told_once() {
    let world = World::new().await;
    let story = Story { notify: false, ..Story::new() };
    world.tell(&story.beginning()).await;
    let mut state = story.order(v1::OrderStatus::DepositPaid, 375_000_000);
    state.production_status = v1::ProductionStatus::Finished.into();
    let changed = |to: v1::ProductionStatus| v1::OrderProductionChanged {
        order: Some(state.clone()),
        from: v1::ProductionStatus::InProgress.into(),
        to: to.into(),
        trigger: v1::Trigger::Admin.into(),
        notify: true,
    };
    let cancelled = v1::OrderCancelled {
        order: Some(story.order(v1::OrderStatus::Cancelled, 375_000_000)),
        notify: true,
    };
    world
        .tell(&[
            order_event(&story, 2, &changed(v1::ProductionStatus::InProgress)),
            order_event(&story, 3, &changed(v1::ProductionStatus::Finished)),
            order_event(&story, 4, &changed(v1::ProductionStatus::InProgress)),
            order_event(&story, 5, &changed(v1::ProductionStatus::Finished)),
            order_event(&story, 6, &cancelled),
        ])
        .await;
    let messages = world.received("081234567890", 2).await;
    world.settled().await;
    let text = |word: &str| messages.iter().filter(|one| one.text.contains(word)).count();
    assert_eq!(text("Produksi Selesai"), 1);
    assert_eq!(text("Sisa pembayaran: Rp 3.750.000"), 1);
    assert_eq!(text("Order Dibatalkan"), 1);
    assert_eq!(world.sandbox.messages().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quiet_order_is_never_written_about_whatever_its_events_ask() {
    let world = World::new().await;
    let story = Story { quiet: true, ..Story::by(v1::Channel::Both) };
    world.tell(&story.beginning()).await;
    let mut finished = story.order(v1::OrderStatus::DepositPaid, 375_000_000);
    finished.production_status = v1::ProductionStatus::Finished.into();
    let finished = v1::OrderProductionChanged {
        order: Some(finished),
        from: v1::ProductionStatus::InProgress.into(),
        to: v1::ProductionStatus::Finished.into(),
        trigger: v1::Trigger::System.into(),
        notify: true,
    };
    let cancelled = v1::OrderCancelled {
        order: Some(story.order(v1::OrderStatus::Cancelled, 375_000_000)),
        notify: true,
    };
    world
        .tell(&[
            payment_received(&story),
            order_event(&story, 2, &finished),
            order_event(&story, 3, &cancelled),
        ])
        .await;
    assert_eq!(world.one("SELECT count(*)::text AS text FROM messages").await, "0");
}

#[tokio::test(flavor = "multi_thread")]
async fn imports_and_seeds_send_nothing() {
    let world = World::new().await;
    let story = Story { notify: false, ..Story::by(v1::Channel::Both) };
    world.tell(&story.beginning()).await;
    world.tell(&[payment_received(&story)]).await;
    assert_eq!(world.one("SELECT count(*)::text AS text FROM messages").await, "0");
    assert_eq!(world.one("SELECT code AS text FROM invoices").await, "INV-123456-ABC");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_order_is_acknowledged_apart_only_where_the_workshop_wants_it() {
    let world = World::with(&[("KONVEKSI_NOTIFICATION_SEND_ORDER_CREATED", "true")]).await;
    world.tell(&Story::new().beginning()).await;
    let messages = world.received("081234567890", 2).await;
    assert!(messages.iter().any(|one| one.text.contains("Order Diterima")));
    assert!(messages.iter().any(|one| one.text.contains("Tagihan Down Payment")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_without_any_address_is_noted_as_not_reached() {
    let world = World::new().await;
    let story = Story { phone: String::new(), email: String::new(), ..Story::new() };
    world.tell(&story.beginning()).await;
    assert_eq!(
        world.one("SELECT status || ' ' || error_kind AS text FROM messages").await,
        "failed no_contact"
    );
    let failed: Vec<v1::NotificationFailed> = world.told().await;
    assert_eq!(failed[0].failure(), v1::FailureKind::NoContact);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hostile_name_stays_a_name() {
    let world = World::new().await;
    let name = "*x*\nhttp://evil.example {{payment_link}} <b>Budi</b>".to_owned();
    world.tell(&Story { name, ..Story::new() }.beginning()).await;
    let messages = world.received("081234567890", 1).await;
    assert!(messages[0].text.contains("Halo ∗x∗ {{payment＿link}} Budi,"), "{}", messages[0].text);
    assert!(!messages[0].text.contains("evil"));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_sent_a_link_that_cannot_be_paid() {
    let world = World::new().await;
    let story = Story::new();
    let customer = story.customer_event(1, &story.customer());
    let created = order_event(&story, 1, &story.created());
    // The payment is heard before the invoice was.
    world.tell(&[customer, created, payment_received(&story), invoice_created(&story)]).await;
    world.received("081234567890", 1).await;
    world.settled().await;
    let kinds = world.texts("SELECT template_type AS text FROM messages").await;
    assert_eq!(kinds, ["payment_received"]);
}
