//! Starting a sandbox, asking it, waiting for it.

use std::time::Duration;

use konveksi_sandbox::{Config, Sandbox};
use serde_json::{Value, json};

/// A sandbox on free ports.
pub(crate) async fn sandbox() -> Sandbox {
    Sandbox::start(Config::for_tests()).await.unwrap()
}

/// A client that does not follow redirects.
pub(crate) fn client() -> reqwest::Client {
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap()
}

/// Asks the invoice API to make an invoice.
pub(crate) fn create(sandbox: &Sandbox, body: &Value) -> reqwest::RequestBuilder {
    client()
        .post(format!("{}/v2/invoices", sandbox.base_url()))
        .basic_auth(sandbox.api_key(), Some(""))
        .json(body)
}

/// An invoice of Rp150.000, and its id.
pub(crate) async fn an_invoice(sandbox: &Sandbox, external_id: &str) -> String {
    let body = json!({ "external_id": external_id, "amount": 150_000 });
    let made: Value = create(sandbox, &body).send().await.unwrap().json().await.unwrap();
    made["id"].as_str().unwrap().to_owned()
}

/// Reads one invoice as the merchant does.
pub(crate) async fn read(sandbox: &Sandbox, id: &str) -> Value {
    client()
        .get(format!("{}/v2/invoices/{id}", sandbox.base_url()))
        .basic_auth(sandbox.api_key(), Some(""))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap()
}

/// Waits until `done` is true, five seconds at most.
pub(crate) async fn eventually(what: &str, mut done: impl FnMut() -> bool) {
    for _ in 0..500 {
        if done() {
            return;
        }
        // Pace: of looking at the condition.
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{what}: not within five seconds");
}
