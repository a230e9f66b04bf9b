//! What services say to each other: the generated types of `proto/` and the name each event has
//! on the broker.
//!
//! `src/gen` is written by `make proto` from `proto/konveksi/events/v1`; a test keeps it in step.

mod events;
mod time;

pub use events::{ALL_TYPES, EventMessage};
pub use time::{from_timestamp, to_timestamp};

/// Version 1 of every event, as generated.
#[expect(
    missing_docs,
    clippy::all,
    clippy::pedantic,
    reason = "generated: the comments are in the proto files"
)]
pub mod v1 {
    include!("gen/konveksi.events.v1.rs");
}
