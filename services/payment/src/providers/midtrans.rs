//! Midtrans: Snap makes the payment page, the Core API tells of it. The server key is the user
//! name of basic authentication and signs notifications. Differences to Xendit that matter here:
//! our order id is their name for a transaction; they know none before its customer chose a way
//! to pay; the verdict is `status_code` in the body, whatever the HTTP status; and times are WIB.

use async_trait::async_trait;
use chrono::{DateTime, FixedOffset, NaiveDateTime, TimeZone as _, Utc};
use konveksi_kernel::Money;
use konveksi_settings::{ExposeSecret, SecretString};
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha512};
use subtle::{Choice, ConstantTimeEq as _};

use super::http::{client, is_plain_id, traced};
use super::{
    FeesOnTop, MadeLink, NewLink, NewRefund, PaymentProvider, ProviderError, ProviderInvoice,
    ProviderRefund, ProviderStatus, RefundProgress,
};

/// Seconds that WIB, the provider's time, is ahead of UTC.
const WIB_SECONDS: i32 = 7 * 3_600;

/// How Midtrans is reached.
pub(crate) struct MidtransSettings {
    /// The Core API, such as `https://api.midtrans.com`.
    pub(crate) base_url: String,
    /// Snap, such as `https://app.midtrans.com`.
    pub(crate) snap_base_url: String,
    /// The server keys, separated by commas: the first one calls, all of them may sign.
    pub(crate) server_keys: SecretString,
}

/// The provider's API.
#[derive(Clone)]
pub(crate) struct Midtrans {
    client: Client,
    base_url: String,
    snap_base_url: String,
    server_keys: Vec<SecretString>,
}

/// What a notification claims and how it is signed.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Signed {
    /// Our name for the transaction.
    pub(crate) order_id: String,
    /// The verdict.
    pub(crate) status_code: String,
    /// The amount, as text.
    pub(crate) gross_amount: String,
    /// The signature over these three.
    pub(crate) signature_key: String,
    /// What became of it.
    pub(crate) transaction_status: String,
}

/// Their transaction, and any other answer of the Core API.
#[derive(Debug, Default, Deserialize)]
struct Told {
    #[serde(default)]
    status_code: String,
    #[serde(default)]
    status_message: String,
    #[serde(default)]
    order_id: String,
    #[serde(default)]
    transaction_status: String,
    #[serde(default)]
    fraud_status: String,
    #[serde(default)]
    gross_amount: Option<Money>,
    #[serde(default)]
    currency: Option<String>,
    #[serde(default)]
    payment_type: Option<String>,
    #[serde(default)]
    transaction_time: Option<String>,
    #[serde(default)]
    settlement_time: Option<String>,
    #[serde(default)]
    refunds: Vec<PaidBack>,
}

#[derive(Debug, Deserialize)]
struct PaidBack {
    #[serde(default)]
    refund_key: String,
    refund_amount: Money,
    #[serde(default)]
    created_at: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Page {
    redirect_url: String,
}

impl Signed {
    /// What the notification claims of the transaction.
    pub(crate) fn claims(&self) -> ProviderStatus {
        status_of(&self.transaction_status, "")
    }
}

impl Midtrans {
    /// Prepares calls.
    ///
    /// # Errors
    /// [`ProviderError::NotSetUp`] without a key; [`ProviderError::Unreachable`] when the HTTP
    /// client cannot be set up.
    pub(crate) fn new(settings: &MidtransSettings) -> Result<Midtrans, ProviderError> {
        let keys = settings.server_keys.expose_secret().split(',').map(str::trim);
        let server_keys: Vec<SecretString> =
            keys.filter(|key| !key.is_empty()).map(SecretString::from).collect();
        if server_keys.is_empty() {
            return Err(ProviderError::NotSetUp);
        }
        Ok(Midtrans {
            client: client()?,
            base_url: settings.base_url.trim_end_matches('/').to_owned(),
            snap_base_url: settings.snap_base_url.trim_end_matches('/').to_owned(),
            server_keys,
        })
    }

    /// Whether one of our keys signed it: `sha512(order_id + status_code + gross_amount + key)`.
    /// Takes the same time whichever character differs, and for whichever key.
    pub(crate) fn signed(&self, notice: &Signed) -> bool {
        let given = notice.signature_key.to_ascii_lowercase();
        let claim = format!("{}{}{}", notice.order_id, notice.status_code, notice.gross_amount);
        let found = self.server_keys.iter().fold(Choice::from(0), |found, key| {
            let digest = Sha512::digest(format!("{claim}{}", key.expose_secret()));
            found | hex::encode(digest).as_bytes().ct_eq(given.as_bytes())
        });
        found.into()
    }

