//! The body of an invoice callback, with the provider's fields.

use serde_json::{Map, Value, json};

use crate::invoice::Invoice;
use crate::refund::Refund;

/// The body that tells where `invoice` stands now.
pub(crate) fn of(invoice: &Invoice) -> Value {
    let whole = serde_json::to_value(invoice).unwrap_or(Value::Null);
    let told = [
        "id",
        "external_id",
        "user_id",
        "status",
        "merchant_name",
        "amount",
        "paid_amount",
        "paid_at",
        "payer_email",
        "description",
        "created",
        "updated",
        "currency",
        "payment_method",
        "payment_channel",
        "payment_destination",
        "payment_id",
        "success_redirect_url",
        "failure_redirect_url",
    ];
    let mut body: Map<String, Value> = told
        .into_iter()
        .filter_map(|name| Some((name.to_owned(), whole.get(name)?.clone())))
        .collect();
    body.insert("is_high".to_owned(), json!(false));
    if invoice.payment_method.as_deref() == Some("BANK_TRANSFER") {
        body.insert("bank_code".to_owned(), json!(invoice.payment_channel));
    }
    Value::Object(body)
}

/// The body that tells how a refund of `invoice` ended.
pub(crate) fn of_refund(invoice: &Invoice, refund: &Refund) -> Value {
    json!({
        "event": refund.status.event(),
        "business_id": invoice.user_id,
        "created": refund.updated,
        "data": refund.on_wire(invoice),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::invoice::Payment;
    use crate::invoices::tests_support::invoice;

    #[test]
    fn a_paid_invoice_tells_how_and_when_it_was_paid() {
        let mut paid = invoice("a");
        paid.pay(Payment { amount: Some(9_000), ..Payment::default() }, paid.created).unwrap();
        let body = of(&paid);
        assert_eq!(body["status"], "PAID");
        assert_eq!(body["amount"], 10_000);
        assert_eq!(body["paid_amount"], 9_000);
        assert_eq!(body["bank_code"], "BCA");
        assert_eq!(body["paid_at"], "2023-11-14T22:13:20.000Z");
    }

    #[test]
    fn an_expired_invoice_tells_no_payment() {
        let mut expired = invoice("a");
        expired.expire(expired.expiry_date).unwrap();
        let body = of(&expired);
        assert_eq!(body["status"], "EXPIRED");
        assert!(body.get("paid_amount").is_none());
    }
}
