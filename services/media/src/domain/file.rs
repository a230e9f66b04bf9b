//! One file and the states it goes through.
//!
//! ```text
//! receiving ─▶ stored | quarantined      the first scan's answer
//! quarantined ─▶ stored | rejected       a later scan's answer
//! draft (no order) ─▶ an order's         once
//! receiving, unclaimed draft ─▶ discarded
//! ```

use chrono::{DateTime, Duration, Utc};
use konveksi_kernel::{FileId, OrderId};
use thiserror::Error;

use super::dimensions::Dimensions;
use super::format::Format;
use super::verdict::Verdict;

/// Where a file stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FileState {
    /// Its bytes are being stored.
    Receiving,
    /// No scanner has judged it yet; it is not served.
    Quarantined,
    /// Clean.
    Stored,
    /// Infected; its bytes are removed.
    Rejected,
    /// To be forgotten.
    Discarded,
}

impl FileState {
    /// Every state.
    pub(crate) const ALL: [FileState; 5] = [
        FileState::Receiving,
        FileState::Quarantined,
        FileState::Stored,
        FileState::Rejected,
        FileState::Discarded,
    ];

    /// As the wire and the table have it.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            FileState::Receiving => "receiving",
            FileState::Quarantined => "quarantined",
            FileState::Stored => "stored",
            FileState::Rejected => "rejected",
            FileState::Discarded => "discarded",
        }
    }

    /// Reads what [`FileState::as_wire`] writes.
    pub(crate) fn from_wire(text: &str) -> Option<FileState> {
        FileState::ALL.into_iter().find(|state| state.as_wire() == text)
    }
}

/// What a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// What is to be printed; served to whoever knows its address once it is an order's.
    Design,
    /// It proves a transfer: private, handed to staff by the gateway alone.
    Proof,
}

impl Purpose {
    /// Every purpose.
    pub(crate) const ALL: [Purpose; 2] = [Purpose::Design, Purpose::Proof];

    /// As the table has it.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            Purpose::Design => "design",
            Purpose::Proof => "proof",
        }
    }

    /// Reads what [`Purpose::as_wire`] writes.
    pub(crate) fn from_wire(text: &str) -> Option<Purpose> {
        Purpose::ALL.into_iter().find(|purpose| purpose.as_wire() == text)
    }
}

/// A file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct File {
    pub(crate) id: FileId,
    /// Rises with every change others are told of.
    pub(crate) version: i64,
    /// What it is for.
    pub(crate) purpose: Purpose,
    /// Absent for a draft, and for a proof.
    pub(crate) order_id: Option<OrderId>,
    pub(crate) state: FileState,
    pub(crate) original_filename: String,
    pub(crate) description: String,
    pub(crate) format: Format,
    pub(crate) size_bytes: u64,
    pub(crate) dimensions: Option<Dimensions>,
    pub(crate) sha256: [u8; 32],
    pub(crate) storage_key: String,
    pub(crate) public_path: String,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) scan_due_at: DateTime<Utc>,
    /// Scans since the first one.
    pub(crate) scan_attempts: i32,
}

/// A move that a file cannot make.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum FileError {
    /// Only a file that is being received gets its first answer.
    #[error("the file was received already")]
    AlreadyReceived,
    /// It belongs to another order.
    #[error("the file belongs to another order")]
    BelongsToAnother,
    /// It is no design.
    #[error("the file is private")]
    Private,
    /// It is not there any more, or not yet.
    #[error("the file is {}", .0.as_wire())]
    NotAvailable(FileState),
}

/// What an attempt to attach a file came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Attached {
    Now,
    /// It belonged to this order before.
    Before,
}

impl File {
    /// The bytes are stored and the first scan has answered. An infected file never gets here: it
    /// is refused before anything is stored.
    ///
    /// # Errors
    /// [`FileError::AlreadyReceived`].
    pub(crate) fn received(&mut self, verdict: &Verdict) -> Result<(), FileError> {
        if self.state != FileState::Receiving {
            return Err(FileError::AlreadyReceived);
        }
        self.state = match verdict {
            Verdict::Clean => FileState::Stored,
            Verdict::Infected { .. } => FileState::Rejected,
            Verdict::Unknown { .. } => FileState::Quarantined,
        };
        self.version += 1;
        Ok(())
    }

    /// A later scan has answered at `now`; says whether the state changed. Only quarantined files
    /// are judged again. Without an answer the next scan is due later and later, a day at most.
    pub(crate) fn scanned_again(&mut self, verdict: &Verdict, now: DateTime<Utc>) -> bool {
        if self.state != FileState::Quarantined {
            return false;
        }
        self.state = match verdict {
            Verdict::Clean => FileState::Stored,
            Verdict::Infected { .. } => FileState::Rejected,
            Verdict::Unknown { .. } => {
                let doublings = u32::try_from(self.scan_attempts.clamp(0, 11)).unwrap_or(0);
                let minutes = 2_i64.saturating_pow(doublings).min(24 * 60);
                self.scan_due_at = now + Duration::minutes(minutes);
                return false;
            }
        };
        self.version += 1;
        true
    }

    /// Gives a draft to its order.
    ///
    /// # Errors
    /// [`FileError::BelongsToAnother`], [`FileError::NotAvailable`], [`FileError::Private`].
    pub(crate) fn attach(&mut self, order: OrderId) -> Result<Attached, FileError> {
        if self.purpose != Purpose::Design {
            return Err(FileError::Private);
        }
        match (self.order_id, self.state) {
            (Some(owner), _) if owner == order => Ok(Attached::Before),
            (Some(_another), _) => Err(FileError::BelongsToAnother),
            (None, FileState::Stored | FileState::Quarantined) => {
                self.order_id = Some(order);
                self.version += 1;
                Ok(Attached::Now)
            }
            (None, state @ (FileState::Receiving | FileState::Rejected | FileState::Discarded)) => {
                Err(FileError::NotAvailable(state))
            }
        }
    }

    /// The strong `ETag`: the content's own hash.
    pub(crate) fn etag(&self) -> String {
        format!("\"{}\"", hex::encode(self.sha256))
    }
}

#[cfg(test)]
#[path = "file_tests.rs"]
mod tests;
