//! Which passwords are taken: 12 to 128 characters, unaltered, nothing that is guessed first
//! (`reliability.md` E2). No rules about kinds of characters: they make passwords worse.

use thiserror::Error;

/// Why a password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum WeakPassword {
    /// Fewer than 12 characters.
    #[error("a password has at least 12 characters")]
    Short,
    /// More than 128 characters.
    #[error("a password has at most 128 characters")]
    Long,
    /// One of those that are tried first, or made of this place's own words.
    #[error("this password would be guessed early")]
    Guessable,
}

/// What guessers try first among passwords this long, and what they are built around.
const GUESSED: &[&str] = &[
    "password",
    "passw0rd",
    "p@ssword",
    "p@ssw0rd",
    "kata sandi",
    "katasandi",
    "rahasia",
    "qwerty",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1q2w3e4r",
    "q1w2e3r4",
    "administrator",
    "admin",
    "letmein",
    "iloveyou",
    "welcome",
    "selamat datang",
    "sayang",
    "bismillah",
    "indonesia",
    "jakarta",
    "bandung",
    "garuda",
    "konveksi",
    "sablon",
    "bordir",
    "kaos",
    "changeme",
    "default",
    "football",
    "baseball",
    "princess",
    "sunshine",
    "superman",
    "batman",
    "dragon",
    "monkey",
    "master",
    "shadow",
    "trustno1",
    "whatever",
    "starwars",
    "computer",
    "internet",
    "samsung",
    "pokemon",
    "naruto",
    "spongebob",
    "liverpool",
    "arsenal",
    "chelsea",
    "manchester",
    "barcelona",
    "realmadrid",
    "persib",
    "persija",
];

/// # Errors
/// [`WeakPassword`].
pub(crate) fn check(password: &str, username: &str) -> Result<(), WeakPassword> {
    let length = password.chars().count();
    if length < 12 {
        return Err(WeakPassword::Short);
    }
    if length > 128 {
        return Err(WeakPassword::Long);
    }
    // What is left when the guessable parts are taken out must still be a secret of its own.
    let mut rest = password.to_lowercase();
    let mut words: Vec<&str> = GUESSED.to_vec();
    let name = username.to_lowercase();
    if name.chars().count() >= 3 {
        words.push(&name);
    }
    words.sort_unstable_by_key(|word| std::cmp::Reverse(word.len()));
    for word in words {
        rest = rest.replace(word, "");
    }
    let letters: Vec<char> = rest.chars().filter(|letter| !is_run(*letter)).collect();
    let mut different = letters.clone();
    different.sort_unstable();
    different.dedup();
    if letters.len() < 6 || different.len() < 4 || is_sequence(password) {
        return Err(WeakPassword::Guessable);
    }
    Ok(())
}

/// Blanks and punctuation carry little: they are what people add to please a rule.
fn is_run(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '!' | '.' | '-' | '_' | '@' | '#' | '*' | '?' | ',')
}

/// `123456789012`, `abcdefghijkl` and the like, in either direction.
fn is_sequence(password: &str) -> bool {
    let codes: Vec<u32> = password.chars().map(u32::from).collect();
    let steps = codes.windows(2).filter(|pair| match pair {
        [a, b] => a.abs_diff(*b) <= 1,
        _ => false,
    });
    steps.count() * 10 >= codes.len().saturating_sub(1) * 8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guessable_passwords_are_refused() {
        for bad in [
            "password1234",
            "Password123!",
            "P@ssw0rd2024",
            "konveksi2024",
            "Konveksi-2025!!",
            "adminadmin12",
            "admin123admin",
            "budi.santoso1",
            "qwertyuiop12",
            "123456789012",
            "abcdefghijkl",
            "zyxwvutsrqpo",
            "aaaaaaaaaaaa",
            "abababababab",
            "rahasia12345",
            "sayangsayang",
            "bismillah123",
            "indonesia1945",
            "iloveyou1234",
            "welcome12345",
            "letmein12345",
            "jakarta12345",
            "katasandi123",
            "            ",
        ] {
            assert_eq!(check(bad, "budi.santoso"), Err(WeakPassword::Guessable), "{bad}");
        }
    }

    #[test]
    fn length_alone_decides_between_good_ones() {
        assert_eq!(check("kR7vT2mQ9xZ", "budi"), Err(WeakPassword::Short));
        assert_eq!(check(&"kR7vT2mQ9xZ!".repeat(11), "budi"), Err(WeakPassword::Long));
        for good in [
            "kR7vT2mQ9xZ4",
            "korek api basah kuyup",
            "correct horse battery staple",
            "meja hijau di loteng",
            "tujuh gajah makan roti",
            "   spasi   dibiarkan apa adanya   ",
            "ñandú über façade",
            "Xk29 fpQw 77ab Zm",
        ] {
            assert_eq!(check(good, "budi"), Ok(()), "{good}");
        }
    }
}
