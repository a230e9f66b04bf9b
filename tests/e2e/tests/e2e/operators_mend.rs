//! `konveksi events`: what could not be digested gets another chance, and a read model that was
//! lost is told everything again.

use anyhow::{Result, ensure};
use diesel_async::{AsyncConnection as _, SimpleAsyncConnection as _};
use konveksi_contracts::v1;
use konveksi_db::Connection;
use konveksi_e2e::{SOON, Stack};
use konveksi_eventing::outbox::{self, Subject};
use konveksi_kernel::{Clock as _, SystemClock};
use konveksi_test_support::eventually;
use serde_json::{Value, json};

/// The order of the seed that an invoice is told of before it exists.
const ORDER: &str = "5eed0000-0000-7000-8000-000000000023";
const INVOICE: &str = "019a0000-0000-7000-8000-00000000dead";
const CODE: &str = "INV-000023-DED";

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_event_is_listed_and_has_its_effect_once_it_can() -> Result<()> {
    let stack = Stack::start().await?;
    ensure!(stack.run("events dead list").await?.contains("nothing is dead"));
    let mut payment = Connection::establish(&stack.database_url("payment")?).await?;
    let subject = Subject { kind: "invoice", id: INVOICE.parse()?, version: 1 };
    outbox::append(&mut payment, SystemClock.now(), subject, &invoice_of_nobodys_order()).await?;
    let dead = eventually(SOON, async || {
        let listed = stack.run("events dead list order").await.ok()?;
        listed.contains("invoice.created.v1").then_some(listed)
    })
    .await;
    ensure!(dead.contains(ORDER), "it does not say why: {dead}");
    ensure!(stack.run("events status").await?.contains("dead 1"));

    stack.run("seed").await?;
    let said = stack.run("events dead requeue order").await?;
    ensure!(said.contains("1 will be tried again"), "{said}");
    let admin = stack.admin().await?;
    eventually(SOON, async || {
        let trail = admin.get(&format!("/orders/{ORDER}/audit-trail/")).await.ok()?;
        trail.to_string().contains(CODE).then_some(())
    })
    .await;
    ensure!(stack.run("events dead list order").await?.contains("nothing is dead"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_read_model_is_rebuilt_by_telling_again() -> Result<()> {
    let stack = Stack::start().await?;
    let order = json!({
        "customer_name": "Siti Rahmawati", "product_name": "Kaos Custom", "quantity": 10,
        "total_price": "750000", "payment_type": "full", "contact_information": "081234567890",
    });
    ensure!(stack.post("/order/", &order).await?.0 == 201);
    let admin = stack.admin().await?;
    let counted = async |wanted: u64| {
        let stats = admin.get("/admin/dashboard/stats/").await.ok()?;
        (total_orders(&stats) == Some(wanted)).then_some(())
    };
    eventually(SOON, async || counted(1).await).await;

    let mut analytics = Connection::establish(&stack.database_url("analytics")?).await?;
    analytics.batch_execute(FORGET).await?;
    eventually(SOON, async || counted(0).await).await;
    let said = stack.run("events replay --from order --to analytics").await?;
    ensure!(said.contains("told again to analytics"), "{said}");
    eventually(SOON, async || counted(1).await).await;
    Ok(())
}

/// Everything analytics knows, and that it ever heard it.
const FORGET: &str = "DELETE FROM order_facts; DELETE FROM customers; DELETE FROM inbox;
    UPDATE status_counts SET orders = 0;";

fn total_orders(stats: &Value) -> Option<u64> {
    stats.pointer("/total_orders")?.as_u64()
}

fn invoice_of_nobodys_order() -> v1::InvoiceCreated {
    v1::InvoiceCreated {
        invoice: Some(v1::InvoiceState {
            invoice_id: INVOICE.to_owned(),
            invoice_code: CODE.to_owned(),
            order_id: ORDER.to_owned(),
            order_code: "ORD-20250101-S23".to_owned(),
            customer_id: INVOICE.to_owned(),
            kind: v1::InvoiceKind::Full.into(),
            amount_sen: 100_000,
            status: v1::InvoiceStatus::Unpaid.into(),
            channel: v1::Channel::Whatsapp.into(),
            ..v1::InvoiceState::default()
        }),
        notify: false,
    }
}
