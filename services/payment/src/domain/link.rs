//! A link at a provider on which an invoice can be paid. Every one ever asked for is kept: money
//! may still arrive on a replaced one (`settled.md` 22).

use konveksi_kernel::{InvoiceId, Money};
use uuid::Uuid;

use super::PaymentSource;

/// How far a link is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum LinkState {
    /// The provider is to be asked, or was asked and has not answered.
    Asked,
    /// It can be paid on.
    Ready,
    /// Another took its place.
    Superseded,
    /// The provider refused it for good.
    Failed,
}

impl LinkState {
    /// Every state.
    pub(crate) const ALL: [LinkState; 4] =
        [LinkState::Asked, LinkState::Ready, LinkState::Superseded, LinkState::Failed];

    /// As it is stored.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            LinkState::Asked => "asked",
            LinkState::Ready => "ready",
            LinkState::Superseded => "superseded",
            LinkState::Failed => "failed",
        }
    }

    /// Reads what [`LinkState::as_wire`] writes.
    pub(crate) fn from_wire(text: &str) -> Option<LinkState> {
        LinkState::ALL.into_iter().find(|state| state.as_wire() == text)
    }

    /// Whether this is the one the invoice is paid on, now or soon.
    pub(crate) const fn is_live(self) -> bool {
        match self {
            LinkState::Asked | LinkState::Ready => true,
            LinkState::Superseded | LinkState::Failed => false,
        }
    }
}

/// One link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Link {
    /// Its own id.
    pub(crate) id: Uuid,
    /// The invoice it belongs to.
    pub(crate) invoice_id: InvoiceId,
    /// Where it is made.
    pub(crate) provider: PaymentSource,
    /// Counts the invoice's links from 1.
    pub(crate) generation: i32,
    /// Our name for it at the provider.
    pub(crate) external_id: String,
    /// The provider's id; absent until it answered.
    pub(crate) provider_id: Option<String>,
    /// Where the customer pays; absent until the provider answered.
    pub(crate) url: Option<String>,
    /// What it asks for, in rupiah.
    pub(crate) amount: Money,
    /// How far it is.
    pub(crate) state: LinkState,
    /// How often the provider was asked.
    pub(crate) attempts: i32,
}

/// Seconds until the provider is asked again after `attempts` failures (`reliability.md` part B).
pub(crate) const fn retry_delay_seconds(attempts: i32) -> i64 {
    match attempts {
        ..=1 => 5,
        2 => 30,
        3 => 120,
        4 => 600,
        5.. => 3_600,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_reads_back() {
        for state in LinkState::ALL {
            assert_eq!(LinkState::from_wire(state.as_wire()), Some(state));
        }
    }

    #[test]
    fn retries_come_ever_slower_but_never_stop() {
        let delays: Vec<i64> = (0..9).map(retry_delay_seconds).collect();
        assert!(delays.is_sorted());
        assert_eq!(delays.last(), Some(&3_600));
    }
}
