//! From `konveksi up` to the gateway's "healthy", the servers running already.

use std::time::Duration;

use anyhow::Result;

use super::Section;
use crate::figures::seconds;
use crate::remarks;
use crate::say;
use crate::system::System;

/// Starts after the first.
const AGAIN: usize = 3;
const TARGET: Duration = Duration::from_secs(3);

/// Starts the system several times; it runs afterwards.
///
/// # Errors
/// When it does not start or stop.
pub(crate) async fn measure(system: &mut System) -> Result<Section> {
    say::step("start: first, with an empty database");
    let first = system.start().await?;
    let mut again = Vec::new();
    for _ in 0..AGAIN {
        system.stop().await?;
        again.push(system.start().await?);
        say::step(format!("start: {} s", again.last().map_or_else(String::new, |t| seconds(*t))));
    }
    again.sort();
    let median = again.get(again.len() / 2).copied().unwrap_or_default();
    let each: Vec<String> = again.iter().map(|took| seconds(*took)).collect();
    Ok(Section {
        title: "Start to healthy",
        target: "3 s",
        measured: format!("{} s", seconds(median)),
        met: Some(median <= TARGET),
        how: format!(
            "PostgreSQL, RabbitMQ, Redis and clamd run (`konveksi servers start`). Measured from \
             spawning `konveksi up` to the screen it shows once the gateway calls every part \
             healthy; database roles, broker users, topology and migrations are checked within \
             that time. Median of {AGAIN} starts after the first ({} s); the very first start, \
             which makes the database and runs every migration, took {} s.",
            each.join(", "),
            seconds(first)
        ),
        details: Vec::new(),
        remarks: remarks::START,
    })
}
