//! The workshop as a whole: the board of open work, and the list of stages it follows.

use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, NaiveDate, Utc};
use konveksi_identity::Permission;
use konveksi_kernel::{OrderId, Page, jakarta};
use konveksi_web::{Caller, Json, Problem, Query};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::body::Body;
use super::caller::require;
use super::links::{page, page_of_stage};
use super::production_body::{StageBody, shop_stages};
use super::production_shape::ShopStagesResponse;
use crate::app::shop_stages::{get_shop_stages, set_shop_stages};
use crate::app::{App, queries};
use crate::domain::board::{Card, Column};

/// The board.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProductionBoard)]
pub(super) struct BoardResponse {
    /// The day in Jakarta that lateness is judged by.
    today: NaiveDate,
    /// Orders on the board.
    count: i64,
    /// Those of them that are late.
    late: i64,
    /// The queue, the shop's stages first to last, and other stages that hold work.
    stages: Vec<ColumnResponse>,
}

/// One stage of the board.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProductionBoardStage)]
struct ColumnResponse {
    /// `menunggu` for the queue, `diproses` for work without stages, else the stage's code.
    code: String,
    name: String,
    /// Orders that stand here.
    count: i64,
    /// Their pieces.
    pieces: i64,
    /// Orders whose promised day or whose stage's day has passed.
    late: i64,
    /// The next page of this stage; null on the last.
    next: Option<String>,
    /// One page of them, the most urgent first.
    results: Vec<CardResponse>,
}

/// One order of the board.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProductionBoardOrder)]
struct CardResponse {
    #[schema(value_type = uuid::Uuid)]
    id: OrderId,
    order_code: String,
    customer_name: String,
    product_name: String,
    quantity: i32,
    status_order: &'static str,
    production_status: &'static str,
    promised_on: Option<NaiveDate>,
    /// By when its stage is to be finished.
    stage_due_on: Option<NaiveDate>,
    is_late: bool,
    created_at: DateTime<Utc>,
}

/// The shop's list as it is sent. For the API's document.
#[derive(Debug, ToSchema)]
#[schema(as = ShopStagesInput)]
#[expect(dead_code, reason = "only describes")]
pub(super) struct ShopStagesInput {
    /// 1 to 20, first to last.
    stages: Vec<StageBody>,
}

/// Shows open work by stage: what was paid for and waits, and what is being made.
#[utoipa::path(get, path = "/api/v1/admin/production/board/", operation_id = "getProductionBoard", tag = "production",
    params(("stage" = Option<String>, Query, description = "one stage alone"),
    ("page" = Option<u32>, Query), ("page_size" = Option<u32>, Query)),
    responses((status = 200, body = BoardResponse), (status = 400, description = "an unknown stage"),
    (status = 404, description = "a page beyond the end of the stage")))]
pub(super) async fn board(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<HttpResponse, Problem> {
    require(&caller, Permission::OrdersRead)?;
    let stage = query.iter().rev().find(|(name, value)| name == "stage" && !value.is_empty());
    let stage = stage.map(|(_, value)| value.as_str());
    let page = page(&query)?;
    let today = jakarta::day_of(app.clock.now());
    let columns = queries::get_board(&app, stage, page, today).await?;
    let shape = |column: Column| ColumnResponse::of(column, page, today, &request);
    Ok(HttpResponse::Ok().json(BoardResponse {
        today,
        count: columns.iter().map(|column| column.figures.orders).sum(),
        late: columns.iter().map(|column| column.figures.late).sum(),
        stages: columns.into_iter().map(shape).collect(),
    }))
}

/// The shop's stages.
#[utoipa::path(get, path = "/api/v1/admin/production/stages/", operation_id = "getShopStages", tag = "production",
    responses((status = 200, body = ShopStagesResponse)))]
pub(super) async fn stages(app: web::Data<App>, caller: Caller) -> Result<HttpResponse, Problem> {
    require(&caller, Permission::OrdersRead)?;
    let stages = get_shop_stages(&app).await?;
    Ok(HttpResponse::Ok().json(ShopStagesResponse::from(stages.as_slice())))
}

/// Sets the shop's stages. Orders whose work has begun keep the ones they have.
#[utoipa::path(put, path = "/api/v1/admin/production/stages/", operation_id = "setShopStages", tag = "production",
    request_body = ShopStagesInput,
    responses((status = 200, body = ShopStagesResponse), (status = 400, description = "invalid fields")))]
pub(super) async fn set_stages(
    app: web::Data<App>,
    caller: Caller,
    Json(body): Json<Map<String, Value>>,
) -> Result<HttpResponse, Problem> {
    require(&caller, Permission::OrdersWrite)?;
    let stages = shop_stages(Body::new(body))?;
    set_shop_stages(&app, &stages).await?;
    tracing::info!(stages = stages.len(), actor = %caller.0.sub, "the shop's stages were set");
    Ok(HttpResponse::Ok().json(ShopStagesResponse::from(stages.as_slice())))
}

impl ColumnResponse {
    fn of(column: Column, page: Page, today: NaiveDate, request: &HttpRequest) -> ColumnResponse {
        let figures = column.figures;
        let next = page.has_next(figures.orders);
        ColumnResponse {
            next: next.then(|| page_of_stage(request, &figures.stage, page)),
            code: figures.stage,
            name: column.name,
            count: figures.orders,
            pieces: figures.pieces,
            late: figures.late,
            results: column.cards.iter().map(|card| CardResponse::of(card, today)).collect(),
        }
    }
}

impl CardResponse {
    fn of(card: &Card, today: NaiveDate) -> CardResponse {
        CardResponse {
            id: card.id,
            order_code: card.code.clone(),
            customer_name: card.customer_name.clone(),
            product_name: card.product_name.clone(),
            quantity: card.quantity,
            status_order: card.status.as_wire(),
            production_status: card.production.as_wire(),
            promised_on: card.promised_on,
            stage_due_on: card.stage_due_on,
            is_late: card.is_late(today),
            created_at: card.created_at,
        }
    }
}
