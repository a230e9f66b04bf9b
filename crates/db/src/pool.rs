//! The pool of one service's connections.

use std::time::Duration;

use deadpool::managed::{Object, QueueMode};
use diesel_async::AsyncPgConnection;
use diesel_async::pooled_connection::AsyncDieselConnectionManager;
use diesel_async::pooled_connection::deadpool::Pool as DieselPool;

use crate::{Connection, DbError};

/// One connection, given back to the pool when dropped. A connection dropped inside an open
/// transaction is closed, which rolls it back.
pub type PooledConnection = Object<AsyncDieselConnectionManager<AsyncPgConnection>>;

/// How long a caller waits for a free or new connection before [`DbError::Unavailable`].
const WAIT: Duration = Duration::from_secs(5);

/// A pool of connections to one service's schema; cheap to clone.
#[derive(Clone)]
pub struct Pool(DieselPool<Connection>);

impl Pool {
    /// Prepares a pool of at most `size` connections to `url`. Connects when first used, so that
    /// a service may start before its database.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] when the pool cannot be set up at all.
    pub fn new(url: &str, size: usize) -> Result<Pool, DbError> {
        let manager = AsyncDieselConnectionManager::<AsyncPgConnection>::new(url);
        DieselPool::builder(manager)
            .max_size(size)
            .wait_timeout(Some(WAIT))
            .create_timeout(Some(WAIT))
            .recycle_timeout(Some(WAIT))
            .queue_mode(QueueMode::Lifo)
            .runtime(deadpool::Runtime::Tokio1)
            .build()
            .map(Pool)
            .map_err(|error| DbError::Unavailable(Box::new(error)))
    }

    /// A connection of this service's role.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] when none is free within 5 s or the server does not answer.
    pub async fn get(&self) -> Result<PooledConnection, DbError> {
        self.0.get().await.map_err(|error| DbError::Unavailable(Box::new(error)))
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] when it does not.
    pub async fn ping(&self) -> Result<(), DbError> {
        use diesel_async::RunQueryDsl as _;
        let mut conn = self.get().await?;
        diesel::sql_query("SELECT 1").execute(&mut conn).await?;
        Ok(())
    }

    /// Connections in use now, and the most there may be.
    pub fn usage(&self) -> (usize, usize) {
        let status = self.0.status();
        (status.size.saturating_sub(status.available), status.max_size)
    }
}
