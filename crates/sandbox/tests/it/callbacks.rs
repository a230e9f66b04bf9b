//! What the merchant is told, and how stubbornly.

use std::net::TcpListener;

use konveksi_sandbox::{CallbackState, Payment, ReleaseOrder, SWITCHES_HEADER, Sandbox};
use serde_json::json;

use crate::merchant::Merchant;
use crate::support::{an_invoice, client, eventually, sandbox};

async fn with_merchant() -> (Sandbox, Merchant) {
    let (sandbox, merchant) = (sandbox().await, Merchant::open());
    sandbox.set_callback_url(merchant.url());
    sandbox.set_switches(|switches| switches.callbacks.retry_delays_ms = vec![20; 6]);
    (sandbox, merchant)
}

fn states(sandbox: &Sandbox) -> Vec<CallbackState> {
    sandbox.callbacks().iter().map(|callback| callback.state).collect()
}

#[tokio::test]
async fn a_payment_is_told_with_the_token() {
    let (sandbox, merchant) = with_merchant().await;
    let id = an_invoice(&sandbox, "INV-1").await;
    sandbox.pay(&id, Payment { amount: Some(9_000), ..Payment::default() }).unwrap();
    eventually("told", || states(&sandbox) == [CallbackState::Delivered]).await;
    let told = merchant.told().remove(0);
    assert_eq!(told.token, sandbox.callback_token());
    assert_eq!(told.body["id"], id);
    assert_eq!(told.body["external_id"], "INV-1");
    assert_eq!(told.body["status"], "PAID");
    assert_eq!(told.body["paid_amount"], 9_000);
    assert_eq!(told.body["bank_code"], "BCA");
}

#[tokio::test]
async fn expiry_and_settlement_are_told_too() {
    let (sandbox, merchant) = with_merchant().await;
    let (first, second) = (an_invoice(&sandbox, "A").await, an_invoice(&sandbox, "B").await);
    sandbox.expire(&first).unwrap();
    eventually("expiry", || merchant.statuses() == ["EXPIRED"]).await;
    sandbox.pay(&second, Payment::default()).unwrap();
    eventually("payment", || merchant.statuses() == ["EXPIRED", "PAID"]).await;
    sandbox.settle(&second).unwrap();
    eventually("settlement", || merchant.statuses() == ["EXPIRED", "PAID", "SETTLED"]).await;
}

#[tokio::test]
async fn a_refused_callback_is_tried_again_until_it_is_taken() {
    let (sandbox, merchant) = with_merchant().await;
    merchant.refuse(3);
    let id = an_invoice(&sandbox, "INV-1").await;
    sandbox.pay(&id, Payment::default()).unwrap();
    eventually("told", || states(&sandbox) == [CallbackState::Delivered]).await;
    let told = merchant.told();
    assert_eq!(told.len(), 4);
    assert!(told.iter().all(|one| one.webhook_id == told[0].webhook_id));
    assert_eq!(sandbox.callbacks()[0].attempts[0].status, Some(500));
}

#[tokio::test]
async fn a_merchant_that_is_away_is_told_when_it_is_back() {
    let sandbox = sandbox().await;
    sandbox.set_switches(|switches| switches.callbacks.retry_delays_ms = vec![20; 200]);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = listener.local_addr().unwrap();
    drop(listener);
    sandbox.set_callback_url(&format!("http://{addr}/webhook"));
    let id = an_invoice(&sandbox, "INV-1").await;
    sandbox.pay(&id, Payment::default()).unwrap();
    eventually("refused", || sandbox.callbacks()[0].attempts.len() > 1).await;
    let merchant = Merchant::open_at(TcpListener::bind(addr).unwrap());
    eventually("told", || merchant.statuses() == ["PAID"]).await;
}

#[tokio::test]
async fn after_the_last_try_it_is_given_up_and_can_be_told_again_by_hand() {
    let (sandbox, merchant) = with_merchant().await;
    merchant.refuse(7);
    let id = an_invoice(&sandbox, "INV-1").await;
    sandbox.pay(&id, Payment::default()).unwrap();
    eventually("given up", || states(&sandbox) == [CallbackState::GivenUp]).await;
    assert_eq!(merchant.told().len(), 7);
    let url = format!("{}/_callbacks/1/resend", sandbox.base_url());
    assert!(client().post(url).send().await.unwrap().status().is_success());
    eventually("told", || states(&sandbox) == [CallbackState::Delivered]).await;
}

#[tokio::test]
async fn a_slow_merchant_is_not_told_again() {
    let (sandbox, _merchant) = with_merchant().await;
    sandbox.set_switches(|switches| switches.callbacks.timeout_ms = 1);
    let id = an_invoice(&sandbox, "INV-1").await;
    sandbox.pay(&id, Payment::default()).unwrap();
    eventually("timed out", || states(&sandbox) == [CallbackState::TimedOut]).await;
}

#[tokio::test]
async fn twenty_copies_can_arrive_at_once() {
    let (sandbox, merchant) = with_merchant().await;
    let id = an_invoice(&sandbox, "INV-1").await;
    let own = json!({ "callbacks": { "duplicates": 19, "concurrent": true } });
    client()
        .post(format!("{}/checkout/{id}/pay", sandbox.base_url()))
        .header(SWITCHES_HEADER, own.to_string())
        .send()
        .await
        .unwrap();
    eventually("told", || merchant.told().len() == 20).await;
    assert!(merchant.most_open() > 1, "the copies came one after the other");

    let other = an_invoice(&sandbox, "INV-2").await;
    sandbox.pay(&other, Payment::default()).unwrap();
    eventually("told once", || states(&sandbox) == [CallbackState::Delivered; 2]).await;
    assert_eq!(merchant.told().len(), 21);
}

#[tokio::test]
async fn held_callbacks_are_let_go_in_reverse() {
    let (sandbox, merchant) = with_merchant().await;
    sandbox.set_switches(|switches| switches.callbacks.held = true);
    let id = an_invoice(&sandbox, "INV-1").await;
    sandbox.expire(&id).unwrap();
    sandbox.pay(&id, Payment { late: true, ..Payment::default() }).unwrap();
    assert_eq!(states(&sandbox), [CallbackState::Held, CallbackState::Held]);
    assert_eq!(sandbox.release_callbacks(ReleaseOrder::Reversed), 2);
    eventually("told", || merchant.statuses() == ["PAID", "EXPIRED"]).await;
}

#[tokio::test]
async fn callbacks_that_are_off_are_never_told() {
    let (sandbox, merchant) = with_merchant().await;
    sandbox.set_switches(|switches| switches.callbacks.enabled = false);
    let id = an_invoice(&sandbox, "INV-1").await;
    sandbox.pay(&id, Payment::default()).unwrap();
    assert_eq!(states(&sandbox), [CallbackState::Suppressed]);
    sandbox.reset_switches();
    let other = an_invoice(&sandbox, "INV-2").await;
    sandbox.pay(&other, Payment::default()).unwrap();
    eventually("told", || merchant.told().len() == 1).await;
    assert_eq!(merchant.told()[0].body["external_id"], "INV-2");
}
