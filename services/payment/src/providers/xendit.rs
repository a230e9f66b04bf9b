//! Xendit's invoice and refund API over HTTP (`contract.md` section 8). Amounts are whole rupiah,
//! the secret key is the user name of basic authentication. Only the base URL differs in tests.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use konveksi_kernel::Money;
use konveksi_settings::{ExposeSecret as _, SecretString};
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::http::{client, is_plain_id, traced};
use super::{
    FeesOnTop, MadeLink, NewLink, NewRefund, PaymentProvider, ProviderError, ProviderInvoice,
    ProviderRefund, ProviderStatus, RefundProgress,
};

/// The provider's API.
#[derive(Clone)]
pub(crate) struct Xendit {
    client: Client,
    base_url: String,
    secret_key: SecretString,
}

/// Their words for where an invoice stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum Status {
    Pending,
    Paid,
    Settled,
    Expired,
    #[serde(other)]
    Unknown,
}

/// Their invoice.
#[derive(Debug, Clone, Deserialize)]
struct Told {
    id: String,
    external_id: String,
    status: Status,
    amount: Money,
    #[serde(default)]
    paid_amount: Option<Money>,
    #[serde(default)]
    paid_at: Option<DateTime<Utc>>,
    #[serde(default = "rupiah")]
    currency: String,
    #[serde(default)]
    payment_method: Option<String>,
    #[serde(default)]
    invoice_url: String,
    /// What it let the customer pay on top, for itself.
    #[serde(default)]
    fees: Vec<Fee>,
}

/// One fee on top of an invoice.
#[derive(Debug, Clone, Deserialize)]
struct Fee {
    value: Money,
}

fn rupiah() -> String {
    "IDR".to_owned()
}

impl From<Told> for ProviderInvoice {
    fn from(invoice: Told) -> ProviderInvoice {
        let fees = invoice.fees.iter().try_fold(Money::ZERO, |sum, fee| sum.plus(fee.value));
        let fees = fees.unwrap_or(Money::ZERO);
        ProviderInvoice {
            id: invoice.id,
            external_id: invoice.external_id,
            status: match invoice.status {
                Status::Pending => ProviderStatus::Pending,
                Status::Paid | Status::Settled => ProviderStatus::Paid,
                Status::Expired => ProviderStatus::Expired,
                Status::Unknown => ProviderStatus::Unknown,
            },
            amount: invoice.paid_amount.unwrap_or(invoice.amount),
            fees: FeesOnTop::Named(fees),
            paid_at: invoice.paid_at,
            currency: invoice.currency,
            method: invoice.payment_method,
            url: invoice.invoice_url,
        }
    }
}

/// Their words for where a refund stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum RefundStatus {
    Succeeded,
    Failed,
    Cancelled,
    /// Also what this version does not know: asked again until it ends.
    #[serde(other)]
    Pending,
}

/// Their refund.
#[derive(Debug, Clone, Deserialize)]
struct Refund {
    id: String,
    #[serde(default)]
    reference_id: Option<String>,
    amount: Money,
    status: RefundStatus,
    #[serde(default)]
    failure_code: Option<String>,
    #[serde(default)]
    updated: Option<DateTime<Utc>>,
}

impl From<Refund> for ProviderRefund {
    fn from(refund: Refund) -> ProviderRefund {
        let why = refund.failure_code.unwrap_or_else(|| "no reason given".to_owned());
        ProviderRefund {
            id: refund.id,
            amount: refund.amount,
            progress: match refund.status {
                RefundStatus::Pending => RefundProgress::Pending,
                RefundStatus::Succeeded => RefundProgress::Paid(refund.updated),
                RefundStatus::Failed | RefundStatus::Cancelled => {
                    RefundProgress::Failed(why.chars().take(200).collect())
                }
            },
        }
    }
}

#[derive(Debug, Deserialize)]
struct RefundList {
    data: Vec<Refund>,
}

/// Their error body.
#[derive(Debug, Default, Deserialize)]
struct ErrorBody {
    #[serde(default)]
    error_code: String,
}

impl Xendit {
    /// Prepares calls to `base_url` (such as `https://api.xendit.co`) with our secret key.
    ///
    /// # Errors
    /// [`ProviderError::Unreachable`] when the HTTP client cannot be set up.
    pub(crate) fn new(base_url: &str, secret_key: SecretString) -> Result<Xendit, ProviderError> {
        let base_url = base_url.trim_end_matches('/').to_owned();
        Ok(Xendit { client: client()?, base_url, secret_key })
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self
            .client
            .request(method, format!("{}{path}", self.base_url))
            .basic_auth(self.secret_key.expose_secret(), Some(""));
        traced(request)
    }
}

#[async_trait]
impl PaymentProvider for Xendit {
    async fn create(&self, link: &NewLink) -> Result<MadeLink, ProviderError> {
        let body = json!({
            "external_id": link.external_id,
            "amount": whole(link.amount),
            "currency": "IDR",
            "description": link.description,
            "invoice_duration": link.lifetime.num_seconds().max(60),
            "success_redirect_url": link.success_url,
            "failure_redirect_url": link.failure_url,
        });
        let made: Told = read(self.request(Method::POST, "/v2/invoices").json(&body)).await?;
        Ok(MadeLink { id: made.id, url: made.invoice_url })
    }

