//! `GET /media/…`: the files themselves. A path is looked up as it is, never joined to a folder.

use actix_web::body::SizedStream;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderName,
    IF_NONE_MATCH, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use konveksi_web::{Caller, Path, Problem};

use crate::app::{App, queries};
use crate::domain::disposition::content_disposition;
use crate::domain::file::File;

/// Browsers that do not sniff still run scripts of documents opened in place; a sandbox without
/// rights runs nothing.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
/// Lets another origin's page show the image, which the public client is.
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Answers a file that is clean and an order's; anything else does not exist.
#[utoipa::path(
    get,
    path = "/media/{path}",
    operation_id = "media_file",
    tag = "media",
    params(("path" = String, Path, description = "what follows /media/ in the file's URL")),
    responses(
        (status = 200, description = "the file", content_type = "application/octet-stream"),
        (status = 304, description = "unchanged since the ETag in If-None-Match"),
        (status = 404, description = "no such file, or not yet found clean")
    )
)]
pub(crate) async fn serve(
    app: web::Data<App>,
    _caller: Caller,
    Path(path): Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let file = queries::get_served(&app, &format!("/media/{path}")).await?;
    if knows(&request, &file.etag()) {
        return Ok(describe(HttpResponse::NotModified(), &file).finish());
    }
    let content = queries::read(&app, &file).await?;
    let body = SizedStream::new(file.size_bytes, content);
    Ok(describe(HttpResponse::Ok(), &file).body(body))
}

fn describe(mut answer: HttpResponseBuilder, file: &File) -> HttpResponseBuilder {
    answer
        .insert_header((CONTENT_TYPE, file.format.content_type()))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((RESOURCE_POLICY, "cross-origin"))
        .insert_header((
            CONTENT_DISPOSITION,
            content_disposition(file.format, &file.original_filename),
        ))
        // A file never changes under its path, but it may go away.
        .insert_header((CACHE_CONTROL, "private, max-age=3600"))
        .insert_header((ETAG, file.etag()));
    answer
}

/// Whether the client says that it has this content.
fn knows(request: &HttpRequest, etag: &str) -> bool {
    let known = request.headers().get(IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    known.is_some_and(|known| {
        known
            .split(',')
            .map(str::trim)
            .any(|one| one == "*" || one.trim_start_matches("W/") == etag)
    })
}
