//! `customer.changed.v1`: keeps who a customer is and how they are reached, or forgets it.

use konveksi_contracts::v1::CustomerChanged;
use konveksi_db::Connection;
use konveksi_eventing::{HandlerFuture, Received};

use super::facts;
use crate::app::{self, App};
use crate::domain::email_address::EmailAddress;
use crate::domain::facts::Contact;
use crate::domain::phone_number::PhoneNumber;

pub(super) fn handle<'a>(
    _app: &'a App,
    tx: &'a mut Connection,
    event: &'a Received<CustomerChanged>,
) -> HandlerFuture<'a> {
    Box::pin(async move {
        let person = &event.message;
        let erased = person.erased;
        let contact = Contact {
            customer_id: facts::id("customer_id", &person.customer_id)?,
            version: event.version,
            name: if erased { String::new() } else { person.name.clone() },
            // An address we cannot read is one we cannot write to; the order service keeps it.
            phone: PhoneNumber::parse(&person.phone).ok().filter(|_| !erased),
            email: EmailAddress::parse(&person.email).ok().filter(|_| !erased),
            erased,
        };
        app::hear_contact(tx, &contact).await?;
        Ok(())
    })
}
