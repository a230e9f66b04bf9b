//! The system's HTTP interfaces as the clients of the measurements call them.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use konveksi_identity::{HEADER, Identity, IdentitySigner};
use konveksi_kernel::SystemClock;
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};

use crate::system::System;

/// A signed statement holds for 60 s; the clients share one this long, so that signing does not
/// take processor time from what is measured.
const STATEMENT: Duration = Duration::from_secs(30);

/// A client of one running system; cheap to clone.
#[derive(Clone)]
pub(crate) struct Api(Arc<Inner>);

struct Inner {
    http: Client,
    gateway: String,
    order: String,
    sandbox: String,
    sandbox_key: String,
    signer: IdentitySigner,
    anybody: Mutex<Option<(Instant, String)>>,
    system: Mutex<Option<(Instant, String)>>,
    customers: AtomicU64,
}

/// An order that can be paid.
#[derive(Debug, Clone)]
pub(crate) struct Placed {
    /// The page where it is paid.
    pub(crate) payment_url: String,
}

impl Api {
    /// Prepares calls to `system`.
    ///
    /// # Errors
    /// When it does not run or has no key.
    pub(crate) fn of(system: &System) -> Result<Api> {
        let parts = system.parts()?;
        let key = system.secret("/identity-private-key")?;
        let http = Client::builder()
            .no_proxy()
            .tcp_nodelay(true)
            .timeout(Duration::from_secs(20))
            .pool_max_idle_per_host(64)
            .build()?;
        Ok(Api(Arc::new(Inner {
            http,
            gateway: parts.base("gateway")?,
            order: parts.base("order")?,
            sandbox: parts.base("sandbox")?,
            sandbox_key: system.secret("/xendit-secret-key")?,
            signer: IdentitySigner::new(&key, Arc::new(SystemClock))?,
            anybody: Mutex::default(),
            system: Mutex::default(),
            customers: AtomicU64::new(0),
        })))
    }

    /// Places an order at the order service itself; answers its id.
    ///
    /// # Errors
    /// When it is not answered with 201.
    pub(crate) async fn create_direct(&self) -> Result<String> {
        let request = self.0.http.post(format!("{}/api/v1/order", self.0.order));
        let request = request.header(HEADER, self.statement(false)?).json(&self.order());
        let answer = json_of(request, 201).await?;
        let id = answer.pointer("/order/id").and_then(Value::as_str);
        Ok(id.context("the order has no id")?.to_owned())
    }

    /// Places an order that nobody is written to about, for what needs orders to be there.
    ///
    /// # Errors
    /// When it is not answered with 201.
    pub(crate) async fn create_quietly(&self) -> Result<String> {
        let mut order = self.order();
        if let Some(fields) = order.as_object_mut() {
            fields.insert("notify".to_owned(), Value::Bool(false));
        }
        let request = self.0.http.post(format!("{}/api/v1/order", self.0.order));
        let answer =
            json_of(request.header(HEADER, self.statement(true)?).json(&order), 201).await?;
        let id = answer.pointer("/order/id").and_then(Value::as_str);
        Ok(id.context("the order has no id")?.to_owned())
    }

    /// Places an order as a shop does, through the gateway, with its first invoice and link.
    ///
    /// # Errors
    /// When it is not answered with 201 and a link.
    pub(crate) async fn create_composed(&self) -> Result<Placed> {
        let request = self.0.http.post(format!("{}/api/v1/order/", self.0.gateway));
        let answer = json_of(request.json(&self.order()), 201).await?;
        let link = answer.pointer("/payment_url").and_then(Value::as_str);
        Ok(Placed { payment_url: link.context("no payment link")?.to_owned() })
    }

    /// Pays at the sandbox's checkout page.
    ///
    /// # Errors
    /// When it refuses.
    pub(crate) async fn pay(&self, placed: &Placed) -> Result<()> {
        let request = self.0.http.post(format!("{}/pay", placed.payment_url));
        let how = json!({ "method": "BCA" });
        json_of(request.json(&how), 200).await.map(drop)
    }

    /// Changes the design notes of an order at the order service itself: one event.
    ///
    /// # Errors
    /// When it is refused.
    pub(crate) async fn change_notes(&self, order: &str, notes: &str) -> Result<()> {
        let request = self.0.http.patch(format!("{}/api/v1/order/{order}", self.0.order));
        let request = request.header(HEADER, self.statement(true)?);
        json_of(request.json(&json!({ "design_notes": notes })), 200).await.map(drop)
    }

