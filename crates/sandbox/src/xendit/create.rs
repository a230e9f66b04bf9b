//! `POST /v2/invoices`. The same `external_id` may be used again: the provider then makes a
//! second invoice, so it is the merchant who has to look first.

use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, Duration, SubsecRound as _, Utc};
use rust_decimal::Decimal;
use serde_json::{Map, Value};
use url::Url;

use super::error::FieldError;
use super::{auth, error};
use crate::invoice::{Backstage, Invoice, InvoiceStatus};
use crate::object_id;
use crate::provider_call;
use crate::switches::Api;
use crate::world::World;

/// The provider's default and longest life of an invoice, in seconds.
const DEFAULT_DURATION_S: i64 = 86_400;
const LONGEST_DURATION_S: i64 = 31_536_000;

/// The merchant every invoice belongs to.
const USER_ID: &str = "5f2a7c0e9d1b4a0017c3e842";
const MERCHANT_NAME: &str = "Konveksi (sandbox)";

/// Makes an invoice.
pub(crate) async fn create(world: Data<World>, request: HttpRequest, body: Bytes) -> HttpResponse {
    let act = || {
        if let Some(refusal) = auth::refusal(&world, &request) {
            return refusal;
        }
        let Ok(fields) = serde_json::from_slice::<Map<String, Value>>(&body) else {
            let message = "The request body is not a valid JSON format";
            return error::answer(StatusCode::BAD_REQUEST, "INVALID_JSON_FORMAT", message);
        };
        match read(&fields, &world.public_url, world.now()) {
            Ok(invoice) => {
                world.invoices.insert(invoice.clone());
                HttpResponse::Ok().json(invoice)
            }
            Err(Refusal::Fields(errors)) => error::validation(&errors),
            Err(Refusal::Currency(currency)) => {
                let message = format!("Currency {currency} is not supported");
                error::answer(StatusCode::BAD_REQUEST, "UNSUPPORTED_CURRENCY", &message)
            }
        }
    };
    provider_call::answer(&world, Api::XenditCreate, (&request, &body), error::broken, act).await
}

#[derive(Debug, PartialEq, Eq)]
enum Refusal {
    Fields(Vec<FieldError>),
    Currency(String),
}

/// Collects what is wrong instead of stopping at the first.
struct Fields<'a> {
    fields: &'a Map<String, Value>,
    errors: Vec<FieldError>,
}

impl Fields<'_> {
    fn value(&self, name: &str) -> Option<&Value> {
        self.fields.get(name).filter(|value| !value.is_null())
    }

    fn wrong(&mut self, path: &'static str, what: &str) {
        self.errors.push(FieldError { path, message: format!("\"{path}\" {what}") });
    }

    fn text(&mut self, name: &'static str, longest: usize) -> Option<String> {
        match self.value(name)?.as_str().map(str::to_owned) {
            Some(text) if text.chars().count() <= longest => Some(text),
            Some(_) => {
                self.wrong(name, &format!("length must be at most {longest} characters long"));
                None
            }
            None => {
                self.wrong(name, "must be a string");
                None
            }
        }
    }

    fn reference(&mut self) -> String {
        let name = "external_id";
        match self.text(name, 255) {
            Some(text) if text.is_empty() => {
                self.wrong(name, "is not allowed to be empty");
                text
            }
            Some(text) => text,
            None => {
                if self.value(name).is_none() {
                    self.wrong(name, "is required");
                }
                String::new()
            }
        }
    }

    fn amount(&mut self) -> u64 {
        let Some(value) = self.value("amount").cloned() else {
            self.wrong("amount", "is required");
            return 0;
        };
        let text = match &value {
            Value::Number(number) => number.to_string(),
            Value::Null
            | Value::Bool(_)
            | Value::String(_)
            | Value::Array(_)
            | Value::Object(_) => {
                self.wrong("amount", "must be a number");
                return 0;
            }
        };
        let amount = Decimal::from_str_exact(&text).or_else(|_| Decimal::from_scientific(&text));
        match amount.ok().filter(Decimal::is_integer).and_then(|amount| u64::try_from(amount).ok())
        {
            Some(0) | None => {
                self.wrong("amount", "must be a positive whole number for IDR");
                0
            }
            Some(amount) => amount,
        }
    }

    fn duration(&mut self) -> Duration {
        let seconds = match self.value("invoice_duration") {
            None => Some(DEFAULT_DURATION_S),
            // The provider's own examples write this number as text.
            Some(Value::String(text)) => text.parse().ok(),
            Some(value) => value.as_i64(),
        };
        if let Some(seconds @ 1..=LONGEST_DURATION_S) = seconds {
            Duration::seconds(seconds)
        } else {
            self.wrong("invoice_duration", "must be between 1 and 31536000 seconds");
            Duration::zero()
        }
    }

    fn link(&mut self, name: &'static str) -> Option<String> {
        let text = self.text(name, 255)?;
        let web = |url: &Url| matches!(url.scheme(), "http" | "https");
        if Url::parse(&text).ok().as_ref().is_some_and(web) {
            return Some(text);
        }
        self.wrong(name, "must be a valid uri");
        None
    }

    fn object(&mut self, name: &'static str) -> Option<Value> {
        let value = self.value(name)?.clone();
        if value.is_object() {
            return Some(value);
        }
        self.wrong(name, "must be an object");
        None
    }
}

fn read(
    fields: &Map<String, Value>,
    public_url: &str,
    now: DateTime<Utc>,
) -> Result<Invoice, Refusal> {
    let mut fields = Fields { fields, errors: Vec::new() };
    let now = now.trunc_subsecs(3);
    let id = object_id::generate(now);
    let currency = fields.text("currency", 3).unwrap_or_else(|| "IDR".to_owned());
    let invoice = Invoice {
        external_id: fields.reference(),
        user_id: USER_ID.to_owned(),
        status: InvoiceStatus::Pending,
        merchant_name: MERCHANT_NAME.to_owned(),
        amount: fields.amount(),
        description: fields.text("description", 4_000),
        invoice_url: format!("{public_url}/checkout/{id}"),
        expiry_date: now + fields.duration(),
        currency,
        should_send_email: false,
        created: now,
        updated: now,
        payer_email: fields.text("payer_email", 254),
        customer: fields.object("customer"),
        items: fields.value("items").cloned(),
        metadata: fields.object("metadata"),
        success_redirect_url: fields.link("success_redirect_url"),
        failure_redirect_url: fields.link("failure_redirect_url"),
        paid_amount: None,
        fees: Vec::new(),
        paid_at: None,
        payment_method: None,
        payment_channel: None,
        payment_destination: None,
        payment_id: None,
        backstage: Backstage::default(),
        id,
    };
    if !fields.errors.is_empty() {
        return Err(Refusal::Fields(fields.errors));
    }
    if invoice.currency != "IDR" {
        return Err(Refusal::Currency(invoice.currency));
    }
    Ok(invoice)
}

#[cfg(test)]
#[path = "create_tests.rs"]
mod tests;
