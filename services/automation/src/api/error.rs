//! The only error to status table of this service.

use konveksi_web::Problem;

use crate::app::AppError;

impl From<AppError> for Problem {
    fn from(error: AppError) -> Problem {
        match &error {
            AppError::PageNotFound { .. } => {
                Problem::not_found("PAGE_NOT_FOUND", "Halaman tidak ditemukan.", error.to_string())
            }
            AppError::Db(cause) if cause.is_transient() => Problem::unavailable(&error),
            AppError::Db(_) => Problem::internal(&error),
        }
    }
}
