//! The customer's page.

use konveksi_sandbox::InvoiceStatus;
use reqwest::StatusCode;
use reqwest::header::{ACCEPT, LOCATION};
use serde_json::{Value, json};

use crate::support::{an_invoice, client, create, read, sandbox};

#[tokio::test]
async fn the_page_shows_amount_code_expiry_and_ways_to_pay() {
    let sandbox = sandbox().await;
    let body = json!({ "external_id": "INV-<1>", "amount": 7_500_000, "description": "<script>" });
    let made: Value = create(&sandbox, &body).send().await.unwrap().json().await.unwrap();
    let url = format!("{}/checkout/{}", sandbox.base_url(), made["id"].as_str().unwrap());
    let page = client().get(url).send().await.unwrap().text().await.unwrap();
    for part in ["Rp7.500.000", "INV-&lt;1&gt;", "Bayar sebelum", "QRIS", "Menunggu pembayaran"] {
        assert!(page.contains(part), "{part} is missing");
    }
    assert!(!page.contains("<script>"));
    assert!(!page.contains("https://") && !page.contains("src="), "assets from elsewhere");
}

#[tokio::test]
async fn an_unknown_invoice_has_a_page_that_says_so() {
    let sandbox = sandbox().await;
    let response =
        client().get(format!("{}/checkout/none", sandbox.base_url())).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    assert!(response.text().await.unwrap().contains("Tagihan tidak ditemukan"));
}

#[tokio::test]
async fn a_browser_is_sent_to_the_merchants_page() {
    let sandbox = sandbox().await;
    let back = "http://localhost:3000/berhasil?invoice=1";
    let body = json!({ "external_id": "INV-1", "amount": 10_000, "success_redirect_url": back });
    let made: Value = create(&sandbox, &body).send().await.unwrap().json().await.unwrap();
    let response = client()
        .post(format!("{}/checkout/{}/pay", sandbox.base_url(), made["id"].as_str().unwrap()))
        .header(ACCEPT, "text/html,application/xhtml+xml")
        .form(&[("method", "QRIS")])
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    assert_eq!(response.headers()[LOCATION], back);
    let paid = read(&sandbox, made["id"].as_str().unwrap()).await;
    assert_eq!(paid["status"], "PAID");
    assert_eq!(paid["payment_method"], "QR_CODE");
}

#[tokio::test]
async fn an_api_caller_gets_the_paid_invoice() {
    let sandbox = sandbox().await;
    let id = an_invoice(&sandbox, "INV-1").await;
    let url = format!("{}/checkout/{id}/pay", sandbox.base_url());
    let paid: Value = client().post(&url).send().await.unwrap().json().await.unwrap();
    assert_eq!(paid["status"], "PAID");
    assert_eq!(paid["paid_amount"], 150_000);
    assert_eq!(paid["payment_method"], "BANK_TRANSFER");
    assert_eq!(paid["payment_channel"], "BCA");
    assert!(paid["paid_at"].is_string() && paid["payment_id"].is_string());

    let again = client().post(&url).send().await.unwrap();
    assert_eq!(again.status(), StatusCode::BAD_REQUEST);
    assert_eq!(again.json::<Value>().await.unwrap()["error_code"], "INVOICE_ALREADY_PAID");
}

#[tokio::test]
async fn another_amount_than_asked_can_be_paid() {
    let sandbox = sandbox().await;
    let id = an_invoice(&sandbox, "INV-1").await;
    let url = format!("{}/checkout/{id}/pay", sandbox.base_url());
    let body = json!({ "method": "BNI", "amount": 100_000 });
    client().post(url).json(&body).send().await.unwrap();
    let paid = read(&sandbox, &id).await;
    assert_eq!((&paid["amount"], &paid["paid_amount"]), (&json!(150_000), &json!(100_000)));
}

#[tokio::test]
async fn an_expired_invoice_is_paid_only_by_a_late_payment() {
    let sandbox = sandbox().await;
    let id = an_invoice(&sandbox, "INV-1").await;
    sandbox.expire(&id).unwrap();
    let url = format!("{}/checkout/{id}/pay", sandbox.base_url());
    let refused = client().post(&url).form(&[("method", "BCA")]).send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
    assert_eq!(refused.json::<Value>().await.unwrap()["error_code"], "INVOICE_EXPIRED");
    let late = client().post(&url).form(&[("late", "true")]).send().await.unwrap();
    assert_eq!(late.status(), StatusCode::OK);
    assert_eq!(sandbox.invoice(&id).unwrap().status, InvoiceStatus::Paid);
}

#[tokio::test]
async fn an_unknown_way_to_pay_is_refused() {
    let sandbox = sandbox().await;
    let id = an_invoice(&sandbox, "INV-1").await;
    let url = format!("{}/checkout/{id}/pay", sandbox.base_url());
    let refused = client().post(url).json(&json!({ "method": "BARTER" })).send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
    assert_eq!(sandbox.invoice(&id).unwrap().status, InvoiceStatus::Pending);
}
