//! `/auth/login/`, `/auth/refresh/`, `/auth/logout/`, `/auth/profile/` (`contract.md` rows 1-4).

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use konveksi_identity::Role;
use konveksi_settings::SecretString;
use konveksi_web::{FieldErrors, Problem};
use serde_json::{Value, json};

use super::login::{self, Attempt, LoginError};
use super::password::PasswordError;
use super::{Caller, EndReason, SessionId, cookies, csrf};
use crate::edge::{Call, Edge, body, cors};
use crate::error::{Stop, busy, csrf_failed, too_many, unauthenticated};
use crate::users::User;

/// The user as the public client reads it.
pub(crate) fn user_json(user: &User) -> Value {
    json!({
        "id": user.id,
        "username": user.username,
        "email": user.email,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "is_staff": true,
        "is_superuser": user.role == Role::Owner,
        "role": user.role,
    })
}

/// Login, refresh and logout carry no CSRF token, so a foreign page is told by its `Origin`.
fn refuse_foreign_origin(call: &Call) -> Result<(), Stop> {
    if cors::is_foreign(&call.edge.origins, &call.request) {
        return Err(csrf_failed("this origin may not log in or out").into());
    }
    Ok(())
}

/// `POST /auth/login/`
pub(crate) async fn log_in(mut call: Call) -> Result<HttpResponse, Stop> {
    refuse_foreign_origin(&call)?;
    let body = body::json(&mut call).await?;
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (username, password) = (text("username"), text("password"));
    let mut wrong = FieldErrors::new();
    if username.trim().is_empty() || username.len() > 200 {
        wrong = wrong.add("username", "Wajib diisi.");
    }
    if password.is_empty() || password.len() > 1_024 {
        wrong = wrong.add("password", "Wajib diisi.");
    }
    wrong.into_result()?;
    let edge = call.edge.clone();
    // The same browser's older login ends with this one: a new id at every login.
    let previous = match cookies::sent(&call.request, cookies::SESSION) {
        Some(token) => edge.sessions.of_token(&token).await?.map(|session| session.id),
        None => None,
    };
    let attempt = Attempt {
        username,
        password: SecretString::from(password),
        client_ip: call.client_ip,
        device_mark: cookies::sent(&call.request, cookies::DEVICE),
    };
    let new = login::log_in(&edge, attempt).await.map_err(|error| refused(&edge, error))?;
    if let Some(previous) = previous {
        login::end(&edge, previous, EndReason::Replaced).await?;
    }
    let access = access_token(&edge, &new.user, new.session)?;
    tracing::info!(user.id = %new.user.id, "logged in");
    Ok(HttpResponse::Ok()
        .cookie(edge.cookies.session(new.session_token))
        .cookie(edge.cookies.csrf(csrf::token(&edge.keys, new.session)))
        .cookie(edge.cookies.refresh(new.refresh_token))
        .cookie(edge.cookies.device(new.device_mark))
        .json(json!({ "user": user_json(&new.user), "access": access, "success": true })))
}

fn refused(edge: &Edge, error: LoginError) -> Stop {
    match error {
        LoginError::Wrong => {
            let sentence = "Nama pengguna atau kata sandi salah.";
            Problem::new(
                StatusCode::UNAUTHORIZED,
                "WRONG_CREDENTIALS",
                sentence,
                "wrong user or password",
            )
            .with_extra("non_field_errors", json!([sentence]))
            .into()
        }
        LoginError::Throttled(until) => {
            let seconds = (until - edge.clock.now()).num_seconds().max(0);
            too_many(u64::try_from(seconds).unwrap_or(0) + 1).into()
        }
        LoginError::Password(PasswordError::Busy) => busy().into(),
        LoginError::Password(error @ PasswordError::Broken) => Problem::internal(&error).into(),
        LoginError::Db(error) => error.into(),
    }
}

/// `POST /auth/refresh/`
pub(crate) async fn refresh(call: Call) -> Result<HttpResponse, Stop> {
    refuse_foreign_origin(&call)?;
    let edge = &call.edge;
    let token = cookies::sent(&call.request, cookies::REFRESH);
    let refreshed = match token {
        Some(token) => login::refresh(edge, &token).await?,
        None => None,
    };
    let Some(refreshed) = refreshed else {
        return Err(unauthenticated("the refresh token does not hold").into());
    };
    let access = access_token(edge, &refreshed.user, refreshed.session)?;
    Ok(HttpResponse::Ok()
        .cookie(edge.cookies.refresh(refreshed.refresh_token))
        .json(json!({ "access": access })))
}

/// `POST /auth/logout/`: ends whatever login the call shows, and says 205 in any case.
pub(crate) async fn log_out(call: Call) -> Result<HttpResponse, Stop> {
    refuse_foreign_origin(&call)?;
    let edge = &call.edge;
    let mut ending = Vec::new();
    ending.extend(call.caller.staff().map(|staff| staff.session.id));
    if let Some(token) = cookies::sent(&call.request, cookies::SESSION) {
        ending.extend(edge.sessions.of_token(&token).await?.map(|session| session.id));
    }
    if let Some(token) = cookies::sent(&call.request, cookies::REFRESH) {
        ending.extend(login::session_of_refresh(edge, &token).await?);
    }
    ending.sort_unstable();
    ending.dedup();
    for session in ending {
        login::end(edge, session, EndReason::Logout).await?;
    }
    let mut answer = HttpResponse::build(StatusCode::RESET_CONTENT);
    for removal in edge.cookies.removals() {
        answer.cookie(removal);
    }
    Ok(answer.finish())
}

/// `GET /auth/profile/`
pub(crate) fn profile(call: &Call) -> Result<HttpResponse, Stop> {
    match &call.caller {
        Caller::Staff(staff) => Ok(HttpResponse::Ok().json(user_json(&staff.session.user))),
        Caller::Anonymous | Caller::Refused => Err(unauthenticated("not logged in").into()),
    }
}

fn access_token(edge: &Edge, user: &User, session: SessionId) -> Result<String, Stop> {
    edge.tokens.make(user.id, session).map_err(|error| Problem::internal(&error).into())
}
