//! Reads an upload's multipart form as it comes: the file goes to a temporary file, never whole
//! into memory, and every limit holds while it is still being sent.

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::error::PayloadError;
use actix_web::http::StatusCode;
use futures_util::TryStreamExt as _;
use konveksi_web::Problem;

use crate::app::incoming::{Incoming, Upload};
use crate::domain::file_name;
use crate::domain::limits::DESCRIPTION_CHARS;

/// The longest text part, in bytes: four for each character of a description.
const TEXT_BYTES: usize = DESCRIPTION_CHARS * 4;
/// The most parts of a form, unknown ones included.
const MOST_PARTS: usize = 16;
/// How much of a file that is too large is read on, so that the client hears why; beyond it the
/// connection is closed.
const READ_ON_BYTES: u64 = 64 * 1024 * 1024;

/// What a form held.
#[derive(Default)]
pub(super) struct Form {
    /// The file and the client's name for it, cleaned.
    pub(super) design: Option<(String, Upload)>,
    pub(super) order_id: Option<String>,
    pub(super) description: Option<String>,
}

/// Reads a form whose file may have at most `limit_bytes`.
///
/// # Errors
/// 400 for a form that is none or has a part twice, 413 for a part that is too large, 503 when the
/// file cannot be spooled.
pub(super) async fn read(mut parts: Multipart, limit_bytes: u64) -> Result<Form, Problem> {
    let mut form = Form::default();
    let mut count = 0;
    while let Some(part) = parts.try_next().await.map_err(malformed)? {
        count += 1;
        if count > MOST_PARTS {
            return Err(Problem::field("body", "Terlalu banyak bagian."));
        }
        let name = part.name().unwrap_or_default().to_owned();
        match name.as_str() {
            // A proof of a transfer comes under the same name: the gateway makes both forms.
            "design" => {
                let file = read_file(part, limit_bytes).await?;
                once(&mut form.design, "design", file)?;
            }
            "order_id" => once(&mut form.order_id, "order_id", read_text(part).await?)?,
            "description" => once(&mut form.description, "description", read_text(part).await?)?,
            // Unknown parts are ignored, as unknown keys are (contract section 1).
            _ => drop(read_text(part).await?),
        }
    }
    Ok(form)
}

/// Keeps a part that came for the first time; absent ones change nothing.
fn once<T>(slot: &mut Option<T>, name: &str, value: Option<T>) -> Result<(), Problem> {
    if value.is_some() && slot.is_some() {
        return Err(Problem::field(name, "Hanya boleh dikirim satu kali."));
    }
    if value.is_some() {
        *slot = value;
    }
    Ok(())
}

/// The file of a part; `None` for the empty part that browsers send when no file was chosen.
async fn read_file(mut part: Field, limit_bytes: u64) -> Result<Option<(String, Upload)>, Problem> {
    let raw = part.content_disposition().and_then(|about| about.get_filename()).map(str::to_owned);
    let mut incoming = Incoming::begin(limit_bytes).await?;
    let mut read = 0_u64;
    while let Some(bytes) = part.try_next().await.map_err(malformed)? {
        read = read.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        if let Err(error) = incoming.write(&bytes).await {
            read_on(part, read).await;
            return Err(error.into());
        }
    }
    let raw = raw.unwrap_or_default();
    if raw.is_empty() && read == 0 {
        return Ok(None);
    }
    let name = file_name::clean(&raw)
        .ok_or_else(|| Problem::field("design", "Berkas harus memiliki nama."))?;
    Ok(Some((name, incoming.finish().await?)))
}

/// Reads and forgets the rest of a part: a client that is still sending does not listen yet, and
/// would only see its connection break.
async fn read_on(mut part: Field, mut read: u64) {
    while read < READ_ON_BYTES
        && let Ok(Some(bytes)) = part.try_next().await
    {
        read = read.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
    }
}

/// A part's text, blanks around it removed; `None` when it is empty.
async fn read_text(mut part: Field) -> Result<Option<String>, Problem> {
    let name = part.name().unwrap_or_default().to_owned();
    let bytes = part
        .bytes(TEXT_BYTES)
        .await
        .map_err(|_too_long| Problem::of_status(StatusCode::PAYLOAD_TOO_LARGE))?
        .map_err(malformed)?;
    let text = std::str::from_utf8(&bytes)
        .map_err(|_other_text| Problem::field(&name, "Bukan teks UTF-8."))?;
    Ok(Some(text.trim()).filter(|text| !text.is_empty()).map(str::to_owned))
}

fn malformed(error: MultipartError) -> Problem {
    match error {
        MultipartError::ContentTypeIncompatible
        | MultipartError::ContentTypeMissing
        | MultipartError::ContentTypeParse => {
            Problem::of_status(StatusCode::UNSUPPORTED_MEDIA_TYPE)
        }
        MultipartError::Payload(PayloadError::Overflow) => {
            Problem::of_status(StatusCode::PAYLOAD_TOO_LARGE)
        }
        error => Problem::bad_request(
            "MALFORMED_MULTIPART",
            "Formulir yang dikirim tidak lengkap atau rusak.",
            format!("malformed multipart form: {error}"),
        ),
    }
}
