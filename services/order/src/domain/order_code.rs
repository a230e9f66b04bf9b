//! The code customers hold: `ORD-YYYYMMDD-XXX`, dated in Asia/Jakarta.
//!
//! Three characters make 46,656 codes a day. A drawn code that is taken is drawn again; when that
//! happens often the day is crowded, and the code gets a fourth character, which the public
//! client accepts too.

use chrono::NaiveDate;
use rand::{Rng, RngExt as _};

const LETTERS: &[u8; 36] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// Draws with three characters before the fourth is added: at half-full days one in 32 orders
/// gets a longer code, and even a full day costs few wasted draws.
const SHORT_ATTEMPTS: u32 = 5;

/// Draws before giving up; at this point the odds say that something else is wrong.
pub(crate) const MAX_ATTEMPTS: u32 = 25;

/// A code for an order of `day`; `attempt` counts from 0 the draws that were already taken.
pub(crate) fn draw(day: NaiveDate, attempt: u32, rng: &mut impl Rng) -> String {
    let width = if attempt < SHORT_ATTEMPTS { 3 } else { 4 };
    let mut code = format!("ORD-{}-", day.format("%Y%m%d"));
    for _ in 0..width {
        let index = rng.random_range(0..LETTERS.len());
        code.push(LETTERS.get(index).copied().map_or('A', char::from));
    }
    code
}

/// A code as a customer typed it, in the form it is stored: trimmed and upper case.
pub(crate) fn canonical(text: &str) -> String {
    text.trim().to_uppercase()
}

/// Whether a canonical code could be one of ours. A stored code is found whatever its form; this
/// only decides whether an unknown one is called malformed.
pub(crate) fn is_well_formed(code: &str) -> bool {
    let Some((day, tail)) = code.strip_prefix("ORD-").and_then(|rest| rest.split_once('-')) else {
        return false;
    };
    day.len() == 8
        && day.bytes().all(|byte| byte.is_ascii_digit())
        && (3..=4).contains(&tail.len())
        && tail.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// An unguessable token for a tracking link: 128 random bits as hex digits.
pub(crate) fn tracking_token(rng: &mut impl Rng) -> String {
    format!("{:032x}", rng.random::<u128>())
}

/// Whether a text could be a tracking token.
pub(crate) fn is_token(text: &str) -> bool {
    text.len() == 32
        && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day() -> NaiveDate {
        NaiveDate::from_ymd_opt(2025, 6, 30).unwrap()
    }

    #[test]
    fn codes_have_the_form_the_public_client_accepts() {
        let mut rng = rand::rng();
        for attempt in 0..MAX_ATTEMPTS {
            let code = draw(day(), attempt, &mut rng);
            assert!(is_well_formed(&code), "{code}");
            assert!(code.starts_with("ORD-20250630-"), "{code}");
            assert_eq!(code.len(), if attempt < 5 { 16 } else { 17 }, "{code}");
        }
    }

    #[test]
    fn what_is_no_code_is_told_apart() {
        assert!(is_well_formed(&canonical(" ord-20250630-a1b ")));
        for text in [
            "",
            "ORD",
            "ORD-2025063-A1B",
            "ORD-20250630-A1",
            "ORD-20250630-A1B2C",
            "INV-20250630-A1B",
        ] {
            assert!(!is_well_formed(text), "{text}");
        }
    }

    #[test]
    fn tokens_are_long_and_differ() {
        let (first, second) = (tracking_token(&mut rand::rng()), tracking_token(&mut rand::rng()));
        assert!(is_token(&first));
        assert!(
            !is_token("") && !is_token(&first.to_uppercase()) && !is_token(&format!("{first}a"))
        );
        assert_ne!(first, second);
    }
}
