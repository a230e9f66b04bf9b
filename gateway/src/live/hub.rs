//! Who listens, to what, and how far behind they are.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::mpsc;

use super::Feed;

/// Sockets at once.
const MOST: usize = 12_000;
/// Sockets of one user or, on public paths, of one address.
const MOST_EACH: usize = 10;
/// Frames a slow reader may be behind before its socket is closed.
const BEHIND: usize = 256;
/// Orders one socket may watch.
const WATCHES: usize = 50;

struct Client {
    feed: Feed,
    owner: String,
    frames: mpsc::Sender<String>,
    /// Codes of the orders a public socket follows.
    watches: HashSet<String>,
    fell_behind: Arc<AtomicBool>,
}

/// All sockets of this gateway.
#[derive(Default)]
pub(crate) struct Hub {
    clients: Mutex<HashMap<u64, Client>>,
    last: AtomicU64,
}

/// A place in the hub, given back when dropped.
pub(super) struct Membership {
    hub: Arc<Hub>,
    id: u64,
    /// What the socket is to send; ends when the hub lets it go.
    pub(super) frames: mpsc::Receiver<String>,
    fell_behind: Arc<AtomicBool>,
}

/// There is no room for another socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Full;

impl Hub {
    /// Takes a socket in.
    pub(super) fn join(self: &Arc<Self>, feed: Feed, owner: String) -> Result<Membership, Full> {
        let (sender, frames) = mpsc::channel(BEHIND);
        let fell_behind = Arc::new(AtomicBool::new(false));
        let mut clients = self.locked();
        let own = clients.values().filter(|client| client.owner == owner).count();
        if clients.len() >= MOST || own >= MOST_EACH {
            return Err(Full);
        }
        let id = self.last.fetch_add(1, Ordering::Relaxed);
        let watches = HashSet::new();
        let fell_behind_too = fell_behind.clone();
        clients.insert(
            id,
            Client { feed, owner, frames: sender, watches, fell_behind: fell_behind_too },
        );
        drop(clients);
        Ok(Membership { hub: self.clone(), id, frames, fell_behind })
    }

    /// Tells everybody for whom `frame` has something, given their feed and what they watch.
    pub(super) fn tell(&self, frame: impl Fn(Feed, &HashSet<String>) -> Option<Arc<str>>) {
        self.locked().retain(|_, client| {
            let Some(frame) = frame(client.feed, &client.watches) else { return true };
            let sent = client.frames.try_send((*frame).to_owned()).is_ok();
            if !sent {
                client.fell_behind.store(true, Ordering::Relaxed);
            }
            sent
        });
    }

    /// Whether any socket satisfies `wanted`.
    pub(super) fn any(&self, wanted: impl Fn(Feed) -> bool) -> bool {
        self.locked().values().any(|client| wanted(client.feed))
    }

    /// Whether anybody listens at all.
    pub(super) fn is_empty(&self) -> bool {
        self.locked().is_empty()
    }

    /// Lets everybody go: this gateway stops.
    pub(crate) fn dismiss(&self) {
        self.locked().clear();
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, HashMap<u64, Client>> {
        self.clients.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Membership {
    /// Whether the hub let this socket go because it read too slowly.
    pub(super) fn fell_behind(&self) -> bool {
        self.fell_behind.load(Ordering::Relaxed)
    }

    /// Follows an order; false when it follows too many already.
    pub(super) fn watch(&self, order_code: &str) -> bool {
        let mut clients = self.hub.locked();
        let Some(client) = clients.get_mut(&self.id) else { return false };
        let room = client.watches.len() < WATCHES || client.watches.contains(order_code);
        if room {
            client.watches.insert(order_code.to_owned());
        }
        room
    }

    /// Follows an order no more.
    pub(super) fn unwatch(&self, order_code: &str) {
        if let Some(client) = self.hub.locked().get_mut(&self.id) {
            client.watches.remove(order_code);
        }
    }
}

impl Drop for Membership {
    fn drop(&mut self) {
        self.hub.locked().remove(&self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_reader_is_let_go_and_others_are_not() {
        let hub = Arc::new(Hub::default());
        let slow = hub.join(Feed::AdminOrders, "user-1".to_owned()).unwrap();
        let mut quick = hub.join(Feed::AdminOrders, "user-2".to_owned()).unwrap();
        for _ in 0..=BEHIND {
            hub.tell(|_, _| Some(Arc::from("x")));
            assert!(quick.frames.try_recv().is_ok());
        }
        assert!(slow.fell_behind() && !quick.fell_behind());
        assert_eq!(hub.locked().len(), 1);
    }

    #[test]
    fn each_user_has_ten_places_and_gets_them_back() {
        let hub = Arc::new(Hub::default());
        let join = || hub.join(Feed::Orders, "user-1".to_owned());
        let held: Vec<_> = (0..MOST_EACH).map(|_| join().unwrap()).collect();
        assert_eq!(join().err(), Some(Full));
        assert!(hub.join(Feed::Orders, "user-2".to_owned()).is_ok());
        drop(held);
        assert!(join().is_ok());
    }

    #[test]
    fn public_sockets_hear_only_what_they_watch() {
        let hub = Arc::new(Hub::default());
        let mut socket = hub.join(Feed::Tracking, "1.2.3.4".to_owned()).unwrap();
        assert!(socket.watch("ORD-1"));
        let tell = |code: &str| {
            hub.tell(|_, watches| watches.contains(code).then(|| Arc::from(code)));
        };
        tell("ORD-2");
        assert!(socket.frames.try_recv().is_err());
        tell("ORD-1");
        assert_eq!(socket.frames.try_recv().unwrap(), "ORD-1");
        socket.unwatch("ORD-1");
        tell("ORD-1");
        assert!(socket.frames.try_recv().is_err());
    }
}
