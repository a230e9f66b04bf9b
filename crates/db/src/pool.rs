//! The pool of one service's connections.

use std::time::Duration;

use deadpool::managed::{Hook, HookError, Object, QueueMode};
use diesel_async::pooled_connection::deadpool::Pool as DieselPool;
use diesel_async::pooled_connection::{
    AsyncDieselConnectionManager, ManagerConfig, PoolError, RecyclingMethod,
};
use diesel_async::{
    AsyncConnection as _, AsyncPgConnection, RunQueryDsl as _, SimpleAsyncConnection as _,
};

use crate::{Connection, DbError};

/// One connection, given back to the pool when dropped. A connection dropped inside an open
/// transaction is closed, which rolls it back.
pub type PooledConnection = Object<AsyncDieselConnectionManager<AsyncPgConnection>>;

/// How long a caller waits for a free or new connection before [`DbError::Unavailable`].
const WAIT: Duration = Duration::from_secs(5);

/// A connection that was used this recently is handed out unasked: asking first costs every
/// transaction a round trip. One that broke meanwhile answers [`DbError::Unavailable`], once.
const TRUSTED: Duration = Duration::from_secs(1);

/// Who waits for a lock tries later instead; a session that does nothing within a transaction is
/// ended, so that a frozen process gives its rows free.
const LIMITS: &str = "SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = '15s'";

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
        let mut config = ManagerConfig::default();
        config.recycling_method = RecyclingMethod::Fast;
        config.custom_setup = Box::new(|url| {
            Box::pin(async move {
                let mut conn = AsyncPgConnection::establish(url).await?;
                conn.batch_execute(LIMITS)
                    .await
                    .map_err(diesel::ConnectionError::CouldntSetupConfiguration)?;
                Ok(conn)
            })
        });
        let manager =
            AsyncDieselConnectionManager::<AsyncPgConnection>::new_with_config(url, config);
        let alive = Hook::async_fn(|conn: &mut Connection, metrics| {
            Box::pin(async move {
                if metrics.last_used() < TRUSTED {
                    return Ok(());
                }
                let asked = diesel::sql_query("SELECT 1").execute(conn).await;
                asked.map(drop).map_err(|error| HookError::Backend(PoolError::QueryError(error)))
            })
        });
        DieselPool::builder(manager)
            .max_size(size)
            .wait_timeout(Some(WAIT))
            .create_timeout(Some(WAIT))
            .recycle_timeout(Some(WAIT))
            .queue_mode(QueueMode::Lifo)
            .pre_recycle(alive)
            .runtime(deadpool::Runtime::Tokio1)
            .build()
            .map(Pool)
            .map_err(|error| DbError::Unavailable(Box::new(error)))
    }

    /// A connection of this service's role. Its statements wait 10 s for a lock at most
    /// ([`crate::with_lock_timeout`] says otherwise for a transaction), and a transaction that does
    /// nothing for 15 s is ended.
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
