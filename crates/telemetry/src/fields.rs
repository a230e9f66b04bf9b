//! Names of log and span fields, so that the same thing has one name everywhere.

/// Which order it is about.
pub const ORDER_ID: &str = "order.id";
/// Which invoice it is about.
pub const INVOICE_ID: &str = "invoice.id";
/// Which event is being told or heard.
pub const EVENT_ID: &str = "event.id";
/// The event's name, such as `order.created.v1`.
pub const EVENT_TYPE: &str = "event.type";
/// The whole chain of an error, outermost first.
pub const ERROR: &str = "error";
