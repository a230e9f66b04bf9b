//! `konveksi events`: what waits, what is dead, telling again. See `docs/` of `eventing`.

use std::path::Path;

use anyhow::{Result, bail};
use chrono::{DateTime, Utc};
use clap::{Args, Subcommand};
use konveksi_eventing::ops::{self, Figures, ReplayFilter, Side, Which};
use konveksi_eventing::topology::{HEARERS, queue_name};
use konveksi_kernel::{Clock as _, EventId, SystemClock};
use uuid::Uuid;

use crate::up::known::Known;
use crate::{screen, services};

/// Dead letters shown at once.
const LIST_MAX: i64 = 200;

#[derive(Debug, Subcommand)]
pub(crate) enum EventsCommand {
    /// How much waits in each service.
    Status,
    /// Events that nobody tries any more.
    #[command(subcommand)]
    Dead(DeadCommand),
    /// Sends told events to one service's queue again; its inbox stops what it knows.
    Replay(ReplayOptions),
}

#[derive(Debug, Subcommand)]
pub(crate) enum DeadCommand {
    /// Shows them.
    List {
        /// One service; all without it.
        service: Option<String>,
    },
    /// Has them tried again.
    Requeue {
        /// The service they are dead in.
        service: String,
        /// One event; all of the service without it.
        #[arg(long)]
        id: Option<EventId>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct ReplayOptions {
    /// The service that told them.
    #[arg(long)]
    from: String,
    /// The service that is to hear them.
    #[arg(long)]
    to: String,
    /// Only this type, such as order.created.v1; may be given several times.
    #[arg(long = "type")]
    types: Vec<String>,
    /// Only what occurred at or after this instant (RFC 3339).
    #[arg(long)]
    since: Option<DateTime<Utc>>,
    /// Only what occurred before this instant (RFC 3339).
    #[arg(long)]
    until: Option<DateTime<Utc>>,
    /// Only what is about this order, invoice or other thing.
    #[arg(long)]
    about: Option<Uuid>,
}

/// Does what was asked.
pub(crate) async fn run(data: &Path, command: EventsCommand) -> Result<()> {
    let known = Known::of_path(data)?;
    match command {
        EventsCommand::Status => status(&known).await,
        EventsCommand::Dead(DeadCommand::List { service }) => {
            dead_list(&known, service.as_deref()).await
        }
        EventsCommand::Dead(DeadCommand::Requeue { service, id }) => {
            dead_requeue(&known, &service, id).await
        }
        EventsCommand::Replay(options) => replay(&known, options).await,
    }
}

async fn status(known: &Known) -> Result<()> {
    for (service, role) in stored() {
        let mut conn = known.connect(role).await?;
        let figures = ops::status(&mut conn).await?;
        let dead = broker_dead(known, service).await?;
        let Figures { outbox_pending, outbox_parked, retry_pending, dead: parked, .. } = figures;
        screen::line(format!(
            "{service:<14} to tell {outbox_pending} (oldest {} ms), untellable {outbox_parked}, \
             to try again {retry_pending}, dead {}",
            figures.outbox_oldest_ms,
            parked + i64::from(dead),
        ));
    }
    Ok(())
}

async fn dead_list(known: &Known, only: Option<&str>) -> Result<()> {
    let mut shown = 0;
    for (service, role) in stored_like(only)? {
        let mut conn = known.connect(role).await?;
        for letter in ops::dead_list(&mut conn, LIST_MAX).await? {
            let side = match letter.side {
                Side::Inbox => "heard",
                Side::Outbox => "told",
            };
            let (id, event, error) = (letter.id, letter.event_type, letter.last_error);
            let (at, attempts) = (letter.parked_at.to_rfc3339(), letter.attempts);
            screen::line(format!("{service} {side} {id} {event} {at} after {attempts}: {error}"));
            shown += 1;
        }
        let dead = broker_dead(known, service).await?;
        if dead > 0 {
            screen::line(format!("{service}: {dead} more on the broker, which it could not read"));
            shown += 1;
        }
    }
    if shown == 0 {
        screen::note("nothing is dead");
    }
    Ok(())
}

async fn dead_requeue(known: &Known, service: &str, id: Option<EventId>) -> Result<()> {
    let mut count = 0;
    for (service, role) in stored_like(Some(service))? {
        let mut conn = known.connect(role).await?;
        let which = id.map_or(Which::All, Which::One);
        count += ops::dead_requeue(&mut conn, which, SystemClock.now()).await?;
        if id.is_none() && has_queue(service) {
            let moved = ops::broker_dead_requeue(known.backends.amqp.as_str(), service).await?;
            count += usize::try_from(moved)?;
        }
    }
    screen::note(format!("{count} will be tried again"));
    Ok(())
}

async fn replay(known: &Known, options: ReplayOptions) -> Result<()> {
    if !has_queue(&options.to) {
        let queues = HEARERS.iter().map(|hearer| hearer.service).filter(|name| has_queue(name));
        let queues: Vec<&str> = queues.collect();
        bail!("{} has no queue; {} have", options.to, queues.join(", "));
    }
    let mut sent = 0;
    for (_, role) in stored_like(Some(&options.from))? {
        let mut conn = known.connect(role).await?;
        let filter = ReplayFilter {
            types: options.types.clone(),
            from: options.since,
            until: options.until,
            subject: options.about,
        };
        let queue = queue_name(&options.to);
        sent += ops::replay(&mut conn, known.backends.amqp.as_str(), &filter, &queue).await?;
    }
    screen::note(format!("{sent} told again to {}", options.to));
    Ok(())
}

async fn broker_dead(known: &Known, service: &str) -> Result<u32> {
    if !has_queue(service) {
        return Ok(0);
    }
    Ok(ops::broker_dead_count(known.backends.amqp.as_str(), service).await?)
}

/// The gateway's replicas have queues that come and go; every other hearer has a lasting one.
fn has_queue(service: &str) -> bool {
    service != konveksi_eventing::topology::GATEWAY
        && HEARERS.iter().any(|hearer| hearer.service == service)
}

/// Every service with a schema, and its role.
fn stored() -> Vec<(&'static str, &'static str)> {
    let all = services::all().into_iter();
    all.filter_map(|service| Some((service.name, service.storage?().role))).collect()
}

fn stored_like(only: Option<&str>) -> Result<Vec<(&'static str, &'static str)>> {
    let mut found = stored();
    found.retain(|(name, _)| only.is_none_or(|only| only == *name));
    if found.is_empty() {
        let names: Vec<&str> = stored().into_iter().map(|(name, _)| name).collect();
        bail!("{} keeps no events; {} do", only.unwrap_or_default(), names.join(", "));
    }
    Ok(found)
}
