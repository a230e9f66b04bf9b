//! Two hundred random lives of an order's money on the real service and its database, from the same
//! seeds as the lives on the pure rules (`src/domain/lives_tests.rs`), through deaths of the service
//! at every point where money could get lost. The check of the books finds nothing, and what clerks
//! recorded is there once. A failing life prints its seed, `KONVEKSI_LIVES_SEED` replays it.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use futures_util::stream;
use konveksi_contracts::v1::{OrderStatus, ProductionStatus};
use konveksi_identity::Role;
use konveksi_sandbox::Payment;
use konveksi_test_support::eventually;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::apart::Death;
use crate::support::order::Order;
use crate::support::{Answer, PATIENCE, World};

#[path = "../lives/steps.rs"]
mod steps;

use steps::{RefundEnd, Share, Step, life};

const LIVES: u64 = 200;
const LONGEST: u64 = 12;
/// Lives that go on at once.
const AT_ONCE: usize = 6;
/// Where the service dies, each of them so often.
const POINTS: [&str; 11] = [
    "refund_begun",
    "callback_stored",
    "callback_claimed",
    "refund_sent",
    "callback_confirmed",
    "callback_booked",
    "callback_committed",
    "link_asked",
    "link_made",
    "request_done",
    "request_committed",
];
const TIMES: u64 = 2;
/// Nothing moves when nothing moved for so long.
const STILL: Duration = Duration::from_millis(300);

/// Days and statuses whose invoices or payments are not counted ahead as they are.
const MISCOUNTED: &str = "
    SELECT count(*) FROM (
        SELECT FROM (
            SELECT list, day, status, rows FROM list_counts
            UNION ALL SELECT list, day, status, rows FROM list_changes
            UNION ALL SELECT 'invoices', jakarta_day(created_at), status, -1 FROM invoices
            UNION ALL SELECT 'payments', jakarta_day(paid_at), status, -1 FROM payments
            UNION ALL
            SELECT 'payments_recorded', jakarta_day(created_at), status, -1 FROM payments
        ) AS counted
        GROUP BY list, day, status HAVING sum(rows) <> 0
    ) AS wrong";

/// One order that lives.
struct Life<'a> {
    world: &'a World,
    order: Order,
    /// Rupiah that clerks were told are recorded, of all lives.
    recorded: &'a AtomicI64,
}

