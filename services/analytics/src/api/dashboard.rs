//! `GET /api/v1/admin/dashboard/stats/` (contract row 72).

use std::collections::BTreeMap;

use actix_web::web;
use chrono::{DateTime, Utc};
use konveksi_identity::Permission;
use konveksi_kernel::Money;
use konveksi_web::{Caller, Problem};
use rust_decimal::prelude::ToPrimitive as _;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::{App, queries};
use crate::domain::dashboard::Dashboard;
use crate::domain::status::OrderStatus;

/// The dashboard's figures.
#[derive(Serialize, ToSchema)]
pub(crate) struct StatsResponse {
    /// Orders that are not deleted.
    total_orders: u64,
    /// All money that ever came in, in rupiah.
    #[schema(value_type = String, example = "7500000.00")]
    total_revenue: Money,
    /// Orders neither paid in full nor cancelled.
    pending_orders: u64,
    /// Orders paid in full.
    completed_orders: u64,
    /// This month's revenue so far against the whole previous month's, in percent with one
    /// decimal; null when nothing came in then.
    monthly_growth: Option<f64>,
    /// The ten newest orders, newest first.
    recent_orders: Vec<RecentOrderResponse>,
    /// The last twelve months in Asia/Jakarta, oldest first.
    revenue_chart: Vec<MonthResponse>,
    /// Orders by status; every status is there.
    status_distribution: BTreeMap<&'static str, u64>,
}

/// One of the newest orders.
#[derive(Serialize, ToSchema)]
struct RecentOrderResponse {
    #[schema(example = "ORD-20250630-A1B")]
    order_code: String,
    /// Empty after an erasure.
    customer_name: String,
    #[schema(value_type = String, example = "7500000.00")]
    total_price: Money,
    #[schema(example = "lunas")]
    status: &'static str,
    created_at: DateTime<Utc>,
}

/// One month's revenue.
#[derive(Serialize, ToSchema)]
struct MonthResponse {
    #[schema(example = "2025-01")]
    month: String,
    #[schema(value_type = String, example = "7500000.00")]
    revenue: Money,
}

/// The dashboard's figures.
#[utoipa::path(
    get,
    path = "/api/v1/admin/dashboard/stats/",
    operation_id = "dashboard_stats",
    tag = "analytics",
    responses((status = 200, body = StatsResponse), (status = 403, description = "no ReportsRead"))
)]
pub(crate) async fn stats(
    app: web::Data<App>,
    caller: Caller,
) -> Result<web::Json<StatsResponse>, Problem> {
    caller.require(Permission::ReportsRead)?;
    Ok(web::Json(StatsResponse::from(queries::dashboard(&app).await?)))
}

impl From<Dashboard> for StatsResponse {
    fn from(board: Dashboard) -> StatsResponse {
        StatsResponse {
            total_orders: board.total_orders(),
            total_revenue: board.total_revenue,
            pending_orders: board.pending_orders(),
            completed_orders: board.completed_orders(),
            monthly_growth: board.monthly_growth().and_then(|percent| percent.to_f64()),
            revenue_chart: board
                .chart()
                .into_iter()
                .map(|(month, revenue)| MonthResponse { month: month.to_string(), revenue })
                .collect(),
            status_distribution: OrderStatus::ALL
                .into_iter()
                .map(|status| (status.as_wire(), board.in_status(status)))
                .collect(),
            recent_orders: board
                .recent
                .into_iter()
                .map(|order| RecentOrderResponse {
                    order_code: order.order_code,
                    customer_name: order.customer_name,
                    total_price: order.total,
                    status: order.status.as_wire(),
                    created_at: order.created_at,
                })
                .collect(),
        }
    }
}
