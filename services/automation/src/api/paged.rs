//! The contract's list envelope.

use actix_web::HttpRequest;
use konveksi_kernel::{Page, PageError};
use konveksi_web::{PUBLIC_URL_HEADER, Problem};

/// Reads `page` and `page_size`.
///
/// # Errors
/// 400 naming the value that is not a whole number from 1.
pub(super) fn page(number: Option<&str>, size: Option<&str>) -> Result<Page, Problem> {
    Page::parse(number, size).map_err(|error| {
        let field = match error {
            PageError::Number => "page",
            PageError::Size => "page_size",
        };
        Problem::field(field, "Harus bilangan bulat mulai dari 1.")
    })
}

/// The absolute URLs of the next and the previous page; the filters stay in them.
pub(super) fn links(
    request: &HttpRequest,
    path: &str,
    page: Page,
    count: i64,
) -> (Option<String>, Option<String>) {
    let filters: Vec<&str> = request
        .query_string()
        .split('&')
        .filter(|pair| !pair.is_empty() && !pair.starts_with("page="))
        .collect();
    let base = public_url(request);
    let link = |number: u32| {
        let page = format!("page={number}");
        let query: Vec<&str> = std::iter::once(page.as_str()).chain(filters.clone()).collect();
        format!("{base}{path}?{}", query.join("&"))
    };
    let next = page.has_next(count).then(|| link(page.number().saturating_add(1)));
    let previous = (page.number() > 1).then(|| link(page.number().saturating_sub(1)));
    (next, previous)
}

/// Under which URL the public reaches the gateway; called without one, this service's own.
fn public_url(request: &HttpRequest) -> String {
    let told = request.headers().get(PUBLIC_URL_HEADER).and_then(|value| value.to_str().ok());
    if let Some(url) = told {
        return url.trim_end_matches('/').to_owned();
    }
    let connection = request.connection_info();
    format!("{}://{}", connection.scheme(), connection.host())
}
