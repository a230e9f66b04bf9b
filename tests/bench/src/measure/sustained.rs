//! The full path: an order is placed through the gateway, paid at the sandbox, and counted by
//! analytics, with every consumer at work.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::Result;
use konveksi_kernel::{Clock as _, SystemClock};

use super::{Bench, Section};
use crate::figures::{Samples, hundredths, rate, seconds, tenths};
use crate::load::open;
use crate::processes::Usage;
use crate::{remarks, say};

const STEPS: [u32; 9] = [10, 25, 50, 75, 100, 125, 150, 200, 250];
const STEP: Duration = Duration::from_secs(20);
const TARGET: u32 = 50;
/// Everything of a step is counted this soon after its last payment, or the step fell behind.
const BEHIND: Duration = Duration::from_secs(2);
/// How long a step that fell behind is waited for.
const PATIENCE: Duration = Duration::from_mins(2);

const COUNTED: &str = "SELECT count(*) AS number FROM analytics.payments";
const EFFECT: &str = "
    WITH told AS (
        SELECT id, occurred_at FROM payments.outbox
        WHERE event_type = 'payment.received.v1' AND occurred_at >= $1
        UNION ALL
        SELECT id, occurred_at FROM payments.event_log
        WHERE event_type = 'payment.received.v1' AND occurred_at >= $1)
    SELECT (extract(epoch FROM heard.received_at - told.occurred_at) * 1000000)::bigint AS number
    FROM told JOIN analytics.inbox AS heard ON heard.message_id = told.id";

struct Step {
    per_second: u32,
    placed: Samples,
    paid: Samples,
    counted: u64,
    counted_rate: u64,
    behind: Duration,
    effect: Samples,
    errors: BTreeMap<String, u64>,
    skipped: u64,
    usage: String,
}

impl Step {
    fn is_sustained(&self) -> bool {
        let wanted = u64::from(self.per_second) * STEP.as_secs();
        self.errors.is_empty()
            && self.skipped == 0
            && self.behind <= BEHIND
            && hundredths(self.counted, wanted) >= 98
    }

    fn row(&self) -> String {
        format!(
            "| {} | {} | {} | {} | {} | {} s | {} | {} |",
            self.per_second,
            tenths(self.counted_rate),
            self.placed.shown(),
            self.paid.shown(),
            self.effect.shown(),
            seconds(self.behind),
            self.errors.values().sum::<u64>() + self.skipped,
            if self.is_sustained() { "yes" } else { "no" }
        )
    }
}

/// Raises the rate until the system falls behind.
///
/// # Errors
/// When the database cannot say what was counted.
pub(crate) async fn measure(bench: &mut Bench) -> Result<Section> {
    let mut steps = Vec::new();
    for per_second in STEPS {
        say::step(format!("full path: {per_second} orders a second"));
        let step = run(bench, per_second).await?;
        let goes_on = step.is_sustained();
        say::step(format!("full path: {}", step.row()));
        steps.push(step);
        bench.settle().await?;
        if !goes_on {
            break;
        }
    }
    let best = steps.iter().rev().find(|step| step.is_sustained());
    let sustained = best.map_or(0, |step| step.per_second);
    let rows: Vec<String> = steps.iter().map(Step::row).collect();
    let mut details = vec![format!(
        "| orders/s asked | counted/s | placing | paying | payment told to counted | last one \
         counted after | failed | sustained |\n|---|---|---|---|---|---|---|---|\n{}",
        rows.join("\n")
    )];
    for step in best.into_iter().chain(steps.iter().filter(|step| !step.is_sustained())) {
        details.push(format!("At {} orders a second:\n\n{}", step.per_second, step.usage));
        details.extend(
            step.errors.iter().take(5).map(|(error, count)| format!("- {count} × `{error}`")),
        );
    }
    Ok(Section {
        title: "Sustained full path, all consumers",
        target: "50 orders/s",
        measured: format!("{sustained} orders/s"),
        met: Some(sustained >= TARGET),
        how: format!(
            "Orders of new customers are placed through the gateway at a steady rate (open loop) \
             for {} s; each is paid at the sandbox's page as soon as its link is there; the \
             provider calls back, payment asks the provider, books, tells; order, notification \
             (which sends the messages), automation, the gateway's sockets and analytics hear \
             it. A step is sustained when no call failed, 98 % of the rate was reached and \
             analytics had counted every payment {} s after the last one. Steps: {STEPS:?}, \
             until one is not.",
            STEP.as_secs(),
            BEHIND.as_secs()
        ),
        details,
        remarks: remarks::SUSTAINED,
    })
}

async fn run(bench: &mut Bench, per_second: u32) -> Result<Step> {
    let since = SystemClock.now();
    let before = bench.database.number(COUNTED).await?;
    let used = Usage::now(&bench.system.parts()?)?;
    let began = Instant::now();
    let api = bench.api.clone();
    let outcome = open(per_second, STEP, move |_| {
        let api = api.clone();
        async move {
            let began = Instant::now();
            let placed = api.create_composed().await?;
            let placing = began.elapsed();
            let began = Instant::now();
            api.pay(&placed).await?;
            Ok((placing, began.elapsed()))
        }
    })
    .await;
    let (mut placed, mut paid) = (Samples::default(), Samples::default());
    for (placing, paying) in &outcome.answers {
        placed.add(*placing);
        paid.add(*paying);
    }
    let wanted = paid.count();
    let ended = Instant::now();
    let counted = wait_until_counted(bench, before + wanted).await? - before;
    let behind = ended.elapsed();
    let took = began.elapsed();
    let used = Usage::now(&bench.system.parts()?)?.since(&used);
    let effect = Samples::of_micros(bench.database.numbers_since(EFFECT, since).await?);
    Ok(Step {
        per_second,
        placed,
        paid,
        counted,
        counted_rate: rate(counted, took),
        behind,
        effect,
        errors: outcome.errors,
        skipped: outcome.skipped,
        usage: used.table(counted, "order"),
    })
}

async fn wait_until_counted(bench: &mut Bench, wanted: u64) -> Result<u64> {
    let began = Instant::now();
    let mut ticks = tokio::time::interval(Duration::from_millis(100));
    loop {
        ticks.tick().await;
        let counted = bench.database.number(COUNTED).await?;
        if counted >= wanted || began.elapsed() > PATIENCE {
            return Ok(counted);
        }
    }
}
