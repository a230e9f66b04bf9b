//! A file as the wire has it.

use actix_web::HttpRequest;
use chrono::{DateTime, Utc};
use konveksi_kernel::FileId;
use konveksi_web::PUBLIC_URL_HEADER;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::file::File;

/// A file that was taken (contract row 70).
#[derive(Serialize, ToSchema)]
pub(crate) struct FileResponse {
    #[schema(value_type = Uuid)]
    id: FileId,
    /// As the client named it, without folders and control characters.
    #[schema(example = "logo_design.png")]
    original_filename: String,
    /// Where it is served once it is stored and an order's.
    #[schema(
        example = "http://localhost:8000/media/designs/2025/06/30/logo_design-0a1b2c3d_processed.png"
    )]
    url: String,
    /// Null: no thumbnails are made yet.
    thumbnail_url: Option<String>,
    /// In bytes.
    file_size: u64,
    /// Null for documents.
    dimensions: Option<DimensionsResponse>,
    #[schema(example = "PNG")]
    format: &'static str,
    created_at: DateTime<Utc>,
    /// `stored`, or `quarantined` while no scanner has judged it: not served until then.
    #[schema(example = "stored")]
    status: &'static str,
}

/// An image's size in pixels.
#[derive(Serialize, ToSchema)]
struct DimensionsResponse {
    width: u32,
    height: u32,
}

impl FileResponse {
    /// `file`, its URL below the address under which the public reaches the gateway.
    pub(super) fn new(file: File, request: &HttpRequest) -> FileResponse {
        let public_url =
            request.headers().get(PUBLIC_URL_HEADER).and_then(|value| value.to_str().ok());
        let base = public_url.unwrap_or_default().trim_end_matches('/');
        FileResponse {
            id: file.id,
            url: format!("{base}{}", file.public_path),
            thumbnail_url: None,
            file_size: file.size_bytes,
            dimensions: file
                .dimensions
                .map(|size| DimensionsResponse { width: size.width_px, height: size.height_px }),
            format: file.format.as_wire(),
            created_at: file.created_at,
            status: file.state.as_wire(),
            original_filename: file.original_filename,
        }
    }
}
