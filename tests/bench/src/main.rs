//! Measures a running system and writes `docs/benchmarks.md`. `make bench` builds and calls it.
//!
//! It starts everything it measures, with servers of its own, and ends it again, also on Ctrl-C.
//! Every load is bounded in time, every wait in patience; nothing is asserted.

mod api;
mod database;
mod figures;
mod load;
mod machine;
mod measure;
mod processes;
mod remarks;
mod report;
mod say;
mod system;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use clap::{Parser, ValueEnum};
use tokio::signal::unix::{SignalKind, signal};

use crate::api::Api;
use crate::database::Database;
use crate::measure::{
    Bench, Section, backlog, create, detour, lag, money_lists, orders, payments, resting, start,
    sustained,
};
use crate::system::System;

/// What to measure, and where to put it.
#[derive(Debug, Parser)]
struct Arguments {
    /// The `konveksi` program to measure; a release build, or the figures mean nothing.
    #[arg(long)]
    konveksi: PathBuf,
    /// A folder for everything it starts; made where it is missing.
    #[arg(long)]
    data: PathBuf,
    /// Where the report goes; printed when absent.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Only these, separated by commas.
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Figure>,
    /// Only the list of orders, at ten thousand to a million of them; its report is another page.
    #[arg(long, conflicts_with = "only")]
    orders: bool,
    /// Another build of the order service, to be measured in place of the system's own.
    #[arg(long, requires = "orders")]
    order_program: Option<PathBuf>,
    /// Servers that survive a power cut, as `make run` starts them; else faster ones, as tests do.
    #[arg(long)]
    durable: bool,
}

/// What can be measured, in the order it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Figure {
    /// Start to healthy.
    Start,
    /// Memory at rest.
    Resting,
    /// What the gateway adds to a call.
    Detour,
    /// The full path, sustained.
    Sustained,
    /// Commit to effect.
    Lag,
    /// A backlog of events.
    Backlog,
    /// Creating orders through the gateway.
    Composed,
    /// Creating orders against pgbench.
    Create,
    /// The money: ledger, check of the books, callbacks.
    Payments,
}

impl Figure {
    /// What the report calls it when it could not be measured.
    const fn name(self) -> &'static str {
        match self {
            Figure::Start => "Start to healthy",
            Figure::Resting => "Memory at rest",
            Figure::Detour => "What the gateway adds",
            Figure::Sustained => "The full path, sustained",
            Figure::Lag => "Commit to effect",
            Figure::Backlog => "A backlog of events",
            Figure::Composed => "Creating an order through the gateway",
            Figure::Create => "Creating an order against pgbench",
            Figure::Payments => "Payments",
        }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say::failure(&error);
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &Arguments) -> Result<()> {
    std::fs::create_dir_all(&arguments.data)?;
    let data = arguments.data.canonicalize()?;
    let program = arguments.konveksi.canonicalize().context("there is no such program")?;
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    let mut bench = None;
    let mut system = Some(System::new(&program, &data, arguments.durable));
    let outcome = tokio::select! {
        outcome = measure(arguments, &mut system, &mut bench) => outcome,
        _ = interrupted.recv() => Err(anyhow::anyhow!("interrupted")),
        _ = terminated.recv() => Err(anyhow::anyhow!("terminated")),
    };
    say::step("stopping everything");
    let ended = match (system, bench) {
        (Some(mut system), _) | (None, Some(Bench { mut system, .. })) => system.end().await,
        (None, None) => Ok(()),
    };
    let report = outcome?;
    ended?;
    match &arguments.out {
        Some(path) => {
            std::fs::write(path, report)?;
            say::step(format!("written to {}", path.display()));
        }
        None => say::report(&report),
    }
    Ok(())
}

/// Starts and measures. What runs stands in `system` or, once it can be called, in `bench`, so
/// that the caller can end it whatever happens here.
async fn measure(
    arguments: &Arguments,
    system: &mut Option<System>,
    bench: &mut Option<Bench>,
) -> Result<String> {
    let wanted = |figure| arguments.only.is_empty() || arguments.only.contains(&figure);
    let mut sections = Vec::new();
    let Some(starting) = system.as_mut() else { bail!("there is nothing to start") };
    say::step("starting the servers");
    starting.start_servers().await?;
    if wanted(Figure::Start) && !arguments.orders {
        sections.push(start::measure(starting).await?);
    } else {
        starting.start().await?;
    }
    if let Some(program) = &arguments.order_program {
        starting.replace_order(&program.canonicalize()?)?;
    }
    let api = Api::of(starting)?;
    let database = Database::connect(&starting.database_url()?).await?;
    let Some(system) = system.take() else { bail!("there is nothing to measure") };
    let bench = bench.insert(Bench { system, api, database });
    if arguments.orders {
        return orders::measure(bench, servers(arguments.durable)).await;
    }

    let figures =
        [Figure::Resting, Figure::Detour, Figure::Sustained, Figure::Lag, Figure::Backlog];
    for figure in figures.into_iter().chain([Figure::Composed, Figure::Create]) {
        if wanted(figure) {
            let measured = one(bench, figure).await;
            note(&mut sections, figure.name(), measured.map(|section| vec![section]));
        }
    }
    if wanted(Figure::Payments) {
        let accepted = payments::accepted(bench).await;
        note(&mut sections, "Callbacks taken in", accepted.map(|section| vec![section]));
        let booked = payments::booked(bench).await;
        note(&mut sections, "Callbacks booked", booked.map(|section| vec![section]));
        let ledger = payments::ledger(bench).await;
        note(&mut sections, "The ledger", ledger);
        let lists = money_lists::lists(bench).await;
        note(&mut sections, "Lists of invoices and payments", lists.map(|section| vec![section]));
    }
    if let Some(section) = sections.iter_mut().find(|section| section.title == resting::TITLE) {
        section.details.push(resting::after_load(bench)?);
    }
    let machine = machine::describe(&mut bench.database).await?;
    Ok(report::write(&machine, servers(arguments.durable), &sections))
}

/// Keeps what was measured; one that failed says so in the report, and costs the others nothing.
fn note(sections: &mut Vec<Section>, title: &'static str, measured: Result<Vec<Section>>) {
    let measured = measured.unwrap_or_else(|error| vec![Section::failed(title, &error)]);
    for section in &measured {
        say::step(format!("{}: {}", section.title, section.measured));
    }
    sections.extend(measured);
}

async fn one(bench: &mut Bench, figure: Figure) -> Result<Section> {
    match figure {
        Figure::Start | Figure::Payments => bail!("measured apart from the others"),
        Figure::Resting => resting::measure(bench).await,
        Figure::Detour => detour::measure(bench).await,
        Figure::Sustained => sustained::measure(bench).await,
        Figure::Lag => lag::measure(bench).await,
        Figure::Backlog => backlog::measure(bench).await,
        Figure::Composed => create::composed(bench).await,
        Figure::Create => create::direct(bench).await,
    }
}

const fn servers(durable: bool) -> &'static str {
    if durable {
        "The servers ran as `make run` starts them: every commit reaches the disk."
    } else {
        "The servers ran as tests start them (`--throwaway`): PostgreSQL without fsync, for us and \
         for pgbench alike; RabbitMQ as always. `deploy/dev/bench --durable` measures with fsync."
    }
}
