//! Invoices expire by the sandbox's clock.

use std::sync::Arc;

use chrono::Duration;
use konveksi_kernel::SteeredClock;
use konveksi_sandbox::{Config, Payment, Sandbox};
use konveksi_web::ClockHandle;
use serde_json::json;

use crate::merchant::Merchant;
use crate::support::{an_invoice, client, eventually, read, sandbox};

async fn steered() -> (Sandbox, Arc<SteeredClock>) {
    let clock = Arc::new(SteeredClock::default());
    let handle = ClockHandle::Steered(clock.clone());
    (Sandbox::start_with(Config::for_tests(), handle).await.unwrap(), clock)
}

#[tokio::test]
async fn when_its_time_is_over_an_invoice_expires_and_the_merchant_is_told_once() {
    let ((sandbox, clock), merchant) = (steered().await, Merchant::open());
    sandbox.set_callback_url(merchant.url());
    let id = an_invoice(&sandbox, "INV-1").await;
    clock.advance(Duration::hours(23));
    assert_eq!(read(&sandbox, &id).await["status"], "PENDING");
    clock.advance(Duration::hours(2));
    assert_eq!(read(&sandbox, &id).await["status"], "EXPIRED");
    eventually("told", || merchant.statuses() == ["EXPIRED"]).await;
    assert!(sandbox.pay(&id, Payment::default()).is_err());
    assert_eq!(sandbox.callbacks().len(), 1);
}

#[tokio::test]
async fn nobody_has_to_look_for_an_invoice_to_expire() {
    let ((sandbox, clock), merchant) = (steered().await, Merchant::open());
    sandbox.set_callback_url(merchant.url());
    an_invoice(&sandbox, "INV-1").await;
    clock.advance(Duration::days(2));
    eventually("told", || merchant.statuses() == ["EXPIRED"]).await;
}

#[tokio::test]
async fn the_clock_is_steered_over_http_only_where_it_can_be() {
    let (steered, _clock) = steered().await;
    let id = an_invoice(&steered, "INV-1").await;
    let step = json!({ "advance_seconds": 90_000 });
    let url = format!("{}/internal/v1/clock", steered.base_url());
    assert!(client().post(url).json(&step).send().await.unwrap().status().is_success());
    assert_eq!(read(&steered, &id).await["status"], "EXPIRED");

    let ordinary = sandbox().await;
    let url = format!("{}/internal/v1/clock", ordinary.base_url());
    assert_eq!(client().post(url).json(&step).send().await.unwrap().status(), 404);
}
