//! What the invoice API takes and what it refuses.

use serde_json::json;

use super::*;

fn made(body: &Value) -> Result<Invoice, Refusal> {
    let now = DateTime::from_timestamp(1_700_000_000, 123_456_000).unwrap();
    read(body.as_object().unwrap(), "http://localhost:8190", now)
}

fn wrong_fields(body: &Value) -> Vec<&'static str> {
    match made(body).unwrap_err() {
        Refusal::Fields(errors) => errors.into_iter().map(|error| error.path).collect(),
        Refusal::Currency(_) => Vec::new(),
    }
}

#[test]
fn a_reference_and_an_amount_are_enough() {
    let invoice = made(&json!({ "external_id": "INV-1", "amount": 75_000 })).unwrap();
    assert_eq!(invoice.amount, 75_000);
    assert_eq!(invoice.invoice_url, format!("http://localhost:8190/checkout/{}", invoice.id));
    assert_eq!(invoice.expiry_date - invoice.created, Duration::days(1));
}

#[test]
fn every_wrong_field_is_named() {
    assert_eq!(wrong_fields(&json!({})), ["external_id", "amount"]);
    let body = json!({
        "external_id": "INV-1",
        "amount": 1,
        "invoice_duration": 0,
        "customer": "Budi",
        "success_redirect_url": "javascript:alert(1)",
    });
    assert_eq!(wrong_fields(&body), ["invoice_duration", "customer", "success_redirect_url"]);
}

#[test]
fn an_amount_is_a_positive_whole_number() {
    for amount in [json!(0), json!(-5), json!(10.5), json!("75000"), json!(1e30)] {
        let body = json!({ "external_id": "INV-1", "amount": amount });
        assert_eq!(wrong_fields(&body), ["amount"], "{amount}");
    }
    let body = json!({ "external_id": "INV-1", "amount": 75_000.0 });
    assert_eq!(made(&body).unwrap().amount, 75_000);
}

#[test]
fn only_rupiah_are_taken() {
    let body = json!({ "external_id": "INV-1", "amount": 1, "currency": "USD" });
    assert_eq!(made(&body).unwrap_err(), Refusal::Currency("USD".to_owned()));
}
