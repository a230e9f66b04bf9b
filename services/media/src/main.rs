//! The media service as a process of its own.

use anyhow::Context as _;
use konveksi_web::{ClockHandle, shutdown_on_signal};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> anyhow::Result<()> {
    let telemetry = konveksi_telemetry::init("media")?;
    // Two TLS libraries are linked by way of dependencies, so rustls cannot choose by itself.
    if rustls::crypto::aws_lc_rs::default_provider().install_default().is_err() {
        tracing::debug!("a TLS provider was installed already");
    }
    let ended = konveksi_media::serve(ClockHandle::System, shutdown_on_signal()?).await;
    tokio::task::spawn_blocking(|| telemetry.shutdown()).await.context("telemetry")?;
    ended
}
