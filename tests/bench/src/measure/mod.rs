//! The measurements, one file each. Every one ends in a [`Section`] of the report.

pub(crate) mod backlog;
pub(crate) mod create;
pub(crate) mod detour;
pub(crate) mod lag;
pub(crate) mod money_lists;
pub(crate) mod orders;
pub(crate) mod payments;
mod pgbench;
pub(crate) mod resting;
pub(crate) mod start;
pub(crate) mod sustained;

use std::time::Duration;

use anyhow::Result;

use crate::api::Api;
use crate::database::Database;
use crate::load::rest;
use crate::say;
use crate::system::System;

/// How long the system may take to work off what a measurement left.
const SETTLE: Duration = Duration::from_mins(3);

/// What every measurement needs.
pub(crate) struct Bench {
    /// The running system.
    pub(crate) system: System,
    /// Its clients.
    pub(crate) api: Api,
    /// Its database, as superuser.
    pub(crate) database: Database,
}

/// One figure, and how it came about.
#[derive(Debug, Clone)]
pub(crate) struct Section {
    /// What was measured.
    pub(crate) title: &'static str,
    /// What is wanted.
    pub(crate) target: &'static str,
    /// What it is.
    pub(crate) measured: String,
    /// Whether that is enough; absent where nothing is wanted.
    pub(crate) met: Option<bool>,
    /// How it was measured, in a paragraph.
    pub(crate) how: String,
    /// Everything else worth knowing: tables.
    pub(crate) details: Vec<String>,
    /// What a person found out about it; shown whether the target was met or not.
    pub(crate) remarks: &'static str,
}

impl Section {
    /// A figure that could not be measured, and why.
    pub(crate) fn failed(title: &'static str, error: &anyhow::Error) -> Section {
        Section {
            title,
            target: "",
            measured: "could not be measured".to_owned(),
            met: Some(false),
            how: format!("{error:#}"),
            details: Vec::new(),
            remarks: "",
        }
    }
}

impl Bench {
    /// Waits until the order service answers a list.
    ///
    /// # Errors
    /// When it does not within the time a system may take to settle.
    pub(crate) async fn settle_on_order(&mut self) -> Result<()> {
        let began = std::time::Instant::now();
        loop {
            match self.api.read_list("/api/v1/admin/orders/", "page=1").await {
                Ok(_answer) => return Ok(()),
                Err(error) if began.elapsed() > SETTLE => return Err(error),
                Err(_not_yet) => rest(Duration::from_millis(200)).await,
            }
        }
    }

    /// Waits until no event waits and none was heard for two seconds.
    ///
    /// # Errors
    /// When the database cannot say. A system that does not come to rest is only told of.
    pub(crate) async fn settle(&mut self) -> Result<()> {
        let began = std::time::Instant::now();
        let mut last = (u64::MAX, 0);
        while began.elapsed() < SETTLE {
            rest(Duration::from_secs(2)).await;
            let now = self.database.waiting_and_heard().await?;
            if now.0 == 0 && now == last {
                return Ok(());
            }
            last = now;
        }
        say::step("the system did not come to rest; going on");
        Ok(())
    }
}
