//! What payment tells of an order's invoices.

use konveksi_db::Connection;
use konveksi_kernel::{InvoiceId, Money, OrderId};

use super::record::{Because, record};
use super::{App, AppError, Heard};
use crate::domain::history::{ChangeType, HistoryEntry, TriggerSource};
use crate::domain::invoice::{InvoiceKind, InvoiceStatus};
use crate::domain::order::Order;
use crate::domain::standing::Change;
use crate::store;

/// An invoice as it was told.
#[derive(Debug, Clone)]
pub(crate) struct InvoiceFact {
    /// The order it is for.
    pub(crate) order_id: OrderId,
    /// Its id.
    pub(crate) invoice_id: InvoiceId,
    /// Its code.
    pub(crate) invoice_code: String,
    /// What it asks for.
    pub(crate) kind: InvoiceKind,
    /// How much it asks for.
    pub(crate) amount: Money,
}

/// An invoice with a working link exists, made or made again.
///
/// # Errors
/// [`AppError::OrderNotFound`]; [`AppError::Db`].
pub(crate) async fn invoice_created(
    app: &App,
    tx: &mut Connection,
    heard: Heard,
    fact: &InvoiceFact,
) -> Result<(), AppError> {
    let mut order = find(tx, fact.order_id).await?;
    let change = order.standing.link_created();
    let because = because(app, heard, TriggerSource::System);
    let row = row(&because, &order, fact).moved(None, InvoiceStatus::Unpaid.as_wire());
    record(tx, &mut order, change, &because, vec![row]).await?;
    Ok(())
}

/// An invoice ended unpaid: it expired or was cancelled. The order's status never steps back.
///
/// # Errors
/// [`AppError::OrderNotFound`]; [`AppError::Db`].
pub(crate) async fn invoice_ended(
    app: &App,
    tx: &mut Connection,
    heard: Heard,
    fact: &InvoiceFact,
    end: InvoiceStatus,
) -> Result<(), AppError> {
    let mut order = find(tx, fact.order_id).await?;
    let because = because(app, heard, TriggerSource::System);
    let row = row(&because, &order, fact);
    let row = row.moved(Some(InvoiceStatus::Unpaid.as_wire()), end.as_wire());
    record(tx, &mut order, Change::default(), &because, vec![row]).await?;
    Ok(())
}

/// The order an event is about, held; deleted orders still take their facts.
pub(super) async fn find(tx: &mut Connection, id: OrderId) -> Result<Order, AppError> {
    store::orders::find_for_update(tx, id).await?.ok_or(AppError::OrderNotFound(id))
}

/// What an event of another service causes here.
pub(super) fn because(app: &App, heard: Heard, trigger: TriggerSource) -> Because {
    Because {
        now: app.clock.now(),
        at: heard.at,
        trigger,
        actor: None,
        event_id: Some(heard.event_id),
        notes: None,
    }
}

fn row(because: &Because, order: &Order, fact: &InvoiceFact) -> HistoryEntry {
    HistoryEntry {
        notes: Some(format!("Tagihan {}", fact.kind.as_wire())),
        invoice_code: Some(fact.invoice_code.clone()),
        amount: Some(fact.amount),
        subject_id: Some(fact.invoice_id.as_uuid()),
        ..because.entry(order, ChangeType::InvoiceStatus)
    }
}
