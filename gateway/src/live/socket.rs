//! One socket's life: frames out, wishes in, a ping now and then, and an end with a reason.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_ws::{AggregatedMessage, CloseCode, CloseReason, MessageStream, Session};
use futures_util::StreamExt as _;
use serde_json::json;
use tokio::time::{MissedTickBehavior, interval, timeout};

use super::hub::Membership;
use super::{Feed, frames, wishes};
use crate::edge::Edge;
use crate::identity::Staff;

/// How often we ask whether the client is still there.
const PING: Duration = Duration::from_secs(20);
/// A client that says nothing at all for so long is gone.
const SILENT: Duration = Duration::from_mins(1);
/// How often a staff member's session is looked at again.
const RECHECK: Duration = Duration::from_mins(1);
/// How long one frame may take to leave.
const WRITE: Duration = Duration::from_secs(10);
/// The largest message a client may send.
const LARGEST_BYTES: usize = 16 * 1024;

/// A socket that was taken in.
pub(super) struct Socket {
    pub(super) edge: Arc<Edge>,
    pub(super) feed: Feed,
    pub(super) staff: Option<Staff>,
    pub(super) client_ip: IpAddr,
    pub(super) membership: Membership,
    pub(super) session: Session,
}

/// Why a socket ends.
pub(super) enum End {
    /// The client said goodbye or is gone.
    Gone,
    /// We close it, with this code and reason.
    Close(u16, &'static str),
}

impl Socket {
    /// Sends one frame.
    pub(super) async fn send(&mut self, frame: String) -> Result<(), End> {
        match timeout(WRITE, self.session.text(frame)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_closed)) => Err(End::Gone),
            Err(_elapsed) => Err(End::Close(u16::from(CloseCode::Again), "too slow")),
        }
    }

    pub(super) const fn access_level(&self) -> &'static str {
        if self.staff.is_some() { "authenticated" } else { "public" }
    }

    async fn greet(&mut self) -> Result<(), End> {
        let payload = frames::object([
            ("message", json!("Tersambung.")),
            ("access_level", json!(self.access_level())),
            ("authenticated", json!(self.staff.is_some())),
        ]);
        let frame = frames::frame("connection_established", payload, self.edge.clock.now());
        self.send(frame).await
    }

    /// Whether a staff member's session still lives; what is not known now counts as living.
    async fn still_allowed(&self) -> bool {
        match &self.staff {
            None => true,
            Some(staff) => self.edge.sessions.is_living(staff.session.id).await.unwrap_or(true),
        }
    }
}

/// Serves a socket to its end. `own_order` is the code a socket is about by its path.
pub(super) async fn run(mut socket: Socket, messages: MessageStream, own_order: Option<String>) {
    let end = serve(&mut socket, messages, own_order).await;
    let Socket { session, .. } = socket;
    if let End::Close(code, reason) = end {
        let reason =
            CloseReason { code: CloseCode::from(code), description: Some(reason.to_owned()) };
        if timeout(WRITE, session.close(Some(reason))).await.is_err() {
            tracing::debug!("the client did not take the reason");
        }
    }
}

async fn serve(socket: &mut Socket, messages: MessageStream, own_order: Option<String>) -> End {
    match until_end(socket, messages, own_order).await {
        Ok(()) => End::Gone,
        Err(end) => end,
    }
}

async fn until_end(
    socket: &mut Socket,
    messages: MessageStream,
    own_order: Option<String>,
) -> Result<(), End> {
    let mut messages = messages
        .max_frame_size(LARGEST_BYTES)
        .aggregate_continuations()
        .max_continuation_size(LARGEST_BYTES);
    socket.greet().await?;
    wishes::begin(socket, own_order).await?;
    let (mut pings, mut rechecks) = (interval(PING), interval(RECHECK));
    rechecks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    rechecks.reset();
    let mut heard_at = Instant::now();
    loop {
        tokio::select! {
            frame = socket.membership.frames.recv() => match frame {
                Some(frame) => socket.send(frame).await?,
                None if socket.membership.fell_behind() => {
                    return Err(End::Close(u16::from(CloseCode::Again), "too slow"));
                }
                None => return Err(End::Close(u16::from(CloseCode::Away), "restarting")),
            },
            message = messages.next() => {
                heard_at = Instant::now();
                match message {
                    Some(Ok(AggregatedMessage::Text(text))) => wishes::take(socket, &text).await?,
                    Some(Ok(AggregatedMessage::Ping(bytes))) => {
                        socket.session.pong(&bytes).await.map_err(|_closed| End::Gone)?;
                    }
                    Some(Ok(AggregatedMessage::Pong(_))) => {}
                    Some(Ok(AggregatedMessage::Binary(_))) => {
                        return Err(End::Close(u16::from(CloseCode::Unsupported), "text only"));
                    }
                    Some(Ok(AggregatedMessage::Close(_))) => {
                        return Err(End::Close(u16::from(CloseCode::Normal), "goodbye"));
                    }
                    Some(Err(_protocol)) => {
                        return Err(End::Close(u16::from(CloseCode::Protocol), "protocol error"));
                    }
                    None => return Ok(()),
                }
            },
            _ = pings.tick() => {
                if heard_at.elapsed() > SILENT {
                    return Ok(());
                }
                socket.session.ping(b"").await.map_err(|_closed| End::Gone)?;
            },
            _ = rechecks.tick() => {
                if !socket.still_allowed().await {
                    return Err(End::Close(4_401, "the session has ended"));
                }
            },
        }
    }
}
