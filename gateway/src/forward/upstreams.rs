//! The client side of every call to a service.

use std::time::{Duration, Instant};

use konveksi_identity::{HEADER as IDENTITY_HEADER, IdentityError, IdentitySigner};
use konveksi_telemetry::TraceContext;
use konveksi_web::{PUBLIC_URL_HEADER, Problem, REQUEST_ID_HEADER};
use rand::RngExt as _;
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::Value;

use super::{Answer, Context, Service, ServiceUrls};
use crate::error::{Stop, service_away};

/// How long a service may take to accept a connection.
const CONNECT: Duration = Duration::from_millis(500);
/// Idle connections are given up before the service does it (75 s), so no call meets a closing one.
const IDLE: Duration = Duration::from_secs(30);
/// How long one try of a read may take until its head is there.
const READ_TRY: Duration = Duration::from_secs(5);
/// The same for a write.
const WRITE_TRY: Duration = Duration::from_secs(10);
/// The longest pause within an answer's body.
const BODY_PAUSE: Duration = Duration::from_secs(30);
/// Milliseconds left until the caller stops waiting.
const DEADLINE_HEADER: &str = "x-kv-deadline";

/// All services, reachable. No `Debug`: it holds the key.
pub(crate) struct Upstreams {
    client: Client,
    urls: ServiceUrls,
    signer: IdentitySigner,
}

impl Upstreams {
    /// # Errors
    /// When the HTTP client cannot be set up.
    pub(crate) fn new(urls: ServiceUrls, signer: IdentitySigner) -> reqwest::Result<Upstreams> {
        let client = Client::builder()
            .connect_timeout(CONNECT)
            .pool_idle_timeout(IDLE)
            .read_timeout(BODY_PAUSE)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .tcp_nodelay(true)
            .build()?;
        Ok(Upstreams { client, urls, signer })
    }

    /// A request to `service`, with everything that goes along.
    pub(super) fn request(
        &self,
        service: Service,
        method: Method,
        path: &str,
        context: &Context,
    ) -> Result<RequestBuilder, IdentityError> {
        let statement = self.signer.sign(&context.identity, service.name())?;
        let left = context.deadline.saturating_duration_since(Instant::now());
        let mut request = self
            .client
            .request(method, format!("{}{path}", self.urls.of(service)))
            .header(IDENTITY_HEADER, statement)
            .header(REQUEST_ID_HEADER, &context.request_id)
            .header(PUBLIC_URL_HEADER, &context.public_url)
            .header(DEADLINE_HEADER, left.as_millis().to_string());
        for (name, value) in TraceContext::current().headers() {
            request = request.header(name, value);
        }
        if let Some(key) = &context.idempotency_key {
            request = request.header("idempotency-key", key);
        }
        Ok(request)
    }

    /// Sends a request once; a read whose connection failed, once more.
    pub(super) async fn send(
        &self,
        service: Service,
        request: RequestBuilder,
        context: &Context,
        is_read: bool,
    ) -> Result<Response, Stop> {
        let again = if is_read { request.try_clone() } else { None };
        let first = self.try_once(request, context, is_read).await;
        let (Err(Failure::Connect(_)), Some(again)) = (&first, again) else {
            return first.map_err(|failure| failure.into_stop(service));
        };
        let pause_ms = rand::rng().random_range(25..=250);
        tokio::time::sleep(Duration::from_millis(pause_ms)).await;
        let second = self.try_once(again, context, is_read).await;
        second.map_err(|failure| failure.into_stop(service))
    }

    async fn try_once(
        &self,
        request: RequestBuilder,
        context: &Context,
        is_read: bool,
    ) -> Result<Response, Failure> {
        let left = context.deadline.saturating_duration_since(Instant::now());
        let usual = if is_read { READ_TRY.max(context.long_read) } else { WRITE_TRY };
        let patience = left.min(usual);
        match tokio::time::timeout(patience, request.send()).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(error)) if error.is_connect() => Err(Failure::Connect(error)),
            Ok(Err(error)) => Err(Failure::Broken(error)),
            Err(_elapsed) => Err(Failure::Slow),
        }
    }

    /// Reads something for a composition.
    ///
    /// # Errors
    /// 503 when the service is away; whatever it answers is an answer.
    pub(crate) async fn get(
        &self,
        service: Service,
        path: &str,
        context: &Context,
    ) -> Result<Answer, Stop> {
        let request =
            self.request(service, Method::GET, path, context).map_err(|error| own_fault(&error))?;
        let response = self.send(service, request, context, true).await?;
        read_whole(service, response, context).await
    }

    /// Asks a service to do something for a composition; never sent twice.
    ///
    /// # Errors
    /// As [`Upstreams::get`].
    pub(crate) async fn post(
        &self,
        service: Service,
        path: &str,
        body: &Value,
        context: &Context,
    ) -> Result<Answer, Stop> {
        let request = self
            .request(service, Method::POST, path, context)
            .map_err(|error| own_fault(&error))?;
        let response = self.send(service, request.json(body), context, false).await?;
        read_whole(service, response, context).await
    }

    /// Hands a file to a service.
    ///
    /// # Errors
    /// As [`Upstreams::get`].
    pub(crate) async fn post_form(
        &self,
        service: Service,
        path: &str,
        form: reqwest::multipart::Form,
        context: &Context,
    ) -> Result<Answer, Stop> {
        let request = self
            .request(service, Method::POST, path, context)
            .map_err(|error| own_fault(&error))?;
        let response = self.send(service, request.multipart(form), context, false).await?;
        read_whole(service, response, context).await
    }
}

pub(super) fn own_fault(error: &IdentityError) -> Stop {
    Problem::internal(error).into()
}

/// The rest of an answer, until the deadline.
pub(super) async fn read_whole(
    service: Service,
    response: Response,
    context: &Context,
) -> Result<Answer, Stop> {
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let left = context.deadline.saturating_duration_since(Instant::now());
    let body = match tokio::time::timeout(left, response.bytes()).await {
        Ok(Ok(body)) => body,
        Ok(Err(error)) => return Err(Failure::Broken(error).into_stop(service)),
        Err(_elapsed) => return Err(Failure::Slow.into_stop(service)),
    };
    Ok(Answer { service, status, headers, body })
}

/// Why there is no answer.
enum Failure {
    /// Nothing was sent: nobody listens.
    Connect(reqwest::Error),
    /// It broke off; what was asked may have been done.
    Broken(reqwest::Error),
    /// It took too long; what was asked may still be done.
    Slow,
}

impl Failure {
    fn into_stop(self, service: Service) -> Stop {
        let name = service.name();
        match self {
            Failure::Connect(error) | Failure::Broken(error) => {
                let reason = konveksi_web::error_chain(&error.without_url());
                tracing::warn!(service = name, reason, "the service did not answer");
            }
            Failure::Slow => tracing::warn!(service = name, "the service did not answer in time"),
        }
        service_away(name).into()
    }
}
