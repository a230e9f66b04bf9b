//! Ids as the payment provider's database makes them.

use chrono::{DateTime, Utc};

/// A new id of 24 hexadecimal digits: the second of `now`, then 64 random bits.
pub(crate) fn generate(now: DateTime<Utc>) -> String {
    let second = u32::try_from(now.timestamp()).unwrap_or(u32::MAX);
    format!("{second:08x}{:016x}", rand::random::<u64>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_24_hexadecimal_digits_and_is_new_each_time() {
        let now = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        let (first, second) = (generate(now), generate(now));
        assert!(first.len() == 24 && first.chars().all(|digit| digit.is_ascii_hexdigit()));
        assert_ne!(first, second);
    }
}
