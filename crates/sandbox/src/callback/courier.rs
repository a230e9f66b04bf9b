//! Brings callbacks to the merchant: copies, holds, tries again.
//!
//! Tries wait in real time, not in the sandbox's steered time: they model the network.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use konveksi_kernel::Clock;
use konveksi_settings::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::Value;
use tokio::runtime::Handle;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::payload;
use super::record::{Attempt, Callback, CallbackState};
use crate::invoice::{Invoice, ProviderKind};
use crate::invoices::Invoices;
use crate::lock::locked;
use crate::midtrans;
use crate::refund::Refund;
use crate::switches::CallbackSwitch;

/// How many callbacks are remembered.
const KEPT: usize = 2_000;

/// In which order held callbacks are let go.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReleaseOrder {
    /// As they were made.
    #[default]
    Made,
    /// The last first.
    Reversed,
}

/// How one round of copies ended.
enum Round {
    Delivered,
    TimedOut,
    Failed,
}

/// Tells the merchant. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Courier {
    inner: Arc<Inner>,
}

struct Inner {
    client: reqwest::Client,
    secrets: Secrets,
    clock: Arc<dyn Clock>,
    invoices: Arc<Invoices>,
    /// Deliveries run here: the runtime of an HTTP worker may end before they do.
    runtime: Handle,
    shutdown: CancellationToken,
    log: Mutex<Log>,
}

/// What callbacks prove themselves with.
pub(crate) struct Secrets {
    /// The value of `X-CALLBACK-TOKEN`.
    pub(crate) callback_token: SecretString,
    /// What Midtrans's notifications are signed with.
    pub(crate) midtrans_key: SecretString,
}

#[derive(Default)]
struct Log {
    last_id: u64,
    callbacks: VecDeque<Callback>,
}

impl Courier {
    /// A courier whose deliveries run on the present runtime until `shutdown`.
    ///
    /// # Errors
    /// When the HTTP client cannot be set up.
    pub(crate) fn new(
        secrets: Secrets,
        clock: Arc<dyn Clock>,
        invoices: Arc<Invoices>,
        shutdown: CancellationToken,
    ) -> Result<Courier, reqwest::Error> {
        let client = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        let (runtime, log) = (Handle::current(), Mutex::default());
        let inner = Inner { client, secrets, clock, invoices, runtime, shutdown, log };
        Ok(Courier { inner: Arc::new(inner) })
    }

    /// Tells where `invoice` stands now, as `how` says; returns at once.
    pub(crate) fn tell(&self, invoice: &Invoice, how: &CallbackSwitch) {
        let payload = match invoice.backstage.provider {
            ProviderKind::Xendit => payload::of(invoice),
            ProviderKind::Midtrans => {
                midtrans::notification(invoice, &self.inner.secrets.midtrans_key)
            }
        };
        self.tell_payload(invoice, payload, how);
    }

    /// Tells how a refund ended, as `how` says; returns at once.
    pub(crate) fn tell_refund(&self, invoice: &Invoice, refund: &Refund, how: &CallbackSwitch) {
        let payload = match invoice.backstage.provider {
            ProviderKind::Xendit => payload::of_refund(invoice, refund),
            ProviderKind::Midtrans => {
                midtrans::notification(invoice, &self.inner.secrets.midtrans_key)
            }
        };
        self.tell_payload(invoice, payload, how);
    }

    fn tell_payload(&self, invoice: &Invoice, payload: Value, how: &CallbackSwitch) {
        let provider = invoice.backstage.provider;
        // Midtrans knows nothing of a customer who chose no way to pay, so it tells nothing.
        let known = provider == ProviderKind::Xendit || invoice.backstage.chosen;
        let sent = how.enabled && known && how.url_of(provider).is_some();
        let state = match (sent, how.held) {
            (false, _) => CallbackState::Suppressed,
            (true, true) => CallbackState::Held,
            (true, false) => CallbackState::Sending,
        };
        let mut callback = Callback {
            id: 0,
            invoice_id: invoice.id.clone(),
            external_id: invoice.external_id.clone(),
            status: invoice.status,
            state,
            attempts: Vec::new(),
            payload,
            provider,
            how: how.clone(),
        };
        self.inner.keep(&mut callback);
        match state {
            CallbackState::Sending => self.spawn_delivery(callback),
            CallbackState::Suppressed => self.inner.end(&callback, CallbackState::Suppressed),
            CallbackState::Held
            | CallbackState::Delivered
            | CallbackState::GivenUp
            | CallbackState::TimedOut => {}
        }
    }

    /// Lets every held callback go, each after the first answer to the one before; gives their
    /// number.
    pub(crate) fn release(&self, order: ReleaseOrder) -> usize {
        let mut held = self.inner.take_held();
        if order == ReleaseOrder::Reversed {
            held.reverse();
        }
        let count = held.len();
        let courier = self.clone();
        self.inner.spawn(async move {
            for callback in held {
                match courier.inner.round(&callback).await {
                    Round::Delivered => courier.inner.end(&callback, CallbackState::Delivered),
                    Round::TimedOut => courier.inner.end(&callback, CallbackState::TimedOut),
                    Round::Failed => courier.spawn_retries(callback),
                }
            }
        });
        count
    }

