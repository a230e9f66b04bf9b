//! Booking revenue when goods leave (`settled.md` 25), within the caller's transaction.

use chrono::{DateTime, Utc};
use konveksi_db::Connection;
use konveksi_kernel::TransferId;
use konveksi_kernel::ids::uuid_v7_at;

use super::AppError;
use crate::domain::posting::{self, Parties};
use crate::domain::{Account, Entry, OrderMoney, OrderView, Transfer, TransferKind};
use crate::store;

/// Books the delivery of an order once, and the difference when its price changed afterwards.
pub(super) async fn book(
    tx: &mut Connection,
    now: DateTime<Utc>,
    order: &OrderView,
    sums: &mut OrderMoney,
) -> Result<(), AppError> {
    let parties = Parties { order: order.id, customer: order.customer_id };
    let (kind, source, entries) = match sums.revenue_booked {
        None => {
            let deposits = store::ledger::balance(tx, Account::Deposits(order.id)).await?;
            (
                TransferKind::Delivered,
                format!("delivered:{}", order.id),
                posting::delivered(parties, order.total, deposits),
            )
        }
        Some(booked) if booked != order.total => {
            let receivable = store::ledger::balance(tx, Account::Receivable(order.id)).await?;
            (
                TransferKind::DeliveryAdjusted,
                format!("delivery_adjusted:{}:{}", order.id, order.version),
                posting::delivery_adjusted(parties, booked, order.total, receivable),
            )
        }
        Some(_) => return Ok(()),
    };
    store::ledger::post(tx, &transfer(now, order, kind, source, entries)).await?;
    sums.revenue_booked = Some(order.total);
    store::orders::update_money(tx, sums).await?;
    Ok(())
}

fn transfer(
    now: DateTime<Utc>,
    order: &OrderView,
    kind: TransferKind,
    source: String,
    entries: Vec<Entry>,
) -> Transfer {
    Transfer {
        id: TransferId::from_uuid(uuid_v7_at(now)),
        kind,
        order_id: Some(order.id),
        source,
        at: now,
        entries,
    }
}
