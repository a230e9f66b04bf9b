//! Looks for anything in the books that cannot be. Each check is one set-based query that answers
//! what is broken, twenty examples at most; a sound ledger answers nothing.

use diesel::sql_types::{BigInt, Text};
use diesel_async::RunQueryDsl as _;
use konveksi_db::{Connection, DbError};

/// Every check, by the name that the answer carries.
const CHECKS: &[(&str, &str)] = &[
    ("ledger_sum", include_str!("reports/integrity/ledger_sum.sql")),
    ("transfers", include_str!("reports/integrity/transfers.sql")),
    ("accounts", include_str!("reports/integrity/accounts.sql")),
    ("payments_in_ledger", include_str!("reports/integrity/payments_in_ledger.sql")),
    ("allocations", include_str!("reports/integrity/allocations.sql")),
    ("plans", include_str!("reports/integrity/plans.sql")),
    ("order_money", include_str!("reports/integrity/order_money.sql")),
    ("revenue", include_str!("reports/integrity/revenue.sql")),
    ("refunds", include_str!("reports/integrity/refunds.sql")),
    ("reversals", include_str!("reports/integrity/reversals.sql")),
    ("settlements", include_str!("reports/integrity/settlements.sql")),
    ("suspense", include_str!("reports/integrity/suspense.sql")),
];

#[derive(diesel::QueryableByName)]
struct Broken {
    #[diesel(sql_type = BigInt)]
    breaches: i64,
    #[diesel(sql_type = Text)]
    subject: String,
    #[diesel(sql_type = Text)]
    detail: String,
}

/// What one check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Checked {
    /// Its name.
    pub(crate) name: &'static str,
    /// How many breaches there are.
    pub(crate) breaches: i64,
    /// Some of them: what is broken, and how.
    pub(crate) examples: Vec<(String, String)>,
}

/// Runs every check on what was committed when the transaction began, so that money which moves
/// meanwhile is no breach.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn check(tx: &mut Connection) -> Result<Vec<Checked>, DbError> {
    diesel::sql_query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        .execute(tx)
        .await?;
    let mut found = Vec::new();
    for (name, query) in CHECKS {
        let broken = diesel::sql_query(*query).load::<Broken>(tx).await?;
        let breaches = match broken.as_slice() {
            [one, ..] => one.breaches,
            [] => 0,
        };
        found.push(Checked {
            name,
            breaches,
            examples: broken.into_iter().map(|one| (one.subject, one.detail)).collect(),
        });
    }
    Ok(found)
}
