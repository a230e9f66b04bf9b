//! Envelopes survive the express header, and what is not one is refused.

use konveksi_contracts::v1::{OrderCreated, OrderDeleted};
use konveksi_kernel::{Clock as _, SystemClock};
use prost::Message as _;

use super::*;

fn order_created() -> Envelope {
    let id = EventId::generate(&SystemClock);
    Envelope {
        attributes: Attributes {
            id,
            event_type: "order.created.v1".to_owned(),
            producer: "order".to_owned(),
            subject_kind: "order".to_owned(),
            subject: id.as_uuid(),
            version: 1,
            occurred_at: SystemClock.now(),
            correlation: id.as_uuid(),
            causation: None,
            actor: Some("staff:7".to_owned()),
            trace: TraceContext::default(),
        },
        body: OrderCreated { notify: true, ..OrderCreated::default() }.encode_to_vec(),
    }
}

#[test]
fn a_list_of_events_survives_the_express_header() {
    let events = vec![order_created(), order_created()];
    let packed = Envelope::encode_all(&events);
    assert!(packed.is_ascii());
    assert_eq!(Envelope::decode_all(&packed).unwrap(), events);
    assert_eq!(Envelope::decode_all("").unwrap(), []);
}

#[test]
fn what_is_not_a_list_of_events_is_refused() {
    for packed in ["%", "bm90IGpzb24=", "e30="] {
        assert!(Envelope::decode_all(packed).is_err(), "{packed}");
    }
}

#[test]
fn the_content_is_read_as_its_own_type_only() {
    let event = order_created();
    assert!(event.decode::<OrderCreated>().unwrap().message.notify);
    assert!(matches!(event.decode::<OrderDeleted>(), Err(EnvelopeError::Type { .. })));
}

#[test]
fn a_broken_body_is_refused() {
    let broken = Envelope { body: vec![0xff; 7], ..order_created() };
    assert!(matches!(broken.decode::<OrderCreated>(), Err(EnvelopeError::Body { .. })));
}
