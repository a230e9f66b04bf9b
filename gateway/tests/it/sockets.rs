//! Live feeds over real WebSockets, with events over a real broker (`contract.md` section 7).

use futures_util::{SinkExt as _, StreamExt as _};
use konveksi_contracts::v1::{
    InvoiceKind, InvoiceState, OrderCreated, OrderDeleted, OrderProductionChanged, OrderStatus,
    OrderStatusChanged, OrderUpdated, PaymentReceived, ProductionStatus,
};
use konveksi_identity::Role;
use konveksi_kernel::{OrderId, SystemClock};
use konveksi_test_support::eventually;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::support::{PAGE, SOON, Wishes, World, order_state, publish};

const CODE: &str = "ORD-20250630-A1B";

struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    async fn open(world: &World, path: &str) -> Socket {
        Socket::open_with(world, path, &[]).await
    }

    async fn open_with(world: &World, path: &str, headers: &[(&'static str, String)]) -> Socket {
        let mut request = world.socket_url(path).into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        Socket(connect_async(request).await.unwrap().0)
    }

    async fn say(&mut self, message: &Value) {
        self.0.send(Message::text(message.to_string())).await.unwrap();
    }

    /// The next frame.
    async fn hear(&mut self) -> Value {
        loop {
            let message = timeout(SOON, self.0.next()).await.expect("a frame in time");
            match message.unwrap().unwrap() {
                Message::Text(text) => return serde_json::from_str(&text).unwrap(),
                Message::Close(reason) => panic!("closed: {reason:?}"),
                _ => {}
            }
        }
    }

    /// The next frame of this type.
    async fn hear_of(&mut self, kind: &str) -> Value {
        loop {
            let frame = self.hear().await;
            if frame["type"] == kind {
                return frame;
            }
        }
    }

    /// The code it is closed with.
    async fn closed(&mut self) -> u16 {
        loop {
            match timeout(SOON, self.0.next()).await.expect("closed in time") {
                Some(Ok(Message::Close(Some(reason)))) => return reason.code.into(),
                Some(Ok(_)) => {}
                other => panic!("not closed but {other:?}"),
            }
        }
    }
}

/// A world whose gateway hears events: the first event only reaches a bound queue.
async fn live_world() -> World {
    let world = World::with(Wishes { broker: true, ..Wishes::default() }).await;
    eventually(SOON, async || {
        let health = world.get("/api/v1/health/").send().await.unwrap();
        let health = crate::support::json(health).await;
        (health["broker"] == "connected").then_some(())
    })
    .await;
    world
}

fn full_order(id: OrderId) -> Value {
    json!({ "id": id, "order_code": CODE, "customer_name": "Budi Santoso", "product_name": "Kaos",
            "contact_information": "081234567890", "status_order": "link_dibuat" })
}

fn public_order() -> Value {
    json!({ "order_id": "x", "order": {}, "check": {}, "timeline": [], "data": {
        "order_code": CODE, "product_name": "Kaos Polos", "customer_name": "Budi S.", "quantity": 24,
        "status_order": "link_dibuat", "production_status": "menunggu", "total_price": "2400000.00",
        "created_at": "2025-06-30T00:00:00Z", "updated_at": "2025-06-30T00:00:00Z" } })
}

/// Nothing of a person and no amount is in a public frame.
fn assert_public(frame: &Value) {
    let text = frame.to_string();
    for private in ["Budi", "0812", "2400000", "customer_name", "order_data", "\"amount\""] {
        assert!(!text.contains(private), "{private} in {text}");
    }
    assert!(frame["payload"].is_object());
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_sockets_open_with_a_token_or_the_session_cookie() {
    let world = World::start().await;
    let login = world.staff(Role::Admin).await;
    let cookie = |origin: &str| {
        vec![("cookie", format!("sessionid={}", login.session)), ("origin", origin.to_owned())]
    };
    for path in [
        "/ws/admin/orders/",
        "/ws/admin/dashboard/",
        "/ws/notifications/",
        "/ws/orders/",
        "/ws/orders",
    ] {
        let mut socket = Socket::open(&world, &format!("{path}?token={}", login.access)).await;
        let hello = socket.hear().await;
        assert_eq!(hello["type"], "connection_established");
        assert_eq!(hello["payload"]["access_level"], "authenticated");
        assert_eq!(hello["authenticated"], true);
    }
    let mut socket = Socket::open_with(&world, "/ws/admin/orders/", &cookie(PAGE)).await;
    assert_eq!(socket.hear().await["authenticated"], true);
    let stale = format!("/ws/admin/orders/?token={}x", login.access);
    let mut socket = Socket::open_with(&world, &stale, &cookie(PAGE)).await;
    assert_eq!(socket.hear().await["authenticated"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_listen_is_accepted_and_closed_with_a_code() {
    let world = World::start().await;
    for path in [
        "/ws/admin/orders/",
        "/ws/admin/orders/?token=a.b.c",
        "/ws/orders/?token=",
        "/ws/notifications/",
    ] {
        assert_eq!(Socket::open(&world, path).await.closed().await, 4401, "{path}");
    }
    let floor = world.staff(Role::Production).await;
    let path = format!("/ws/admin/dashboard/?token={}", floor.access);
    assert_eq!(Socket::open(&world, &path).await.closed().await, 4403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_page_cannot_open_a_socket() {
    let world = World::start().await;
    let login = world.staff(Role::Admin).await;
    for path in
        [format!("/ws/admin/orders/?token={}", login.access), "/ws/order/tracking/".to_owned()]
    {
        let mut request = world.socket_url(&path).into_client_request().unwrap();
        request.headers_mut().insert("origin", "https://evil.example".parse().unwrap());
        let error = connect_async(request).await.unwrap_err().to_string();
        assert!(error.contains("403"), "{error}");
    }
    let answer = world.get("/ws/order/tracking/").send().await.unwrap();
    crate::support::assert_problem(answer, 400, "UPGRADE_REQUIRED").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ping_is_answered_and_rubbish_is_named() {
    let world = World::start().await;
    let mut socket = Socket::open(&world, "/ws/order/tracking/").await;
    assert_eq!(socket.hear().await["payload"]["access_level"], "public");
    socket.say(&json!({ "type": "ping", "payload": {}, "timestamp": "x" })).await;
    let pong = socket.hear().await;
    assert_eq!(pong["type"], "pong");
    assert_eq!(pong["payload"]["auth_status"], false);
    assert_eq!(pong["payload"]["access_level"], "public");
    assert!(pong["payload"]["server_time"].is_string() && pong["payload"]["timestamp"].is_string());
    for (said, code) in
        [("rubbish", "MALFORMED"), ("[1]", "MALFORMED"), (r#"{"type":"dance"}"#, "UNKNOWN_TYPE")]
    {
        socket.0.send(Message::text(said)).await.unwrap();
        assert_eq!(socket.hear().await["payload"]["code"], code);
    }
    socket.say(&json!({ "type": "get_order_details", "payload": { "order_id": "1" } })).await;
    assert_eq!(socket.hear().await["payload"]["code"], "FORBIDDEN");
}

#[tokio::test(flavor = "multi_thread")]
async fn anybody_with_the_code_follows_one_order_and_sees_nothing_private() {
    let world = live_world().await;
    world.order.on_json(&format!("GET /internal/v1/orders/by-code/{CODE}"), 200, &public_order());
    let mut tracking = Socket::open(&world, "/ws/order/tracking/").await;
    tracking
        .say(&json!({ "type": "subscribe_order_by_code", "payload": { "order_code": CODE } }))
        .await;
    assert_eq!(tracking.hear_of("subscription_confirmed").await["order_code"], CODE);
    let first = tracking.hear_of("order_initial_data").await;
    assert_eq!(first["payload"]["public_data"]["status_order"], "link_dibuat");
    assert_public(&first);
    let mut one = Socket::open(&world, &format!("/ws/orders/{CODE}/")).await;
    one.hear_of("order_initial_data").await;
    let mut other = Socket::open(&world, "/ws/order/tracking/").await;
    other.hear().await;

    let id = OrderId::generate(&SystemClock);
    let order = order_state(id, CODE, OrderStatus::PaidInFull);
    let event = OrderStatusChanged {
        order: Some(order.clone()),
        from: OrderStatus::LinkCreated.into(),
        to: OrderStatus::PaidInFull.into(),
        ..OrderStatusChanged::default()
    };
    publish(&world, id, &event).await;
    for socket in [&mut tracking, &mut one] {
        let frame = socket.hear_of("order_status_update").await;
        assert_eq!(frame["payload"]["old_status"], "link_dibuat");
        assert_eq!(frame["payload"]["new_status"], "lunas");
        assert_eq!(frame["new_status"], "lunas");
        assert_eq!(frame["payload"]["public_data"]["order_code"], CODE);
        assert_public(&frame);
    }
    let event = OrderProductionChanged {
        order: Some(order),
        from: ProductionStatus::Waiting.into(),
        to: ProductionStatus::InProgress.into(),
        ..OrderProductionChanged::default()
    };
    publish(&world, id, &event).await;
    assert_eq!(tracking.hear_of("order_production_update").await["new_status"], "diproses");
    assert_eq!(one.hear_of("production_update").await["new_status"], "diproses");
    other.say(&json!({ "type": "ping" })).await;
    assert_eq!(other.hear().await["type"], "pong", "who follows nothing hears nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_code_closes_its_own_path_and_is_an_error_on_the_other() {
    let world = World::start().await;
    world.order.on_json("GET /internal/v1/orders/by-code", 404, &json!({}));
    let mut tracking = Socket::open(&world, "/ws/order/tracking/").await;
    tracking
        .say(&json!({ "type": "subscribe_order_by_code", "order_code": "ORD-20250630-ZZZ" }))
        .await;
    assert_eq!(tracking.hear_of("error").await["payload"]["code"], "ORDER_NOT_FOUND");
    let mut one = Socket::open(&world, "/ws/orders/ORD-20250630-ZZZ/").await;
    one.hear_of("error").await;
    assert_eq!(one.closed().await, 4404);
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_cannot_be_tried_out_over_a_socket() {
    let world = World::with_setting("KONVEKSI_GATEWAY_LIMIT_TRACK_PER_HOUR", "600").await;
    world.order.on_json("GET /internal/v1/orders/by-code", 404, &json!({}));
    let mut socket = Socket::open(&world, "/ws/order/tracking/").await;
    let mut codes = Vec::new();
    for number in 0..12 {
        let code = format!("ORD-20250630-{number:03}");
        socket
            .say(&json!({ "type": "get_order_by_code", "payload": { "order_code": code } }))
            .await;
        codes.push(socket.hear_of("error").await["payload"]["code"].as_str().unwrap().to_owned());
    }
    assert_eq!(codes.iter().filter(|code| *code == "ORDER_NOT_FOUND").count(), 10);
    assert_eq!(codes[11], "RATE_LIMITED");
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_see_full_orders_as_they_come_change_and_go() {
    let world = live_world().await;
    let login = world.staff(Role::Admin).await;
    let id = OrderId::generate(&SystemClock);
    world.order.on_json(&format!("GET /api/v1/order/{id}"), 200, &full_order(id));
    let mut staff =
        Socket::open(&world, &format!("/ws/admin/orders/?token={}", login.access)).await;
    let mut notices =
        Socket::open(&world, &format!("/ws/notifications/?token={}", login.access)).await;
    staff.hear().await;
    notices.hear().await;
    let order = Some(order_state(id, CODE, OrderStatus::LinkCreated));

    publish(&world, id, &OrderCreated { order: order.clone(), ..OrderCreated::default() }).await;
    let frame = staff.hear().await;
    assert_eq!(frame["type"], "order_created");
    assert_eq!(frame["payload"]["order"]["customer_name"], "Budi Santoso");
    assert_eq!(frame["order"]["order_code"], CODE);
    assert_eq!(frame["payload"]["order_id"], id.to_string());
    assert!(frame["message"].is_string());
    let notice = notices.hear().await;
    assert_eq!(notice["type"], "notification_broadcast");
    assert_eq!(notice["payload"]["event"], "order_created");

    publish(&world, id, &OrderUpdated { order: order.clone() }).await;
    assert_eq!(staff.hear().await["type"], "order_updated");

    let event = OrderProductionChanged {
        order: order.clone(),
        from: ProductionStatus::Waiting.into(),
        to: ProductionStatus::InProgress.into(),
        ..OrderProductionChanged::default()
    };
    publish(&world, id, &event).await;
    let frame = staff.hear().await;
    assert_eq!(frame["type"], "order_production_update");
    assert_eq!(frame["payload"]["order_data"]["customer_name"], "Budi Santoso");
    assert_eq!(staff.hear().await["type"], "order_updated", "the list knows only this name");

    publish(&world, id, &OrderDeleted { order }).await;
    let frame = staff.hear().await;
    assert_eq!(frame["type"], "order_deleted");
    assert_eq!(frame["payload"]["order_code"], CODE);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_is_told_once_order_shows_it() {
    let world = live_world().await;
    let login = world.staff(Role::Admin).await;
    let id = OrderId::generate(&SystemClock);
    world.order.on_json(&format!("GET /api/v1/order/{id}"), 200, &full_order(id));
    let mut staff = Socket::open(&world, &format!("/ws/orders/?token={}", login.access)).await;
    staff.hear().await;
    let invoice = InvoiceState {
        order_id: id.to_string(),
        order_code: CODE.to_owned(),
        kind: InvoiceKind::Full.into(),
        ..InvoiceState::default()
    };
    let payment = PaymentReceived {
        invoice: Some(invoice),
        amount_sen: 240_000_000,
        order_paid_sen: 240_000_000,
        ..PaymentReceived::default()
    };
    publish(&world, id, &payment).await;
    let mut order = order_state(id, CODE, OrderStatus::PaidInFull);
    order.paid_sen = 240_000_000;
    publish(&world, id, &OrderUpdated { order: Some(order.clone()) }).await;
    assert_eq!(staff.hear().await["type"], "order_updated");
    let frame = staff.hear().await;
    assert_eq!(frame["type"], "order_payment_update");
    assert_eq!(frame["payload"]["payment_type"], "full");
    assert_eq!(frame["payload"]["amount"], "2400000.00");
    assert_eq!(frame["payload"]["order_data"]["order_code"], CODE);
    publish(&world, id, &OrderUpdated { order: Some(order) }).await;
    assert_eq!(staff.hear().await["type"], "order_updated");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_listening_means_nothing_is_fetched() {
    let world = live_world().await;
    world.order.on_json(&format!("GET /internal/v1/orders/by-code/{CODE}"), 200, &public_order());
    let id = OrderId::generate(&SystemClock);
    let order = || Some(order_state(id, CODE, OrderStatus::LinkCreated));
    publish(&world, id, &OrderUpdated { order: order() }).await;
    let mut one = Socket::open(&world, &format!("/ws/orders/{CODE}/")).await;
    one.hear_of("order_initial_data").await;
    let event = OrderStatusChanged {
        order: order(),
        to: OrderStatus::PaidInFull.into(),
        ..OrderStatusChanged::default()
    };
    publish(&world, id, &event).await;
    one.hear_of("order_status_update").await;
    assert!(world.order.seen_on("GET /api/v1/order").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_can_ask_for_one_order() {
    let world = World::start().await;
    let login = world.staff(Role::Admin).await;
    let id = OrderId::generate(&SystemClock);
    world.order.on_json(&format!("GET /api/v1/order/{id}"), 200, &full_order(id));
    let mut staff =
        Socket::open(&world, &format!("/ws/admin/orders/?token={}", login.access)).await;
    staff.hear().await;
    staff.say(&json!({ "type": "subscribe_order", "payload": { "order_id": id } })).await;
    assert_eq!(staff.hear().await["type"], "subscription_confirmed");
    let frame = staff.hear().await;
    assert_eq!(frame["type"], "order_initial_data");
    assert_eq!(frame["payload"]["order_data"]["customer_name"], "Budi Santoso");
    staff.say(&json!({ "type": "get_order_details", "payload": { "order_id": id } })).await;
    assert_eq!(staff.hear().await["type"], "order_details_response");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_dashboard_gets_figures_when_it_opens_and_when_they_change() {
    let world = live_world().await;
    let login = world.staff(Role::Owner).await;
    world.analytics.on_json(
        "GET /api/v1/admin/dashboard/stats",
        200,
        &json!({ "total_orders": 1 }),
    );
    let mut socket =
        Socket::open(&world, &format!("/ws/admin/dashboard/?token={}", login.access)).await;
    let frame = socket.hear_of("dashboard_update").await;
    assert_eq!(frame["payload"]["total_orders"], 1);
    world.analytics.on_json(
        "GET /api/v1/admin/dashboard/stats",
        200,
        &json!({ "total_orders": 2 }),
    );
    let id = OrderId::generate(&SystemClock);
    let order = Some(order_state(id, CODE, OrderStatus::LinkCreated));
    publish(&world, id, &OrderCreated { order, ..OrderCreated::default() }).await;
    assert_eq!(socket.hear_of("dashboard_update").await["payload"]["stats"]["total_orders"], 2);
    assert_eq!(socket.hear_of("stats_update").await["total_orders"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopping_gateway_tells_its_sockets_to_reconnect() {
    let world = World::start().await;
    let mut socket = Socket::open(&world, "/ws/order/tracking/").await;
    socket.hear().await;
    world.stop();
    assert_eq!(socket.closed().await, 1001);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_user_has_ten_sockets() {
    let world = World::start().await;
    let login = world.staff(Role::Admin).await;
    let path = format!("/ws/orders/?token={}", login.access);
    let mut held = Vec::new();
    for _ in 0..10 {
        let mut socket = Socket::open(&world, &path).await;
        socket.hear().await;
        held.push(socket);
    }
    assert_eq!(Socket::open(&world, &path).await.closed().await, 1013);
}
