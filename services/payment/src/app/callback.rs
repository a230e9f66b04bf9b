//! What the providers' callbacks say, in every shape they send them. Nothing of it is believed
//! before the provider was asked.

use konveksi_kernel::RefundId;
use serde::Deserialize;

use crate::domain::PaymentSource;
use crate::providers::{ProviderStatus, Signed};

/// What a callback is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Subject {
    /// A link.
    Link(Notice),
    /// A refund, by our own name for it.
    Refund(RefundId),
    /// Something we know nothing of.
    Other,
}

/// A link as a callback claims it to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Notice {
    /// The provider's id of the link.
    pub(super) id: String,
    /// Our name for it.
    pub(super) external_id: String,
    /// What became of it.
    pub(super) claims: ProviderStatus,
    /// Whether some of its money went back.
    pub(super) refunded: bool,
}

/// A callback that was read.
#[derive(Debug, Clone)]
pub(super) struct Callback {
    /// The event's name, such as `invoice.paid`.
    pub(super) webhook_type: String,
    /// What it is about.
    pub(super) subject: Subject,
}

/// Reads a callback's body.
pub(super) fn read(source: PaymentSource, body: &[u8]) -> Result<Callback, String> {
    match source {
        PaymentSource::Xendit => xendit(body),
        PaymentSource::Midtrans => midtrans(body),
        PaymentSource::Manual | PaymentSource::Mutation | PaymentSource::Credit => {
            Err("nobody sends such callbacks".to_owned())
        }
    }
}

/// Xendit: the invoice itself, or wrapped with the event's name; refunds always wrapped, once or
/// twice.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Body {
    Refund { event: String, data: Refund },
    NestedRefund { event: String, data: NestedRefund },
    Wrapped { event: String, data: Invoice },
    Plain(Invoice),
}

#[derive(Debug, Deserialize)]
struct Invoice {
    id: String,
    #[serde(default)]
    external_id: String,
    status: String,
}

#[derive(Debug, Deserialize)]
struct Refund {
    reference_id: String,
    #[serde(rename = "amount")]
    _amount: serde_json::Number,
}

#[derive(Debug, Deserialize)]
struct NestedRefund {
    data: Refund,
}

fn xendit(body: &[u8]) -> Result<Callback, String> {
    let parsed: Body = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    Ok(match parsed {
        Body::Refund { event, data }
        | Body::NestedRefund { event, data: NestedRefund { data } } => {
            let own = data.reference_id.parse().map_or(Subject::Other, Subject::Refund);
            Callback { webhook_type: short(&event), subject: own }
        }
        Body::Wrapped { event, data } => {
            Callback { webhook_type: short(&event), subject: of_xendit(data) }
        }
        Body::Plain(invoice) => {
            let name = format!("invoice.{}", invoice.status.to_lowercase());
            Callback { webhook_type: short(&name), subject: of_xendit(invoice) }
        }
    })
}

fn of_xendit(invoice: Invoice) -> Subject {
    let claims = match invoice.status.as_str() {
        "PAID" | "SETTLED" => ProviderStatus::Paid,
        "EXPIRED" => ProviderStatus::Expired,
        "PENDING" => ProviderStatus::Pending,
        _ => ProviderStatus::Unknown,
    };
    let Invoice { id, external_id, .. } = invoice;
    Subject::Link(Notice { id, external_id, claims, refunded: false })
}

fn midtrans(body: &[u8]) -> Result<Callback, String> {
    let signed: Signed = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    let claims = signed.claims();
    let refunded = matches!(signed.transaction_status.as_str(), "refund" | "partial_refund");
    let notice =
        Notice { id: signed.order_id.clone(), external_id: signed.order_id, claims, refunded };
    let webhook_type = short(&format!("payment.{}", signed.transaction_status));
    Ok(Callback { webhook_type, subject: Subject::Link(notice) })
}

fn short(name: &str) -> String {
    name.chars().filter(|one| !one.is_control()).take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notice(body: &str) -> Notice {
        match read(PaymentSource::Xendit, body.as_bytes()).unwrap().subject {
            Subject::Link(notice) => notice,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn both_shapes_say_the_same() {
        let plain = r#"{"id":"a","external_id":"INV-1","status":"PAID"}"#;
        let wrapped = format!(r#"{{"event":"invoice.paid","data":{plain}}}"#);
        assert_eq!(notice(plain), notice(&wrapped));
        let named = |body: &str| read(PaymentSource::Xendit, body.as_bytes()).unwrap().webhook_type;
        assert_eq!(named(plain), named(&wrapped));
    }

    #[test]
    fn a_refund_is_told_by_our_own_name_for_it() {
        let id = "01935e6c-7b1f-7d30-8c5e-0123456789ab";
        let data =
            format!(r#"{{"id":"rfd-1","reference_id":"{id}","amount":1000,"status":"SUCCEEDED"}}"#);
        let once = format!(r#"{{"event":"refund.succeeded","data":{data}}}"#);
        let twice =
            format!(r#"{{"event":"refund.succeeded","data":{{"event":"x","data":{data}}}}}"#);
        for body in [once, twice] {
            let read = read(PaymentSource::Xendit, body.as_bytes()).unwrap();
            assert_eq!(read.subject, Subject::Refund(id.parse().unwrap()));
        }
        let other = r#"{"event":"refund.failed","data":{"reference_id":"theirs","amount":1}}"#;
        let read = read(PaymentSource::Xendit, other.as_bytes()).unwrap();
        assert_eq!(read.subject, Subject::Other);
    }

    #[test]
    fn a_notification_of_midtrans_is_read() {
        let body = r#"{"order_id":"INV-1","status_code":"200","gross_amount":"10.00",
            "signature_key":"x","transaction_status":"partial_refund"}"#;
        let read = read(PaymentSource::Midtrans, body.as_bytes()).unwrap();
        assert_eq!(read.webhook_type, "payment.partial_refund");
        let Subject::Link(notice) = read.subject else { panic!("no link") };
        assert_eq!((notice.claims, notice.refunded), (ProviderStatus::Paid, true));
    }

    #[test]
    fn what_is_no_callback_is_not_read() {
        for body in ["", "[]", "{}", r#"{"id":"a"}"#, r#"{"event":"x"}"#] {
            for source in [PaymentSource::Xendit, PaymentSource::Midtrans] {
                assert!(read(source, body.as_bytes()).is_err(), "{body}");
            }
        }
    }
}
