//! Small multipart forms, read whole: text fields and files up to their limits.

use actix_multipart::{Field, Multipart};
use actix_web::http::StatusCode;
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use konveksi_web::Problem;

use super::Call;

/// Parts a form may have.
const MOST_PARTS: usize = 50;
/// Bytes a text field may have.
const TEXT_BYTES: usize = 64 * 1024;

/// One file of a form.
pub(crate) struct File {
    pub(crate) field: String,
    /// As the client named it; never used as a path.
    pub(crate) name: String,
    /// As the client labelled it; nobody believes it.
    pub(crate) content_type: String,
    pub(crate) bytes: Bytes,
}

/// A form.
#[derive(Default)]
pub(crate) struct Form {
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) files: Vec<File>,
}

/// Reads the call's body as a form whose files have at most `file_limit` bytes each.
///
/// # Errors
/// 400 for what is no form, 413 for parts that are too large.
pub(crate) async fn read(call: &mut Call, file_limit: usize) -> Result<Form, Problem> {
    let Some(payload) = call.payload.take() else { return Ok(Form::default()) };
    let mut parts = Multipart::new(call.request.headers(), payload);
    let (mut form, mut total, mut count) = (Form::default(), 0_usize, 0_usize);
    while let Some(part) = parts.next().await {
        let mut part = part.map_err(|_error| broken())?;
        count += 1;
        let field = part.name().unwrap_or_default().to_owned();
        if count > MOST_PARTS || field.is_empty() || field.len() > 100 {
            return Err(broken());
        }
        let file_name = part.content_disposition().and_then(|is| is.get_filename());
        let file_name = file_name.map(str::to_owned);
        let limit = if file_name.is_some() { file_limit } else { TEXT_BYTES };
        let bytes = read_part(&mut part, limit, &field).await?;
        total += bytes.len();
        if total > call.route.body_limit {
            return Err(Problem::of_status(StatusCode::PAYLOAD_TOO_LARGE));
        }
        if let Some(name) = file_name {
            let content_type = part.content_type().map(ToString::to_string).unwrap_or_default();
            form.files.push(File { field, name, content_type, bytes });
        } else {
            let text = String::from_utf8(bytes.to_vec()).map_err(|_bytes| broken())?;
            form.fields.push((field, text));
        }
    }
    Ok(form)
}

async fn read_part(part: &mut Field, limit: usize, field: &str) -> Result<Bytes, Problem> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = part.next().await {
        let chunk = chunk.map_err(|_error| broken())?;
        if bytes.len() + chunk.len() > limit {
            return Err(Problem::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "PAYLOAD_TOO_LARGE",
                "Berkas yang dikirim terlalu besar.",
                format!("{field} is larger than {limit} bytes"),
            ));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}

fn broken() -> Problem {
    Problem::bad_request(
        "MALFORMED_FORM",
        "Formulir yang dikirim tidak dapat dibaca.",
        "malformed multipart form",
    )
}
