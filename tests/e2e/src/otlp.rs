//! A receiver of traces of our own: OTLP over HTTP with protobuf bodies.

use std::sync::{Arc, Mutex, PoisonError};

use actix_web::{App, HttpResponse, HttpServer, web};
use anyhow::{Context as _, Result};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use prost::Message as _;

/// One span as it was exported.
#[derive(Debug, Clone)]
pub struct SeenSpan {
    /// The process it came from.
    pub service: String,
    /// Its name.
    pub name: String,
    /// Its trace, in hex.
    pub trace_id: String,
    /// Its own id and its parent's, in hex; the parent is empty for a root.
    pub span_id: String,
    /// Empty for a root.
    pub parent_id: String,
}

type Seen = Arc<Mutex<Vec<SeenSpan>>>;

/// Listens on a free port until dropped.
pub struct Receiver {
    seen: Seen,
    /// What to set `OTEL_EXPORTER_OTLP_ENDPOINT` to.
    pub endpoint: String,
    handle: actix_web::dev::ServerHandle,
}

impl Receiver {
    /// Starts listening.
    ///
    /// # Errors
    /// When no port can be had.
    pub fn start() -> Result<Receiver> {
        let seen = Seen::default();
        let data = seen.clone();
        let server = HttpServer::new(move || {
            App::new()
                .app_data(web::Data::new(data.clone()))
                .app_data(web::PayloadConfig::new(16 << 20))
                .route("/v1/traces", web::post().to(take))
                .default_service(web::to(HttpResponse::Ok))
        })
        .workers(1)
        .disable_signals()
        .bind(("127.0.0.1", 0))?;
        let addr = server.addrs().first().copied().context("nothing was bound")?;
        let running = server.run();
        let handle = running.handle();
        tokio::spawn(running);
        Ok(Receiver { seen, endpoint: format!("http://{addr}"), handle })
    }

    /// Every span so far.
    pub fn spans(&self) -> Vec<SeenSpan> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
    }
}

async fn take(seen: web::Data<Seen>, body: web::Bytes) -> HttpResponse {
    let Ok(request) = ExportTraceServiceRequest::decode(body) else {
        return HttpResponse::BadRequest().finish();
    };
    let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
    for resource in request.resource_spans {
        let attributes = resource.resource.map(|resource| resource.attributes).unwrap_or_default();
        let service = attributes
            .iter()
            .find(|attribute| attribute.key == "service.name")
            .map(|attribute| format!("{:?}", attribute.value))
            .unwrap_or_default();
        for span in resource.scope_spans.into_iter().flat_map(|scope| scope.spans) {
            seen.push(SeenSpan {
                service: service.clone(),
                name: span.name,
                trace_id: hex::encode(&span.trace_id),
                span_id: hex::encode(&span.span_id),
                parent_id: hex::encode(&span.parent_span_id),
            });
        }
    }
    HttpResponse::Ok().content_type("application/x-protobuf").finish()
}
