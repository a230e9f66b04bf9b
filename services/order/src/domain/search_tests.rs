//! Folding, typos and what a text may mean.

use std::collections::HashSet;

use proptest::prelude::*;

use super::*;

#[test]
fn accents_case_and_punctuation_do_not_matter() {
    for (written, folded) in [
        ("  Budi   SANTOSO ", "budi santoso"),
        ("Réza Üğur", "reza ugur"),
        ("Dr. H. Nur'aini, S.H.", "dr h nuraini sh"),
        ("Al-Farisi/Hidayat", "al farisi hidayat"),
        ("Jaket_Hoodie 100%", "jaket_hoodie 100%"),
        ("...", ""),
    ] {
        assert_eq!(fold(written), folded, "{written}");
    }
}

#[test]
fn one_typo_below_six_letters_two_from_six_on() {
    for (typed, meant) in [
        ("budi", "budi"),
        ("bdui", "budi"),
        ("bdi", "budi"),
        ("buddi", "budi"),
        ("bufi", "budi"),
        ("sitti", "siti"),
        ("santozo", "santoso"),
        ("sntozo", "santoso"),
        ("satos", "santoso"),
        ("rahmta", "rahmat"),
        ("wijya", "wijaya"),
    ] {
        assert!(is_close(typed, meant), "{typed} {meant}");
    }
    for (typed, meant) in [
        ("bxxi", "budi"),
        ("dewi", "budi"),
        ("sxxtxso", "santoso"),
        ("al", "ali"),
        ("081", "082"),
        ("rw05", "rw06"),
    ] {
        assert!(!is_close(typed, meant), "{typed} {meant}");
    }
}

#[test]
fn one_text_may_mean_several_things() {
    let search = Search::read("0812.3456-7890").unwrap();
    assert_eq!(search.contact.as_deref(), Some("6281234567890"));
    assert_eq!(search.contact_part.as_deref(), Some("6281234567890"));
    let search = Search::read("ord-20250630-a1b").unwrap();
    assert_eq!(search.code.as_deref(), Some("ORD-20250630-A1B"));
    assert_eq!(search.contact, None);
    let search = Search::read("Budi  Santoso").unwrap();
    assert_eq!(search.words, ["budi", "santoso"]);
    assert_eq!((search.code, search.contact_part), (None, None));
    let search = Search::read("SITI@Contoh").unwrap();
    assert_eq!(search.contact_part.as_deref(), Some("siti@contoh"));
    assert!(Search::read(&"kata ".repeat(11)).is_err());
}

/// The word with one letter added, lost, replaced or exchanged.
fn typo(word: &[char], kind: u8, at: usize, letter: char) -> Vec<char> {
    let mut word = word.to_vec();
    let at = at % word.len();
    match kind % 4 {
        0 => word.insert(at, letter),
        1 if word.len() > 1 => drop(word.remove(at)),
        2 if at + 1 < word.len() => word.swap(at, at + 1),
        _ => word[at] = letter,
    }
    word
}

proptest! {
    #[test]
    fn folding_twice_changes_nothing(text in "\\PC{0,60}") {
        let once = fold(&text);
        prop_assert_eq!(fold(&once), once);
    }

    #[test]
    fn reading_never_panics(text in "\\PC{0,255}") {
        drop(Search::read(&text));
    }

    #[test]
    fn allowed_typos_are_close_and_share_a_variant(
        word in "[a-z]{3,12}",
        typos in proptest::collection::vec((0_u8..4, 0_usize..12, proptest::char::range('a', 'z')), 0..=2),
    ) {
        let meant: Vec<char> = word.chars().collect();
        let most = if meant.len() < 6 { 1 } else { 2 };
        let mut typed = meant.clone();
        for (kind, at, letter) in typos.into_iter().take(most) {
            typed = typo(&typed, kind, at, letter);
        }
        prop_assume!(typed.len() >= 3);
        let typed: String = typed.into_iter().collect();
        // Two edits of one place may be three alignments apart; then they are no two typos.
        prop_assume!(is_close(&typed, &word) || most == 2);
        if is_close(&typed, &word) {
            let ours: HashSet<String> = variants(&typed).into_iter().collect();
            prop_assert!(variants(&word).iter().any(|variant| ours.contains(variant)));
        }
        prop_assert_eq!(is_close(&typed, &word), is_close(&word, &typed));
    }

    #[test]
    fn one_typo_is_always_found(
        word in "[a-z]{4,12}", kind in 0_u8..4, at in 0_usize..12, letter in proptest::char::range('a', 'z'),
    ) {
        let typed: String =
            typo(&word.chars().collect::<Vec<_>>(), kind, at, letter).into_iter().collect();
        prop_assert!(is_close(&typed, &word));
    }

    #[test]
    fn two_typos_are_found_from_six_letters_on(
        word in "[a-z]{8,12}", letter in proptest::char::range('a', 'z'), first in 0_u8..4, second in 0_u8..4,
    ) {
        // Far enough apart that one does not undo or cross the other.
        let letters: Vec<char> = word.chars().collect();
        let typed = typo(&typo(&letters, second, letters.len() - 2, letter), first, 0, letter);
        let typed: String = typed.into_iter().collect();
        prop_assert!(is_close(&typed, &word));
        let ours: HashSet<String> = variants(&typed).into_iter().collect();
        prop_assert!(variants(&word).iter().any(|variant| ours.contains(variant)));
    }
}
