//! What orders are made of: garments, sizes, prints, discounts and fees. Written and replaced as a
//! whole; a plain order has no rows.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use konveksi_db::{Connection, DbError};
use konveksi_kernel::{Money, OrderId};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::schema::{order_adjustments, order_item_decorations, order_item_sizes, order_items};
use crate::domain::garment::{
    Adjustment, AdjustmentKind, Decoration, DecorationKind, Garments, Item, SizeLine,
};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = order_items, check_for_backend(diesel::pg::Pg))]
struct ItemRow {
    order_id: Uuid,
    item: i16,
    product_name: String,
    colour: String,
    unit_price: Decimal,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = order_item_sizes, check_for_backend(diesel::pg::Pg))]
struct SizeRow {
    order_id: Uuid,
    item: i16,
    size: String,
    seq: i16,
    quantity: i32,
    surcharge: Decimal,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = order_item_decorations, check_for_backend(diesel::pg::Pg))]
struct DecorationRow {
    order_id: Uuid,
    item: i16,
    seq: i16,
    kind: String,
    place: String,
    size: String,
    colours: i16,
    price: Decimal,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = order_adjustments, check_for_backend(diesel::pg::Pg))]
struct AdjustmentRow {
    order_id: Uuid,
    seq: i16,
    kind: String,
    description: String,
    amount: Decimal,
}

fn corrupt(table: &str, order_id: Uuid, column: &str) -> DbError {
    DbError::Corrupt(format!("{table} of {order_id}: {column}"))
}

fn money(amount: Decimal, table: &str, order_id: Uuid) -> Result<Money, DbError> {
    Money::from_decimal(amount).map_err(|_why| corrupt(table, order_id, "amount"))
}

impl TryFrom<SizeRow> for SizeLine {
    type Error = DbError;

    fn try_from(row: SizeRow) -> Result<SizeLine, DbError> {
        let surcharge = money(row.surcharge, "order_item_sizes", row.order_id)?;
        Ok(SizeLine { size: row.size, quantity: row.quantity, surcharge })
    }
}

impl TryFrom<DecorationRow> for Decoration {
    type Error = DbError;

    fn try_from(row: DecorationRow) -> Result<Decoration, DbError> {
        let kind = DecorationKind::from_wire(&row.kind)
            .ok_or_else(|| corrupt("order_item_decorations", row.order_id, "kind"))?;
        let price = money(row.price, "order_item_decorations", row.order_id)?;
        let DecorationRow { place, size, colours, .. } = row;
        Ok(Decoration { kind, place, size, colours, price })
    }
}

impl TryFrom<AdjustmentRow> for Adjustment {
    type Error = DbError;

    fn try_from(row: AdjustmentRow) -> Result<Adjustment, DbError> {
        let kind = AdjustmentKind::from_wire(&row.kind)
            .ok_or_else(|| corrupt("order_adjustments", row.order_id, "kind"))?;
        let amount = money(row.amount, "order_adjustments", row.order_id)?;
        Ok(Adjustment { kind, description: row.description, amount })
    }
}

/// What an order is made of. A plain order costs one look.
pub(crate) async fn of_order(
    conn: &mut Connection,
    order_id: OrderId,
) -> Result<Garments, DbError> {
    let id = order_id.as_uuid();
    let items: Vec<ItemRow> = order_items::table
        .filter(order_items::order_id.eq(id))
        .select(ItemRow::as_select())
        .order(order_items::item)
        .load(conn)
        .await?;
    if items.is_empty() {
        return Ok(Garments::default());
    }
    let sizes: Vec<SizeRow> = order_item_sizes::table
        .filter(order_item_sizes::order_id.eq(id))
        .select(SizeRow::as_select())
        .order((order_item_sizes::item, order_item_sizes::seq))
        .load(conn)
        .await?;
    let decorations: Vec<DecorationRow> = order_item_decorations::table
        .filter(order_item_decorations::order_id.eq(id))
        .select(DecorationRow::as_select())
        .order((order_item_decorations::item, order_item_decorations::seq))
        .load(conn)
        .await?;
    let adjustments: Vec<AdjustmentRow> = order_adjustments::table
        .filter(order_adjustments::order_id.eq(id))
        .select(AdjustmentRow::as_select())
        .order(order_adjustments::seq)
        .load(conn)
        .await?;
    let adjustments =
        adjustments.into_iter().map(Adjustment::try_from).collect::<Result<_, _>>()?;
    Ok(Garments { items: put_together(items, sizes, decorations)?, adjustments })
}

