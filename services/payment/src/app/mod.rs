//! What this service does: one use case a file, each naming its steps in order.
//!
//! Use cases that talk to the provider are two transactions with the call between them: *asked*
//! is stored, the call is made, *answered* is stored. Functions that take a `tx` are steps of
//! somebody else's transaction.

pub mod accept_callback;
mod callback;
pub mod edit_invoice;
mod error;
pub mod expire_invoices;
pub mod final_invoice;
pub mod first_invoice;
pub mod hear_order;
mod invoicing;
pub mod make_link;
pub mod payment_link;
pub mod process_callbacks;
pub mod queries;
mod receive_money;
pub mod record_manual_payment;
pub mod regenerate_link;
mod revenue;
pub mod take_down_links;
mod token;
mod view;
mod work;

use std::sync::Arc;

use konveksi_db::Pool;
use konveksi_eventing::Wake;
use konveksi_kernel::Clock;

pub use error::AppError;
pub use token::CallbackTokens;
pub use view::{InvoiceView, PaymentView};
pub use work::Work;

use crate::providers::Xendit;

/// Everything a use case needs.
pub struct App {
    /// This service's database.
    pub pool: Pool,
    /// Business time.
    pub clock: Arc<dyn Clock>,
    /// Nudges the relay after a commit that told something.
    pub wake: Wake,
    /// Nudges this service's own workers.
    pub work: Work,
    /// The payment provider.
    pub provider: Xendit,
    /// What a callback must carry.
    pub callback_tokens: CallbackTokens,
    /// Under which URL the provider sends browsers back to us, without a slash at its end.
    pub public_url: String,
}
