//! `POST /api/v1/media/upload-design/` (contract row 70). The gateway has made sure that the order
//! exists.

use actix_multipart::Multipart;
use actix_web::{HttpRequest, HttpResponse, web};
use konveksi_kernel::OrderId;
use konveksi_web::{Caller, FieldErrors, Problem};
use utoipa::ToSchema;
use uuid::Uuid;

use super::form::{self, Form};
use super::shape::FileResponse;
use crate::app::App;
use crate::app::store_design::{Design, store_design};
use crate::domain::file::Purpose;
use crate::domain::limits::{DESCRIPTION_CHARS, DESIGN_BYTES};

/// A design for an order that exists.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form in the API document; read part by part")]
pub(crate) struct UploadForm {
    /// JPG, PNG, PDF or AI, at most 50 MB; its ending and its content must agree.
    #[schema(value_type = String, format = Binary)]
    design: Vec<u8>,
    order_id: Uuid,
    /// At most 1,000 characters.
    description: Option<String>,
}

/// Takes a design for an order.
#[utoipa::path(
    post,
    path = "/api/v1/media/upload-design/",
    operation_id = "upload_design",
    tag = "media",
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    responses(
        (status = 201, body = FileResponse),
        (status = 400, description = "a missing field; an infected, fake, empty or damaged file; too many files"),
        (status = 413, description = "larger than 50 MB"),
        (status = 415, description = "not a form, or a file type that is not accepted")
    )
)]
pub(crate) async fn create(
    app: web::Data<App>,
    _caller: Caller,
    request: HttpRequest,
    parts: Multipart,
) -> Result<HttpResponse, Problem> {
    let design = design(form::read(parts, DESIGN_BYTES).await?)?;
    let file = store_design(&app, design).await?;
    Ok(HttpResponse::Created().json(FileResponse::new(file, &request)))
}

/// Everything wrong with the form at once.
fn design(form: Form) -> Result<Design, Problem> {
    let mut wrong = FieldErrors::new();
    let order_id = match form.order_id.as_deref().map(str::parse::<OrderId>) {
        Some(Ok(order)) => Some(order),
        Some(Err(_malformed)) => {
            wrong.push("order_id", "Harus berupa UUID.");
            None
        }
        None => {
            wrong.push("order_id", "Wajib diisi.");
            None
        }
    };
    let description = form.description.unwrap_or_default();
    if description.contains(|letter: char| letter.is_control() && !"\r\n\t".contains(letter)) {
        wrong.push("description", "Berisi karakter yang tidak diizinkan.");
    }
    if description.chars().count() > DESCRIPTION_CHARS {
        wrong.push("description", format!("Paling banyak {DESCRIPTION_CHARS} karakter."));
    }
    if form.design.is_none() {
        wrong.push("design", "Wajib diisi.");
    }
    wrong.into_result()?;
    let (filename, upload) = form.design.ok_or_else(|| Problem::field("design", "Wajib diisi."))?;
    Ok(Design { upload, filename, description, order_id, purpose: Purpose::Design })
}
