//! Takes a socket in. Whoever may not listen is accepted and closed with a code, because a browser
//! tells its page nothing about a refused upgrade (`contract.md` section 7).

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_ws::{CloseCode, CloseReason, Session};
use konveksi_web::Problem;

use super::Feed;
use super::socket::{self, Socket};
use crate::edge::{Call, client_ip, cors};
use crate::error::Stop;
use crate::identity::authenticate::{by_cookie, by_token};
use crate::identity::{Caller, cookies};

/// No or bad token.
const NOT_LOGGED_IN: u16 = 4_401;
/// Logged in, but may not.
const NOT_ALLOWED: u16 = 4_403;

pub(crate) async fn accept(mut call: Call, feed: Feed) -> Result<HttpResponse, Stop> {
    if cors::is_foreign(&call.edge.origins, &call.request) {
        return Err(Problem::of_status(StatusCode::FORBIDDEN).into());
    }
    let Some(payload) = call.payload.take() else {
        return Err(Problem::of_status(StatusCode::BAD_REQUEST).into());
    };
    let caller = who(&call).await;
    let (response, session, messages) =
        actix_ws::handle(&call.request, payload).map_err(|_no_upgrade| {
            Problem::bad_request(
                "UPGRADE_REQUIRED",
                "Alamat ini hanya untuk sambungan WebSocket.",
                "a WebSocket upgrade is needed here",
            )
        })?;
    let caller = match (feed.is_public(), caller) {
        (_, Err(_)) => {
            close(session, u16::from(CloseCode::Again), "sessions cannot be looked up");
            return Ok(response);
        }
        (true, Ok(caller)) => caller,
        (false, Ok(caller)) => match &caller {
            Caller::Staff(staff) if staff.may(feed.permission()) => caller,
            Caller::Staff(_) => {
                close(session, NOT_ALLOWED, "not allowed");
                return Ok(response);
            }
            Caller::Anonymous | Caller::Refused => {
                close(session, NOT_LOGGED_IN, "authentication required");
                return Ok(response);
            }
        },
    };
    let owner = caller.staff().map_or_else(
        || client_ip::counted_as(call.client_ip),
        |staff| format!("user-{}", staff.session.user.id),
    );
    let Ok(membership) = call.edge.hub.join(feed, owner) else {
        close(session, u16::from(CloseCode::Again), "too many connections");
        return Ok(response);
    };
    let socket = Socket {
        edge: Arc::clone(&call.edge),
        feed,
        staff: caller.staff().cloned(),
        client_ip: call.client_ip,
        membership,
        session,
    };
    let own_order = (feed == Feed::OneOrder).then(|| call.parameter(0).to_owned());
    actix_web::rt::spawn(socket::run(socket, messages, own_order));
    Ok(response)
}

/// The token of the query, else the session cookie: reconnecting pages keep their old token.
async fn who(call: &Call) -> Result<Caller, konveksi_db::DbError> {
    let edge = &call.edge;
    if let Some(token) = call.query("token") {
        let caller = by_token(&token, &edge.tokens, &edge.sessions).await?;
        if caller.staff().is_some() {
            return Ok(caller);
        }
    }
    match cookies::sent(&call.request, cookies::SESSION) {
        Some(cookie) => by_cookie(&cookie, &edge.sessions).await,
        None => Ok(Caller::Anonymous),
    }
}

fn close(session: Session, code: u16, reason: &'static str) {
    let reason = CloseReason { code: CloseCode::from(code), description: Some(reason.to_owned()) };
    actix_web::rt::spawn(async move {
        if session.close(Some(reason)).await.is_err() {
            tracing::debug!("the client was gone before it could be told why");
        }
    });
}
