//! What can go wrong with a database, named for what the caller can do about it.

use diesel::result::{DatabaseErrorKind, Error};
use thiserror::Error;

/// A database call that did not succeed.
#[derive(Debug, Error)]
pub enum DbError {
    /// The database cannot be reached, is shutting down, or no connection was free in time: try later.
    #[error("the database is not available")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A lock, deadlock or serialization conflict: the same call may succeed at once.
    #[error("another transaction holds what this one needs")]
    Contended(#[source] Error),
    /// A row with these values exists already.
    #[error("a row with these values exists already ({constraint})")]
    UniqueViolation {
        /// The constraint or index, or an empty text when the server did not say.
        constraint: String,
    },
    /// A row that this one names does not exist, or is still named by others.
    #[error("a referenced row is missing or still referenced ({constraint})")]
    ForeignKeyViolation {
        /// The constraint, or an empty text when the server did not say.
        constraint: String,
    },
    /// A rule that the table itself holds was broken.
    #[error("a rule of the table was broken ({constraint})")]
    CheckViolation {
        /// The constraint, or an empty text when the server did not say.
        constraint: String,
    },
    /// A stored value that our types say cannot exist.
    #[error("the database holds a value that cannot be: {0}")]
    Corrupt(String),
    /// Anything else; a defect of ours.
    #[error("a database query failed")]
    Query(#[source] Error),
}

impl DbError {
    /// Whether trying again later, unchanged, can succeed.
    pub const fn is_transient(&self) -> bool {
        matches!(self, DbError::Unavailable(_) | DbError::Contended(_))
    }

    /// Whether the named unique constraint or index was violated.
    pub fn violates_unique(&self, wanted: &str) -> bool {
        matches!(self, DbError::UniqueViolation { constraint } if constraint == wanted)
    }
}

impl From<Error> for DbError {
    fn from(error: Error) -> DbError {
        let Error::DatabaseError(kind, info) = &error else {
            return match error {
                Error::BrokenTransactionManager => DbError::Unavailable(Box::new(error)),
                other => DbError::Query(other),
            };
        };
        let constraint = info.constraint_name().unwrap_or_default().to_owned();
        match kind {
            DatabaseErrorKind::UniqueViolation => DbError::UniqueViolation { constraint },
            DatabaseErrorKind::ForeignKeyViolation => DbError::ForeignKeyViolation { constraint },
            DatabaseErrorKind::CheckViolation => DbError::CheckViolation { constraint },
            DatabaseErrorKind::SerializationFailure => DbError::Contended(error),
            DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand => {
                DbError::Unavailable(Box::new(error))
            }
            _ => from_message(error),
        }
    }
}

/// Diesel keeps no SQLSTATE for the rest, so what PostgreSQL says in words must do.
fn from_message(error: Error) -> DbError {
    let message = error.to_string();
    let contended = ["deadlock detected", "lock timeout", "could not obtain lock"];
    let away = [
        "terminating connection",
        "the database system is",
        "connection closed",
        "idle-in-transaction timeout",
        "error communicating with the server",
        "too many connections",
        "remaining connection slots",
    ];
    if contended.iter().any(|text| message.contains(text)) {
        DbError::Contended(error)
    } else if away.iter().any(|text| message.contains(text)) {
        DbError::Unavailable(Box::new(error))
    } else {
        DbError::Query(error)
    }
}
