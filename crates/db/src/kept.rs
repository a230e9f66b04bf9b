//! Statements whose plan is kept (decision 0013).
//!
//! diesel prepares a query written as text anew each time it runs, because most such text is put
//! together at run time; and every `INSERT` and `UPDATE`, because a value that is absent could
//! change its text. Ours are fixed where it matters: the same few statements run for every order,
//! payment and event. Prepared once for a connection they save a round trip and the planning.

use diesel::IntoSql as _;
use diesel::expression::AsExpression;
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::sql_types::{SingleValue, SqlType, Untyped};

/// A statement, and its values; run it as any of diesel's.
pub struct Kept<'a> {
    sql: &'static str,
    values: Vec<Box<dyn QueryFragment<Pg> + Send + 'a>>,
}

/// The statement `sql`, whose values are bound to `$1`, `$2`, … in turn, and read by column name as
/// with `diesel::sql_query`. For text that is fixed: each one is kept for the life of a connection.
#[must_use]
pub fn kept(sql: &'static str) -> Kept<'static> {
    Kept { sql, values: Vec::new() }
}

impl<'a> Kept<'a> {
    /// Binds the next value.
    #[must_use]
    pub fn bind<Type, Value>(self, value: Value) -> Kept<'a>
    where
        Type: SqlType + SingleValue,
        Value: AsExpression<Type>,
        Value::Expression: QueryFragment<Pg> + Send + 'a,
    {
        let mut values = self.values;
        values.push(Box::new(value.into_sql::<Type>()));
        Kept { sql: self.sql, values }
    }
}

/// A statement of diesel's whose plan is kept; see [`KeepPlan`].
pub struct PlanKept<Statement>(Statement);

/// Keeping the plan of a statement written in diesel's language.
pub trait KeepPlan: Sized {
    /// Prepares it once for a connection. For statements whose text is the same whatever their
    /// values: one row, every column always named.
    fn keep_plan(self) -> PlanKept<Self> {
        PlanKept(self)
    }
}

impl<Statement: QueryFragment<Pg>> KeepPlan for Statement {}

impl<Statement: QueryFragment<Pg>> QueryFragment<Pg> for PlanKept<Statement> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.0.walk_ast(out)
    }

    fn is_safe_to_cache_prepared(&self, _: &Pg) -> QueryResult<bool> {
        Ok(true)
    }
}

impl<Statement> QueryId for PlanKept<Statement> {
    type QueryId = ();

    // The text tells statements apart.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Statement: Query> Query for PlanKept<Statement> {
    type SqlType = Statement::SqlType;
}

/// The text up to the next `$n`, that `n`, and the text after it.
fn next_value(sql: &'static str) -> Option<(&'static str, usize, &'static str)> {
    let (before, after) = sql.split_once('$')?;
    let digits = after.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = after.split_at(digits);
    Some((before, number.parse().ok()?, rest))
}

impl QueryFragment<Pg> for Kept<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let mut rest = self.sql;
        // diesel numbers values by where they stand: one that stands twice is bound twice.
        while let Some((before, number, after)) = next_value(rest) {
            out.push_sql(before);
            let value = number.checked_sub(1).and_then(|index| self.values.get(index));
            let missing = || {
                let why = format!("nothing is bound to ${number} of: {}", self.sql);
                diesel::result::Error::QueryBuilderError(why.into())
            };
            value.ok_or_else(missing)?.walk_ast(out.reborrow())?;
            rest = after;
        }
        out.push_sql(rest);
        Ok(())
    }
}

impl QueryId for Kept<'_> {
    type QueryId = ();

    // The text tells statements apart.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Kept<'_> {
    type SqlType = Untyped;
}

#[cfg(test)]
mod tests {
    use diesel::sql_types::{BigInt, Text};
    use diesel::{ExpressionMethods as _, debug_query};

    use super::*;

    #[test]
    fn values_stand_where_their_number_says_and_may_stand_twice() {
        let query = kept("SELECT a FROM b WHERE c = $2 AND d > $1 AND e < $1 LIMIT 5")
            .bind::<BigInt, _>(7)
            .bind::<Text, _>("x");
        let shown = debug_query::<Pg, _>(&query).to_string();
        assert!(shown.starts_with("SELECT a FROM b WHERE c = $1 AND d > $2 AND e < $3 LIMIT 5"));
        assert!(shown.ends_with(r#"binds: ["x", 7, 7]"#), "{shown}");
        assert!(query.is_safe_to_cache_prepared(&Pg).unwrap());
    }

    diesel::table! {
        b (a) { a -> BigInt, }
    }

    #[test]
    fn an_update_is_kept_when_asked_and_reads_the_same() {
        let update = || diesel::update(b::table).set(b::a.eq(7));
        assert!(!update().is_safe_to_cache_prepared(&Pg).unwrap());
        let kept = update().keep_plan();
        assert!(kept.is_safe_to_cache_prepared(&Pg).unwrap());
        let shown = debug_query::<Pg, _>(&kept).to_string();
        assert_eq!(shown, debug_query::<Pg, _>(&update()).to_string());
    }

    #[test]
    fn a_value_that_was_forgotten_is_an_error() {
        let query = kept("SELECT $1, $2").bind::<BigInt, _>(1);
        assert!(query.is_safe_to_cache_prepared(&Pg).is_err());
    }
}
