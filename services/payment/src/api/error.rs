//! The only error to status table of this service. A wrong state is 400, never 409 (contract
//! section 1); a provider that failed is 500, as its clients expect.

use actix_web::http::StatusCode;
use konveksi_web::{Problem, error_chain};

use crate::app::AppError;
use crate::domain::plan::{FURTHEST_DAYS, MOST_PARTS, PlanError};
use crate::domain::{HoldError, RefundError};

impl From<AppError> for Problem {
    fn from(error: AppError) -> Problem {
        match &error {
            AppError::Db(cause) if cause.is_transient() => Problem::unavailable(&error),
            AppError::Db(_)
            | AppError::NoFreeCode
            | AppError::Document(_)
            | AppError::PrintingStopped => Problem::internal(&error),
            AppError::Key(refused) => (*refused).into(),
            AppError::Refund(RefundError::SecondPerson) => second_person(&error),
            AppError::LinkPending => Problem::unavailable(&error),
            AppError::Provider(_) => provider(&error),
            AppError::WrongToken => wrong_token(),
            AppError::OrderNotFound => not_found(&error, "ORDER_NOT_FOUND", "Order"),
            AppError::InvoiceNotFound => not_found(&error, "INVOICE_NOT_FOUND", "Invoice"),
            AppError::PaymentNotFound => not_found(&error, "PAYMENT_NOT_FOUND", "Pembayaran"),
            AppError::PlanNotFound => not_found(&error, "PLAN_NOT_FOUND", "Rencana pembayaran"),
            AppError::PartNotFound => not_found(&error, "INSTALLMENT_NOT_FOUND", "Cicilan"),
            AppError::ProofNotFound => not_found(&error, "PROOF_NOT_FOUND", "Bukti transfer"),
            AppError::SettlementNotFound => not_found(&error, "SETTLEMENT_NOT_FOUND", "Pencairan"),
            AppError::UnmatchedNotFound => not_found(&error, "UNMATCHED_NOT_FOUND", "Dana"),
            AppError::Plan(wrong) => plan_problem(wrong),
            AppError::AmountMismatch { .. }
            | AppError::AmountMissing
            | AppError::TransferInFuture
            | AppError::SettlementInFuture
            | AppError::MoreThanDue { .. }
            | AppError::UnknownBankAccount => of_field(&error),
            AppError::PlanExists
            | AppError::PlanClosed
            | AppError::PartSettled
            | AppError::PartOfPlan
            | AppError::ProofDecided
            | AppError::ProofQuarantined
            | AppError::InfectedProof
            | AppError::DuplicateProof
            | AppError::TooManyProofs
            | AppError::SuspectedDouble
            | AppError::NeedsSecondPerson
            | AppError::NoOpenInvoice
            | AppError::InvoiceOfOtherOrder
            | AppError::NoFreeAmount
            | AppError::UnmatchedSettled
            | AppError::SettlementKnown
            | AppError::SettlementTooLarge { .. }
            | AppError::NotEnoughCredit { .. } => money_refusal(&error),
            AppError::RefundNotFound => not_found(&error, "REFUND_NOT_FOUND", "Refund"),
            AppError::NotRefundable
            | AppError::NoRefundThatWay
            | AppError::RefundSuspectedDouble
            | AppError::Hold(_)
            | AppError::Refund(_)
            | AppError::NotManual
            | AppError::PaymentInUse
            | AppError::NoReceipt
            | AppError::NoCreditNote => about_payment(&error),
            AppError::OrderClosed
            | AppError::DepositPaid
            | AppError::PartlyPaid
            | AppError::NothingLeft
            | AppError::FinalExists { .. }
            | AppError::Refused { .. }
            | AppError::ExpiryPassed
            | AppError::UnreadableCallback(_)
            | AppError::Amount(_) => refusal(&error),
        }
    }
}

/// 400 that names the field at fault.
fn of_field(error: &AppError) -> Problem {
    match error {
        AppError::AmountMismatch { due } => Problem::field(
            "transfer_amount",
            format!("Harus sama dengan sisa tagihan, yaitu Rp {}.", due.to_display()),
        )
        .with_extra("amount_due", due.to_string()),
        AppError::AmountMissing => Problem::field("transfer_amount", "Wajib diisi."),
        AppError::TransferInFuture => Problem::field("transfer_date", "Tidak boleh di masa depan."),
        AppError::SettlementInFuture => Problem::field("settled_on", "Tidak boleh di masa depan."),
        AppError::MoreThanDue { due } => {
            Problem::field("amount", format!("Sisa tagihan hanya Rp {}.", due.to_display()))
        }
        _ => Problem::field("bank_account", "Rekening tidak dikenal atau belum diatur."),
    }
}