    async fn get(&self, id: &str) -> Result<ProviderInvoice, ProviderError> {
        if !is_plain_id(id) {
            return Err(ProviderError::NotFound);
        }
        let found: Told = read(self.request(Method::GET, &format!("/v2/invoices/{id}"))).await?;
        Ok(found.into())
    }

    /// The newest when there are several.
    async fn find(&self, external_id: &str) -> Result<Option<ProviderInvoice>, ProviderError> {
        let request =
            self.request(Method::GET, "/v2/invoices").query(&[("external_id", external_id)]);
        let found: Vec<Told> = read(request).await?;
        Ok(found.into_iter().find(|one| one.external_id == external_id).map(ProviderInvoice::from))
    }

    async fn expire(&self, id: &str) -> Result<(), ProviderError> {
        if !is_plain_id(id) {
            return Err(ProviderError::NotFound);
        }
        let path = format!("/invoices/{id}/expire!");
        let _expired: Told = read(self.request(Method::POST, &path)).await?;
        Ok(())
    }

    async fn refund(&self, refund: &NewRefund) -> Result<ProviderRefund, ProviderError> {
        let body = json!({
            "invoice_id": refund.of,
            "reference_id": refund.key,
            "amount": whole(refund.amount),
            "currency": "IDR",
            "reason": "REQUESTED_BY_CUSTOMER",
        });
        let request = self.request(Method::POST, "/refunds").header("idempotency-key", &refund.key);
        let made: Refund = read(request.json(&body)).await?;
        Ok(made.into())
    }

    async fn find_refund(
        &self,
        refund: &NewRefund,
    ) -> Result<Option<ProviderRefund>, ProviderError> {
        let request = self.request(Method::GET, "/refunds").query(&[("invoice_id", &refund.of)]);
        let list: RefundList = read(request).await?;
        let own = |one: &Refund| one.reference_id.as_deref() == Some(&refund.key);
        Ok(list.data.into_iter().find(own).map(ProviderRefund::from))
    }
}

/// The provider wants a number; amounts that go out are whole ones, checked when they were stored.
fn whole(amount: Money) -> u64 {
    amount.to_whole_rupiah_string().parse().unwrap_or(0)
}

/// Sends, and reads the answer or the error.
async fn read<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, ProviderError> {
    let answer = request.send().await.map_err(ProviderError::Unreachable)?;
    let status = answer.status();
    let body = answer.bytes().await.map_err(ProviderError::Unreachable)?;
    if status.is_success() {
        return serde_json::from_slice(&body)
            .map_err(|error| ProviderError::Unreadable(error.to_string()));
    }
    if status == StatusCode::NOT_FOUND {
        return Err(ProviderError::NotFound);
    }
    let code = serde_json::from_slice::<ErrorBody>(&body).unwrap_or_default().error_code;
    Err(ProviderError::Answered { status, code: code.chars().take(80).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invoice_of_the_provider_is_read() {
        let invoice: Told = serde_json::from_str(
            r#"{"id":"1","external_id":"INV-1","status":"PAID","amount":4500000,
                "paid_amount":4500000,"paid_at":"2025-06-30T10:00:00.000Z","currency":"IDR",
                "payment_method":"BANK_TRANSFER","invoice_url":"https://x","user_id":"u"}"#,
        )
        .unwrap();
        let read = ProviderInvoice::from(invoice);
        assert_eq!(read.status, ProviderStatus::Paid);
        assert_eq!(read.amount, Money::from_rupiah(4_500_000).unwrap());
    }

    #[test]
    fn a_fee_on_top_is_no_overpayment() {
        let rupiah = |amount| Money::from_rupiah(amount).unwrap();
        let asked = rupiah(4_500_000);
        let read = |paid: u64, fees: &str| -> (Money, Money) {
            let told: Told = serde_json::from_str(&format!(
                r#"{{"id":"1","external_id":"x","status":"PAID","amount":4500000,
                    "paid_amount":{paid},"fees":{fees}}}"#
            ))
            .unwrap();
            let read = ProviderInvoice::from(told);
            (read.received(asked), read.fee_on_top(asked))
        };
        let fees = r#"[{"type":"ADMIN","value":5000},{"type":"PPN","value":550}]"#;
        assert_eq!(read(4_505_550, fees), (asked, rupiah(5_550)));
        assert_eq!(read(4_500_000, fees), (asked, Money::ZERO), "a fee that we pay ourselves");
        assert_eq!(read(4_600_000, fees), (rupiah(4_594_450), rupiah(5_550)), "too much");
        assert_eq!(read(4_000_000, fees), (rupiah(4_000_000), Money::ZERO), "too little");
    }

    #[test]
    fn an_unknown_word_does_not_break_reading() {
        let status: Status = serde_json::from_str("\"PARTIAL\"").unwrap();
        assert_eq!(status, Status::Unknown);
        let status: RefundStatus = serde_json::from_str("\"REVIEW\"").unwrap();
        assert_eq!(status, RefundStatus::Pending);
    }
}
