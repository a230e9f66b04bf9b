//! Answers that are computed once and read often.
//!
//! Many who ask for one key at the same time cause one computation: in this process they wait for
//! the same cell, between processes for a claim in Redis. A Redis that is away costs nothing but
//! the sharing. Whether an answer is still right is no question here: the caller's key names the
//! version of what it was made of.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hasher as _};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use konveksi_telemetry::meter;
use opentelemetry::KeyValue;
use opentelemetry::metrics::Counter;
use tokio::sync::OnceCell;

use crate::Cache;

/// How long another process may take before we compute for ourselves.
const CLAIM: Duration = Duration::from_secs(2);
/// How often we look whether it has.
const LOOK: Duration = Duration::from_millis(15);
/// After Redis failed it is left alone for so long: every call would wait for its budget.
const PAUSE: Duration = Duration::from_secs(1);
/// Larger answers are not kept.
const MOST_BYTES: usize = 1024 * 1024;

/// Where an answer came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// Redis had it.
    Cached,
    /// Another caller was computing it already.
    Shared,
    /// It was computed for this caller.
    Computed,
}

/// A cache before computations; cheap to clone.
#[derive(Clone)]
pub struct ReadThrough(Arc<Inner>);

struct Inner {
    cache: Cache,
    /// Before every key: whose they are.
    prefix: String,
    service: KeyValue,
    requests: Counter<u64>,
    flights: Mutex<HashMap<String, Arc<OnceCell<String>>>>,
    /// Redis is not asked before this.
    resting_until: Mutex<Option<Instant>>,
}

impl ReadThrough {
    /// A cache of `service`, whose keys begin with `prefix`. Two systems on one Redis need
    /// different ones.
    pub fn new(cache: Cache, service: &'static str, prefix: &str) -> ReadThrough {
        ReadThrough(Arc::new(Inner {
            cache,
            prefix: prefix.to_owned(),
            service: KeyValue::new("service", service),
            requests: meter("konveksi-cache").u64_counter("cache_requests_total").build(),
            flights: Mutex::default(),
            resting_until: Mutex::default(),
        }))
    }

    /// Whether Redis answers.
    pub async fn is_up(&self) -> bool {
        self.0.cache.is_up().await
    }

    /// The text under (`thing`, `id`), or what `compute` answers, which is then kept for
    /// `lifetime`. `thing` is also the metric's label. The key must name the version of everything
    /// the answer is made of.
    ///
    /// # Errors
    /// Those of `compute`; never one of the cache.
    pub async fn text<E>(
        &self,
        thing: &'static str,
        id: &str,
        lifetime: Duration,
        compute: impl AsyncFnOnce() -> Result<String, E>,
    ) -> Result<(String, Found), E> {
        let key = crate::key(&self.0.prefix, thing, id);
        if let Some(text) = self.look(&key, thing).await {
            self.count(thing, "hit");
            return Ok((text, Found::Cached));
        }
        let cell = self.flight(&key);
        let mut found = Found::Shared;
        let outcome = cell
            .get_or_try_init(async || {
                found = Found::Computed;
                self.lead(&key, thing, lifetime, compute, &mut found).await
            })
            .await
            .cloned();
        self.land(&key, &cell);
        self.count(
            thing,
            match found {
                Found::Cached | Found::Shared => "shared",
                Found::Computed => "miss",
            },
        );
        outcome.map(|text| (text, found))
    }

    /// Computes, unless another process does: then waits for its answer for a while.
    async fn lead<E>(
        &self,
        key: &str,
        thing: &'static str,
        lifetime: Duration,
        compute: impl AsyncFnOnce() -> Result<String, E>,
        found: &mut Found,
    ) -> Result<String, E> {
        let claim = format!("{key}:claim");
        let mine = self.claim(&claim).await;
        // Whoever computed it may have ended between our look and our claim.
        let theirs =
            if mine { self.look(key, thing).await } else { self.wait_for(key, thing).await };
        if let Some(text) = theirs {
            if mine {
                self.release(&claim).await;
            }
            *found = Found::Shared;
            return Ok(text);
        }
        let outcome = compute().await;
        if let Ok(text) = &outcome {
            self.keep(key, text, lifetime).await;
        }
        if mine {
            self.release(&claim).await;
        }
        outcome
    }

    async fn look(&self, key: &str, thing: &'static str) -> Option<String> {
        if self.rests() {
            self.count(thing, "away");
            return None;
        }
        match self.0.cache.get(key).await {
            Ok(Some(stored)) => {
                let text = unsealed(&stored);
                if text.is_none() {
                    self.count(thing, "poisoned");
                }
                text
            }
            Ok(None) => None,
            Err(error) => {
                self.rest(&error);
                self.count(thing, "away");
                None
            }
        }
    }

    /// Whether we are to compute: so also when Redis cannot say.
    async fn claim(&self, claim: &str) -> bool {
        if self.rests() {
            return true;
        }
        match self.0.cache.claim(claim, "1", CLAIM).await {
            Ok(mine) => mine,
            Err(error) => {
                self.rest(&error);
                true
            }
        }
    }

