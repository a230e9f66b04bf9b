//! The rules: what a file must be, how it is named, and which states it goes through.

pub(crate) mod dimensions;
pub(crate) mod disposition;
pub(crate) mod file;
pub(crate) mod file_name;
pub(crate) mod format;
pub(crate) mod limits;
pub(crate) mod sniff;
pub(crate) mod verdict;
