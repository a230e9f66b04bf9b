//! `customer.changed.v1`: the name beside an invoice; blank once the person is erased.

use konveksi_contracts::v1::CustomerChanged;
use konveksi_db::Connection;
use konveksi_eventing::{HandlerFuture, Received};

use super::{failed, read};
use crate::app::App;
use crate::app::hear_customer::{erase_customer, hear_customer};

pub(super) fn handle<'a>(
    _app: &'a App,
    tx: &'a mut Connection,
    event: &'a Received<CustomerChanged>,
) -> HandlerFuture<'a> {
    Box::pin(async move {
        let message = &event.message;
        let customer = read::id(&message.customer_id, "the customer's id")?;
        let name = if message.erased { "" } else { message.name.as_str() };
        hear_customer(tx, customer, event.version, name).await.map_err(failed)?;
        if message.erased {
            erase_customer(tx, customer).await.map_err(failed)?;
        }
        Ok(())
    })
}
