//! Rupiah amounts: exact, never negative, never a float (`reliability.md` part C).

use std::fmt;

use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive as _};
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

/// An amount in rupiah with at most two decimals, from 0 to 10¹³ rupiah (10¹⁵ sen).
///
/// On the wire it is a string with two places (`"7500000.00"`); requests may also send a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Money(Decimal);

/// Why something is not an amount of money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum MoneyError {
    /// The text is not a decimal number.
    #[error("not an amount")]
    NotANumber,
    /// Amounts are never negative.
    #[error("an amount may not be negative")]
    Negative,
    /// Finer than a sen.
    #[error("an amount has at most two decimals")]
    TooFine,
    /// Amounts from outside are whole rupiah (`settled.md` 26).
    #[error("an amount must be in whole rupiah")]
    NotWholeRupiah,
    /// Beyond 10¹³ rupiah.
    #[error("the amount is too large")]
    TooLarge,
}

/// The largest amount, in sen.
const MAX_SEN: i64 = 1_000_000_000_000_000;

impl Money {
    /// Nothing.
    pub const ZERO: Money = Money(Decimal::ZERO);

    /// A whole number of rupiah.
    ///
    /// # Errors
    /// [`MoneyError::TooLarge`].
    pub fn from_rupiah(rupiah: u64) -> Result<Money, MoneyError> {
        Money::from_decimal(Decimal::from(rupiah))
    }

    /// A number of sen (1/100 rupiah), as events carry it.
    ///
    /// # Errors
    /// [`MoneyError::Negative`], [`MoneyError::TooLarge`].
    pub fn from_sen(sen: i64) -> Result<Money, MoneyError> {
        Money::from_decimal(Decimal::new(sen, 2))
    }

    /// Takes a decimal of rupiah.
    ///
    /// # Errors
    /// [`MoneyError::Negative`], [`MoneyError::TooFine`], [`MoneyError::TooLarge`].
    pub fn from_decimal(rupiah: Decimal) -> Result<Money, MoneyError> {
        if rupiah.is_sign_negative() && !rupiah.is_zero() {
            return Err(MoneyError::Negative);
        }
        if rupiah != rupiah.trunc_with_scale(2) {
            return Err(MoneyError::TooFine);
        }
        if rupiah > Decimal::new(MAX_SEN, 2) {
            return Err(MoneyError::TooLarge);
        }
        let mut two_places = rupiah.abs();
        two_places.rescale(2);
        Ok(Money(two_places))
    }

    /// Reads an amount as people and clients write it: `7500000`, `7500000.00`.
    ///
    /// # Errors
    /// [`MoneyError`].
    pub fn parse(text: &str) -> Result<Money, MoneyError> {
        let text = text.trim();
        if text.is_empty() || text.len() > 32 {
            return Err(MoneyError::NotANumber);
        }
        let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b'-');
        let number = plain.then(|| text.parse().ok()).flatten();
        Money::from_decimal(number.ok_or(MoneyError::NotANumber)?)
    }

    /// The amount as an exact decimal with two places, for `NUMERIC` columns.
    pub const fn as_decimal(self) -> Decimal {
        self.0
    }

    /// The amount in sen, for events.
    pub fn to_sen(self) -> i64 {
        // The range check of `from_decimal` keeps every amount below 10^15 sen.
        (self.0 * Decimal::ONE_HUNDRED).to_i64().unwrap_or(MAX_SEN)
    }

    /// Whether this is nothing.
    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    /// The amount itself if it has no sen.
    ///
    /// # Errors
    /// [`MoneyError::NotWholeRupiah`].
    pub fn whole_rupiah(self) -> Result<Money, MoneyError> {
        if self.0.trunc() == self.0 { Ok(self) } else { Err(MoneyError::NotWholeRupiah) }
    }

    /// The sum.
    ///
    /// # Errors
    /// [`MoneyError::TooLarge`].
    pub fn plus(self, other: Money) -> Result<Money, MoneyError> {
        Money::from_decimal(self.0 + other.0)
    }

    /// The difference.
    ///
    /// # Errors
    /// [`MoneyError::Negative`] when `other` is more than this.
    pub fn minus(self, other: Money) -> Result<Money, MoneyError> {
        Money::from_decimal(self.0 - other.0)
    }

    /// `percent` of this, floored to a whole rupiah: the fraction stays with the last part
    /// (`settled.md` 26), so the customer's first payment is never rounded up.
    ///
    /// # Errors
    /// [`MoneyError::Negative`] or [`MoneyError::TooLarge`] for percents outside sense.
    pub fn percent_whole_rupiah(self, percent: Decimal) -> Result<Money, MoneyError> {
        Money::from_decimal((self.0 * percent / Decimal::ONE_HUNDRED).floor())
    }

    /// This amount in `parts` equal parts, each floored to a whole rupiah, with what is left over in
    /// the last one (`settled.md` 26). No parts make an empty list.
    ///
    /// # Errors
    /// None in practice; the parts of an amount are amounts.
    pub fn split_whole_rupiah(self, parts: u32) -> Result<Vec<Money>, MoneyError> {
        if parts == 0 {
            return Ok(Vec::new());
        }
        let each = Money::from_decimal((self.0 / Decimal::from(parts)).floor())?;
        let before = Money::from_decimal(each.0 * Decimal::from(parts - 1))?;
        let last = self.minus(before)?;
        let equal = std::iter::repeat_n(each, usize::try_from(parts - 1).unwrap_or(usize::MAX));
        Ok(equal.chain(std::iter::once(last)).collect())
    }

    /// This amount shared equally over `count` things, to the sen, halves to even; for reports
    /// only. Nothing over nothing is nothing.
    #[must_use]
    pub fn average(self, count: u64) -> Money {
        if count == 0 {
            return Money::ZERO;
        }
        let mean = (self.0 / Decimal::from(count))
            .round_dp_with_strategy(2, RoundingStrategy::MidpointNearestEven);
        Money(mean)
    }

    /// Without decimals, for the wire's integer strings: `"7500000"`; sen are cut off.
    pub fn to_whole_rupiah_string(self) -> String {
        self.0.trunc().to_string()
    }

    /// With dots between thousands, as Indonesian readers expect: `7.500.000`; sen are cut off.
    pub fn to_display(self) -> String {
        let digits = self.to_whole_rupiah_string();
        let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                grouped.push('.');
            }
            grouped.push(digit);
        }
        grouped
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2}", self.0)
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Money, D::Error> {
        deserializer.deserialize_any(MoneyVisitor)
    }
}

