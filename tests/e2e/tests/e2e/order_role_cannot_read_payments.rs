//! Each service's database role sees its own schema only.

use anyhow::{Context as _, Result, ensure};
use diesel_async::{AsyncConnection as _, RunQueryDsl as _};
use konveksi_db::Connection;
use konveksi_e2e::Stack;

#[tokio::test(flavor = "multi_thread")]
async fn the_order_role_cannot_read_payments() -> Result<()> {
    let stack = Stack::start().await?;
    let url = stack.database_url("order")?;
    let mut conn = Connection::establish(&url).await?;
    diesel::sql_query("SELECT count(*) FROM orders").execute(&mut conn).await?;
    let refused = diesel::sql_query("SELECT count(*) FROM payments.invoices")
        .execute(&mut conn)
        .await
        .err()
        .context("the order role could read payments")?;
    ensure!(refused.to_string().contains("permission denied"), "{refused}");
    Ok(())
}
