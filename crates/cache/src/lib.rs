//! Redis: a pool that fails fast, one scheme of keys, and a lifetime on every write.
//!
//! Redis is never the truth here: callers treat every error as a miss and go on
//! (`design.md` rule 12).

mod read_through;

use std::time::Duration;

pub use read_through::{Found, ReadThrough};

pub use deadpool_redis::redis::Script;
use deadpool_redis::redis::{self, AsyncTypedCommands as _, FromRedisValue};
use deadpool_redis::{Config, Connection, Pool, Runtime};
use thiserror::Error;

/// A cache that cannot be used right now.
#[derive(Debug, Error)]
pub enum CacheError {
    /// The URL is not one of Redis.
    #[error("the Redis URL is not valid")]
    Url(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// No answer within the budget.
    #[error("Redis did not answer in time")]
    Slow,
    /// No connection.
    #[error("Redis cannot be reached")]
    Unreachable(#[source] deadpool_redis::PoolError),
    /// The command failed.
    #[error("a Redis command failed")]
    Command(#[from] redis::RedisError),
}

/// `konveksi:<service>:<thing>:<id>`.
pub fn key(service: &str, thing: &str, id: &str) -> String {
    format!("konveksi:{service}:{thing}:{id}")
}

/// Redis for one process; cheap to clone.
#[derive(Clone)]
pub struct Cache {
    pool: Pool,
    budget: Duration,
}

impl Cache {
    /// A pool of at most `size` connections; every call gives up after `budget`. Connects when
    /// first used.
    ///
    /// # Errors
    /// [`CacheError::Url`].
    pub fn new(url: &str, size: usize, budget: Duration) -> Result<Cache, CacheError> {
        let pool = Config::from_url(url)
            .builder()
            .map_err(|error| CacheError::Url(Box::new(error)))?
            .max_size(size)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(budget))
            .create_timeout(Some(budget))
            .recycle_timeout(Some(budget))
            .build()
            .map_err(|error| CacheError::Url(Box::new(error)))?;
        Ok(Cache { pool, budget })
    }

    /// The text under `key`, if it is there and has not ended.
    ///
    /// # Errors
    /// [`CacheError`] other than `Url`.
    pub async fn get(&self, key: &str) -> Result<Option<String>, CacheError> {
        self.within(async |redis| redis.get(key).await).await
    }

    /// Keeps `value` under `key` for `lifetime` (at least a second).
    ///
    /// # Errors
    /// [`CacheError`] other than `Url`.
    pub async fn put(&self, key: &str, value: &str, lifetime: Duration) -> Result<(), CacheError> {
        let seconds = lifetime.as_secs().max(1);
        self.within(async |redis| redis.set_ex(key, value, seconds).await).await
    }

    /// Forgets `key`.
    ///
    /// # Errors
    /// [`CacheError`] other than `Url`.
    pub async fn forget(&self, key: &str) -> Result<(), CacheError> {
        self.within(async |redis| redis.del(key).await.map(|_count| ())).await
    }

    /// Puts `value` under `key` for `lifetime` if nothing is there; answers whether it did.
    ///
    /// # Errors
    /// [`CacheError`] other than `Url`.
    pub async fn claim(
        &self,
        key: &str,
        value: &str,
        lifetime: Duration,
    ) -> Result<bool, CacheError> {
        let milliseconds = u64::try_from(lifetime.as_millis()).unwrap_or(u64::MAX).max(1);
        let mut command = redis::cmd("SET");
        command.arg(key).arg(value).arg("NX").arg("PX").arg(milliseconds);
        let set: Option<String> =
            self.within(async |redis| command.query_async(redis).await).await?;
        Ok(set.is_some())
    }

    /// Runs a Lua script, which must set a lifetime on all it writes.
    ///
    /// # Errors
    /// [`CacheError`] other than `Url`.
    pub async fn run<T: FromRedisValue>(
        &self,
        script: &Script,
        keys: &[&str],
        arguments: &[i64],
    ) -> Result<T, CacheError> {
        let mut invocation = script.prepare_invoke();
        for key in keys {
            invocation.key(*key);
        }
        for argument in arguments {
            invocation.arg(*argument);
        }
        self.within(async |redis| invocation.invoke_async(redis).await).await
    }

    /// Whether Redis answers.
    pub async fn is_up(&self) -> bool {
        self.within(async |redis| redis::cmd("PING").exec_async(redis).await).await.is_ok()
    }

    async fn within<T, F>(&self, work: F) -> Result<T, CacheError>
    where
        F: AsyncFnOnce(&mut Connection) -> redis::RedisResult<T>,
    {
        let call = async {
            let mut connection = self.pool.get().await.map_err(CacheError::Unreachable)?;
            work(&mut connection).await.map_err(CacheError::Command)
        };
        // A call cut off here drops its connection's answer; the multiplexed client sorts that out.
        tokio::time::timeout(self.budget, call).await.unwrap_or(Err(CacheError::Slow))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_say_whose_they_are() {
        assert_eq!(key("order", "list", "v7"), "konveksi:order:list:v7");
    }

    #[tokio::test]
    async fn a_redis_that_is_away_costs_no_more_than_the_budget() {
        let cache = Cache::new("redis://127.0.0.1:1/", 2, Duration::from_millis(200)).unwrap();
        assert!(cache.get("konveksi:test:thing:1").await.is_err());
        assert!(!cache.is_up().await);
    }
}
