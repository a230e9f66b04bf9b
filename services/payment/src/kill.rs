//! Named points at which a debug build can be told to die, as by a power cut: money gets lost
//! between two steps, so the lives of an order (`tests/it/lives.rs`) are lived through deaths there.
//! Release builds contain none of it.

/// Ends the process, without any clean-up, when `KONVEKSI_KILL_AT` is `name:n` and this is the n-th
/// time that it comes by the point of this name.
#[cfg(debug_assertions)]
pub(crate) fn point(name: &str) {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU32, Ordering};

    static PLANNED: OnceLock<Option<(String, u32)>> = OnceLock::new();
    static PASSED: AtomicU32 = AtomicU32::new(0);

    let planned = PLANNED.get_or_init(|| {
        #[expect(clippy::disallowed_methods, reason = "no setting: it only exists in debug builds")]
        let told = std::env::var("KONVEKSI_KILL_AT").ok()?;
        let (name, times) = told.split_once(':')?;
        Some((name.to_owned(), times.parse().ok()?))
    });
    if let Some((planned, times)) = planned
        && planned == name
        && PASSED.fetch_add(1, Ordering::SeqCst) + 1 == *times
    {
        std::process::abort();
    }
}

/// Nothing.
#[cfg(not(debug_assertions))]
pub(crate) const fn point(_name: &str) {}
