//! Names: what is kept of the client's, and the ones we make.

use chrono::{Datelike as _, NaiveDate};

use super::format::Format;

/// The longest name kept, in characters.
const NAME_CHARS: usize = 255;
/// The longest part of the client's name in a served path.
const SLUG_CHARS: usize = 60;

/// What follows the last dot, if something stands before it; else nothing.
pub(crate) fn extension(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => extension,
        _ => "",
    }
}

/// The client's name without folders, control characters and marks that turn text around; `None`
/// when nothing is left. Kept only to be shown and offered for saving.
pub(crate) fn clean(raw: &str) -> Option<String> {
    let name = raw.rsplit(['/', '\\']).next().unwrap_or_default();
    let visible: String = name.chars().filter(|&letter| !is_hidden(letter)).collect();
    let visible = visible.trim();
    // The ending with its dot, so that cutting the stem cannot cut the dot.
    let stem_bytes = visible.len() - extension(visible).len();
    let stem = visible.get(..stem_bytes).unwrap_or(visible).trim_end_matches('.');
    let ending = visible.strip_prefix(stem).unwrap_or_default();
    let room = NAME_CHARS.saturating_sub(ending.chars().count());
    let name: String = stem.chars().take(room).chain(ending.chars()).take(NAME_CHARS).collect();
    (!name.is_empty() && name != "." && name != "..").then_some(name)
}

/// Control characters, and Unicode's invisible and direction-changing ones.
fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

/// The name's stem in lower-case ASCII letters, digits, `-` and `_`; `design` when nothing is left.
fn slug(name: &str) -> String {
    let stem = name.strip_suffix(extension(name)).unwrap_or(name);
    let mut slug = String::new();
    for letter in stem.chars() {
        if letter.is_ascii_alphanumeric() || letter == '_' {
            slug.push(letter.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug: String = slug.chars().take(SLUG_CHARS).collect();
    let slug = slug.trim_matches(['-', '_']);
    if slug.is_empty() { "design".to_owned() } else { slug.to_owned() }
}

/// Under which path a file stored on `day` (Jakarta) is served. `random` keeps two files of one
/// name apart and makes the path hard to guess.
pub(crate) fn public_path(day: NaiveDate, name: &str, random: u32, format: Format) -> String {
    format!(
        "/media/designs/{:04}/{:02}/{:02}/{}-{random:08x}_processed.{}",
        day.year(),
        day.month(),
        day.day(),
        slug(name),
        format.extension()
    )
}

/// What stands for the path of a private file: nothing is ever served under it.
pub(crate) fn private_path(random: u128) -> String {
    format!("/private/{random:032x}")
}

/// Whether `path` has only characters that [`public_path`] uses.
pub(crate) fn is_plain(path: &str) -> bool {
    path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-_.".contains(&byte))
}

/// Where a file stored on `day` (Jakarta) lies in the store: nothing of the client's name in it.
pub(crate) fn storage_key(day: NaiveDate, random: u128) -> String {
    format!("designs/{:04}/{:02}/{:02}/{random:032x}", day.year(), day.month(), day.day())
}

/// Where a proof stored on `day` (Jakarta) lies in the store.
pub(crate) fn proof_key(day: NaiveDate, random: u128) -> String {
    format!("proofs/{:04}/{:02}/{:02}/{random:032x}", day.year(), day.month(), day.day())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day() -> NaiveDate {
        NaiveDate::from_ymd_opt(2025, 6, 30).unwrap()
    }

    #[test]
    fn paths_and_hidden_characters_leave_a_name() {
        for (raw, wanted) in [
            ("logo_design.png", Some("logo_design.png")),
            ("../../etc/passwd.png", Some("passwd.png")),
            ("C:\\Users\\budi\\logo.png", Some("logo.png")),
            ("lo\0go\r\n.png", Some("logo.png")),
            ("gnp.\u{202E}exe.png", Some("gnp.exe.png")),
            ("  logo.png ", Some("logo.png")),
            ("CON", Some("CON")),
            ("..", None),
            ("folder/", None),
            ("", None),
        ] {
            assert_eq!(clean(raw).as_deref(), wanted, "{raw:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_ending() {
        let name = clean(&format!("{}.png", "é".repeat(400))).unwrap();
        assert_eq!(name.chars().count(), 255);
        assert_eq!(extension(&name), "png");
    }

    #[test]
    fn the_served_path_is_as_the_contract_has_it() {
        assert_eq!(
            public_path(day(), "Logo Design (2).PNG", 0x0a1b_2c3d, Format::Png),
            "/media/designs/2025/06/30/logo-design-2-0a1b2c3d_processed.png"
        );
        assert_eq!(
            public_path(day(), "標誌.jpeg", 7, Format::Jpeg),
            "/media/designs/2025/06/30/design-00000007_processed.jpg"
        );
    }

    proptest! {
        #[test]
        fn no_name_leaves_its_folder(raw in ".{0,80}") {
            let Some(name) = clean(&raw) else { return Ok(()) };
            let path = public_path(day(), &name, 1, Format::Png);
            prop_assert!(is_plain(&path), "{path}");
            prop_assert_eq!(path.matches('/').count(), 6);
            prop_assert_eq!(path.matches('.').count(), 1);
        }
    }
}
