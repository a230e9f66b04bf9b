//! What we hear. Every order event carries the whole order and its version, so all of them end in
//! the same reckoning, in whatever order they come.

mod on_customer_changed;
mod on_media_judged;
mod on_order_changed;
mod on_order_created;
mod on_order_deleted;
mod on_order_production_changed;
mod read;

use konveksi_contracts::v1::{
    CustomerChanged, MediaRejected, MediaStored, OrderCancelled, OrderCreated, OrderDeleted,
    OrderProductionChanged, OrderStatusChanged, OrderUpdated,
};
use konveksi_eventing::{HandlerError, Handlers};

use crate::app::{App, AppError};

/// Every event heard here, with its handler; workers are woken for the links they ask for.
pub(crate) fn handlers() -> Handlers<App> {
    Handlers::new()
        .on::<CustomerChanged>(on_customer_changed::handle)
        .on::<OrderCreated>(on_order_created::handle)
        .on::<OrderUpdated>(on_order_changed::handle::<OrderUpdated>)
        .on::<OrderStatusChanged>(on_order_changed::handle::<OrderStatusChanged>)
        .on::<OrderCancelled>(on_order_changed::handle::<OrderCancelled>)
        .on::<OrderDeleted>(on_order_deleted::handle)
        .on::<OrderProductionChanged>(on_order_production_changed::handle)
        .on::<MediaStored>(on_media_judged::stored)
        .on::<MediaRejected>(on_media_judged::rejected)
        .after_commit(|app| app.work.links())
}

/// A database that is away is waited for; a rule that refuses will refuse again.
fn failed(error: AppError) -> HandlerError {
    match error {
        AppError::Db(error) => HandlerError::Db(error),
        other => HandlerError::Refuse(other.to_string()),
    }
}
