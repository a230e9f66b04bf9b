//! The one door: every call comes in here and leaves from here.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, web};
use konveksi_kernel::ids::uuid_v7_at;
use konveksi_telemetry::TraceContext;
use konveksi_web::Problem;
use tracing::{Instrument as _, field};

use super::matching::{Found, find};
use super::{Call, Edge, access_log, body, client_ip, cors, head, path, response};
use crate::error::{Stop, busy, csrf_failed, forbidden, too_many, unauthenticated};
use crate::forward;
use crate::identity::authenticate::{Via, authenticate};
use crate::identity::{Caller, Staff, cookies, csrf};
use crate::limit::{Admission, LimitClass};
use crate::live;
use crate::routes::{Access, ROUTES, Route, Target, Verb};

/// What became of a call, for the log.
struct Outcome {
    response: HttpResponse,
    caller: Caller,
    route: &'static str,
}

impl Outcome {
    fn of(stop: impl Into<Stop>) -> Outcome {
        let response = stop.into().into_response();
        Outcome { response, caller: Caller::Anonymous, route: "unmatched" }
    }
}

/// Answers one call.
pub(crate) async fn serve(
    edge: web::Data<Edge>,
    request: HttpRequest,
    payload: web::Payload,
) -> HttpResponse {
    let (edge, started) = (edge.into_inner(), Instant::now());
    let fresh = || uuid_v7_at(edge.clock.now()).to_string();
    let request_id = head::request_id(request.headers(), fresh);
    let span = tracing::info_span!(
        "request",
        otel.kind = "server",
        otel.status_code = field::Empty,
        http.request.method = %request.method(),
        http.route = field::Empty,
        http.response.status_code = field::Empty,
        request_id,
    );
    place_in_trace(&edge, &request, &span);
    let answering = pass(&edge, &request, payload, &request_id, started);
    let Outcome { mut response, caller, route } = answering.instrument(span.clone()).await;

    let status = response.status();
    konveksi_telemetry::rename(&span, format!("{} {route}", request.method()));
    span.record("http.route", route);
    span.record("http.response.status_code", status.as_u16());
    if status.is_server_error() {
        span.record("otel.status_code", "ERROR");
    }
    span.in_scope(|| access_log::write(&request, route, &caller, status, started));
    response::decorate(&edge, &request, &request_id, response.headers_mut());
    response
}

/// Our own proxies may continue their trace here; a stranger's becomes a link, so that nobody can
/// write into traces that are not theirs.
fn place_in_trace(edge: &Edge, request: &HttpRequest, span: &tracing::Span) {
    let header = |name: &str| {
        request.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
    };
    let theirs =
        TraceContext { traceparent: header("traceparent"), tracestate: header("tracestate") };
    if theirs.traceparent.is_none() {
        return;
    }
    let peer = peer(request);
    if edge.trusted_proxies.iter().any(|network| network.contains(peer)) {
        theirs.attach_to(span);
    } else {
        theirs.link_to(span);
    }
}

async fn pass(
    edge: &Arc<Edge>,
    request: &HttpRequest,
    payload: web::Payload,
    request_id: &str,
    started: Instant,
) -> Outcome {
    if request.method() == Method::OPTIONS {
        let response = cors::preflight();
        return Outcome { response, caller: Caller::Anonymous, route: "preflight" };
    }
    if let Err(problem) = head::check(request) {
        return Outcome::of(problem);
    }
    let Ok(path) = path::canonical(request.path()) else {
        return Outcome::of(Problem::of_status(StatusCode::BAD_REQUEST));
    };
    let verb = Verb::of(request.method().as_str());
    let found = find(ROUTES, verb, &path::segments(&path));
    let route = match &found {
        Found::Route(route, _) => Some(*route),
        Found::OtherVerbs(_) | Found::Nothing => None,
    };
    // Probes call by address, so health answers under any name.
    if !route.is_some_and(is_health) && !edge.knows_host(request) {
        return Outcome::of(unknown_host());
    }
    let ip = client_ip::client_ip(peer(request), forwarded_for(request), &edge.trusted_proxies);
    let caller = match identify(edge, request, route).await {
        Ok(caller) => caller,
        Err(stop) => return Outcome::of(stop),
    };
    let class = route.map_or(LimitClass::Standard, |route| route.limit);
    let admission = edge.limiter.admit(class, &caller, ip).await;
    let refusal = refuse_unadmitted(&admission);
    let response = match (refusal, found) {
        (Some(problem), _) => Stop::from(problem).into_response(),
        (None, Found::Nothing) => problem_response(StatusCode::NOT_FOUND),
        (None, Found::OtherVerbs(verbs)) => other_verbs(&verbs),
        (None, Found::Route(route, parameters)) => {
            let call = Call {
                edge: edge.clone(),
                route,
                path,
                parameters,
                request: request.clone(),
                payload: Some(payload),
                caller: caller.clone(),
                client_ip: ip,
                request_id: request_id.to_owned(),
                deadline: started + Duration::from_secs(route.timeout_seconds),
            };
            admitted(call).await.unwrap_or_else(Stop::into_response)
        }
    };
    let response = tell(response, &admission);
    Outcome { response, caller, route: route.map_or("unmatched", |route| route.pattern) }
}

fn is_health(route: &Route) -> bool {
    matches!(route.pattern, "/api/v1/health" | "/health" | "/health/live")
}

