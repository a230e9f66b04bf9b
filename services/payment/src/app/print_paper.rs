//! Papers (invoice, receipt, credit note) as PDF. The number is given when a paper is first
//! printed and kept; what a paper says follows from the rows alone, so the same rows print the same
//! bytes.

use konveksi_db::{Connection, transaction};
use konveksi_documents::Paper;
use konveksi_kernel::{InvoiceId, Money, PaymentId, RefundId, jakarta};
use serde_json::{Value, json};

use super::{App, AppError};
use crate::domain::{
    Invoice, InvoiceKind, InvoiceStatus, OrderView, PaperKind, PaperNumber, Payment, PaymentStatus,
    RefundState, terbilang,
};
use crate::store;

/// The workshop as its papers name it.
#[derive(Debug, Clone)]
pub(crate) struct Shop {
    /// Its name.
    pub(crate) name: String,
    /// Its address, in one line.
    pub(crate) address: String,
    /// How it is reached.
    pub(crate) contact: String,
}

/// A printed paper.
#[derive(Debug, Clone)]
pub(crate) struct Printed {
    /// Its number, such as `KWT/2026/000123`.
    pub(crate) number: String,
    /// The PDF.
    pub(crate) pdf: Vec<u8>,
}

/// Prints an invoice.
///
/// # Errors
/// [`AppError::InvoiceNotFound`]; [`AppError::Document`]; [`AppError::Db`].
pub(crate) async fn invoice(app: &App, id: InvoiceId) -> Result<Printed, AppError> {
    let mut conn = app.pool.get().await?;
    let invoice = store::invoices::find(&mut conn, id).await?.ok_or(AppError::InvoiceNotFound)?;
    let about = About::of(&mut conn, &invoice).await?;
    let number = number(app, &mut conn, PaperKind::Invoice, id.as_uuid()).await?;
    let link = store::links::live_of(&mut conn, id).await?;
    drop(conn);
    let due = invoice.amount_due();
    let open = invoice.status == InvoiceStatus::Unpaid;
    let url = link.and_then(|link| link.url).filter(|_url| open).unwrap_or_default();
    let data = json!({
        "due": format!("{} WIB", jakarta::display(invoice.expires_at)),
        "date": date(invoice.created_at),
        "status": status_label(invoice.status),
        "kind": kind_label(&invoice),
        "product": about.order.product_name,
        "quantity": about.order.quantity,
        "order_total": rp(about.order.total),
        "amount": rp(invoice.amount),
        "paid": rp(invoice.amount_paid),
        "due_amount": rp(due),
        "words": terbilang::rupiah(due),
        "url": url,
    });
    print(app, Paper::Invoice, number, &about, data).await
}

/// Prints the receipt of a payment.
///
/// # Errors
/// [`AppError::PaymentNotFound`]; [`AppError::NoReceipt`] for money that was not accepted or was
/// taken back; [`AppError::Document`]; [`AppError::Db`].
pub(crate) async fn receipt(app: &App, id: PaymentId) -> Result<Printed, AppError> {
    let mut conn = app.pool.get().await?;
    let payment = store::payments::find(&mut conn, id).await?.ok_or(AppError::PaymentNotFound)?;
    let taken_back = store::reversals::is_reversed(&mut conn, id).await?;
    if taken_back || payment.status == PaymentStatus::Suspended {
        return Err(AppError::NoReceipt);
    }
    let invoice = store::invoices::find(&mut conn, payment.invoice_id)
        .await?
        .ok_or(AppError::InvoiceNotFound)?;
    let about = About::of(&mut conn, &invoice).await?;
    let number = number(app, &mut conn, PaperKind::Receipt, id.as_uuid()).await?;
    drop(conn);
    let data = json!({
        "date": date(payment.paid_at),
        "purpose": purpose(&invoice, &about.order),
        "method": method_label(&payment),
        "amount": rp(payment.amount),
        "words": terbilang::rupiah(payment.amount),
    });
    print(app, Paper::Receipt, number, &about, data).await
}

/// Prints the credit note of a refund.
///
/// # Errors
/// [`AppError::RefundNotFound`]; [`AppError::NoCreditNote`] until the money went back;
/// [`AppError::Document`]; [`AppError::Db`].
pub(crate) async fn credit_note(app: &App, id: RefundId) -> Result<Printed, AppError> {
    let mut conn = app.pool.get().await?;
    let refund = store::refunds::find(&mut conn, id).await?.ok_or(AppError::RefundNotFound)?;
    let Some(completed_at) = refund.completed_at.filter(|_| refund.state == RefundState::Completed)
    else {
        return Err(AppError::NoCreditNote);
    };
    let invoice = store::invoices::find(&mut conn, refund.invoice_id)
        .await?
        .ok_or(AppError::InvoiceNotFound)?;
    let about = About::of(&mut conn, &invoice).await?;
    let number = number(app, &mut conn, PaperKind::CreditNote, id.as_uuid()).await?;
    // A paper names another only by what never changes: the receipt gets its number here at last.
    let receipt = self::number(app, &mut conn, PaperKind::Receipt, refund.payment_id.as_uuid());
    let receipt = receipt.await?.to_string();
    drop(conn);
    let data = json!({
        "date": date(completed_at),
        "reason": refund.reason,
        "receipt": receipt,
        "method": refund.method.label(),
        "amount": rp(refund.amount),
        "words": terbilang::rupiah(refund.amount),
    });
    print(app, Paper::CreditNote, number, &about, data).await
}

