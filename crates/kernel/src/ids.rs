//! Typed ids: an order's id can never be passed where an invoice's is meant.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Declares a `UUIDv7` newtype with `generate`, `from_uuid`, `as_uuid`, `Display`, `FromStr` and serde.
#[macro_export]
macro_rules! entity_id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord,
            ::serde::Serialize, ::serde::Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(::uuid::Uuid);

        impl $name {
            /// A new id, ordered by the clock's present millisecond (`UUIDv7`).
            pub fn generate(clock: &dyn $crate::Clock) -> Self {
                Self($crate::ids::uuid_v7_at(clock.now()))
            }

            /// Takes an id that was stored or received.
            pub const fn from_uuid(id: ::uuid::Uuid) -> Self {
                Self(id)
            }

            /// The bare UUID, for storage and the wire.
            pub const fn as_uuid(&self) -> ::uuid::Uuid {
                self.0
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&self.0, f)
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}

entity_id! { /// Names one order, in every service.
OrderId }
entity_id! { /// Names one customer record.
CustomerId }
entity_id! { /// Names one catalogue product.
ProductId }
entity_id! { /// Names one invoice.
InvoiceId }
entity_id! { /// Names one payment that was received.
PaymentId }
entity_id! { /// Names one plan by which an order is paid in parts.
PlanId }
entity_id! { /// Names one part of a plan.
InstallmentId }
entity_id! { /// Names one proof of a transfer.
ProofId }
entity_id! { /// Names one line of the bank's own list.
MutationId }
entity_id! { /// Names one sum of money that waits for its invoice.
UnmatchedId }
entity_id! { /// Names one refund of a payment.
RefundId }
entity_id! { /// Names one balanced set of ledger entries.
TransferId }
entity_id! { /// Names one event, as CloudEvents `id` and AMQP `message_id`.
EventId }
entity_id! { /// Names one message template.
TemplateId }
entity_id! { /// Names one message to one recipient over one channel.
NotificationId }
entity_id! { /// Names one stored file.
FileId }

/// Names one staff user. A whole number, because the public client's user object has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UserId(pub i64);

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// A `UUIDv7` whose time part is `instant`; the rest is random. Instants before 1970 count as 1970.
pub fn uuid_v7_at(instant: chrono::DateTime<chrono::Utc>) -> uuid::Uuid {
    let seconds = u64::try_from(instant.timestamp()).unwrap_or(0);
    let stamp =
        uuid::Timestamp::from_unix(uuid::NoContext, seconds, instant.timestamp_subsec_nanos());
    uuid::Uuid::new_v7(stamp)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SystemClock;

    #[test]
    fn ids_are_version_7_and_differ() {
        let first = OrderId::generate(&SystemClock);
        let second = OrderId::generate(&SystemClock);
        assert_ne!(first, second);
        assert_eq!(first.as_uuid().get_version_num(), 7);
    }

    #[test]
    fn ids_round_trip_through_text_and_json() {
        let id = InvoiceId::generate(&SystemClock);
        assert_eq!(id.to_string().parse::<InvoiceId>().unwrap(), id);
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(serde_json::from_str::<InvoiceId>(&json).unwrap(), id);
    }
}