fn put_together(
    items: Vec<ItemRow>,
    sizes: Vec<SizeRow>,
    decorations: Vec<DecorationRow>,
) -> Result<Vec<Item>, DbError> {
    let mut sizes_of: HashMap<i16, Vec<SizeLine>> = HashMap::new();
    for row in sizes {
        sizes_of.entry(row.item).or_default().push(row.try_into()?);
    }
    let mut decorations_of: HashMap<i16, Vec<Decoration>> = HashMap::new();
    for row in decorations {
        decorations_of.entry(row.item).or_default().push(row.try_into()?);
    }
    let whole = items.into_iter().map(|row| {
        Ok(Item {
            unit_price: money(row.unit_price, "order_items", row.order_id)?,
            sizes: sizes_of.remove(&row.item).unwrap_or_default(),
            decorations: decorations_of.remove(&row.item).unwrap_or_default(),
            product_name: row.product_name,
            colour: row.colour,
        })
    });
    whole.collect()
}

/// Writes what an order is made of, in the place of what it was made of before.
pub(crate) async fn replace(
    tx: &mut Connection,
    order_id: OrderId,
    garments: &Garments,
) -> Result<(), DbError> {
    let id = order_id.as_uuid();
    // Sizes and prints go with their garment.
    diesel::delete(order_items::table.filter(order_items::order_id.eq(id))).execute(tx).await?;
    diesel::delete(order_adjustments::table.filter(order_adjustments::order_id.eq(id)))
        .execute(tx)
        .await?;
    insert(tx, order_id, garments).await
}

/// Writes what a new order is made of.
pub(crate) async fn insert(
    tx: &mut Connection,
    order_id: OrderId,
    garments: &Garments,
) -> Result<(), DbError> {
    if garments.is_plain() {
        return Ok(());
    }
    let rows = Rows::of(order_id.as_uuid(), garments);
    diesel::insert_into(order_items::table).values(rows.items).execute(tx).await?;
    diesel::insert_into(order_item_sizes::table).values(rows.sizes).execute(tx).await?;
    if !rows.decorations.is_empty() {
        diesel::insert_into(order_item_decorations::table)
            .values(rows.decorations)
            .execute(tx)
            .await?;
    }
    if !rows.adjustments.is_empty() {
        diesel::insert_into(order_adjustments::table).values(rows.adjustments).execute(tx).await?;
    }
    Ok(())
}

#[derive(Default)]
struct Rows {
    items: Vec<ItemRow>,
    sizes: Vec<SizeRow>,
    decorations: Vec<DecorationRow>,
    adjustments: Vec<AdjustmentRow>,
}

impl Rows {
    fn of(order_id: Uuid, garments: &Garments) -> Rows {
        let mut rows = Rows::default();
        for (number, item) in (1..).zip(&garments.items) {
            rows.items.push(ItemRow {
                order_id,
                item: number,
                product_name: item.product_name.clone(),
                colour: item.colour.clone(),
                unit_price: item.unit_price.as_decimal(),
            });
            rows.sizes.extend((1..).zip(&item.sizes).map(|(seq, line)| SizeRow {
                order_id,
                item: number,
                size: line.size.clone(),
                seq,
                quantity: line.quantity,
                surcharge: line.surcharge.as_decimal(),
            }));
            rows.decorations.extend((1..).zip(&item.decorations).map(|(seq, one)| DecorationRow {
                order_id,
                item: number,
                seq,
                kind: one.kind.as_wire().to_owned(),
                place: one.place.clone(),
                size: one.size.clone(),
                colours: one.colours,
                price: one.price.as_decimal(),
            }));
        }
        rows.adjustments.extend((1..).zip(&garments.adjustments).map(|(seq, one)| AdjustmentRow {
            order_id,
            seq,
            kind: one.kind.as_wire().to_owned(),
            description: one.description.clone(),
            amount: one.amount.as_decimal(),
        }));
        rows
    }
}
