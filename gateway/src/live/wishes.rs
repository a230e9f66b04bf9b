//! What clients ask over a socket: pings, and orders to look at or follow.

use serde_json::{Map, Value, json};

use super::frames::{error, frame, object};
use super::news::public_data_of;
use super::socket::{End, Socket};
use super::{Feed, dashboard, lookup};
use crate::identity::Caller;
use crate::json::At as _;
use crate::limit::LimitClass;

/// What a socket gets without asking: its own order, or the figures as they are.
pub(super) async fn begin(socket: &mut Socket, own_order: Option<String>) -> Result<(), End> {
    if let Some(code) = own_order {
        if !follow_code(socket, &code, "order_initial_data").await? {
            return Err(End::Close(4_404, "no such order"));
        }
    } else if socket.feed == Feed::Dashboard
        && let Ok(figures) = lookup::dashboard(&socket.edge).await
    {
        let now = socket.edge.clock.now();
        socket.send(frame("dashboard_update", dashboard::payload(&figures), now)).await?;
    }
    Ok(())
}

/// Answers one message.
pub(super) async fn take(socket: &mut Socket, text: &str) -> Result<(), End> {
    let now = socket.edge.clock.now();
    let Ok(Value::Object(message)) = serde_json::from_str::<Value>(text) else {
        return socket.send(error("MALFORMED", "Pesan harus berupa objek JSON.", now)).await;
    };
    // One client wraps its values in `payload`, the other puts them at the root.
    let value = |name: &str| {
        let wrapped = message.get("payload").and_then(|payload| payload.get(name));
        wrapped.or_else(|| message.get(name)).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let kind = message.get("type").and_then(Value::as_str).unwrap_or_default();
    match kind {
        "ping" => pong(socket).await,
        "subscribe_order_by_code" => {
            follow_code(socket, &value("order_code"), "order_initial_data").await.map(|_found| ())
        }
        "get_order_by_code" => show_code(socket, &value("order_code")).await,
        "unsubscribe_order" => {
            socket.membership.unwatch(&as_written(&value("order_code")));
            Ok(())
        }
        "subscribe_order" => show_id(socket, &value("order_id"), true).await,
        "get_order_details" => show_id(socket, &value("order_id"), false).await,
        "get_all_orders" => {
            let text = "Daftar order dibaca lewat GET /api/v1/order/.";
            socket.send(error("NOT_SUPPORTED", text, now)).await
        }
        _ => socket.send(error("UNKNOWN_TYPE", "Jenis pesan tidak dikenal.", now)).await,
    }
}

async fn pong(socket: &mut Socket) -> Result<(), End> {
    let now = socket.edge.clock.now();
    let payload = object([
        ("server_time", json!(now)),
        ("auth_status", json!(socket.staff.is_some())),
        ("access_level", json!(socket.access_level())),
    ]);
    socket.send(frame("pong", payload, now)).await
}

/// Reads an order by its code; tells the client when that cannot be.
async fn by_code(socket: &mut Socket, code: &str) -> Result<Option<Value>, End> {
    let now = socket.edge.clock.now();
    // Codes can be guessed, so looking them up is counted like tracking.
    let admission =
        socket.edge.limiter.admit(LimitClass::Track, &Caller::Anonymous, socket.client_ip).await;
    if !admission.admitted {
        let text = "Terlalu banyak permintaan. Silakan coba lagi sebentar lagi.";
        socket.send(error("RATE_LIMITED", text, now)).await?;
        return Ok(None);
    }
    match lookup::order_by_code(&socket.edge, code).await {
        Ok(Some(order)) => return Ok(Some(order)),
        Ok(None) => {
            socket.send(error("ORDER_NOT_FOUND", "Order tidak ditemukan.", now)).await?;
        }
        Err(_away) => {
            let text = "Layanan sedang tidak tersedia. Silakan coba lagi sebentar lagi.";
            socket.send(error("SERVICE_UNAVAILABLE", text, now)).await?;
        }
    }
    Ok(None)
}

/// Follows the order of this code from now on; false when there is none.
async fn follow_code(socket: &mut Socket, code: &str, answer: &str) -> Result<bool, End> {
    let code = &as_written(code);
    // Watched before it is read: what changes in between is told twice rather than never.
    if !socket.membership.watch(code) {
        let now = socket.edge.clock.now();
        let text = "Terlalu banyak order yang dipantau sekaligus.";
        socket.send(error("TOO_MANY_SUBSCRIPTIONS", text, now)).await?;
        return Ok(false);
    }
    let Some(order) = by_code(socket, code).await? else {
        socket.membership.unwatch(code);
        return Ok(false);
    };
    let now = socket.edge.clock.now();
    let confirmed = object([
        ("order_code", json!(code)),
        ("message", json!(format!("Order {code} dipantau."))),
    ]);
    socket.send(frame("subscription_confirmed", confirmed, now)).await?;
    socket.send(frame(answer, shown(code, &order), now)).await?;
    Ok(true)
}

async fn show_code(socket: &mut Socket, code: &str) -> Result<(), End> {
    let code = &as_written(code);
    let Some(order) = by_code(socket, code).await? else { return Ok(()) };
    let now = socket.edge.clock.now();
    socket.send(frame("order_details_response", shown(code, &order), now)).await
}

/// A code as orders carry it, whatever case it was typed in.
fn as_written(code: &str) -> String {
    code.trim().to_ascii_uppercase()
}

fn shown(code: &str, order: &Value) -> Map<String, Value> {
    object([
        ("order_code", json!(code)),
        ("public_data", Value::Object(public_data_of(order))),
        ("message", json!(format!("Data order {code}."))),
    ])
}

/// The full order, for staff alone. Staff feeds bring every order anyway, so following one only
/// confirms it.
async fn show_id(socket: &mut Socket, id: &str, confirm: bool) -> Result<(), End> {
    let now = socket.edge.clock.now();
    if socket.staff.is_none() || !socket.feed.shows_orders() {
        let text = "Hanya untuk staf yang sudah masuk.";
        return socket.send(error("FORBIDDEN", text, now)).await;
    }
    let order = match lookup::order(&socket.edge, id).await {
        Ok(Some(order)) => order,
        Ok(None) => {
            return socket.send(error("ORDER_NOT_FOUND", "Order tidak ditemukan.", now)).await;
        }
        Err(_away) => {
            let text = "Layanan sedang tidak tersedia. Silakan coba lagi sebentar lagi.";
            return socket.send(error("SERVICE_UNAVAILABLE", text, now)).await;
        }
    };
    let code = order.at("order_code").clone();
    if confirm {
        let confirmed = object([
            ("order_id", json!(id)),
            ("order_code", code.clone()),
            ("message", json!("Order dipantau.")),
        ]);
        socket.send(frame("subscription_confirmed", confirmed, now)).await?;
    }
    let kind = if confirm { "order_initial_data" } else { "order_details_response" };
    let payload = object([
        ("order_id", json!(id)),
        ("order_code", code),
        ("public_data", Value::Object(public_data_of(&order))),
        ("order_data", order),
        ("message", json!("Data order.")),
    ]);
    socket.send(frame(kind, payload, now)).await
}
