//! Xendit's invoice API over HTTP (`contract.md` section 8). Amounts are whole rupiah, the secret
//! key is the user name of basic authentication. Only the base URL differs in tests.

use std::time::Duration;

use chrono::{DateTime, Utc};
use konveksi_kernel::Money;
use konveksi_settings::{ExposeSecret as _, SecretString};
use konveksi_telemetry::TraceContext;
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::ProviderError;

/// How long connecting may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// How long a whole call may take; well below the lease on a link (30 s), which covers two calls.
const TOTAL_TIMEOUT: Duration = Duration::from_secs(10);

/// The provider's API.
#[derive(Clone)]
pub(crate) struct Xendit {
    client: Client,
    base_url: String,
    secret_key: SecretString,
}

/// A link to be made.
#[derive(Debug, Clone)]
pub(crate) struct NewLink {
    /// Our name for it.
    pub(crate) external_id: String,
    /// What it asks for; whole rupiah.
    pub(crate) amount: Money,
    /// What the customer reads.
    pub(crate) description: String,
    /// How long it can be paid.
    pub(crate) lifetime: chrono::Duration,
    /// Where the browser goes after paying.
    pub(crate) success_url: String,
    /// Where the browser goes after failing to pay.
    pub(crate) failure_url: String,
}

/// Where an invoice stands at the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum ProviderStatus {
    /// Waits for money.
    Pending,
    /// Paid; the provider holds the money.
    Paid,
    /// Paid; the money is on its way to us.
    Settled,
    /// Can no longer be paid.
    Expired,
    /// A word this version does not know.
    #[serde(other)]
    Unknown,
}

/// An invoice as the provider tells it.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct ProviderInvoice {
    /// Their id.
    pub(crate) id: String,
    /// Our name for it.
    pub(crate) external_id: String,
    /// Where it stands.
    pub(crate) status: ProviderStatus,
    /// What it asks for, in rupiah.
    pub(crate) amount: Money,
    /// What came; absent before it is paid.
    #[serde(default)]
    pub(crate) paid_amount: Option<Money>,
    /// When it was paid.
    #[serde(default)]
    pub(crate) paid_at: Option<DateTime<Utc>>,
    /// The currency of the amounts.
    #[serde(default = "rupiah")]
    pub(crate) currency: String,
    /// How it was paid, such as `BANK_TRANSFER`.
    #[serde(default)]
    pub(crate) payment_method: Option<String>,
    /// Where the customer pays.
    #[serde(default)]
    pub(crate) invoice_url: String,
}

fn rupiah() -> String {
    "IDR".to_owned()
}

impl ProviderInvoice {
    /// What came in, in rupiah.
    pub(crate) fn received(&self) -> Money {
        self.paid_amount.unwrap_or(self.amount)
    }
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
        let client = Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TOTAL_TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent("konveksi-payment/2")
            .build()
            .map_err(ProviderError::Unreachable)?;
        Ok(Xendit { client, base_url: base_url.trim_end_matches('/').to_owned(), secret_key })
    }

    /// Makes a link.
    ///
    /// # Errors
    /// [`ProviderError`]; after [`ProviderError::Unreachable`] it may exist all the same:
    /// [`Xendit::find`] tells.
    pub(crate) async fn create(&self, link: &NewLink) -> Result<ProviderInvoice, ProviderError> {
        // The provider wants a number; the amount is a whole one, checked when it was stored.
        let amount: u64 = link.amount.to_whole_rupiah_string().parse().unwrap_or(0);
        let body = json!({
            "external_id": link.external_id,
            "amount": amount,
            "currency": "IDR",
            "description": link.description,
            "invoice_duration": link.lifetime.num_seconds().max(60),
            "success_redirect_url": link.success_url,
            "failure_redirect_url": link.failure_url,
        });
        read(self.request(Method::POST, "/v2/invoices").json(&body)).await
    }

    /// Reads an invoice by the provider's id.
    ///
    /// # Errors
    /// [`ProviderError`].
    pub(crate) async fn get(&self, id: &str) -> Result<ProviderInvoice, ProviderError> {
        if !is_plain_id(id) {
            return Err(ProviderError::NotFound);
        }
        read(self.request(Method::GET, &format!("/v2/invoices/{id}"))).await
    }

    /// Looks an invoice up by our name for it; the newest when there are several.
    ///
    /// # Errors
    /// [`ProviderError`].
    pub(crate) async fn find(
        &self,
        external_id: &str,
    ) -> Result<Option<ProviderInvoice>, ProviderError> {
        let request =
            self.request(Method::GET, "/v2/invoices").query(&[("external_id", external_id)]);
        let found: Vec<ProviderInvoice> = read(request).await?;
        Ok(found.into_iter().find(|invoice| invoice.external_id == external_id))
    }

    /// Takes a link down, so that it can no longer be paid.
    ///
    /// # Errors
    /// [`ProviderError::NotFound`] when it is unknown, paid or expired already, else as above.
    pub(crate) async fn expire(&self, id: &str) -> Result<ProviderInvoice, ProviderError> {
        if !is_plain_id(id) {
            return Err(ProviderError::NotFound);
        }
        read(self.request(Method::POST, &format!("/invoices/{id}/expire!"))).await
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self
            .client
            .request(method, format!("{}{path}", self.base_url))
            .basic_auth(self.secret_key.expose_secret(), Some(""));
        TraceContext::current()
            .headers()
            .fold(request, |request, (name, value)| request.header(name, value))
    }
}

/// Ids come from callbacks too and become part of a path.
fn is_plain_id(id: &str) -> bool {
    (1..=128).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// Sends, and reads the answer or the error.
async fn read<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, ProviderError> {
    let response = request.send().await.map_err(ProviderError::Unreachable)?;
    let status = response.status();
    let body = response.bytes().await.map_err(ProviderError::Unreachable)?;
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
    fn ids_that_could_leave_their_path_are_unknown() {
        assert!(is_plain_id("64f1c0ffee"));
        for id in ["", "../v2/balance", "a/b", "a?b", "a%2fb"] {
            assert!(!is_plain_id(id), "{id}");
        }
    }

    #[test]
    fn an_invoice_of_the_provider_is_read() {
        let invoice: ProviderInvoice = serde_json::from_str(
            r#"{"id":"1","external_id":"INV-1","status":"PAID","amount":4500000,
                "paid_amount":4500000,"paid_at":"2025-06-30T10:00:00.000Z","currency":"IDR",
                "payment_method":"BANK_TRANSFER","invoice_url":"https://x","user_id":"u"}"#,
        )
        .unwrap();
        assert_eq!(invoice.status, ProviderStatus::Paid);
        assert_eq!(invoice.received(), Money::from_rupiah(4_500_000).unwrap());
    }

    #[test]
    fn an_unknown_status_does_not_break_reading() {
        let status: ProviderStatus = serde_json::from_str("\"PARTIAL\"").unwrap();
        assert_eq!(status, ProviderStatus::Unknown);
    }
}
