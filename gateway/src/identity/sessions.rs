//! Which logins live. PostgreSQL knows; what it said is remembered for a moment.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use konveksi_db::{DbError, Pool};
use konveksi_kernel::Clock;
use sha2::{Digest as _, Sha256};

use crate::store;
use crate::users::User;

konveksi_kernel::entity_id! { /// Names one login; access tokens carry it as `sid`.
SessionId }

/// How long a looked-up session is believed without asking again; an ended one dies that soon.
pub(crate) const STALE: Duration = Duration::from_secs(3);
/// A session not used this long is over.
const IDLE: chrono::Duration = chrono::Duration::hours(2);
/// A session is over after this long, used or not.
pub(crate) const LIFETIME: chrono::Duration = chrono::Duration::hours(8);
/// Use is written down at most this often.
const TOUCH_EVERY: chrono::Duration = chrono::Duration::minutes(1);
/// Sessions remembered at once; beyond it the memory starts afresh.
const REMEMBERED: usize = 10_000;

/// A login and whose it is.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    pub(crate) id: SessionId,
    pub(crate) token_hash: Vec<u8>,
    pub(crate) last_seen_at: DateTime<Utc>,
    pub(crate) expires_at: DateTime<Utc>,
    pub(crate) user: User,
}

impl Session {
    /// Whether it is neither too old nor too long unused.
    pub(crate) fn lives(&self, now: DateTime<Utc>) -> bool {
        now < self.expires_at && now - self.last_seen_at < IDLE
    }
}

/// How a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EndReason {
    /// The user logged out.
    Logout,
    /// The same browser logged in again.
    Replaced,
    /// The user was disabled.
    Disabled,
    /// The user's password was changed.
    PasswordChanged,
    /// An old refresh token was shown again.
    RefreshReused,
}

impl EndReason {
    pub(crate) const fn as_text(self) -> &'static str {
        match self {
            EndReason::Logout => "logout",
            EndReason::Replaced => "replaced",
            EndReason::Disabled => "disabled",
            EndReason::PasswordChanged => "password_changed",
            EndReason::RefreshReused => "refresh_reused",
        }
    }
}

/// The stored form of a session cookie's value.
pub(crate) fn token_hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

struct Remembered {
    session: Arc<Session>,
    asked_at: Instant,
}

#[derive(Default)]
struct Memory {
    by_id: HashMap<SessionId, Remembered>,
    id_of: HashMap<Vec<u8>, SessionId>,
}

/// Looks sessions up.
pub(crate) struct Sessions {
    pool: Pool,
    clock: Arc<dyn Clock>,
    memory: Mutex<Memory>,
}

impl Sessions {
    pub(crate) fn new(pool: Pool, clock: Arc<dyn Clock>) -> Sessions {
        Sessions { pool, clock, memory: Mutex::new(Memory::default()) }
    }

    /// The living session of this id.
    pub(crate) async fn of_id(&self, id: SessionId) -> Result<Option<Arc<Session>>, DbError> {
        if let Some(session) = self.remembered(id) {
            return self.used(session).await;
        }
        let mut conn = self.pool.get().await?;
        let found = store::sessions::find(&mut conn, id).await?;
        drop(conn);
        self.found(found).await
    }

    /// The living session of this cookie value.
    pub(crate) async fn of_token(&self, token: &str) -> Result<Option<Arc<Session>>, DbError> {
        let hash = token_hash(token);
        let id = self.locked().id_of.get(&hash).copied();
        if let Some(session) = id.and_then(|id| self.remembered(id)) {
            return self.used(session).await;
        }
        let mut conn = self.pool.get().await?;
        let found = store::sessions::find_by_token_hash(&mut conn, &hash).await?;
        drop(conn);
        self.found(found).await
    }

    /// Whether a session still lives; looking is not using it, so it may grow idle meanwhile.
    pub(crate) async fn is_living(&self, id: SessionId) -> Result<bool, DbError> {
        let mut conn = self.pool.get().await?;
        let found = store::sessions::find(&mut conn, id).await?;
        Ok(found.is_some_and(|session| session.lives(self.clock.now())))
    }

    /// Forgets what was remembered of a session, so that the next use asks again.
    pub(crate) fn forget(&self, id: SessionId) {
        let mut memory = self.locked();
        if let Some(gone) = memory.by_id.remove(&id) {
            memory.id_of.remove(&gone.session.token_hash);
        }
    }

    async fn found(&self, found: Option<Session>) -> Result<Option<Arc<Session>>, DbError> {
        let Some(session) = found else { return Ok(None) };
        let session = Arc::new(session);
        self.remember(session.clone());
        self.used(session).await
    }

    /// Ages a session and writes its use down now and then.
    async fn used(&self, session: Arc<Session>) -> Result<Option<Arc<Session>>, DbError> {
        let now = self.clock.now();
        if !session.lives(now) {
            return Ok(None);
        }
        if now - session.last_seen_at < TOUCH_EVERY {
            return Ok(Some(session));
        }
        let mut conn = self.pool.get().await?;
        store::sessions::touch(&mut conn, session.id, now).await?;
        let touched = Arc::new(Session { last_seen_at: now, ..Session::clone(&session) });
        if let Some(remembered) = self.locked().by_id.get_mut(&session.id) {
            remembered.session = touched.clone();
        }
        Ok(Some(touched))
    }

    fn remembered(&self, id: SessionId) -> Option<Arc<Session>> {
        let memory = self.locked();
        let remembered = memory.by_id.get(&id)?;
        (remembered.asked_at.elapsed() < STALE).then(|| remembered.session.clone())
    }

    fn remember(&self, session: Arc<Session>) {
        let mut memory = self.locked();
        if memory.by_id.len() >= REMEMBERED {
            *memory = Memory::default();
        }
        memory.id_of.insert(session.token_hash.clone(), session.id);
        memory.by_id.insert(session.id, Remembered { session, asked_at: Instant::now() });
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