    /// Tells a remembered callback once more, now as `how` says and whatever became of it; false
    /// when none has `id`.
    pub(crate) fn resend(&self, id: u64, how: &CallbackSwitch) -> bool {
        let Some(mut callback) = self.inner.reopen(id) else { return false };
        callback.how = how.clone();
        self.spawn_delivery(callback);
        true
    }

    /// The remembered callbacks, oldest first.
    pub(crate) fn all(&self) -> Vec<Callback> {
        locked(&self.inner.log).callbacks.iter().cloned().collect()
    }

    fn spawn_delivery(&self, callback: Callback) {
        let courier = self.clone();
        self.inner.spawn(async move {
            match courier.inner.round(&callback).await {
                Round::Delivered => courier.inner.end(&callback, CallbackState::Delivered),
                Round::TimedOut => courier.inner.end(&callback, CallbackState::TimedOut),
                Round::Failed => courier.spawn_retries(callback),
            }
        });
    }

    fn spawn_retries(&self, callback: Callback) {
        let inner = self.inner.clone();
        self.inner.spawn(async move {
            for delay in &callback.how.retry_delays_ms {
                tokio::time::sleep(Duration::from_millis(*delay)).await;
                match inner.round(&callback).await {
                    Round::Delivered => return inner.end(&callback, CallbackState::Delivered),
                    Round::TimedOut => return inner.end(&callback, CallbackState::TimedOut),
                    Round::Failed => {}
                }
            }
            inner.end(&callback, CallbackState::GivenUp);
        });
    }
}

impl Inner {
    /// Runs `work` until it is done or the sandbox stops.
    fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let shutdown = self.shutdown.clone();
        self.runtime.spawn(async move {
            tokio::select! {
                () = shutdown.cancelled() => {}
                () = work => {}
            }
        });
    }

    /// Sends every copy once; one that is taken is enough.
    async fn round(&self, callback: &Callback) -> Round {
        let copies = callback.how.duplicates.saturating_add(1);
        let mut attempts = Vec::new();
        if callback.how.concurrent {
            let mut copies: JoinSet<_> =
                (0..copies).map(|_| attempt(self.request(callback))).collect();
            while let Some(ended) = copies.join_next().await {
                attempts.extend(ended.ok());
            }
        } else {
            for _ in 0..copies {
                attempts.push(attempt(self.request(callback)).await);
            }
        }
        let delivered = attempts.iter().any(|result| matches!(result, Ok(200..=299)));
        let timed_out =
            attempts.iter().any(|result| matches!(result, Err(error) if error.is_timeout()));
        self.note(callback.id, attempts);
        match (delivered, timed_out) {
            (true, _) => Round::Delivered,
            (false, true) => Round::TimedOut,
            (false, false) => Round::Failed,
        }
    }

    fn request(&self, callback: &Callback) -> reqwest::RequestBuilder {
        let request = self
            .client
            .post(callback.how.url_of(callback.provider).unwrap_or_default())
            .timeout(Duration::from_millis(callback.how.timeout_ms))
            .json(&callback.payload);
        match callback.provider {
            ProviderKind::Xendit => request
                .header("x-callback-token", self.secrets.callback_token.expose_secret())
                .header("webhook-id", callback.id),
            // Its proof is in the body.
            ProviderKind::Midtrans => request,
        }
    }

    fn keep(&self, callback: &mut Callback) {
        let mut log = locked(&self.log);
        log.last_id += 1;
        callback.id = log.last_id;
        log.callbacks.push_back(callback.clone());
        if log.callbacks.len() > KEPT {
            log.callbacks.pop_front();
        }
    }

    fn note(&self, id: u64, results: Vec<Result<u16, reqwest::Error>>) {
        let at = self.clock.now();
        let attempts = results.into_iter().map(|result| match result {
            Ok(status) => Attempt { at, status: Some(status), error: None },
            Err(error) => {
                Attempt { at, status: None, error: Some(error.without_url().to_string()) }
            }
        });
        let mut log = locked(&self.log);
        if let Some(callback) = log.callbacks.iter_mut().find(|callback| callback.id == id) {
            callback.attempts.extend(attempts);
        }
    }

    fn end(&self, callback: &Callback, state: CallbackState) {
        if let Some(kept) = locked(&self.log).callbacks.iter_mut().find(|k| k.id == callback.id) {
            kept.state = state;
        }
        self.invoices.mark_told(&callback.invoice_id, callback.status);
        if matches!(state, CallbackState::GivenUp | CallbackState::TimedOut) {
            tracing::warn!(
                callback.id,
                invoice.id = callback.invoice_id,
                "a callback was not taken and is not tried again"
            );
        }
    }

    fn take_held(&self) -> Vec<Callback> {
        let mut log = locked(&self.log);
        let held = log.callbacks.iter_mut().filter(|c| c.state == CallbackState::Held);
        held.map(|callback| {
            callback.state = CallbackState::Sending;
            callback.clone()
        })
        .collect()
    }

    fn reopen(&self, id: u64) -> Option<Callback> {
        let mut log = locked(&self.log);
        let callback = log.callbacks.iter_mut().find(|callback| callback.id == id)?;
        callback.state = CallbackState::Sending;
        Some(callback.clone())
    }
}

async fn attempt(request: reqwest::RequestBuilder) -> Result<u16, reqwest::Error> {
    Ok(request.send().await?.status().as_u16())
}
