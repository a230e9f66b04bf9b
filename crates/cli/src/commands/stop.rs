//! `konveksi stop`: ends what runs from a data folder, by asking its `up` or in its place.

use std::path::Path;
use std::time::Duration;

use anyhow::{Result, bail};

use crate::data::DataFolder;
use crate::process::{self, Signal};
use crate::servers::{self, Kit};
use crate::{screen, state};

/// Longer than services and servers take together.
const PATIENCE: Duration = Duration::from_mins(1);

/// Ends it; nothing to end is no error.
pub(crate) async fn run(data: &Path) -> Result<()> {
    let Some(data) = DataFolder::existing(data) else {
        screen::note("nothing was started here");
        return Ok(());
    };
    let up = state::read(&data).ok().and_then(|state| state.up);
    if let Some(up) = up.filter(|up| up.is_alive()) {
        up.signal(Signal::Terminate).await?;
        if !up.gone_within(PATIENCE).await {
            bail!("process {} does not end; see {}", up.pid, data.log("").display());
        }
    }
    let Some(_lock) = data.lock_within(Duration::from_secs(10)).await? else {
        bail!("another konveksi works in {}", data.root().display());
    };
    clear(&data).await?;
    screen::note("ended; the data are kept");
    Ok(())
}

/// Ends whatever is left, with the folder's lock held.
pub(crate) async fn clear(data: &DataFolder) -> Result<()> {
    let left = state::read(data).unwrap_or_default();
    for service in left.children.values() {
        service.process.stop(Signal::Terminate, Duration::from_secs(12)).await?;
    }
    let kit = Kit::open(data.clone(), left.throwaway)?;
    servers::stop(&kit).await?;
    process::sweep(data.root()).await?;
    kit.state.change(|state| {
        state.children.clear();
        state.urls.clear();
        state.up = None;
    })
}
