//! The only table from errors to answers of this service.

use actix_web::http::StatusCode;
use konveksi_db::DbError;
use konveksi_web::{FieldErrors, Problem};

use crate::app::AppError;
use crate::domain::field::Complaints;
use crate::domain::making::MakingError;
use crate::domain::status::Refusal;

impl From<AppError> for Problem {
    fn from(error: AppError) -> Problem {
        let detail = error.to_string();
        match error {
            AppError::OrderNotFound(_) => {
                Problem::not_found("ORDER_NOT_FOUND", "Pesanan tidak ditemukan.", detail)
            }
            AppError::CodeUnknown => Problem::not_found(
                "ORDER_NOT_FOUND",
                "Pesanan dengan kode tersebut tidak ditemukan.",
                detail,
            ),
            AppError::CodeMalformed => {
                Problem::field("order_code", "Kode pesanan tidak benar. Contoh: ORD-20250630-A1B.")
            }
            AppError::ProductNotFound(_) => {
                Problem::not_found("PRODUCT_NOT_FOUND", "Produk tidak ditemukan.", detail)
            }
            AppError::CustomerNotFound(_) => {
                Problem::not_found("CUSTOMER_NOT_FOUND", "Pelanggan tidak ditemukan.", detail)
            }
            AppError::CustomerMerged { into, .. } => Problem::bad_request(
                "CUSTOMER_MERGED",
                "Data pelanggan ini sudah digabung dengan pelanggan lain.",
                detail,
            )
            .with_extra("merged_into", into.to_string()),
            AppError::PageOutOfRange(_) => {
                Problem::not_found("PAGE_NOT_FOUND", "Halaman tidak ditemukan.", detail)
            }
            AppError::Fields(complaints) => Problem::validation(fields(complaints)),
            AppError::Refused { refusal, order_code, status } => {
                let (code, sentence) = words(refusal);
                Problem::bad_request(code, sentence, detail)
                    .with_extra("order_code", order_code)
                    .with_extra("current_status", status.as_wire())
            }
            AppError::TokenUnknown => {
                Problem::not_found("ORDER_NOT_FOUND", "Tautan pelacakan tidak dikenal.", detail)
            }
            AppError::Stale { current } => Problem::new(
                StatusCode::PRECONDITION_FAILED,
                "ORDER_CHANGED",
                "Pesanan ini sudah diubah oleh orang lain. Muat ulang, lalu coba lagi.",
                detail,
            )
            .with_extra("current_version", current),
            AppError::Making(error) => {
                Problem::bad_request("PRODUCTION_COUNT_INVALID", count_words(&error), detail)
            }
            AppError::Key(refused) => refused.into(),
            AppError::NoFreeCode => Problem::internal(&AppError::NoFreeCode),
            AppError::Unreadable(_) => Problem::internal(&error),
            AppError::Db(error) => database(&error),
        }
    }
}

fn database(error: &DbError) -> Problem {
    if error.is_transient() { Problem::unavailable(error) } else { Problem::internal(error) }
}

/// Complaints of the domain as the envelope carries them.
pub(super) fn fields(complaints: Complaints) -> FieldErrors {
    let mut fields = FieldErrors::new();
    for error in complaints.into_errors() {
        fields.push(&format!("{}{}", error.field, error.path), error.message);
    }
    fields
}

/// Why a report cannot be true, for people.
fn count_words(error: &MakingError) -> String {
    match error {
        MakingError::Unknown => "Tahap atau ukuran tidak dikenal.".to_owned(),
        MakingError::MoreThanReached { stage, size, counted, reached } => format!(
            "Tahap {stage} ukuran {size}: {counted} potong dihitung, padahal baru {reached} yang \
             sampai di tahap ini."
        ),
        MakingError::BelowNothing { stage, size } => {
            format!("Tahap {stage} ukuran {size}: hitungannya menjadi kurang dari nol.")
        }
        MakingError::NeededByNext { stage, size, needed } => format!(
            "Tahap {stage} ukuran {size}: tahap berikutnya sudah menghitung {needed} potong."
        ),
        MakingError::NotBack => {
            "Barang rusak hanya dapat dikembalikan ke tahapnya sendiri atau sebelumnya.".to_owned()
        }
    }
}

/// The stable code and the sentence for people. A wrong state is 400 (`contract.md` section 1).
fn words(refusal: Refusal) -> (&'static str, String) {
    match refusal {
        Refusal::OnlyByPayment { to } => (
            "ORDER_STATUS_FOLLOWS_PAYMENT",
            format!(
                "Status {} hanya mengikuti pembayaran. Catat pembayaran lewat \
                 /api/v1/payment/manual/.",
                to.as_wire()
            ),
        ),
        Refusal::OnlyByLink => (
            "ORDER_STATUS_FOLLOWS_LINK",
            "Status link_dibuat hanya mengikuti tautan pembayaran. Buat tautan lewat \
             create-payment-link."
                .to_owned(),
        ),
        Refusal::Status { from, to } => (
            "ORDER_INVALID_TRANSITION",
            format!(
                "Status pesanan tidak dapat diubah dari {} ke {}.",
                from.display(),
                to.display()
            ),
        ),
        Refusal::Production { from, to } => (
            "PRODUCTION_INVALID_TRANSITION",
            format!(
                "Status produksi tidak dapat diubah dari {} ke {}.",
                from.display(),
                to.display()
            ),
        ),
        Refusal::OrderCancelled => ("ORDER_CANCELLED", "Pesanan ini sudah dibatalkan.".to_owned()),
        Refusal::AlreadyPaid => (
            "ORDER_ALREADY_PAID",
            "Total, jumlah, dan cara bayar tidak dapat diubah setelah ada pembayaran.".to_owned(),
        ),
        Refusal::PiecesCounted => (
            "PRODUCTION_STARTED",
            "Jumlah dan ukuran tidak dapat diubah setelah produksi menghitungnya.".to_owned(),
        ),
        Refusal::StagesCounted => (
            "PRODUCTION_STARTED",
            "Tahap tidak dapat diganti setelah produksi menghitungnya; hanya tanggalnya."
                .to_owned(),
        ),
        Refusal::FinalPayment { from } => (
            "ORDER_INVALID_TRANSITION",
            format!(
                "Pelunasan hanya dapat diminta saat status DP Dibayar, bukan {}.",
                from.display()
            ),
        ),
        Refusal::NothingLeftToPay => ("ORDER_ALREADY_PAID", "Pesanan ini sudah lunas.".to_owned()),
    }
}
