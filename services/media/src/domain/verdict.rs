//! What a scanner said.

/// The outcome of one scan. Anything but `Clean` keeps a file from being served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    Clean,
    /// The scanner knows this malware by that name.
    Infected {
        signature: String,
    },
    /// The scanner could not say: it is away, or the file is beyond it.
    Unknown {
        why: String,
    },
}
