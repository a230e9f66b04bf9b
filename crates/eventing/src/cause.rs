//! What caused the work of the current task, so that the events it tells can say so.
//!
//! Carried by the task and not by arguments: a use case does not know whether an HTTP call or an
//! event set it off, and should not have to.

use konveksi_kernel::EventId;
use uuid::Uuid;

/// What set the current work off.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cause {
    /// The event being handled.
    pub(crate) causation: Option<EventId>,
    /// The first event of the chain.
    pub(crate) correlation: Option<Uuid>,
    /// Who acts, such as `staff:7`.
    pub(crate) actor: Option<String>,
}

tokio::task_local! {
    static CAUSE: Cause;
}

impl Cause {
    /// The cause of the current task; empty outside of any.
    pub(crate) fn current() -> Cause {
        CAUSE.try_with(Clone::clone).unwrap_or_default()
    }

    /// Runs `work` with this cause.
    pub(crate) async fn scope<F: Future>(self, work: F) -> F::Output {
        CAUSE.scope(self, work).await
    }
}

/// Runs `work` on behalf of `actor` (`staff:7`, `system`; never a name or an address): events
/// appended meanwhile carry it.
pub async fn acting_as<F: Future>(actor: impl Into<String>, work: F) -> F::Output {
    let cause = Cause { actor: Some(actor.into()), ..Cause::current() };
    cause.scope(work).await
}