/// Reads an amount from a JSON string or number.
struct MoneyVisitor;

impl Visitor<'_> for MoneyVisitor {
    type Value = Money;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an amount in rupiah as a string or a number")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Money, E> {
        Money::parse(text).map_err(E::custom)
    }

    fn visit_u64<E: de::Error>(self, rupiah: u64) -> Result<Money, E> {
        Money::from_rupiah(rupiah).map_err(E::custom)
    }

    fn visit_i64<E: de::Error>(self, rupiah: i64) -> Result<Money, E> {
        Money::from_decimal(Decimal::from(rupiah)).map_err(E::custom)
    }

    fn visit_f64<E: de::Error>(self, rupiah: f64) -> Result<Money, E> {
        // The shortest text that reads back as this float is what the client wrote; no
        // arithmetic happens on the float itself.
        Money::parse(&rupiah.to_string()).map_err(E::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn it_is_written_with_two_places() {
        assert_eq!(Money::from_rupiah(7_500_000).unwrap().to_string(), "7500000.00");
        assert_eq!(serde_json::to_string(&Money::from_sen(150).unwrap()).unwrap(), "\"1.50\"");
    }

    #[test]
    fn strings_and_numbers_with_and_without_decimals_are_read() {
        let amount = Money::from_rupiah(7_500_000).unwrap();
        for json in ["\"7500000.00\"", "\"7500000\"", "7500000", "7500000.0", "7500000.00"] {
            assert_eq!(serde_json::from_str::<Money>(json).unwrap(), amount, "{json}");
        }
    }

    #[test]
    fn what_is_not_money_is_refused() {
        for text in ["", "abc", "1e9", "1.234", "-1", "1,000", "NaN", "10000000000001"] {
            assert!(Money::parse(text).is_err(), "{text}");
        }
        assert!(serde_json::from_str::<Money>("null").is_err());
        assert!(serde_json::from_str::<Money>("true").is_err());
    }

    #[test]
    fn sen_from_outside_are_refused() {
        let amount = Money::parse("10.50").unwrap();
        assert_eq!(amount.whole_rupiah(), Err(MoneyError::NotWholeRupiah));
        assert!(Money::parse("10.00").unwrap().whole_rupiah().is_ok());
    }

    #[test]
    fn thousands_are_grouped_with_dots() {
        for (rupiah, text) in [(0, "0"), (999, "999"), (1_000, "1.000"), (7_500_000, "7.500.000")] {
            assert_eq!(Money::from_rupiah(rupiah).unwrap().to_display(), text);
        }
    }

    #[test]
    fn the_average_of_nothing_is_nothing() {
        assert_eq!(Money::from_rupiah(10).unwrap().average(0), Money::ZERO);
        assert_eq!(Money::from_rupiah(10).unwrap().average(3).to_string(), "3.33");
    }

    proptest! {
        #[test]
        fn deposit_and_remainder_make_the_total(
            rupiah in 1_u64..1_000_000_000_000,
            percent in 50_u32..=100,
        ) {
            let total = Money::from_rupiah(rupiah).unwrap();
            let deposit = total.percent_whole_rupiah(Decimal::from(percent)).unwrap();
            let remainder = total.minus(deposit).unwrap();
            prop_assert_eq!(deposit.plus(remainder).unwrap(), total);
            prop_assert!(deposit.whole_rupiah().is_ok());
        }

        #[test]
        fn equal_parts_make_the_whole_and_only_the_last_differs(
            rupiah in 0_u64..1_000_000_000_000,
            parts in 1_u32..=12,
        ) {
            let total = Money::from_rupiah(rupiah).unwrap();
            let split = total.split_whole_rupiah(parts).unwrap();
            let sum = split.iter().try_fold(Money::ZERO, |sum, part| sum.plus(*part)).unwrap();
            prop_assert_eq!(sum, total);
            let (last, before) = split.split_last().unwrap();
            prop_assert!(before.iter().all(|part| part == &split[0] && part <= last));
            prop_assert!(last.minus(split[0]).unwrap() < Money::from_rupiah(12).unwrap());
        }

        #[test]
        fn sen_round_trip(sen in 0_i64..=MAX_SEN) {
            let amount = Money::from_sen(sen).unwrap();
            prop_assert_eq!(amount.to_sen(), sen);
            prop_assert_eq!(Money::parse(&amount.to_string()).unwrap(), amount);
        }
    }
}
