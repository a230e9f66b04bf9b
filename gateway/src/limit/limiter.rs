//! Admits calls, by Redis while it answers and by this gateway's own counts while it does not.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use konveksi_cache::Cache;
use konveksi_kernel::Clock;

use super::local::LocalCounts;
use super::policy::{LimitClass, Limits, Policy, wrong_callbacks};
use super::shared::SharedCounts;
use super::told::Told;
use super::window::Standing;
use crate::identity::Caller;

/// Failures in a row after which Redis is left alone for [`PAUSE`].
const FAILURES: u32 = 3;
const PAUSE: Duration = Duration::from_secs(2);

/// Whether a call may go on, and what its caller is told.
pub(crate) struct Admission {
    pub(crate) admitted: bool,
    /// Absent when the call is not counted at all.
    pub(crate) told: Option<Told>,
}

#[derive(Default)]
struct Breaker {
    failures: u32,
    shut_until: Option<Instant>,
}

/// Admits calls.
pub(crate) struct Limiter {
    limits: Limits,
    clock: Arc<dyn Clock>,
    shared: SharedCounts,
    local: LocalCounts,
    breaker: Mutex<Breaker>,
}

impl Limiter {
    pub(crate) fn new(
        limits: Limits,
        clock: Arc<dyn Clock>,
        cache: Cache,
        prefix: String,
    ) -> Limiter {
        Limiter {
            limits,
            clock,
            shared: SharedCounts::new(cache, prefix),
            local: LocalCounts::default(),
            breaker: Mutex::new(Breaker::default()),
        }
    }

    /// Counts a call of `class`, if there is room.
    pub(crate) async fn admit(&self, class: LimitClass, caller: &Caller, ip: IpAddr) -> Admission {
        let policies = self.limits.policies(class, caller, ip);
        if policies.is_empty() {
            return Admission { admitted: true, told: None };
        }
        self.admit_on(&policies).await
    }

    /// Counts a callback whose token was wrong; the right ones are never counted.
    pub(crate) async fn admit_wrong_callback(&self, ip: IpAddr) -> Admission {
        self.admit_on(&[wrong_callbacks(ip)]).await
    }

    async fn admit_on(&self, policies: &[Policy]) -> Admission {
        let (standings, now) = if let Some(answer) = self.ask_redis(policies).await {
            answer
        } else {
            let now = self.clock.now().timestamp();
            (self.local.admit(policies, now), now)
        };
        Admission {
            admitted: standings.iter().all(|standing| standing.admits),
            told: Told::of(policies, &standings, now),
        }
    }

    async fn ask_redis(&self, policies: &[Policy]) -> Option<(Vec<Standing>, i64)> {
        if self.is_shut() {
            return None;
        }
        match self.shared.admit(policies).await {
            Ok(counted) => {
                *self.locked() = Breaker::default();
                if counted.standings.iter().all(|standing| standing.admits) {
                    self.local.note(policies, self.clock.now().timestamp());
                }
                Some((counted.standings, counted.now))
            }
            Err(error) => {
                self.failed(&error);
                None
            }
        }
    }

    fn is_shut(&self) -> bool {
        self.locked().shut_until.is_some_and(|until| Instant::now() < until)
    }

    fn failed(&self, error: &konveksi_cache::CacheError) {
        let mut breaker = self.locked();
        breaker.failures += 1;
        if breaker.failures >= FAILURES {
            if breaker.shut_until.is_none() {
                tracing::warn!(%error, "Redis is away; limits are counted by this gateway alone");
            }
            breaker.shut_until = Some(Instant::now() + PAUSE);
            // The next call after the pause tries once; its failure shuts at once again.
            breaker.failures = FAILURES - 1;
        }
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, Breaker> {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
