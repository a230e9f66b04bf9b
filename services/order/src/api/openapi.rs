//! The API's document, written from the handlers; `openapi.json` is its checked copy.

use utoipa::OpenApi;

use super::{admin, board, bulk, customers, list, notes, orders, production, products, restore};

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
        customers::replace,
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
        bulk::update,
        restore::deleted,
        restore::restore,
        notes::list,
        notes::add,
        board::board,
        board::stages,
        board::set_stages,
        production::get,
        production::plan,
        production::report,
        production::reports,
        production::rework,
    )
)]
struct Document;

/// The document of this service's public paths.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Document::openapi()
}
