//! `POST /media/upload-design/` (row 70): order says whether the order exists, media takes the
//! design. The file waits in a nameless temporary file in between, because its order's id may come
//! after it in the form.

use actix_web::HttpResponse;
use reqwest::multipart;
use uuid::Uuid;

use crate::edge::Call;
use crate::edge::multipart::{self as forms, Form, Keep};
use crate::error::Stop;
use crate::forward::Service;
use konveksi_web::{FieldErrors, Problem};

/// The largest design.
const DESIGN_BYTES: usize = 50 * 1024 * 1024;

pub(crate) async fn handle(mut call: Call) -> Result<HttpResponse, Stop> {
    let form = forms::read(&mut call, DESIGN_BYTES, Keep::OnDisk).await?;
    let order = order_id(&form)?;
    let (edge, context, system) = (call.edge.clone(), call.context(), call.system_context());
    let path = format!("/internal/v1/orders/{order}/snapshot");
    edge.upstreams.get(Service::Order, &path, &system).await?.success()?;
    let stored = edge.upstreams.post_form(Service::Media, &call.path, again(form)?, &context);
    Ok(stored.await?.into_response())
}

/// The order the form names. Everything else that may be wrong with it, media says.
fn order_id(form: &Form) -> Result<Uuid, Problem> {
    let mut wrong = FieldErrors::new();
    let named = form.fields.iter().find(|(name, _)| name == "order_id");
    let order = match named.map(|(_, text)| Uuid::try_parse(text.trim())) {
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
    if !form.files.iter().any(|file| file.field == "design") {
        wrong.push("design", "Wajib diisi.");
    }
    order.filter(|_| wrong.is_empty()).ok_or_else(|| Problem::validation(wrong))
}

/// The same form, for media.
fn again(form: Form) -> Result<multipart::Form, Problem> {
    let mut again = multipart::Form::new();
    for (name, text) in form.fields {
        again = again.text(name, text);
    }
    for file in form.files {
        let field = file.field.clone();
        again = again.part(field, file.into_part()?);
    }
    Ok(again)
}
