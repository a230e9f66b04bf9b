//! `/docs`: the API document, and a reader for it that is part of this program and loads nothing
//! from elsewhere.

use std::sync::{Arc, LazyLock};

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, ContentType, LOCATION,
};
use konveksi_web::Problem;
use utoipa_swagger_ui::Config;

use super::openapi;
use crate::edge::Call;
use crate::error::Stop;

/// The reader is all our own files; it styles elements while it draws.
const POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; \
                      img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'";

static DOCUMENT: LazyLock<String> = LazyLock::new(|| openapi::merged().to_string());

static READER: LazyLock<Arc<Config<'static>>> = LazyLock::new(|| {
    // Otherwise the reader offers to send our document to an outside validator.
    Arc::new(Config::from("/docs/openapi.json").validator_url("none").try_it_out_enabled(true))
});

/// `/docs` goes to the reader's page, whose files stand beside it; the rest are its files.
pub(crate) fn show(call: &Call) -> Result<HttpResponse, Stop> {
    match call.parameter(0) {
        "" => Ok(HttpResponse::SeeOther().insert_header((LOCATION, "/docs/index.html")).finish()),
        "openapi.json" => Ok(HttpResponse::Ok()
            .content_type(ContentType::json())
            .insert_header((CACHE_CONTROL, "no-cache"))
            .body(DOCUMENT.as_str())),
        file => reader_file(file),
    }
}

fn reader_file(name: &str) -> Result<HttpResponse, Stop> {
    let missing = || Stop::from(Problem::of_status(StatusCode::NOT_FOUND));
    let found = utoipa_swagger_ui::serve(name, READER.clone());
    let Ok(Some(file)) = found else { return Err(missing()) };
    let mut answer = HttpResponse::Ok();
    answer
        .content_type(file.content_type.clone())
        .insert_header((CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((CACHE_CONTROL, "no-cache"));
    if file.gzpipped {
        answer.insert_header((CONTENT_ENCODING, "gzip"));
    }
    Ok(answer.body(file.bytes.into_owned()))
}
