//! The production board: open work by stage. Two looks whatever its size: figures and cards.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{
    Array, BigInt, Date, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use konveksi_db::{Connection, DbError};
use konveksi_kernel::{OrderId, Page};
use uuid::Uuid;

use crate::domain::board::{Card, Figures};
use crate::domain::production::ProductionStatus;
use crate::domain::status::OrderStatus;

#[derive(QueryableByName)]
struct FiguresRow {
    #[diesel(sql_type = Text)]
    stage: String,
    #[diesel(sql_type = BigInt)]
    orders: i64,
    #[diesel(sql_type = BigInt)]
    pieces: i64,
    #[diesel(sql_type = BigInt)]
    late: i64,
}

#[derive(QueryableByName)]
struct CardRow {
    #[diesel(sql_type = Text)]
    stage: String,
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    order_code: String,
    #[diesel(sql_type = Text)]
    customer_name: String,
    #[diesel(sql_type = Text)]
    product_name: String,
    #[diesel(sql_type = Integer)]
    quantity: i32,
    #[diesel(sql_type = Text)]
    status_order: String,
    #[diesel(sql_type = Text)]
    production_status: String,
    #[diesel(sql_type = Nullable<Date>)]
    promised_on: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Date>)]
    stage_due_on: Option<NaiveDate>,
    #[diesel(sql_type = Timestamptz)]
    created_at: DateTime<Utc>,
}

impl TryFrom<CardRow> for Card {
    type Error = DbError;

    fn try_from(row: CardRow) -> Result<Card, DbError> {
        let corrupt = |column: &str| DbError::Corrupt(format!("order {}: {column}", row.id));
        Ok(Card {
            stage: row.stage,
            id: OrderId::from_uuid(row.id),
            status: OrderStatus::from_wire(&row.status_order)
                .ok_or_else(|| corrupt("status_order"))?,
            production: ProductionStatus::from_wire(&row.production_status)
                .ok_or_else(|| corrupt("production_status"))?,
            code: row.order_code,
            customer_name: row.customer_name,
            product_name: row.product_name,
            quantity: row.quantity,
            promised_on: row.promised_on,
            stage_due_on: row.stage_due_on,
            created_at: row.created_at,
        })
    }
}

/// How much stands at each stage that has anything, and how much of it is late `today`.
pub(crate) async fn figures(
    conn: &mut Connection,
    today: NaiveDate,
) -> Result<Vec<Figures>, DbError> {
    let rows: Vec<FiguresRow> = diesel::sql_query(include_str!("board_counts.sql"))
        .bind::<Date, _>(today)
        .load(conn)
        .await?;
    let figures = rows.into_iter().map(|FiguresRow { stage, orders, pieces, late }| Figures {
        stage,
        orders,
        pieces,
        late,
    });
    Ok(figures.collect())
}

/// A page of each of these stages, the most urgent first.
pub(crate) async fn cards(
    conn: &mut Connection,
    stages: &[String],
    page: Page,
) -> Result<Vec<Card>, DbError> {
    let rows: Vec<CardRow> = diesel::sql_query(include_str!("board_cards.sql"))
        .bind::<Array<Text>, _>(stages)
        .bind::<BigInt, _>(page.limit())
        .bind::<BigInt, _>(page.offset())
        .load(conn)
        .await?;
    rows.into_iter().map(Card::try_from).collect()
}
