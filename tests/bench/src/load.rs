//! Clients: a few that each wait for their answer (closed), or calls at a steady rate whatever
//! the answers do (open).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::figures::{Samples, rate};

/// Calls that may be under way at once; a system that falls behind further than this is not
/// keeping up anyway.
const UNDER_WAY: usize = 2_000;
/// How long the last calls may take once no new ones are made.
const LAST_ANSWERS: Duration = Duration::from_secs(30);

/// What came of a load.
#[derive(Debug)]
pub(crate) struct Outcome<T> {
    /// Latencies of the calls that succeeded, each from its own sending.
    pub(crate) samples: Samples,
    /// What they answered.
    pub(crate) answers: Vec<T>,
    /// How often which error.
    pub(crate) errors: BTreeMap<String, u64>,
    /// Calls that were due and not made, because too many were under way.
    pub(crate) skipped: u64,
    /// From the first call to the last answer.
    pub(crate) lasted: Duration,
}

impl<T> Outcome<T> {
    fn new() -> Outcome<T> {
        Outcome {
            samples: Samples::default(),
            answers: Vec::new(),
            errors: BTreeMap::new(),
            skipped: 0,
            lasted: Duration::ZERO,
        }
    }

    fn note(&mut self, call: (Duration, Result<T>)) {
        match call {
            (took, Ok(answer)) => {
                self.samples.add(took);
                self.answers.push(answer);
            }
            (_, Err(error)) => *self.errors.entry(format!("{error:#}")).or_default() += 1,
        }
    }

    fn absorb(&mut self, other: Outcome<T>) {
        self.samples.append(other.samples);
        self.answers.extend(other.answers);
        for (error, count) in other.errors {
            *self.errors.entry(error).or_default() += count;
        }
    }

    /// Successes a second, in tenths.
    pub(crate) fn rate(&self) -> u64 {
        rate(self.samples.count(), self.lasted)
    }

    /// How many calls failed.
    pub(crate) fn failed(&self) -> u64 {
        self.errors.values().sum()
    }

    /// Stops the measurement when a call failed: a figure over errors means nothing.
    pub(crate) fn insist(self, what: &str) -> Result<Outcome<T>> {
        if let Some((error, count)) = self.errors.iter().max_by_key(|(_, count)| **count) {
            bail!("{what}: {} calls failed, {count} of them: {error}", self.failed());
        }
        Ok(self)
    }
}

/// How many callers wait for their answers, and when they stop.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Closed {
    /// Callers, each with one call at a time.
    pub(crate) clients: usize,
    /// How long they begin new calls.
    pub(crate) lasting: Duration,
    /// The most calls all of them make together.
    pub(crate) most: u64,
}

impl Closed {
    /// Callers that are bounded by time alone.
    pub(crate) const fn lasting(clients: usize, lasting: Duration) -> Closed {
        Closed { clients, lasting, most: u64::MAX }
    }

    /// One caller that calls `most` times.
    pub(crate) const fn alone(most: u64) -> Closed {
        Closed { clients: 1, lasting: Duration::from_secs(30), most }
    }
}

/// Calls as `how` says. `call` gets a running number.
pub(crate) async fn closed<T, F, Fut>(how: Closed, call: F) -> Outcome<T>
where
    T: Send + 'static,
    F: Fn(u64) -> Fut + Clone + Send + 'static,
    Fut: Future<Output = Result<T>> + Send,
{
    let began = Instant::now();
    let number = Arc::new(AtomicU64::new(0));
    let mut callers = JoinSet::new();
    for _ in 0..how.clients {
        let (call, number) = (call.clone(), number.clone());
        callers.spawn(async move {
            let mut own = Outcome::new();
            while began.elapsed() < how.lasting {
                let number = number.fetch_add(1, Ordering::Relaxed);
                if number >= how.most {
                    break;
                }
                own.note(timed(call(number)).await);
            }
            own
        });
    }
    let mut all = Outcome::new();
    while let Some(own) = callers.join_next().await {
        match own {
            Ok(own) => all.absorb(own),
            Err(error) => *all.errors.entry(error.to_string()).or_default() += 1,
        }
    }
    all.lasted = began.elapsed();
    all
}

/// One call every `1 / per_second` for `lasting`, however long answers take.
pub(crate) async fn open<T, F, Fut>(per_second: u32, lasting: Duration, call: F) -> Outcome<T>
where
    T: Send + 'static,
    F: Fn(u64) -> Fut,
    Fut: Future<Output = Result<T>> + Send + 'static,
{
    let mut all = Outcome::new();
    let mut under_way = JoinSet::new();
    let mut ticks = interval(Duration::from_secs(1) / per_second.max(1));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let began = Instant::now();
    let mut number = 0;
    while began.elapsed() < lasting {
        ticks.tick().await;
        while let Some(done) = under_way.try_join_next() {
            note_joined(&mut all, done);
        }
        if under_way.len() >= UNDER_WAY {
            all.skipped += 1;
        } else {
            under_way.spawn(timed(call(number)));
            number += 1;
        }
    }
    let last = async {
        while let Some(done) = under_way.join_next().await {
            note_joined(&mut all, done);
        }
    };
    if timeout(LAST_ANSWERS, last).await.is_err() {
        let missing = u64::try_from(under_way.len()).unwrap_or(u64::MAX);
        *all.errors.entry("no answer in time".to_owned()).or_default() += missing;
    }
    all.lasted = began.elapsed();
    all
}

type Joined<T> = Result<(Duration, Result<T>), tokio::task::JoinError>;

fn note_joined<T>(all: &mut Outcome<T>, done: Joined<T>) {
    match done {
        Ok(call) => all.note(call),
        Err(error) => *all.errors.entry(error.to_string()).or_default() += 1,
    }
}

async fn timed<T>(call: impl Future<Output = Result<T>>) -> (Duration, Result<T>) {
    let began = Instant::now();
    let answer = call.await;
    (began.elapsed(), answer)
}

/// Lets `pause` pass.
pub(crate) async fn rest(pause: Duration) {
    let mut ticks = interval(pause);
    ticks.tick().await;
    ticks.tick().await;
}
