//! Invoices survive a restart, and what was still to be told is told after it.

use konveksi_sandbox::{CallbackState, Config, InvoiceStatus, Payment, Sandbox};

use crate::merchant::Merchant;
use crate::support::{an_invoice, eventually};

#[tokio::test]
async fn invoices_are_known_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let config = Config { data_dir: Some(folder.path().join("sandbox")), ..Config::for_tests() };
    let first = Sandbox::start(config.clone()).await.unwrap();
    let (paid, waiting) = (an_invoice(&first, "A").await, an_invoice(&first, "B").await);
    first.pay(&paid, Payment::default()).unwrap();
    let before = first.invoices();
    first.stop().await.unwrap();

    let second = Sandbox::start(config.clone()).await.unwrap();
    assert_eq!(second.invoices(), before);
    second.pay(&waiting, Payment::default()).unwrap();
    second.stop().await.unwrap();

    let third = Sandbox::start(config).await.unwrap();
    assert_eq!(third.invoice(&waiting).unwrap().status, InvoiceStatus::Paid);
}

#[tokio::test]
async fn a_callback_interrupted_by_a_restart_is_told_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let config = Config { data_dir: Some(folder.path().to_owned()), ..Config::for_tests() };
    let merchant = Merchant::open();
    let config = Config { callback_url: Some(merchant.url().to_owned()), ..config };
    let first = Sandbox::start(config.clone()).await.unwrap();
    let (held, told) = (an_invoice(&first, "HELD").await, an_invoice(&first, "TOLD").await);
    first.pay(&told, Payment::default()).unwrap();
    eventually("told", || first.callbacks()[0].state == CallbackState::Delivered).await;
    first.set_switches(|switches| switches.callbacks.held = true);
    first.pay(&held, Payment::default()).unwrap();
    first.stop().await.unwrap();

    let _second = Sandbox::start(config).await.unwrap();
    eventually("told", || merchant.told().len() == 2).await;
    assert_eq!(merchant.told()[1].body["external_id"], "HELD");
}
