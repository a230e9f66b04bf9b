//! The one event that carries a person (`settled.md` 15).

use chrono::{DateTime, Utc};
use konveksi_contracts::v1::CustomerChanged;
use konveksi_db::{Connection, DbError};
use konveksi_eventing::Envelope;
use konveksi_eventing::outbox::{self, Subject};

use crate::domain::customer::Customer;

/// Tells that a customer is new or has changed.
pub(crate) async fn customer_changed(
    tx: &mut Connection,
    now: DateTime<Utc>,
    customer: &Customer,
) -> Result<Envelope, DbError> {
    tell(tx, now, customer, customer, String::new()).await
}

/// Tells that `taken` became part of `keeps`: under the old id, what is true of the one that stays,
/// so that whoever still holds the old id reaches the right person.
pub(crate) async fn customer_merged(
    tx: &mut Connection,
    now: DateTime<Utc>,
    taken: &Customer,
    keeps: &Customer,
) -> Result<Envelope, DbError> {
    tell(tx, now, taken, keeps, keeps.id.to_string()).await
}

async fn tell(
    tx: &mut Connection,
    now: DateTime<Utc>,
    about: &Customer,
    person: &Customer,
    merged_into: String,
) -> Result<Envelope, DbError> {
    let subject = Subject { kind: "customer", id: about.id.as_uuid(), version: about.version };
    let message = CustomerChanged {
        customer_id: about.id.to_string(),
        name: person.name.clone(),
        phone: person.phone.clone().unwrap_or_default(),
        email: person.email.clone().unwrap_or_default(),
        erased: false,
        merged_into,
    };
    outbox::append(tx, now, subject, &message).await
}
