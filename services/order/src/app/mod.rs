//! Use cases: each reads, decides, writes and tells, in one transaction.
//!
//! Locks are taken in this order: an existing order (several by rising id), then a customer. Creating an order takes the
//! customer first, and then only adds rows that nobody else can hold.

pub(crate) mod add_note;
pub(crate) mod apply_design;
pub(crate) mod apply_invoice;
pub(crate) mod apply_message;
pub(crate) mod apply_payment;
pub(crate) mod bulk_update;
pub(crate) mod cached;
pub(crate) mod create_order;
mod customer;
pub(crate) mod customers;
pub(crate) mod delete_order;
mod error;
mod expected;
mod making;
pub(crate) mod plan_production;
pub(crate) mod products;
pub(crate) mod queries;
mod record;
pub(crate) mod report_pieces;
pub(crate) mod request_final_payment;
pub(crate) mod requests;
pub(crate) mod restore_order;
pub(crate) mod send_back;
pub(crate) mod shop_stages;
pub(crate) mod update_order;
pub(crate) mod upkeep;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use konveksi_cache::ReadThrough;
use konveksi_db::Pool;
use konveksi_eventing::Wake;
use konveksi_kernel::{Clock, EventId};

use crate::domain::garment::Garments;
use crate::domain::history::TriggerSource;
use crate::domain::order::{Order, Origin};

pub(crate) use error::AppError;
pub(crate) use expected::Expected;
pub(crate) use making::Made;

/// What every use case needs.
pub(crate) struct App {
    /// This service's own schema.
    pub(crate) pool: Pool,
    /// Business time.
    pub(crate) clock: Arc<dyn Clock>,
    /// Nudges the relay after a commit.
    pub(crate) wake: Wake,
    /// Answers that were given before.
    pub(crate) cache: ReadThrough,
}

/// An order with what it is made of.
#[derive(Debug, Clone)]
pub(crate) struct Whole {
    /// The order.
    pub(crate) order: Order,
    /// Its garments; none for a plain order.
    pub(crate) garments: Garments,
}

/// On whose behalf something is done.
#[derive(Debug, Clone)]
pub(crate) struct Acting {
    /// As the history has it.
    pub(crate) trigger: TriggerSource,
    /// Staff, such as `staff:7`; absent for customers and the system.
    pub(crate) name: Option<String>,
}

impl Acting {
    /// Whose order a new order is.
    pub(crate) const fn origin(&self) -> Origin {
        match self.trigger {
            TriggerSource::Customer => Origin::Public,
            TriggerSource::Admin | TriggerSource::Webhook | TriggerSource::System => Origin::Admin,
        }
    }
}

/// An event that was heard: which, and when its fact happened.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Heard {
    /// The event.
    pub(crate) event_id: EventId,
    /// When its fact happened.
    pub(crate) at: DateTime<Utc>,
}
