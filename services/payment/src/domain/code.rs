//! Invoice codes: `INV-123456-ABC`, as people read them out.

use std::fmt;

use rand::{Rng, RngExt as _};

/// An invoice's code. New ones have the contract's form; any stored code is accepted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct InvoiceCode(String);

/// The characters of the last part.
const ALPHABET: &[u8; 36] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

impl InvoiceCode {
    /// A new code. 46 656 million combinations; the caller retries when one is taken.
    pub(crate) fn generate(rng: &mut impl Rng) -> InvoiceCode {
        let number = rng.random_range(0..1_000_000_u32);
        let suffix: String = (0..3)
            .filter_map(|_| ALPHABET.get(rng.random_range(0..ALPHABET.len())))
            .map(|&byte| char::from(byte))
            .collect();
        InvoiceCode(format!("INV-{number:06}-{suffix}"))
    }

    /// Takes a code that was stored or received.
    pub(crate) fn from_stored(code: impl Into<String>) -> InvoiceCode {
        InvoiceCode(code.into())
    }

    /// The code as text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Our name for the `generation`-th link at the provider: the code itself for the first, so
    /// that staff find it there; numbered afterwards, so that each generation is asked for alone.
    pub(crate) fn external_id(&self, generation: i32) -> String {
        if generation <= 1 { self.0.clone() } else { format!("{}-{generation}", self.0) }
    }
}

impl fmt::Display for InvoiceCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_code_has_the_form_of_the_contract() {
        for _ in 0..100 {
            let code = InvoiceCode::generate(&mut rand::rng()).to_string();
            let parts: Vec<&str> = code.split('-').collect();
            assert_eq!(parts[0], "INV");
            assert!(parts[1].len() == 6 && parts[1].bytes().all(|b| b.is_ascii_digit()), "{code}");
            assert!(
                parts[2].len() == 3
                    && parts[2].bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase()),
                "{code}"
            );
        }
    }

    #[test]
    fn every_generation_has_its_own_name_at_the_provider() {
        let code = InvoiceCode::from_stored("INV-000001-AAA");
        assert_eq!(code.external_id(1), "INV-000001-AAA");
        assert_eq!(code.external_id(2), "INV-000001-AAA-2");
    }
}
