//! From the broker to the sockets: one task that reads what was heard, fetches what staff need to
//! see, and tells each feed in its own words.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures_util::{StreamExt as _, stream};
use konveksi_contracts::v1::{OrderState, PaymentReceived, RefundCompleted};
use konveksi_eventing::Heard;
use konveksi_kernel::Money;
use serde_json::{Map, Value, json};
use tokio::sync::{Notify, mpsc};

use super::frames::{frame, object};
use super::news::{Change, News, public_data};
use super::payments::Payments;
use super::{Feed, dashboard, lookup, words};
use crate::edge::Edge;

/// Events that may wait; more are dropped, because sockets are no place to catch up.
const WAITING: usize = 4_096;
/// Events told together, so that an order that changed five times is fetched once.
const TOGETHER: usize = 64;
/// Orders fetched at the same time.
const FETCHING: usize = 8;

/// Where the listener puts what it hears.
#[derive(Clone)]
pub(crate) struct Inbox(mpsc::Sender<Heard>);

impl Inbox {
    pub(crate) fn new() -> (Inbox, mpsc::Receiver<Heard>) {
        let (sender, receiver) = mpsc::channel(WAITING);
        (Inbox(sender), receiver)
    }

    /// Never blocks.
    pub(crate) fn put(&self, heard: Heard) {
        if self.0.try_send(heard).is_err() {
            tracing::warn!("more events than sockets can be told; one was dropped");
        }
    }
}

/// Tells what comes in until the inbox closes.
pub(crate) async fn run(edge: Arc<Edge>, mut inbox: mpsc::Receiver<Heard>) {
    let figures_changed = Arc::new(Notify::new());
    let figures = tokio::spawn(dashboard::run(edge.clone(), figures_changed.clone()));
    let mut payments = Payments::default();
    let (mut batch, mut connected_before) = (Vec::new(), false);
    while inbox.recv_many(&mut batch, TOGETHER).await > 0 {
        let mut news = Vec::new();
        for heard in batch.drain(..) {
            match heard {
                Heard::Connected if connected_before => tell_gap(&edge),
                Heard::Connected => connected_before = true,
                Heard::Event(envelope) => news.extend(News::read(&envelope)),
            }
        }
        if edge.hub.is_empty() {
            continue;
        }
        if !news.is_empty() {
            figures_changed.notify_one();
        }
        tell_all(&edge, &mut payments, news).await;
    }
    figures.abort();
}

/// While the broker was away, events may have passed: whoever shows a list reads it again.
fn tell_gap(edge: &Edge) {
    let payload = object([
        ("message", json!("Sambungan pembaruan pulih. Muat ulang bila data tampak lama.")),
        ("type", json!("info")),
    ]);
    let frame: Arc<str> = frame("system_notification", payload, edge.clock.now()).into();
    edge.hub.tell(|feed, _| (!feed.is_public()).then(|| frame.clone()));
}

async fn tell_all(edge: &Edge, payments: &mut Payments, news: Vec<News>) {
    let mut moments = Vec::new();
    for one in news {
        match one {
            News::Order { change, order, at } => {
                let shown = payments.taken_in(&order);
                let paid = shown
                    .into_iter()
                    .map(|payment| Moment::Paid(order.clone(), at, Box::new(payment)));
                let paid: Vec<Moment> = paid.collect();
                moments.push(Moment::Changed(change, order, at));
                moments.extend(paid);
            }
            News::Payment(payment) => {
                let order = payments.received(payment).and_then(|payment| {
                    let order = state_of(&payment)?;
                    Some(Moment::Paid(order, edge.clock.now(), Box::new(payment)))
                });
                moments.extend(order);
            }
            News::Refund(refund) => tell_refund(edge, &refund),
            News::Other => {}
        }
    }
    let orders = fetch(edge, &moments).await;
    for moment in &moments {
        let full = orders.get(&moment.order().order_id);
        match moment {
            Moment::Changed(change, order, at) => tell_change(edge, *change, order, *at, full),
            Moment::Paid(order, at, payment) => tell_payment(edge, order, *at, payment, full),
        }
    }
}

/// Something to tell about one order.
enum Moment {
    Changed(Change, OrderState, DateTime<Utc>),
    Paid(OrderState, DateTime<Utc>, Box<PaymentReceived>),
}

