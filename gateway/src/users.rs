//! Staff users, for the `konveksi user` commands and the gateway itself. There are no default
//! accounts: the first one is made by hand (`reliability.md` E12).

use chrono::{DateTime, Utc};
use konveksi_db::{Connection, DbError, transaction};
use konveksi_identity::Role;
use konveksi_kernel::{Clock, UserId};
use konveksi_settings::{ExposeSecret as _, SecretString};
use thiserror::Error;

use crate::identity::EndReason;
use crate::identity::password::{self, PasswordError};
use crate::identity::policy;
pub use crate::identity::policy::WeakPassword;
use crate::store;

/// A staff user, without the password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// A whole number, as the public client has it.
    pub id: UserId,
    /// Lower case; what is typed at login.
    pub username: String,
    /// May be empty.
    pub email: String,
    /// May be empty.
    pub first_name: String,
    /// May be empty.
    pub last_name: String,
    /// What the user may do.
    pub role: Role,
    /// Whether the user may log in.
    pub is_active: bool,
    /// When the user was made.
    pub created_at: DateTime<Utc>,
    /// The last successful login, if there was one.
    pub last_login_at: Option<DateTime<Utc>>,
}

/// What is needed for a new user. No `Debug`: it holds the password.
pub struct NewUser {
    /// Written in lower case whatever is given.
    pub username: String,
    /// May be empty.
    pub email: String,
    /// May be empty.
    pub first_name: String,
    /// May be empty.
    pub last_name: String,
    /// What the user may do.
    pub role: Role,
    /// 12 to 128 characters.
    pub password: SecretString,
}

/// Why a user was not made or changed.
#[derive(Debug, Error)]
pub enum UserError {
    /// Somebody has this name already.
    #[error("there is already a user {0:?}")]
    Taken(String),
    /// Nobody has this name.
    #[error("there is no user {0:?}")]
    Unknown(String),
    /// A name is 1 to 150 letters, digits and `@ . + - _`.
    #[error("{0:?} is not a user name: 1 to 150 letters, digits and @ . + - _")]
    Name(String),
    /// The password is not taken.
    #[error(transparent)]
    Weak(#[from] WeakPassword),
    /// The password could not be hashed.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// A user name as it is stored and compared: trimmed, lower case.
pub(crate) fn normalised(username: &str) -> String {
    username.trim().to_lowercase()
}

/// Makes a user.
///
/// # Errors
/// [`UserError::Name`], [`UserError::Weak`], [`UserError::Taken`], [`UserError::Db`].
pub async fn create(
    conn: &mut Connection,
    clock: &dyn Clock,
    new: NewUser,
) -> Result<User, UserError> {
    let username = normalised(&new.username);
    let plain = |letter: char| letter.is_alphanumeric() || "@.+-_".contains(letter);
    if username.is_empty() || username.chars().count() > 150 || !username.chars().all(plain) {
        return Err(UserError::Name(new.username));
    }
    let password_hash = checked_hash(&new.password, &username).await?;
    let row = store::users::NewRow {
        username: &username,
        email: new.email.trim(),
        first_name: new.first_name.trim(),
        last_name: new.last_name.trim(),
        role: new.role,
        password_hash: &password_hash,
    };
    store::users::insert(conn, row, clock.now()).await.map_err(|error| {
        if error.violates_unique("users_username_key") {
            UserError::Taken(username.clone())
        } else {
            UserError::Db(error)
        }
    })
}

/// All users by name, 1,000 at most.
///
/// # Errors
/// [`UserError::Db`].
pub async fn list(conn: &mut Connection) -> Result<Vec<User>, UserError> {
    Ok(store::users::list(conn).await?)
}

/// Disables a user and ends all of the user's sessions; tokens die within seconds.
///
/// # Errors
/// [`UserError::Unknown`], [`UserError::Db`].
pub async fn disable(
    conn: &mut Connection,
    clock: &dyn Clock,
    username: &str,
) -> Result<(), UserError> {
    let (username, now) = (normalised(username), clock.now());
    transaction(conn, async |tx| {
        let user = store::users::set_active(tx, &username, false, now)
            .await?
            .ok_or_else(|| UserError::Unknown(username.clone()))?;
        Ok(store::sessions::end_all_of(tx, user, EndReason::Disabled, now).await?)
    })
    .await
}

/// Lets a disabled user in again.
///
/// # Errors
/// [`UserError::Unknown`], [`UserError::Db`].
pub async fn enable(
    conn: &mut Connection,
    clock: &dyn Clock,
    username: &str,
) -> Result<(), UserError> {
    let username = normalised(username);
    let found = store::users::set_active(conn, &username, true, clock.now()).await?;
    found.map(|_id| ()).ok_or(UserError::Unknown(username))
}

/// Gives a user another password and ends all of the user's sessions.
///
/// # Errors
/// [`UserError::Unknown`], [`UserError::Weak`], [`UserError::Db`].
pub async fn set_password(
    conn: &mut Connection,
    clock: &dyn Clock,
    username: &str,
    password: &SecretString,
) -> Result<(), UserError> {
    let (username, now) = (normalised(username), clock.now());
    let hash = checked_hash(password, &username).await?;
    transaction(conn, async |tx| {
        let (user, _old) = store::users::find_with_hash(tx, &username)
            .await?
            .ok_or_else(|| UserError::Unknown(username.clone()))?;
        store::users::set_password_hash(tx, user.id, &hash, now).await?;
        Ok(store::sessions::end_all_of(tx, user.id, EndReason::PasswordChanged, now).await?)
    })
    .await
}

async fn checked_hash(password: &SecretString, username: &str) -> Result<String, UserError> {
    policy::check(password.expose_secret(), username)?;
    let password = password.clone();
    let hashed =
        tokio::task::spawn_blocking(move || password::hash_now(password.expose_secret())).await;
    Ok(hashed.map_err(|_panicked| PasswordError::Broken)??)
}
