//! Use cases: what this service does, one file each. They open transactions and call domain, store,
//! events and providers in order; they know neither HTTP nor the broker.

mod deliver;
mod error;
mod hear;
mod notify_event;
mod queries;
mod requests;
mod send_blast;
mod send_template;
mod write;

use std::sync::Arc;

use konveksi_db::Pool;
use konveksi_eventing::Wake;
use konveksi_kernel::Clock;
use tokio::sync::Notify;

use crate::providers::Senders;
pub(crate) use crate::store::history::{HistoryFilter, HistoryRow};
pub(crate) use crate::store::templates::TemplateFilter;

pub(crate) use deliver::{Job, claim, deliver, recover_lost};
pub(crate) use error::AppError;
pub(crate) use hear::{hear_contact, hear_invoice, hear_order};
pub(crate) use notify_event::{
    announce_cancelled, announce_finished, announce_installment, announce_invoice, announce_order,
    announce_payment, announce_refund,
};
pub(crate) use queries::{find_template, history, list_templates};
pub(crate) use requests::{forget_requests, once};
pub(crate) use send_blast::{Blast, send_blast};
pub(crate) use send_template::{Send, Sent, TemplateChoice, send_template};

/// What every use case needs.
pub(crate) struct App {
    /// This service's database.
    pub(crate) pool: Pool,
    /// Business time.
    pub(crate) clock: Arc<dyn Clock>,
    /// Nudges the relay after a commit.
    pub(crate) wake: Wake,
    /// Nudges the sending worker after a commit.
    pub(crate) work: Notify,
    /// The ways out.
    pub(crate) senders: Senders,
    /// Whether a new order is acknowledged with a message of its own, beside the one with the link.
    pub(crate) send_order_created: bool,
}

impl App {
    /// Tells worker and relay that a transaction with news for them has committed.
    pub(crate) fn committed(&self) {
        self.work.notify_one();
        self.wake.relay();
    }
}
