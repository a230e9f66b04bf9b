//! `POST /internal/v1/drafts`: a design that came with a new order, before the order is known. The
//! gateway keeps the answer's `id` and posts the order with it.

use actix_multipart::Multipart;
use actix_web::{HttpRequest, HttpResponse, web};
use konveksi_web::{Problem, SystemCaller};

use super::form;
use super::shape::FileResponse;
use crate::app::App;
use crate::app::store_design::{Design, store_design};
use crate::domain::file::Purpose;
use crate::domain::limits::DRAFT_BYTES;

pub(crate) async fn create(
    app: web::Data<App>,
    _gateway: SystemCaller,
    request: HttpRequest,
    parts: Multipart,
) -> Result<HttpResponse, Problem> {
    let form = form::read(parts, DRAFT_BYTES).await?;
    let (filename, upload) = form.design.ok_or_else(|| Problem::field("design", "Wajib diisi."))?;
    let design = Design {
        upload,
        filename,
        description: String::new(),
        order_id: None,
        purpose: Purpose::Design,
    };
    let file = store_design(&app, design).await?;
    Ok(HttpResponse::Created().json(FileResponse::new(file, &request)))
}
