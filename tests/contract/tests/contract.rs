//! Events as they once were published must be read for ever: the bytes in `golden/` are never
//! changed, only added to (`reliability.md` part B, evolution).
#![cfg(test)]

use std::collections::BTreeSet;
use std::path::PathBuf;

use konveksi_contracts::v1::*;
use konveksi_contracts::{ALL_TYPES, EventMessage};
use konveksi_eventing::topology;
use prost_types::Timestamp;

const ID: &str = "0190a5c8-7c00-7000-8000-000000000001";
const OTHER_ID: &str = "0190a5c8-7c00-7000-8000-000000000002";

fn instant() -> Timestamp {
    Timestamp { seconds: 1_751_279_400, nanos: 123_456_000 }
}

fn order() -> OrderState {
    OrderState {
        order_id: ID.into(),
        order_code: "ORD-20250630-A1B".into(),
        customer_id: OTHER_ID.into(),
        product_name: "Kaos Custom".into(),
        quantity: 100,
        total_sen: 750_000_000,
        payment_plan: PaymentPlan::Deposit.into(),
        deposit_percent_hundredths: 6_000,
        channel: Channel::Both.into(),
        status: OrderStatus::DepositPaid.into(),
        production_status: ProductionStatus::InProgress.into(),
        paid_sen: 450_000_000,
        created_at: Some(instant()),
        quiet: false,
    }
}

fn invoice() -> InvoiceState {
    InvoiceState {
        invoice_id: OTHER_ID.into(),
        invoice_code: "INV-123456-ABC".into(),
        order_id: ID.into(),
        order_code: "ORD-20250630-A1B".into(),
        customer_id: OTHER_ID.into(),
        kind: InvoiceKind::Deposit.into(),
        amount_sen: 450_000_000,
        amount_paid_sen: 450_000_000,
        status: InvoiceStatus::Paid.into(),
        payment_url: "http://localhost:8190/checkout/1".into(),
        expires_at: Some(instant()),
        channel: Channel::Whatsapp.into(),
    }
}

/// Compares one type's golden bytes with what today's code makes of them; bytes that are not there
/// yet are written with `REGENERATE=1`, existing ones never touched.
#[expect(clippy::disallowed_methods, reason = "a tool's switch, not a setting")]
fn check<E: EventMessage + PartialEq + std::fmt::Debug>(
    sample: &E,
    checked: &mut BTreeSet<&'static str>,
) {
    let path = PathBuf::from(format!("golden/{}.hex", E::TYPE));
    if !path.exists() && std::env::var("REGENERATE").is_ok() {
        std::fs::write(&path, hex::encode(sample.encode_to_vec()) + "\n").unwrap();
    }
    let golden = std::fs::read_to_string(&path)
        .unwrap_or_else(|_| panic!("{} has no golden bytes: run `make proto`", E::TYPE));
    let read = E::decode(hex::decode(golden.trim()).unwrap().as_slice()).unwrap();
    assert!(read == *sample, "{}: {read:?}\n is not\n{sample:?}", E::TYPE);
    checked.insert(E::TYPE);
}

