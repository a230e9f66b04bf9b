//! One invoice as the payment provider keeps it: its fields on the wire and its few moves.

use chrono::{DateTime, SecondsFormat, SubsecRound as _, Utc};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use thiserror::Error;

use crate::refund::Refund;
use crate::{channel, object_id};

/// Where an invoice stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum InvoiceStatus {
    /// Waits for the customer.
    Pending,
    /// The customer paid.
    Paid,
    /// The money reached the merchant's balance.
    Settled,
    /// Can no longer be paid.
    Expired,
}

impl InvoiceStatus {
    /// The word on the wire.
    pub fn as_wire(self) -> &'static str {
        match self {
            InvoiceStatus::Pending => "PENDING",
            InvoiceStatus::Paid => "PAID",
            InvoiceStatus::Settled => "SETTLED",
            InvoiceStatus::Expired => "EXPIRED",
        }
    }
}

/// Instants go out as the provider writes them: UTC with exactly three decimals.
fn millis<S: Serializer>(instant: &DateTime<Utc>, out: S) -> Result<S::Ok, S::Error> {
    out.serialize_str(&instant.to_rfc3339_opts(SecondsFormat::Millis, true))
}

#[expect(clippy::ref_option, reason = "serde's signature")]
fn millis_opt<S: Serializer>(instant: &Option<DateTime<Utc>>, out: S) -> Result<S::Ok, S::Error> {
    match instant {
        Some(instant) => millis(instant, out),
        None => out.serialize_none(),
    }
}

/// An invoice, with the provider's own field names. Amounts are whole rupiah.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Invoice {
    /// The provider's id: 24 hexadecimal digits.
    pub id: String,
    /// The merchant's reference; ours is the invoice code.
    pub external_id: String,
    /// The provider's id of the merchant.
    pub user_id: String,
    /// Where it stands.
    pub status: InvoiceStatus,
    /// The merchant's name as the checkout page shows it.
    pub merchant_name: String,
    /// What is asked, in whole rupiah.
    pub amount: u64,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The checkout page.
    pub invoice_url: String,
    /// When it stops being payable.
    #[serde(serialize_with = "millis")]
    pub expiry_date: DateTime<Utc>,
    /// Always `IDR`.
    pub currency: String,
    /// Whether the provider mails the customer itself; the sandbox never does.
    pub should_send_email: bool,
    /// When it was made.
    #[serde(serialize_with = "millis")]
    pub created: DateTime<Utc>,
    /// When it last changed.
    #[serde(serialize_with = "millis")]
    pub updated: DateTime<Utc>,
    /// The customer's address, when the merchant gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payer_email: Option<String>,
    /// The customer, as the merchant gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<Value>,
    /// Lines, as the merchant gave them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub items: Option<Value>,
    /// The merchant's own data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Value>,
    /// Where a browser goes after paying.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub success_redirect_url: Option<String>,
    /// Where a browser goes after giving up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure_redirect_url: Option<String>,
    /// What was paid, in whole rupiah; may differ from `amount`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid_amount: Option<u64>,
    /// What the provider let the customer pay on top, for itself; a part of `paid_amount`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fees: Vec<Fee>,
    /// When it was paid.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "millis_opt")]
    pub paid_at: Option<DateTime<Utc>>,
    /// Kind of payment, for example `BANK_TRANSFER`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_method: Option<String>,
    /// Channel of that kind, for example `BCA`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_channel: Option<String>,
    /// Virtual account number and the like.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_destination: Option<String>,
    /// The provider's id of the payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_id: Option<String>,
    /// What the sandbox keeps beside it; no provider tells it under this name.
    #[serde(default, rename = "_sandbox", skip_serializing_if = "Backstage::is_empty")]
    pub backstage: Backstage,
}

/// A fee on top of an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fee {
    /// What it is for, in the provider's words.
    #[serde(rename = "type")]
    pub kind: String,
    /// Whole rupiah.
    pub value: u64,
}

/// What belongs to an invoice and is not on the provider's wire.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Backstage {
    /// Through whose API it was made.
    #[serde(default)]
    pub provider: ProviderKind,
    /// Whether the customer chose a way to pay: Midtrans knows no transaction before that. Means
    /// nothing, and stays false, at other providers.
    #[serde(default)]
    pub chosen: bool,
    /// What was asked to go back, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refunds: Vec<Refund>,
}

impl Backstage {
    fn is_empty(&self) -> bool {
        self.provider == ProviderKind::Xendit && self.refunds.is_empty()
    }
}

/// A payment provider.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProviderKind {
    /// Xendit.
    #[default]
    Xendit,
    /// Midtrans.
    Midtrans,
}

