//! Words all services share: typed ids, money, the clock, Jakarta days and page numbers.
//!
//! Nothing here does I/O or knows a framework; everything that could differ between two runs
//! (time, ids) comes in as an argument.

pub mod clock;
pub mod ids;
pub mod jakarta;
pub mod money;
pub mod page;

pub use clock::{Clock, SteeredClock, SystemClock};
pub use ids::{
    CustomerId, EventId, FileId, InstallmentId, InvoiceId, MutationId, NotificationId, OrderId,
    PaymentId, PlanId, ProductId, ProofId, RefundId, TemplateId, TransferId, UnmatchedId, UserId,
};
pub use money::{Money, MoneyError};
pub use page::{Page, PageError, within_days};
