//! What is remembered of each callback.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

use crate::invoice::{InvoiceStatus, ProviderKind};
use crate::switches::CallbackSwitch;

/// How far a callback got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CallbackState {
    /// Waits for its release.
    Held,
    /// Being told, or waiting for the next try.
    Sending,
    /// Answered with 2xx.
    Delivered,
    /// No try was answered with 2xx.
    GivenUp,
    /// The answer took too long; the provider does not try such a one again by itself.
    TimedOut,
    /// Never told: callbacks are off or have no address.
    Suppressed,
}

/// One try.
#[derive(Debug, Clone, Serialize)]
pub struct Attempt {
    /// When it ended.
    pub at: DateTime<Utc>,
    /// Status of the answer, absent when there was none.
    pub status: Option<u16>,
    /// Why there was none.
    pub error: Option<String>,
}

/// One callback: one move of one invoice.
#[derive(Debug, Clone, Serialize)]
pub struct Callback {
    /// Counts up from 1; also the `webhook-id` header, the same in every try and copy.
    pub id: u64,
    /// The invoice's id.
    pub invoice_id: String,
    /// The merchant's reference.
    pub external_id: String,
    /// What it tells.
    pub status: InvoiceStatus,
    /// How far it got.
    pub state: CallbackState,
    /// Every try, copies included, oldest first.
    pub attempts: Vec<Attempt>,
    /// The body.
    pub payload: Value,
    /// Who tells it.
    pub(crate) provider: ProviderKind,
    /// How it is told.
    #[serde(skip)]
    pub(crate) how: CallbackSwitch,
}
