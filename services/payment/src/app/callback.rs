//! What the provider's callbacks say, in both shapes it sends them.

use serde::Deserialize;

use crate::providers::ProviderStatus;

/// The invoice a callback is about, as the callback claims. Nothing here is believed before the
/// provider was asked.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Notice {
    /// The provider's id of the link.
    pub(super) id: String,
    /// Our name for it.
    #[serde(default)]
    pub(super) external_id: String,
    /// What became of it.
    pub(super) status: ProviderStatus,
}

/// A callback: the invoice itself, or wrapped with the event's name.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Body {
    Wrapped { event: String, data: Notice },
    Plain(Notice),
}

/// A callback that was read.
#[derive(Debug, Clone)]
pub(super) struct Callback {
    /// The event's name, such as `invoice.paid`.
    pub(super) webhook_type: String,
    /// What it claims.
    pub(super) notice: Notice,
}

/// Reads a callback's body.
pub(super) fn read(body: &[u8]) -> Result<Callback, String> {
    let parsed: Body = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    Ok(match parsed {
        Body::Wrapped { event, data } => {
            let webhook_type = event.chars().filter(|one| !one.is_control()).take(60).collect();
            Callback { webhook_type, notice: data }
        }
        Body::Plain(notice) => Callback { webhook_type: name_of(notice.status).to_owned(), notice },
    })
}

const fn name_of(status: ProviderStatus) -> &'static str {
    match status {
        ProviderStatus::Paid => "invoice.paid",
        ProviderStatus::Settled => "invoice.settled",
        ProviderStatus::Expired => "invoice.expired",
        ProviderStatus::Pending => "invoice.pending",
        ProviderStatus::Unknown => "invoice.unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_shapes_say_the_same() {
        let plain = read(br#"{"id":"a","external_id":"INV-1","status":"PAID"}"#).unwrap();
        let wrapped = read(
            br#"{"event":"invoice.paid","data":{"id":"a","external_id":"INV-1","status":"PAID"}}"#,
        )
        .unwrap();
        assert_eq!(plain.webhook_type, wrapped.webhook_type);
        assert_eq!(plain.notice.id, wrapped.notice.id);
    }

    #[test]
    fn what_is_no_callback_is_not_read() {
        for body in ["", "[]", "{}", r#"{"id":"a"}"#, r#"{"event":"x"}"#] {
            assert!(read(body.as_bytes()).is_err(), "{body}");
        }
    }
}
