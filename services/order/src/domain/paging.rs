//! Where a page is, told from counts that are known already: in which days, in which tiers, and
//! whether it is cheaper to walk an index or to gather what is found.

use chrono::NaiveDate;

use super::search::Tier;
use super::summary::Summary;

/// What was found, with its parts where they are known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// All of it.
    pub(crate) all: Summary,
    /// Orders of each day, newest first; empty when not counted by day.
    pub(crate) days: Vec<(NaiveDate, i64)>,
    /// Orders of each tier of a search, best first; empty when not counted by tier.
    pub(crate) tiers: Vec<(Tier, i64)>,
}

/// A part of what was found, and which rows of it are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Slice {
    /// Rows to pass over.
    pub(crate) offset: i64,
    /// Rows to take.
    pub(crate) limit: i64,
    /// Rows of the part.
    pub(crate) count: i64,
}

/// The tiers that rows `offset` to `offset + limit` lie in, and which rows of each.
pub(crate) fn within_tiers(tiers: &[(Tier, i64)], offset: i64, limit: i64) -> Vec<(Tier, Slice)> {
    let mut begin = 0;
    let mut wanted = Vec::new();
    for &(tier, count) in tiers {
        let from = offset.max(begin);
        let to = (offset + limit).min(begin + count);
        if from < to {
            wanted.push((tier, Slice { offset: from - begin, limit: to - from, count }));
        }
        begin += count;
    }
    wanted
}

/// Whether to gather all rows of a part and sort them, instead of walking an index in the list's
/// order until enough were met. Walking meets one wanted row in `total / count`; gathering costs
/// about three times a walked row for each, being out of order.
pub(crate) const fn gather_first(slice: Slice, total: i64) -> bool {
    let walked = (slice.offset + slice.limit).saturating_mul(total);
    slice.count.saturating_mul(3).saturating_mul(slice.count) < walked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_may_lie_in_several_tiers() {
        let tiers = [(Tier::Code, 1), (Tier::NameWords, 0), (Tier::Product, 30)];
        let slice = |offset, limit, count| Slice { offset, limit, count };
        assert_eq!(
            within_tiers(&tiers, 0, 20),
            [(Tier::Code, slice(0, 1, 1)), (Tier::Product, slice(0, 19, 30))]
        );
        assert_eq!(within_tiers(&tiers, 20, 20), [(Tier::Product, slice(19, 11, 30))]);
        assert!(within_tiers(&tiers, 40, 20).is_empty());
    }

    #[test]
    fn what_is_rare_is_gathered_and_what_is_common_is_walked() {
        let slice = |offset, count| Slice { offset, limit: 20, count };
        assert!(gather_first(slice(0, 5), 1_000_000));
        assert!(!gather_first(slice(0, 400_000), 1_000_000));
        assert!(gather_first(slice(20_000, 25_000), 1_000_000));
    }
}
