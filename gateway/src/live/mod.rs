//! Live feeds over WebSocket (`contract.md` section 7): six paths, one hub, one frame form.
//!
//! Order's events come in from the broker, are told to whoever listens, and are kept nowhere: a
//! client that was away fetches afresh. The full order is fetched once an event, and only while
//! staff listen; public sockets see what anybody with the code may see.

mod accept;
mod dashboard;
mod feeder;
mod frames;
mod hub;
mod lookup;
mod news;
mod payments;
mod socket;
mod wishes;
mod words;

pub(crate) use accept::accept;
pub(crate) use feeder::{Inbox, run as feed};
pub(crate) use hub::Hub;

/// What a socket is for; one per path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Feed {
    /// `/ws/admin/orders/`
    AdminOrders,
    /// `/ws/order/tracking/`
    Tracking,
    /// `/ws/admin/dashboard/`
    Dashboard,
    /// `/ws/notifications/`
    Notifications,
    /// `/ws/orders/`
    Orders,
    /// `/ws/orders/{order_code}/`
    OneOrder,
}

impl Feed {
    /// Whether anybody may listen.
    pub(crate) const fn is_public(self) -> bool {
        match self {
            Feed::Tracking | Feed::OneOrder => true,
            Feed::AdminOrders | Feed::Dashboard | Feed::Notifications | Feed::Orders => false,
        }
    }

    /// Whether it shows full orders.
    pub(crate) const fn shows_orders(self) -> bool {
        matches!(self, Feed::AdminOrders | Feed::Orders)
    }

    /// Which staff may listen.
    pub(crate) const fn permission(self) -> konveksi_identity::Permission {
        match self {
            Feed::Dashboard => konveksi_identity::Permission::ReportsRead,
            Feed::AdminOrders
            | Feed::Notifications
            | Feed::Orders
            | Feed::Tracking
            | Feed::OneOrder => konveksi_identity::Permission::OrdersRead,
        }
    }
}
