//! The rules: which fact is newer, what counts, and how figures are computed.

pub(crate) mod dashboard;
pub(crate) mod growth;
pub(crate) mod month;
pub(crate) mod order_fact;
pub(crate) mod payment_fact;
pub(crate) mod status;
