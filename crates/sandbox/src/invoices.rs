//! All invoices, in memory and in the journal, with the index of those still to expire.

use std::collections::{BTreeSet, HashMap};
use std::io;
use std::path::Path;
use std::sync::Mutex;

use chrono::{DateTime, Utc};

use crate::invoice::{Invoice, InvoiceError, InvoiceStatus};
use crate::journal::{Journal, Record};
use crate::lock::locked;

/// The invoices of one sandbox.
#[derive(Debug, Default)]
pub(crate) struct Invoices {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    records: HashMap<String, Record>,
    /// Ids, oldest first.
    order: Vec<String>,
    by_external_id: HashMap<String, Vec<String>>,
    /// Waiting invoices by the instant they expire.
    waiting: BTreeSet<(DateTime<Utc>, String)>,
    journal: Option<Journal>,
}

impl Invoices {
    /// The invoices kept in `folder`, or none when nothing is kept.
    ///
    /// # Errors
    /// [`io::Error`] when the journal cannot be opened.
    pub(crate) fn open(folder: Option<&Path>) -> io::Result<Invoices> {
        let mut inner = Inner::default();
        if let Some(folder) = folder {
            let (journal, records) = Journal::open(folder)?;
            for record in records {
                inner.index(record);
            }
            inner.journal = Some(journal);
        }
        Ok(Invoices { inner: Mutex::new(inner) })
    }

    /// Keeps a new invoice.
    pub(crate) fn insert(&self, invoice: Invoice) {
        let mut inner = locked(&self.inner);
        let record = Record { invoice, untold: None };
        inner.write(&record);
        inner.index(record);
    }

    /// The invoice with this id.
    pub(crate) fn find(&self, id: &str) -> Option<Invoice> {
        locked(&self.inner).records.get(id).map(|record| record.invoice.clone())
    }

    /// Invoices newest first, at most `limit`, of one reference or of all.
    pub(crate) fn list(&self, external_id: Option<&str>, limit: usize) -> Vec<Invoice> {
        let inner = locked(&self.inner);
        let ids = match external_id {
            Some(external_id) => inner.by_external_id.get(external_id),
            None => Some(&inner.order),
        };
        ids.into_iter()
            .flat_map(|ids| ids.iter().rev())
            .filter_map(|id| inner.records.get(id))
            .take(limit)
            .map(|record| record.invoice.clone())
            .collect()
    }

    /// Moves one invoice; what it becomes is still to be told to the merchant.
    ///
    /// # Errors
    /// [`InvoiceError::NotFound`], or what `step` refuses with.
    pub(crate) fn change(
        &self,
        id: &str,
        step: impl FnOnce(&mut Invoice) -> Result<(), InvoiceError>,
    ) -> Result<Invoice, InvoiceError> {
        let mut inner = locked(&self.inner);
        let record = inner.records.get_mut(id).ok_or(InvoiceError::NotFound)?;
        step(&mut record.invoice)?;
        record.untold = Some(record.invoice.status);
        let record = record.clone();
        inner.write(&record);
        inner.waiting.remove(&(record.invoice.expiry_date, record.invoice.id.clone()));
        Ok(record.invoice)
    }

    /// Changes what goes back of an invoice; its status stays.
    ///
    /// # Errors
    /// What `step` refuses with; `None` when no invoice has this id.
    pub(crate) fn refund<T, E>(
        &self,
        id: &str,
        step: impl FnOnce(&mut Invoice) -> Result<T, E>,
    ) -> Option<Result<(Invoice, T), E>> {
        let mut inner = locked(&self.inner);
        let record = inner.records.get_mut(id)?;
        let done = match step(&mut record.invoice) {
            Ok(done) => done,
            Err(error) => return Some(Err(error)),
        };
        let record = record.clone();
        inner.write(&record);
        Some(Ok((record.invoice, done)))
    }

    /// The invoice with a refund of this id.
    pub(crate) fn of_refund(&self, refund_id: &str) -> Option<Invoice> {
        let inner = locked(&self.inner);
        let mut newest = inner.order.iter().rev().filter_map(|id| inner.records.get(id));
        newest
            .find(|record| record.invoice.backstage.refunds.iter().any(|one| one.id == refund_id))
            .map(|record| record.invoice.clone())
    }

    /// The callback about `status` reached its end, whichever.
    pub(crate) fn mark_told(&self, id: &str, status: InvoiceStatus) {
        let mut inner = locked(&self.inner);
        let Some(record) = inner.records.get_mut(id) else { return };
        if record.untold == Some(status) {
            record.untold = None;
            let record = record.clone();
            inner.write(&record);
        }
    }

