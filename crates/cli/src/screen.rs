//! All that is written for a person, in one place.

use std::io::Write as _;
use std::path::Path;

/// A result: goes to standard output, so that it can be piped.
pub(crate) fn line(text: impl AsRef<str>) {
    // Whoever closed the pipe (`| head`) has read enough; that must not end a running system.
    drop(writeln!(std::io::stdout(), "{}", text.as_ref()));
}

/// Progress: goes to standard error, so that it never mixes with a result.
pub(crate) fn note(text: impl AsRef<str>) {
    drop(writeln!(std::io::stderr(), "{}", text.as_ref()));
}

/// Something that works, but less well than it looks.
pub(crate) fn warning(text: impl AsRef<str>) {
    note(format!("!! {}", text.as_ref()));
}

/// An error with the chain of its causes.
pub(crate) fn failure(error: &anyhow::Error) {
    note(format!("error: {error:#}"));
}

/// The last `count` lines of a log file, or a sentence that says why there are none.
pub(crate) fn last_lines(log: &Path, count: usize) -> String {
    match std::fs::read(log) {
        Ok(bytes) => {
            let text = String::from_utf8_lossy(&bytes);
            let lines: Vec<&str> = text.lines().collect();
            let from = lines.len().saturating_sub(count);
            lines.get(from..).unwrap_or_default().join("\n")
        }
        Err(error) => format!("(no log at {}: {error})", log.display()),
    }
}