    fn request(&self, method: Method, url: String) -> RequestBuilder {
        let key = self.server_keys.first().map(ExposeSecret::expose_secret).unwrap_or_default();
        traced(self.client.request(method, url).basic_auth(key, Some("")))
    }

    /// A call of the Core API about one transaction.
    async fn about(
        &self,
        method: Method,
        id: &str,
        what: &str,
        body: Option<Value>,
    ) -> Result<Told, ProviderError> {
        if !is_plain_id(id) {
            return Err(ProviderError::NotFound);
        }
        let mut request = self.request(method, format!("{}/v2/{id}/{what}", self.base_url));
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.map_err(ProviderError::Unreachable)?;
        let http = answer.status();
        let bytes = answer.bytes().await.map_err(ProviderError::Unreachable)?;
        let read: Told = match serde_json::from_slice(&bytes) {
            Ok(read) => read,
            Err(_unreadable) if !http.is_success() => {
                return Err(ProviderError::Answered { status: http, code: String::new() });
            }
            Err(error) => return Err(ProviderError::Unreadable(error.to_string())),
        };
        let verdict =
            read.status_code.parse().ok().and_then(|code| StatusCode::from_u16(code).ok());
        match verdict.unwrap_or(http) {
            // 407 is a transaction whose time is over, which is an answer and no failure.
            verdict if verdict.is_success() || verdict.as_u16() == 407 => Ok(read),
            StatusCode::NOT_FOUND => Err(ProviderError::NotFound),
            status => {
                let code = read.status_message.chars().take(80).collect();
                Err(ProviderError::Answered { status, code })
            }
        }
    }
}

impl Told {
    fn status(&self) -> ProviderStatus {
        status_of(&self.transaction_status, &self.fraud_status)
    }
}

fn status_of(transaction_status: &str, fraud_status: &str) -> ProviderStatus {
    match (transaction_status, fraud_status) {
        // Waits for a person to look at it.
        ("capture", "challenge")
        // A denied card leaves the page open for another try.
        | ("pending" | "authorize" | "deny", _) => ProviderStatus::Pending,
        // What went back, or was taken back by the card's holder, had been paid.
        (
            "settlement" | "capture" | "refund" | "partial_refund" | "chargeback"
            | "partial_chargeback",
            _,
        ) => ProviderStatus::Paid,
        ("expire" | "cancel" | "failure", _) => ProviderStatus::Expired,
        _ => ProviderStatus::Unknown,
    }
}

impl From<Told> for ProviderInvoice {
    fn from(read: Told) -> ProviderInvoice {
        let status = read.status();
        let at = read.settlement_time.as_deref().or(read.transaction_time.as_deref());
        ProviderInvoice {
            id: read.order_id.clone(),
            external_id: read.order_id,
            status,
            amount: read.gross_amount.unwrap_or(Money::ZERO),
            // A fee that the merchant lets its customers pay raises gross_amount.
            fees: FeesOnTop::Unnamed,
            paid_at: at.filter(|_at| status == ProviderStatus::Paid).and_then(from_wib),
            currency: read.currency.unwrap_or_else(|| "IDR".to_owned()),
            method: read.payment_type,
            url: String::new(),
        }
    }
}

#[async_trait]
impl PaymentProvider for Midtrans {
    async fn create(&self, link: &NewLink) -> Result<MadeLink, ProviderError> {
        let amount: u64 = link.amount.to_whole_rupiah_string().parse().unwrap_or(0);
        // Their items' names end at 50 characters.
        let name: String = link.description.chars().take(50).collect();
        let body = json!({
            "transaction_details": { "order_id": link.external_id, "gross_amount": amount },
            "item_details": [{ "id": link.external_id, "price": amount, "quantity": 1, "name": name }],
            "credit_card": { "secure": true },
            "callbacks": { "finish": link.success_url, "error": link.failure_url },
            "expiry": { "unit": "minutes", "duration": link.lifetime.num_minutes().max(1) },
        });
        let url = format!("{}/snap/v1/transactions", self.snap_base_url);
        let request = self.request(Method::POST, url).json(&body);
        let answer = request.send().await.map_err(ProviderError::Unreachable)?;
        let status = answer.status();
        let bytes = answer.bytes().await.map_err(ProviderError::Unreachable)?;
        if !status.is_success() {
            let code = String::from_utf8_lossy(&bytes).chars().take(80).collect();
            return Err(ProviderError::Answered { status, code });
        }
        let page: Page = serde_json::from_slice(&bytes)
            .map_err(|error| ProviderError::Unreadable(error.to_string()))?;
        Ok(MadeLink { id: link.external_id.clone(), url: page.redirect_url })
    }

