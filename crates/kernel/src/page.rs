//! Page numbers as the wire has them: `page` from 1, `page_size` 20 by default, 100 at most.

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

#[cfg(test)]
mod tests {
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
}
