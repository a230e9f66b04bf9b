//! The service under a clock of its own, for tests that let it die (`tests/it/support/apart.rs`): it
//! begins at `KONVEKSI_TEST_NOW` and ends when nobody holds its standard input open any more.

use std::io::Read as _;
use std::sync::Arc;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use konveksi_kernel::SteeredClock;
use konveksi_web::ClockHandle;
use tokio_util::sync::CancellationToken;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> anyhow::Result<()> {
    #[expect(clippy::disallowed_methods, reason = "told by the test that starts this process")]
    let now: DateTime<Utc> =
        std::env::var("KONVEKSI_TEST_NOW").context("KONVEKSI_TEST_NOW is missing")?.parse()?;
    let clock = Arc::new(SteeredClock::default());
    clock.set(now);
    let shutdown = CancellationToken::new();
    let ended = shutdown.clone();
    std::thread::spawn(move || {
        // Whether it ends or breaks, whoever started this is gone.
        drop(std::io::stdin().read_to_end(&mut Vec::new()));
        ended.cancel();
    });
    konveksi_payment::serve(ClockHandle::Steered(clock), shutdown).await
}
