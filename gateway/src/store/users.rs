//! Staff users.

use chrono::{DateTime, Utc};
use diesel::{
    ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, Queryable, Selectable,
    SelectableHelper as _,
};
use diesel_async::RunQueryDsl as _;
use konveksi_db::{Connection, DbError};
use konveksi_identity::Role;
use konveksi_kernel::UserId;

use super::schema::users;
use crate::users::User;

/// The columns of a user that others may see.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = users)]
pub(super) struct UserRow {
    id: i64,
    username: String,
    email: String,
    first_name: String,
    last_name: String,
    role: String,
    is_active: bool,
    created_at: DateTime<Utc>,
    last_login_at: Option<DateTime<Utc>>,
}

impl TryFrom<UserRow> for User {
    type Error = DbError;

    fn try_from(row: UserRow) -> Result<User, DbError> {
        let role = Role::from_wire(&row.role)
            .ok_or_else(|| DbError::Corrupt(format!("user {} has role {:?}", row.id, row.role)))?;
        Ok(User {
            id: UserId(row.id),
            username: row.username,
            email: row.email,
            first_name: row.first_name,
            last_name: row.last_name,
            role,
            is_active: row.is_active,
            created_at: row.created_at,
            last_login_at: row.last_login_at,
        })
    }
}

/// What a new user starts with; the name is lower case, the hash a PHC text.
pub(crate) struct NewRow<'a> {
    pub(crate) username: &'a str,
    pub(crate) email: &'a str,
    pub(crate) first_name: &'a str,
    pub(crate) last_name: &'a str,
    pub(crate) role: Role,
    pub(crate) password_hash: &'a str,
}

pub(crate) async fn insert(
    conn: &mut Connection,
    row: NewRow<'_>,
    now: DateTime<Utc>,
) -> Result<User, DbError> {
    diesel::insert_into(users::table)
        .values((
            users::username.eq(row.username),
            users::email.eq(row.email),
            users::first_name.eq(row.first_name),
            users::last_name.eq(row.last_name),
            users::role.eq(row.role.as_wire()),
            users::password_hash.eq(row.password_hash),
            users::created_at.eq(now),
            users::updated_at.eq(now),
        ))
        .returning(UserRow::as_returning())
        .get_result(conn)
        .await?
        .try_into()
}

/// The user of that name, active or not, and the password's hash.
pub(crate) async fn find_with_hash(
    conn: &mut Connection,
    username: &str,
) -> Result<Option<(User, String)>, DbError> {
    let found: Option<(UserRow, String)> = users::table
        .filter(users::username.eq(username))
        .select((UserRow::as_select(), users::password_hash))
        .first(conn)
        .await
        .optional()?;
    found.map(|(row, hash)| Ok((User::try_from(row)?, hash))).transpose()
}

pub(crate) async fn list(conn: &mut Connection) -> Result<Vec<User>, DbError> {
    let rows: Vec<UserRow> = users::table
        .order(users::username)
        .limit(1_000)
        .select(UserRow::as_select())
        .load(conn)
        .await?;
    rows.into_iter().map(User::try_from).collect()
}

/// Whether there was such a user.
pub(crate) async fn set_active(
    conn: &mut Connection,
    username: &str,
    is_active: bool,
    now: DateTime<Utc>,
) -> Result<Option<UserId>, DbError> {
    let id: Option<i64> = diesel::update(users::table.filter(users::username.eq(username)))
        .set((users::is_active.eq(is_active), users::updated_at.eq(now)))
        .returning(users::id)
        .get_result(conn)
        .await
        .optional()?;
    Ok(id.map(UserId))
}

pub(crate) async fn set_password_hash(
    conn: &mut Connection,
    id: UserId,
    password_hash: &str,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    diesel::update(users::table.find(id.0))
        .set((users::password_hash.eq(password_hash), users::updated_at.eq(now)))
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn set_last_login(
    conn: &mut Connection,
    id: UserId,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    diesel::update(users::table.find(id.0)).set(users::last_login_at.eq(now)).execute(conn).await?;
    Ok(())
}
