//! What remains of a name when anyone may read it.

/// First word and the initial of the last: `Budi Santoso Putra` becomes `Budi P.`; one word stays
/// as it is (`contract.md` 6.2 D).
pub(crate) fn name(full: &str) -> String {
    let mut words = full.split_whitespace();
    let first = words.next().unwrap_or_default();
    let initial = words.next_back().and_then(|last| last.chars().next());
    initial.map_or_else(|| first.to_owned(), |initial| format!("{first} {initial}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_word_and_an_initial_remain() {
        for (full, masked) in [
            ("Budi Santoso", "Budi S."),
            ("Budi Santoso Putra", "Budi P."),
            ("Budi", "Budi"),
            ("  Siti   Élodie ", "Siti É."),
            ("", ""),
        ] {
            assert_eq!(name(full), masked, "{full}");
        }
    }
}
