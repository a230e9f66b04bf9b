//! One search box: what a text may mean, and which field of an order it meets.
//!
//! A name is met word by word in any order, accents and case aside, also when a word is misspelt:
//! one typo below six letters, two from six on (`settled.md` 34), where the longer of the two
//! words counts and two neighbours exchanged are one typo.

use unicode_normalization::UnicodeNormalization as _;

use super::contact::{Contact, phone_fragment};
use super::order::Order;
use super::order_code;

/// The most words one search may have.
pub(crate) const MOST_WORDS: usize = 10;
/// Fewer letters than this are searched as they stand: one typo would make them anything.
const FUZZY_FROM: usize = 3;
/// Words of at least this many letters may have two typos.
const TWO_TYPOS_FROM: usize = 6;
/// Only so many first letters are varied; the whole words are compared afterwards.
const VARIED: usize = 7;

/// A text as it is compared: accents and case gone, full stops and quotes dropped, one blank
/// between words. `search_fold` of the migrations is the same in SQL.
pub(crate) fn fold(text: &str) -> String {
    let plain: String = text
        .nfkd()
        .filter(|letter| !('\u{300}'..='\u{36f}').contains(letter))
        .collect::<String>()
        .to_lowercase()
        .chars()
        .filter(|letter| {
            !matches!(letter, '.' | ',' | '\'' | '"' | '`' | '(' | ')' | '\u{2018}' | '\u{2019}')
        })
        .collect();
    let words: Vec<&str> = plain
        .split(|letter: char| letter.is_whitespace() || matches!(letter, '/' | '-'))
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ")
}

/// The word with up to two of its first seven letters left out: two words within two typos share
/// one of these. `search_variants` of the migrations is the same in SQL.
pub(crate) fn variants(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    let deletions = if letters.len() >= 4 { 2 } else { 1 };
    let mut found = vec![letters.iter().take(VARIED).collect::<String>()];
    let mut begin = 0;
    for _ in 0..deletions {
        let end = found.len();
        for index in begin..end {
            let Some(text) = found.get(index).cloned() else { continue };
            for left_out in 0..text.chars().count() {
                let shorter: String = text
                    .chars()
                    .enumerate()
                    .filter(|(at, _)| *at != left_out)
                    .map(|(_, letter)| letter)
                    .collect();
                if !shorter.is_empty() && !found.contains(&shorter) {
                    found.push(shorter);
                }
            }
        }
        begin = end;
    }
    found
}

/// Whether `typed` may be `meant` misspelt; a word is also its own misspelling.
pub(crate) fn is_close(typed: &str, meant: &str) -> bool {
    if typed == meant {
        return true;
    }
    let typed: Vec<char> = typed.chars().collect();
    let meant: Vec<char> = meant.chars().collect();
    let written_out = |word: &[char]| !word.iter().any(|letter| letter.is_numeric());
    if typed.len() < FUZZY_FROM || !written_out(&typed) || !written_out(&meant) {
        return false;
    }
    let allowed = if typed.len().max(meant.len()) < TWO_TYPOS_FROM { 1 } else { 2 };
    typed.len().abs_diff(meant.len()) <= allowed && distance(&typed, &meant) <= allowed
}

/// Letters added, lost, replaced, or exchanged with their neighbour (optimal string alignment).
fn distance(left: &[char], right: &[char]) -> usize {
    let mut older: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=right.len()).collect();
    let mut before = None;
    for (row, &a) in left.iter().enumerate() {
        let mut line = Vec::with_capacity(above.len());
        line.push(row + 1);
        let mut left_of_b = None;
        for (column, &b) in right.iter().enumerate() {
            let at =
                |line: &[usize], index: usize| line.get(index).copied().unwrap_or(usize::MAX / 2);
            let mut least = (at(&above, column) + usize::from(a != b))
                .min(at(&above, column + 1) + 1)
                .min(at(&line, column) + 1);
            if column > 0 && before == Some(b) && left_of_b == Some(a) {
                least = least.min(at(&older, column - 1) + 1);
            }
            line.push(least);
            left_of_b = Some(b);
        }
        before = Some(a);
        older = std::mem::replace(&mut above, line);
    }
    above.last().copied().unwrap_or_default()
}

/// What one search text may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Search {
    /// Folded words; each must be met. Empty when the text has none.
    pub(crate) words: Vec<String>,
    /// The text as a code, if it could be one.
    pub(crate) code: Option<String>,
    /// The whole contact, if it is one.
    pub(crate) contact: Option<String>,
    /// What may stand inside a normalised contact.
    pub(crate) contact_part: Option<String>,
}

