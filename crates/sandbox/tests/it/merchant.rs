//! A merchant's webhook: keeps what it is told and answers as the test wants.

use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use serde_json::Value;

/// One callback as it came.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    /// Its `X-CALLBACK-TOKEN`.
    pub(crate) token: String,
    /// Its `webhook-id`.
    pub(crate) webhook_id: String,
    /// Its body.
    pub(crate) body: Value,
}

#[derive(Default)]
struct State {
    told: Vec<Told>,
    refusals_left: u32,
    now_open: u32,
    most_open: u32,
}

/// The running webhook; dropping it closes its port.
pub(crate) struct Merchant {
    state: Arc<Mutex<State>>,
    url: String,
    server: actix_web::dev::ServerHandle,
}

impl Merchant {
    /// Listens on a free port and answers 200.
    pub(crate) fn open() -> Merchant {
        Merchant::open_at(TcpListener::bind("127.0.0.1:0").unwrap())
    }

    /// Listens on this one.
    pub(crate) fn open_at(listener: TcpListener) -> Merchant {
        let url = format!("http://{}/webhook", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State::default()));
        let data = web::Data::from(state.clone());
        let server = HttpServer::new(move || {
            App::new().app_data(data.clone()).route("/webhook", web::post().to(hear))
        })
        .workers(1)
        .disable_signals()
        .listen(listener)
        .unwrap()
        .run();
        let handle = server.handle();
        tokio::spawn(server);
        Merchant { state, url, server: handle }
    }

    /// Where it listens.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Answers the next `count` callbacks with 500.
    pub(crate) fn refuse(&self, count: u32) {
        self.state.lock().unwrap().refusals_left = count;
    }

    /// What it was told, refused ones included.
    pub(crate) fn told(&self) -> Vec<Told> {
        self.state.lock().unwrap().told.clone()
    }

    /// The statuses it was told, in order.
    pub(crate) fn statuses(&self) -> Vec<String> {
        self.told().iter().map(|told| told.body["status"].as_str().unwrap().to_owned()).collect()
    }

    /// How many callbacks were open at the same time at most.
    pub(crate) fn most_open(&self) -> u32 {
        self.state.lock().unwrap().most_open
    }
}

impl Drop for Merchant {
    fn drop(&mut self) {
        drop(self.server.stop(false));
    }
}

async fn hear(
    state: web::Data<Mutex<State>>,
    request: HttpRequest,
    body: web::Json<Value>,
) -> HttpResponse {
    let header = |name: &str| request.headers().get(name).unwrap().to_str().unwrap().to_owned();
    let told = Told {
        token: header("x-callback-token"),
        webhook_id: header("webhook-id"),
        body: body.into_inner(),
    };
    let status = {
        let mut state = state.lock().unwrap();
        state.told.push(told);
        state.now_open += 1;
        state.most_open = state.most_open.max(state.now_open);
        let refused = state.refusals_left > 0;
        state.refusals_left = state.refusals_left.saturating_sub(1);
        if refused { StatusCode::INTERNAL_SERVER_ERROR } else { StatusCode::OK }
    };
    // Pace: long enough for copies sent at the same time to meet here.
    tokio::time::sleep(Duration::from_millis(20)).await;
    state.lock().unwrap().now_open -= 1;
    HttpResponse::build(status).finish()
}