fn refuse_unadmitted(admission: &Admission) -> Option<Problem> {
    if admission.admitted {
        return None;
    }
    let wait = admission.told.as_ref().map_or(1, |told| told.wait_seconds);
    Some(too_many(u64::try_from(wait).unwrap_or(1)))
}

fn tell(mut response: HttpResponse, admission: &Admission) -> HttpResponse {
    if let Some(told) = &admission.told {
        told.write(response.headers_mut());
    }
    response
}

/// Who calls. When sessions cannot be looked up, public routes go on without knowing.
async fn identify(
    edge: &Edge,
    request: &HttpRequest,
    route: Option<&Route>,
) -> Result<Caller, Stop> {
    let needs_nobody = route.is_some_and(|route| {
        matches!(route.access, Access::WebhookToken | Access::Socket)
            || (route.access == Access::Public && route.limit == LimitClass::Free)
    });
    if needs_nobody {
        return Ok(Caller::Anonymous);
    }
    match authenticate(request, &edge.tokens, &edge.sessions).await {
        Ok(caller) => Ok(caller),
        Err(error) if route.is_some_and(|route| route.access != Access::Public) => {
            Err(error.into())
        }
        Err(error) => {
            tracing::warn!(%error, "sessions cannot be looked up; going on as anonymous");
            Ok(Caller::Anonymous)
        }
    }
}

/// A call that may be made as often as this: rights, proof, body, handler.
async fn admitted(mut call: Call) -> Result<HttpResponse, Stop> {
    let route = call.route;
    authorize(&call)?;
    if route.access == Access::Public && !means_it(&call) {
        // Anybody may make this call; it is just not made in the staff member's name.
        call.caller = Caller::Anonymous;
    }
    body::check_announced(&call.request, route.body_limit.max(1))?;
    let (edge, ip, left) = (call.edge.clone(), call.client_ip, call.time_left());
    let answering = async {
        match route.target {
            Target::Forward(service) => forward::forward(call, service).await,
            Target::Compose(handler) | Target::Local(handler) => handler(call).await,
            Target::Socket(feed) => live::accept(call, feed).await,
        }
    };
    let Ok(answer) = tokio::time::timeout(left, answering).await else {
        return Err(busy().into());
    };
    if route.access == Access::WebhookToken
        && answer.as_ref().is_ok_and(|answer| answer.status() == StatusCode::UNAUTHORIZED)
    {
        let admission = edge.limiter.admit_wrong_callback(ip).await;
        if let Some(problem) = refuse_unadmitted(&admission) {
            return Err(problem.into());
        }
    }
    answer
}

/// Whether this caller may make this call, and means to.
fn authorize(call: &Call) -> Result<(), Stop> {
    let staff = match call.route.access {
        Access::Public | Access::WebhookToken | Access::Socket => return Ok(()),
        Access::AnyStaff => known_staff(&call.caller)?,
        Access::Staff(permission) => {
            let staff = known_staff(&call.caller)?;
            if !staff.may(permission) {
                return Err(forbidden().into());
            }
            staff
        }
    };
    prove_intent(call, staff)
}

fn means_it(call: &Call) -> bool {
    call.caller.staff().is_none_or(|staff| prove_intent(call, staff).is_ok())
}

fn known_staff(caller: &Caller) -> Result<&Staff, Stop> {
    match caller {
        Caller::Staff(staff) => Ok(staff),
        Caller::Anonymous => Err(unauthenticated("authentication required").into()),
        Caller::Refused => Err(unauthenticated("the credentials are not valid").into()),
    }
}

/// A browser sends cookies whoever asks it to, so an unsafe call must show that our page made it.
fn prove_intent(call: &Call, staff: &Staff) -> Result<(), Stop> {
    if call.route.verb == Verb::Get || staff.via == Via::Bearer {
        return Ok(());
    }
    if cors::is_foreign(&call.edge.origins, &call.request) {
        return Err(csrf_failed("this origin may not call").into());
    }
    let cookie = cookies::sent(&call.request, cookies::CSRF);
    let header = call.header("x-csrftoken");
    if !csrf::holds(&call.edge.keys, staff.session.id, header, cookie.as_deref()) {
        return Err(csrf_failed("CSRF token missing or not of this session").into());
    }
    Ok(())
}

fn peer(request: &HttpRequest) -> IpAddr {
    request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |address| address.ip())
}

fn forwarded_for(request: &HttpRequest) -> Option<&str> {
    request.headers().get("x-forwarded-for").and_then(|value| value.to_str().ok())
}

fn problem_response(status: StatusCode) -> HttpResponse {
    Stop::from(Problem::of_status(status)).into_response()
}

fn other_verbs(verbs: &[Verb]) -> HttpResponse {
    let mut response = problem_response(StatusCode::METHOD_NOT_ALLOWED);
    let names: Vec<&str> = verbs.iter().map(|verb| verb.name()).collect();
    let allow = format!("{}, OPTIONS", names.join(", "));
    if let Ok(allow) = HeaderValue::from_str(&allow) {
        response.headers_mut().insert(ALLOW, allow);
    }
    response
}

fn unknown_host() -> Problem {
    Problem::bad_request(
        "UNKNOWN_HOST",
        "Nama host tidak dikenal.",
        "this host name is not served here (ALLOWED_HOSTS)",
    )
}
