//! Who calls: a bearer token or a session cookie, whichever the client sent (`contract.md` §2).

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::http::header::AUTHORIZATION;
use konveksi_db::DbError;
use konveksi_identity::{Identity, Permission};

use super::access::AccessTokens;
use super::{Session, cookies};
use crate::identity::sessions::Sessions;

/// How a staff member proved who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Via {
    /// An access token: sent on purpose, so no CSRF proof is needed.
    Bearer,
    /// The session cookie: sent by the browser whoever asks, so unsafe calls need proof.
    Cookie,
}

/// A staff member with a living session.
#[derive(Debug, Clone)]
pub(crate) struct Staff {
    pub(crate) session: Arc<Session>,
    pub(crate) via: Via,
}

/// Who calls.
#[derive(Debug, Clone)]
pub(crate) enum Caller {
    /// Nobody in particular.
    Anonymous,
    /// Credentials were sent, and they do not hold.
    Refused,
    /// Staff.
    Staff(Staff),
}

impl Caller {
    pub(crate) fn staff(&self) -> Option<&Staff> {
        match self {
            Caller::Staff(staff) => Some(staff),
            Caller::Anonymous | Caller::Refused => None,
        }
    }

    /// What services are told about this caller.
    pub(crate) fn identity(&self) -> Identity {
        self.staff().map_or_else(Identity::anonymous, Staff::identity)
    }
}

impl Staff {
    pub(crate) fn may(&self, permission: Permission) -> bool {
        self.session.user.role.allows(permission)
    }

    fn identity(&self) -> Identity {
        let user = &self.session.user;
        let sid = Some(self.session.id.to_string());
        Identity { sid, ..Identity::staff(user.id, user.role) }
    }
}

/// Looks at the credentials of a call. An `Authorization` header alone decides when there is one:
/// falling back to the cookie would let a page mix one person's token with another's session.
///
/// # Errors
/// [`DbError`] when sessions cannot be looked up.
pub(crate) async fn authenticate(
    request: &HttpRequest,
    tokens: &AccessTokens,
    sessions: &Sessions,
) -> Result<Caller, DbError> {
    if let Some(header) = request.headers().get(AUTHORIZATION) {
        let token = header.to_str().ok().and_then(bearer_token);
        return match token {
            Some(token) => by_token(token, tokens, sessions).await,
            None => Ok(Caller::Refused),
        };
    }
    let Some(cookie) = cookies::sent(request, cookies::SESSION) else {
        return Ok(Caller::Anonymous);
    };
    by_cookie(&cookie, sessions).await
}

/// The caller that an access token names.
pub(crate) async fn by_token(
    token: &str,
    tokens: &AccessTokens,
    sessions: &Sessions,
) -> Result<Caller, DbError> {
    let Ok((user, session)) = tokens.read(token) else { return Ok(Caller::Refused) };
    let session = sessions.of_id(session).await?.filter(|session| session.user.id == user);
    Ok(caller(session, Via::Bearer))
}

/// The caller that a session cookie names.
pub(crate) async fn by_cookie(cookie: &str, sessions: &Sessions) -> Result<Caller, DbError> {
    Ok(caller(sessions.of_token(cookie).await?, Via::Cookie))
}

fn caller(session: Option<Arc<Session>>, via: Via) -> Caller {
    session.map_or(Caller::Refused, |session| Caller::Staff(Staff { session, via }))
}

fn bearer_token(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim()).filter(|token| !token.is_empty())
}
