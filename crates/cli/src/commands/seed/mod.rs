//! `konveksi seed`: fills a running system with a story, so that no screen is empty.
//!
//! Everything goes through the services' own use cases and their events, as the system itself, for
//! only the system may fix ids, codes and past dates. Orders of a seed are quiet: whatever happens
//! to them, no event causes a message. What is there already is left as it is, and a story that was
//! cut short is taken up where it ended.

mod catalogue;
mod chapters;
mod inside;
mod story;
mod tale;

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use chrono::{DateTime, Utc};
use konveksi_kernel::{Clock as _, SystemClock};
use serde_json::{Value, json};

use self::chapters::Teller;
use self::inside::{Inside, text};
use self::story::STORY;
use self::tale::Tale;
use crate::data::DataFolder;
use crate::process::Process;
use crate::{screen, state};

/// Tells the story to the system that runs from this data folder.
///
/// # Errors
/// When nothing runs, or a service refuses a part of the story.
pub(crate) async fn run(data: &Path) -> Result<()> {
    let not_running = "the system does not run; `make run` starts it";
    let data = DataFolder::existing(data).context(not_running)?;
    let state = state::read(&data).context(not_running)?;
    ensure!(state.up.is_some_and(Process::is_alive), not_running);
    let inside = Inside::of(&data, &state)?;
    let now = SystemClock.now();

    let added = catalogue::fill(&inside).await?;
    screen::note(format!("catalogue: {added} products added"));
    let teller = Teller::new(&inside, now);
    let mut added = 0;
    for (told, tale) in STORY.iter().enumerate() {
        let began = begin(&inside, &teller, tale, now).await;
        let (order, is_new) = began.with_context(|| format!("order {}", tale.tail()))?;
        let standing = match &order {
            Some(order) => {
                teller.tell(tale).await.with_context(|| format!("order {}", tale.tail()))?;
                let after = teller.order(tale).await?;
                format!(
                    "{}  {} · {}",
                    text(order, "/order_code")?,
                    text(&after, "/status_order")?,
                    text(&after, "/production_status")?,
                )
            }
            None => format!("{}  deleted since; left alone", tale.tail()),
        };
        added += usize::from(is_new);
        screen::note(format!("{:>2}/{}  {standing}", told + 1, STORY.len()));
    }
    let kept = STORY.len() - added;
    screen::line(format!(
        "{added} orders added, {kept} were there already; no message was sent about them"
    ));
    Ok(())
}

/// Places the order of `tale` unless it is there; answers it, unless it was deleted, and whether
/// it is new.
async fn begin(
    inside: &Inside,
    teller: &Teller<'_>,
    tale: &Tale,
    now: DateTime<Utc>,
) -> Result<(Option<Value>, bool)> {
    if let Some(known) = inside.find_order(&tale.id()).await? {
        return Ok((Some(known), false));
    }
    teller.before_placing(tale).await?;
    let placed = inside.post("order", "/api/v1/order/", &body(tale, now)).await?;
    // Placing it again answers a deleted order as it is, and it stays deleted.
    if inside.find_order(&tale.id()).await?.is_none() {
        return Ok((None, false));
    }
    let snapshot = placed.pointer("/snapshot").context("no snapshot")?;
    let ask = json!({ "snapshot": snapshot, "notify": false });
    let path = format!("/internal/v1/orders/{}/first-invoice", tale.id());
    inside.post("payment", &path, &ask).await?;
    teller.after_placing(tale).await?;
    Ok((placed.pointer("/order").cloned(), true))
}

fn body(tale: &Tale, now: DateTime<Utc>) -> Value {
    let (payment_type, dp_percent) = tale.terms();
    json!({
        "id": tale.id(),
        "order_code": tale.code(now),
        "placed_at": tale.placed_at(now),
        "notify": false,
        "customer_name": tale.customer.name,
        "contact_information": tale.customer.contact,
        "product_name": tale.product,
        "quantity": tale.quantity,
        "total_price": tale.total_rupiah().to_string(),
        "payment_type": payment_type,
        "dp_percent": dp_percent,
        "design_notes": tale.wishes,
    })
}
