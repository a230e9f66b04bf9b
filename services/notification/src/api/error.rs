//! The only table from a refusal to a status, a code and words.

use actix_web::http::StatusCode;
use konveksi_db::DbError;
use konveksi_web::Problem;

use crate::app::AppError;

impl From<AppError> for Problem {
    fn from(error: AppError) -> Problem {
        let detail = error.to_string();
        let not_found = |code, sentence: &str| Problem::not_found(code, sentence, detail.clone());
        let refused = |code, sentence: String| Problem::bad_request(code, sentence, detail.clone());
        match &error {
            AppError::OrderNotFound(_) | AppError::OrderCodeNotFound => {
                not_found("ORDER_NOT_FOUND", "Order tidak ditemukan.")
            }
            AppError::InvoiceNotFound(_) => {
                not_found("INVOICE_NOT_FOUND", "Invoice tidak ditemukan.")
            }
            AppError::TemplateNotFound(_) => {
                not_found("TEMPLATE_NOT_FOUND", "Templat tidak ditemukan.")
            }
            AppError::InvoiceOfOtherOrder { .. } => refused(
                "INVOICE_OF_OTHER_ORDER",
                "Invoice tersebut bukan milik order ini.".to_owned(),
            ),
            AppError::NothingToPay(_) => refused(
                "NO_UNPAID_INVOICE",
                "Order ini tidak memiliki tagihan yang belum dibayar.".to_owned(),
            ),
            AppError::NotPayable(_) => refused(
                "INVOICE_NOT_PAYABLE",
                "Tagihan sudah dibayar, kedaluwarsa, atau dibatalkan.".to_owned(),
            ),
            AppError::ContactUnknown(_) => Problem::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "CUSTOMER_NOT_KNOWN_YET",
                "Data pelanggan belum tersedia. Silakan coba lagi sebentar lagi.",
                detail.clone(),
            )
            .with_retry_after(5),
            AppError::NoContact(channel) => refused(
                "CUSTOMER_NOT_REACHABLE",
                format!("Pelanggan tidak memiliki kontak untuk {}.", channel.label()),
            ),
            AppError::TemplateInactive(_) => {
                refused("TEMPLATE_INACTIVE", "Templat ini tidak aktif.".to_owned())
            }
            AppError::NoDefault(template_type) => refused(
                "NO_DEFAULT_TEMPLATE",
                format!("Belum ada templat bawaan yang aktif untuk {}.", template_type.label()),
            ),
            AppError::OtherChannel { .. } => refused(
                "TEMPLATE_FOR_OTHER_CHANNEL",
                "Templat ini tidak dibuat untuk saluran tersebut.".to_owned(),
            ),
            AppError::TemplateBroken(broken) => {
                refused("TEMPLATE_BROKEN", format!("Templat tidak dapat dibaca: {broken}."))
            }
            AppError::TooLong(_) => {
                refused("MESSAGE_TOO_LONG", "Isi pesan terlalu panjang.".to_owned())
            }
            AppError::Key(refused) => Problem::from(*refused),
            AppError::Db(DbError::Unavailable(_) | DbError::Contended(_)) => {
                Problem::unavailable(&error)
            }
            AppError::Db(_) => Problem::internal(&error),
        }
    }
}
