//! A sandbox inside a test: started on free ports, looked into and steered without HTTP.

use std::net::SocketAddr;
use std::sync::Arc;

use konveksi_settings::ExposeSecret as _;
use konveksi_web::ClockHandle;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::callback::{Callback, ReleaseOrder};
use crate::config::Config;
use crate::invoice::{Invoice, InvoiceError, Payment};
use crate::messages::Message;
use crate::refund::{Refund, RefundError};
use crate::requests::RecordedRequest;
use crate::server::{self, SandboxError};
use crate::switches::Switches;
use crate::world::World;

/// How many invoices [`Sandbox::invoices`] gives at most.
const MOST_INVOICES: usize = 20_000;

/// A running sandbox; dropping it stops it.
pub struct Sandbox {
    world: Arc<World>,
    http_addr: SocketAddr,
    smtp_addr: SocketAddr,
    task: tokio::task::JoinHandle<Result<(), SandboxError>>,
    stop: DropGuard,
}

impl Sandbox {
    /// Starts one by the machine's clock; [`Config::for_tests`] is what a test wants.
    ///
    /// # Errors
    /// [`SandboxError`].
    pub async fn start(config: Config) -> Result<Sandbox, SandboxError> {
        Sandbox::start_with(config, ClockHandle::System).await
    }

    /// Starts one by `clock`, which the test may share with a service.
    ///
    /// # Errors
    /// [`SandboxError`].
    pub async fn start_with(config: Config, clock: ClockHandle) -> Result<Sandbox, SandboxError> {
        let stop = CancellationToken::new();
        let running = server::start(config, &clock, stop.child_token()).await?;
        let (http_addr, smtp_addr) = (running.http_addr, running.smtp_addr);
        let world = running.world.clone();
        let task = tokio::spawn(running.until_stopped(stop.clone()));
        Ok(Sandbox { world, http_addr, smtp_addr, task, stop: stop.drop_guard() })
    }

    /// Stops it and waits until its ports are free and its files are closed.
    ///
    /// # Errors
    /// [`SandboxError`] when the server had failed.
    pub async fn stop(self) -> Result<(), SandboxError> {
        drop(self.stop);
        self.task.await.map_err(|error| SandboxError::Http(error.into()))?
    }

    /// Base URL of both provider APIs and the pages, without a slash at the end.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.http_addr)
    }

    /// Where the mail sink listens.
    pub fn smtp_addr(&self) -> SocketAddr {
        self.smtp_addr
    }

    /// The secret key of the invoice API.
    pub fn api_key(&self) -> String {
        self.world.config.api_key.expose_secret().to_owned()
    }

    /// Value of `X-CALLBACK-TOKEN` in its callbacks.
    pub fn callback_token(&self) -> String {
        self.world.config.callback_token.expose_secret().to_owned()
    }

    /// The token of the WhatsApp API.
    pub fn fonnte_token(&self) -> String {
        self.world.config.fonnte_token.expose_secret().to_owned()
    }

    /// The server key of Midtrans's API.
    pub fn midtrans_server_key(&self) -> String {
        self.world.config.midtrans_server_key.expose_secret().to_owned()
    }

    /// Where Midtrans's notifications go from now on.
    pub fn set_midtrans_callback_url(&self, url: &str) {
        self.world.switches.set_midtrans_callback_url(url);
    }

    /// The customer chooses a way to pay and waits.
    ///
    /// # Errors
    /// [`InvoiceError`].
    pub fn choose(&self, id: &str, method: Option<&str>) -> Result<Invoice, InvoiceError> {
        self.world.choose(id, method)
    }

    /// Every refund, newest invoice first.
    pub fn refunds(&self) -> Vec<Refund> {
        self.invoices().into_iter().flat_map(|invoice| invoice.backstage.refunds).collect()
    }

    /// A waiting refund is paid (or fails); the callback follows.
    ///
    /// # Errors
    /// [`RefundError`].
    pub fn end_refund(&self, refund_id: &str, paid: bool) -> Result<Refund, RefundError> {
        self.world.end_refund(refund_id, paid).map(|(_invoice, refund)| refund)
    }

    /// Where callbacks go from now on, for a receiver that was started after the sandbox.
    pub fn set_callback_url(&self, url: &str) {
        self.world.switches.set_callback_url(url);
    }

    /// Changes the switches.
    pub fn set_switches(&self, change: impl FnOnce(&mut Switches)) {
        self.world.switches.change(change);
    }

    /// All switches as at the start.
    pub fn reset_switches(&self) {
        self.world.switches.reset();
    }

    /// Every message to `recipient`, oldest first, however the number is written.
    pub fn messages_to(&self, recipient: &str) -> Vec<Message> {
        self.world.messages.list(Some(recipient))
    }

    /// Every message, oldest first.
    pub fn messages(&self) -> Vec<Message> {
        self.world.messages.list(None)
    }

    /// The invoices of one reference, newest first.
    pub fn invoices_of(&self, external_id: &str) -> Vec<Invoice> {
        self.world.expire_due();
        self.world.invoices.list(Some(external_id), MOST_INVOICES)
    }

    /// Every invoice, newest first.
    pub fn invoices(&self) -> Vec<Invoice> {
        self.world.expire_due();
        self.world.invoices.list(None, MOST_INVOICES)
    }

    /// One invoice.
    pub fn invoice(&self, id: &str) -> Option<Invoice> {
        self.world.invoice(id)
    }

    /// What the provider APIs were asked, oldest first.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.world.requests.all()
    }

    /// What the merchant was told or is to be told, oldest first.
    pub fn callbacks(&self) -> Vec<Callback> {
        self.world.courier.all()
    }

    /// The customer pays; the callback follows.
    ///
    /// # Errors
    /// [`InvoiceError`].
    pub fn pay(&self, id: &str, payment: Payment<'_>) -> Result<Invoice, InvoiceError> {
        self.world.pay(id, payment, &self.world.switches.current().callbacks)
    }

    /// The invoice's time is over; the callback follows.
    ///
    /// # Errors
    /// [`InvoiceError`].
    pub fn expire(&self, id: &str) -> Result<Invoice, InvoiceError> {
        self.world.expire(id)
    }

    /// The money of a paid invoice is settled; the callback follows.
    ///
    /// # Errors
    /// [`InvoiceError`].
    pub fn settle(&self, id: &str) -> Result<Invoice, InvoiceError> {
        self.world.settle(id)
    }

    /// Lets held callbacks go and holds no more; gives how many there were.
    pub fn release_callbacks(&self, order: ReleaseOrder) -> usize {
        self.world.release(order)
    }

    /// Tells a callback once more; false when none has `id`.
    pub fn resend_callback(&self, id: u64) -> bool {
        self.world.courier.resend(id, &self.world.switches.current().callbacks)
    }
}