#[test]
#[expect(clippy::too_many_lines, reason = "one sample for each event, read as a list")]
fn every_event_ever_published_is_still_read() {
    let mut checked = BTreeSet::new();
    let all = &mut checked;
    check(
        &CustomerChanged {
            customer_id: OTHER_ID.into(),
            name: "Budi Santoso".into(),
            phone: "6281234567890".into(),
            email: "budi@example.co.id".into(),
            erased: false,
            merged_into: String::new(),
        },
        all,
    );
    check(&OrderCreated { order: Some(order()), notify: true, design_file_id: ID.into() }, all);
    check(&OrderUpdated { order: Some(order()) }, all);
    check(&OrderDeleted { order: Some(order()) }, all);
    check(&OrderCancelled { order: Some(order()), notify: true }, all);
    check(
        &OrderStatusChanged {
            order: Some(order()),
            from: OrderStatus::LinkCreated.into(),
            to: OrderStatus::DepositPaid.into(),
            trigger: Trigger::Webhook.into(),
        },
        all,
    );
    check(
        &OrderProductionChanged {
            order: Some(order()),
            from: ProductionStatus::Waiting.into(),
            to: ProductionStatus::InProgress.into(),
            trigger: Trigger::Admin.into(),
            notify: true,
        },
        all,
    );
    check(&InvoiceCreated { invoice: Some(invoice()), notify: true }, all);
    check(&InvoiceExpired { invoice: Some(invoice()) }, all);
    check(&InvoiceCancelled { invoice: Some(invoice()) }, all);
    check(
        &PaymentReceived {
            payment_id: ID.into(),
            invoice: Some(invoice()),
            amount_sen: 450_000_000,
            method: "BANK_TRANSFER".into(),
            paid_at: Some(instant()),
            order_total_sen: 750_000_000,
            order_paid_sen: 450_000_000,
            money_version: 1,
            late: true,
            notify: true,
            trigger: Trigger::Webhook.into(),
        },
        all,
    );
    check(
        &PaymentRejected {
            order_id: ID.into(),
            order_code: "ORD-20250630-A1B".into(),
            invoice_id: OTHER_ID.into(),
            invoice_code: "INV-123456-ABC".into(),
            amount_sen: 100,
            reason: RejectReason::AmountTooLow.into(),
        },
        all,
    );
    check(
        &InstallmentDue {
            installment_id: ID.into(),
            plan_id: OTHER_ID.into(),
            invoice: Some(invoice()),
            sequence: 2,
            due_on: "2025-07-15".into(),
            days_left: 3,
            amount_due_sen: 250_000_000,
        },
        all,
    );
    check(
        &PaymentOverdue {
            invoice: Some(invoice()),
            days_overdue: 3,
            step: 2,
            amount_due_sen: 350_000_000,
            due_on: "2025-06-30".into(),
        },
        all,
    );
    check(
        &RefundCompleted {
            refund_id: OTHER_ID.into(),
            payment_id: ID.into(),
            invoice: Some(invoice()),
            amount_sen: 100_000_000,
            method: "bank_transfer".into(),
            completed_at: Some(instant()),
            order_total_sen: 750_000_000,
            order_paid_sen: 350_000_000,
            money_version: 2,
            notify: true,
            trigger: Trigger::Admin.into(),
        },
        all,
    );
    check(
        &NotificationSent {
            notification_id: ID.into(),
            order_id: ID.into(),
            order_code: "ORD-20250630-A1B".into(),
            invoice_id: OTHER_ID.into(),
            invoice_kind: InvoiceKind::Final.into(),
            template_type: "pelunasan_invoice".into(),
            channel: Channel::Email.into(),
            sent_at: Some(instant()),
        },
        all,
    );
    check(
        &NotificationFailed {
            notification_id: ID.into(),
            order_id: ID.into(),
            order_code: "ORD-20250630-A1B".into(),
            invoice_id: OTHER_ID.into(),
            template_type: "dp_invoice".into(),
            channel: Channel::Whatsapp.into(),
            failure: FailureKind::Unreachable.into(),
        },
        all,
    );
    check(
        &MediaStored {
            file_id: ID.into(),
            order_id: ID.into(),
            url: "http://localhost:8000/media/designs/2025/06/30/logo-0a1b2c3d_processed.png"
                .into(),
            format: "PNG".into(),
            size_bytes: 2_048_576,
        },
        all,
    );
    check(&MediaQuarantined { file_id: ID.into(), order_id: ID.into() }, all);
    check(&MediaRejected { file_id: ID.into(), order_id: ID.into() }, all);
    let named: BTreeSet<_> = ALL_TYPES.iter().map(|(name, _)| *name).collect();
    assert_eq!(checked, named, "an event type without a golden sample");
}

#[test]
fn everything_that_is_told_is_heard_by_somebody_and_the_other_way_round() {
    let told: BTreeSet<_> = ALL_TYPES.iter().map(|(name, _)| *name).collect();
    let heard: BTreeSet<_> =
        topology::HEARERS.iter().flat_map(|hearer| hearer.types).copied().collect();
    assert_eq!(told, heard);
}
