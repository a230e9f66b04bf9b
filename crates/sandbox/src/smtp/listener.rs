//! Takes connections until the sandbox stops.

use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::session::Session;
use crate::world::World;

/// A conversation that takes longer than this is cut.
const LONGEST_CONVERSATION: Duration = Duration::from_mins(10);

/// Serves mail clients until `shutdown`.
pub(crate) async fn listen(listener: TcpListener, world: Arc<World>, shutdown: CancellationToken) {
    loop {
        let accepted = tokio::select! {
            () = shutdown.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        let stream = match accepted {
            Ok((stream, _peer)) => stream,
            Err(error) => {
                // Usually too many open files; trying again at once would only spin.
                tracing::warn!(%error, "a mail connection could not be taken");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let (world, shutdown) = (world.clone(), shutdown.clone());
        tokio::spawn(async move {
            let conversation =
                tokio::time::timeout(LONGEST_CONVERSATION, Session::new(stream, &world).converse());
            tokio::select! {
                () = shutdown.cancelled() => {}
                ended = conversation => match ended {
                    Ok(Ok(())) => {}
                    Ok(Err(error)) => tracing::debug!(%error, "a mail conversation broke off"),
                    Err(_elapsed) => tracing::debug!("a mail conversation took too long"),
                }
            }
        });
    }
}
