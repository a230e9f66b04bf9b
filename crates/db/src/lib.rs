//! One service's own PostgreSQL: pool, transaction, migrations and the errors that matter.
//!
//! Knows no table. Each service connects with its own role, whose `search_path` is the service's
//! schema, so that SQL names tables without a schema and cannot see another's.

mod error;
mod kept;
mod migrate;
mod pool;
mod transaction;

pub use error::DbError;
pub use kept::{KeepPlan, Kept, PlanKept, kept};
pub use migrate::{MigrateError, Plan, migrate};
pub use pool::{Pool, PooledConnection};
pub use transaction::{hold_name, transaction, with_lock_timeout};

/// The connection every store function takes.
pub type Connection = diesel_async::AsyncPgConnection;
