//! The version a caller saw before it asks for a change: of two who saw the same, the second is
//! told instead of silently overwriting the first.

use super::AppError;
use crate::domain::order::Order;

/// The versions a change may be made to; any when nothing was said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Expected(Option<Vec<i64>>);

impl Expected {
    /// One of these.
    pub(crate) const fn one_of(versions: Vec<i64>) -> Expected {
        Expected(Some(versions))
    }

    /// Both this and `other` must be met.
    #[must_use]
    pub(crate) fn and(self, other: Expected) -> Expected {
        match (self.0, other.0) {
            (Some(mine), Some(theirs)) => {
                Expected(Some(mine.into_iter().filter(|one| theirs.contains(one)).collect()))
            }
            (mine, theirs) => Expected(mine.or(theirs)),
        }
    }

    /// Insists on it. The order is held, so that its version stays what it is.
    ///
    /// # Errors
    /// [`AppError::Stale`].
    pub(super) fn check(&self, order: &Order) -> Result<(), AppError> {
        match &self.0 {
            Some(versions) if !versions.contains(&order.version) => {
                Err(AppError::Stale { current: order.version })
            }
            Some(_) | None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_and_body_must_both_be_met() {
        let one = |version| Expected::one_of(vec![version]);
        assert_eq!(Expected::default().and(one(3)), one(3));
        assert_eq!(one(3).and(Expected::default()), one(3));
        assert_eq!(one(3).and(one(3)), one(3));
        assert_eq!(one(3).and(one(4)), Expected::one_of(Vec::new()));
    }
}
