//! How messaging is doing, for health answers.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

/// How messaging is doing now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "four independent facts, not one state")]
pub struct Health {
    /// The relay has a link to the broker.
    pub relay_connected: bool,
    /// The broker asked publishers to wait.
    pub relay_blocked: bool,
    /// The consumer has a link to the broker; true when the service hears nothing.
    pub consumer_connected: bool,
    /// The consumer waits for the database.
    pub waits_for_database: bool,
    /// What went wrong last, while something is wrong.
    pub last_error: Option<String>,
}

impl Health {
    /// Whether events go out and come in.
    pub const fn is_well(&self) -> bool {
        self.relay_connected
            && self.consumer_connected
            && !self.relay_blocked
            && !self.waits_for_database
    }
}

/// The loops write it, health answers read it.
#[derive(Default)]
pub(crate) struct Board {
    pub(crate) relay_connected: Flag,
    pub(crate) relay_blocked: Flag,
    pub(crate) consumer_connected: Flag,
    pub(crate) waits_for_database: Flag,
    last_error: Mutex<Option<String>>,
}

/// A yes or no that several tasks see.
#[derive(Default)]
pub(crate) struct Flag(AtomicBool);

impl Flag {
    /// Sets the flag; answers whether that changed it.
    pub(crate) fn set(&self, value: bool) -> bool {
        self.0.swap(value, Ordering::Relaxed) != value
    }

    pub(crate) fn get(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl Board {
    pub(crate) fn failed(&self, error: String) {
        *self.last_error.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
    }

    pub(crate) fn read(&self) -> Health {
        let health = Health {
            relay_connected: self.relay_connected.get(),
            relay_blocked: self.relay_blocked.get(),
            consumer_connected: self.consumer_connected.get(),
            waits_for_database: self.waits_for_database.get(),
            last_error: None,
        };
        if health.is_well() {
            return health;
        }
        let last_error = self.last_error.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Health { last_error, ..health }
    }
}