impl Moment {
    const fn order(&self) -> &OrderState {
        match self {
            Moment::Changed(_, order, _) | Moment::Paid(order, _, _) => order,
        }
    }
}

/// What a payment says of its order, for the rare case that order spoke first.
fn state_of(payment: &PaymentReceived) -> Option<OrderState> {
    let invoice = payment.invoice.as_ref()?;
    Some(OrderState {
        order_id: invoice.order_id.clone(),
        order_code: invoice.order_code.clone(),
        paid_sen: payment.order_paid_sen,
        ..OrderState::default()
    })
}

/// The full orders, each once, and only while staff look at them.
async fn fetch(edge: &Edge, moments: &[Moment]) -> HashMap<String, Value> {
    if !edge.hub.any(Feed::shows_orders) {
        return HashMap::new();
    }
    let ids: HashSet<String> = moments
        .iter()
        .filter(|moment| !matches!(moment, Moment::Changed(Change::Deleted, ..)))
        .map(|moment| moment.order().order_id.clone())
        .collect();
    stream::iter(ids)
        .map(|id| async move {
            let found = lookup::order(edge, &id).await;
            if found.is_err() {
                tracing::warn!(
                    order.id = id,
                    "an event's order cannot be read; staff sockets miss it"
                );
            }
            Some((id, found.ok()??))
        })
        .buffer_unordered(FETCHING)
        .filter_map(std::future::ready)
        .collect()
        .await
}

fn tell_change(
    edge: &Edge,
    change: Change,
    order: &OrderState,
    at: DateTime<Utc>,
    full: Option<&Value>,
) {
    let now = edge.clock.now();
    let public = public_data(order, at);
    let staff = staff_frames(change, order, &public, full, now);
    let (kind, short_kind, from, to) = match change {
        Change::Status(from, to) => ("order_status_update", "order_status_update", from, to),
        Change::Production(from, to) => ("order_production_update", "production_update", from, to),
        Change::Created | Change::Updated | Change::Deleted | Change::Cancelled => ("", "", "", ""),
    };
    let for_anybody = |kind: &str| -> Option<Arc<str>> {
        if kind.is_empty() {
            return None;
        }
        let mut payload = about(order, &message(change, &order.order_code));
        payload.insert("old_status".to_owned(), json!(from));
        payload.insert("new_status".to_owned(), json!(to));
        payload.insert("public_data".to_owned(), json!(public));
        Some(frame(kind, payload, now).into())
    };
    let (tracking, one_order) = (for_anybody(kind), for_anybody(short_kind));
    let notice = notice(change, order, now);
    for frame in &staff {
        edge.hub.tell(|feed, _| feed.shows_orders().then(|| frame.clone()));
    }
    edge.hub.tell(|feed, watches| match feed {
        Feed::Tracking if watches.contains(&order.order_code) => tracking.clone(),
        Feed::OneOrder if watches.contains(&order.order_code) => one_order.clone(),
        Feed::Notifications => Some(notice.clone()),
        Feed::Tracking | Feed::OneOrder | Feed::Dashboard | Feed::AdminOrders | Feed::Orders => {
            None
        }
    });
}

/// The frames of the staff feeds. Without the full order there are none: the public client cannot
/// show a row without its names.
fn staff_frames(
    change: Change,
    order: &OrderState,
    public: &Map<String, Value>,
    full: Option<&Value>,
    now: DateTime<Utc>,
) -> Vec<Arc<str>> {
    let mut payload = about(order, &message(change, &order.order_code));
    if change == Change::Deleted {
        return vec![frame("order_deleted", payload, now).into()];
    }
    let Some(full) = full else { return Vec::new() };
    let moved = |kind: &str, from: &str, to: &str, mut payload: Map<String, Value>| -> Arc<str> {
        payload.insert("old_status".to_owned(), json!(from));
        payload.insert("new_status".to_owned(), json!(to));
        payload.insert("order_data".to_owned(), full.clone());
        payload.insert("public_data".to_owned(), json!(public));
        frame(kind, payload, now).into()
    };
    let moved = match change {
        Change::Status(from, to) => Some(moved("order_status_update", from, to, payload.clone())),
        Change::Production(from, to) => {
            Some(moved("order_production_update", from, to, payload.clone()))
        }
        Change::Created | Change::Updated | Change::Cancelled | Change::Deleted => None,
    };
    payload.insert("order".to_owned(), full.clone());
    let kind = if change == Change::Created { "order_created" } else { "order_updated" };
    match (change, moved) {
        // The public client knows production moves only on its tracker: its list needs the row.
        (Change::Production(..), Some(moved)) => vec![moved, frame(kind, payload, now).into()],
        (_, Some(moved)) => vec![moved],
        (_, None) => vec![frame(kind, payload, now).into()],
    }
}

