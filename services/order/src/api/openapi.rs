//! The API's document, written from the handlers; `openapi.json` is its checked copy.

use utoipa::OpenApi;

use super::{admin, customers, list, orders, products};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Konveksi: order",
        description = "Customers, the catalogue, orders and their way."
    ),
    paths(
        products::list,
        products::create,
        products::get,
        products::replace,
        products::update,
        products::delete,
        customers::list,
        customers::get,
        customers::update,
        customers::merge,
        list::list,
        orders::create,
        orders::get,
        orders::replace,
        orders::update,
        orders::delete,
        admin::create,
        admin::list,
        admin::replace,
        admin::delete,
    )
)]
struct Document;

/// The document of this service's public paths.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Document::openapi()
}