/// 400, with its own code and sentence.
fn refusal(error: &AppError) -> Problem {
    let (code, sentence) = match error {
        AppError::OrderClosed => {
            ("ORDER_CLOSED", "Order ini sudah dibatalkan atau dihapus, jadi tidak dapat ditagih.")
        }
        AppError::DepositPaid => {
            ("DEPOSIT_PAID", "DP order ini sudah dibayar. Buat link untuk pelunasan.")
        }
        AppError::PartlyPaid => {
            ("PARTLY_PAID", "Sebagian order ini sudah dibayar. Buat link untuk pelunasan sisanya.")
        }
        AppError::NothingLeft => ("NOTHING_LEFT", "Order ini sudah lunas."),
        AppError::FinalExists { .. } => {
            ("FINAL_INVOICE_EXISTS", "Tagihan pelunasan order ini masih menunggu pembayaran.")
        }
        AppError::ExpiryPassed => ("EXPIRY_PASSED", "Batas waktu harus di masa depan."),
        AppError::UnreadableCallback(_) => ("UNREADABLE_CALLBACK", "Isi callback tidak dikenali."),
        AppError::Amount(_) => ("AMOUNT_OUT_OF_RANGE", "Jumlah uang di luar batas."),
        _ => ("INVOICE_INVALID_STATE", "Status invoice tidak memungkinkan tindakan ini."),
    };
    let problem = Problem::bad_request(code, sentence, error.to_string());
    match error {
        AppError::Refused { code, status, .. } => problem
            .with_extra("invoice_code", code.as_str())
            .with_extra("current_status", status.as_wire()),
        AppError::FinalExists { code } => problem.with_extra("invoice_code", code.as_str()),
        _ => problem,
    }
}

/// 400 of plans, proofs and credit, each with its own code and sentence.
fn money_refusal(error: &AppError) -> Problem {
    let (code, sentence) = match error {
        AppError::PlanExists => {
            ("PLAN_EXISTS", "Order ini sudah memiliki rencana pembayaran. Susun ulang rencana itu.")
        }
        AppError::PlanClosed => {
            ("PLAN_CLOSED", "Rencana pembayaran ini sudah selesai, diganti, atau dibatalkan.")
        }
        AppError::PartSettled => {
            ("INSTALLMENT_SETTLED", "Cicilan ini sudah dibayar atau tidak ditagih lagi.")
        }
        AppError::PartOfPlan => {
            ("PART_OF_PLAN", "Invoice ini bagian dari rencana pembayaran. Ubah rencananya.")
        }
        AppError::ProofDecided => ("PROOF_DECIDED", "Bukti transfer ini sudah diputuskan."),
        AppError::ProofQuarantined => {
            ("PROOF_QUARANTINED", "Berkas bukti masih diperiksa keamanannya. Coba lagi nanti.")
        }
        AppError::InfectedProof => {
            ("PROOF_INFECTED", "Berkas bukti tidak lolos pemeriksaan keamanan.")
        }
        AppError::DuplicateProof => ("DUPLICATE_PROOF", "Berkas bukti ini sudah pernah digunakan."),
        AppError::TooManyProofs => {
            ("TOO_MANY_PROOFS", "Masih ada bukti yang menunggu pemeriksaan. Mohon tunggu.")
        }
        AppError::SuspectedDouble => {
            ("SUSPECTED_DOUBLE", "Permintaan yang sama baru saja dikirim. Tunggu satu menit.")
        }
        AppError::NeedsSecondPerson => {
            ("SECOND_PERSON_REQUIRED", "Jumlah sebesar ini harus disetujui oleh orang lain.")
        }
        AppError::NoOpenInvoice => {
            ("NO_OPEN_INVOICE", "Tidak ada tagihan order ini yang menunggu pembayaran.")
        }
        AppError::InvoiceOfOtherOrder => {
            ("INVOICE_OF_OTHER_ORDER", "Invoice ini milik order lain.")
        }
        AppError::NoFreeAmount => {
            ("NO_FREE_AMOUNT", "Semua kode unik rekening ini sedang dipakai. Coba lagi nanti.")
        }
        AppError::UnmatchedSettled => ("UNMATCHED_SETTLED", "Dana ini sudah diselesaikan."),
        AppError::SettlementKnown => {
            ("SETTLEMENT_KNOWN", "Pencairan dengan referensi ini sudah dicatat.")
        }
        AppError::SettlementTooLarge { .. } => {
            ("SETTLEMENT_TOO_LARGE", "Dana yang ditahan penyedia lebih kecil dari jumlah ini.")
        }
        _ => ("NOT_ENOUGH_CREDIT", "Saldo kredit pelanggan tidak mencukupi."),
    };
    let problem = Problem::bad_request(code, sentence, error.to_string());
    match error {
        AppError::NotEnoughCredit { credit } => problem.with_extra("credit", credit.to_string()),
        AppError::SettlementTooLarge { held } => problem.with_extra("held", held.to_string()),
        _ => problem,
    }
}

