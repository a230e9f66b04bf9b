//! The catalogue (`contract.md` rows 7 to 12).

use actix_web::{HttpRequest, HttpResponse, web};
use konveksi_identity::Permission;
use konveksi_kernel::ProductId;
use konveksi_web::{Caller, Json, Path, Problem, Query};
use serde_json::{Map, Value};

use super::body::Body;
use super::caller::require;
use super::links::{around, page};
use super::product_shape::{ProductInput, ProductListResponse, ProductResponse};
use crate::app::{App, products};
use crate::domain::product::ProductDraft;

/// Lists products, newest first. Anyone may.
#[utoipa::path(get, path = "/api/v1/produkpost/", operation_id = "listProducts", tag = "products",
    params(("page" = Option<u32>, Query), ("page_size" = Option<u32>, Query)),
    responses((status = 200, body = ProductListResponse)))]
pub(super) async fn list(
    app: web::Data<App>,
    _caller: Caller,
    request: HttpRequest,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<HttpResponse, Problem> {
    let page = page(&query)?;
    let (found, count) = products::list_products(&app, page).await?;
    let (next, previous) = around(&request, &query, page, count);
    let results = found.iter().map(ProductResponse::from).collect();
    Ok(HttpResponse::Ok().json(ProductListResponse { count, next, previous, results }))
}

/// Adds a product.
#[utoipa::path(post, path = "/api/v1/produkpost/", operation_id = "createProduct", tag = "products", request_body = ProductInput,
    responses((status = 201, body = ProductResponse), (status = 400, description = "invalid fields")))]
pub(super) async fn create(
    app: web::Data<App>,
    caller: Caller,
    Json(body): Json<Map<String, Value>>,
) -> Result<HttpResponse, Problem> {
    require(&caller, Permission::OrdersWrite)?;
    let product = products::create_product(&app, &draft(body)?).await?;
    Ok(HttpResponse::Created().json(ProductResponse::from(&product)))
}

/// One product. Anyone may see it.
#[utoipa::path(get, path = "/api/v1/produkpost/{id}/", operation_id = "getProduct", tag = "products",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = ProductResponse), (status = 404, description = "unknown product")))]
pub(super) async fn get(
    app: web::Data<App>,
    _caller: Caller,
    id: Path<ProductId>,
) -> Result<HttpResponse, Problem> {
    let product = products::get_product(&app, *id).await?;
    Ok(HttpResponse::Ok().json(ProductResponse::from(&product)))
}

/// Writes a product anew.
#[utoipa::path(put, path = "/api/v1/produkpost/{id}/", operation_id = "replaceProduct", tag = "products",
    params(("id" = uuid::Uuid, Path)), request_body = ProductInput,
    responses((status = 200, body = ProductResponse), (status = 400, description = "invalid fields"),
    (status = 404, description = "unknown product")))]
pub(super) async fn replace(
    app: web::Data<App>,
    caller: Caller,
    id: Path<ProductId>,
    Json(body): Json<Map<String, Value>>,
) -> Result<HttpResponse, Problem> {
    require(&caller, Permission::OrdersWrite)?;
    let product = products::replace_product(&app, *id, &draft(body)?).await?;
    Ok(HttpResponse::Ok().json(ProductResponse::from(&product)))
}

/// Changes a product; what is not sent stays.
#[utoipa::path(patch, path = "/api/v1/produkpost/{id}/", operation_id = "updateProduct", tag = "products",
    params(("id" = uuid::Uuid, Path)), request_body = ProductInput,
    responses((status = 200, body = ProductResponse), (status = 400, description = "invalid fields"),
    (status = 404, description = "unknown product")))]
pub(super) async fn update(
    app: web::Data<App>,
    caller: Caller,
    id: Path<ProductId>,
    Json(body): Json<Map<String, Value>>,
) -> Result<HttpResponse, Problem> {
    require(&caller, Permission::OrdersWrite)?;
    let product = products::update_product(&app, *id, draft(body)?).await?;
    Ok(HttpResponse::Ok().json(ProductResponse::from(&product)))
}

/// Removes a product.
#[utoipa::path(delete, path = "/api/v1/produkpost/{id}/", operation_id = "deleteProduct", tag = "products",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 204, description = "removed"), (status = 404, description = "unknown product")))]
pub(super) async fn delete(
    app: web::Data<App>,
    caller: Caller,
    id: Path<ProductId>,
) -> Result<HttpResponse, Problem> {
    require(&caller, Permission::OrdersWrite)?;
    products::delete_product(&app, *id).await?;
    Ok(HttpResponse::NoContent().finish())
}

fn draft(body: Map<String, Value>) -> Result<ProductDraft, Problem> {
    let mut body = Body::new(body);
    let draft = ProductDraft {
        nama: body.text("nama"),
        kategori: body.text("kategori"),
        deskripsi: body.clearable_text("deskripsi"),
        harga: body.number("harga"),
        stok: body.number("stok"),
    };
    body.finish()?;
    Ok(draft)
}
