//! How much is taken.

use thiserror::Error;

/// The largest design that comes with a new order, in bytes (contract section 5).
pub(crate) const DRAFT_BYTES: u64 = 5 * 1024 * 1024;
/// The largest design for an order that exists, in bytes.
pub(crate) const DESIGN_BYTES: u64 = 50 * 1024 * 1024;
/// The largest proof of a transfer, in bytes.
pub(crate) const PROOF_BYTES: u64 = 10 * 1024 * 1024;
/// The longest description, in characters.
pub(crate) const DESCRIPTION_CHARS: usize = 1_000;
/// The most files of one order.
const FILES_PER_ORDER: i64 = 50;
/// The most bytes of one order's files.
const BYTES_PER_ORDER: u64 = 200 * 1024 * 1024;

/// What an order's files take up already.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Usage {
    pub(crate) files: i64,
    pub(crate) bytes: u64,
}

/// An order may have no more files.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("an order has at most {FILES_PER_ORDER} files and 200 MiB in all")]
pub(crate) struct QuotaExceeded;

impl Usage {
    /// Whether one more file of `bytes` fits.
    ///
    /// # Errors
    /// [`QuotaExceeded`].
    pub(crate) fn take(self, bytes: u64) -> Result<(), QuotaExceeded> {
        let fits =
            self.files < FILES_PER_ORDER && self.bytes.saturating_add(bytes) <= BYTES_PER_ORDER;
        fits.then_some(()).ok_or(QuotaExceeded)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fifty_first_file_and_the_byte_too_many_are_refused() {
        assert_eq!(Usage { files: 49, bytes: 0 }.take(1), Ok(()));
        assert_eq!(Usage { files: 50, bytes: 0 }.take(1), Err(QuotaExceeded));
        assert_eq!(Usage { files: 1, bytes: BYTES_PER_ORDER }.take(1), Err(QuotaExceeded));
        assert_eq!(Usage { files: 1, bytes: BYTES_PER_ORDER - 1 }.take(1), Ok(()));
    }
}
