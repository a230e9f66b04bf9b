//! How an order is paid and where its messages go.

use rust_decimal::{Decimal, prelude::ToPrimitive as _};

/// Whether a deposit comes first or everything at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum PaymentType {
    /// `dp`: a deposit before the work, the rest before delivery.
    Deposit,
    /// `full`: everything at once.
    Full,
}

impl PaymentType {
    /// Every value.
    pub(crate) const ALL: [PaymentType; 2] = [PaymentType::Deposit, PaymentType::Full];

    /// The word on the wire and in the table.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            PaymentType::Deposit => "dp",
            PaymentType::Full => "full",
        }
    }

    /// Reads the word on the wire.
    pub(crate) fn from_wire(text: &str) -> Option<PaymentType> {
        PaymentType::ALL.into_iter().find(|value| value.as_wire() == text)
    }

    /// What people read.
    pub(crate) const fn display(self) -> &'static str {
        match self {
            PaymentType::Deposit => "Down Payment",
            PaymentType::Full => "Full Payment",
        }
    }
}

/// A deposit's share of the total, 50 to 100 per cent in hundredths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct DepositPercent(Decimal);

impl DepositPercent {
    /// Reads `60`, `60.5` or `60.00`.
    ///
    /// # Errors
    /// What is wrong, in Indonesian.
    pub(crate) fn parse(text: &str) -> Result<DepositPercent, String> {
        let text = text.trim();
        let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        let number = plain.then(|| text.parse().ok()).flatten();
        let percent: Decimal = number.ok_or_else(|| "Harus berupa angka.".to_owned())?;
        DepositPercent::from_decimal(percent)
            .ok_or_else(|| "Harus antara 50 dan 100, paling banyak dua desimal.".to_owned())
    }

    /// Takes a stored per cent; `None` when it is outside 50 to 100 or finer than a hundredth.
    pub(crate) fn from_decimal(percent: Decimal) -> Option<DepositPercent> {
        let fits = percent >= Decimal::from(50)
            && percent <= Decimal::ONE_HUNDRED
            && percent == percent.trunc_with_scale(2);
        let mut two_places = percent;
        two_places.rescale(2);
        fits.then_some(DepositPercent(two_places))
    }

    /// The per cent with two places, for the wire (`"60.00"`) and the table.
    pub(crate) const fn as_decimal(self) -> Decimal {
        self.0
    }

    /// In hundredths of a per cent, as events carry it: 6000 is 60.00 %.
    pub(crate) fn hundredths(self) -> i32 {
        (self.0 * Decimal::ONE_HUNDRED).to_i32().unwrap_or(0)
    }
}

/// How one order is paid: a deposit has a share, full payment has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PaymentTerms {
    /// A deposit of this share first.
    Deposit(DepositPercent),
    /// Everything at once.
    Full,
}

impl PaymentTerms {
    /// Which of the two it is.
    pub(crate) const fn payment_type(self) -> PaymentType {
        match self {
            PaymentTerms::Deposit(_) => PaymentType::Deposit,
            PaymentTerms::Full => PaymentType::Full,
        }
    }

    /// The deposit's share, if there is a deposit.
    pub(crate) const fn deposit_percent(self) -> Option<DepositPercent> {
        match self {
            PaymentTerms::Deposit(percent) => Some(percent),
            PaymentTerms::Full => None,
        }
    }
}

/// Where messages about an order go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Channel {
    /// `whatsapp`.
    Whatsapp,
    /// `email`.
    Email,
    /// `both`, as far as a contact of each kind is known.
    Both,
}

impl Channel {
    /// Every value.
    pub(crate) const ALL: [Channel; 3] = [Channel::Whatsapp, Channel::Email, Channel::Both];

    /// The word on the wire and in the table.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            Channel::Whatsapp => "whatsapp",
            Channel::Email => "email",
            Channel::Both => "both",
        }
    }

    /// Reads the word on the wire.
    pub(crate) fn from_wire(text: &str) -> Option<Channel> {
        Channel::ALL.into_iter().find(|value| value.as_wire() == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use konveksi_kernel::Money;
    use proptest::prelude::*;

    #[test]
    fn every_word_round_trips() {
        for value in PaymentType::ALL {
            assert_eq!(PaymentType::from_wire(value.as_wire()), Some(value));
        }
        for value in Channel::ALL {
            assert_eq!(Channel::from_wire(value.as_wire()), Some(value));
        }
        assert_eq!(PaymentType::from_wire("lunas"), None);
    }

    #[test]
    fn a_deposit_is_between_half_and_all() {
        assert_eq!(DepositPercent::parse("60").unwrap().hundredths(), 6000);
        assert_eq!(DepositPercent::parse(" 62.5 ").unwrap().as_decimal().to_string(), "62.50");
        for text in ["49.99", "100.01", "60.123", "", "abc", "-60", "1e2"] {
            assert!(DepositPercent::parse(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_deposit_never_exceeds_the_total_and_the_rest_completes_it(
            rupiah in 1_u64..=999_999_999_999,
            hundredths in 5_000_i64..=10_000,
        ) {
            let total = Money::from_rupiah(rupiah).unwrap();
            let percent = DepositPercent::from_decimal(Decimal::new(hundredths, 2)).unwrap();
            let deposit = total.percent_whole_rupiah(percent.as_decimal()).unwrap();
            let rest = total.minus(deposit).unwrap();
            prop_assert!(deposit <= total);
            prop_assert!(deposit.whole_rupiah().is_ok() && rest.whole_rupiah().is_ok());
            prop_assert_eq!(deposit.plus(rest).unwrap(), total);
        }
    }
}
