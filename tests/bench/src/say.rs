//! Progress, for the person who waits: the only file here that prints.

#![expect(clippy::print_stderr, clippy::print_stdout, reason = "printing is what this file is for")]

/// One line of progress.
pub(crate) fn step(text: impl AsRef<str>) {
    eprintln!("bench: {}", text.as_ref());
}

/// An error with the chain of its causes.
pub(crate) fn failure(error: &anyhow::Error) {
    eprintln!("bench: error: {error:#}");
}

/// The report itself, where no file was named for it.
pub(crate) fn report(text: &str) {
    println!("{text}");
}
