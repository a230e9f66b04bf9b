//! Figures over everything a filter finds: from the roll-ups where they are kept by what is asked,
//! else from the orders.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Date, Integer, Numeric};
use diesel_async::RunQueryDsl;
use konveksi_db::{Connection, DbError};
use rust_decimal::Decimal;

use super::orders_found::{Wanted, narrow_states};
use super::statement::{Bind, Statement};
use crate::domain::filter::Filter;
use crate::domain::paging::Tally;
use crate::domain::search::{Field, Tier};
use crate::domain::summary::Summary;

/// What every question here answers for a group of orders.
#[derive(QueryableByName)]
struct Figures {
    #[diesel(sql_type = BigInt)]
    orders: i64,
    #[diesel(sql_type = Numeric)]
    paid: Decimal,
    #[diesel(sql_type = BigInt)]
    settled: i64,
    #[diesel(sql_type = BigInt)]
    cancelled: i64,
}

impl From<Figures> for Summary {
    fn from(row: Figures) -> Summary {
        Summary {
            count: row.orders,
            paid: row.paid,
            settled: row.settled,
            cancelled: row.cancelled,
        }
    }
}

#[derive(QueryableByName)]
struct OfDay {
    #[diesel(sql_type = Date)]
    day: NaiveDate,
    #[diesel(embed)]
    figures: Figures,
}

#[derive(QueryableByName)]
struct OfTier {
    /// One of the sources below.
    #[diesel(sql_type = Integer)]
    source: i32,
    /// Position in `Tier::ALL` of the best that is met.
    #[diesel(sql_type = Integer)]
    rank: i32,
    /// The same of the best that the name alone meets; less than 0 if it meets none.
    #[diesel(sql_type = Integer)]
    name_rank: i32,
    #[diesel(sql_type = Bool)]
    in_product: bool,
    #[diesel(embed)]
    figures: Figures,
}

/// Orders that were looked at; names and products are roll-ups.
const LOOKED_AT: i32 = 0;

const FIGURES_OF_ROLLUP: &str = "
    sum(orders)::bigint AS orders, sum(paid) AS paid,
    coalesce(sum(orders) FILTER (WHERE status_order = 'lunas'), 0)::bigint AS settled,
    coalesce(sum(orders) FILTER (WHERE status_order = 'dibatalkan'), 0)::bigint AS cancelled";

const FIGURES_OF_ORDERS: &str = "
    count(*) AS orders, coalesce(sum(paid_amount), 0) AS paid,
    count(*) FILTER (WHERE status_order = 'lunas') AS settled,
    count(*) FILTER (WHERE status_order = 'dibatalkan') AS cancelled";

/// Counts and sums what `filter` finds.
pub(super) async fn tally(
    conn: &mut Connection,
    filter: &Filter,
    wanted: &Wanted<'_>,
) -> Result<Tally, DbError> {
    if filter.is_of_rollups() {
        return of_rollups(conn, filter).await;
    }
    if filter.is_only_name() {
        return of_name(conn, wanted).await;
    }
    if filter.search.is_some() {
        return of_search(conn, filter, wanted).await;
    }
    let mut statement = Statement::new("SELECT");
    statement.then(FIGURES_OF_ORDERS).then(" FROM orders WHERE");
    wanted.narrow(&mut statement);
    let figures: Figures = statement.query().get_result(conn).await?;
    Ok(Tally { all: figures.into(), ..Tally::default() })
}

/// From the roll-up and what waits to be folded into it, by day.
pub(super) async fn of_rollups(conn: &mut Connection, filter: &Filter) -> Result<Tally, DbError> {
    let mut statement = Statement::new("SELECT day,");
    statement.then(FIGURES_OF_ROLLUP).then(
        " FROM (SELECT day, status_order, production_status, payment_type, orders, paid
                FROM order_rollup
                UNION ALL
                SELECT day, status_order, production_status, payment_type, orders, paid
                FROM order_changes) AS known
          WHERE day IS NOT NULL",
    );
    narrow_states(&mut statement, filter);
    if let Some(day) = filter.date_from {
        statement.then(" AND day >= ").bind(Bind::Day(day));
    }
    if let Some(day) = filter.date_to {
        statement.then(" AND day <= ").bind(Bind::Day(day));
    }
    statement.then(" GROUP BY day HAVING sum(orders) <> 0 ORDER BY day DESC");
    let rows: Vec<OfDay> = statement.query().load(conn).await?;
    let mut tally = Tally::default();
    for row in rows {
        tally.days.push((row.day, row.figures.orders));
        tally.all = tally.all.plus(row.figures.into());
    }
    Ok(tally)
}

