//! Multipart forms: text fields read whole, files up to their limits, in memory or spooled to a
//! nameless temporary file that vanishes with the call.

use actix_multipart::{Field, Multipart};
use actix_web::http::StatusCode;
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use konveksi_web::Problem;
use reqwest::multipart::Part;
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncSeekExt as _, AsyncWriteExt as _};
use tokio_util::io::ReaderStream;

use super::{Call, body};

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
    pub(crate) content: Content,
}

/// Where a file's bytes are.
pub(crate) enum Content {
    /// In memory.
    Held(Bytes),
    /// In a temporary file without a name, read from its beginning.
    Spooled(tokio::fs::File, u64),
}

/// Where the bytes of files are to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keep {
    /// Small files.
    InMemory,
    /// Large ones.
    OnDisk,
}

impl File {
    /// Whether there is nothing in it: a browser sends such a part when no file was chosen.
    pub(crate) fn is_empty(&self) -> bool {
        match &self.content {
            Content::Held(bytes) => bytes.is_empty(),
            Content::Spooled(_, length) => *length == 0,
        }
    }

    /// SHA-256 of what is in memory; absent for what was spooled.
    pub(crate) fn digest(&self) -> Option<[u8; 32]> {
        match &self.content {
            Content::Held(bytes) => Some(Sha256::digest(bytes).into()),
            Content::Spooled(..) => None,
        }
    }

    /// The file as a part of a form of our own.
    ///
    /// # Errors
    /// 400 when the client's label for it is none.
    pub(crate) fn into_part(self) -> Result<Part, Problem> {
        let part = match self.content {
            Content::Held(bytes) => Part::stream(bytes),
            Content::Spooled(file, length) => {
                let bytes = reqwest::Body::wrap_stream(ReaderStream::new(file));
                Part::stream_with_length(bytes, length)
            }
        };
        let part = part.file_name(self.name);
        if self.content_type.is_empty() {
            return Ok(part);
        }
        part.mime_str(&self.content_type)
            .map_err(|_label| Problem::field(&self.field, "Jenis berkas tidak dikenal."))
    }
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
pub(crate) async fn read(call: &mut Call, file_limit: usize, keep: Keep) -> Result<Form, Problem> {
    let Some(payload) = call.payload.take() else { return Ok(Form::default()) };
    let mut parts = Multipart::new(call.request.headers(), payload);
    let (mut form, mut total, mut count) = (Form::default(), 0_usize, 0_usize);
    while let Some(part) = body::soon(parts.next()).await? {
        let mut part = part.map_err(|_error| broken())?;
        count += 1;
        let field = part.name().unwrap_or_default().to_owned();
        if count > MOST_PARTS || field.is_empty() || field.len() > 100 {
            return Err(broken());
        }
        let file_name = part.content_disposition().and_then(|is| is.get_filename());
        let file_name = file_name.map(str::to_owned);
        let left = call.route.body_limit.saturating_sub(total);
        if let Some(name) = file_name {
            let content_type = part.content_type().map(ToString::to_string).unwrap_or_default();
            let limit = file_limit.min(left);
            let (content, length) = match keep {
                Keep::InMemory => {
                    let bytes = read_part(&mut part, limit, &field).await?;
                    let length = bytes.len();
                    (Content::Held(bytes), length)
                }
                Keep::OnDisk => spool_part(&mut part, limit, &field).await?,
            };
            total += length;
            form.files.push(File { field, name, content_type, content });
        } else {
            let bytes = read_part(&mut part, TEXT_BYTES.min(left), &field).await?;
            total += bytes.len();
            let text = String::from_utf8(bytes.to_vec()).map_err(|_bytes| broken())?;
            form.fields.push((field, text));
        }
    }
    Ok(form)
}

async fn read_part(part: &mut Field, limit: usize, field: &str) -> Result<Bytes, Problem> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = body::soon(part.next()).await? {
        let chunk = chunk.map_err(|_error| broken())?;
        if bytes.len() + chunk.len() > limit {
            return Err(too_large(field, limit));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}

/// Moves a part to a temporary file; answers how long it is.
async fn spool_part(
    part: &mut Field,
    limit: usize,
    field: &str,
) -> Result<(Content, usize), Problem> {
    let nameless = tokio::task::spawn_blocking(tempfile::tempfile).await;
    let nameless = nameless.map_err(|error| no_room(&error))?.map_err(|error| no_room(&error))?;
    let mut file = tokio::fs::File::from_std(nameless);
    let mut length = 0_usize;
    while let Some(chunk) = body::soon(part.next()).await? {
        let chunk = chunk.map_err(|_error| broken())?;
        length += chunk.len();
        if length > limit {
            return Err(too_large(field, limit));
        }
        file.write_all(&chunk).await.map_err(|error| no_room(&error))?;
    }
    file.flush().await.map_err(|error| no_room(&error))?;
    file.rewind().await.map_err(|error| no_room(&error))?;
    let bytes = u64::try_from(length).unwrap_or(u64::MAX);
    Ok((Content::Spooled(file, bytes), length))
}

/// 503: the disk is full or gone.
fn no_room(error: &(dyn std::error::Error + 'static)) -> Problem {
    Problem::unavailable(error)
}

fn too_large(field: &str, limit: usize) -> Problem {
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "PAYLOAD_TOO_LARGE",
        "Berkas yang dikirim terlalu besar.",
        format!("{field} is larger than {limit} bytes"),
    )
}

fn broken() -> Problem {
    Problem::bad_request(
        "MALFORMED_FORM",
        "Formulir yang dikirim tidak dapat dibaca.",
        "malformed multipart form",
    )
}