/// 400 about a payment or refund.
fn about_payment(error: &AppError) -> Problem {
    if let AppError::Hold(HoldError::TooMuch(left)) = error {
        let left = left.to_display();
        let told = format!("Melebihi sisa pembayaran yang dapat dikembalikan (Rp{left}).");
        return Problem::field("refund_amount", told);
    }
    let (code, sentence) = match error {
        AppError::NotRefundable => (
            "PAYMENT_NOT_REFUNDABLE",
            "Pembayaran ini belum diterima atau sudah dibatalkan, jadi tidak dapat dikembalikan.",
        ),
        AppError::NoRefundThatWay => (
            "REFUND_METHOD_UNAVAILABLE",
            "Metode pembayaran ini tidak dapat dikembalikan oleh penyedia. Gunakan bank_transfer.",
        ),
        AppError::RefundSuspectedDouble => (
            "REFUND_SUSPECTED_DOUBLE",
            "Refund yang sama baru saja diminta. Tunggu satu menit atau kirim Idempotency-Key.",
        ),
        AppError::Hold(_) => (
            "CREDIT_USED",
            "Kelebihan pembayaran ini sudah dipakai sebagai saldo, jadi tidak dapat dikembalikan.",
        ),
        AppError::Refund(RefundError::ProviderDecides) => (
            "REFUND_BY_PROVIDER",
            "Refund ini dibayar oleh penyedia pembayaran; hasilnya datang dari penyedia.",
        ),
        AppError::NotManual => (
            "PAYMENT_NOT_MANUAL",
            "Hanya pembayaran yang dicatat manual yang dapat dihapus. Gunakan refund.",
        ),
        AppError::PaymentInUse => (
            "PAYMENT_IN_USE",
            "Uang pembayaran ini sudah dikembalikan atau dipakai, jadi tidak dapat dihapus.",
        ),
        AppError::NoReceipt => ("NO_RECEIPT", "Pembayaran ini tidak memiliki kwitansi."),
        AppError::NoCreditNote => {
            ("NO_CREDIT_NOTE", "Nota kredit tersedia setelah refund selesai.")
        }
        _ => ("REFUND_INVALID_STATE", "Status refund tidak memungkinkan tindakan ini."),
    };
    let problem = Problem::bad_request(code, sentence, error.to_string());
    match error {
        AppError::Refund(RefundError::Refused { from, .. }) => {
            problem.with_extra("current_status", from.as_wire())
        }
        _ => problem,
    }
}

/// What is wrong with a plan's parts, at the field it is about.
fn plan_problem(wrong: &PlanError) -> Problem {
    let (field, message) = match wrong {
        PlanError::Count(_) => {
            ("installments".to_owned(), format!("Harus 1 sampai {MOST_PARTS} cicilan."))
        }
        PlanError::Amount(at) => (
            format!("installments[{at}].amount"),
            "Harus lebih dari 0 dan dalam rupiah bulat.".to_owned(),
        ),
        PlanError::Order(at) => (
            format!("installments[{at}].due_date"),
            "Harus setelah tanggal cicilan sebelumnya.".to_owned(),
        ),
        PlanError::TooFar(at) => (
            format!("installments[{at}].due_date"),
            format!("Paling lambat {FURTHEST_DAYS} hari dari sekarang."),
        ),
        PlanError::Sum { sum, left } => (
            "installments".to_owned(),
            format!(
                "Jumlah cicilan Rp {}, padahal sisa tagihan Rp {}.",
                sum.to_display(),
                left.to_display()
            ),
        ),
        PlanError::Range(_) => ("installments".to_owned(), "Jumlah uang di luar batas.".to_owned()),
    };
    Problem::field(&field, message)
}

/// 403: somebody else has to agree.
fn second_person(error: &AppError) -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "REFUND_SECOND_PERSON",
        "Refund sebesar ini harus disetujui oleh orang lain.",
        error.to_string(),
    )
}

fn not_found(error: &AppError, code: &'static str, thing: &str) -> Problem {
    Problem::not_found(code, format!("{thing} tidak ditemukan."), error.to_string())
}

fn provider(error: &AppError) -> Problem {
    tracing::warn!(error = %error_chain(error), "the payment provider failed");
    Problem::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "PAYMENT_PROVIDER_FAILED",
        "Penyedia pembayaran sedang bermasalah. Link akan dibuat otomatis; coba lagi nanti.",
        "the payment provider did not make the link",
    )
}

fn wrong_token() -> Problem {
    tracing::warn!("a callback with a missing or wrong token");
    Problem::new(
        StatusCode::UNAUTHORIZED,
        "INVALID_CALLBACK_TOKEN",
        "Token callback tidak valid.",
        "the callback does not prove who sent it",
    )
}
