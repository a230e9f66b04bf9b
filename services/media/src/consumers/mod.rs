//! What we hear.

mod on_order_created;

use konveksi_contracts::v1::OrderCreated;
use konveksi_eventing::Handlers;

use crate::app::App;

/// Every event heard here, with its handler.
pub(crate) fn handlers() -> Handlers<App> {
    Handlers::new().on::<OrderCreated>(on_order_created::handle)
}
