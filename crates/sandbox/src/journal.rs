//! Keeps invoices over a restart: one JSON line per change, the last line of an invoice wins.
//!
//! Lines are not synced to disk: the sandbox survives its own death, not the machine's.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, BufWriter};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::invoice::{Invoice, InvoiceStatus};

/// Finished invoices older than this many are dropped when the journal is opened.
const KEPT: usize = 20_000;

/// An invoice and what the merchant has not been told about it yet.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Record {
    /// The invoice.
    pub(crate) invoice: Invoice,
    /// The status whose callback is still on its way; sent again after a restart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) untold: Option<InvoiceStatus>,
}

/// The open journal.
#[derive(Debug)]
pub(crate) struct Journal {
    file: File,
}

impl Journal {
    /// Opens or makes the journal in `folder`, shortens it to one line per invoice, and gives
    /// the invoices in the order they were made.
    ///
    /// # Errors
    /// [`io::Error`] when the folder or file cannot be read or written.
    pub(crate) fn open(folder: &Path) -> io::Result<(Journal, Vec<Record>)> {
        fs::create_dir_all(folder)?;
        let path = folder.join("invoices.jsonl");
        let records = read(&path)?;
        let fresh = folder.join("invoices.jsonl.new");
        let mut writer = BufWriter::new(File::create(&fresh)?);
        for record in &records {
            write_line(&mut writer, record)?;
        }
        writer.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        fs::rename(&fresh, &path)?;
        let file = OpenOptions::new().append(true).open(&path)?;
        Ok((Journal { file }, records))
    }

    /// Adds one change.
    ///
    /// # Errors
    /// [`io::Error`] when it cannot be written.
    pub(crate) fn append(&mut self, record: &Record) -> io::Result<()> {
        write_line(&mut self.file, record)
    }
}

fn write_line(out: &mut impl io::Write, record: &Record) -> io::Result<()> {
    // One write per line, so that a kill leaves at most one torn line at the end.
    let mut line = serde_json::to_vec(record)?;
    line.push(b'\n');
    out.write_all(&line)
}

fn read(path: &Path) -> io::Result<Vec<Record>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut order = Vec::new();
    let mut latest: HashMap<String, Record> = HashMap::new();
    for line in BufReader::new(file).split(b'\n') {
        // A line that is no record was torn by a kill; the change it told is lost, no other.
        let Ok(record) = serde_json::from_slice::<Record>(&line?) else { continue };
        let id = record.invoice.id.clone();
        if latest.insert(id.clone(), record).is_none() {
            order.push(id);
        }
    }
    let excess = order.len().saturating_sub(KEPT);
    let records = order.into_iter().filter_map(|id| latest.remove(&id)).enumerate();
    Ok(records
        .filter(|(age, record)| *age >= excess || record.invoice.status == InvoiceStatus::Pending)
        .map(|(_, record)| record)
        .collect())
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;
    use crate::invoices::tests_support::invoice;

    #[test]
    fn the_last_line_of_an_invoice_wins_and_a_torn_line_is_skipped() {
        let folder = tempfile::tempdir().unwrap();
        let mut record = Record { invoice: invoice("a"), untold: None };
        let (mut journal, found) = Journal::open(folder.path()).unwrap();
        assert!(found.is_empty());
        journal.append(&record).unwrap();
        journal.append(&Record { invoice: invoice("b"), untold: None }).unwrap();
        record.invoice.status = InvoiceStatus::Expired;
        record.untold = Some(InvoiceStatus::Expired);
        journal.append(&record).unwrap();
        journal.file.write_all(b"{\"invoice\":{\"id\":\"c\"").unwrap();
        drop(journal);

        let (_, found) = Journal::open(folder.path()).unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].invoice.status, InvoiceStatus::Expired);
        assert_eq!(found[0].untold, Some(InvoiceStatus::Expired));
        assert_eq!(found[1].invoice.id, "b");
    }
}
