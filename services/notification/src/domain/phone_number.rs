//! Indonesian mobile numbers (`contract.md` section 5, contact rule).

use thiserror::Error;

/// An Indonesian mobile number in the form `628…`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PhoneNumber(String);

/// The text is no Indonesian mobile number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("bukan nomor HP Indonesia yang valid")]
pub(crate) struct NotAPhoneNumber;

impl PhoneNumber {
    /// Reads a number as people write it: `0812-3456-7890`, `+62 812…`, `812…`.
    ///
    /// # Errors
    /// [`NotAPhoneNumber`].
    pub(crate) fn parse(text: &str) -> Result<PhoneNumber, NotAPhoneNumber> {
        if text.len() > 40 {
            return Err(NotAPhoneNumber);
        }
        let digits: String = text
            .chars()
            .filter(|&written| !matches!(written, ' ' | '-' | '(' | ')' | '+'))
            .collect();
        let local = ["628", "08", "8"]
            .into_iter()
            .find_map(|prefix| digits.strip_prefix(prefix))
            .ok_or(NotAPhoneNumber)?;
        let plain = local.bytes().all(|byte| byte.is_ascii_digit());
        let starts_well = local.bytes().next().is_some_and(|first| first != b'0');
        if plain && starts_well && (8..=13).contains(&local.len()) {
            Ok(PhoneNumber(format!("628{local}")))
        } else {
            Err(NotAPhoneNumber)
        }
    }

    /// `628…`, digits only.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_of_writing_it_is_one_number() {
        for text in
            ["081234567890", "0812-3456-7890", "+62 812 3456 7890", "81234567890", "(0812)34567890"]
        {
            assert_eq!(PhoneNumber::parse(text).unwrap().as_str(), "6281234567890", "{text}");
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "0211234567",
            "080234567890",
            "0812345",
            "08123456789012345",
            "0812abc4567",
            "budi@contoh.id",
        ] {
            assert_eq!(PhoneNumber::parse(text), Err(NotAPhoneNumber), "{text}");
        }
    }
}
