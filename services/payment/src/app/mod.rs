//! What this service does: one use case a file, each naming its steps in order.
//!
//! Use cases that talk to the provider are two transactions with the call between them: *asked*
//! is stored, the call is made, *answered* is stored. Functions that take a `tx` are steps of
//! somebody else's transaction.

pub(crate) mod accept_callback;
pub(crate) mod accept_mutations;
mod callback;
pub(crate) mod change_plan;
pub(crate) mod check_integrity;
pub(crate) mod correct_payment;
pub(crate) mod create_plan;
pub(crate) mod decide_proof;
pub(crate) mod edit_invoice;
mod end_refund;
mod error;
pub(crate) mod expire_invoices;
pub(crate) mod final_invoice;
pub(crate) mod first_invoice;
pub(crate) mod fold_list_counts;
pub(crate) mod hear_customer;
pub(crate) mod hear_order;
pub(crate) mod hear_proof_file;
pub(crate) mod hold_unique_amount;
mod invoicing;
pub(crate) mod make_link;
mod mutation_body;
pub(crate) mod payment_link;
mod plan_steps;
pub(crate) mod plan_view;
pub(crate) mod poll_links;
pub(crate) mod print_paper;
pub(crate) mod process_callbacks;
pub(crate) mod process_refunds;
pub(crate) mod proof_view;
pub(crate) mod queries;
pub(crate) mod raise_overdue;
mod receive_money;
pub(crate) mod record_manual_payment;
pub(crate) mod refund_money;
pub(crate) mod regenerate_link;
pub(crate) mod remind_installments;
pub(crate) mod requests;
mod revenue;
mod settle_link;
pub(crate) mod settle_mutations;
pub(crate) mod settle_provider;
pub(crate) mod settle_unmatched;
pub(crate) mod show_proof;
pub(crate) mod take_down_links;
mod token;
pub(crate) mod use_credit;
pub(crate) mod verify_manual;
mod view;
mod work;

use std::sync::Arc;

use chrono::TimeDelta;
use konveksi_db::Pool;
use konveksi_eventing::Wake;
use konveksi_kernel::{Clock, Money};

pub(crate) use error::AppError;
pub(crate) use token::CallbackTokens;
pub(crate) use view::{InvoiceView, PaymentView};
pub(crate) use work::Work;

use crate::domain::OverdueSteps;
use crate::domain::unique_amount::BankAccount;
use crate::providers::Providers;

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
    /// The payment providers.
    pub(crate) providers: Providers,
    /// What a callback of Xendit must carry.
    pub(crate) callback_tokens: CallbackTokens,
    /// What a bank-mutation service's message must carry.
    pub(crate) mutation_tokens: CallbackTokens,
    /// The workshop's bank accounts; the first one is offered to customers.
    pub(crate) bank_accounts: Vec<BankAccount>,
    /// How long an invoice holds a unique amount.
    pub(crate) unique_amount_window: TimeDelta,
    /// Up to what amount one person verifies a transfer alone.
    pub(crate) alone_up_to: Money,
    /// How many days before its due day a plan's part is told.
    pub(crate) reminder_steps: Vec<u32>,
    /// Above this sum of a payment's refunds a second person has to agree.
    pub(crate) second_person_above: Money,
    /// After how many days unpaid invoices are told to be overdue.
    pub(crate) overdue_steps: OverdueSteps,
    /// Who papers come from.
    pub(crate) shop: print_paper::Shop,
    /// Under which URL the provider sends browsers back to us, without a slash at its end.
    pub(crate) public_url: String,
}
