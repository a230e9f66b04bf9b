//! Reads what was asked of `POST /send`, from a form or from JSON.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::messages::phone_digits;
use crate::provider_call::body_as_json;

/// One message to one or more numbers.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Input {
    /// Digits of each number, with country code.
    pub(crate) targets: Vec<String>,
    /// What it says.
    pub(crate) message: String,
    /// When it is to be sent; absent: now.
    pub(crate) scheduled_at: Option<DateTime<Utc>>,
}

/// Reads a body, or gives the gateway's reason against it.
///
/// # Errors
/// The text of `reason`.
pub(crate) fn read(body: &[u8]) -> Result<Input, &'static str> {
    let fields = body_as_json(body);
    let field = |name: &str| match fields.get(name) {
        Some(Value::String(text)) => text.trim().to_owned(),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_)) | None => {
            String::new()
        }
    };
    let country_code = match field("countryCode") {
        code if code.is_empty() => "62".to_owned(),
        code => code,
    };
    // A target may carry variables behind bars: `08123456789|Budi|Admin`.
    let numbers = field("target");
    let targets: Vec<String> = numbers
        .split(',')
        .filter_map(|target| phone_digits(target.split('|').next()?, &country_code))
        .collect();
    let message = field("message");
    if numbers.is_empty() || message.is_empty() {
        return Err("input invalid");
    }
    if targets.is_empty() {
        return Err("target invalid");
    }
    let scheduled_at = match field("schedule").as_str() {
        "" | "0" => None,
        seconds => Some(
            seconds
                .parse()
                .ok()
                .and_then(|seconds| DateTime::from_timestamp(seconds, 0))
                .ok_or("input invalid")?,
        ),
    };
    Ok(Input { targets, message, scheduled_at })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_and_json_mean_the_same() {
        let form = read(b"target=081234567890&message=Halo+Budi&countryCode=62").unwrap();
        let json = read(br#"{"target":"+62 812-3456-7890","message":"Halo Budi"}"#).unwrap();
        assert_eq!(form, json);
        assert_eq!(form.targets, ["6281234567890"]);
    }

    #[test]
    fn several_targets_and_their_variables_are_understood() {
        let input = read(b"target=08123456789|Budi|Admin,0812345678,x&message=Halo").unwrap();
        assert_eq!(input.targets, ["628123456789", "62812345678"]);
    }

    #[test]
    fn a_schedule_is_a_unix_second() {
        let input = read(b"target=08123456789&message=x&schedule=1700000000").unwrap();
        assert_eq!(input.scheduled_at.unwrap().timestamp(), 1_700_000_000);
        assert_eq!(read(b"target=08123456789&message=x&schedule=besok"), Err("input invalid"));
    }

    #[test]
    fn nothing_to_say_and_nobody_to_say_it_to_are_refused() {
        assert_eq!(read(b"target=08123456789"), Err("input invalid"));
        assert_eq!(read(b"message=x"), Err("input invalid"));
        assert_eq!(read(b"target=bukan+nomor&message=x"), Err("target invalid"));
    }
}
