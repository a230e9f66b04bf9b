//! Events' enums as the wire's words. Unknown numbers (from a newer service) have no word.

use konveksi_contracts::v1::{InvoiceKind, OrderStatus, ProductionStatus};

pub(super) fn order_status(number: i32) -> &'static str {
    match OrderStatus::try_from(number) {
        Ok(OrderStatus::AwaitingLink) => "menunggu_link",
        Ok(OrderStatus::LinkCreated) => "link_dibuat",
        Ok(OrderStatus::DepositPaid) => "dp_dibayar",
        Ok(OrderStatus::WorkDone) => "pengerjaan_selesai",
        Ok(OrderStatus::AwaitingFinalPayment) => "menunggu_pelunasan",
        Ok(OrderStatus::PaidInFull) => "lunas",
        Ok(OrderStatus::Cancelled) => "dibatalkan",
        Ok(OrderStatus::Unspecified) | Err(_) => "",
    }
}

pub(super) fn production_status(number: i32) -> &'static str {
    match ProductionStatus::try_from(number) {
        Ok(ProductionStatus::Waiting) => "menunggu",
        Ok(ProductionStatus::InProgress) => "diproses",
        Ok(ProductionStatus::Finished) => "selesai",
        Ok(ProductionStatus::Shipped) => "dikirim",
        Ok(ProductionStatus::Cancelled) => "dibatalkan",
        Ok(ProductionStatus::Unspecified) | Err(_) => "",
    }
}

pub(super) fn invoice_kind(number: i32) -> &'static str {
    match InvoiceKind::try_from(number) {
        Ok(InvoiceKind::Deposit) => "dp",
        Ok(InvoiceKind::Final) => "pelunasan",
        Ok(InvoiceKind::Full) => "full",
        Ok(InvoiceKind::Unspecified) | Err(_) => "",
    }
}
