//! *Kode unik*: an amount that only one invoice waits for, so that a transfer is recognised by its
//! amount alone.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use konveksi_kernel::{InvoiceId, Money, MoneyError};
use rand::{Rng, RngExt as _};
use uuid::Uuid;

/// The highest suffix; the lowest is 1.
pub(crate) const HIGHEST: i32 = 999;

/// An account of the workshop's at a bank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BankAccount {
    /// The bank, such as `BCA`.
    pub(crate) bank: String,
    /// Its number: digits.
    pub(crate) number: String,
    /// In whose name.
    pub(crate) holder: String,
}

impl FromStr for BankAccount {
    type Err = String;

    /// Reads `BCA:1234567890:CV Konveksi Jaya`.
    fn from_str(text: &str) -> Result<BankAccount, String> {
        let mut words = text.splitn(3, ':').map(str::trim);
        match (words.next(), words.next(), words.next()) {
            (Some(bank), Some(number), Some(holder))
                if !bank.is_empty()
                    && !holder.is_empty()
                    && (5..=30).contains(&number.len())
                    && number.bytes().all(|byte| byte.is_ascii_digit()) =>
            {
                let (bank, holder) = (bank.to_owned(), holder.to_owned());
                Ok(BankAccount { bank, number: number.to_owned(), holder })
            }
            _ => Err("a bank account is written BANK:NUMBER:HOLDER".to_owned()),
        }
    }
}

/// Where a unique amount stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum AmountState {
    /// A transfer of it pays its invoice.
    Held,
    /// One did.
    Used,
    /// Its window passed; another invoice may have it.
    Released,
}

impl AmountState {
    /// Every state.
    pub(crate) const ALL: [AmountState; 3] =
        [AmountState::Held, AmountState::Used, AmountState::Released];

    /// As it is stored.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            AmountState::Held => "held",
            AmountState::Used => "used",
            AmountState::Released => "released",
        }
    }

    /// Reads what [`AmountState::as_wire`] writes.
    pub(crate) fn from_wire(text: &str) -> Option<AmountState> {
        AmountState::ALL.into_iter().find(|state| state.as_wire() == text)
    }
}

/// An amount that one invoice holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UniqueAmount {
    /// Its id.
    pub(crate) id: Uuid,
    /// The invoice.
    pub(crate) invoice_id: InvoiceId,
    /// The number of the account it is to be transferred to.
    pub(crate) bank_account: String,
    /// What makes it unique: 1 to 999 rupiah.
    pub(crate) suffix: i32,
    /// What is to be transferred, in rupiah.
    pub(crate) amount: Money,
    /// Where it stands.
    pub(crate) state: AmountState,
    /// Until when it is this invoice's.
    pub(crate) valid_until: DateTime<Utc>,
    /// Since when.
    pub(crate) created_at: DateTime<Utc>,
}

impl UniqueAmount {
    /// What of it pays the invoice.
    pub(crate) fn due(&self) -> Result<Money, MoneyError> {
        self.amount.minus(self.code())
    }

    /// The few rupiah beside it.
    pub(crate) fn code(&self) -> Money {
        Money::from_rupiah(u64::try_from(self.suffix).unwrap_or(0)).unwrap_or(Money::ZERO)
    }
}

/// A suffix for `due` that no other invoice holds at the account: `taken` are the suffixes, and
/// the amounts, that are held. Absent when all are.
///
/// # Errors
/// [`MoneyError::TooLarge`].
pub(crate) fn choose(
    due: Money,
    taken: &[(i32, Money)],
    rng: &mut impl Rng,
) -> Result<Option<(i32, Money)>, MoneyError> {
    let mut free = Vec::new();
    for suffix in 1..=HIGHEST {
        let code = Money::from_rupiah(u64::try_from(suffix).unwrap_or(0))?;
        let amount = due.plus(code)?;
        if !taken.iter().any(|(used, sum)| *used == suffix || *sum == amount) {
            free.push((suffix, amount));
        }
    }
    if free.is_empty() {
        return Ok(None);
    }
    Ok(free.get(rng.random_range(0..free.len())).copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rupiah(amount: u64) -> Money {
        Money::from_rupiah(amount).unwrap()
    }

    #[test]
    fn every_invoice_gets_an_amount_of_its_own_until_the_pool_is_empty() {
        let mut taken = Vec::new();
        for at in 0..999 {
            // Some sums are so near each other that equal amounts would be possible.
            let due = rupiah(4_500_000 + at % 7);
            let Some(chosen) = choose(due, &taken, &mut rand::rng()).unwrap() else { break };
            assert!(!taken.iter().any(|(suffix, sum)| *suffix == chosen.0 || *sum == chosen.1));
            assert!((1..=999).contains(&chosen.0));
            taken.push(chosen);
        }
        assert!(taken.len() > 900, "{}", taken.len());
        let full: Vec<_> = (1..=999).map(|suffix| (suffix, rupiah(1))).collect();
        assert_eq!(choose(rupiah(50), &full, &mut rand::rng()), Ok(None));
    }

    #[test]
    fn accounts_are_read_and_nonsense_is_not() {
        let account: BankAccount = "BCA:1234567890:CV Konveksi: Jaya".parse().unwrap();
        assert_eq!((account.bank.as_str(), account.holder.as_str()), ("BCA", "CV Konveksi: Jaya"));
        for text in ["", "BCA", "BCA:123", "BCA:12x4567890:A", ":1234567890:A", "BCA:1234567890:"] {
            assert!(text.parse::<BankAccount>().is_err(), "{text}");
        }
    }

    #[test]
    fn every_state_reads_back() {
        for state in AmountState::ALL {
            assert_eq!(AmountState::from_wire(state.as_wire()), Some(state));
        }
    }
}
