//! The service as a process of its own that dies at named points (`src/kill.rs`) and is started
//! again. The process is `examples/mortal.rs`.

use std::os::unix::process::ExitStatusExt as _;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use konveksi_kernel::Clock as _;
use konveksi_test_support::TestClock;
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
    // `cargo test` builds examples beside the folder of its tests.
    let this = std::env::current_exe().unwrap();
    let program = this.ancestors().nth(2).unwrap().join("examples/mortal");
    let mut command = Command::new(program);
    command
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
