//! What an operator can ask and do: status, dead letters, replay. Everything works on one
//! service's schema, through a connection of that service's role.

mod broker;
mod dead;
mod replay;
mod status;

pub use broker::{broker_dead_count, broker_dead_requeue};
pub use dead::{DeadLetter, Side, Which, dead_list, dead_requeue};
pub use replay::{ReplayError, ReplayFilter, replay};
pub use status::{Figures, status};
