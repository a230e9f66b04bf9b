//! Passing a large body on while it comes, counting it (`reliability.md` E25).

use std::io;

use actix_web::http::StatusCode;
use actix_web::web;
use bytes::Bytes;
use konveksi_web::Problem;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use crate::edge::body;

/// Parts of a body that may wait between client and service.
const WAITING_PARTS: usize = 8;

/// The end that the client's body is put into, and the body the service gets.
pub(super) struct Pipe {
    parts: mpsc::Sender<Result<Bytes, io::Error>>,
}

impl Pipe {
    pub(super) fn new() -> (Pipe, reqwest::Body) {
        let (parts, receiver) = mpsc::channel(WAITING_PARTS);
        (Pipe { parts }, reqwest::Body::wrap_stream(ReceiverStream::new(receiver)))
    }

    /// Moves `payload` through, at most `limit` bytes. Ends early, without an error, when the
    /// service stops listening: it has answered already.
    ///
    /// # Errors
    /// 413, 408, 400; the service's request breaks off too.
    pub(super) async fn fill(
        self,
        payload: Option<web::Payload>,
        limit: usize,
    ) -> Result<(), Problem> {
        let Some(mut payload) = payload else { return Ok(()) };
        let mut moved = 0_usize;
        while let Some(part) = body::next_part(&mut payload).await {
            let part = match part {
                Ok(part) if moved + part.len() <= limit => part,
                Ok(_beyond) => {
                    return self.break_off(Problem::of_status(StatusCode::PAYLOAD_TOO_LARGE)).await;
                }
                Err(problem) => return self.break_off(problem).await,
            };
            moved += part.len();
            if self.parts.send(Ok(part)).await.is_err() {
                return Ok(());
            }
        }
        Ok(())
    }

    async fn break_off(self, problem: Problem) -> Result<(), Problem> {
        // Without the error the service would take the part it got for the whole.
        if self.parts.send(Err(io::Error::other("the client's body was refused"))).await.is_err() {
            tracing::debug!("the service had stopped listening");
        }
        Err(problem)
    }
}
