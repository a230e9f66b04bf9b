//! What this service does: one use case a file, each naming its steps in order.
//!
//! Use cases that talk to the provider are two transactions with the call between them: *asked*
//! is stored, the call is made, *answered* is stored. Functions that take a `tx` are steps of
//! somebody else's transaction.

pub(crate) mod accept_callback;
mod callback;
pub(crate) mod edit_invoice;
mod error;
pub(crate) mod expire_invoices;
pub(crate) mod final_invoice;
pub(crate) mod first_invoice;
pub(crate) mod hear_customer;
pub(crate) mod hear_order;
mod invoicing;
pub(crate) mod make_link;
pub(crate) mod payment_link;
pub(crate) mod process_callbacks;
pub(crate) mod queries;
mod receive_money;
pub(crate) mod record_manual_payment;
pub(crate) mod regenerate_link;
mod revenue;
pub(crate) mod take_down_links;
mod token;
mod view;
mod work;

use std::sync::Arc;

use konveksi_db::Pool;
use konveksi_eventing::Wake;
use konveksi_kernel::Clock;

pub(crate) use error::AppError;
pub(crate) use token::CallbackTokens;
pub(crate) use view::{InvoiceView, PaymentView};
pub(crate) use work::Work;

use crate::providers::Xendit;

/// Everything a use case needs.
pub(crate) struct App {
    /// This service's database.
    pub(crate) pool: Pool,
    /// Business time.
    pub(crate) clock: Arc<dyn Clock>,
    /// Nudges the relay after a commit that told something.
    pub(crate) wake: Wake,
    /// Nudges this service's own workers.
    pub(crate) work: Work,
    /// The payment provider.
    pub(crate) provider: Xendit,
    /// What a callback must carry.
    pub(crate) callback_tokens: CallbackTokens,
    /// Under which URL the provider sends browsers back to us, without a slash at its end.
    pub(crate) public_url: String,
}
