//! A statement put together from fixed pieces of SQL and bound values, for lists whose conditions
//! differ from call to call. No value ever becomes text of the statement.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_types;
use rust_decimal::Decimal;
use uuid::Uuid;

/// A value that is bound.
#[derive(Debug, Clone)]
pub(super) enum Bind {
    Text(String),
    Texts(Vec<String>),
    Number(i64),
    Amount(Decimal),
    Day(NaiveDate),
    Instant(DateTime<Utc>),
    Id(Uuid),
}

/// SQL so far, and its values.
#[derive(Debug, Clone, Default)]
pub(super) struct Statement {
    sql: String,
    binds: Vec<Bind>,
}

impl Statement {
    /// Begins with `sql`.
    pub(super) fn new(sql: &'static str) -> Statement {
        Statement { sql: sql.to_owned(), binds: Vec::new() }
    }

    /// Goes on with `sql`.
    pub(super) fn then(&mut self, sql: &'static str) -> &mut Statement {
        self.sql.push_str(sql);
        self
    }

    /// Goes on with the placeholder of `value`.
    pub(super) fn bind(&mut self, value: Bind) -> &mut Statement {
        self.binds.push(value);
        self.sql.push('$');
        self.sql.push_str(&self.binds.len().to_string());
        self
    }

    /// What diesel can run.
    pub(super) fn query(self) -> BoxedSqlQuery<'static, Pg, SqlQuery> {
        let mut query = diesel::sql_query(self.sql).into_boxed::<Pg>();
        for value in self.binds {
            query = match value {
                Bind::Text(value) => query.bind::<sql_types::Text, _>(value),
                Bind::Texts(value) => query.bind::<sql_types::Array<sql_types::Text>, _>(value),
                Bind::Number(value) => query.bind::<sql_types::BigInt, _>(value),
                Bind::Amount(value) => query.bind::<sql_types::Numeric, _>(value),
                Bind::Day(value) => query.bind::<sql_types::Date, _>(value),
                Bind::Instant(value) => query.bind::<sql_types::Timestamptz, _>(value),
                Bind::Id(value) => query.bind::<sql_types::Uuid, _>(value),
            };
        }
        query
    }
}

/// A LIKE pattern for text that contains `part`, in which nothing of `part` is a wildcard.
pub(super) fn containing(part: &str) -> String {
    let escaped = part.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{escaped}%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_in_a_search_mean_themselves() {
        assert_eq!(containing("100%_\\"), "%100\\%\\_\\\\%");
    }

    #[test]
    fn values_become_placeholders_in_their_order() {
        let mut statement = Statement::new("SELECT ");
        statement.bind(Bind::Number(1)).then(", ").bind(Bind::Text("x".to_owned()));
        assert_eq!(statement.sql, "SELECT $1, $2");
        assert_eq!(statement.binds.len(), 2);
    }
}
