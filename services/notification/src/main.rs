//! The notification service as a process of its own.

use anyhow::Context as _;
use konveksi_web::ClockHandle;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> anyhow::Result<()> {
    rustls::crypto::aws_lc_rs::default_provider()
        .install_default()
        .map_err(|_other| anyhow::anyhow!("a TLS provider was installed already"))?;
    let telemetry = konveksi_telemetry::init("notification")?;
    let shutdown = konveksi_web::shutdown_on_signal()?;
    let outcome = konveksi_notification::serve(ClockHandle::System, shutdown).await;
    tokio::task::spawn_blocking(move || telemetry.shutdown())
        .await
        .context("telemetry could not be flushed")?;
    outcome
}
