//! The levers that make providers misbehave.

use konveksi_sandbox::{RequestState, SWITCHES_HEADER};
use serde_json::{Value, json};

use crate::support::{client, create, eventually, sandbox};

#[tokio::test]
async fn switches_are_shown_changed_in_part_and_reset_over_http() {
    let sandbox = sandbox().await;
    let url = format!("{}/_switches", sandbox.base_url());
    let part = json!({ "xendit_create": { "fail_next": { "count": 2, "status": 503 } } });
    let changed: Value = client().put(&url).json(&part).send().await.unwrap().json().await.unwrap();
    assert_eq!(changed["xendit_create"]["fail_next"]["count"], 2);
    assert_eq!(changed["callbacks"]["enabled"], true);
    let refused = client().put(&url).json(&json!({ "xendit": {} })).send().await.unwrap();
    assert_eq!(refused.status(), 400);

    let invoice = json!({ "external_id": "INV-1", "amount": 1_000 });
    for wanted in [503, 503, 200] {
        assert_eq!(create(&sandbox, &invoice).send().await.unwrap().status(), wanted);
    }
    assert_eq!(sandbox.invoices_of("INV-1").len(), 1);

    client().put(&url).json(&part).send().await.unwrap();
    client().delete(&url).send().await.unwrap();
    let shown: Value = client().get(&url).send().await.unwrap().json().await.unwrap();
    assert_eq!(shown["xendit_create"]["fail_next"]["count"], 0);
}

#[tokio::test]
async fn a_failure_after_the_effect_leaves_an_invoice_behind() {
    let sandbox = sandbox().await;
    let own = json!({ "xendit_create": { "fail_next": { "count": 1, "after_effect": true } } });
    let response = create(&sandbox, &json!({ "external_id": "INV-1", "amount": 1_000 }))
        .header(SWITCHES_HEADER, own.to_string())
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 500);
    assert_eq!(response.json::<Value>().await.unwrap()["error_code"], "SERVER_ERROR");
    assert_eq!(sandbox.invoices_of("INV-1").len(), 1);
}

#[tokio::test]
async fn a_caller_killed_while_it_waits_leaves_an_invoice_behind() {
    let sandbox = sandbox().await;
    sandbox.set_switches(|switches| switches.xendit_create.delay_ms = 60_000);
    let request = create(&sandbox, &json!({ "external_id": "INV-1", "amount": 1_000 }));
    let caller = tokio::spawn(request.send());
    eventually("in flight", || {
        let requests = sandbox.requests();
        requests.iter().any(|request| request.state == RequestState::InFlight)
            && sandbox.invoices_of("INV-1").len() == 1
    })
    .await;
    caller.abort();
    eventually("abandoned", || sandbox.requests()[0].state == RequestState::Abandoned).await;
    assert_eq!(sandbox.invoices_of("INV-1").len(), 1);
}

#[tokio::test]
async fn requests_are_shown_without_keys() {
    let sandbox = sandbox().await;
    create(&sandbox, &json!({ "external_id": "INV-1", "amount": 1_000 })).send().await.unwrap();
    let url = format!("{}/_requests", sandbox.base_url());
    let text = client().get(&url).send().await.unwrap().text().await.unwrap();
    assert!(!text.contains(&sandbox.api_key()));
    let requests: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(requests[0]["api"], "xendit_create");
    assert_eq!(requests[0]["state"], "finished");
    assert_eq!(requests[0]["status"], 200);
    assert_eq!(requests[0]["body"]["external_id"], "INV-1");
    client().delete(&url).send().await.unwrap();
    assert!(sandbox.requests().is_empty());
}