fn tell_payment(
    edge: &Edge,
    order: &OrderState,
    at: DateTime<Utc>,
    payment: &PaymentReceived,
    full: Option<&Value>,
) {
    let now = edge.clock.now();
    let kind = payment.invoice.as_ref().map_or("", |invoice| words::invoice_kind(invoice.kind));
    let text = format!("Pembayaran untuk order {} diterima.", order.order_code);
    let base = || {
        let mut payload = about(order, &text);
        payload.insert("payment_type".to_owned(), json!(kind));
        payload
    };
    let staff: Option<Arc<str>> = full.map(|full| {
        let mut payload = base();
        payload.insert("amount".to_owned(), json!(Money::from_sen(payment.amount_sen).ok()));
        payload.insert("order_data".to_owned(), full.clone());
        payload.insert("public_data".to_owned(), json!(public_data(order, at)));
        frame("order_payment_update", payload, now).into()
    });
    let for_anybody = |kind: &str| -> Arc<str> {
        let mut payload = base();
        payload.insert("public_data".to_owned(), json!(public_data(order, at)));
        frame(kind, payload, now).into()
    };
    let (tracking, one_order) =
        (for_anybody("order_payment_update"), for_anybody("payment_update"));
    let notice: Arc<str> = {
        let mut payload = about(order, &text);
        payload.insert("event".to_owned(), json!("payment_received"));
        frame("notification_broadcast", payload, now).into()
    };
    edge.hub.tell(|feed, watches| match feed {
        Feed::AdminOrders | Feed::Orders => staff.clone(),
        Feed::Tracking => watches.contains(&order.order_code).then(|| tracking.clone()),
        Feed::OneOrder => watches.contains(&order.order_code).then(|| one_order.clone()),
        Feed::Notifications => Some(notice.clone()),
        Feed::Dashboard => None,
    });
}

/// Staff who listen for notices hear that money went back; a manual entry that was taken back is
/// no such news.
fn tell_refund(edge: &Edge, refund: &RefundCompleted) {
    let Some(invoice) = refund.invoice.as_ref().filter(|_| refund.notify) else { return };
    let order = OrderState {
        order_id: invoice.order_id.clone(),
        order_code: invoice.order_code.clone(),
        ..OrderState::default()
    };
    let text = format!("Refund untuk order {} selesai.", order.order_code);
    let mut payload = about(&order, &text);
    payload.insert("event".to_owned(), json!("refund_completed"));
    let notice: Arc<str> = frame("notification_broadcast", payload, edge.clock.now()).into();
    edge.hub.tell(|feed, _| match feed {
        Feed::Notifications => Some(notice.clone()),
        Feed::AdminOrders | Feed::Orders | Feed::Tracking | Feed::OneOrder | Feed::Dashboard => {
            None
        }
    });
}

fn notice(change: Change, order: &OrderState, now: DateTime<Utc>) -> Arc<str> {
    let event = match change {
        Change::Created => "order_created",
        Change::Updated => "order_updated",
        Change::Deleted => "order_deleted",
        Change::Cancelled => "order_cancelled",
        Change::Status(..) => "status_changed",
        Change::Production(..) => "production_updated",
    };
    let mut payload = about(order, &message(change, &order.order_code));
    payload.insert("event".to_owned(), json!(event));
    frame("notification_broadcast", payload, now).into()
}

fn about(order: &OrderState, message: &str) -> Map<String, Value> {
    object([
        ("order_id", json!(order.order_id)),
        ("order_code", json!(order.order_code)),
        ("message", json!(message)),
    ])
}

fn message(change: Change, code: &str) -> String {
    match change {
        Change::Created => format!("Order baru {code}."),
        Change::Updated => format!("Order {code} diperbarui."),
        Change::Deleted => format!("Order {code} dihapus."),
        Change::Cancelled => format!("Order {code} dibatalkan."),
        Change::Status(_, to) => format!("Status order {code} menjadi {to}."),
        Change::Production(_, to) => format!("Produksi order {code}: {to}."),
    }
}
