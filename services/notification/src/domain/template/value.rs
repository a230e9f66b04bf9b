//! Values on their way into a message, each made harmless for the channel it is written to
//! (`contract.md` section 6.5, `reliability.md` E47).

use std::collections::BTreeMap;

use super::parse::is_name;
use crate::domain::channel::Channel;

/// The longest value, in characters; longer ones are cut.
const MAX_CHARS: usize = 2_000;

/// One value, named for how far its author is trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    /// We made it: amounts, codes, dates, payment links. Written as it is.
    Own(String),
    /// A staff member wrote it: one may give links and several lines, but no markup.
    Staff(String),
    /// It came from the public, such as a customer's name: one line, no links, no markup.
    Public(String),
    /// Yes or no, for `{{#if}}`.
    Flag(bool),
}

impl Value {
    /// Whether `{{#if}}` takes the first branch: not empty, not zero, not a no.
    pub(crate) fn is_truthy(&self) -> bool {
        match self {
            Value::Flag(flag) => *flag,
            Value::Own(text) | Value::Staff(text) | Value::Public(text) => {
                !matches!(text.trim(), "" | "0" | "false")
            }
        }
    }

    /// The text as `channel` gets it.
    pub(crate) fn shown(&self, channel: Channel) -> String {
        match self {
            Value::Flag(flag) => if *flag { "Ya" } else { "Tidak" }.to_owned(),
            Value::Own(text) => without_invisible(text, true),
            Value::Staff(text) => {
                let text = without_html(&without_invisible(&cut(text), true));
                neutral(&text, channel, is_link)
            }
            Value::Public(text) => {
                let text = without_html(&without_invisible(&cut(text), false));
                neutral(&without_links(&text), channel, |_word| false)
            }
        }
    }
}

/// The values a template can name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Values(BTreeMap<String, Value>);

impl Values {
    /// None yet.
    pub(crate) fn new() -> Values {
        Values::default()
    }

    /// Sets `name`; a name that no template could write is ignored.
    pub(crate) fn set(&mut self, name: &str, value: Value) {
        if is_name(name) {
            self.0.insert(name.to_owned(), value);
        }
    }

    /// The value of `name`, if it has one.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// Takes over what `fallback` has and this has not.
    pub(crate) fn fill_from(&mut self, fallback: Values) {
        for (name, value) in fallback.0 {
            self.0.entry(name).or_insert(value);
        }
    }

    /// Every name with its value, by name.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }
}

fn cut(text: &str) -> String {
    text.chars().take(MAX_CHARS).collect()
}

/// Drops what cannot be seen but can mislead: control characters, direction marks, zero-width
/// blanks. Line breaks stay only when `lines` says so, else become one blank.
fn without_invisible(text: &str, lines: bool) -> String {
    let mut clean = String::with_capacity(text.len());
    for written in text.chars() {
        match written {
            '\n' if lines => clean.push('\n'),
            '\n' | '\r' | '\t' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                if !clean.ends_with(char::is_whitespace) {
                    clean.push(' ');
                }
            }
            '\u{61c}'
            | '\u{200b}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{feff}' => {}
            hidden if hidden.is_control() => {}
            plain => clean.push(plain),
        }
    }
    clean
}

/// Drops HTML tags. Taking one out may make a new one of what stood around it, so it goes on until
/// there is none; each round makes the text shorter.
fn without_html(text: &str) -> String {
    let mut clean = text.to_owned();
    while let Some(shorter) = without_one_tag(&clean) {
        clean = shorter;
    }
    clean
}

fn without_one_tag(text: &str) -> Option<String> {
    for (start, _) in text.match_indices('<') {
        let (before, from) = text.split_at_checked(start)?;
        let opens = from
            .chars()
            .nth(1)
            .is_some_and(|next| next.is_ascii_alphabetic() || "/!?".contains(next));
        if opens && let Some((_, after)) = from.split_once('>') {
            return Some(format!("{before}{after}"));
        }
    }
    None
}

/// Whether a word would be opened as a link by the reader's program.
fn is_link(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    word.contains("://") || word.starts_with("www.")
}

/// A name is no place for an address: words that are links are dropped.
fn without_links(text: &str) -> String {
    let kept: Vec<&str> = text.split(' ').filter(|word| !is_link(word)).collect();
    kept.join(" ").trim().to_owned()
}

/// WhatsApp reads `*_~` and backticks as markup: in values they become look-alikes, but in the
/// words that `keep` names, since a changed link would not open.
fn neutral(text: &str, channel: Channel, keep: impl Fn(&str) -> bool) -> String {
    match channel {
        Channel::Email => text.to_owned(),
        Channel::Whatsapp => {
            let words = text.split_inclusive(char::is_whitespace);
            words.map(|word| if keep(word) { word.to_owned() } else { lookalikes(word) }).collect()
        }
    }
}

fn lookalikes(word: &str) -> String {
    let harmless = |written| match written {
        '*' => '∗',
        '_' => '＿',
        '~' => '∼',
        '`' => '´',
        plain => plain,
    };
    word.chars().map(harmless).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn public(text: &str, channel: Channel) -> String {
        Value::Public(text.to_owned()).shown(channel)
    }

    #[test]
    fn a_name_cannot_bring_markup_lines_or_links() {
        assert_eq!(public("*x*\nhttp://evil", Channel::Whatsapp), "∗x∗");
        assert_eq!(public("Budi www.jahat.example `~_", Channel::Whatsapp), "Budi ´∼＿");
        assert_eq!(public("Budi\r\nBcc: x@y.id", Channel::Email), "Budi Bcc: x@y.id");
    }

    #[test]
    fn html_is_stripped_even_when_it_is_nested() {
        assert_eq!(public("<b>Budi</b>", Channel::Email), "Budi");
        assert_eq!(public("<<b>b>x<</b>/b>", Channel::Email), "x");
        assert_eq!(public("ukuran < 5 dan > 3", Channel::Email), "ukuran < 5 dan > 3");
    }

    #[test]
    fn invisible_characters_are_dropped() {
        assert_eq!(public("Bu\u{202e}di\u{200b}\u{7}", Channel::Whatsapp), "Budi");
    }

    #[test]
    fn our_own_links_are_never_touched() {
        let link = "https://checkout.example/web/a_b_c~d*e";
        assert_eq!(Value::Own(link.to_owned()).shown(Channel::Whatsapp), link);
    }

    #[test]
    fn staff_may_send_links_and_lines_but_no_markup() {
        let text = "lihat https://toko.example/a_b\n*promo*";
        let shown = Value::Staff(text.to_owned()).shown(Channel::Whatsapp);
        assert_eq!(shown, "lihat https://toko.example/a_b\n∗promo∗");
    }

    #[test]
    fn long_values_are_cut() {
        assert_eq!(public(&"a".repeat(5_000), Channel::Email).len(), MAX_CHARS);
    }

    #[test]
    fn no_zero_and_nothing_are_false() {
        for text in ["", " ", "0", "false"] {
            assert!(!Value::Own(text.to_owned()).is_truthy(), "{text:?}");
        }
        assert!(Value::Own("x".to_owned()).is_truthy());
        assert!(Value::Flag(true).is_truthy());
    }
}
