//! A real server on a free port: who gets in, and what every error looks like.
#![cfg(test)]

use std::sync::Arc;

use actix_web::{HttpResponse, web};
use konveksi_identity::{HEADER, Identity, IdentitySigner, IdentityVerifier, KeyPair, Role};
use konveksi_kernel::{SteeredClock, SystemClock, UserId};
use konveksi_web::{
    Caller, ClockHandle, Json, Path, Probe, Problem, Readiness, Server, ServerSettings, Staff,
    SystemCaller,
};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

struct Running {
    base: String,
    signer: IdentitySigner,
    shutdown: CancellationToken,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.shutdown.cancel();
    }
}

async fn echo(caller: Caller, Json(body): Json<Body>) -> HttpResponse {
    HttpResponse::Ok().json(json!({ "quantity": body.quantity, "sub": caller.0.sub }))
}

#[derive(serde::Deserialize)]
struct Body {
    quantity: u32,
}

async fn staff_only(_staff: Staff) -> HttpResponse {
    HttpResponse::Ok().finish()
}

async fn system_only(_system: SystemCaller) -> HttpResponse {
    HttpResponse::Ok().finish()
}

async fn one(Path(id): Path<u32>) -> HttpResponse {
    HttpResponse::Ok().json(id)
}

async fn broken() -> Result<HttpResponse, Problem> {
    Err(Problem::internal(&std::io::Error::other("secret of the database")))
}

fn start(clock: ClockHandle, database_up: bool) -> Running {
    let keys = KeyPair::generate().unwrap();
    let time = Arc::new(SystemClock);
    let settings = ServerSettings {
        bind: "127.0.0.1".to_owned(),
        port: 0,
        workers: 1,
        clock,
        verifier: IdentityVerifier::new(&keys.public_base64, "order", time.clone()).unwrap(),
        readiness: Readiness::new([
            Probe::required("database", move || async move { database_up }),
            Probe::optional("broker", || async { false }),
        ]),
    };
    let server = Server::bind(settings, |app: &mut web::ServiceConfig| {
        app.route("/echo", web::post().to(echo))
            .route("/staff", web::get().to(staff_only))
            .route("/system", web::get().to(system_only))
            .route("/broken", web::get().to(broken))
            .service(web::resource("/one/{id}").route(web::get().to(one)));
    })
    .unwrap();
    let base = format!("http://{}", server.addr());
    let shutdown = CancellationToken::new();
    tokio::spawn(server.run(shutdown.clone()));
    let signer = IdentitySigner::new(&keys.private_base64, time).unwrap();
    Running { base, signer, shutdown }
}

impl Running {
    async fn call(
        &self,
        method: &str,
        path: &str,
        who: Option<&Identity>,
        body: &str,
    ) -> (u16, Value) {
        let mut request = reqwest::Client::new()
            .request(method.parse().unwrap(), format!("{}{path}", self.base))
            .header("content-type", "application/json")
            .body(body.to_owned());
        if let Some(identity) = who {
            request = request.header(HEADER, self.signer.sign(identity, "order").unwrap());
        }
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap_or(Value::Null))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_in_without_a_signed_identity() {
    let server = start(ClockHandle::System, true);
    let (status, body) = server.call("POST", "/echo", None, r#"{"quantity":1}"#).await;
    assert_eq!((status, body["error_code"].as_str()), (401, Some("UNAUTHENTICATED")));
    let (status, body) = server
        .call("POST", "/echo/", Some(&Identity::staff(UserId(7), Role::Owner)), r#"{"quantity":1}"#)
        .await;
    assert_eq!((status, body["sub"].as_str()), (200, Some("7")));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_kind_of_caller_reaches_only_its_own_routes() {
    let server = start(ClockHandle::System, true);
    let staff = Identity::staff(UserId(1), Role::Viewer);
    for (path, who, wanted) in [
        ("/staff", Identity::anonymous(), 403),
        ("/staff", staff.clone(), 200),
        ("/staff", Identity::system(), 200),
        ("/system", Identity::anonymous(), 403),
        ("/system", staff, 403),
        ("/system", Identity::system(), 200),
    ] {
        assert_eq!(server.call("GET", path, Some(&who), "").await.0, wanted, "{path} {who:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_error_has_the_envelope() {
    let server = start(ClockHandle::System, true);
    let anybody = Identity::anonymous();
    let too_long = format!(r#"{{"quantity":1,"x":"{}"}}"#, "x".repeat(300 * 1024));
    for (method, path, body, wanted) in [
        ("POST", "/echo", "{", 400),
        ("POST", "/echo", r#"{"quantity":"many"}"#, 400),
        ("POST", "/echo", too_long.as_str(), 413),
        ("GET", "/nowhere", "", 404),
        ("DELETE", "/one/1", "", 405),
        ("GET", "/one/abc", "", 404),
        ("GET", "/broken", "", 500),
    ] {
        let (status, answer) = server.call(method, path, Some(&anybody), body).await;
        assert_eq!(status, wanted, "{method} {path}: {answer}");
        for key in ["error", "detail", "error_code", "timestamp"] {
            assert!(answer[key].is_string(), "{method} {path}: {answer}");
        }
        assert!(!answer.to_string().contains("secret"), "{answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn health_tells_alive_degraded_and_unhealthy_apart() {
    let server = start(ClockHandle::System, true);
    assert_eq!(server.call("GET", "/internal/health/live", None, "").await.0, 200);
    let (status, body) = server.call("GET", "/internal/health/ready", None, "").await;
    assert_eq!((status, body["status"].as_str()), (200, Some("degraded")));
    let sick = start(ClockHandle::System, false);
    let (status, body) = sick.call("GET", "/internal/health/ready", None, "").await;
    assert_eq!((status, body["checks"]["database"].as_str()), (503, Some("disconnected")));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_steered_clock_can_be_moved() {
    let fixed = start(ClockHandle::System, true);
    let body = r#"{"advance_seconds":86400}"#;
    assert_eq!(fixed.call("POST", "/internal/v1/clock", None, body).await.0, 404);
    let clock = Arc::new(SteeredClock::default());
    let steered = start(ClockHandle::Steered(clock), true);
    assert_eq!(steered.call("POST", "/internal/v1/clock", None, body).await.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_asked_to_stop_stops() {
    let keys = KeyPair::generate().unwrap();
    let time = Arc::new(SystemClock);
    let settings = ServerSettings {
        bind: "127.0.0.1".to_owned(),
        port: 0,
        workers: 1,
        clock: ClockHandle::System,
        verifier: IdentityVerifier::new(&keys.public_base64, "order", time).unwrap(),
        readiness: Readiness::default(),
    };
    let server = Server::bind(settings, |_app: &mut web::ServiceConfig| {}).unwrap();
    let shutdown = CancellationToken::new();
    let running = tokio::spawn(server.run(shutdown.clone()));
    shutdown.cancel();
    let limit = std::time::Duration::from_secs(20);
    tokio::time::timeout(limit, running).await.unwrap().unwrap().unwrap();
}
