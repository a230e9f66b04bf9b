//! What a call costs more through the gateway than at the service itself.

use std::time::Duration;

use anyhow::Result;

use super::{Bench, Section};
use crate::figures::{Samples, difference, ms};
use crate::load::open;
use crate::processes::Usage;
use crate::{remarks, say};

const PER_SECOND: u32 = 200;
const ROUND: Duration = Duration::from_secs(10);
const ROUNDS: usize = 3;
const PRODUCTS: u64 = 12;
const TARGET_P50_US: u64 = 1_000;
const TARGET_P99_US: u64 = 5_000;

/// Reads the public product list both ways, in turns.
///
/// # Errors
/// When a call fails.
pub(crate) async fn measure(bench: &mut Bench) -> Result<Section> {
    for number in 0..PRODUCTS {
        bench.api.add_product(number).await?;
    }
    // Connections are made and caches filled before it counts.
    read(bench, false, Duration::from_secs(2)).await?;
    read(bench, true, Duration::from_secs(2)).await?;
    let (mut direct, mut detour) = (Samples::default(), Samples::default());
    let mut used = None;
    for round in 1..=ROUNDS {
        say::step(format!("gateway's share: round {round} of {ROUNDS}"));
        direct.append(read(bench, false, ROUND).await?);
        let before = Usage::now(&bench.system.parts()?)?;
        let through = read(bench, true, ROUND).await?;
        let after = Usage::now(&bench.system.parts()?)?;
        used = Some((after.since(&before), through.count()));
        detour.append(through);
    }
    let p50 = detour.p50().saturating_sub(direct.p50());
    let p99 = detour.p99().saturating_sub(direct.p99());
    let line = |name: &str, samples: &Samples| {
        format!(
            "| {name} | {} | {} | {} | {} |",
            samples.count(),
            ms(samples.p50()),
            ms(samples.p99()),
            ms(samples.at(1000))
        )
    };
    let mut details = vec![format!(
        "| | calls | p50 | p99 | longest |\n|---|---|---|---|---|\n{}\n{}",
        line("order service itself", &direct),
        line("through the gateway", &detour)
    )];
    if let Some((used, count)) = used {
        details.push(format!("Last round through the gateway:\n\n{}", used.table(count, "call")));
    }
    Ok(Section {
        title: "Latency the gateway adds",
        target: "p50 1 ms, p99 5 ms",
        measured: format!(
            "p50 {}, p99 {}",
            difference(direct.p50(), detour.p50()),
            difference(direct.p99(), detour.p99())
        ),
        met: Some(p50 <= TARGET_P50_US && p99 <= TARGET_P99_US),
        how: format!(
            "`GET /api/v1/produkpost` with {PRODUCTS} products, {PER_SECOND} calls a second \
             whatever the answers take (open loop), {} s at the order service with a signed \
             statement, then {} s through the gateway without a login (which counts the call \
             against a limit in Redis and signs the statement), {ROUNDS} times in turns. The \
             difference of the percentiles. The clients run on the same cores.",
            ROUND.as_secs(),
            ROUND.as_secs()
        ),
        details,
        remarks: remarks::DETOUR,
    })
}

async fn read(bench: &Bench, by_gateway: bool, lasting: Duration) -> Result<Samples> {
    let api = bench.api.clone();
    let outcome = open(PER_SECOND, lasting, move |_| {
        let api = api.clone();
        async move {
            if by_gateway { api.products_by_gateway().await } else { api.products_direct().await }
        }
    })
    .await;
    Ok(outcome.insist("reading products")?.samples)
}
