//! Everything one sandbox knows, shared by its HTTP workers, its mail sink and its loops.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use konveksi_kernel::Clock;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::callback::{Courier, ReleaseOrder};
use crate::config::Config;
use crate::invoice::{Invoice, InvoiceError, Payment, ProviderKind};
use crate::invoices::Invoices;
use crate::messages::Messages;
use crate::refund::{Refund, RefundError, RefundWish};
use crate::requests::RequestLog;
use crate::switches::{CallbackSwitch, RefundOutcome, Switchboard};

/// How often the clock is looked at for invoices whose time is over.
const EXPIRY_TICK: Duration = Duration::from_millis(200);

/// The state of one sandbox.
pub(crate) struct World {
    /// How it was set up.
    pub(crate) config: Config,
    /// How browsers reach it, without a slash at the end.
    pub(crate) public_url: String,
    /// Its clock.
    pub(crate) clock: Arc<dyn Clock>,
    /// The payment provider's invoices.
    pub(crate) invoices: Arc<Invoices>,
    /// Tells the merchant about them.
    pub(crate) courier: Courier,
    /// WhatsApp messages and mails.
    pub(crate) messages: Messages,
    /// What was asked of the providers.
    pub(crate) requests: RequestLog,
    /// How they misbehave.
    pub(crate) switches: Switchboard,
}

impl World {
    /// The present instant.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// The invoice with this id, expired if its time is over.
    pub(crate) fn invoice(&self, id: &str) -> Option<Invoice> {
        self.expire_due();
        self.invoices.find(id)
    }

    /// The customer pays; the merchant is told, as `switches` say.
    ///
    /// # Errors
    /// As [`Invoice::pay`], and [`InvoiceError::NotFound`].
    pub(crate) fn pay(
        &self,
        id: &str,
        payment: Payment<'_>,
        how: &CallbackSwitch,
    ) -> Result<Invoice, InvoiceError> {
        self.expire_due();
        let paid = self.invoices.change(id, |invoice| invoice.pay(payment, self.now()))?;
        self.courier.tell(&paid, how);
        Ok(paid)
    }

    /// Ends an invoice's life by hand; the merchant is told.
    ///
    /// # Errors
    /// As [`Invoice::expire`], and [`InvoiceError::NotFound`].
    pub(crate) fn expire(&self, id: &str) -> Result<Invoice, InvoiceError> {
        self.expire_due();
        let expired = self.invoices.change(id, |invoice| invoice.expire(self.now()))?;
        self.courier.tell(&expired, &self.switches.current().callbacks);
        Ok(expired)
    }

    /// Moves a paid invoice's money to the merchant's balance; the merchant is told.
    ///
    /// # Errors
    /// As [`Invoice::settle`], and [`InvoiceError::NotFound`].
    pub(crate) fn settle(&self, id: &str) -> Result<Invoice, InvoiceError> {
        let settled = self.invoices.change(id, |invoice| invoice.settle(self.now()))?;
        self.courier.tell(&settled, &self.switches.current().callbacks);
        Ok(settled)
    }

    /// The customer chose a way to pay; Midtrans tells that it waits for the money.
    ///
    /// # Errors
    /// As [`Invoice::choose`], and [`InvoiceError::NotFound`].
    pub(crate) fn choose(&self, id: &str, method: Option<&str>) -> Result<Invoice, InvoiceError> {
        self.expire_due();
        let step = self.invoices.refund(id, |invoice| invoice.choose(method, self.now()));
        let (chosen, ()) = step.ok_or(InvoiceError::NotFound)??;
        if chosen.backstage.provider == ProviderKind::Midtrans {
            self.courier.tell(&chosen, &self.switches.current().callbacks);
        }
        Ok(chosen)
    }

    /// The merchant gives money back; how it ends follows the switches.
    ///
    /// # Errors
    /// [`RefundError`].
    pub(crate) fn refund(
        &self,
        id: &str,
        wish: RefundWish<'_>,
    ) -> Result<(Invoice, Refund), RefundError> {
        let outcome = self.switches.current().refunds;
        let now = self.now();
        let asked = self.invoices.refund(id, |invoice| invoice.ask_refund(wish, now));
        let (invoice, asked) = asked.ok_or(RefundError::NotFound)??;
        if !asked.is_new {
            return Ok((invoice, asked.refund));
        }
        match outcome {
            RefundOutcome::Hold => Ok((invoice, asked.refund)),
            RefundOutcome::Succeed => self.end_refund(&asked.refund.id, true),
            RefundOutcome::Fail => self.end_refund(&asked.refund.id, false),
        }
    }

    /// A waiting refund ends; the merchant is told.
    ///
    /// # Errors
    /// [`RefundError::NotFound`]; [`RefundError::NotPending`].
    pub(crate) fn end_refund(
        &self,
        refund_id: &str,
        paid: bool,
    ) -> Result<(Invoice, Refund), RefundError> {
        let now = self.now();
        let id = self.invoices.of_refund(refund_id).ok_or(RefundError::NotFound)?.id;
        let ended = self.invoices.refund(&id, |invoice| invoice.end_refund(refund_id, paid, now));
        let (invoice, refund) = ended.ok_or(RefundError::NotFound)??;
        self.courier.tell_refund(&invoice, &refund, &self.switches.current().callbacks);
        Ok((invoice, refund))
    }

    /// Expires what is due by the sandbox's clock.
    pub(crate) fn expire_due(&self) {
        let now = self.now();
        for id in self.invoices.due(now) {
            // Another worker may have been first, then there is nothing left to do.
            if let Ok(expired) = self.invoices.change(&id, |invoice| invoice.expire(now)) {
                self.courier.tell(&expired, &self.switches.current().callbacks);
            }
        }
    }

    /// Lets held callbacks go and holds no more; gives how many there were.
    pub(crate) fn release(&self, order: ReleaseOrder) -> usize {
        self.switches.change(|switches| switches.callbacks.held = false);
        self.courier.release(order)
    }

    /// Tells again what a restart interrupted, then expires what comes due, until `shutdown`.
    pub(crate) async fn keep_time(&self, shutdown: CancellationToken) {
        for invoice in self.invoices.untold() {
            self.courier.tell(&invoice, &self.switches.current().callbacks);
        }
        loop {
            self.expire_due();
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = tokio::time::sleep(EXPIRY_TICK) => {}
            }
        }
    }

    /// How callbacks caused by a request with these switches of its own are told.
    ///
    /// # Errors
    /// What is wrong with them.
    pub(crate) fn callbacks_with(
        &self,
        own: Option<&Value>,
    ) -> Result<CallbackSwitch, serde_json::Error> {
        self.switches.callbacks(own)
    }
}
