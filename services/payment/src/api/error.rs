//! The only error to status table of this service. A wrong state is 400, never 409 (contract
//! section 1); a provider that failed is 500, as its clients expect.

use actix_web::http::StatusCode;
use konveksi_web::{Problem, error_chain};

use crate::app::AppError;

impl From<AppError> for Problem {
    fn from(error: AppError) -> Problem {
        match &error {
            AppError::Db(cause) if cause.is_transient() => Problem::unavailable(&error),
            AppError::Db(_) | AppError::NoFreeCode => Problem::internal(&error),
            AppError::LinkPending => Problem::unavailable(&error),
            AppError::Provider(_) => provider(&error),
            AppError::WrongToken => wrong_token(),
            AppError::OrderNotFound => not_found(&error, "ORDER_NOT_FOUND", "Order"),
            AppError::InvoiceNotFound => not_found(&error, "INVOICE_NOT_FOUND", "Invoice"),
            AppError::PaymentNotFound => not_found(&error, "PAYMENT_NOT_FOUND", "Pembayaran"),
            AppError::OrderClosed
            | AppError::DepositPaid
            | AppError::PartlyPaid
            | AppError::NothingLeft
            | AppError::Refused { .. }
            | AppError::ExpiryPassed
            | AppError::UnreadableCallback(_)
            | AppError::Amount(_) => refusal(&error),
        }
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
        _ => problem,
    }
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
        "missing or wrong X-CALLBACK-TOKEN",
    )
}
