//! The sandbox as a process of its own.

use konveksi_web::{ClockHandle, shutdown_on_signal};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let telemetry = konveksi_telemetry::init("sandbox")?;
    let served = konveksi_sandbox::serve(ClockHandle::System, shutdown_on_signal()?).await;
    tokio::task::spawn_blocking(move || telemetry.shutdown()).await?;
    served
}
