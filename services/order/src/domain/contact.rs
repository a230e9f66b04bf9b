//! How a customer is reached: an Indonesian mobile number or an e-mail address
//! (`contract.md` section 5), normalised so that ten spellings find one customer.

/// A contact, normalised.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Contact {
    /// `628…`, digits only.
    Phone(String),
    /// Lower case.
    Email(String),
}

const INVALID: &str =
    "Isi nomor HP Indonesia (contoh 081234567890) atau alamat e-mail (contoh budi@contoh.com).";

impl Contact {
    /// Reads a contact as people write it: `0812-3456-7890`, `+62 812 …`, `Budi@Contoh.com`.
    ///
    /// # Errors
    /// What is wrong, in Indonesian.
    pub(crate) fn parse(text: &str) -> Result<Contact, String> {
        let text = text.trim();
        if text.is_empty() {
            return Err("Wajib diisi.".to_owned());
        }
        if text.chars().count() > 255 {
            return Err("Maksimal 255 karakter.".to_owned());
        }
        let contact = if text.contains('@') {
            email(text).map(Contact::Email)
        } else {
            phone(text).map(Contact::Phone)
        };
        contact.ok_or_else(|| INVALID.to_owned())
    }

    /// The normalised text, whichever kind it is.
    pub(crate) fn normalised(&self) -> &str {
        match self {
            Contact::Phone(text) | Contact::Email(text) => text,
        }
    }
}

/// `628…` from any spelling: blanks, dashes, dots, brackets and plus signs removed, then `08`, `8`
/// or `628`, then 1 to 9, then 7 to 12 digits.
fn phone(text: &str) -> Option<String> {
    let digits = bare(text);
    let rest = digits
        .strip_prefix("628")
        .or_else(|| digits.strip_prefix("08"))
        .or_else(|| digits.strip_prefix('8'))?;
    let first_fits = rest.bytes().next().is_some_and(|digit| (b'1'..=b'9').contains(&digit));
    let all_digits = rest.bytes().all(|digit| digit.is_ascii_digit());
    (first_fits && all_digits && (8..=13).contains(&rest.len())).then(|| format!("628{rest}"))
}

/// Without what people put between digits, the dashes of typesetting and hard blanks included.
fn bare(text: &str) -> String {
    let between = |letter: char| {
        letter.is_whitespace()
            || matches!(letter, '-' | '\u{2010}'..='\u{2015}' | '.' | '(' | ')' | '+')
    };
    text.chars().filter(|&letter| !between(letter)).collect()
}

/// A lower-case address whose domain has a dot; deliberately not all of RFC 5322.
fn email(text: &str) -> Option<String> {
    let address = text.to_lowercase();
    let (local, domain) = address.split_once('@')?;
    let local_fits = !local.is_empty()
        && local.len() <= 64
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && local
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&byte));
    let labels: Vec<&str> = domain.split('.').collect();
    let domain_fits = labels.len() >= 2
        && labels.iter().all(|label| is_label(label))
        && labels
            .last()
            .is_some_and(|top| top.len() >= 2 && !top.bytes().all(|b| b.is_ascii_digit()));
    (local_fits && domain_fits).then_some(address)
}

fn is_label(label: &str) -> bool {
    !label.is_empty()
        && label.len() <= 63
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// The digits of a fragment of a phone number as they stand inside a normalised one: `0812` and
/// `+62 812` both become `62812`. `None` when the text is no such fragment.
pub(crate) fn phone_fragment(text: &str) -> Option<String> {
    let digits = bare(text);
    if digits.len() < 3 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(digits.strip_prefix('0').map_or_else(|| digits.clone(), |rest| format!("62{rest}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn many_spellings_are_one_phone() {
        for text in [
            "081234567890",
            "0812-3456-7890",
            "0812 3456 7890",
            "(0812) 34567890",
            "81234567890",
            "6281234567890",
            "+6281234567890",
            "+62 812-3456-7890",
            "+62 (812) 3456 7890",
            " 62 812 3456 7890 ",
            "0812.3456.7890",
            "0812\u{a0}3456\u{2013}7890",
        ] {
            assert_eq!(Contact::parse(text), Ok(Contact::Phone("6281234567890".into())), "{text}");
        }
    }

    #[test]
    fn numbers_that_are_no_indonesian_mobile_are_refused() {
        for text in [
            "0812345",
            "080234567890",
            "0211234567",
            "+1 202 555 0100",
            "0812345678901234",
            "08abc",
        ] {
            assert!(Contact::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_address_needs_a_dotted_domain() {
        assert_eq!(
            Contact::parse(" Budi.S@Contoh.co.id "),
            Ok(Contact::Email("budi.s@contoh.co.id".into()))
        );
        for text in
            ["john.doe@invalid", "@contoh.com", "a@b@c.com", "a b@c.com", "a@-c.com", "a@c.1"]
        {
            assert!(Contact::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_fragment_matches_inside_the_normalised_number() {
        for text in ["0812", "+62 812", "62812"] {
            assert_eq!(phone_fragment(text).as_deref(), Some("62812"), "{text}");
        }
        assert_eq!(phone_fragment("3456").as_deref(), Some("3456"));
        assert_eq!(phone_fragment("kaos"), None);
    }

    proptest! {
        #[test]
        fn normalising_twice_changes_nothing(text in "(08|8|628|\\+628)[1-9][0-9]{7,12}") {
            let once = Contact::parse(&text).unwrap();
            prop_assert_eq!(Contact::parse(once.normalised()).unwrap(), once);
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,300}") {
            drop(Contact::parse(&text));
        }
    }
}
