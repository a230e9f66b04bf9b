//! Links on demand, for requests that may be sent again: what is stored is which invoice was meant;
//! the answer is composed again, because the link is made after the commit (`settled.md` 27).

use actix_web::http::StatusCode;
use konveksi_db::DbError;
use konveksi_eventing::Envelope;
use konveksi_idempotency::{Answer, RequestKey};
use konveksi_kernel::{InvoiceId, OrderId};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::app::payment_link::{Wish, payment_link};
use crate::app::requests::once;
use crate::app::{App, AppError, InvoiceView, make_link, queries};
use crate::domain::OrderView;

/// A link and how it came about.
pub(super) struct Linked {
    /// The invoice with its link.
    pub(super) view: InvoiceView,
    /// Whether a live one was there already.
    pub(super) reused: bool,
    /// Whether nothing was done this time.
    pub(super) replayed: bool,
    /// What was told.
    pub(super) told: Vec<Envelope>,
}

/// What is stored of the answer.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    invoice_id: InvoiceId,
    reused: bool,
}

/// Makes or finds the wished invoice of an order with its link, once for all requests that share
/// the key; whoever comes second waits for the same link.
///
/// # Errors
/// As [`payment_link`], [`AppError::Key`], [`AppError::Provider`], [`AppError::LinkPending`].
pub(super) async fn linked(
    app: &App,
    key: Option<&RequestKey>,
    (order, snapshot): (OrderId, Option<&OrderView>),
    wish: Wish,
) -> Result<Linked, AppError> {
    let (mut claimed, mut told) = (None, Vec::new());
    let outcome = once(app, key, async |tx| {
        let linking = payment_link(app, tx, order, snapshot, wish).await?;
        (claimed, told) = (linking.claimed, linking.told);
        let kept = Kept { invoice_id: linking.invoice_id, reused: linking.reused };
        Ok(Answer { status: StatusCode::CREATED, body: json!(kept), customer_id: None })
    })
    .await?;
    let kept: Kept = serde_json::from_value(outcome.body)
        .map_err(|error| DbError::Corrupt(format!("idempotency: {error}")))?;
    told.extend(make_link::now(app, kept.invoice_id, claimed).await?);
    Ok(Linked {
        view: queries::invoice(app, kept.invoice_id).await?,
        reused: kept.reused,
        replayed: outcome.replayed,
        told,
    })
}
