//! `GET /check-order/` (row 25): an order by its code, with the amounts as numbers.

use actix_web::HttpResponse;
use serde_json::json;

use super::public_view::{MoneyView, amount, number, remaining};
use super::track_order::{found_by_code, money_of};
use crate::edge::Call;
use crate::error::Stop;
use crate::json::At as _;

pub(crate) async fn handle(call: Call) -> Result<HttpResponse, Stop> {
    let found = found_by_code(&call).await?;
    let money = MoneyView::read(&money_of(&call, &found).await?);
    let order = found.at("check");
    let (total, paid) = (amount(order.at("total_price")), money.total_paid());
    Ok(HttpResponse::Ok().json(json!({
        "order": order,
        "invoices": money.invoices(call.edge.clock.now()),
        "payments": money.payments(),
        "summary": {
            "total_price": number(total),
            "total_paid": number(paid),
            "remaining": number(remaining(total, paid)),
            "is_fully_paid": order.at("is_fully_paid"),
        },
    })))
}
