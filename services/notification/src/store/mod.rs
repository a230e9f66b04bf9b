//! All SQL of this service: one file a table. Functions take a connection and speak in domain
//! types; a stored value that our types say cannot exist is `DbError::Corrupt`.

pub(crate) mod attempts;
pub(crate) mod contacts;
pub(crate) mod history;
pub(crate) mod invoices;
pub(crate) mod messages;
pub(crate) mod orders;
pub(crate) mod queue;
pub(crate) mod schema;
pub(crate) mod templates;

use konveksi_db::DbError;

/// Reads a stored literal.
fn literal<T>(what: &str, text: &str, from_wire: fn(&str) -> Option<T>) -> Result<T, DbError> {
    from_wire(text).ok_or_else(|| DbError::Corrupt(format!("{what} {text:?}")))
}

/// Reads a stored amount.
fn amount(what: &str, stored: rust_decimal::Decimal) -> Result<konveksi_kernel::Money, DbError> {
    konveksi_kernel::Money::from_decimal(stored)
        .map_err(|error| DbError::Corrupt(format!("{what}: {error}")))
}
