//! Publishing a batch and waiting for the broker's word on each message.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use futures_util::future::join_all;
use lapin::options::BasicPublishOptions;
use lapin::{Confirmation, PublisherConfirm};
use tokio::time::timeout;
use uuid::Uuid;

use crate::amqp::link::Link;
use crate::amqp::message::properties;
use crate::envelope::Envelope;
use crate::topology::EVENTS;

/// How long the broker has to confirm a batch; after it the link counts as lost.
const CONFIRM_WITHIN: Duration = Duration::from_secs(5);

/// The broker's word on one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Word {
    /// Kept on disk by every queue that hears it.
    Confirmed,
    /// No queue and no alternate exchange would have it; it is nowhere.
    Returned(String),
    /// The broker could not keep it, as when a queue is full.
    Nacked,
    /// No word came: the link broke or the deadline passed.
    Unknown(String),
}

/// Publishes `events`, persistent and mandatory; answers the broker's word on each by event id.
/// If any is [`Word::Unknown`] the link must not be used again.
pub(crate) async fn publish(link: &Link, events: &[Envelope]) -> HashMap<Uuid, Word> {
    let work = async {
        // Polled in order, so the messages leave in the order of the outbox.
        let sent = join_all(events.iter().map(|event| send(link, event))).await;
        join_all(sent.into_iter().map(confirmed)).await
    };
    match timeout(CONFIRM_WITHIN, work).await {
        Ok(answers) => words(events, answers),
        Err(_elapsed) => {
            let silence = Word::Unknown("no confirm within 5 s".to_owned());
            events.iter().map(|event| (event.attributes.id.as_uuid(), silence.clone())).collect()
        }
    }
}

async fn send(link: &Link, event: &Envelope) -> lapin::Result<PublisherConfirm> {
    link.channel()
        .basic_publish(
            EVENTS.into(),
            event.attributes.event_type.as_str().into(),
            BasicPublishOptions { mandatory: true, immediate: false },
            &event.body,
            properties(&event.attributes),
        )
        .await
}

async fn confirmed(sent: lapin::Result<PublisherConfirm>) -> lapin::Result<Confirmation> {
    sent?.await
}

/// Turns answers, in the order of `events`, into words by id.
///
/// A returned message is confirmed as well. The client hands it out with whichever confirm
/// comes next, so it is matched by its own id, not by the confirm it came with.
fn words(events: &[Envelope], answers: Vec<lapin::Result<Confirmation>>) -> HashMap<Uuid, Word> {
    let mut words = HashMap::with_capacity(events.len());
    let mut returned = HashMap::new();
    for (event, answer) in events.iter().zip(answers) {
        let word = match &answer {
            Ok(Confirmation::Ack(_)) => Word::Confirmed,
            Ok(Confirmation::Nack(_)) => Word::Nacked,
            Ok(Confirmation::NotRequested) => Word::Unknown("confirms are off".to_owned()),
            Err(error) => Word::Unknown(error.to_string()),
        };
        words.insert(event.attributes.id.as_uuid(), word);
        if let Some(message) = answer.ok().and_then(Confirmation::take_message)
            && let Some(id) = message_id(&message.delivery)
        {
            returned.insert(id, message.reply_text.to_string());
        }
    }
    let known: HashSet<Uuid> = words.keys().copied().collect();
    for (id, reason) in returned.into_iter().filter(|(id, _)| known.contains(id)) {
        words.insert(id, Word::Returned(reason));
    }
    words
}

fn message_id(message: &lapin::message::Delivery) -> Option<Uuid> {
    message.properties.message_id().as_ref()?.as_str().parse().ok()
}
