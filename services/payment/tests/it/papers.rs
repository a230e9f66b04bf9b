//! Invoices, receipts and credit notes as PDF.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::World;
use crate::support::order::Order;

async fn pay(world: &World, invoice: &Value) -> Value {
    let body = json!({
        "invoice_id": invoice["id"], "payment_method": "BANK_TRANSFER", "amount": 4_500_000,
    });
    world.staff(Method::POST, "/api/v1/payment/manual/", Some(body)).await.expect(201)
}

fn id(thing: &Value) -> &str {
    thing["id"].as_str().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_paper_is_the_same_bytes_and_keeps_its_number() {
    let world = World::start().await;
    let invoice = Order::with_deposit().first_invoice(&world).await;
    let payment = pay(&world, &invoice).await;
    for path in [
        format!("/api/v1/invoice/{}/pdf/", id(&invoice)),
        format!("/api/v1/payment/{}/receipt/", id(&payment)),
    ] {
        let (status, first) = world.file(&path).await;
        assert_eq!(status, 200);
        assert!(first.starts_with(b"%PDF-"), "{path}");
        world.clock.advance(chrono::Duration::days(40));
        assert_eq!(world.file(&path).await.1, first, "{path}: no time of printing inside");
    }
    let code = invoice["invoice_code"].as_str().unwrap();
    let by_code = world.file(&format!("/api/v1/invoice/detail/{code}/pdf/")).await;
    let by_id = world.file(&format!("/api/v1/invoice/{}/pdf/", id(&invoice))).await;
    assert_eq!(by_code, by_id);
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_have_no_gaps_whoever_prints_at_once() {
    let world = World::start().await;
    let mut papers = Vec::new();
    for _ in 0..4 {
        let invoice = Order::with_deposit().first_invoice(&world).await;
        papers.push(format!("/api/v1/invoice/{}/pdf/", id(&invoice)));
    }
    let twice = papers.iter().chain(&papers).map(|path| world.file(path));
    for (status, _) in futures_util::future::join_all(twice).await {
        assert_eq!(status, 200);
    }
    let mut db = world.db().await;
    assert_eq!(db.texts("SELECT number FROM papers").await, ["1", "2", "3", "4"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refund_has_a_credit_note_once_it_was_paid() {
    let world = World::start().await;
    let invoice = Order::with_deposit().first_invoice(&world).await;
    let payment = pay(&world, &invoice).await;
    let body =
        json!({ "payment_id": payment["id"], "refund_amount": 1_000_000, "reason": "Batal" });
    let refund = world.staff(Method::POST, "/api/v1/payment/refund/", Some(body)).await.expect(201);
    let base = format!("/api/v1/admin/payment/refunds/{}", id(&refund));
    let early = world.staff(Method::GET, &format!("{base}/credit-note/"), None).await.expect(400);
    assert_eq!(early["error_code"], "NO_CREDIT_NOTE");
    let done = json!({ "reference": "BCA-1" });
    world.staff(Method::POST, &format!("{base}/complete/"), Some(done)).await.expect(200);
    let (status, pdf) = world.file(&format!("{base}/credit-note/")).await;
    assert_eq!(status, 200);
    assert!(pdf.starts_with(b"%PDF-"));
    assert_eq!(world.file(&format!("{base}/credit-note/")).await.1, pdf);
}

#[tokio::test(flavor = "multi_thread")]
async fn papers_of_nothing_are_404() {
    let world = World::start().await;
    let nothing = "01935e6c-7b1f-7d30-8c5e-0123456789ab";
    for path in [
        format!("/api/v1/invoice/{nothing}/pdf/"),
        format!("/api/v1/payment/{nothing}/receipt/"),
        format!("/api/v1/admin/payment/refunds/{nothing}/credit-note/"),
        "/api/v1/invoice/detail/INV-000000-XXX/pdf/".to_owned(),
    ] {
        assert_eq!(world.file(&path).await.0, 404, "{path}");
    }
}