    /// Ids of waiting invoices whose time is over at `now`.
    pub(crate) fn due(&self, now: DateTime<Utc>) -> Vec<String> {
        let inner = locked(&self.inner);
        inner
            .waiting
            .iter()
            .take_while(|(expires_at, _)| *expires_at <= now)
            .map(|(_, id)| id.clone())
            .collect()
    }

    /// Invoices whose last move has not been told, oldest first.
    pub(crate) fn untold(&self) -> Vec<Invoice> {
        let inner = locked(&self.inner);
        let records = inner.order.iter().filter_map(|id| inner.records.get(id));
        records.filter(|record| record.untold.is_some()).map(|r| r.invoice.clone()).collect()
    }
}

impl Inner {
    fn index(&mut self, record: Record) {
        let invoice = &record.invoice;
        self.order.push(invoice.id.clone());
        self.by_external_id
            .entry(invoice.external_id.clone())
            .or_default()
            .push(invoice.id.clone());
        if invoice.status == InvoiceStatus::Pending {
            self.waiting.insert((invoice.expiry_date, invoice.id.clone()));
        }
        self.records.insert(invoice.id.clone(), record);
    }

    fn write(&mut self, record: &Record) {
        let Some(journal) = &mut self.journal else { return };
        if let Err(error) = journal.append(record) {
            tracing::error!(%error, "an invoice could not be written; a restart will not know it");
        }
    }
}

/// Invoices for unit tests.
#[cfg(test)]
pub(crate) mod tests_support {
    use super::*;

    /// A waiting invoice of Rp10.000.
    pub(crate) fn invoice(id: &str) -> Invoice {
        let now = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        Invoice {
            id: id.to_owned(),
            external_id: format!("ref-{id}"),
            user_id: "u".to_owned(),
            status: InvoiceStatus::Pending,
            merchant_name: "Konveksi".to_owned(),
            amount: 10_000,
            description: None,
            invoice_url: String::new(),
            expiry_date: now + chrono::Duration::hours(1),
            currency: "IDR".to_owned(),
            should_send_email: false,
            created: now,
            updated: now,
            payer_email: None,
            customer: None,
            items: None,
            metadata: None,
            success_redirect_url: None,
            failure_redirect_url: None,
            paid_amount: None,
            fees: Vec::new(),
            paid_at: None,
            payment_method: None,
            payment_channel: None,
            payment_destination: None,
            payment_id: None,
            backstage: crate::invoice::Backstage::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::tests_support::invoice;
    use super::*;
    use crate::invoice::Payment;

    #[test]
    fn only_waiting_invoices_come_due() {
        let invoices = Invoices::default();
        invoices.insert(invoice("a"));
        invoices.insert(invoice("b"));
        let later = invoice("a").expiry_date;
        assert!(invoices.due(later - chrono::Duration::seconds(1)).is_empty());
        invoices.change("a", |invoice| invoice.pay(Payment::default(), later)).unwrap();
        assert_eq!(invoices.due(later), ["b"]);
        invoices.change("b", |invoice| invoice.expire(later)).unwrap();
        assert!(invoices.due(later).is_empty());
    }

    #[test]
    fn an_expired_invoice_is_only_paid_late_and_a_paid_one_not_twice() {
        let invoices = Invoices::default();
        invoices.insert(invoice("a"));
        let now = invoice("a").expiry_date;
        invoices.change("a", |invoice| invoice.expire(now)).unwrap();
        let pay = |late| {
            invoices.change("a", |invoice| invoice.pay(Payment { late, ..Payment::default() }, now))
        };
        assert_eq!(pay(false).unwrap_err(), InvoiceError::Expired);
        assert_eq!(pay(true).unwrap().paid_amount, Some(10_000));
        assert_eq!(pay(true).unwrap_err(), InvoiceError::AlreadyPaid);
    }

    #[test]
    fn telling_an_old_status_does_not_hide_the_new_one() {
        let invoices = Invoices::default();
        invoices.insert(invoice("a"));
        let now = invoice("a").created;
        invoices.change("a", |invoice| invoice.pay(Payment::default(), now)).unwrap();
        invoices.change("a", |invoice| invoice.settle(now)).unwrap();
        invoices.mark_told("a", InvoiceStatus::Paid);
        assert_eq!(invoices.untold().len(), 1);
        invoices.mark_told("a", InvoiceStatus::Settled);
        assert!(invoices.untold().is_empty());
    }
}