/// From the roll-up by name.
async fn of_name(conn: &mut Connection, wanted: &Wanted<'_>) -> Result<Tally, DbError> {
    let mut statement = Statement::new("SELECT");
    statement.then(FIGURES_OF_KNOWN).then(" FROM ").then(KNOWN_NAMES).then(" WHERE true");
    wanted.narrow_name(&mut statement);
    let figures: Figures = statement.query().get_result(conn).await?;
    Ok(Tally { all: figures.into(), ..Tally::default() })
}

/// By tier. What is found by its product, which may be half of all orders, comes from the roll-up
/// when at most states are asked for beside the search, and what is found by its name when nothing
/// is. Then only the orders are looked at that are found in another way, or by both name and
/// product, to count them once and where they are best.
async fn of_search(
    conn: &mut Connection,
    filter: &Filter,
    wanted: &Wanted<'_>,
) -> Result<Tally, DbError> {
    let tiers = wanted.tiers();
    if tiers.is_empty() {
        return Ok(Tally::default());
    }
    let known = Known {
        product: filter.is_search_of_states() && tiers.contains(&Tier::Product),
        names: if filter.is_search_of_states() && !filter.has_states() {
            tiers.iter().copied().filter(|tier| tier.field() == Field::CustomerName).collect()
        } else {
            Vec::new()
        },
    };
    let mut statement = Statement::new("SELECT 0 AS source, rank, name_rank, in_product,");
    statement.then(FIGURES_OF_ORDERS).then(" FROM (SELECT ");
    best(&mut statement, wanted, &tiers);
    statement.then(" AS rank, ");
    best(&mut statement, wanted, &known.names);
    statement.then(" AS name_rank, ");
    if known.product {
        wanted.met(&mut statement, Tier::Product);
    } else {
        statement.then("false");
    }
    statement.then(" AS in_product, paid_amount, status_order FROM orders WHERE");
    wanted.narrow(&mut statement);
    looked_at(&mut statement, wanted, &tiers, &known);
    statement.then(") AS met GROUP BY rank, name_rank, in_product");
    if !known.names.is_empty() {
        add_names(&mut statement, wanted, &known.names);
    }
    if known.product {
        add_products(&mut statement, filter, wanted);
    }
    Ok(by_tier(statement.query().load(conn).await?))
}

/// The tiers whose figures roll-ups know.
struct Known {
    product: bool,
    names: Vec<Tier>,
}

/// Adds, with AND before it, that an order is found in a way that no roll-up knows, or in two that
/// both count it.
fn looked_at(statement: &mut Statement, wanted: &Wanted<'_>, tiers: &[Tier], known: &Known) {
    let is_known =
        |tier: &Tier| known.names.contains(tier) || (known.product && *tier == Tier::Product);
    let others: Vec<Tier> = tiers.iter().copied().filter(|tier| !is_known(tier)).collect();
    statement.then(" AND (");
    wanted.met_any(statement, &others);
    if known.product && !known.names.is_empty() {
        statement.then(" OR (");
        wanted.met_any(statement, &known.names);
        statement.then(" AND ");
        wanted.met(statement, Tier::Product);
        statement.then(")");
    }
    statement.then(")");
}

/// Adds the position of the best of `tiers` that is met, or -1.
fn best(statement: &mut Statement, wanted: &Wanted<'_>, tiers: &[Tier]) {
    statement.then("CASE WHEN false THEN -1");
    for tier in tiers {
        statement.then(" WHEN ");
        wanted.met(statement, *tier);
        statement.then(rank(*tier));
    }
    statement.then(" ELSE -1 END");
}

const FIGURES_OF_KNOWN: &str = "
    coalesce(sum(orders), 0)::bigint AS orders, coalesce(sum(paid), 0) AS paid,
    coalesce(sum(settled), 0)::bigint AS settled,
    coalesce(sum(cancelled), 0)::bigint AS cancelled";

/// Names with their figures, and what waits to be folded into them.
const KNOWN_NAMES: &str = "
    (SELECT name_folded, name_words, orders, paid, settled, cancelled FROM name_rollup
     UNION ALL
     SELECT name_folded, name_words, orders, paid,
            CASE WHEN status_order = 'lunas' THEN orders ELSE 0 END,
            CASE WHEN status_order = 'dibatalkan' THEN orders ELSE 0 END
     FROM order_changes WHERE day IS NOT NULL) AS known";