    /// Reads a list of the order service itself; answers how long that took, and the list.
    ///
    /// # Errors
    /// When it is refused.
    pub(crate) async fn read_list(&self, path: &str, query: &str) -> Result<(Duration, Value)> {
        let request = self.0.http.get(format!("{}{path}?{query}", self.0.order));
        let request = request.header(HEADER, self.statement(true)?);
        let began = Instant::now();
        let body = bytes_of(request, 200).await?;
        let took = began.elapsed();
        Ok((took, serde_json::from_slice(&body)?))
    }

    /// Moves many orders at once, straight at the order service; answers how long it took.
    ///
    /// # Errors
    /// When it is refused.
    pub(crate) async fn bulk_update(&self, body: &Value) -> Result<(Duration, Value)> {
        let request = self.0.http.post(format!("{}/api/v1/admin/orders/bulk-update", self.0.order));
        let request = request.header(HEADER, self.statement(true)?).json(body);
        let began = Instant::now();
        let answer = bytes_of(request, 200).await?;
        Ok((began.elapsed(), serde_json::from_slice(&answer)?))
    }

    /// Puts a product on the public page.
    ///
    /// # Errors
    /// When it is refused.
    pub(crate) async fn add_product(&self, number: u64) -> Result<()> {
        let product = json!({
            "nama": format!("Kaos {number}"),
            "kategori": "Kaos",
            "deskripsi": "Katun 30s, sablon satu sisi.",
            "harga": "75000",
            "stok": 100,
        });
        let request = self.0.http.post(format!("{}/api/v1/produkpost", self.0.order));
        let request = request.header(HEADER, self.statement(true)?);
        json_of(request.json(&product), 201).await.map(drop)
    }

    /// Reads the product list from the order service itself.
    ///
    /// # Errors
    /// When it is refused.
    pub(crate) async fn products_direct(&self) -> Result<()> {
        let request = self.0.http.get(format!("{}/api/v1/produkpost", self.0.order));
        bytes_of(request.header(HEADER, self.statement(false)?), 200).await.map(drop)
    }

    /// Reads it through the gateway.
    ///
    /// # Errors
    /// When it is refused.
    pub(crate) async fn products_by_gateway(&self) -> Result<()> {
        let request = self.0.http.get(format!("{}/api/v1/produkpost", self.0.gateway));
        bytes_of(request, 200).await.map(drop)
    }

    /// Makes an invoice at the sandbox as payment does.
    ///
    /// # Errors
    /// When it is refused.
    pub(crate) async fn provider_invoice(&self, number: u64) -> Result<()> {
        let body = json!({
            "external_id": format!("bench-{number}"),
            "amount": 7_500_000,
            "currency": "IDR",
            "description": "Kaos Custom",
            "invoice_duration": 86_400,
        });
        let request = self.0.http.post(format!("{}/v2/invoices", self.0.sandbox));
        let request = request.basic_auth(&self.0.sandbox_key, Some(""));
        json_of(request.json(&body), 200).await.map(drop)
    }

    /// An order by a customer who never ordered before.
    fn order(&self) -> Value {
        let customer = self.0.customers.fetch_add(1, Ordering::Relaxed);
        json!({
            "customer_name": "Siti Rahmawati",
            "product_name": "Kaos Custom",
            "quantity": 100,
            "total_price": "7500000.00",
            "payment_type": "full",
            "contact_information": format!("0812{customer:08}"),
        })
    }

    /// What the gateway would say of the caller: the system itself, or anybody.
    fn statement(&self, system: bool) -> Result<String> {
        let kept = if system { &self.0.system } else { &self.0.anybody };
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((made, statement)) = kept.as_ref()
            && made.elapsed() < STATEMENT
        {
            return Ok(statement.clone());
        }
        let caller = if system { Identity::system() } else { Identity::anonymous() };
        let statement = self.0.signer.sign(&caller, "order")?;
        *kept = Some((Instant::now(), statement.clone()));
        Ok(statement)
    }
}

async fn bytes_of(request: RequestBuilder, expected: u16) -> Result<Vec<u8>> {
    let answer = request.send().await?;
    let status = answer.status().as_u16();
    let body = answer.bytes().await?;
    let text = || String::from_utf8_lossy(&body).chars().take(200).collect::<String>();
    ensure!(status == expected, "answered {status}: {}", text());
    Ok(body.to_vec())
}

async fn json_of(request: RequestBuilder, expected: u16) -> Result<Value> {
    Ok(serde_json::from_slice(&bytes_of(request, expected).await?)?)
}
