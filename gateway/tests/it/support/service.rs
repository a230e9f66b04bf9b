//! A service as the gateway sees one: it answers what a test tells it to, believes only what the
//! gateway signed, and remembers what it was asked.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use actix_web::http::StatusCode;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use konveksi_identity::{Identity, IdentityVerifier};
use konveksi_test_support::eventually;
use serde_json::{Value, json};

/// One call as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) method: String,
    /// Path and query.
    pub(crate) target: String,
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: Vec<u8>,
    /// Who calls, as far as the statement holds for this service.
    pub(crate) identity: Option<Identity>,
}

impl Seen {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }
}

/// What is answered.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn json(status: u16, body: &Value) -> Reply {
        Reply {
            status,
            headers: vec![("content-type", "application/json".to_owned())],
            body: body.to_string().into_bytes(),
        }
    }

    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Reply {
        self.headers.push((name, value.to_owned()));
        self
    }
}

#[derive(Default)]
struct State {
    replies: Mutex<Vec<(String, Reply)>>,
    seen: Mutex<Vec<Seen>>,
}

/// A running service.
pub(crate) struct Service {
    name: &'static str,
    address: String,
    state: Arc<State>,
    handle: actix_web::dev::ServerHandle,
}

impl Service {
    pub(crate) fn start(name: &'static str, verifier: IdentityVerifier) -> Service {
        let state = Arc::new(State::default());
        let shared = (web::Data::from(state.clone()), web::Data::new(verifier));
        let server = HttpServer::new(move || {
            App::new()
                .app_data(shared.0.clone())
                .app_data(shared.1.clone())
                .app_data(web::PayloadConfig::new(64 * 1024 * 1024))
                .default_service(web::to(answer))
        })
        .workers(1)
        // A connection that was kept would outlive the service for a moment.
        .keep_alive(actix_web::http::KeepAlive::Disabled)
        .disable_signals()
        .shutdown_timeout(0)
        .bind(("127.0.0.1", 0))
        .unwrap();
        let address = format!("http://{}", server.addrs()[0]);
        let server = server.run();
        let handle = server.handle();
        tokio::spawn(server);
        Service { name, address, state, handle }
    }

    pub(crate) fn url(&self) -> String {
        self.address.clone()
    }

    /// Answers calls whose `METHOD path` begins with `call` this way from now on; what was said
    /// last wins. Without one, a call is answered 200 and `{}`.
    pub(crate) fn on(&self, call: &str, reply: Reply) {
        self.state.replies.lock().unwrap().push((call.to_owned(), reply));
    }

    /// As [`Service::on`] with a JSON body.
    pub(crate) fn on_json(&self, call: &str, status: u16, body: &Value) {
        self.on(call, Reply::json(status, body));
    }

    /// The calls that came in, oldest first.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.state.seen.lock().unwrap().clone()
    }

    /// The calls whose `METHOD path` begins with `call`.
    pub(crate) fn seen_on(&self, call: &str) -> Vec<Seen> {
        let fits = |seen: &Seen| format!("{} {}", seen.method, seen.target).starts_with(call);
        self.seen().into_iter().filter(fits).collect()
    }

    /// The only call.
    pub(crate) fn only_call(&self) -> Seen {
        let seen = self.seen();
        assert_eq!(seen.len(), 1, "{} was called: {seen:?}", self.name);
        seen[0].clone()
    }

    /// Dies; nobody listens any more when this returns.
    pub(crate) async fn stop(&self) {
        self.handle.stop(false).await;
        let address = self.address.trim_start_matches("http://");
        eventually(super::SOON, async || {
            tokio::net::TcpStream::connect(address).await.is_err().then_some(())
        })
        .await;
    }
}

async fn answer(
    state: web::Data<State>,
    verifier: web::Data<IdentityVerifier>,
    request: HttpRequest,
    body: web::Bytes,
) -> HttpResponse {
    let header = |name: &str| {
        request.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
    };
    let identity = header(konveksi_identity::HEADER).and_then(|said| verifier.verify(&said).ok());
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    let headers = request
        .headers()
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or("").to_owned()))
        .collect();
    let call = format!("{} {target}", request.method());
    let believed = identity.is_some();
    state.seen.lock().unwrap().push(Seen {
        method: request.method().to_string(),
        target: target.to_owned(),
        headers,
        body: body.to_vec(),
        identity,
    });
    if !believed {
        return HttpResponse::Unauthorized().json(json!({ "error": "who are you" }));
    }
    let replies = state.replies.lock().unwrap();
    let reply = replies.iter().rev().find(|(wanted, _)| call.starts_with(wanted));
    let reply = reply.map_or_else(|| Reply::json(200, &json!({})), |(_, reply)| reply.clone());
    drop(replies);
    let mut response = HttpResponse::build(StatusCode::from_u16(reply.status).unwrap());
    for (name, value) in reply.headers {
        response.insert_header((name, value));
    }
    response.body(reply.body)
}
