//! What a service does with each event it hears.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;

use konveksi_contracts::EventMessage;
use konveksi_db::{Connection, DbError};
use thiserror::Error;

use crate::envelope::{Envelope, EnvelopeError, Received};

/// What a handler answers, boxed because handlers of many types share one table.
pub type HandlerFuture<'a> = Pin<Box<dyn Future<Output = Result<(), HandlerError>> + Send + 'a>>;

/// A handler: applies one event within the transaction that notes it as heard. It does nothing
/// that cannot be rolled back.
pub type Handler<App, E> =
    for<'a> fn(&'a App, &'a mut Connection, &'a Received<E>) -> HandlerFuture<'a>;

/// Why an event could not be applied.
#[derive(Debug, Error)]
pub enum HandlerError {
    /// Not now: try again on the schedule 5 s, 30 s, 2 min, 10 min, 1 h, 1 h, 1 h, then park it.
    #[error("later: {0}")]
    Retry(String),
    /// Never: a rule that cannot change refuses it. It is parked at once.
    #[error("refused: {0}")]
    Refuse(String),
    /// The database did not do what the handler asked.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// The events a service hears, each with its handler.
pub struct Handlers<App> {
    table: HashMap<&'static str, Box<dyn Reads<App>>>,
    after_commit: Vec<fn(&App)>,
}

impl<App> Default for Handlers<App> {
    fn default() -> Self {
        Handlers { table: HashMap::new(), after_commit: Vec::new() }
    }
}

impl<App: Send + Sync + 'static> Handlers<App> {
    /// Hears nothing yet.
    pub fn new() -> Handlers<App> {
        Handlers::default()
    }

    /// Hears `E` with `handler`; the last one given counts.
    #[must_use]
    pub fn on<E: EventMessage>(mut self, handler: Handler<App, E>) -> Handlers<App> {
        self.table.insert(E::TYPE, Box::new(Typed { handler }));
        self
    }

    /// Calls `hook` after each transaction in which events had an effect, so that the service's
    /// own workers look for what is new. It must not block.
    #[must_use]
    pub fn after_commit(mut self, hook: fn(&App)) -> Handlers<App> {
        self.after_commit.push(hook);
        self
    }

    /// The types heard, in no order.
    pub fn types(&self) -> impl Iterator<Item = &'static str> {
        self.table.keys().copied()
    }

    /// Makes `envelope` ready to be applied; `None` when nobody here hears its type.
    pub(crate) fn read<'h>(
        &'h self,
        envelope: &Envelope,
    ) -> Option<Result<Box<dyn Apply<App> + 'h>, EnvelopeError>> {
        Some(self.table.get(envelope.attributes.event_type.as_str())?.read(envelope))
    }

    pub(crate) fn committed(&self, app: &App) {
        for hook in &self.after_commit {
            hook(app);
        }
    }
}

/// A handler whose event type is forgotten: reads an envelope.
trait Reads<App>: Send + Sync {
    fn read(&self, envelope: &Envelope) -> Result<Box<dyn Apply<App>>, EnvelopeError>;
}

/// An event that was read and can be applied, several times if need be.
pub(crate) trait Apply<App>: Send + Sync {
    fn apply<'a>(&'a self, app: &'a App, tx: &'a mut Connection) -> HandlerFuture<'a>;
}

struct Typed<App, E> {
    handler: Handler<App, E>,
}

impl<App: Send + Sync + 'static, E: EventMessage> Reads<App> for Typed<App, E> {
    fn read(&self, envelope: &Envelope) -> Result<Box<dyn Apply<App>>, EnvelopeError> {
        Ok(Box::new(Ready { handler: self.handler, event: envelope.decode::<E>()? }))
    }
}

struct Ready<App, E> {
    handler: Handler<App, E>,
    event: Received<E>,
}

impl<App: Send + Sync + 'static, E: EventMessage> Apply<App> for Ready<App, E> {
    fn apply<'a>(&'a self, app: &'a App, tx: &'a mut Connection) -> HandlerFuture<'a> {
        (self.handler)(app, tx, &self.event)
    }
}
