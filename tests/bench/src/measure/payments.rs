//! The money: balances and the check of the books over a million entries, callbacks taken in and
//! callbacks booked.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use konveksi_identity::{HEADER, Identity, IdentitySigner};
use konveksi_kernel::SystemClock;
use serde_json::json;

use super::{Bench, Section};
use crate::figures::{Samples, micros, ms, rate, seconds, tenths};
use crate::load::{Closed, closed, open};
use crate::{remarks, say};

const FILL: &str = include_str!("ledger.sql");
const BALANCE: &str = "
    SELECT (a.side * coalesce(sum(e.amount), 0))::bigint AS number
    FROM payments.account a LEFT JOIN payments.entry e ON e.account_id = a.id
    WHERE a.code = ";
const BALANCES: u64 = 2_000;
const BOOKED: &str = "SELECT count(*) AS number FROM payments.payments WHERE source = 'xendit'";
const WAITING: &str =
    "SELECT count(*) AS number FROM payments.webhook_inbox WHERE status = 'received'";
const PER_SECOND: u32 = 1_000;
const LASTING: Duration = Duration::from_secs(10);
const TO_BOOK: u64 = 1_000;
const PATIENCE: Duration = Duration::from_mins(3);
/// Everybody who has no part in money coming in.
const OTHERS: [&str; 5] = ["notification", "media", "analytics", "automation", "order"];

/// Calls to the payment service itself.
#[derive(Clone)]
pub(super) struct Payment {
    http: reqwest::Client,
    base: String,
    token: String,
    statement: String,
}

impl Payment {
    pub(super) fn of(bench: &Bench) -> Result<Payment> {
        let key = bench.system.secret("/identity-private-key")?;
        let signer = IdentitySigner::new(&key, Arc::new(SystemClock))?;
        Ok(Payment {
            http: reqwest::Client::builder().no_proxy().tcp_nodelay(true).build()?,
            base: bench.system.parts()?.base("payment")?,
            token: bench.system.secret("/xendit-callback-token")?,
            statement: signer.sign(&Identity::system(), "payment")?,
        })
    }

    async fn callback(&self, number: u64) -> Result<()> {
        let body = json!({
            "id": format!("bench{number}"), "external_id": format!("BENCH-{number}"),
            "status": "PAID", "amount": 1_000, "paid_amount": 1_000, "currency": "IDR",
        });
        let request = self.http.post(format!("{}/api/v1/webhook/xendit", self.base));
        let request = request.header(HEADER, &self.statement).json(&body);
        let answer = request.header("x-callback-token", &self.token).send().await?;
        ensure!(answer.status() == 200, "answered {}", answer.status());
        Ok(())
    }

    /// A path under `/api/v1/`, with its query.
    pub(super) async fn get(&self, path: &str) -> Result<reqwest::Response> {
        let request = self.http.get(format!("{}/api/v1/{path}", self.base));
        Ok(request.header(HEADER, &self.statement).send().await?)
    }

    async fn integrity(&self) -> Result<String> {
        let answer = self.get("admin/integrity").await?;
        ensure!(answer.status() == 200, "answered {}", answer.status());
        let body: serde_json::Value = answer.json().await?;
        Ok(body.pointer("/status").and_then(|status| status.as_str()).unwrap_or("?").to_owned())
    }
}

/// Balances of accounts, and the check of the books, over a million entries.
///
/// # Errors
/// When the database or the service fails.
pub(crate) async fn ledger(bench: &mut Bench) -> Result<Vec<Section>> {
    say::step("writing a million entries");
    bench.database.fill(FILL).await?;
    bench.database.change("VACUUM ANALYZE payments.entry").await?;
    let entries = bench.database.number("SELECT count(*) AS number FROM payments.entry").await?;

    say::step("balances");
    let mut samples = Samples::default();
    for number in 0..BALANCES {
        let order = number * 49 + 1;
        let code = format!("'deposits:00000000-0000-7000-8000-{order:012x}'");
        let began = Instant::now();
        let balance = bench.database.number(&format!("{BALANCE}{code} GROUP BY a.id")).await?;
        samples.add(began.elapsed());
        ensure!(balance == 5_000, "an order's deposits are {balance}");
    }
    let began = Instant::now();
    bench.database.number(&format!("{BALANCE}'bank' GROUP BY a.id")).await?;
    let bank = micros(began.elapsed());

    say::step("the check of the books");
    let payment = Payment::of(bench)?;
    let began = Instant::now();
    let status = payment.integrity().await?;
    let took = began.elapsed();
    ensure!(status == "sound", "the books are {status}");
    Ok(vec![
        Section {
            title: "Balance of an account, a million entries",
            target: "p95 10 ms",
            measured: format!("p95 {}, p99 {}", ms(samples.at(950)), ms(samples.p99())),
            met: Some(samples.at(950) <= 10_000),
            how: format!(
                "{entries} entries of 100,000 orders; the query payment asks, for {BALANCES} \
                 orders' deposits one after the other. The one account that takes part in every \
                 payment (`bank`, half of all entries) took {}: a sum over half a million rows; \
                 nothing the service does waits for that one.",
                ms(bank)
            ),
            details: Vec::new(),
            remarks: remarks::BALANCE,
        },
        Section {
            title: "Check of the books, a million entries",
            target: "10 s",
            measured: format!("{} s", seconds(took)),
            met: Some(took <= Duration::from_secs(10)),
            how: format!(
                "`GET /api/v1/admin/integrity` at the payment service, all checks over {entries} \
                 entries, half as many payments, 100,000 invoices; the books are sound."
            ),
            details: Vec::new(),
            remarks: remarks::INTEGRITY,
        },
    ])
}

