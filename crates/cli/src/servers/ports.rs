//! Choosing ports: the usual one, or the next free one.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::net::{Ipv4Addr, Ipv6Addr, TcpListener};
use std::sync::{Mutex, PoisonError};

use anyhow::{Result, bail};

/// Hands out free loopback ports and never the same one twice.
#[derive(Debug, Default)]
pub(crate) struct Ports {
    given: Mutex<BTreeSet<u16>>,
}

impl Ports {
    /// Any free port.
    ///
    /// # Errors
    /// When the machine has none left.
    pub(crate) fn any(&self) -> Result<u16> {
        let found = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        self.next_free(found)
    }

    /// `preferred` if it is free, else the next free one after it. One that we gave before was lost
    /// to somebody who starts at the same moment and would try the same ones in turn: then any.
    ///
    /// # Errors
    /// When none of the next thousand is free.
    pub(crate) fn choose(&self, preferred: u16) -> Result<u16> {
        let is_lost =
            self.given.lock().unwrap_or_else(PoisonError::into_inner).contains(&preferred);
        if is_lost { self.any() } else { self.next_free(preferred) }
    }

    fn next_free(&self, preferred: u16) -> Result<u16> {
        let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        for port in preferred..=preferred.saturating_add(1000) {
            if !given.contains(&port) && is_free(port) {
                given.insert(port);
                return Ok(port);
            }
        }
        bail!("no free port from {preferred} to {}", preferred.saturating_add(1000))
    }
}

/// Whether nobody listens on this port of either loopback address.
pub(crate) fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
        && match TcpListener::bind((Ipv6Addr::LOCALHOST, port)) {
            Ok(_) => true,
            // A machine without IPv6 has nobody there either.
            Err(error) => error.kind() != ErrorKind::AddrInUse,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_passed_over() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let ports = Ports::default();
        let chosen = ports.choose(port).unwrap();
        assert_ne!(chosen, port);
        assert_ne!(ports.choose(chosen).unwrap(), chosen, "a port is given once");
    }
}
