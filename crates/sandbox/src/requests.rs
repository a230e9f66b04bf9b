//! What the providers' APIs were asked, for tests and for a look. Headers are not kept, so no
//! key or token is.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

use crate::lock::locked;
use crate::switches::Api;

/// How many requests are remembered.
const KEPT: usize = 2_000;

/// How far a request got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestState {
    /// The caller waits for its answer.
    InFlight,
    /// Answered.
    Finished,
    /// The caller went away before its answer.
    Abandoned,
}

/// One request to a provider's API.
#[derive(Debug, Clone, Serialize)]
pub struct RecordedRequest {
    /// Counts up from 1.
    pub id: u64,
    /// What was asked for.
    pub api: Api,
    /// HTTP method.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// The body as JSON (a form becomes an object); null when there is none.
    pub body: Value,
    /// When it came.
    pub received_at: DateTime<Utc>,
    /// How far it got.
    pub state: RequestState,
    /// Status of the answer, once there is one.
    pub status: Option<u16>,
}

/// The last requests of one sandbox.
#[derive(Debug, Clone, Default)]
pub(crate) struct RequestLog {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Debug, Default)]
struct Inner {
    last_id: u64,
    requests: VecDeque<RecordedRequest>,
}

/// What is known of a request when it arrives.
#[derive(Debug)]
pub(crate) struct Arrival {
    /// What is asked for.
    pub(crate) api: Api,
    /// HTTP method.
    pub(crate) method: String,
    /// Path and query.
    pub(crate) path: String,
    /// The body as JSON.
    pub(crate) body: Value,
    /// When it came.
    pub(crate) received_at: DateTime<Utc>,
}

impl RequestLog {
    /// Notes a request; dropping the answer's guard before it is finished means the caller left.
    pub(crate) fn begin(&self, arrival: Arrival) -> InFlight {
        let mut inner = locked(&self.inner);
        inner.last_id += 1;
        let id = inner.last_id;
        inner.requests.push_back(RecordedRequest {
            id,
            api: arrival.api,
            method: arrival.method,
            path: arrival.path,
            body: arrival.body,
            received_at: arrival.received_at,
            state: RequestState::InFlight,
            status: None,
        });
        if inner.requests.len() > KEPT {
            inner.requests.pop_front();
        }
        InFlight { log: self.clone(), id, finished: false }
    }

    /// The remembered requests, oldest first.
    pub(crate) fn all(&self) -> Vec<RecordedRequest> {
        locked(&self.inner).requests.iter().cloned().collect()
    }

    /// Forgets them all.
    pub(crate) fn clear(&self) {
        locked(&self.inner).requests.clear();
    }

    fn end(&self, id: u64, state: RequestState, status: Option<u16>) {
        let mut inner = locked(&self.inner);
        if let Some(request) = inner.requests.iter_mut().rev().find(|request| request.id == id) {
            request.state = state;
            request.status = status;
        }
    }
}

/// A request whose caller waits.
#[derive(Debug)]
pub(crate) struct InFlight {
    log: RequestLog,
    id: u64,
    finished: bool,
}

impl InFlight {
    /// Notes the answer.
    pub(crate) fn finish(mut self, status: u16) {
        self.finished = true;
        self.log.end(self.id, RequestState::Finished, Some(status));
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        if !self.finished {
            self.log.end(self.id, RequestState::Abandoned, None);
        }
    }
}
