//! Deleted orders come back.

use actix_web::{HttpRequest, HttpResponse, web};
use konveksi_identity::Permission;
use konveksi_kernel::OrderId;
use konveksi_web::{Caller, Path, Problem};

use super::caller::{acting, on_behalf, require};
use super::order_shape::DetailResponse;
use super::orders::shown;
use crate::app::App;
use crate::app::restore_order::restore_order;

/// Restores a deleted order; one that is not deleted is answered as it is.
#[utoipa::path(post, path = "/api/v1/admin/orders/{id}/restore/", operation_id = "restoreOrder", tag = "orders",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = DetailResponse), (status = 404, description = "unknown order")))]
pub(super) async fn restore(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: Path<OrderId>,
) -> Result<HttpResponse, Problem> {
    require(&caller, Permission::OrdersWrite)?;
    let acting = acting(&caller.0);
    let whole = on_behalf(&acting, restore_order(&app, *id, &acting)).await?;
    Ok(shown(&whole, &request))
}