impl Search {
    /// Reads the box.
    ///
    /// # Errors
    /// What is wrong, in Indonesian.
    pub(crate) fn read(text: &str) -> Result<Search, String> {
        let text = text.trim();
        let words: Vec<String> = fold(text).split_whitespace().map(str::to_owned).collect();
        if words.len() > MOST_WORDS {
            return Err(format!("Maksimal {MOST_WORDS} kata."));
        }
        let in_one = !text.chars().any(char::is_whitespace);
        let contact = Contact::parse(text).ok().map(|contact| contact.normalised().to_owned());
        let part = phone_fragment(text).or_else(|| {
            let written = text.chars().filter(char::is_ascii_alphanumeric).count() >= 3;
            (in_one && written).then(|| text.to_lowercase())
        });
        Ok(Search {
            words,
            code: (in_one && text.len() <= 32).then(|| order_code::canonical(text)),
            contact,
            contact_part: part,
        })
    }

    /// Whether every word is a word of the folded `name`.
    fn is_in_words_of(&self, name: &str) -> bool {
        !self.words.is_empty()
            && self.words.iter().all(|word| name.split(' ').any(|own| own == word))
    }

    /// Whether every word is somewhere in the folded `text`.
    fn is_in(&self, text: &str) -> bool {
        !self.words.is_empty() && self.words.iter().all(|word| text.contains(word.as_str()))
    }

    /// Whether every word is somewhere in the folded `name`, or is one of its words misspelt.
    fn is_nearly_in(&self, name: &str) -> bool {
        let met = |word: &String| {
            name.contains(word.as_str()) || name.split(' ').any(|own| is_close(word, own))
        };
        !self.words.is_empty() && self.words.iter().all(met)
    }

    /// The fields of `order` that are met, the one it is ranked by first.
    pub(crate) fn matched_on(&self, order: &Order) -> Vec<Field> {
        let product = fold(&order.details.product_name);
        let mut met = self.met(&order.details.customer_name, order.details.contact.normalised());
        if self.code.as_deref() == Some(order.code.as_str()) {
            met.push(Tier::Code);
        }
        if self.is_in(&product) {
            met.push(Tier::Product);
        }
        met.sort_unstable();
        let mut fields = Vec::new();
        for field in met.into_iter().map(Tier::field) {
            if !fields.contains(&field) {
                fields.push(field);
            }
        }
        fields
    }

    /// How a customer's name and one of their contacts are met.
    pub(crate) fn matched_contact_or_name(&self, name: &str, contact: &str) -> Vec<(Tier, Field)> {
        self.met(name, contact).into_iter().map(|tier| (tier, tier.field())).collect()
    }

    fn met(&self, name: &str, contact: &str) -> Vec<Tier> {
        let name = fold(name);
        let part = self.contact_part.as_deref();
        let met = [
            (Tier::Contact, self.contact.as_deref() == Some(contact)),
            (Tier::NameWords, self.is_in_words_of(&name)),
            (Tier::NamePart, self.is_in(&name)),
            (Tier::ContactPart, part.is_some_and(|part| contact.contains(part))),
            (Tier::NameMisspelt, self.is_nearly_in(&name)),
        ];
        met.into_iter().filter(|(_, met)| *met).map(|(tier, _)| tier).collect()
    }
}

/// A field a search looks into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    /// The code.
    OrderCode,
    /// Phone or e-mail.
    Contact,
    /// The customer's name.
    CustomerName,
    /// What is made.
    ProductName,
}

impl Field {
    /// The word on the wire: the order's own field.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            Field::OrderCode => "order_code",
            Field::Contact => "contact_information",
            Field::CustomerName => "customer_name",
            Field::ProductName => "product_name",
        }
    }
}

/// How well an order is met; the first comes first, within one the newest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tier {
    /// Its code, exactly.
    Code,
    /// Its contact, in any spelling.
    Contact,
    /// Every word is a word of the name.
    NameWords,
    /// Every word is part of the name.
    NamePart,
    /// Every word is part of the product.
    Product,
    /// Part of its contact.
    ContactPart,
    /// Every word is part of the name or one of its words misspelt.
    NameMisspelt,
}

impl Tier {
    /// Every tier, best first.
    pub(crate) const ALL: [Tier; 7] = [
        Tier::Code,
        Tier::Contact,
        Tier::NameWords,
        Tier::NamePart,
        Tier::Product,
        Tier::ContactPart,
        Tier::NameMisspelt,
    ];

    /// The field it looks into.
    pub(crate) const fn field(self) -> Field {
        match self {
            Tier::Code => Field::OrderCode,
            Tier::Contact | Tier::ContactPart => Field::Contact,
            Tier::NameWords | Tier::NamePart | Tier::NameMisspelt => Field::CustomerName,
            Tier::Product => Field::ProductName,
        }
    }
}

#[cfg(test)]
#[path = "search_tests.rs"]
mod tests;
