//! What a person found behind each figure. The program measures; this is read and judged by hand,
//! and is to be looked at again when a figure moves.

pub(crate) const START: &str = "";
pub(crate) const RESTING: &str = "";
pub(crate) const DETOUR: &str = "";
pub(crate) const SUSTAINED: &str = "";
pub(crate) const LAG: &str = "";
pub(crate) const BACKLOG: &str = "";
pub(crate) const CREATE: &str = "";
pub(crate) const COMPOSED: &str = "";
pub(crate) const BALANCE: &str = "";
pub(crate) const INTEGRITY: &str = "";
pub(crate) const ACCEPTED: &str = "";
pub(crate) const BOOKED: &str = "";
