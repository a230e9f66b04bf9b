//! What every provider keeps to, tried on each of them against the sandbox over HTTP. A new
//! provider is done when this suite passes for it.

use konveksi_kernel::Money;
use konveksi_sandbox::{Config, Payment, RefundOutcome, Sandbox};
use konveksi_settings::SecretString;

use super::*;
use crate::domain::PaymentSource;

/// A provider at a sandbox of its own, and the sandbox's words for it.
struct Tried {
    source: PaymentSource,
    sandbox: Sandbox,
    provider: Box<dyn PaymentProvider>,
}

async fn tried(source: PaymentSource) -> Tried {
    let sandbox = Sandbox::start(Config::for_tests()).await.unwrap();
    let base = sandbox.base_url();
    let provider: Box<dyn PaymentProvider> = match source {
        PaymentSource::Xendit => {
            Box::new(Xendit::new(&base, SecretString::from(sandbox.api_key())).unwrap())
        }
        PaymentSource::Midtrans => Box::new(
            Midtrans::new(&MidtransSettings {
                base_url: base.clone(),
                snap_base_url: base,
                server_keys: SecretString::from(sandbox.midtrans_server_key()),
            })
            .unwrap(),
        ),
        PaymentSource::Manual => Box::new(Manual::new("http://localhost:8000")),
        PaymentSource::Mutation | PaymentSource::Credit => panic!("{source:?} makes no links"),
    };
    Tried { source, sandbox, provider }
}

/// Those with somebody at the other end.
const REMOTE: [PaymentSource; 2] = [PaymentSource::Xendit, PaymentSource::Midtrans];

fn link(name: &str) -> NewLink {
    NewLink {
        external_id: name.to_owned(),
        amount: rupiah(3_750_000),
        description: "Uang muka (DP) pesanan ORD-20261127-A1B".to_owned(),
        lifetime: chrono::Duration::hours(1),
        success_url: "http://localhost:8000/api/v1/payment/success/".to_owned(),
        failure_url: "http://localhost:8000/api/v1/payment/failed/".to_owned(),
    }
}

fn rupiah(amount: u64) -> Money {
    Money::from_rupiah(amount).unwrap()
}

impl Tried {
    /// The sandbox's id of the only link of that name.
    fn sandbox_id(&self, name: &str) -> String {
        self.sandbox.invoices_of(name).first().unwrap().id.clone()
    }

    fn pay(&self, name: &str, method: &str, amount: Option<u64>) {
        let payment = Payment { method: Some(method), amount, ..Payment::default() };
        self.sandbox.pay(&self.sandbox_id(name), payment).unwrap();
    }