impl Life<'_> {
    async fn post(&self, path: &str, body: Value) -> Answer {
        let key = konveksi_test_support::random_word();
        let answer = self.world.keyed(&key, path, &body).await;
        // A step may be refused by a rule; it may never fail.
        let code = answer.status.as_u16();
        assert!([200, 201, 202, 400].contains(&code), "{path}: {code} {}", answer.body);
        answer
    }

    async fn invoices(&self) -> Vec<Value> {
        let money = self.order.money(self.world).await;
        money["invoices"].as_array().cloned().unwrap_or_default()
    }

    async fn invoice(&self, place: usize) -> Option<Value> {
        let invoices = self.invoices().await;
        (!invoices.is_empty()).then(|| invoices[place % invoices.len()].clone())
    }

    async fn plan(&self) -> Option<Value> {
        let path = format!("/api/v1/payment/plans/?order={}", self.order.id);
        let list = self.world.staff(Method::GET, &path, None).await.expect(200);
        let first = &list["results"][0];
        let live = ["active", "out_of_step"].contains(&first["status"].as_str().unwrap_or(""));
        live.then(|| first.clone())
    }

    async fn told(&mut self, change: impl FnOnce(&mut Order)) {
        self.order = self.order.next();
        change(&mut self.order);
        // The snapshot of a composition counts like the order's own event, and is heard at once.
        let path = format!("/internal/v1/orders/{}/first-invoice", self.order.id);
        let body = json!({ "snapshot": self.order.snapshot() });
        self.world.compose(&path, body).await.expect(200);
    }

    async fn callback(&self, invoice: &Value, share: Share, times: usize) {
        let Some(id) = invoice["xendit_invoice_id"].as_str() else { return };
        let asked = self.world.sandbox.invoice(id).unwrap().amount;
        let amount = Some(share.of(asked));
        // By a way that the provider can pay back.
        let method = Some("QRIS");
        let payment = Payment { amount, method, late: true, ..Payment::default() };
        if self.world.sandbox.pay(id, payment).is_err() {
            return;
        }
        let told = serde_json::to_value(self.world.sandbox.invoice(id).unwrap()).unwrap();
        for note in 0..times {
            let mut body = told.clone();
            body["note"] = json!(note);
            let token = self.world.sandbox.callback_token();
            let body = serde_json::to_vec(&body).unwrap();
            self.world.callback(Some(&token), body).await.expect(200);
        }
    }

    async fn make_plan(&self, parts: usize) {
        let wish = json!({
            "order_id": self.order.id, "plan": "equal", "parts": parts,
            "first_due_date": "2027-01-04T00:00:00Z", "interval_days": 7,
        });
        match self.plan().await {
            Some(old) => {
                let id = old["id"].as_str().unwrap();
                self.post(&format!("/api/v1/payment/plans/{id}/replan/"), wish).await;
            }
            None => {
                self.post("/api/v1/payment/create-plan/", wish).await;
            }
        }
    }

    async fn take(&mut self, step: Step) {
        match step {
            Step::Pay { place, share } => {
                let Some(invoice) = self.invoice(place).await else { return };
                let due = invoice["amount_due"].as_str().unwrap().trim_end_matches(".00");
                let amount = share.of(due.parse().unwrap());
                let body = json!({
                    "invoice_id": invoice["id"], "payment_method": "CASH", "amount": amount,
                });
                let answer = self.post("/api/v1/payment/manual/", body).await;
                if answer.status == 201 {
                    self.recorded.fetch_add(i64::try_from(amount).unwrap(), Ordering::SeqCst);
                }
            }
            Step::Callback { place, share, times } => {
                let Some(invoice) = self.invoice(place).await else { return };
                self.callback(&invoice, share, times).await;
            }
            Step::Expire { place } => {
                let Some(invoice) = self.invoice(place).await else { return };
                if let Some(id) = invoice["xendit_invoice_id"].as_str()
                    && self.world.sandbox.expire(id).is_ok()
                {
                    let told = self.world.sandbox.invoice(id).unwrap();
                    let token = self.world.sandbox.callback_token();
                    let body = serde_json::to_vec(&told).unwrap();
                    self.world.callback(Some(&token), body).await.expect(200);
                }
            }
            Step::Plan { parts } => self.make_plan(parts).await,
            Step::Waive { place } => {
                let Some(plan) = self.plan().await else { return };
                let parts = plan["installments"].as_array().unwrap().len();
                let body = json!({ "sequence": place % parts + 1, "reason": "goodwill" });
                let id = plan["id"].as_str().unwrap();
                self.post(&format!("/api/v1/payment/plans/{id}/waive/"), body).await;
            }
            Step::CancelPlan => {
                let Some(plan) = self.plan().await else { return };
                let id = plan["id"].as_str().unwrap();
                self.post(&format!("/api/v1/payment/plans/{id}/cancel/"), json!({})).await;
            }
            Step::Reprice { percent } => {
                let percent = i64::try_from(percent).unwrap();
                self.told(|order| order.rupiah = (order.rupiah * percent / 100).max(1)).await;
            }
            Step::Ship => self.told(|order| order.production = ProductionStatus::Shipped).await,
            Step::UseCredit { place } => {
                let Some(invoice) = self.invoice(place).await else { return };
                let body = json!({ "invoice_id": invoice["id"] });
                self.post("/api/v1/admin/payment/credit/use/", body).await;
            }
            Step::Match { place } => self.match_one(place).await,
            Step::Refund { place, percent, end } => self.refund(place, percent, end).await,
            Step::CancelOrder => self.told(|order| order.status = OrderStatus::Cancelled).await,
        }
    }

    async fn match_one(&self, place: usize) {
        let path = "/api/v1/admin/payment/unmatched/?status=waiting&page_size=100";
        let list = self.world.staff(Method::GET, path, None).await.expect(200);
        let ours = json!(self.order.id);
        let waiting = list["results"].as_array().unwrap();
        let Some(money) = waiting.iter().find(|one| one["order_id"] == ours) else { return };
        let Some(invoice) = self.invoice(place).await else { return };
        let id = money["id"].as_str().unwrap();
        let body = json!({ "invoice_id": invoice["id"] });
        self.post(&format!("/api/v1/admin/payment/unmatched/{id}/match/"), body).await;
    }

    async fn refund(&self, place: usize, percent: u64, end: RefundEnd) {
        let path = format!("/api/v1/payment/?order={}&page_size=100", self.order.id);
        let list = self.world.staff(Method::GET, &path, None).await.expect(200);
        let payments = list["results"].as_array().unwrap();
        if payments.is_empty() {
            return;
        }
        let payment = &payments[place % payments.len()];
        let amount = payment["amount"].as_str().unwrap().trim_end_matches(".00");
        let amount = (amount.parse::<u64>().unwrap() * percent / 100).max(1);
        let body = json!({
            "payment_id": payment["id"], "refund_amount": amount, "reason": "Salah ukuran",
        });
        let refund = self.post("/api/v1/payment/refund/", body).await;
        if refund.status != 201 || end == RefundEnd::Open {
            return;
        }
        let step = |what| {
            let id = refund.body["id"].as_str().unwrap();
            format!("/api/v1/admin/payment/refunds/{id}/{what}/")
        };
        if refund.body["status"] == "requested" {
            let owner = (8, Role::Owner);
            self.world.as_staff(owner, &step("approve"), json!({})).await;
        }
        // A provider's refund ends by itself: these are refused then.
        match end {
            RefundEnd::Paid => self.post(&step("complete"), json!({ "reference": "TRX-1" })).await,
            RefundEnd::Failed | RefundEnd::Open => {
                self.post(&step("fail"), json!({ "reason": "rekening tutup" })).await
            }
        };
    }
}

