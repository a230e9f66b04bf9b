//! `konveksi demo`: one order's whole life against the running system, told step by step.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context as _, Result};
use reqwest::Method;
use serde_json::{Value, json};

use crate::api::{Api, text};
use crate::data::DataFolder;
use crate::screen;

/// Plays and tells it.
pub(crate) async fn run(data: &Path) -> Result<()> {
    let data =
        DataFolder::existing(data).context("the system does not run; `make run` starts it")?;
    let demo = Demo::place(Api::of(&data).await?).await?;
    demo.pay_deposit().await?;
    demo.produce().await?;
    demo.pay_rest().await?;
    demo.ship().await?;
    demo.look_back().await
}

struct Demo {
    api: Api,
    contact: String,
    id: String,
    code: String,
    payment_url: String,
}

impl Demo {
    async fn place(api: Api) -> Result<Self> {
        step("A customer orders 100 shirts with a down payment of half. No account, no login.");
        // Another number each time: a customer gets a few messages a day at most.
        let contact = format!("0812{:08}", rand::random::<u32>() % 100_000_000);
        let order = json!({
            "customer_name": "Siti Rahmawati",
            "product_name": "Kaos Custom",
            "quantity": 100,
            "total_price": "7500000.00",
            "payment_type": "dp",
            "dp_percent": "50.00",
            "contact_information": contact,
        });
        let placed = api.public(Method::POST, "/order/", &order).await?;
        let code = text(&placed, "/order/order_code")?;
        let payment_url = text(&placed, "/payment_url")?;
        let amount = text(&placed, "/invoice/invoice_amount")?;
        told(format!("{code} for {contact}; Rp {amount} to pay at {payment_url}"));
        Ok(Self { id: text(&placed, "/order/id")?, api, contact, code, payment_url })
    }

    async fn pay_deposit(&self) -> Result<()> {
        step("The customer presses \"Bayar\" on the sandbox's checkout page.");
        let began = Instant::now();
        self.api.press_pay(&self.payment_url).await?;
        self.becomes("dp_dibayar", began).await
    }

    async fn produce(&self) -> Result<()> {
        step("Staff move the order through production.");
        for stage in ["diproses", "selesai"] {
            self.move_production(stage).await?;
        }
        Ok(())
    }

    async fn pay_rest(&self) -> Result<()> {
        step("Staff ask for the rest; the message goes out, and the customer pays.");
        let path = format!("/admin/order/{}/request-final-payment/", self.id);
        let asked = self.api.staff(Method::POST, &path, &json!({})).await?;
        let amount = text(&asked, "/final_invoice/amount")?;
        let invoice = text(&asked, "/final_invoice/id")?;
        let payment_url = text(&asked, "/final_invoice/payment_url")?;
        told(format!("Rp {amount} to pay at {payment_url}"));
        let began = Instant::now();
        let path = format!("/invoice/{invoice}/send-payment-link/");
        self.api.staff(Method::POST, &path, &json!({})).await?;
        self.becomes("menunggu_pelunasan", began).await?;
        let began = Instant::now();
        self.api.press_pay(&payment_url).await?;
        self.becomes("lunas", began).await
    }

    async fn ship(&self) -> Result<()> {
        step("The goods leave; only now the revenue is booked.");
        self.move_production("dikirim").await
    }

    async fn look_back(&self) -> Result<()> {
        step("What happened, as the audit trail has it:");
        let path = format!("/orders/{}/audit-trail/", self.id);
        let trail = self.api.get(&path).await?;
        for entry in list(&trail, "/status_histories") {
            let word = |name: &str| entry.get(name).and_then(Value::as_str).unwrap_or("-");
            told(format!(
                "{}  {:<17} {} -> {}  ({})",
                word("created_at"),
                word("change_type"),
                word("previous_status"),
                word("new_status"),
                word("trigger_source"),
            ));
        }
        step("What the customer was sent:");
        for message in self.api.messages_to(&self.contact).await? {
            let text = text(&message, "/text")?;
            told(text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default());
        }
        screen::line(format!("\nTrack it: GET /api/v1/track-order/?order_code={}", self.code));
        Ok(())
    }

    async fn move_production(&self, stage: &str) -> Result<()> {
        let path = format!("/order/{}/", self.id);
        let order =
            self.api.staff(Method::PATCH, &path, &json!({ "production_status": stage })).await?;
        told(format!("production is {}", text(&order, "/production_status")?));
        Ok(())
    }

    async fn becomes(&self, status: &str, began: Instant) -> Result<()> {
        let path = format!("/order/{}/", self.id);
        let reached =
            |order: &Value| (order.get("status_order")?.as_str()? == status).then(|| order.clone());
        let order = self.api.get_until(&path, reached).await?;
        let took = began.elapsed().as_millis();
        let paid = text(&order, "/paid_amount")?;
        told(format!("the order is {status} after {took} ms, Rp {paid} paid"));
        Ok(())
    }
}

fn list<'a>(value: &'a Value, pointer: &str) -> impl Iterator<Item = &'a Value> {
    value.pointer(pointer).and_then(Value::as_array).into_iter().flatten()
}

fn step(text: &str) {
    screen::line(format!("\n* {text}"));
}

fn told(text: impl AsRef<str>) {
    screen::line(format!("  {}", text.as_ref()));
}
