//! Page numbers as the wire has them: `page` from 1, `page_size` 20 by default, 100 at most.

use chrono::NaiveDate;
use thiserror::Error;

/// Rows on a page when the client asks for no size.
pub const DEFAULT_SIZE: u32 = 20;
/// The most rows a page holds; larger wishes are cut to it, not refused (`contract.md` section 1).
pub const MAX_SIZE: u32 = 100;

/// One page of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    number: u32,
    size: u32,
}

/// Why a page could not be understood.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum PageError {
    /// `page` is not a whole number from 1.
    #[error("page must be a whole number from 1")]
    Number,
    /// `page_size` is not a whole number from 1.
    #[error("page_size must be a whole number from 1")]
    Size,
}

impl Page {
    /// The first page at its default size.
    pub const FIRST: Page = Page { number: 1, size: DEFAULT_SIZE };

    /// Reads the two query values, each as it was written or absent.
    ///
    /// # Errors
    /// [`PageError`] naming the value that is not a whole number from 1.
    pub fn parse(number: Option<&str>, size: Option<&str>) -> Result<Page, PageError> {
        let number = match number {
            None | Some("") => 1,
            Some(text) => {
                text.parse().ok().filter(|&number| number > 0).ok_or(PageError::Number)?
            }
        };
        let size: u32 = match size {
            None | Some("") => DEFAULT_SIZE,
            Some(text) => text.parse().ok().filter(|&size| size > 0).ok_or(PageError::Size)?,
        };
        Ok(Page { number, size: size.min(MAX_SIZE) })
    }

    /// The page's number, from 1.
    pub const fn number(self) -> u32 {
        self.number
    }

    /// The most rows on this page.
    pub const fn size(self) -> u32 {
        self.size
    }

    /// For SQL `LIMIT`.
    pub fn limit(self) -> i64 {
        i64::from(self.size)
    }

    /// For SQL `OFFSET`: rows before this page.
    pub fn offset(self) -> i64 {
        (i64::from(self.number) - 1) * i64::from(self.size)
    }

    /// Whether a list of `count` rows has this page; page 1 of an empty list exists.
    pub fn exists_in(self, count: i64) -> bool {
        self.number == 1 || self.offset() < count
    }

    /// Whether a list of `count` rows goes on after this page.
    pub fn has_next(self, count: i64) -> bool {
        self.offset() + self.limit() < count
    }
}

/// The days that rows `offset` to `offset + limit` lie in, as (first, last), and the rows to pass
/// over within them. `days` are in the list's own order, with how many rows each has.
#[must_use]
pub fn within_days(
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn absent_values_mean_the_first_page() {
        assert_eq!(Page::parse(None, None), Ok(Page::FIRST));
    }

    #[test]
    fn a_size_beyond_the_limit_is_cut_not_refused() {
        assert_eq!(Page::parse(Some("2"), Some("1000")).unwrap().size(), MAX_SIZE);
    }

    #[test]
    fn zero_and_words_are_refused() {
        assert_eq!(Page::parse(Some("0"), None), Err(PageError::Number));
        assert_eq!(Page::parse(None, Some("all")), Err(PageError::Size));
    }

    #[test]
    fn page_one_exists_even_when_there_is_nothing() {
        assert!(Page::FIRST.exists_in(0));
        assert!(!Page::parse(Some("2"), None).unwrap().exists_in(20));
        assert!(Page::parse(Some("2"), None).unwrap().exists_in(21));
        assert!(Page::FIRST.has_next(21));
        assert!(!Page::FIRST.has_next(20));
    }

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
