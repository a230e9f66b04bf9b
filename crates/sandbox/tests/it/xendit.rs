//! The invoice API.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{an_invoice, client, create, read, sandbox};

#[tokio::test]
async fn an_invoice_is_made_and_read_back_the_same() {
    let sandbox = sandbox().await;
    let body = json!({
        "external_id": "INV-20250630-AB12",
        "amount": 7_500_000,
        "description": "Kaos polos 100 pcs",
        "invoice_duration": 86_400,
        "currency": "IDR",
        "payer_email": "budi@contoh.id",
        "customer": { "given_names": "Budi" },
        "success_redirect_url": "http://localhost:3000/berhasil",
        "failure_redirect_url": "http://localhost:3000/gagal",
    });
    let response = create(&sandbox, &body).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let made: Value = response.json().await.unwrap();
    let id = made["id"].as_str().unwrap();
    assert!(id.len() == 24 && id.chars().all(|digit| digit.is_ascii_hexdigit()));
    assert_eq!(made["status"], "PENDING");
    assert_eq!(made["amount"], 7_500_000);
    assert_eq!(made["customer"]["given_names"], "Budi");
    assert!(made["invoice_url"].as_str().unwrap().ends_with(&format!("/checkout/{id}")));
    assert!(made["expiry_date"].as_str().unwrap().ends_with('Z'));
    assert_eq!(read(&sandbox, id).await, made);
    assert_eq!(read(&sandbox, id).await, made);
}

#[tokio::test]
async fn a_repeated_reference_makes_a_second_invoice_and_both_are_found_by_it() {
    let sandbox = sandbox().await;
    let first = an_invoice(&sandbox, "INV-1").await;
    let second = an_invoice(&sandbox, "INV-1").await;
    an_invoice(&sandbox, "INV-2").await;
    let url = format!("{}/v2/invoices/?external_id=INV-1", sandbox.base_url());
    let found: Value = client()
        .get(url)
        .basic_auth(sandbox.api_key(), Some(""))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let ids: Vec<&str> =
        found.as_array().unwrap().iter().map(|i| i["id"].as_str().unwrap()).collect();
    assert_eq!(ids, [second, first]);
}

#[tokio::test]
async fn what_is_missing_or_wrong_is_named_in_the_providers_words() {
    let sandbox = sandbox().await;
    let response = create(&sandbox, &json!({ "amount": 10.5 })).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    let answer: Value = response.json().await.unwrap();
    assert_eq!(answer["error_code"], "API_VALIDATION_ERROR");
    assert_eq!(answer["errors"][0]["message"], "\"external_id\" is required");
    assert_eq!(answer["errors"][1]["path"], "amount");

    let url = format!("{}/v2/invoices", sandbox.base_url());
    let response =
        client().post(url).basic_auth(sandbox.api_key(), Some("")).body("{").send().await.unwrap();
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    assert_eq!(response.json::<Value>().await.unwrap()["error_code"], "INVALID_JSON_FORMAT");
}

#[tokio::test]
async fn without_the_key_nothing_is_made_or_read() {
    let sandbox = sandbox().await;
    let id = an_invoice(&sandbox, "INV-1").await;
    let url = format!("{}/v2/invoices/{id}", sandbox.base_url());
    let bare = client().get(&url).send().await.unwrap();
    let wrong = client().get(&url).basic_auth("xnd_other", Some("")).send().await.unwrap();
    for response in [bare, wrong] {
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(response.json::<Value>().await.unwrap()["error_code"], "INVALID_API_KEY");
    }
    let body = json!({ "external_id": "INV-2", "amount": 1 });
    let url = format!("{}/v2/invoices", sandbox.base_url());
    client().post(url).json(&body).send().await.unwrap();
    assert!(sandbox.invoices_of("INV-2").is_empty());
}

#[tokio::test]
async fn an_unknown_invoice_is_not_found() {
    let sandbox = sandbox().await;
    let answer = read(&sandbox, "64f0c0ffee0000000000beef").await;
    assert_eq!(answer["error_code"], "INVOICE_NOT_FOUND_ERROR");
}

#[tokio::test]
async fn a_link_is_killed_once() {
    let sandbox = sandbox().await;
    let id = an_invoice(&sandbox, "INV-1").await;
    let kill = || {
        client()
            .post(format!("{}/invoices/{id}/expire!", sandbox.base_url()))
            .basic_auth(sandbox.api_key(), Some(""))
            .send()
    };
    let killed = kill().await.unwrap();
    assert_eq!(killed.status(), StatusCode::OK);
    assert_eq!(killed.json::<Value>().await.unwrap()["status"], "EXPIRED");
    let again = kill().await.unwrap();
    assert_eq!(again.status(), StatusCode::NOT_FOUND);
    assert_eq!(
        again.json::<Value>().await.unwrap()["message"],
        "Could not find and update PENDING invoice"
    );
}
