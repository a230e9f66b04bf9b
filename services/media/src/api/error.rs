//! The only error to status table of this service.

use actix_web::http::StatusCode;
use konveksi_web::Problem;

use crate::app::AppError;
use crate::domain::sniff::FileRefused;

impl From<AppError> for Problem {
    fn from(error: AppError) -> Problem {
        let detail = error.to_string();
        match &error {
            AppError::Refused(refused) => of_refused(refused, detail),
            AppError::Infected => Problem::bad_request(
                "FILE_INFECTED",
                "Berkas terinfeksi virus dan tidak disimpan.",
                detail,
            ),
            AppError::TooLarge { limit_bytes } => Problem::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "FILE_TOO_LARGE",
                format!("Ukuran berkas melebihi batas {} MB.", limit_bytes / (1024 * 1024)),
                detail,
            ),
            AppError::Quota(_) => Problem::bad_request(
                "FILE_QUOTA_EXCEEDED",
                "Pesanan ini sudah memiliki terlalu banyak berkas.",
                detail,
            ),
            AppError::FileNotFound => {
                Problem::not_found("FILE_NOT_FOUND", "Berkas tidak ditemukan.", detail)
            }
            AppError::Spool(_) | AppError::Vault(_) => Problem::unavailable(&error),
            AppError::Db(cause) if cause.is_transient() => Problem::unavailable(&error),
            AppError::Move(_) | AppError::Db(_) => Problem::internal(&error),
        }
    }
}

fn of_refused(refused: &FileRefused, detail: String) -> Problem {
    match refused {
        FileRefused::NotListed { .. } => Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "FILE_TYPE_NOT_ACCEPTED",
            "Jenis berkas tidak diterima. Gunakan JPG, PNG, PDF, atau AI.",
            detail,
        ),
        FileRefused::Empty => Problem::bad_request("FILE_EMPTY", "Berkas kosong.", detail),
        FileRefused::Fake { .. } => Problem::bad_request(
            "FILE_NOT_WHAT_IT_SAYS",
            "Isi berkas tidak sesuai dengan jenisnya.",
            detail,
        ),
        FileRefused::OldIllustrator => Problem::bad_request(
            "FILE_NOT_WHAT_IT_SAYS",
            "Berkas AI ini tidak memuat data PDF. Simpan ulang dengan pilihan \"Create PDF \
             Compatible File\".",
            detail,
        ),
        FileRefused::Damaged => {
            Problem::bad_request("FILE_DAMAGED", "Gambar rusak atau tidak lengkap.", detail)
        }
    }
}
