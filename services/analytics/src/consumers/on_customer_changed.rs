//! `customer.changed.v1`: the name beside an order in the list of recent ones.

use konveksi_contracts::v1::CustomerChanged;
use konveksi_db::Connection;
use konveksi_eventing::{HandlerFuture, Received};

use super::read;
use crate::app::App;
use crate::app::record_customer::record_customer;

pub(super) fn handle<'a>(
    _app: &'a App,
    tx: &'a mut Connection,
    event: &'a Received<CustomerChanged>,
) -> HandlerFuture<'a> {
    Box::pin(async move {
        let message = &event.message;
        let customer = read::id(&message.customer_id, "the customer's id")?;
        let name = if message.erased { "" } else { message.name.as_str() };
        Ok(record_customer(tx, customer, event.version, name).await?)
    })
}
