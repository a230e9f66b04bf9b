//! `konveksi seed` on a running system: every state there is, twice the same, and not a word to
//! anybody.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result, ensure};
use diesel_async::{AsyncConnection as _, RunQueryDsl as _};
use konveksi_db::Connection;
use konveksi_e2e::{Admin, SOON, Stack};
use konveksi_test_support::eventually;
use serde_json::Value;

#[tokio::test(flavor = "multi_thread")]
async fn the_seed_tells_of_every_state_once_and_writes_to_nobody() -> Result<()> {
    let stack = Stack::start().await?;
    let said = stack.run("seed").await?;
    ensure!(said.contains("25 orders added"), "{said}");
    let admin = stack.admin().await?;
    let orders = list(&admin, "/order/").await?;
    let invoices = list(&admin, "/invoice/").await?;
    same(
        &words(&orders, "status_order"),
        &[
            "dibatalkan",
            "dp_dibayar",
            "link_dibuat",
            "lunas",
            "menunggu_link",
            "menunggu_pelunasan",
            "pengerjaan_selesai",
        ],
    )?;
    same(
        &words(&orders, "production_status"),
        &["dibatalkan", "dikirim", "diproses", "menunggu", "selesai"],
    )?;
    same(
        &words(&invoices, "invoice_status"),
        &["belum dibayar", "dibatalkan", "kadaluarsa", "sudah dibayar"],
    )?;
    ensure!(words(&orders, "id").contains("5eed0000-0000-7000-8000-000000000007"));
    ensure!(words(&orders, "created_at").len() == 25, "the dates are spread");
    ensure!(!list(&admin, "/produkpost/").await?.is_empty(), "the catalogue has products");

    let said = stack.run("seed").await?;
    ensure!(said.contains("25 were there already"), "{said}");
    ensure!(list(&admin, "/order/").await? == orders, "the second telling changed orders");
    ensure!(list(&admin, "/invoice/").await? == invoices, "the second telling changed invoices");
    nobody_was_written_to(&stack).await
}

/// Waits until notification has heard the end of the story, and looks for messages then.
async fn nobody_was_written_to(stack: &Stack) -> Result<()> {
    #[derive(diesel::QueryableByName)]
    struct Heard {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        told: i64,
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        written: i64,
    }
    let (order, notification) = (stack.database_url("order")?, stack.database_url("notification")?);
    let mut order = Connection::establish(&order).await?;
    let mut notification = Connection::establish(&notification).await?;
    let versions = "SELECT sum(version)::bigint AS told, 0::bigint AS written FROM orders";
    let told = diesel::sql_query(versions).get_result::<Heard>(&mut order).await?.told;
    let heard = "SELECT sum(version)::bigint AS told,
                        (SELECT count(*) FROM messages) AS written FROM orders WHERE quiet";
    let heard = eventually(SOON, async || {
        let heard = diesel::sql_query(heard).get_result::<Heard>(&mut notification).await.ok()?;
        (heard.told == told).then_some(heard)
    })
    .await;
    ensure!(heard.written == 0, "{} messages were written", heard.written);
    let messages = stack.world()?.messages().await?;
    ensure!(messages.is_empty(), "somebody was written to: {messages:?}");
    Ok(())
}

async fn list(admin: &Admin, path: &str) -> Result<Vec<Value>> {
    let answer = admin.get(&format!("{path}?page_size=100")).await?;
    let results = answer.get("results").and_then(Value::as_array);
    Ok(results.with_context(|| format!("no list: {answer}"))?.clone())
}

fn words<'a>(rows: &'a [Value], field: &str) -> BTreeSet<&'a str> {
    rows.iter().filter_map(|row| row.get(field)?.as_str()).collect()
}

fn same(found: &BTreeSet<&str>, wanted: &[&str]) -> Result<()> {
    ensure!(found.iter().eq(wanted), "{found:?} is not {wanted:?}");
    Ok(())
}