    /// A transaction they do not know waits for its customer's choice.
    async fn get(&self, id: &str) -> Result<ProviderInvoice, ProviderError> {
        match self.about(Method::GET, id, "status", None).await {
            Ok(read) => Ok(read.into()),
            Err(ProviderError::NotFound) if is_plain_id(id) => Ok(ProviderInvoice {
                id: id.to_owned(),
                external_id: id.to_owned(),
                status: ProviderStatus::Pending,
                amount: Money::ZERO,
                fees: FeesOnTop::Unnamed,
                paid_at: None,
                currency: "IDR".to_owned(),
                method: None,
                url: String::new(),
            }),
            Err(error) => Err(error),
        }
    }

    /// Never: a page may be made again for the same order id as long as nobody saw it.
    async fn find(&self, _external_id: &str) -> Result<Option<ProviderInvoice>, ProviderError> {
        Ok(None)
    }

    async fn expire(&self, id: &str) -> Result<(), ProviderError> {
        match self.about(Method::POST, id, "expire", None).await {
            Ok(_ended) => Ok(()),
            Err(ProviderError::Answered { status: StatusCode::PRECONDITION_FAILED, .. }) => {
                Err(ProviderError::NotFound)
            }
            Err(error) => Err(error),
        }
    }

    async fn refund(&self, refund: &NewRefund) -> Result<ProviderRefund, ProviderError> {
        let amount: u64 = refund.amount.to_whole_rupiah_string().parse().unwrap_or(0);
        let body = json!({
            "refund_key": refund.key, "amount": amount, "reason": "Permintaan pelanggan",
        });
        // Cards are paid back by their bank later, wallets at once.
        let what = if refund.method == "credit_card" { "refund" } else { "refund/online/direct" };
        let read = self.about(Method::POST, &refund.of, what, Some(body)).await?;
        let progress = match read.status_code.as_str() {
            "200" => RefundProgress::Paid(None),
            _ => RefundProgress::Pending,
        };
        Ok(ProviderRefund { id: refund.key.clone(), amount: refund.amount, progress })
    }

    async fn find_refund(
        &self,
        refund: &NewRefund,
    ) -> Result<Option<ProviderRefund>, ProviderError> {
        let read = self.about(Method::GET, &refund.of, "status", None).await?;
        let own = read.refunds.into_iter().find(|one| one.refund_key == refund.key);
        Ok(own.map(|one| ProviderRefund {
            id: one.refund_key,
            amount: one.refund_amount,
            progress: RefundProgress::Paid(one.created_at.as_deref().and_then(from_wib)),
        }))
    }
}

fn from_wib(text: &str) -> Option<DateTime<Utc>> {
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").ok()?;
    let at = FixedOffset::east_opt(WIB_SECONDS)?.from_local_datetime(&local).single()?;
    Some(at.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn midtrans(keys: &str) -> Midtrans {
        Midtrans::new(&MidtransSettings {
            base_url: "http://localhost".to_owned(),
            snap_base_url: "http://localhost".to_owned(),
            server_keys: SecretString::from(keys),
        })
        .unwrap()
    }

    /// The example of the provider's documentation, with a key of our own.
    fn notice(key: &str) -> Signed {
        let signed = format!("1111200100000.00{key}");
        Signed {
            order_id: "1111".to_owned(),
            status_code: "200".to_owned(),
            gross_amount: "100000.00".to_owned(),
            signature_key: hex::encode(Sha512::digest(signed)),
            transaction_status: "settlement".to_owned(),
        }
    }

    #[test]
    fn either_of_two_live_keys_may_sign_and_no_other() {
        let midtrans = midtrans("new-key, old-key");
        assert!(midtrans.signed(&notice("new-key")) && midtrans.signed(&notice("old-key")));
        assert!(!midtrans.signed(&notice("other")));
        let forged = Signed { gross_amount: "1.00".to_owned(), ..notice("new-key") };
        assert!(!midtrans.signed(&forged), "another amount needs another signature");
        let empty = Signed { signature_key: String::new(), ..notice("new-key") };
        assert!(!midtrans.signed(&empty));
    }

    #[test]
    fn their_time_is_western_indonesian() {
        let at = from_wib("2023-12-14 19:18:19").unwrap();
        assert_eq!(at.to_rfc3339(), "2023-12-14T12:18:19+00:00");
        assert_eq!(from_wib("yesterday"), None);
    }

    #[test]
    fn what_was_paid_stays_paid_when_some_went_back() {
        let status = |word: &str, fraud: &str| {
            Told {
                transaction_status: word.to_owned(),
                fraud_status: fraud.to_owned(),
                ..Told::default()
            }
            .status()
        };
        assert_eq!(status("partial_refund", "accept"), ProviderStatus::Paid);
        assert_eq!(status("capture", "challenge"), ProviderStatus::Pending);
        assert_eq!(status("deny", ""), ProviderStatus::Pending);
        assert_eq!(status("expire", ""), ProviderStatus::Expired);
        assert_eq!(status("something new", ""), ProviderStatus::Unknown);
    }
}
