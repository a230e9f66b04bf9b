//! `konveksi serve <service>`: one service in this process.

#[cfg(feature = "test-clock")]
use std::sync::Arc;

use anyhow::Result;
#[cfg(feature = "test-clock")]
use konveksi_kernel::SteeredClock;
use konveksi_web::{ClockHandle, shutdown_on_signal};

use crate::services;

/// Runs it until SIGTERM or Ctrl-C.
pub(crate) async fn run(name: &str) -> Result<()> {
    let service = services::named(name)?;
    let telemetry = konveksi_telemetry::init(service.name)?;
    let ended = (service.serve)(clock(), shutdown_on_signal()?).await;
    if let Err(error) = &ended {
        tracing::error!(error = format!("{error:#}"), "the service failed");
    }
    tokio::task::spawn_blocking(move || telemetry.shutdown()).await?;
    ended
}

#[cfg(feature = "test-clock")]
fn clock() -> ClockHandle {
    ClockHandle::Steered(Arc::new(SteeredClock::default()))
}

#[cfg(not(feature = "test-clock"))]
fn clock() -> ClockHandle {
    ClockHandle::System
}
