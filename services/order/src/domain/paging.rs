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

/// The days that rows `offset` to `offset + limit` lie in, as (first, last), and the rows to pass
/// over within them. `days` are in the list's own order.
pub(crate) fn within_days(
    days: &[(NaiveDate, i64)],
    offset: i64,
    limit: i64,
) -> Option<((NaiveDate, NaiveDate), i64)> {
    let mut passed = 0;
    let mut first = None;
    let mut last = None;
    for &(day, count) in days.iter().filter(|(_, count)| *count > 0) {
        if passed >= offset + limit {
            break;
        }
        if passed + count > offset {
            first = first.or(Some((day, offset - passed)));
            last = Some(day);
        }
        passed += count;
    }
    let (begin, skipped) = first?;
    let end = last?;
    Some(((begin.min(end), begin.max(end)), skipped))
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
    use proptest::prelude::*;

    fn day(number: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2025, 6, number).unwrap()
    }

    #[test]
    fn a_page_is_found_by_its_days() {
        let days = [(day(9), 5), (day(8), 0), (day(7), 10), (day(1), 3)];
        assert_eq!(within_days(&days, 0, 5), Some(((day(9), day(9)), 0)));
        assert_eq!(within_days(&days, 4, 3), Some(((day(7), day(9)), 4)));
        assert_eq!(within_days(&days, 5, 5), Some(((day(7), day(7)), 0)));
        assert_eq!(within_days(&days, 14, 20), Some(((day(1), day(7)), 9)));
        assert_eq!(within_days(&days, 18, 5), None);
    }

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

    proptest! {
        #[test]
        fn pages_by_day_are_the_pages(
            counts in proptest::collection::vec(0_i64..7, 1..20), offset in 0_i64..60, limit in 1_i64..30,
        ) {
            let days: Vec<(NaiveDate, i64)> =
                (1_u32..=19).rev().zip(counts).map(|(number, count)| (day(number), count)).collect();
            let rows: Vec<NaiveDate> =
                days.iter().flat_map(|&(day, count)| (0..count).map(move |_| day)).collect();
            let from = usize::try_from(offset).unwrap();
            let wanted: Vec<NaiveDate> =
                rows.iter().copied().skip(from).take(usize::try_from(limit).unwrap()).collect();
            let found = within_days(&days, offset, limit).map(|((first, last), skipped)| {
                let inside = rows.iter().copied().filter(|day| (first..=last).contains(day));
                inside
                    .skip(usize::try_from(skipped).unwrap())
                    .take(usize::try_from(limit).unwrap())
                    .collect::<Vec<_>>()
            });
            prop_assert_eq!(found.unwrap_or_default(), wanted);
        }
    }
}
