//! One call on its way through the edge.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::{HttpRequest, web};
use konveksi_identity::Identity;
use uuid::Uuid;

use super::Edge;
use crate::error::Stop;
use crate::forward::Context;
use crate::identity::Caller;
use crate::routes::Route;

/// A call that was matched, identified and admitted; handlers consume it.
pub(crate) struct Call {
    pub(crate) edge: Arc<Edge>,
    pub(crate) route: &'static Route,
    /// The path as services know it.
    pub(crate) path: String,
    /// What stands in the pattern's `{…}`, in order.
    pub(crate) parameters: Vec<String>,
    pub(crate) request: HttpRequest,
    /// The body, until a handler takes it.
    pub(crate) payload: Option<web::Payload>,
    pub(crate) caller: Caller,
    pub(crate) client_ip: IpAddr,
    pub(crate) request_id: String,
    /// When the call must be answered.
    pub(crate) deadline: Instant,
}

impl Call {
    /// What goes along with every call to a service on behalf of this one.
    pub(crate) fn context(&self) -> Context {
        Context {
            identity: self.caller.identity(),
            request_id: self.request_id.clone(),
            deadline: self.deadline,
            long_read: self.route.long_read(),
            public_url: self.edge.public_url(&self.request),
            idempotency_key: self.header("idempotency-key").map(str::to_owned),
        }
    }

    /// The same, speaking for the system itself: for reads that the caller has no right to but
    /// the composed answer needs.
    pub(crate) fn system_context(&self) -> Context {
        Context { identity: Identity::system(), ..self.context() }
    }

    /// A header's value, if it is plain text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.request.headers().get(name).and_then(|value| value.to_str().ok())
    }

    /// The `index`th parameter of the path; empty when the pattern has fewer.
    pub(crate) fn parameter(&self, index: usize) -> &str {
        self.parameters.get(index).map_or("", String::as_str)
    }

    /// The `index`th parameter as an id; what is no UUID names nothing, so it is a 404.
    pub(crate) fn id(&self, index: usize) -> Result<Uuid, Stop> {
        Uuid::try_parse(self.parameter(index)).map_err(|_text| {
            konveksi_web::Problem::of_status(actix_web::http::StatusCode::NOT_FOUND).into()
        })
    }

    /// A value of the query, decoded; the first one when it is there twice.
    pub(crate) fn query(&self, name: &str) -> Option<String> {
        url::form_urlencoded::parse(self.request.query_string().as_bytes())
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    }

    /// How long there is left to answer.
    pub(crate) fn time_left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }
}