/// Callbacks taken in: stored and answered.
///
/// # Errors
/// When a call fails.
pub(crate) async fn accepted(bench: &mut Bench) -> Result<Section> {
    say::step("callbacks taken in");
    bench.system.pause(&OTHERS)?;
    let payment = Payment::of(bench)?;
    let own = payment.clone();
    let outcome = open(PER_SECOND, LASTING, move |number| {
        let payment = own.clone();
        async move { payment.callback(number).await }
    })
    .await;
    bench.system.resume_all();
    let (failed, skipped) = (outcome.failed(), outcome.skipped);
    let took = seconds(outcome.lasted);
    Ok(Section {
        title: "Callbacks taken in",
        target: "1,000/s, p99 50 ms",
        measured: format!("{}/s, {}", tenths(outcome.rate()), outcome.samples.shown()),
        met: Some(
            failed == 0
                && skipped == 0
                && outcome.rate() >= 9_800
                && outcome.samples.p99() <= 50_000,
        ),
        how: format!(
            "Distinct callbacks at a steady {PER_SECOND}/s (open loop) for {} s, straight to the \
             payment service: token compared, body stored, answered; its worker goes through them \
             meanwhile (they name no invoice of ours). {failed} failed, {skipped} were not sent \
             because too many were under way; the last answer came after {took} s. Those that \
             only hear of money are frozen.",
            LASTING.as_secs(),
        ),
        details: Vec::new(),
        remarks: remarks::ACCEPTED,
    })
}

/// Callbacks booked, with everything running.
///
/// # Errors
/// When a call fails.
pub(crate) async fn booked(bench: &mut Bench) -> Result<Section> {
    say::step("placing orders to be paid");
    wait(bench, WAITING, |waiting| waiting == 0).await?;
    let api = bench.api.clone();
    let how = Closed { clients: 8, lasting: PATIENCE, most: TO_BOOK };
    let placed = closed(how, move |_| {
        let api = api.clone();
        async move { api.create_composed().await }
    });
    let placed = placed.await.insist("placing orders")?.answers;
    bench.settle().await?;
    say::step("callbacks booked");
    let before = bench.database.number(BOOKED).await?;
    let wanted = u64::try_from(placed.len()).unwrap_or(0);
    let began = Instant::now();
    let links = Arc::new(placed);
    let api = bench.api.clone();
    let how = Closed { clients: 8, lasting: PATIENCE, most: wanted };
    let paid = closed(how, move |number| {
        let (api, links) = (api.clone(), links.clone());
        async move {
            let at = usize::try_from(number).unwrap_or(usize::MAX);
            api.pay(links.get(at).context("no such order")?).await
        }
    });
    paid.await.insist("paying")?;
    let paying = began.elapsed();
    wait(bench, BOOKED, |booked| booked >= before + wanted).await?;
    let took = began.elapsed();
    let per_second = rate(wanted, took);
    Ok(Section {
        title: "Callbacks booked, all consumers",
        target: "150/s",
        measured: format!("{}/s", tenths(per_second)),
        met: Some(per_second >= 1_500),
        how: format!(
            "{wanted} orders with links are paid at the sandbox by 8 clients as fast as it goes \
             ({} s); it calls back, payment asks it about each, books it (payment, ledger, \
             invoice, sums, event), and everybody hears of it. The last one was booked after {} s.",
            seconds(paying),
            seconds(took)
        ),
        details: Vec::new(),
        remarks: remarks::BOOKED,
    })
}

async fn wait(bench: &mut Bench, question: &str, enough: impl Fn(u64) -> bool) -> Result<()> {
    let began = Instant::now();
    let mut ticks = tokio::time::interval(Duration::from_millis(50));
    loop {
        ticks.tick().await;
        let now = bench.database.number(question).await?;
        if enough(now) {
            return Ok(());
        }
        ensure!(began.elapsed() < PATIENCE, "{now} after {} s", began.elapsed().as_secs());
    }
}
