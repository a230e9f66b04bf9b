//! The service as a process of its own that dies at named points (`src/kill.rs`) and is started
//! again. The process is this test program itself, running [`the_service`] alone.

use std::io::Read as _;
use std::os::unix::process::ExitStatusExt as _;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::{DateTime, Utc};
use konveksi_kernel::{Clock as _, SteeredClock};
use konveksi_test_support::TestClock;
use konveksi_web::ClockHandle;
use tokio::process::Command;
use tokio_util::sync::CancellationToken;

/// What a process sees when it was ended by `abort`.
const SIGABRT: i32 = 6;
const NOW: &str = "KONVEKSI_TEST_NOW";

/// The n-th time that a point of this name is come by.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Death(pub(crate) &'static str, pub(crate) u64);

/// A service that is started again whenever it dies.
pub(crate) struct Apart {
    port: u16,
    deaths: Arc<AtomicUsize>,
    shutdown: CancellationToken,
}

impl Apart {
    /// Starts it; it will die each of `deaths` in turn.
    pub(crate) fn start(
        mut settings: Vec<(&'static str, String)>,
        clock: Arc<TestClock>,
        deaths: Vec<Death>,
    ) -> Apart {
        let port = {
            let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            listener.local_addr().unwrap().port()
        };
        settings.retain(|(name, _)| *name != "KONVEKSI_PAYMENT_PORT");
        settings.push(("KONVEKSI_PAYMENT_PORT", port.to_string()));
        let apart = Apart { port, deaths: Arc::default(), shutdown: CancellationToken::new() };
        let (died, stop) = (apart.deaths.clone(), apart.shutdown.clone());
        tokio::spawn(async move {
            let mut planned = deaths.into_iter();
            while !stop.is_cancelled() {
                let death = planned.next();
                let mut process = command(&settings, &clock, death).spawn().unwrap();
                // Waiting for the process would close it.
                let _open = process.stdin.take();
                let ended = tokio::select! {
                    ended = process.wait() => ended.unwrap(),
                    // Dropping the process ends it.
                    () = stop.cancelled() => return,
                };
                assert_eq!(ended.signal(), Some(SIGABRT), "the service ended by itself: {ended}");
                assert!(death.is_some(), "the service died where nobody told it to");
                died.fetch_add(1, Ordering::SeqCst);
            }
        });
        apart
    }

    pub(crate) fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn shutdown(&self) -> CancellationToken {
        self.shutdown.clone()
    }

    pub(crate) fn deaths(&self) -> usize {
        self.deaths.load(Ordering::SeqCst)
    }
}

fn command(
    settings: &[(&'static str, String)],
    clock: &TestClock,
    death: Option<Death>,
) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", "support::apart::the_service", "--ignored", "--nocapture"])
        .envs(settings.iter().map(|(name, value)| (*name, value)))
        .env(NOW, clock.now().to_rfc3339())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .kill_on_drop(true);
    if let Some(Death(point, times)) = death {
        command.env("KONVEKSI_KILL_AT", format!("{point}:{times}"));
    }
    command
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "started by others as a process of its own"]
async fn the_service() {
    #[expect(clippy::disallowed_methods, reason = "told by the test that starts this process")]
    let now: DateTime<Utc> = std::env::var(NOW).unwrap().parse().unwrap();
    let clock = Arc::new(SteeredClock::default());
    clock.set(now);
    let shutdown = CancellationToken::new();
    let ended = shutdown.clone();
    std::thread::spawn(move || {
        // Open as long as who started this lives.
        let read = std::io::stdin().read_to_end(&mut Vec::new());
        ended.cancel();
        read.unwrap();
    });
    konveksi_payment::serve(ClockHandle::Steered(clock), shutdown).await.unwrap();
}
