//! Answers that are kept in Redis, each under the version of what it was made of.
//!
//! The version is read from PostgreSQL before the answer is looked for, and every commit that wrote
//! an order or a customer made it another one. So an answer that is found holds everything that was
//! committed before it was asked for (docs/decisions/0012).

use std::time::Duration;

use chrono::NaiveDate;
use konveksi_cache::Found;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{App, AppError};
use crate::domain::paging::Tally;
use crate::domain::search::Tier;
use crate::domain::summary::Summary;
use crate::store;

/// How long a list of orders and its figures are kept (the brief's caching section).
pub(crate) const ORDERS: Duration = Duration::from_mins(1);
/// How long what is told about customers is kept.
pub(crate) const CUSTOMERS: Duration = Duration::from_mins(30);

/// A list that may be answered from the cache.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cached<'a> {
    /// What kind of answer it is; also the metric's label.
    pub(crate) thing: &'static str,
    /// Everything the answer depends on but the data: who asks for what under which address.
    pub(crate) asked: &'a str,
    /// How long it is kept.
    pub(crate) lifetime: Duration,
}

/// The answer to `cached`, from the cache or by `compute`, and where it came from.
///
/// # Errors
/// [`AppError::Db`], and what `compute` answers.
pub(crate) async fn answer(
    app: &App,
    cached: Cached<'_>,
    compute: impl AsyncFnOnce() -> Result<String, AppError>,
) -> Result<(String, Found), AppError> {
    let version = {
        let mut conn = app.pool.get().await?;
        store::rollups::version(&mut conn).await?
    };
    let id = id_of(&version, cached.asked);
    app.cache.text(cached.thing, &id, cached.lifetime, compute).await
}

/// What is asked may name people, so the key only has its digest. A release that shapes answers
/// otherwise must not meet those of another.
fn id_of(version: &str, asked: &str) -> String {
    let digest = Sha256::new()
        .chain_update(env!("CARGO_PKG_VERSION"))
        .chain_update([0])
        .chain_update(asked)
        .finalize();
    format!("{version}:{}", hex::encode(digest))
}

/// Figures as they are kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    count: i64,
    paid: Decimal,
    settled: i64,
    cancelled: i64,
    days: Vec<(NaiveDate, i64)>,
    /// Positions in `Tier::ALL`.
    tiers: Vec<(usize, i64)>,
}

/// Figures as text.
pub(super) fn pack(tally: &Tally) -> Result<String, AppError> {
    let tiers = tally.tiers.iter().filter_map(|(tier, count)| {
        Some((Tier::ALL.iter().position(|known| known == tier)?, *count))
    });
    let Summary { count, paid, settled, cancelled } = tally.all;
    let kept =
        Kept { count, paid, settled, cancelled, days: tally.days.clone(), tiers: tiers.collect() };
    serde_json::to_string(&kept).map_err(AppError::Unreadable)
}

/// Figures from text.
pub(super) fn unpack(text: &str) -> Result<Tally, AppError> {
    let kept: Kept = serde_json::from_str(text).map_err(AppError::Unreadable)?;
    let Kept { count, paid, settled, cancelled, days, tiers } = kept;
    let tiers = tiers
        .into_iter()
        .filter_map(|(position, count)| Some((*Tier::ALL.get(position)?, count)))
        .collect();
    Ok(Tally { all: Summary { count, paid, settled, cancelled }, days, tiers })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_come_back_as_they_were() {
        let tally = Tally {
            all: Summary { count: 3, paid: Decimal::new(10_050, 2), settled: 1, cancelled: 1 },
            days: vec![(NaiveDate::from_ymd_opt(2025, 6, 30).unwrap(), 3)],
            tiers: vec![(Tier::Code, 1), (Tier::NameMisspelt, 2)],
        };
        assert_eq!(unpack(&pack(&tally).unwrap()).unwrap(), tally);
        assert!(unpack("{}").is_err());
    }

    #[test]
    fn another_version_or_question_has_another_key() {
        let id = id_of("e:1", "page=1");
        assert_eq!(id, id_of("e:1", "page=1"));
        assert_ne!(id, id_of("e:2", "page=1"));
        assert_ne!(id, id_of("e:1", "page=2"));
        assert!(!id.contains("page"));
    }
}
