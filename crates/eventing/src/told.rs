//! How many events this process has told since it began, committed or not; wraps. Whoever sees the
//! count unchanged over a transaction of his own told nothing in it.

use std::sync::atomic::{AtomicUsize, Ordering};

static TOLD: AtomicUsize = AtomicUsize::new(0);

/// The count now.
pub(crate) fn count() -> usize {
    TOLD.load(Ordering::SeqCst)
}

/// An event was told.
pub(crate) fn one_more() {
    TOLD.fetch_add(1, Ordering::SeqCst);
}
