//! What Midtrans says of a transaction, in answers and notifications. Times are WIB without an
//! offset, amounts text with two decimals, and the verdict is `status_code`.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::{DateTime, Duration, Utc};
use konveksi_settings::{ExposeSecret as _, SecretString};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha512};

use crate::invoice::{Invoice, InvoiceStatus};
use crate::refund::{Refund, RefundStatus};

/// Hours that WIB is ahead of UTC.
const WIB_HOURS: i64 = 7;

/// An answer that is only a verdict.
pub(super) fn answer(status: StatusCode, code: &str, message: &str) -> HttpResponse {
    HttpResponse::build(status).json(json!({ "status_code": code, "status_message": message }))
}

/// The provider is broken.
pub(super) fn broken(status: StatusCode) -> HttpResponse {
    let message = "Sorry, we encountered an internal server error. We will fix this soon.";
    answer(status, status.as_str(), message)
}

/// 404: there is no such transaction.
pub(super) fn unknown() -> HttpResponse {
    answer(StatusCode::NOT_FOUND, "404", "Transaction doesn't exist.")
}

/// The body of a notification: as in an answer, with the code of notifications.
pub(crate) fn notification(invoice: &Invoice, key: &SecretString) -> Value {
    let code = match invoice.status {
        InvoiceStatus::Pending => "201",
        InvoiceStatus::Paid | InvoiceStatus::Settled => "200",
        InvoiceStatus::Expired => "202",
    };
    Value::Object(of(invoice, (code, "midtrans payment notification"), key))
}

/// The transaction with a verdict.
pub(super) fn of(
    invoice: &Invoice,
    (code, message): (&str, &str),
    key: &SecretString,
) -> Map<String, Value> {
    let gross = format!("{}.00", invoice.paid_amount.unwrap_or(invoice.amount));
    let payment_type = payment_type(invoice);
    let mut body = Map::new();
    let mut put = |name: &str, value: Value| body.insert(name.to_owned(), value);
    put("status_code", json!(code));
    put("status_message", json!(message));
    put("transaction_id", json!(invoice.id));
    put("order_id", json!(invoice.external_id));
    put("merchant_id", json!("G000000000"));
    put("gross_amount", json!(gross));
    put("currency", json!("IDR"));
    put("payment_type", json!(payment_type));
    put("transaction_time", json!(wib(invoice.created)));
    put("transaction_status", json!(transaction_status(invoice)));
    put("fraud_status", json!("accept"));
    put("signature_key", json!(signature(&invoice.external_id, code, &gross, key)));
    if let Some(paid_at) = invoice.paid_at {
        put("settlement_time", json!(wib(paid_at)));
    }
    if payment_type == "bank_transfer" {
        let bank = invoice.payment_channel.as_deref().unwrap_or_default().to_lowercase();
        put("va_numbers", json!([{ "bank": bank, "va_number": invoice.payment_destination }]));
    }
    let refunds: Vec<Value> = paid_back(invoice).map(refund_on_wire).collect();
    if !refunds.is_empty() {
        let sum: u64 = paid_back(invoice).map(|one| one.amount).sum();
        put("refund_amount", json!(format!("{sum}.00")));
        put("refunds", json!(refunds));
    }
    body
}

fn paid_back(invoice: &Invoice) -> impl Iterator<Item = &Refund> {
    invoice.backstage.refunds.iter().filter(|one| one.status == RefundStatus::Succeeded)
}

fn refund_on_wire(refund: &Refund) -> Value {
    json!({
        "refund_chargeback_id": refund.created.timestamp_millis(),
        "refund_amount": format!("{}.00", refund.amount),
        "created_at": wib(refund.created),
        "bank_confirmed_at": wib(refund.updated),
        "reason": refund.reason,
        "refund_key": refund.key,
    })
}

/// `sha512(order_id + status_code + gross_amount + server_key)`.
fn signature(order_id: &str, code: &str, gross: &str, key: &SecretString) -> String {
    hex::encode(Sha512::digest(format!("{order_id}{code}{gross}{}", key.expose_secret())))
}

fn payment_type(invoice: &Invoice) -> &'static str {
    match invoice.payment_channel.as_deref() {
        Some("MANDIRI") => "echannel",
        Some("BCA" | "BNI" | "BRI") => "bank_transfer",
        Some("GOPAY") => "gopay",
        Some("SHOPEEPAY") => "shopeepay",
        Some("ALFAMART") => "cstore",
        Some("CREDIT_CARD") => "credit_card",
        // Other wallets pay by scanning the same code.
        Some(_) | None => "qris",
    }
}

fn transaction_status(invoice: &Invoice) -> &'static str {
    let back: u64 = paid_back(invoice).map(|one| one.amount).sum();
    match invoice.status {
        InvoiceStatus::Pending => "pending",
        InvoiceStatus::Expired => "expire",
        InvoiceStatus::Paid | InvoiceStatus::Settled if back > 0 => {
            let all = back >= invoice.paid_amount.unwrap_or(invoice.amount);
            if all { "refund" } else { "partial_refund" }
        }
        InvoiceStatus::Paid if payment_type(invoice) == "credit_card" => "capture",
        InvoiceStatus::Paid | InvoiceStatus::Settled => "settlement",
    }
}

fn wib(at: DateTime<Utc>) -> String {
    (at + Duration::hours(WIB_HOURS)).format("%Y-%m-%d %H:%M:%S").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::invoice::Payment;
    use crate::invoices::tests_support::invoice;

    #[test]
    fn a_notification_is_signed_over_what_it_says() {
        let mut paid = invoice("a");
        let now = paid.created;
        paid.pay(Payment { method: Some("GOPAY"), ..Payment::default() }, now).unwrap();
        let key = SecretString::from("SB-Mid-server-test");
        let told = notification(&paid, &key);
        assert_eq!(told["transaction_status"], "settlement");
        assert_eq!(told["gross_amount"], "10000.00");
        let signed = format!("{}20010000.00SB-Mid-server-test", paid.external_id);
        assert_eq!(told["signature_key"], hex::encode(Sha512::digest(signed)));
    }
}