async fn live(world: &World, recorded: &AtomicI64, seed: u64) {
    let (price, steps) = life(seed, LONGEST);
    let order = Order::paid_at_once().of(i64::try_from(price).unwrap());
    order.ask_first_invoice(world).await.expect(200);
    let mut life = Life { world, order, recorded };
    for step in steps {
        life.take(step).await;
    }
}

/// Callbacks, refunds and links that wait to be worked on.
const WAITING: &str = "
    SELECT concat_ws(' ', 'callback', id, 'due', due_at, 'tried', attempts, reason)
    FROM webhook_inbox WHERE status = 'received'
    UNION ALL
    SELECT concat_ws(' ', 'refund', id, state, 'due', due_at, 'tried', attempts)
    FROM refunds WHERE due_at IS NOT NULL
    UNION ALL
    SELECT concat_ws(' ', 'link', id, 'due', due_at, 'tried', attempts, last_error)
    FROM invoice_links WHERE state = 'asked'";

/// Waits until no callback, link or refund waits. One that met a busy database, or whose worker
/// died, is due again later, so time passes; but only while nothing moves, for a busy machine
/// would lose its claims, which hold for a minute, faster than it can work on them.
async fn worked_off(world: &World) {
    let mut db = world.db().await;
    let mut left = Vec::new();
    let mut still_since = Instant::now();
    let done = eventually(3 * PATIENCE, async || {
        let now = db.texts(WAITING).await;
        if now != left {
            left = now;
            still_since = Instant::now();
        } else if still_since.elapsed() > STILL {
            world.advance(Duration::from_secs(30)).await;
            still_since = Instant::now();
        }
        left.is_empty().then_some(())
    });
    let in_time = tokio::time::timeout(2 * PATIENCE, done).await.is_ok();
    assert!(in_time, "these wait for ever: {left:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_lives_on_the_real_database_leave_sound_books() {
    // Refunds are rare, so that the first one has to do each time.
    let passed = |point: &str, round| if point.starts_with("refund") { 1 } else { 1 + round };
    let deaths =
        (0..TIMES).flat_map(|round| POINTS.map(|point| Death(point, passed(point, round))));
    let deaths: Vec<Death> = deaths.collect();
    let planned = deaths.len();
    let world = World::start_apart(deaths).await;
    world.sandbox.set_switches(|switches| switches.callbacks.enabled = false);
    let (seeds, replayed) = steps::seeds(LIVES);
    let recorded = AtomicI64::new(0);
    for some in seeds.chunks(20) {
        let lives = some.iter().map(|&seed| live(&world, &recorded, seed));
        stream::iter(lives).buffer_unordered(AT_ONCE).collect::<Vec<()>>().await;
        worked_off(&world).await;
        let found = world.staff(Method::GET, "/api/v1/admin/integrity/", None).await.expect(200);
        assert_eq!(found["status"], "sound", "KONVEKSI_LIVES_SEED of {some:?}: {found:#}");
    }
    let mut db = world.db().await;
    let clerks = "SELECT coalesce(sum(amount), 0)::bigint FROM payments WHERE method = 'CASH'";
    assert_eq!(db.number(clerks).await, recorded.load(Ordering::SeqCst), "once each");
    assert_eq!(db.number(MISCOUNTED).await, 0, "lists are counted as they are");
    if !replayed {
        assert_eq!(world.deaths(), planned, "each death was died");
    }
}
