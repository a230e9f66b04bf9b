//! *Terbilang*: an amount in Indonesian words, as a receipt needs it.

use konveksi_kernel::Money;

const UNITS: [&str; 12] = [
    "", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh",
    "sebelas",
];
/// Groups of three digits, the largest first; money ends below a thousand trillions.
const GROUPS: [(u64, &str); 4] = [
    (1_000_000_000_000, "triliun"),
    (1_000_000_000, "miliar"),
    (1_000_000, "juta"),
    (1_000, "ribu"),
];

/// `amount` in words: "empat juta lima ratus ribu rupiah". Sen are told when there are any.
pub(crate) fn rupiah(amount: Money) -> String {
    let sen = u64::try_from(amount.to_sen()).unwrap_or(0);
    let whole = format!("{} rupiah", number(sen / 100));
    match sen % 100 {
        0 => whole,
        rest => format!("{whole} {} sen", number(rest)),
    }
}

/// A whole number in words.
fn number(value: u64) -> String {
    if value == 0 {
        return "nol".to_owned();
    }
    let mut words = Vec::new();
    let mut left = value;
    for (size, name) in GROUPS {
        let count = left / size;
        left %= size;
        match count {
            0 => {}
            // One thousand alone is "seribu"; one million is "satu juta".
            1 if size == 1_000 => words.push("seribu".to_owned()),
            1..1_000 => words.push(format!("{} {name}", below_thousand(count))),
            _ => words.push(format!("{} {name}", number(count))),
        }
    }
    if left > 0 {
        words.push(below_thousand(left));
    }
    words.join(" ")
}

fn below_thousand(value: u64) -> String {
    let word = |index: u64| usize::try_from(index).ok().and_then(|index| UNITS.get(index));
    let named = |index: u64| word(index).copied().unwrap_or_default();
    let with_rest = |head: String, rest: u64| {
        if rest == 0 { head } else { format!("{head} {}", below_thousand(rest)) }
    };
    match value {
        0..=11 => named(value).to_owned(),
        12..=19 => format!("{} belas", named(value - 10)),
        20..=99 => with_rest(format!("{} puluh", named(value / 10)), value % 10),
        100..=199 => with_rest("seratus".to_owned(), value - 100),
        _ => with_rest(format!("{} ratus", named(value / 100)), value % 100),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_table_of_amounts() {
        for (value, words) in [
            (0, "nol"),
            (1, "satu"),
            (10, "sepuluh"),
            (11, "sebelas"),
            (12, "dua belas"),
            (19, "sembilan belas"),
            (20, "dua puluh"),
            (21, "dua puluh satu"),
            (100, "seratus"),
            (101, "seratus satu"),
            (111, "seratus sebelas"),
            (200, "dua ratus"),
            (999, "sembilan ratus sembilan puluh sembilan"),
            (1_000, "seribu"),
            (1_001, "seribu satu"),
            (1_100, "seribu seratus"),
            (2_000, "dua ribu"),
            (11_000, "sebelas ribu"),
            (101_000, "seratus satu ribu"),
            (1_000_000, "satu juta"),
            (1_001_000, "satu juta seribu"),
            (3_750_000, "tiga juta tujuh ratus lima puluh ribu"),
            (1_000_000_000, "satu miliar"),
            (
                999_999_999_999,
                "sembilan ratus sembilan puluh sembilan miliar sembilan ratus \
                sembilan puluh sembilan juta sembilan ratus sembilan puluh sembilan ribu sembilan \
                ratus sembilan puluh sembilan",
            ),
            (10_000_000_000_000, "sepuluh triliun"),
        ] {
            assert_eq!(number(value), words, "{value}");
        }
    }

    #[test]
    fn sen_are_told_when_there_are_any() {
        assert_eq!(rupiah(Money::from_sen(150).unwrap()), "satu rupiah lima puluh sen");
        assert_eq!(
            rupiah(Money::from_rupiah(4_500_000).unwrap()),
            "empat juta lima ratus ribu rupiah"
        );
    }

    /// Reads words back, a word at a time.
    fn value_of(words: &str) -> u64 {
        let (mut total, mut group, mut last) = (0, 0, 0);
        for word in words.split(' ') {
            match word {
                "puluh" => (group, last) = (group + last * 10, 0),
                "belas" => (group, last) = (group + last + 10, 0),
                "ratus" => (group, last) = (group + last * 100, 0),
                "seratus" => group += 100,
                "seribu" => total += 1_000,
                "nol" => {}
                name => {
                    if let Some((size, _)) = GROUPS.iter().find(|(_, group)| *group == name) {
                        (total, group, last) = (total + (group + last) * size, 0, 0);
                    } else {
                        last = u64::try_from(UNITS.iter().position(|unit| *unit == name).unwrap())
                            .unwrap();
                        // "sepuluh" and "sebelas" stand for themselves.
                        if last >= 10 {
                            (group, last) = (group + last, 0);
                        }
                    }
                }
            }
        }
        total + group + last
    }

    proptest! {
        #[test]
        fn the_words_read_back_as_the_amount(value in 0_u64..=10_000_000_000_000) {
            prop_assert_eq!(value_of(&number(value)), value);
        }

        #[test]
        fn small_amounts_too(value in 0_u64..=20_000) {
            prop_assert_eq!(value_of(&number(value)), value);
        }
    }
}
