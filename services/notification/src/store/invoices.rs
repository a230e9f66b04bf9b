//! Invoices, as payment tells them.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::upsert::excluded;
use diesel_async::RunQueryDsl;
use konveksi_db::{Connection, DbError, KeepPlan as _};
use konveksi_kernel::{InvoiceId, OrderId};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::schema::invoices;
use super::{amount, literal};
use crate::domain::channel::ChannelChoice;
use crate::domain::invoice::{Invoice, InvoiceKind, InvoiceStatus};

/// What is written. A link that an event does not carry is left as it is: payments and expiries
/// tell the invoice without it.
#[derive(Insertable, AsChangeset)]
#[diesel(table_name = invoices, treat_none_as_null = true)]
struct InvoiceChange<'a> {
    invoice_id: Uuid,
    version: i64,
    code: &'a str,
    order_id: Uuid,
    kind: &'static str,
    amount: Decimal,
    amount_paid: Decimal,
    status: &'static str,
    #[diesel(treat_none_as_null = false)]
    payment_url: Option<String>,
    expires_at: Option<DateTime<Utc>>,
    channel: Option<String>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = invoices)]
struct InvoiceRow {
    invoice_id: Uuid,
    version: i64,
    code: String,
    order_id: Uuid,
    kind: String,
    amount: Decimal,
    amount_paid: Decimal,
    status: String,
    payment_url: String,
    expires_at: Option<DateTime<Utc>>,
    channel: Option<String>,
}

impl TryFrom<InvoiceRow> for Invoice {
    type Error = DbError;

    fn try_from(row: InvoiceRow) -> Result<Invoice, DbError> {
        let channel = row
            .channel
            .map(|text| literal("an invoice's channel", &text, ChannelChoice::from_wire))
            .transpose()?;
        Ok(Invoice {
            id: InvoiceId::from_uuid(row.invoice_id),
            version: row.version,
            code: row.code,
            order_id: OrderId::from_uuid(row.order_id),
            kind: literal("an invoice's kind", &row.kind, InvoiceKind::from_wire)?,
            amount: amount("an invoice's amount", row.amount)?,
            amount_paid: amount("an invoice's paid sum", row.amount_paid)?,
            status: literal("an invoice's status", &row.status, InvoiceStatus::from_wire)?,
            payment_url: row.payment_url,
            expires_at: row.expires_at,
            channel,
        })
    }
}

/// Keeps `invoice` unless something newer is known; its link even then, if none is known.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn upsert(tx: &mut Connection, invoice: &Invoice) -> Result<(), DbError> {
    use diesel::query_dsl::methods::FilterDsl as _;
    let link = Some(invoice.payment_url.as_str()).filter(|link| !link.is_empty());
    let change = InvoiceChange {
        invoice_id: invoice.id.as_uuid(),
        version: invoice.version,
        code: &invoice.code,
        order_id: invoice.order_id.as_uuid(),
        kind: invoice.kind.as_wire(),
        amount: invoice.amount.as_decimal(),
        amount_paid: invoice.amount_paid.as_decimal(),
        status: invoice.status.as_wire(),
        payment_url: link.map(str::to_owned),
        expires_at: invoice.expires_at,
        channel: invoice.channel.map(|choice| choice.as_wire().to_owned()),
    };
    let kept = diesel::insert_into(invoices::table)
        .values(&change)
        .on_conflict(invoices::invoice_id)
        .do_update()
        .set(&change)
        .filter(invoices::version.lt(excluded(invoices::version)))
        .keep_plan()
        .execute(tx)
        .await?;
    if kept == 0
        && let Some(link) = link
    {
        diesel::update(invoices::table.find(invoice.id.as_uuid()))
            .filter(invoices::payment_url.eq(""))
            .set(invoices::payment_url.eq(link))
            .keep_plan()
            .execute(tx)
            .await?;
    }
    Ok(())
}

/// What is known of an invoice.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn find(conn: &mut Connection, id: InvoiceId) -> Result<Option<Invoice>, DbError> {
    invoices::table
        .find(id.as_uuid())
        .select(InvoiceRow::as_select())
        .first(conn)
        .await
        .optional()?
        .map(Invoice::try_from)
        .transpose()
}

/// The newest invoice of an order that still waits for money; ids rise with time.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn find_unpaid_of_order(
    conn: &mut Connection,
    order_id: OrderId,
) -> Result<Option<Invoice>, DbError> {
    invoices::table
        .filter(invoices::order_id.eq(order_id.as_uuid()))
        .filter(invoices::status.eq(InvoiceStatus::Unpaid.as_wire()))
        .order(invoices::invoice_id.desc())
        .select(InvoiceRow::as_select())
        .first(conn)
        .await
        .optional()?
        .map(Invoice::try_from)
        .transpose()
}
