//! The values messages are written with (`contract.md` section 6.5), from what we know of order,
//! customer, invoice and payment.
//!
//! Every amount has dots between thousands, as the spec's sample wants for readers here; only
//! `amount_due`, which the older templates name, has the commas its contract asks for.

use chrono::{DateTime, Utc};
use konveksi_kernel::{Money, jakarta};

use crate::domain::facts::{Contact, Order};
use crate::domain::invoice::{Invoice, InvoiceKind};
use crate::domain::template::{Value, Values};

/// Every variable a template can count on, as staff see them listed.
pub(crate) const AVAILABLE: [&str; 18] = [
    "customer_name",
    "order_code",
    "invoice_code",
    "product_name",
    "amount_due",
    "payment_link",
    "expiry_date",
    "quantity",
    "total_price",
    "paid_amount",
    "payment_type",
    "order_status",
    "amount",
    "payment_date",
    "is_full_payment",
    "remaining_amount",
    "has_payment_link",
    "current_date",
];

/// One payment that a receipt speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Receipt {
    /// What arrived.
    pub(crate) amount: Money,
    /// When.
    pub(crate) paid_at: DateTime<Utc>,
    /// The order's price.
    pub(crate) order_total: Money,
    /// All that is captured for the order now, this included.
    pub(crate) order_paid: Money,
    /// What the paid invoice asked for.
    pub(crate) kind: InvoiceKind,
}

/// What there is to say about an order, and about one of its invoices if one is meant.
pub(crate) fn of_order(
    order: &Order,
    contact: &Contact,
    invoice: Option<&Invoice>,
    now: DateTime<Utc>,
) -> Values {
    let own = |text: &str| Value::Own(text.to_owned());
    let mut values = Values::new();
    values.set("customer_name", Value::Public(contact.name.clone()));
    values.set("order_code", own(&order.code));
    values.set("product_name", Value::Public(order.product_name.clone()));
    values.set("quantity", Value::Own(order.quantity.to_string()));
    values.set("total_price", Value::Own(order.total.to_display()));
    values.set("paid_amount", Value::Own(order.paid.to_display()));
    values.set("remaining_amount", Value::Own(order.remaining().to_display()));
    values.set("order_status", own(order.status.label()));
    values.set("is_full_payment", Value::Flag(order.remaining().is_zero()));
    values.set("current_date", Value::Own(jakarta::display(now)));
    values.set(
        "payment_type",
        own(if order.has_deposit { InvoiceKind::Deposit } else { InvoiceKind::Full }.label()),
    );
    if let Some(invoice) = invoice {
        set_invoice(&mut values, invoice);
    }
    values
}

fn set_invoice(values: &mut Values, invoice: &Invoice) {
    let due = invoice.amount.minus(invoice.amount_paid).unwrap_or(Money::ZERO);
    let expiry = invoice.expires_at.map_or_else(|| "-".to_owned(), jakarta::display);
    values.set("invoice_code", Value::Own(invoice.code.clone()));
    values.set("payment_type", Value::Own(invoice.kind.label().to_owned()));
    values.set("amount_due", Value::Own(with_commas(due)));
    values.set("amount", Value::Own(due.to_display()));
    values.set("payment_link", Value::Own(invoice.payment_url.clone()));
    values.set("has_payment_link", Value::Flag(!invoice.payment_url.is_empty()));
    values.set("expiry_date", Value::Own(expiry));
}

/// What a receipt adds to [`of_order`]; the sums of the event, which may be ahead of the order's.
pub(crate) fn add_receipt(values: &mut Values, receipt: &Receipt) {
    let remaining = receipt.order_total.minus(receipt.order_paid).unwrap_or(Money::ZERO);
    values.set("amount", Value::Own(receipt.amount.to_display()));
    values.set("payment_date", Value::Own(jakarta::display(receipt.paid_at)));
    values.set("payment_type", Value::Own(receipt.kind.label().to_owned()));
    values.set("paid_amount", Value::Own(receipt.order_paid.to_display()));
    values.set("remaining_amount", Value::Own(remaining.to_display()));
    values.set("is_full_payment", Value::Flag(remaining.is_zero()));
}

