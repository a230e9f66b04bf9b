//! The gateway's own process.

use konveksi_gateway::serve;
use konveksi_web::{ClockHandle, shutdown_on_signal};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    // Another choice cannot have been made before the first line of main.
    if rustls::crypto::aws_lc_rs::default_provider().install_default().is_err() {
        anyhow::bail!("a TLS provider was chosen before us");
    }
    let telemetry = konveksi_telemetry::init("gateway")?;
    let served = serve(ClockHandle::System, shutdown_on_signal()?).await;
    tokio::task::spawn_blocking(move || telemetry.shutdown()).await?;
    served
}