/// Why an invoice did not move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum InvoiceError {
    /// No invoice has this id.
    #[error("Could not find invoice with that id")]
    NotFound,
    /// It was paid before.
    #[error("Invoice has already been paid")]
    AlreadyPaid,
    /// It can no longer be paid; a late payment has to say that it is one.
    #[error("Invoice has expired and can no longer be paid")]
    Expired,
    /// Only a waiting invoice can be expired.
    #[error("Could not find and update PENDING invoice")]
    NotPending,
    /// Only a paid invoice can be settled.
    #[error("Invoice has not been paid")]
    NotPaid,
    /// No channel has this name, or it does not take this amount.
    #[error("Payment method is not available for this invoice")]
    MethodUnavailable,
}

/// What the customer did on the checkout page.
#[derive(Debug, Clone, Copy, Default)]
pub struct Payment<'a> {
    /// Code of a channel of [`crate::CHANNELS`]; absent: a BCA virtual account.
    pub method: Option<&'a str>,
    /// Whole rupiah; absent: what the invoice asks.
    pub amount: Option<u64>,
    /// What the provider adds for itself, in whole rupiah.
    pub fee: u64,
    /// Pays although the invoice has expired, as a transfer that was under way does.
    pub late: bool,
}

impl Invoice {
    /// Books the customer's payment.
    ///
    /// # Errors
    /// [`InvoiceError::AlreadyPaid`]; [`InvoiceError::Expired`] unless the payment is late;
    /// [`InvoiceError::MethodUnavailable`].
    pub fn pay(&mut self, payment: Payment<'_>, now: DateTime<Utc>) -> Result<(), InvoiceError> {
        match self.status {
            InvoiceStatus::Paid | InvoiceStatus::Settled => return Err(InvoiceError::AlreadyPaid),
            InvoiceStatus::Expired if !payment.late => return Err(InvoiceError::Expired),
            InvoiceStatus::Pending | InvoiceStatus::Expired => {}
        }
        let amount = payment.amount.unwrap_or(self.amount);
        let channel = channel::find(payment.method)
            .filter(|channel| channel.takes(amount))
            .ok_or(InvoiceError::MethodUnavailable)?;
        self.status = InvoiceStatus::Paid;
        self.paid_amount = Some(amount.saturating_add(payment.fee));
        if payment.fee > 0 {
            self.fees = vec![Fee { kind: "ADMIN".to_owned(), value: payment.fee }];
        }
        self.paid_at = Some(now.trunc_subsecs(3));
        self.payment_method = Some(channel.method.to_owned());
        self.payment_channel = Some(channel.code.to_owned());
        self.payment_destination = Some(channel::destination(&self.id));
        self.payment_id = Some(object_id::generate(now));
        self.backstage.chosen = self.backstage.provider == ProviderKind::Midtrans;
        self.updated = now.trunc_subsecs(3);
        Ok(())
    }

    /// The customer chose a way to pay and has not paid yet.
    ///
    /// # Errors
    /// [`InvoiceError::NotPending`]; [`InvoiceError::MethodUnavailable`].
    pub fn choose(&mut self, method: Option<&str>, now: DateTime<Utc>) -> Result<(), InvoiceError> {
        if self.status != InvoiceStatus::Pending {
            return Err(InvoiceError::NotPending);
        }
        let channel = channel::find(method)
            .filter(|channel| channel.takes(self.amount))
            .ok_or(InvoiceError::MethodUnavailable)?;
        self.payment_method = Some(channel.method.to_owned());
        self.payment_channel = Some(channel.code.to_owned());
        self.payment_destination = Some(channel::destination(&self.id));
        self.backstage.chosen = true;
        self.updated = now.trunc_subsecs(3);
        Ok(())
    }

    /// Stops it from being paid.
    ///
    /// # Errors
    /// [`InvoiceError::NotPending`] unless it waits for the customer.
    pub fn expire(&mut self, now: DateTime<Utc>) -> Result<(), InvoiceError> {
        match self.status {
            InvoiceStatus::Pending => {
                self.status = InvoiceStatus::Expired;
                self.updated = now.trunc_subsecs(3);
                Ok(())
            }
            InvoiceStatus::Paid | InvoiceStatus::Settled | InvoiceStatus::Expired => {
                Err(InvoiceError::NotPending)
            }
        }
    }

    /// Moves the money to the merchant's balance.
    ///
    /// # Errors
    /// [`InvoiceError::NotPaid`] unless it is paid and not settled yet.
    pub fn settle(&mut self, now: DateTime<Utc>) -> Result<(), InvoiceError> {
        match self.status {
            InvoiceStatus::Paid => {
                self.status = InvoiceStatus::Settled;
                self.updated = now.trunc_subsecs(3);
                Ok(())
            }
            InvoiceStatus::Pending | InvoiceStatus::Settled | InvoiceStatus::Expired => {
                Err(InvoiceError::NotPaid)
            }
        }
    }
}
