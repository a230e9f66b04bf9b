//! The one event that carries a person (`settled.md` 15).

use chrono::{DateTime, Utc};
use konveksi_contracts::v1::CustomerChanged;
use konveksi_db::{Connection, DbError};
use konveksi_eventing::Envelope;
use konveksi_eventing::outbox::{self, Subject};

use crate::domain::customer::Customer;

/// Tells that a customer is new or has another name.
pub(crate) async fn customer_changed(
    tx: &mut Connection,
    now: DateTime<Utc>,
    customer: &Customer,
) -> Result<Envelope, DbError> {
    let subject =
        Subject { kind: "customer", id: customer.id.as_uuid(), version: customer.version };
    let message = CustomerChanged {
        customer_id: customer.id.to_string(),
        name: customer.name.clone(),
        phone: customer.phone.clone().unwrap_or_default(),
        email: customer.email.clone().unwrap_or_default(),
        erased: false,
    };
    outbox::append(tx, now, subject, &message).await
}
