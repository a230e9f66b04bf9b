//! The use cases behind the `/auth/` endpoints: log in, refresh, log out. Each is one transaction.

use std::net::IpAddr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use konveksi_db::{Connection, DbError, transaction};
use konveksi_kernel::ids::uuid_v7_at;
use konveksi_settings::SecretString;
use rand::Rng as _;
use thiserror::Error;
use uuid::Uuid;

use super::password::{PasswordError, Verdict};
use super::refresh::{self, Presented};
use super::sessions::{LIFETIME, token_hash};
use super::throttle::{self, Wait};
use super::{EndReason, SessionId, device};
use crate::edge::{Edge, client_ip};
use crate::store;
use crate::users::{User, normalised};

/// What was typed, and from where.
pub(crate) struct Attempt {
    pub(crate) username: String,
    pub(crate) password: SecretString,
    pub(crate) client_ip: IpAddr,
    /// The browser's mark of an earlier login.
    pub(crate) device_mark: Option<String>,
}

/// A new login.
pub(crate) struct LoggedIn {
    pub(crate) user: User,
    pub(crate) session: SessionId,
    /// The session cookie's value.
    pub(crate) session_token: String,
    /// The first refresh token.
    pub(crate) refresh_token: String,
    pub(crate) device_mark: String,
}

/// Why nobody was logged in.
#[derive(Debug, Error)]
pub(crate) enum LoginError {
    /// No such user, disabled, or another password: outsiders cannot tell which.
    #[error("wrong user or password")]
    Wrong,
    /// Too many failures; from this instant on it may be tried again.
    #[error("too many failed logins")]
    Throttled(DateTime<Utc>),
    /// The password could not be checked now.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// Logs a user in.
///
/// # Errors
/// [`LoginError`].
pub(crate) async fn log_in(edge: &Edge, attempt: Attempt) -> Result<LoggedIn, LoginError> {
    let username = normalised(&attempt.username);
    let known = device::knows(&edge.keys, &username, attempt.device_mark.as_deref());
    let subjects = [
        throttle::per_network(&username, &client_ip::neighbourhood(attempt.client_ip)),
        throttle::per_account(&username),
    ];
    let mut conn = edge.pool.get().await?;
    charge(&mut conn, &subjects, known, edge.clock.now()).await?;
    let found = store::users::find_with_hash(&mut conn, &username).await?;
    // Hashing takes long: the connection is not kept meanwhile.
    drop(conn);

    let (user, hash) = found.filter(|(user, _)| user.is_active).unzip();
    let verdict = edge.passwords.check(attempt.password.clone(), hash).await?;
    let (Some(user), Verdict::Right | Verdict::RightButOld) = (user, verdict) else {
        return Err(LoginError::Wrong);
    };
    let stronger_hash = match verdict {
        Verdict::RightButOld => Some(edge.passwords.hash(attempt.password).await?),
        Verdict::Right | Verdict::Wrong => None,
    };

    let now = edge.clock.now();
    let (session, family) = (SessionId::generate(&*edge.clock), uuid_v7_at(now));
    let session_token = random_token();
    let mut conn = edge.pool.get().await?;
    transaction(&mut conn, async |tx| {
        let row = store::sessions::NewRow {
            id: session,
            user_id: user.id,
            token_hash: &token_hash(&session_token),
            created_at: now,
            expires_at: now + LIFETIME,
        };
        store::sessions::insert(tx, row).await?;
        store::refresh_families::insert(tx, family, session).await?;
        store::users::set_last_login(tx, user.id, now).await?;
        if let Some(hash) = &stronger_hash {
            store::users::set_password_hash(tx, user.id, hash, now).await?;
        }
        store::login_failures::forget(tx, &subjects).await
    })
    .await?;
    Ok(LoggedIn {
        session,
        session_token,
        refresh_token: refresh::token(&edge.keys, family, 0),
        device_mark: device::mark(&edge.keys, &user.username),
        user,
    })
}

/// Counts the attempt as failed until it turns out not to be.
async fn charge(
    conn: &mut Connection,
    subjects: &[String; 2],
    known_browser: bool,
    now: DateTime<Utc>,
) -> Result<(), LoginError> {
    let [network, account] = subjects;
    transaction(conn, async |tx| {
        let wait = |Wait(until)| LoginError::Throttled(until);
        let known = store::login_failures::begin_for_update(tx, account, now).await?;
        let charged = known.charge_account(now, known_browser).map_err(wait)?;
        store::login_failures::update(tx, account, &charged).await?;
        let known = store::login_failures::begin_for_update(tx, network, now).await?;
        let charged = known.charge_network(now).map_err(wait)?;
        Ok(store::login_failures::update(tx, network, &charged).await?)
    })
    .await
}

/// A refresh token was answered with this.
pub(crate) struct Refreshed {
    pub(crate) user: User,
    pub(crate) session: SessionId,
    pub(crate) refresh_token: String,
}

/// Buys the next access token. `None` when the token does not hold.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn refresh(edge: &Edge, token: &str) -> Result<Option<Refreshed>, DbError> {
    let Some((family, generation)) = refresh::read(&edge.keys, token) else { return Ok(None) };
    let now = edge.clock.now();
    let mut conn = edge.pool.get().await?;
    let next =
        transaction(&mut conn, async |tx| present(tx, family, generation, now).await).await?;
    let Some((id, generation)) = next else { return Ok(None) };
    let session = store::sessions::find(&mut conn, id).await?.filter(|found| found.lives(now));
    let Some(session) = session else { return Ok(None) };
    store::sessions::touch(&mut conn, id, now).await?;
    Ok(Some(Refreshed {
        session: id,
        refresh_token: refresh::token(&edge.keys, family, generation),
        user: session.user,
    }))
}

async fn present(
    tx: &mut Connection,
    family: Uuid,
    generation: u32,
    now: DateTime<Utc>,
) -> Result<Option<(SessionId, u32)>, DbError> {
    let Some((session, state)) = store::refresh_families::find_for_update(tx, family).await? else {
        return Ok(None);
    };
    match state.present(generation, now) {
        Presented::Rotate(next) => {
            store::refresh_families::set_generation(tx, family, next, now).await?;
            Ok(Some((session, next)))
        }
        Presented::Again(live) => Ok(Some((session, live))),
        Presented::Reused => {
            tracing::warn!(%session, "an old refresh token was shown again; the login is ended");
            store::refresh_families::end(tx, family, now).await?;
            store::sessions::end(tx, session, EndReason::RefreshReused, now).await?;
            Ok(None)
        }
        Presented::Ended => Ok(None),
    }
}

/// Ends a session; its cookie, access tokens and refresh tokens die with it.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn end(edge: &Edge, id: SessionId, reason: EndReason) -> Result<(), DbError> {
    let mut conn = edge.pool.get().await?;
    store::sessions::end(&mut conn, id, reason, edge.clock.now()).await?;
    edge.sessions.forget(id);
    Ok(())
}

/// The session a refresh token belongs to, whether the token is live or not.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn session_of_refresh(
    edge: &Edge,
    token: &str,
) -> Result<Option<SessionId>, DbError> {
    let Some((family, _generation)) = refresh::read(&edge.keys, token) else { return Ok(None) };
    let mut conn = edge.pool.get().await?;
    transaction(&mut conn, async |tx| {
        let found = store::refresh_families::find_for_update(tx, family).await?;
        Ok(found.map(|(session, _state)| session))
    })
    .await
}

/// 256 random bits as text.
fn random_token() -> String {
    let mut bytes = [0_u8; 32];
    rand::rng().fill_bytes(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}
