//! The steps every journey shares.

use anyhow::{Context as _, Result, ensure};
use konveksi_test_support::eventually;
use serde_json::{Value, json};

use crate::{Admin, SOON, Stack};

/// The order a customer's shop sends; `plan` is `full` or `dp`.
pub fn customer_order(plan: &str, contact: &str) -> Value {
    json!({
        "customer_name": "Siti Rahmawati",
        "product_name": "Kaos Custom",
        "quantity": 100,
        "total_price": "7500000.00",
        "payment_type": plan,
        "dp_percent": "50.00",
        "contact_information": contact,
    })
}

/// An order that was accepted.
pub struct Placed {
    /// Its id.
    pub id: String,
    /// Its code, as customers know it.
    pub code: String,
    /// The whole answer.
    pub answer: Value,
}

impl Placed {
    /// Posts an order as anybody.
    ///
    /// # Errors
    /// When it is not answered with 201.
    pub async fn place(stack: &Stack, order: &Value) -> Result<Placed> {
        let (status, answer) = stack.post("/order/", order).await?;
        ensure!(status == 201, "the order was answered with {status}: {answer}");
        let text = |pointer: &str| -> Result<String> {
            let found = answer.pointer(pointer).and_then(Value::as_str);
            Ok(found.with_context(|| format!("no {pointer} in {answer}"))?.to_owned())
        };
        Ok(Placed { id: text("/order/id")?, code: text("/order/order_code")?, answer })
    }

    /// Waits until the order has this status.
    ///
    /// # Errors
    /// When the staff list cannot be read.
    pub async fn reaches(&self, admin: &Admin, status: &str) -> Result<Value> {
        let path = format!("/order/{}/", self.id);
        let reached = eventually(SOON, async || {
            let order = admin.get(&path).await.ok()?;
            (order.get("status_order")? == status).then_some(order)
        })
        .await;
        Ok(reached)
    }

    /// Waits for the payment link of an unpaid invoice of this kind.
    ///
    /// # Errors
    /// When the invoices cannot be read.
    pub async fn link(&self, admin: &Admin, kind: &str) -> Result<String> {
        let path = format!("/invoice/?order={}", self.id);
        let link = eventually(SOON, async || {
            let list = admin.get(&path).await.ok()?;
            let invoices = list.get("results")?.as_array()?;
            let open = invoices.iter().find(|invoice| {
                invoice.get("payment_type").is_some_and(|found| found == kind)
                    && invoice.get("invoice_status").is_some_and(|found| found == "belum dibayar")
            })?;
            open.get("payment_url")?.as_str().map(str::to_owned)
        })
        .await;
        Ok(link)
    }
}
