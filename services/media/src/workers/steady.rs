//! A piece of work done again and again, whatever becomes of it.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::app::AppError;

/// Does `work` at once and then `every` so often, until `shutdown`. A failure is logged and tried
/// again the next time.
pub(super) async fn run<F, Fut>(
    name: &'static str,
    every: Duration,
    shutdown: CancellationToken,
    work: F,
) where
    F: Fn() -> Fut,
    Fut: Future<Output = Result<usize, AppError>>,
{
    loop {
        let done = tokio::select! {
            () = shutdown.cancelled() => return,
            done = work() => done,
        };
        match done {
            Ok(0) => {}
            Ok(files) => tracing::info!(worker = name, files, "files were looked after"),
            Err(error) => tracing::warn!(
                worker = name,
                error = %konveksi_web::error_chain(&error),
                "files could not be looked after, trying again later"
            ),
        }
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(every) => {}
        }
    }
}
