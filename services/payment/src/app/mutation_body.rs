//! What bank-mutation services send: a list of lines, bare or under `mutations` or `data`, or one
//! line. Their names for the same things differ; the usual ones are read.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use konveksi_kernel::ids::uuid_v7_at;
use konveksi_kernel::{Money, MutationId, jakarta};
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::domain::mutation::Mutation;

/// The most lines of one body.
const MOST_LINES: usize = 500;

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Body {
    Wrapped {
        #[serde(alias = "data")]
        mutations: Vec<Line>,
    },
    List(Vec<Line>),
    One(Line),
}

#[derive(Debug, Deserialize)]
struct Line {
    /// The service's own id; a text or a number.
    #[serde(default, alias = "id", alias = "unique_id")]
    mutation_id: Value,
    #[serde(alias = "account", alias = "bank_account", alias = "no_rekening")]
    account_number: Value,
    amount: Money,
    /// `CR`, `credit` or `K` for money that came.
    #[serde(alias = "direction")]
    r#type: String,
    #[serde(default, alias = "note", alias = "keterangan")]
    description: String,
    #[serde(default, alias = "created_at", alias = "transaction_date")]
    date: String,
    #[serde(default)]
    balance: Value,
}

/// Reads a body.
pub(super) fn read(body: &[u8], now: DateTime<Utc>) -> Result<Vec<Mutation>, String> {
    let body: Body = serde_json::from_slice(body)
        .map_err(|_unreadable| "no list of bank mutations".to_owned())?;
    let lines = match body {
        Body::Wrapped { mutations: lines } | Body::List(lines) => lines,
        Body::One(line) => vec![line],
    };
    if lines.is_empty() || lines.len() > MOST_LINES {
        return Err(format!("1 to {MOST_LINES} mutations are taken at once"));
    }
    lines.into_iter().map(|line| line.read(now)).collect()
}

impl Line {
    fn read(self, now: DateTime<Utc>) -> Result<Mutation, String> {
        let is_credit = match self.r#type.trim().to_ascii_uppercase().as_str() {
            "CR" | "CREDIT" | "K" | "IN" => true,
            "DB" | "DEBIT" | "D" | "OUT" => false,
            other => return Err(format!("unknown type of mutation: {}", cut(other, 20))),
        };
        let bank_account: String =
            word(&self.account_number).chars().filter(char::is_ascii_digit).take(30).collect();
        if bank_account.is_empty() || self.amount.is_zero() {
            return Err("a mutation needs an account and an amount".to_owned());
        }
        Ok(Mutation {
            id: MutationId::from_uuid(uuid_v7_at(now)),
            reference: self.reference(),
            happened_at: moment(&self.date).unwrap_or(now),
            bank_account,
            is_credit,
            amount: self.amount,
            description: cut(&self.description, 500),
        })
    }

    /// The service's id; without one, everything that makes the line this line.
    fn reference(&self) -> String {
        let own = cut(&word(&self.mutation_id), 200);
        if !own.is_empty() {
            return own;
        }
        let all = format!(
            "{}\n{}\n{}\n{}\n{}",
            self.date,
            self.amount,
            self.r#type,
            self.description,
            word(&self.balance)
        );
        let hash = Sha256::digest(all.as_bytes());
        format!("sha256:{}", hex::encode(hash))
    }
}

/// A text or a number, as text.
fn word(value: &Value) -> String {
    match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => String::new(),
    }
}

fn cut(text: &str, most: usize) -> String {
    text.chars().filter(|one| !one.is_control()).take(most).collect()
}

/// A moment as services write it: with a zone, or as the clock in Jakarta shows it.
fn moment(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Some(at.to_utc());
    }
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").ok();
    let local = local.or_else(|| {
        NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().and_then(|day| day.and_hms_opt(0, 0, 0))
    })?;
    Some(jakarta::day_start(local.date()) + (local - local.date().and_hms_opt(0, 0, 0)?))
}

#[cfg(test)]
mod tests {
    use konveksi_kernel::{Clock as _, SystemClock};

    use super::*;

    fn lines(body: &str) -> Vec<Mutation> {
        read(body.as_bytes(), SystemClock.now()).unwrap()
    }

    #[test]
    fn the_usual_shapes_say_the_same() {
        let line = r#"{"mutation_id":"a1","account_number":"123-456-7890","amount":4500123,
            "type":"CR","description":"TRSF E-BANKING","date":"2025-06-30 14:30:00"}"#;
        let all = [
            line.to_owned(),
            format!("[{line}]"),
            format!(r#"{{"mutations":[{line}]}}"#),
            format!(r#"{{"data":[{line}]}}"#),
        ];
        for body in all {
            let read = lines(&body);
            assert_eq!(read.len(), 1);
            assert_eq!(read[0].bank_account, "1234567890");
            assert_eq!(read[0].reference, "a1");
            assert!(read[0].is_credit);
            assert_eq!(read[0].happened_at.to_rfc3339(), "2025-06-30T07:30:00+00:00");
        }
    }

    #[test]
    fn a_line_without_an_id_is_known_again_by_all_it_says() {
        let line = |balance: u32| {
            let body = format!(
                r#"{{"account":"1234567890","amount":"100000.00","type":"K","date":"2025-06-30",
                     "description":"x","balance":{balance}}}"#
            );
            lines(&body)[0].reference.clone()
        };
        assert_eq!(line(1), line(1));
        assert_ne!(line(1), line(2));
    }

    #[test]
    fn what_is_no_list_of_mutations_is_refused() {
        for body in [
            "",
            "{}",
            "[]",
            r#"[{"amount":1}]"#,
            r#"[{"account":"","amount":1,"type":"CR"}]"#,
            r#"[{"account":"12345","amount":0,"type":"CR"}]"#,
            r#"[{"account":"12345","amount":-5,"type":"CR"}]"#,
            r#"[{"account":"12345","amount":5,"type":"??"}]"#,
        ] {
            assert!(read(body.as_bytes(), SystemClock.now()).is_err(), "{body}");
        }
    }
}
