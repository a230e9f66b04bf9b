//! What happens to an order after it was placed, chapter by chapter. A chapter that has happened
//! is skipped, so that telling a tale again changes nothing.

use anyhow::{Context as _, Result};
use chrono::{DateTime, Duration, Utc};
use konveksi_kernel::{Clock as _, SystemClock};
use serde_json::{Value, json};

use super::inside::{Inside, text, until};
use super::tale::{Chapter, Tale};

/// How long an invoice lives whose customer lets it pass: long enough for its link to be made.
const SHORT_LIFE: Duration = Duration::seconds(4);

/// Tells tales to one running system.
pub(super) struct Teller<'a> {
    inside: &'a Inside,
    now: DateTime<Utc>,
}

impl<'a> Teller<'a> {
    /// Dates count back from `now`.
    pub(super) const fn new(inside: &'a Inside, now: DateTime<Utc>) -> Self {
        Self { inside, now }
    }

    /// The order as it is.
    pub(super) async fn order(&self, tale: &Tale) -> Result<Value> {
        self.inside.get("order", &format!("/api/v1/order/{}/", tale.id())).await
    }

    /// Prepares the outside world for an order that is about to be placed.
    pub(super) async fn before_placing(&self, tale: &Tale) -> Result<()> {
        if tale.is_refused_a_link() { self.inside.refuse_links(1).await } else { Ok(()) }
    }

    /// Waits until the order that was placed has its link, or was refused one.
    pub(super) async fn after_placing(&self, tale: &Tale) -> Result<()> {
        if tale.is_refused_a_link() {
            return until("the provider's refusal", async || {
                Ok((self.inside.links_to_refuse().await? == 0).then_some(()))
            })
            .await;
        }
        self.becomes(tale, &["link_dibuat"]).await
    }

    /// Tells all chapters of an order that was placed.
    pub(super) async fn tell(&self, tale: &Tale) -> Result<()> {
        let mut payments = 0;
        for chapter in tale.chapters {
            let order = self.order(tale).await?;
            let status = text(&order, "/status_order")?;
            // Whatever else was to happen: somebody gave the order up.
            if status == "dibatalkan" {
                return Ok(());
            }
            match chapter {
                Chapter::ProviderRefuses => {}
                Chapter::Pays(days) => {
                    payments += 1;
                    self.pay(tale, payments, *days).await?;
                }
                Chapter::Produces(stage, days) => {
                    let reached = text(&order, "/production_status")?;
                    if !stage.is_reached_by(reached) {
                        let change = json!({ "production_status": stage.as_wire() });
                        self.change(tale, change, *days).await?;
                    }
                }
                Chapter::WorkDone(days) => {
                    if status == "dp_dibayar" {
                        let change = json!({ "status_order": "pengerjaan_selesai" });
                        self.change(tale, change, *days).await?;
                    }
                }
                Chapter::AskedForRest(days) => {
                    if status == "pengerjaan_selesai" {
                        self.open_invoice(tale).await?;
                        let change = json!({ "status_order": "menunggu_pelunasan" });
                        self.change(tale, change, *days).await?;
                    }
                }
                Chapter::Cancelled(days) => {
                    let change = json!({ "status_order": "dibatalkan" });
                    self.change(tale, change, *days).await?;
                }
                Chapter::Expires => self.let_expire(tale).await?,
            }
        }
        Ok(())
    }

    async fn change(&self, tale: &Tale, mut change: Value, days_ago: i64) -> Result<()> {
        if let Some(fields) = change.as_object_mut() {
            fields.insert("happened_at".to_owned(), json!(tale.moment(self.now, days_ago)));
        }
        let path = format!("/api/v1/order/{}/", tale.id());
        self.inside.patch("order", &path, &change).await.map(drop)
    }

    /// Has the order's open invoice paid by bank transfer, unless so many are paid already.
    async fn pay(&self, tale: &Tale, number: usize, days_ago: i64) -> Result<()> {
        let paid = |invoices: &[Value]| {
            let paid = |invoice: &&Value| status_of(invoice) == Some("sudah dibayar");
            invoices.iter().filter(paid).count()
        };
        if paid(&self.invoices(tale).await?) < number {
            let invoice = self.open_invoice(tale).await?;
            let payment = json!({
                "invoice_id": text(&invoice, "/id")?,
                "payment_method": "BANK_TRANSFER",
                "amount": text(&invoice, "/amount_due")?,
                "payment_time": tale.moment(self.now, days_ago),
                "notes": "Transfer bank, dicocokkan dengan mutasi.",
            });
            self.inside.post("payment", "/api/v1/payment/manual/", &payment).await?;
        }
        let reached: &[&str] = if number == 1 && tale.has_deposit() {
            &["dp_dibayar", "pengerjaan_selesai", "menunggu_pelunasan", "lunas"]
        } else {
            &["lunas"]
        };
        self.becomes(tale, reached).await
    }

    /// Gives the invoice an end that is near, and has the provider end its link, which tells us.
    async fn let_expire(&self, tale: &Tale) -> Result<()> {
        if any_is(&self.invoices(tale).await?, "kadaluarsa") {
            return Ok(());
        }
        let invoice = self.open_invoice(tale).await?;
        let path = format!("/api/v1/invoice/{}/", text(&invoice, "/id")?);
        let ends = json!({ "invoice_expired_at": SystemClock.now() + SHORT_LIFE });
        let changed = self.inside.patch("payment", &path, &ends).await?;
        self.inside.end_link(text(&changed, "/xendit_invoice_id")?).await?;
        until("the invoice's end", async || {
            Ok(any_is(&self.invoices(tale).await?, "kadaluarsa").then_some(()))
        })
        .await
    }

    async fn becomes(&self, tale: &Tale, any_of: &[&str]) -> Result<()> {
        until(any_of.first().copied().unwrap_or_default(), async || {
            let order = self.order(tale).await?;
            Ok(any_of.contains(&text(&order, "/status_order")?).then_some(()))
        })
        .await
    }

    async fn open_invoice(&self, tale: &Tale) -> Result<Value> {
        until("an open invoice", async || {
            let invoices = self.invoices(tale).await?;
            Ok(invoices.into_iter().find(|invoice| status_of(invoice) == Some("belum dibayar")))
        })
        .await
    }

    async fn invoices(&self, tale: &Tale) -> Result<Vec<Value>> {
        let path = format!("/internal/v1/orders/{}/money", tale.id());
        let money = self.inside.get("payment", &path).await?;
        let invoices = money.pointer("/invoices").and_then(Value::as_array);
        Ok(invoices.with_context(|| format!("no invoices in {money}"))?.clone())
    }
}

fn status_of(invoice: &Value) -> Option<&str> {
    invoice.pointer("/invoice_status").and_then(Value::as_str)
}

fn any_is(invoices: &[Value], status: &str) -> bool {
    invoices.iter().any(|invoice| status_of(invoice) == Some(status))
}