    /// A paid link, and what a refund of it is asked with.
    async fn paid(&self, name: &str) -> NewRefund {
        let made = self.provider.create(&link(name)).await.unwrap();
        self.pay(name, "QRIS", None);
        let method = self.provider.get(&made.id).await.unwrap().method.unwrap();
        assert!(refunds_method(self.source, &method), "{method} is paid back");
        NewRefund {
            key: format!("refund-of-{name}"),
            of: made.id,
            method,
            amount: rupiah(1_000_000),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_made_and_waits() {
    for source in REMOTE.into_iter().chain([PaymentSource::Manual]) {
        let tried = tried(source).await;
        let made = tried.provider.create(&link("INV-123456-ABC")).await.unwrap();
        assert!(made.url.starts_with("http"), "{source:?}: {}", made.url);
        let read = tried.provider.get(&made.id).await.unwrap();
        assert_eq!(read.status, ProviderStatus::Pending, "{source:?}");
        assert_eq!(read.external_id, "INV-123456-ABC", "{source:?}");
        assert_eq!(read.currency, "IDR");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paid_link_says_how_much_when_and_how() {
    for source in REMOTE {
        let tried = tried(source).await;
        let made = tried.provider.create(&link("INV-123456-ABC")).await.unwrap();
        tried.pay("INV-123456-ABC", "BCA", None);
        let read = tried.provider.get(&made.id).await.unwrap();
        assert_eq!(read.status, ProviderStatus::Paid, "{source:?}");
        assert_eq!(read.received(rupiah(3_750_000)), rupiah(3_750_000), "{source:?}");
        assert!(read.paid_at.is_some(), "{source:?}");
        let method = read.method.unwrap();
        assert!(
            !refunds_method(source, &method),
            "{source:?}: a virtual account pays nothing back"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fee_on_top_is_no_overpayment_and_too_little_stays_too_little() {
    let tried = tried(PaymentSource::Midtrans).await;
    let made = tried.provider.create(&link("INV-1-FEE")).await.unwrap();
    tried.pay("INV-1-FEE", "GOPAY", Some(3_754_000));
    let read = tried.provider.get(&made.id).await.unwrap();
    assert_eq!(read.received(rupiah(3_750_000)), rupiah(3_750_000));
    assert_eq!(read.fee_on_top(rupiah(3_750_000)), rupiah(4_000));
    for source in REMOTE {
        let tried = self::tried(source).await;
        let made = tried.provider.create(&link("INV-1-LOW")).await.unwrap();
        tried.pay("INV-1-LOW", "BCA", Some(1_000));
        let read = tried.provider.get(&made.id).await.unwrap();
        assert_eq!(read.received(rupiah(3_750_000)), rupiah(1_000), "{source:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_was_chosen_can_be_taken_down_once() {
    for source in REMOTE {
        let tried = tried(source).await;
        let made = tried.provider.create(&link("INV-1-END")).await.unwrap();
        tried.sandbox.choose(&tried.sandbox_id("INV-1-END"), Some("BCA")).unwrap();
        tried.provider.expire(&made.id).await.unwrap();
        let read = tried.provider.get(&made.id).await.unwrap();
        assert_eq!(read.status, ProviderStatus::Expired, "{source:?}");
        let again = tried.provider.expire(&made.id).await;
        assert!(matches!(again, Err(ProviderError::NotFound)), "{source:?}: {again:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn making_a_link_again_after_a_lost_answer_leaves_one_that_works() {
    for source in REMOTE {
        let tried = tried(source).await;
        tried.sandbox.set_switches(|switches| {
            for api in [&mut switches.xendit_create, &mut switches.midtrans_create] {
                api.fail_next.count = 1;
                api.fail_next.after_effect = true;
            }
        });
        let lost = tried.provider.create(&link("INV-1-LOST")).await.unwrap_err();
        assert!(lost.is_retryable(), "{source:?}");
        let id = match tried.provider.find("INV-1-LOST").await.unwrap() {
            Some(found) => found.id,
            None => tried.provider.create(&link("INV-1-LOST")).await.unwrap().id,
        };
        tried.pay("INV-1-LOST", "QRIS", None);
        let read = tried.provider.get(&id).await.unwrap();
        assert_eq!(read.status, ProviderStatus::Paid, "{source:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refund_is_paid_once_for_its_key() {
    for source in REMOTE {
        let tried = tried(source).await;
        let refund = tried.paid("INV-1-BACK").await;
        assert_eq!(tried.provider.find_refund(&refund).await.unwrap(), None, "{source:?}");
        tried.provider.refund(&refund).await.unwrap();
        tried.provider.refund(&refund).await.unwrap();
        assert_eq!(tried.sandbox.refunds().len(), 1, "{source:?}");
        let found = tried.provider.find_refund(&refund).await.unwrap().unwrap();
        assert!(matches!(found.progress, RefundProgress::Paid(_)), "{source:?}: {found:?}");
        assert_eq!(found.amount, rupiah(1_000_000), "{source:?}");
        let read = tried.provider.get(&refund.of).await.unwrap();
        assert_eq!(read.status, ProviderStatus::Paid, "{source:?}: what was paid stays paid");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refund_under_way_is_pending_until_it_ends() {
    for source in REMOTE {
        let tried = tried(source).await;
        tried.sandbox.set_switches(|switches| switches.refunds = RefundOutcome::Hold);
        let refund = tried.paid("INV-1-HOLD").await;
        let asked = tried.provider.refund(&refund).await.unwrap();
        assert_eq!(asked.progress, RefundProgress::Pending, "{source:?}");
        let id = tried.sandbox.refunds().first().unwrap().id.clone();
        tried.sandbox.end_refund(&id, true).unwrap();
        let found = tried.provider.find_refund(&refund).await.unwrap().unwrap();
        assert!(matches!(found.progress, RefundProgress::Paid(_)), "{source:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refund_that_is_refused_says_so_for_good() {
    for source in REMOTE {
        let tried = tried(source).await;
        let made = tried.provider.create(&link("INV-1-NO")).await.unwrap();
        tried.pay("INV-1-NO", "BCA", None);
        let refund = NewRefund {
            key: "k".to_owned(),
            of: made.id,
            method: "bank_transfer".to_owned(),
            amount: rupiah(1_000_000),
        };
        let refused = tried.provider.refund(&refund).await.unwrap_err();
        assert!(refused.refuses_refund(), "{source:?}: {refused:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn trouble_at_the_other_end_never_looks_like_a_refusal() {
    for source in REMOTE {
        let tried = tried(source).await;
        let refund = tried.paid("INV-1-TROUBLE").await;
        for status in [500, 503, 429] {
            tried.sandbox.set_switches(|switches| {
                for api in [&mut switches.xendit_refund, &mut switches.midtrans_refund] {
                    api.fail_next.count = 1;
                    api.fail_next.status = Some(status);
                }
            });
            let failed = tried.provider.refund(&refund).await.unwrap_err();
            assert!(failed.is_retryable() && !failed.refuses_refund(), "{source:?}: {failed:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_key_is_ours_to_mend() {
    let sandbox = Sandbox::start(Config::for_tests()).await.unwrap();
    let base = sandbox.base_url();
    let key = || SecretString::from("wrong");
    let settings = MidtransSettings {
        base_url: base.clone(),
        snap_base_url: base.clone(),
        server_keys: key(),
    };
    let providers: [Box<dyn PaymentProvider>; 2] =
        [Box::new(Xendit::new(&base, key()).unwrap()), Box::new(Midtrans::new(&settings).unwrap())];
    for provider in providers {
        let refused = provider.create(&link("INV-1-KEY")).await.unwrap_err();
        assert_eq!(refused.fault(), Fault::Ours);
        assert!(refused.is_retryable(), "a person corrects it, and then all goes on");
    }
}

#[test]
fn a_provider_that_is_not_set_up_is_not_chosen() {
    let xendit = || Xendit::new("http://localhost", SecretString::from("k")).unwrap();
    let manual = || Manual::new("http://localhost");
    let chosen = Providers::new(PaymentSource::Midtrans, xendit(), None, manual());
    assert!(matches!(chosen, Err(ProviderError::NotSetUp)));
    let chosen = Providers::new(PaymentSource::Xendit, xendit(), None, manual()).unwrap();
    assert!(matches!(chosen.of(PaymentSource::Midtrans), Err(ProviderError::NotSetUp)));
}
