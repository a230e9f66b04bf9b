//! `POST /snap/v1/transactions`: a payment page for an order id. The id may be asked for again
//! until its customer chose a way to pay; after that it is taken.

use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, Duration, SubsecRound as _, Utc};
use serde::Deserialize;
use serde_json::json;

use super::{auth, body};
use crate::invoice::{Backstage, Invoice, InvoiceStatus, ProviderKind};
use crate::object_id;
use crate::provider_call;
use crate::switches::Api;
use crate::world::World;

/// How long a page lives that names no time.
const DEFAULT_LIFETIME: Duration = Duration::hours(24);
/// The longest order id.
const LONGEST_ORDER_ID: usize = 50;

#[derive(Debug, Deserialize)]
struct Request {
    transaction_details: Details,
    #[serde(default)]
    expiry: Option<Expiry>,
    #[serde(default)]
    callbacks: Option<Callbacks>,
    #[serde(default)]
    item_details: Vec<Item>,
}

#[derive(Debug, Deserialize)]
struct Details {
    order_id: String,
    gross_amount: u64,
}

#[derive(Debug, Deserialize)]
struct Expiry {
    unit: String,
    duration: i64,
}

#[derive(Debug, Deserialize)]
struct Callbacks {
    finish: Option<String>,
    error: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Item {
    name: String,
    price: u64,
    quantity: u64,
}

/// Makes a page.
pub(super) async fn create(world: Data<World>, request: HttpRequest, body: Bytes) -> HttpResponse {
    let act = || {
        if auth::refusal(&world, &request).is_some() {
            let message =
                "Access denied due to unauthorized transaction, please check client or server key";
            return HttpResponse::Unauthorized().json(json!({ "error_messages": [message] }));
        }
        let asked = match serde_json::from_slice::<Request>(&body) {
            Ok(asked) => asked,
            Err(error) => return refused(&[error.to_string()]),
        };
        match read(asked, &world, world.now()) {
            Ok(invoice) => {
                let url = invoice.invoice_url.clone();
                let token = invoice.id.clone();
                world.invoices.insert(invoice);
                HttpResponse::Created().json(json!({ "token": token, "redirect_url": url }))
            }
            Err(errors) => refused(&errors),
        }
    };
    let call = (&request, &body[..]);
    provider_call::answer(&world, Api::MidtransCreate, call, body::broken, act).await
}

fn refused(messages: &[String]) -> HttpResponse {
    HttpResponse::BadRequest().json(json!({ "error_messages": messages }))
}

fn read(asked: Request, world: &World, now: DateTime<Utc>) -> Result<Invoice, Vec<String>> {
    let mut errors = Vec::new();
    let order_id = asked.transaction_details.order_id;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_~.".contains(&byte);
    if order_id.is_empty() || order_id.len() > LONGEST_ORDER_ID || !order_id.bytes().all(plain) {
        errors.push("transaction_details.order_id is not valid".to_owned());
    }
    if world.invoices.list(Some(&order_id), 100).iter().any(|one| one.backstage.chosen) {
        errors.push("transaction_details.order_id has already been taken".to_owned());
    }
    let amount = asked.transaction_details.gross_amount;
    if amount == 0 {
        errors.push("transaction_details.gross_amount must be greater than 0".to_owned());
    }
    let items: u64 = asked.item_details.iter().map(|item| item.price * item.quantity).sum();
    if !asked.item_details.is_empty() && items != amount {
        let message = "transaction_details.gross_amount is not equal to the sum of item_details";
        errors.push(message.to_owned());
    }
    let lifetime = match &asked.expiry {
        None => Some(DEFAULT_LIFETIME),
        Some(Expiry { duration, .. }) if *duration < 1 => None,
        Some(Expiry { unit, duration }) => match unit.trim_end_matches('s') {
            "minute" => Some(Duration::minutes(*duration)),
            "hour" => Some(Duration::hours(*duration)),
            "day" => Some(Duration::days(*duration)),
            _ => None,
        },
    };
    let Some(lifetime) = lifetime.filter(|_| errors.is_empty()) else {
        if errors.is_empty() {
            errors.push("expiry is not valid".to_owned());
        }
        return Err(errors);
    };
    let description = asked.item_details.first().map(|item| item.name.clone());
    Ok(page(world, now, (order_id, amount), (lifetime, description, asked.callbacks)))
}

fn page(
    world: &World,
    now: DateTime<Utc>,
    (order_id, amount): (String, u64),
    (lifetime, description, callbacks): (Duration, Option<String>, Option<Callbacks>),
) -> Invoice {
    let now = now.trunc_subsecs(3);
    let id = object_id::generate(now);
    let (finish, error) = callbacks.map_or((None, None), |back| (back.finish, back.error));
    Invoice {
        external_id: order_id,
        user_id: "G000000000".to_owned(),
        status: InvoiceStatus::Pending,
        merchant_name: "Konveksi (sandbox Midtrans)".to_owned(),
        amount,
        description,
        invoice_url: format!("{}/checkout/{id}", world.public_url),
        expiry_date: now + lifetime,
        currency: "IDR".to_owned(),
        should_send_email: false,
        created: now,
        updated: now,
        payer_email: None,
        customer: None,
        items: None,
        metadata: None,
        success_redirect_url: finish,
        failure_redirect_url: error,
        paid_amount: None,
        fees: Vec::new(),
        paid_at: None,
        payment_method: None,
        payment_channel: None,
        payment_destination: None,
        payment_id: None,
        backstage: Backstage { provider: ProviderKind::Midtrans, ..Backstage::default() },
        id,
    }
}