/// Adds the figures of all names that meet `tiers`. In the same statement, so that all its parts
/// see the same orders.
fn add_names(statement: &mut Statement, wanted: &Wanted<'_>, tiers: &[Tier]) {
    statement.then(" UNION ALL SELECT 1, rank, rank, false,").then(FIGURES_OF_KNOWN);
    statement.then(" FROM (SELECT ");
    best(statement, wanted, tiers);
    statement.then(" AS rank, orders, paid, settled, cancelled FROM ").then(KNOWN_NAMES);
    statement.then(" WHERE ");
    wanted.met_any(statement, tiers);
    statement.then(") AS ranked GROUP BY rank");
}

/// Adds the figures of all products that are met, of the states that are asked for.
fn add_products(statement: &mut Statement, filter: &Filter, wanted: &Wanted<'_>) {
    statement.then(" UNION ALL SELECT 2, 4, -1, true,").then(FIGURES_OF_KNOWN);
    statement.then(
        " FROM (SELECT product_folded, status_order, production_status, payment_type, orders, paid,
                       settled, cancelled
                FROM product_rollup
                UNION ALL
                SELECT product_folded, status_order, production_status, payment_type, orders, paid,
                       CASE WHEN status_order = 'lunas' THEN orders ELSE 0 END,
                       CASE WHEN status_order = 'dibatalkan' THEN orders ELSE 0 END
                FROM order_changes WHERE day IS NOT NULL) AS known WHERE ",
    );
    wanted.met(statement, Tier::Product);
    narrow_states(statement, filter);
}

/// Puts the rows together. An order that was looked at is counted in its best tier and taken out
/// of the roll-ups' figures that hold it too.
fn by_tier(rows: Vec<OfTier>) -> Tally {
    let mut counts = Tier::ALL.map(|tier| (tier, 0));
    let mut all = Summary::default();
    let mut add = |rank: i32, more: i64| {
        let tier = usize::try_from(rank).ok().and_then(|at| counts.get_mut(at));
        if let Some((_, count)) = tier {
            *count += more;
        }
    };
    for row in rows {
        let looked_at = row.source == LOOKED_AT;
        let figures = Summary::from(row.figures);
        add(row.rank, figures.count);
        all = all.plus(figures);
        if looked_at && row.name_rank >= 0 {
            add(row.name_rank, -figures.count);
            all = all.minus(figures);
        }
        if looked_at && row.in_product {
            add(PRODUCT, -figures.count);
            all = all.minus(figures);
        }
    }
    let tiers = counts.into_iter().filter(|(_, count)| *count > 0).collect();
    Tally { all, days: Vec::new(), tiers }
}

/// The position of `Tier::Product`.
const PRODUCT: i32 = 4;

/// The end of a tier's case.
const fn rank(tier: Tier) -> &'static str {
    match tier {
        Tier::Code => " THEN 0",
        Tier::Contact => " THEN 1",
        Tier::NameWords => " THEN 2",
        Tier::NamePart => " THEN 3",
        Tier::Product => " THEN 4",
        Tier::ContactPart => " THEN 5",
        Tier::NameMisspelt => " THEN 6",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(source: i32, rank: i32, name_rank: i32, in_product: bool, orders: i64) -> OfTier {
        let figures = Figures { orders, paid: Decimal::from(orders), settled: 0, cancelled: 0 };
        OfTier { source, rank, name_rank, in_product, figures }
    }

    #[test]
    fn an_order_met_twice_is_counted_once_where_it_is_best() {
        // Ten by product, seven by a word of the name, four by a misspelt one; of these two and
        // three are in the product as well. One more is found by its contact, and one by contact
        // and product.
        let tally = by_tier(vec![
            row(1, 2, 2, false, 7),
            row(1, 6, 6, false, 4),
            row(2, 4, -1, true, 10),
            row(0, 2, 2, true, 2),
            row(0, 4, 6, true, 3),
            row(0, 5, -1, false, 1),
            row(0, 4, -1, true, 1),
        ]);
        assert_eq!(
            tally.tiers,
            [
                (Tier::NameWords, 7),
                (Tier::Product, 8),
                (Tier::ContactPart, 1),
                (Tier::NameMisspelt, 1)
            ]
        );
        assert_eq!((tally.all.count, tally.all.paid), (17, Decimal::from(17)));
    }

    #[test]
    fn ranks_are_positions() {
        for (position, tier) in Tier::ALL.into_iter().enumerate() {
            assert_eq!(rank(tier), format!(" THEN {position}"));
        }
        assert_eq!(Tier::ALL.iter().position(|tier| *tier == Tier::Product), Some(4));
    }
}