fn with_commas(amount: Money) -> String {
    amount.to_display().replace('.', ",")
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone as _;
    use konveksi_kernel::{Clock as _, CustomerId, InvoiceId, OrderId, SystemClock};

    use super::*;
    use crate::domain::channel::{Channel, ChannelChoice};
    use crate::domain::invoice::InvoiceStatus;
    use crate::domain::order_status::OrderStatus;

    fn rupiah(amount: u64) -> Money {
        Money::from_rupiah(amount).unwrap()
    }

    fn sample() -> (Order, Contact, Invoice) {
        let customer_id = CustomerId::generate(&SystemClock);
        let order = Order {
            id: OrderId::generate(&SystemClock),
            version: 1,
            code: "ORD-20250630-A1B".to_owned(),
            customer_id,
            product_name: "Kaos Polos".to_owned(),
            quantity: 100,
            total: rupiah(7_500_000),
            paid: Money::ZERO,
            has_deposit: true,
            channel: ChannelChoice::Whatsapp,
            status: OrderStatus::LinkCreated,
            deleted: false,
            quiet: false,
        };
        let contact = Contact {
            customer_id,
            version: 1,
            name: "John Doe".to_owned(),
            phone: None,
            email: None,
            erased: false,
        };
        let invoice = Invoice {
            id: InvoiceId::generate(&SystemClock),
            version: 1,
            code: "INV-123456-ABC".to_owned(),
            order_id: order.id,
            kind: InvoiceKind::Deposit,
            amount: rupiah(3_750_000),
            amount_paid: Money::ZERO,
            status: InvoiceStatus::Unpaid,
            payment_url: "https://checkout.example/web/a_b".to_owned(),
            expires_at: Some(Utc.with_ymd_and_hms(2025, 6, 30, 10, 30, 0).unwrap()),
            channel: None,
        };
        (order, contact, invoice)
    }

    fn shown(values: &Values, name: &str) -> String {
        values.get(name).unwrap().shown(Channel::Whatsapp)
    }

    #[test]
    fn an_invoice_is_told_in_the_contracts_forms() {
        let (order, contact, invoice) = sample();
        let values = of_order(&order, &contact, Some(&invoice), SystemClock.now());
        assert_eq!(shown(&values, "amount_due"), "3,750,000");
        assert_eq!(shown(&values, "amount"), "3.750.000");
        assert_eq!(shown(&values, "expiry_date"), "30/06/2025 17:30");
        assert_eq!(shown(&values, "payment_link"), "https://checkout.example/web/a_b");
        assert_eq!(shown(&values, "payment_type"), "Down Payment");
    }

    #[test]
    fn a_receipt_tells_the_sums_of_its_own_event() {
        let (order, contact, invoice) = sample();
        let mut values = of_order(&order, &contact, Some(&invoice), SystemClock.now());
        let receipt = Receipt {
            amount: rupiah(3_750_000),
            paid_at: Utc.with_ymd_and_hms(2025, 6, 30, 10, 30, 0).unwrap(),
            order_total: rupiah(7_500_000),
            order_paid: rupiah(3_750_000),
            kind: InvoiceKind::Deposit,
        };
        add_receipt(&mut values, &receipt);
        assert_eq!(shown(&values, "remaining_amount"), "3.750.000");
        assert!(!values.get("is_full_payment").unwrap().is_truthy());
        add_receipt(&mut values, &Receipt { order_paid: rupiah(7_600_000), ..receipt });
        assert_eq!(shown(&values, "remaining_amount"), "0");
        assert!(values.get("is_full_payment").unwrap().is_truthy());
    }

    #[test]
    fn everything_listed_is_there_for_a_receipt() {
        let (order, contact, invoice) = sample();
        let mut values = of_order(&order, &contact, Some(&invoice), SystemClock.now());
        let receipt = Receipt {
            amount: rupiah(1),
            paid_at: SystemClock.now(),
            order_total: rupiah(1),
            order_paid: rupiah(1),
            kind: InvoiceKind::Full,
        };
        add_receipt(&mut values, &receipt);
        for name in AVAILABLE {
            assert!(values.get(name).is_some(), "{name}");
        }
    }
}
