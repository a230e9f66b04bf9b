//! The service processes: started, watched, started again when they crash, and ended together.

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use tokio::process::{Child, Command};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::environment::Environment;
use crate::process::{Process, Signal};
use crate::screen;
use crate::servers::launch::open_log;
use crate::state::{ChildState, StateFile};

/// The wait before the first restart; doubled each time up to the most.
const RESTART_AFTER: Duration = Duration::from_secs(1);
const RESTART_AFTER_MAX: Duration = Duration::from_secs(30);
/// A process that lived this long has its earlier crashes forgiven.
const STEADY_AFTER: Duration = Duration::from_mins(1);
/// Longer than a service gives its running requests.
const STOP_WITHIN: Duration = Duration::from_secs(13);

/// How one process is started.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// The service's name.
    pub(crate) name: &'static str,
    /// The program: ourselves.
    pub(crate) program: PathBuf,
    /// Its variables; it sees no others.
    pub(crate) environment: Environment,
    /// Where its output goes.
    pub(crate) log: PathBuf,
    /// The port it was told to listen on.
    pub(crate) port: u16,
}

/// All the processes of a running system.
pub(crate) struct Children {
    watchers: JoinSet<Result<()>>,
    /// While it starts, a process that ends is an error; afterwards it is started again.
    settled: CancellationToken,
    stop: CancellationToken,
    ended_early: mpsc::Receiver<&'static str>,
}

impl Children {
    /// Starts every process.
    pub(crate) fn start(plans: Vec<Plan>, state: &Arc<StateFile>) -> Result<Self> {
        let settled = CancellationToken::new();
        let stop = CancellationToken::new();
        let (tell, ended_early) = mpsc::channel(plans.len().max(1));
        let mut watchers = JoinSet::new();
        for plan in plans {
            let child = spawn(&plan, state)?;
            let watcher = Watcher {
                plan,
                state: Arc::clone(state),
                settled: settled.clone(),
                stop: stop.clone(),
                tell: tell.clone(),
            };
            watchers.spawn(watcher.watch(child));
        }
        Ok(Self { watchers, settled, stop, ended_early })
    }

    /// The name of a process that ended while the system was starting.
    pub(crate) async fn first_ended(&mut self) -> Option<&'static str> {
        self.ended_early.recv().await
    }

    /// From now on a process that ends is started again.
    pub(crate) fn settle(&self) {
        self.settled.cancel();
    }

    /// Ends all of them at the same time.
    pub(crate) async fn stop(mut self) -> Result<()> {
        self.stop.cancel();
        let mut outcome = Ok(());
        while let Some(ended) = self.watchers.join_next().await {
            outcome = outcome.and(ended.context("a watcher was lost").flatten());
        }
        outcome
    }
}

struct Watcher {
    plan: Plan,
    state: Arc<StateFile>,
    settled: CancellationToken,
    stop: CancellationToken,
    tell: mpsc::Sender<&'static str>,
}

impl Watcher {
    async fn watch(self, mut child: Child) -> Result<()> {
        let name = self.plan.name;
        let mut wait = RESTART_AFTER;
        loop {
            let began = Instant::now();
            let status = tokio::select! {
                status = child.wait() => status?,
                () = self.stop.cancelled() => return end(child).await,
            };
            if !self.settled.is_cancelled() {
                // Nobody may be listening any more: then the start has failed already.
                if self.tell.send(name).await.is_err() {
                    return Ok(());
                }
                tokio::select! {
                    () = self.settled.cancelled() => {}
                    () = self.stop.cancelled() => return Ok(()),
                }
            }
            if began.elapsed() >= STEADY_AFTER {
                wait = RESTART_AFTER;
            }
            let seconds = wait.as_secs();
            screen::warning(format!("{name} ended ({status}); starting it again in {seconds} s"));
            tokio::select! {
                () = sleep(wait) => {}
                () = self.stop.cancelled() => return Ok(()),
            }
            wait = (wait * 2).min(RESTART_AFTER_MAX);
            child = spawn(&self.plan, &self.state)?;
            screen::note(format!("{name} runs again"));
        }
    }
}

fn spawn(plan: &Plan, state: &StateFile) -> Result<Child> {
    let output = open_log(&plan.log)?;
    let child = Command::new(&plan.program)
        .args(["serve", plan.name])
        .env_clear()
        .envs(&plan.environment)
        .stdin(Stdio::null())
        .stdout(output.try_clone()?)
        .stderr(output)
        .process_group(0)
        .spawn()
        .with_context(|| format!("cannot start {}", plan.name))?;
    if let Some(process) = child.id().and_then(Process::find) {
        let entry = ChildState { process, port: plan.port, log: plan.log.clone() };
        state.change(|state| {
            state.children.insert(plan.name.to_owned(), entry);
        })?;
    }
    Ok(child)
}

/// Ends one process, and with it whatever it started.
async fn end(mut child: Child) -> Result<()> {
    let Some(process) = child.id().and_then(Process::find) else { return Ok(()) };
    process.signal(Signal::Terminate).await?;
    if tokio::time::timeout(STOP_WITHIN, child.wait()).await.is_err() {
        process.stop(Signal::Kill, Duration::ZERO).await?;
        child.wait().await?;
    }
    Ok(())
}
