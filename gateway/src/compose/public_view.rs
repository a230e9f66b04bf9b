//! The money of an order as anybody with its code may see it: codes and amounts, no gateway ids,
//! no contact, links only while they can be paid (answer D of the contract).

use crate::json::At as _;
use chrono::{DateTime, Utc};
use konveksi_kernel::Money;
use rust_decimal::prelude::ToPrimitive as _;
use serde_json::{Value, json};

/// What payment knows of one order.
pub(super) struct MoneyView {
    invoices: Vec<Value>,
    payments: Vec<Value>,
    total_paid: Money,
}

impl MoneyView {
    /// Reads payment's `{invoices, payments, total_paid}`.
    pub(super) fn read(money: &Value) -> MoneyView {
        let list = |name: &str| money[name].as_array().cloned().unwrap_or_default();
        MoneyView {
            invoices: list("invoices"),
            payments: list("payments"),
            total_paid: amount(money.at("total_paid")),
        }
    }

    pub(super) const fn total_paid(&self) -> Money {
        self.total_paid
    }

    /// `data.invoices` of answer D; amounts are integer strings.
    pub(super) fn invoices(&self, now: DateTime<Utc>) -> Vec<Value> {
        self.invoices.iter().map(|invoice| invoice_view(invoice, now)).collect()
    }

    /// What is asked for by the invoice that can be paid now, if there is one.
    pub(super) fn next_payment(&self) -> Option<Money> {
        let open = self.invoices.iter().find(|invoice| invoice.at("invoice_status") == UNPAID)?;
        Some(amount(open.at("invoice_amount")))
    }

    /// `payments` of answer D.
    pub(super) fn payments(&self) -> Vec<Value> {
        self.payments
            .iter()
            .map(|payment| {
                json!({
                    "payment_type": payment.at("payment_type"),
                    "amount": payment.at("amount"),
                    "status": payment.at("status"),
                    "paid_at": payment.at("paid_at"),
                })
            })
            .collect()
    }
}

const UNPAID: &str = "belum dibayar";

fn invoice_view(invoice: &Value, now: DateTime<Utc>) -> Value {
    let kind = invoice.at("payment_type").as_str().unwrap_or_default();
    let status = invoice.at("invoice_status").as_str().unwrap_or_default();
    let expires_at = invoice
        .at("invoice_expired_at")
        .as_str()
        .and_then(|text| text.parse::<DateTime<Utc>>().ok());
    let payable = status == UNPAID && expires_at.is_some_and(|at| now < at);
    json!({
        "invoice_code": invoice.at("invoice_code"),
        "payment_type": kind,
        "invoice_type_display": payment_type_display(kind),
        "invoice_status": status,
        "status_display": title_case(status),
        "invoice_amount": amount(invoice.at("invoice_amount")).to_whole_rupiah_string(),
        "invoice_paid_at": invoice.at("invoice_paid_at"),
        "payment_link": if payable { invoice.at("payment_url").clone() } else { Value::Null },
    })
}

/// An amount on the wire; what cannot be read counts as nothing.
pub(super) fn amount(value: &Value) -> Money {
    serde_json::from_value(value.clone()).unwrap_or(Money::ZERO)
}

/// An amount as a JSON number, for the one old answer that has numbers (§12 row 24).
pub(super) fn number(money: Money) -> Value {
    let whole = money.as_decimal().normalize();
    match whole.to_i64().filter(|_| whole.is_integer()) {
        Some(rupiah) => json!(rupiah),
        None => json!(whole.to_f64()),
    }
}

/// What is left of `total` after `paid`; nothing when more was paid.
pub(super) fn remaining(total: Money, paid: Money) -> Money {
    total.minus(paid).unwrap_or(Money::ZERO)
}

/// What people read for a payment type.
pub(super) fn payment_type_display(kind: &str) -> &'static str {
    match kind {
        "dp" => "Down Payment",
        "pelunasan" => "Pelunasan",
        "full" => "Full Payment",
        _ => "",
    }
}

fn title_case(words: &str) -> String {
    let upper = |word: &str| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| {
            first.to_uppercase().collect::<String>() + letters.as_str()
        })
    };
    words.split_whitespace().map(upper).collect::<Vec<_>>().join(" ")
}

/// First word and the initial of the last one (V1's masking); one word stays as it is.
pub(super) fn masked_name(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    match words.as_slice() {
        [first, .., last] => {
            let initial = last.chars().next().map(String::from).unwrap_or_default();
            format!("{first} {initial}.")
        }
        [only] => (*only).to_owned(),
        [] => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone as _;

    fn view() -> MoneyView {
        MoneyView::read(&json!({
            "total_paid": "60000.00",
            "payments": [{ "id": "secret", "payment_type": "dp", "amount": "60000.00",
                           "status": "success", "paid_at": "2025-01-02T00:00:00Z",
                           "contact_info": "0812", "notes": "staff only" }],
            "invoices": [
                { "id": "secret", "invoice_code": "INV-1", "payment_type": "dp",
                  "invoice_amount": "60000.00", "invoice_status": "sudah dibayar",
                  "invoice_paid_at": "2025-01-02T00:00:00Z", "payment_url": "https://pay/1",
                  "invoice_expired_at": "2025-01-04T00:00:00Z", "xendit_invoice_id": "x" },
                { "invoice_code": "INV-2", "payment_type": "pelunasan",
                  "invoice_amount": "40000.00", "invoice_status": "belum dibayar",
                  "invoice_paid_at": null, "payment_url": "https://pay/2",
                  "invoice_expired_at": "2025-01-08T00:00:00Z" },
            ],
        }))
    }

    #[test]
    fn links_are_shown_only_while_they_can_be_paid() {
        let on = |day| Utc.with_ymd_and_hms(2025, 1, day, 0, 0, 0).unwrap();
        let links = |day| -> Vec<Value> {
            view().invoices(on(day)).iter().map(|invoice| invoice["payment_link"].clone()).collect()
        };
        assert_eq!(links(3), [Value::Null, json!("https://pay/2")]);
        assert_eq!(links(8), [Value::Null, Value::Null]);
    }

    #[test]
    fn nothing_private_is_shown() {
        let shown = json!({ "i": view().invoices(Utc.timestamp_opt(0, 0).unwrap()), "p": view().payments() });
        let text = shown.to_string();
        for private in ["secret", "xendit", "0812", "staff only"] {
            assert!(!text.contains(private), "{private} in {text}");
        }
        assert_eq!(shown["i"][0]["status_display"], "Sudah Dibayar");
        assert_eq!(shown["i"][1]["invoice_amount"], "40000");
    }

    #[test]
    fn names_are_masked() {
        assert_eq!(masked_name("Budi Santoso Wijaya"), "Budi W.");
        assert_eq!(masked_name("Budi"), "Budi");
        assert_eq!(masked_name(""), "");
    }

    #[test]
    fn amounts_as_numbers_stay_whole() {
        assert_eq!(number(Money::parse("7500000.00").unwrap()), json!(7_500_000));
        assert_eq!(view().next_payment(), Some(Money::parse("40000").unwrap()));
    }
}