/// What every paper names.
struct About {
    order: OrderView,
    customer: String,
    invoice_code: String,
}

impl About {
    async fn of(conn: &mut Connection, invoice: &Invoice) -> Result<About, AppError> {
        let order =
            store::orders::find(conn, invoice.order_id).await?.ok_or(AppError::OrderNotFound)?;
        let customer = store::customers::name_of(conn, order.customer_id).await?;
        let invoice_code = invoice.code.to_string();
        Ok(About { order, customer: customer.unwrap_or_default(), invoice_code })
    }
}

async fn number(
    app: &App,
    conn: &mut Connection,
    kind: PaperKind,
    subject: uuid::Uuid,
) -> Result<PaperNumber, AppError> {
    if let Some(found) = store::papers::find(conn, kind, subject).await? {
        return Ok(found);
    }
    transaction(conn, async |tx| {
        Ok(store::papers::number(tx, kind, subject, app.clock.now()).await?)
    })
    .await
}

async fn print(
    app: &App,
    paper: Paper,
    number: PaperNumber,
    about: &About,
    mut data: Value,
) -> Result<Printed, AppError> {
    let number = number.to_string();
    if let Some(data) = data.as_object_mut() {
        let shop = &app.shop;
        let shop = json!({ "name": shop.name, "address": shop.address, "contact": shop.contact });
        data.insert("shop".to_owned(), shop);
        data.insert("number".to_owned(), json!(number));
        data.insert("code".to_owned(), json!(about.invoice_code));
        data.insert("order_code".to_owned(), json!(about.order.code));
        data.insert("customer".to_owned(), json!(about.customer));
    }
    // Setting pages takes a while; the threads that serve requests go on meanwhile.
    let pdf = tokio::task::spawn_blocking(move || paper.print(&data))
        .await
        .map_err(|_panicked| AppError::PrintingStopped)?
        .map_err(AppError::Document)?;
    Ok(Printed { number, pdf })
}

fn date(at: chrono::DateTime<chrono::Utc>) -> String {
    use chrono::Datelike as _;
    const MONTHS: [&str; 12] = [
        "Januari",
        "Februari",
        "Maret",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Agustus",
        "September",
        "Oktober",
        "November",
        "Desember",
    ];
    let day = jakarta::day_of(at);
    let month = usize::try_from(day.month0()).ok().and_then(|month| MONTHS.get(month));
    format!("{} {} {}", day.day(), month.copied().unwrap_or_default(), day.year())
}

fn kind_label(invoice: &Invoice) -> String {
    match (invoice.kind, invoice.deposit_percent) {
        (InvoiceKind::Deposit, Some(percent)) => {
            format!("{} ({percent:.2} %)", invoice.kind.label())
        }
        (InvoiceKind::Deposit | InvoiceKind::Final | InvoiceKind::Full, _) => {
            invoice.kind.label().to_owned()
        }
    }
}

const fn status_label(status: InvoiceStatus) -> &'static str {
    match status {
        InvoiceStatus::Unpaid => "Belum Dibayar",
        InvoiceStatus::Paid => "Lunas",
        InvoiceStatus::Expired => "Kedaluwarsa",
        InvoiceStatus::Cancelled => "Dibatalkan",
    }
}

fn purpose(invoice: &Invoice, order: &OrderView) -> String {
    let (kind, code) = (kind_label(invoice), &order.code);
    format!("{kind} pesanan {code}: {} {} buah", order.product_name, order.quantity)
}

/// The provider's or the clerk's word, readable.
fn method_label(payment: &Payment) -> String {
    match payment.method.to_ascii_uppercase().as_str() {
        "BANK_TRANSFER" => "Transfer bank".to_owned(),
        "QR_CODE" | "QRIS" => "QRIS".to_owned(),
        "CASH" | "TUNAI" => "Tunai".to_owned(),
        "CREDIT_CARD" => "Kartu kredit".to_owned(),
        "EWALLET" => "Dompet digital".to_owned(),
        _ => payment.method.clone(),
    }
}

fn rp(amount: Money) -> String {
    format!("Rp{}", amount.to_display())
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone as _;

    #[test]
    fn a_date_is_written_out_as_in_jakarta() {
        let late = chrono::Utc.with_ymd_and_hms(2026, 12, 31, 18, 0, 0).unwrap();
        assert_eq!(date(late), "1 Januari 2027");
        assert_eq!(rp(Money::ZERO), "Rp0");
    }
}