    async fn wait_for(&self, key: &str, thing: &'static str) -> Option<String> {
        let began = Instant::now();
        while began.elapsed() < CLAIM && !self.rests() {
            tokio::time::sleep(LOOK).await;
            if let Some(text) = self.look(key, thing).await {
                return Some(text);
            }
        }
        None
    }

    async fn keep(&self, key: &str, text: &str, lifetime: Duration) {
        if self.rests() || text.len() > MOST_BYTES {
            return;
        }
        if let Err(error) = self.0.cache.put(key, &sealed(text), lifetime).await {
            self.rest(&error);
        }
    }

    async fn release(&self, claim: &str) {
        if self.rests() {
            return;
        }
        // A claim that ended meanwhile may be another's now: then two compute at once, no more.
        if let Err(error) = self.0.cache.forget(claim).await {
            self.rest(&error);
        }
    }

    fn flight(&self, key: &str) -> Arc<OnceCell<String>> {
        let mut flights = self.0.flights.lock().unwrap_or_else(PoisonError::into_inner);
        flights.entry(key.to_owned()).or_default().clone()
    }

    /// Nobody who comes later shares this flight: Redis has its answer, or nobody has.
    fn land(&self, key: &str, cell: &Arc<OnceCell<String>>) {
        let mut flights = self.0.flights.lock().unwrap_or_else(PoisonError::into_inner);
        if flights.get(key).is_some_and(|flying| Arc::ptr_eq(flying, cell)) {
            flights.remove(key);
        }
    }

    fn rests(&self) -> bool {
        let until = self.0.resting_until.lock().unwrap_or_else(PoisonError::into_inner);
        until.is_some_and(|until| Instant::now() < until)
    }

    fn rest(&self, why: &crate::CacheError) {
        tracing::warn!(error = %why, "the cache is left alone for a moment");
        let mut until = self.0.resting_until.lock().unwrap_or_else(PoisonError::into_inner);
        *until = Instant::now().checked_add(PAUSE);
    }

    fn count(&self, thing: &'static str, outcome: &'static str) {
        let labels = [
            self.0.service.clone(),
            KeyValue::new("thing", thing),
            KeyValue::new("outcome", outcome),
        ];
        self.0.requests.add(1, &labels);
    }
}

/// With its sum before it, so that a value that was cut or written by somebody else is a miss.
fn sealed(text: &str) -> String {
    format!("{:016x}{text}", sum(text))
}

fn unsealed(stored: &str) -> Option<String> {
    let (seal, text) = stored.split_at_checked(16)?;
    (u64::from_str_radix(seal, 16).ok()? == sum(text)).then(|| text.to_owned())
}

fn sum(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(text.as_bytes());
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    fn without_redis() -> ReadThrough {
        let cache = Cache::new("redis://127.0.0.1:1/", 2, Duration::from_millis(100)).unwrap();
        ReadThrough::new(cache, "test", "test")
    }

    #[test]
    fn only_what_was_sealed_is_opened() {
        assert_eq!(unsealed(&sealed("{}")).as_deref(), Some("{}"));
        for poison in ["", "short", "{\"count\":1}", "0000000000000000{}", "zzzzzzzzzzzzzzzz{}"] {
            assert_eq!(unsealed(poison), None, "{poison}");
        }
        let mut cut = sealed("a long answer");
        cut.pop();
        assert_eq!(unsealed(&cut), None);
    }

    #[tokio::test]
    async fn without_redis_every_answer_is_computed() {
        let cache = without_redis();
        for _ in 0..2 {
            let answer = cache
                .text("list", "1", Duration::from_mins(1), async || Ok::<_, ()>("x".to_owned()))
                .await;
            assert_eq!(answer, Ok(("x".to_owned(), Found::Computed)));
        }
    }

    #[tokio::test]
    async fn a_hundred_at_once_cause_one_computation() {
        let cache = without_redis();
        let computed = Arc::new(AtomicUsize::new(0));
        let open = Arc::new(tokio::sync::Barrier::new(2));
        let mut asking = tokio::task::JoinSet::new();
        for _ in 0..100 {
            let (cache, computed, open) = (cache.clone(), computed.clone(), open.clone());
            asking.spawn(async move {
                let compute = async || {
                    computed.fetch_add(1, Ordering::SeqCst);
                    open.wait().await;
                    Ok::<_, ()>("x".to_owned())
                };
                cache.text("list", "1", Duration::from_mins(1), compute).await
            });
        }
        // All stand at the same cell once the flight has a hundred owners and the map.
        while cache.0.flights.lock().unwrap().values().any(|cell| Arc::strong_count(cell) < 101)
            || cache.0.flights.lock().unwrap().is_empty()
        {
            tokio::task::yield_now().await;
        }
        open.wait().await;
        for answer in asking.join_all().await {
            assert_eq!(answer.unwrap().0, "x");
        }
        assert_eq!(computed.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn a_failed_computation_is_nobody_elses() {
        let cache = without_redis();
        let failed = cache.text("list", "1", Duration::from_mins(1), async || Err(7)).await;
        assert_eq!(failed, Err(7));
        let answer = cache
            .text("list", "1", Duration::from_mins(1), async || Ok::<_, i32>("x".to_owned()))
            .await;
        assert_eq!(answer, Ok(("x".to_owned(), Found::Computed)));
    }
}
