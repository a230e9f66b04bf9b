//! The only error to status table of this service. A wrong state is 400, never 409 (contract
//! section 1); a provider that failed is 500, as its clients expect.

use actix_web::http::StatusCode;
use konveksi_web::{Problem, error_chain};

use crate::app::AppError;
use crate::domain::plan::{FURTHEST_DAYS, MOST_PARTS, PlanError};
use crate::domain::{HoldError, RefundError};

impl From<AppError> for Problem {
    fn from(error: AppError) -> Problem {
        problem(&error)
    }
}

#[expect(clippy::too_many_lines, reason = "one table, read as a list")]
fn problem(error: &AppError) -> Problem {
    // 400 with a code, and a sentence for people.
    let refused = |code, sentence| Problem::bad_request(code, sentence, error.to_string());
    let missing = |code, thing| {
        Problem::not_found(code, format!("{thing} tidak ditemukan."), error.to_string())
    };
    match error {
        AppError::Db(cause) if cause.is_transient() => Problem::unavailable(error),
        AppError::Db(_)
        | AppError::NoFreeCode
        | AppError::Document(_)
        | AppError::PrintingStopped => Problem::internal(error),
        AppError::Key(in_the_way) => (*in_the_way).into(),
        AppError::LinkPending => Problem::unavailable(error),
        AppError::Provider(_) => provider(error),
        AppError::WrongToken => wrong_token(),
        AppError::Plan(wrong) => plan_problem(wrong),

        AppError::OrderNotFound => missing("ORDER_NOT_FOUND", "Order"),
        AppError::InvoiceNotFound => missing("INVOICE_NOT_FOUND", "Invoice"),
        AppError::PaymentNotFound => missing("PAYMENT_NOT_FOUND", "Pembayaran"),
        AppError::RefundNotFound => missing("REFUND_NOT_FOUND", "Refund"),
        AppError::PlanNotFound => missing("PLAN_NOT_FOUND", "Rencana pembayaran"),
        AppError::PartNotFound => missing("INSTALLMENT_NOT_FOUND", "Cicilan"),
        AppError::ProofNotFound => missing("PROOF_NOT_FOUND", "Bukti transfer"),
        AppError::SettlementNotFound => missing("SETTLEMENT_NOT_FOUND", "Pencairan"),
        AppError::UnmatchedNotFound => missing("UNMATCHED_NOT_FOUND", "Dana"),

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
        AppError::UnknownBankAccount => {
            Problem::field("bank_account", "Rekening tidak dikenal atau belum diatur.")
        }
        AppError::Hold(HoldError::TooMuch(left)) => Problem::field(
            "refund_amount",
            format!("Melebihi sisa pembayaran yang dapat dikembalikan (Rp{}).", left.to_display()),
        ),

        // Orders and invoices.
        AppError::OrderClosed => refused(
            "ORDER_CLOSED",
            "Order ini sudah dibatalkan atau dihapus, jadi tidak dapat ditagih.",
        ),
        AppError::DepositPaid => {
            refused("DEPOSIT_PAID", "DP order ini sudah dibayar. Buat link untuk pelunasan.")
        }
        AppError::PartlyPaid => refused(
            "PARTLY_PAID",
            "Sebagian order ini sudah dibayar. Buat link untuk pelunasan sisanya.",
        ),
        AppError::NothingLeft => refused("NOTHING_LEFT", "Order ini sudah lunas."),
        AppError::FinalExists { code } => refused(
            "FINAL_INVOICE_EXISTS",
            "Tagihan pelunasan order ini masih menunggu pembayaran.",
        )
        .with_extra("invoice_code", code.as_str()),
        AppError::Refused { code, status, .. } => {
            refused("INVOICE_INVALID_STATE", "Status invoice tidak memungkinkan tindakan ini.")
                .with_extra("invoice_code", code.as_str())
                .with_extra("current_status", status.as_wire())
        }
        AppError::ExpiryPassed => refused("EXPIRY_PASSED", "Batas waktu harus di masa depan."),
        AppError::UnreadableCallback(_) => {
            refused("UNREADABLE_CALLBACK", "Isi callback tidak dikenali.")
        }
        AppError::Amount(_) | AppError::Hold(HoldError::Amount(_)) => {
            refused("AMOUNT_OUT_OF_RANGE", "Jumlah uang di luar batas.")
        }
        AppError::NoOpenInvoice => {
            refused("NO_OPEN_INVOICE", "Tidak ada tagihan order ini yang menunggu pembayaran.")
        }
        AppError::InvoiceOfOtherOrder => {
            refused("INVOICE_OF_OTHER_ORDER", "Invoice ini milik order lain.")
        }

        // Plans.
        AppError::PlanExists => refused(
            "PLAN_EXISTS",
            "Order ini sudah memiliki rencana pembayaran. Susun ulang rencana itu.",
        ),
        AppError::PlanClosed => refused(
            "PLAN_CLOSED",
            "Rencana pembayaran ini sudah selesai, diganti, atau dibatalkan.",
        ),
        AppError::PartSettled => {
            refused("INSTALLMENT_SETTLED", "Cicilan ini sudah dibayar atau tidak ditagih lagi.")
        }
        AppError::PartOfPlan => {
            refused("PART_OF_PLAN", "Invoice ini bagian dari rencana pembayaran. Ubah rencananya.")
        }

        // Transfers and their proofs.
        AppError::ProofDecided => refused("PROOF_DECIDED", "Bukti transfer ini sudah diputuskan."),
        AppError::ProofQuarantined => refused(
            "PROOF_QUARANTINED",
            "Berkas bukti masih diperiksa keamanannya. Coba lagi nanti.",
        ),
        AppError::InfectedProof => {
            refused("PROOF_INFECTED", "Berkas bukti tidak lolos pemeriksaan keamanan.")
        }
        AppError::DuplicateProof => {
            refused("DUPLICATE_PROOF", "Berkas bukti ini sudah pernah digunakan.")
        }
        AppError::TooManyProofs => {
            refused("TOO_MANY_PROOFS", "Masih ada bukti yang menunggu pemeriksaan. Mohon tunggu.")
        }
        AppError::SuspectedDouble => refused(
            "SUSPECTED_DOUBLE",
            "Permintaan yang sama baru saja dikirim. Tunggu satu menit.",
        ),
        AppError::NeedsSecondPerson => {
            refused("SECOND_PERSON_REQUIRED", "Jumlah sebesar ini harus disetujui oleh orang lain.")
        }
        AppError::NoFreeAmount => refused(
            "NO_FREE_AMOUNT",
            "Semua kode unik rekening ini sedang dipakai. Coba lagi nanti.",
        ),

        // Money nobody recognised, payouts, credit.
        AppError::UnmatchedSettled => refused("UNMATCHED_SETTLED", "Dana ini sudah diselesaikan."),
        AppError::SettlementKnown => {
            refused("SETTLEMENT_KNOWN", "Pencairan dengan referensi ini sudah dicatat.")
        }
        AppError::SettlementTooLarge { held } => refused(
            "SETTLEMENT_TOO_LARGE",
            "Dana yang ditahan penyedia lebih kecil dari jumlah ini.",
        )
        .with_extra("held", held.to_string()),
        AppError::NotEnoughCredit { credit } => {
            refused("NOT_ENOUGH_CREDIT", "Saldo kredit pelanggan tidak mencukupi.")
                .with_extra("credit", credit.to_string())
        }

        // Payments and refunds.
        AppError::NotRefundable => refused(
            "PAYMENT_NOT_REFUNDABLE",
            "Pembayaran ini belum diterima atau sudah dibatalkan, jadi tidak dapat dikembalikan.",
        ),
        AppError::NoRefundThatWay => refused(
            "REFUND_METHOD_UNAVAILABLE",
            "Metode pembayaran ini tidak dapat dikembalikan oleh penyedia. Gunakan bank_transfer.",
        ),
        AppError::RefundSuspectedDouble => refused(
            "REFUND_SUSPECTED_DOUBLE",
            "Refund yang sama baru saja diminta. Tunggu satu menit atau kirim Idempotency-Key.",
        ),
        AppError::Hold(HoldError::CreditUsed) => refused(
            "CREDIT_USED",
            "Kelebihan pembayaran ini sudah dipakai sebagai saldo, jadi tidak dapat dikembalikan.",
        ),
        AppError::Refund(RefundError::SecondPerson) => second_person(error),
        AppError::Refund(RefundError::ProviderDecides) => refused(
            "REFUND_BY_PROVIDER",
            "Refund ini dibayar oleh penyedia pembayaran; hasilnya datang dari penyedia.",
        ),
        AppError::Refund(RefundError::Refused { from, .. }) => {
            refused("REFUND_INVALID_STATE", "Status refund tidak memungkinkan tindakan ini.")
                .with_extra("current_status", from.as_wire())
        }
        AppError::NotManual => refused(
            "PAYMENT_NOT_MANUAL",
            "Hanya pembayaran yang dicatat manual yang dapat dihapus. Gunakan refund.",
        ),
        AppError::PaymentInUse => refused(
            "PAYMENT_IN_USE",
            "Uang pembayaran ini sudah dikembalikan atau dipakai, jadi tidak dapat dihapus.",
        ),
        AppError::NoReceipt => refused("NO_RECEIPT", "Pembayaran ini tidak memiliki kwitansi."),
        AppError::NoCreditNote => {
            refused("NO_CREDIT_NOTE", "Nota kredit tersedia setelah refund selesai.")
        }
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
