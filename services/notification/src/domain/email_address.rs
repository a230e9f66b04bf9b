//! Mailboxes we write to: plain ASCII addresses with a dotted domain (`contract.md` section 5).
//!
//! Stricter than the mail standards on purpose: no quoted local parts, comments or lists, so that
//! one text is one recipient and can never become a header of its own.

use thiserror::Error;

/// A mailbox such as `budi@contoh.id`, lower case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct EmailAddress(String);

/// The text is no address we would write to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("bukan alamat e-mail yang valid")]
pub(crate) struct NotAnEmailAddress;

const MAX_BYTES: usize = 254;
const MAX_LOCAL_BYTES: usize = 64;

impl EmailAddress {
    /// Reads an address; blanks around it are dropped.
    ///
    /// # Errors
    /// [`NotAnEmailAddress`].
    pub(crate) fn parse(text: &str) -> Result<EmailAddress, NotAnEmailAddress> {
        // Only blanks and tabs: a line break, even at the end, is somebody trying a header.
        let text = text.trim_matches([' ', '\t']);
        let (local, domain) = text.rsplit_once('@').ok_or(NotAnEmailAddress)?;
        let fits = text.len() <= MAX_BYTES && (1..=MAX_LOCAL_BYTES).contains(&local.len());
        if fits && is_local(local) && is_domain(domain) {
            Ok(EmailAddress(text.to_ascii_lowercase()))
        } else {
            Err(NotAnEmailAddress)
        }
    }

    /// The address.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_local(local: &str) -> bool {
    local.split('.').all(|part| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_{|}~`".contains(&byte))
    })
}

fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    domain.contains('.')
        && domain.split('.').all(is_label)
        && domain.bytes().any(|byte| byte.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_addresses_are_taken_in_lower_case() {
        for text in ["Budi@Contoh.id", " budi@contoh.id "] {
            assert_eq!(EmailAddress::parse(text).unwrap().as_str(), "budi@contoh.id");
        }
        assert!(EmailAddress::parse("a.b+tag@sub.contoh.co.id").is_ok());
    }

    #[test]
    fn what_could_become_a_second_recipient_or_a_header_is_refused() {
        let texts = [
            "",
            "budi",
            "budi@",
            "@contoh.id",
            "budi@contoh",
            "a b@contoh.id",
            "a@b@contoh.id",
            "a@contoh.id,b@contoh.id",
            "a@contoh.id\r\nBcc: b@contoh.id",
            "a@contoh.id\n",
            "\"a\"@contoh.id",
            "<a@contoh.id>",
            "a..b@contoh.id",
            "a@-contoh.id",
            "a@contoh..id",
            "a@1.2",
            "081234567890",
        ];
        for text in texts {
            assert_eq!(EmailAddress::parse(text), Err(NotAnEmailAddress), "{text:?}");
        }
        assert!(EmailAddress::parse(&format!("{}@contoh.id", "a".repeat(65))).is_err());
        assert!(EmailAddress::parse(&format!("a@{}id", "contoh.".repeat(50))).is_err());
    }
}
