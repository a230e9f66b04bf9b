//! How the outside world misbehaves: settable at runtime, whole or per request.

use std::sync::Mutex;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::invoice::ProviderKind;
use crate::lock::locked;

/// Header that changes the switches for one request only; its value is a part of the JSON.
pub const SWITCHES_HEADER: &str = "x-sandbox-switches";

/// One thing a provider is asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Api {
    /// `POST /v2/invoices`.
    XenditCreate,
    /// `GET /v2/invoices/{id}` and `GET /v2/invoices`.
    XenditGet,
    /// `POST /invoices/{id}/expire!`.
    XenditExpire,
    /// `POST /refunds`.
    XenditRefund,
    /// `GET /refunds/{id}` and `GET /refunds`.
    XenditRefundGet,
    /// `POST /snap/v1/transactions`.
    MidtransCreate,
    /// `GET /v2/{id}/status`.
    MidtransGet,
    /// `POST /v2/{id}/expire` and `POST /v2/{id}/cancel`.
    MidtransExpire,
    /// `POST /v2/{id}/refund` and `POST /v2/{id}/refund/online/direct`.
    MidtransRefund,
    /// `POST /send`.
    FonnteSend,
    /// The end of `DATA`.
    Smtp,
}

/// All switches. What a document leaves out stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Switches {
    /// Making an invoice.
    pub xendit_create: ApiSwitch,
    /// Reading invoices.
    pub xendit_get: ApiSwitch,
    /// Expiring an invoice.
    pub xendit_expire: ApiSwitch,
    /// Paying back at Xendit.
    pub xendit_refund: ApiSwitch,
    /// Reading refunds at Xendit.
    pub xendit_refund_get: ApiSwitch,
    /// Making a transaction at Midtrans.
    pub midtrans_create: ApiSwitch,
    /// Reading one there.
    pub midtrans_get: ApiSwitch,
    /// Ending one there.
    pub midtrans_expire: ApiSwitch,
    /// Paying back there.
    pub midtrans_refund: ApiSwitch,
    /// How refunds end, at both.
    pub refunds: RefundOutcome,
    /// Sending a WhatsApp message.
    pub fonnte_send: ApiSwitch,
    /// Taking a mail.
    pub smtp: ApiSwitch,
    /// What is told to the merchant, and how.
    pub callbacks: CallbackSwitch,
}

/// How a refund ends once it was asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefundOutcome {
    /// It is paid at once and told.
    #[default]
    Succeed,
    /// It waits for `POST /_refunds/{id}/succeed` or `/fail`.
    Hold,
    /// It fails at once and that is told.
    Fail,
}

/// How one API misbehaves.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApiSwitch {
    /// The effect happens at once; the answer waits this long.
    pub delay_ms: u64,
    /// How many of the next requests fail.
    pub fail_next: FailNext,
}

/// Requests that fail.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FailNext {
    /// How many are left.
    pub count: u32,
    /// HTTP status (SMTP: reply code) of the answer; absent: 500, SMTP 451.
    pub status: Option<u16>,
    /// Whether the request has its effect although the answer says it failed.
    pub after_effect: bool,
}

/// How callbacks are told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallbackSwitch {
    /// Where they go; absent: nowhere.
    pub url: Option<String>,
    /// Where Midtrans's go; absent: nowhere.
    pub midtrans_url: Option<String>,
    /// Off: nothing is told, as if the provider's callbacks were down.
    pub enabled: bool,
    /// On: they wait until `POST /_callbacks/release`.
    pub held: bool,
    /// How many more times each is told.
    pub duplicates: u32,
    /// Whether the copies go out at the same time instead of one after the other.
    pub concurrent: bool,
    /// How long to wait before each further try when none was answered with 2xx.
    pub retry_delays_ms: Vec<u64>,
    /// How long one try may take; one that takes longer is not tried again, as at the provider.
    pub timeout_ms: u64,
}

impl Default for CallbackSwitch {
    fn default() -> Self {
        CallbackSwitch {
            url: None,
            midtrans_url: None,
            enabled: true,
            held: false,
            duplicates: 0,
            concurrent: false,
            // The provider's 15 min, 45 min, 2 h, 3 h, 6 h, 12 h, at one second for 15 minutes.
            retry_delays_ms: vec![1_000, 3_000, 8_000, 12_000, 24_000, 48_000],
            timeout_ms: 30_000,
        }
    }
}

impl CallbackSwitch {
    /// Where a provider's callbacks go.
    pub(crate) fn url_of(&self, provider: ProviderKind) -> Option<&str> {
        match provider {
            ProviderKind::Xendit => self.url.as_deref(),
            ProviderKind::Midtrans => self.midtrans_url.as_deref(),
        }
    }
}

/// What one request to an API meets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Turn {
    /// How long its answer waits.
    pub(crate) delay_ms: u64,
    /// Whether its answer is a failure.
    pub(crate) failure: Option<Failure>,
}

/// A failing answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Failure {
    /// HTTP status or SMTP code.
    pub(crate) status: Option<u16>,
    /// Whether the effect happens nevertheless.
    pub(crate) after_effect: bool,
}

/// The switches of one sandbox and what a reset brings back.
#[derive(Debug)]
pub(crate) struct Switchboard {
    initial: Mutex<Switches>,
    current: Mutex<Switches>,
}

impl Switchboard {
    /// All well, Xendit's callbacks going to `callback_url` and Midtrans's to `midtrans_url`.
    pub(crate) fn new(callback_url: Option<String>, midtrans_url: Option<String>) -> Switchboard {
        let mut initial = Switches::default();
        initial.callbacks.url = callback_url;
        initial.callbacks.midtrans_url = midtrans_url;
        Switchboard { current: Mutex::new(initial.clone()), initial: Mutex::new(initial) }
    }

    /// The switches as they are.
    pub(crate) fn current(&self) -> Switches {
        locked(&self.current).clone()
    }

    /// Changes them.
    pub(crate) fn change(&self, change: impl FnOnce(&mut Switches)) -> Switches {
        let mut current = locked(&self.current);
        change(&mut current);
        current.clone()
    }

    /// Changes what `part` names.
    ///
    /// # Errors
    /// What is wrong with `part`; nothing is changed then.
    pub(crate) fn merge(&self, part: &Value) -> Result<Switches, serde_json::Error> {
        let mut current = locked(&self.current);
        *current = merged(&current, part)?;
        Ok(current.clone())
    }

    /// Everything as at the start.
    pub(crate) fn reset(&self) -> Switches {
        let initial = locked(&self.initial).clone();
        self.change(|switches| *switches = initial)
    }

    /// Where callbacks go from now on, also after a reset.
    pub(crate) fn set_callback_url(&self, url: &str) {
        locked(&self.initial).callbacks.url = Some(url.to_owned());
        self.change(|switches| switches.callbacks.url = Some(url.to_owned()));
    }

    /// Where Midtrans's callbacks go from now on, also after a reset.
    pub(crate) fn set_midtrans_callback_url(&self, url: &str) {
        locked(&self.initial).callbacks.midtrans_url = Some(url.to_owned());
        self.change(|switches| switches.callbacks.midtrans_url = Some(url.to_owned()));
    }

    /// What the next request to `api` meets; `part` is its own header, if it has one. Uses up one
    /// of `fail_next`.
    ///
    /// # Errors
    /// What is wrong with `part`.
    pub(crate) fn turn(&self, api: Api, part: Option<&Value>) -> Result<Turn, serde_json::Error> {
        let mut current = locked(&self.current);
        let mut own = part.map(|part| merged(&current, part)).transpose()?;
        let switch = own.as_mut().unwrap_or(&mut current).api(api);
        let failure = (switch.fail_next.count > 0).then_some(Failure {
            status: switch.fail_next.status,
            after_effect: switch.fail_next.after_effect,
        });
        switch.fail_next.count = switch.fail_next.count.saturating_sub(1);
        Ok(Turn { delay_ms: switch.delay_ms, failure })
    }

    /// How a callback caused by a request with the header `part` is told.
    ///
    /// # Errors
    /// What is wrong with `part`.
    pub(crate) fn callbacks(
        &self,
        part: Option<&Value>,
    ) -> Result<CallbackSwitch, serde_json::Error> {
        let current = self.current();
        match part {
            Some(part) => Ok(merged(&current, part)?.callbacks),
            None => Ok(current.callbacks),
        }
    }
}

impl Switches {
    fn api(&mut self, api: Api) -> &mut ApiSwitch {
        match api {
            Api::XenditCreate => &mut self.xendit_create,
            Api::XenditGet => &mut self.xendit_get,
            Api::XenditExpire => &mut self.xendit_expire,
            Api::XenditRefund => &mut self.xendit_refund,
            Api::XenditRefundGet => &mut self.xendit_refund_get,
            Api::MidtransCreate => &mut self.midtrans_create,
            Api::MidtransGet => &mut self.midtrans_get,
            Api::MidtransExpire => &mut self.midtrans_expire,
            Api::MidtransRefund => &mut self.midtrans_refund,
            Api::FonnteSend => &mut self.fonnte_send,
            Api::Smtp => &mut self.smtp,
        }
    }
}

fn merged(current: &Switches, part: &Value) -> Result<Switches, serde_json::Error> {
    let mut whole = serde_json::to_value(current)?;
    overlay(&mut whole, part);
    serde_json::from_value(whole)
}

fn overlay(whole: &mut Value, part: &Value) {
    match (whole, part) {
        (Value::Object(whole), Value::Object(part)) => {
            for (name, value) in part {
                overlay(whole.entry(name.as_str()).or_insert(Value::Null), value);
            }
        }
        (whole, part) => *whole = part.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_part_changes_only_what_it_names() {
        let board = Switchboard::new(Some("http://gateway/hook".to_owned()), None);
        board.merge(&json!({ "xendit_create": { "delay_ms": 50 } })).unwrap();
        let now = board.merge(&json!({ "callbacks": { "duplicates": 19 } })).unwrap();
        assert_eq!(now.xendit_create.delay_ms, 50);
        assert_eq!(now.callbacks.duplicates, 19);
        assert_eq!(now.callbacks.url.as_deref(), Some("http://gateway/hook"));
        assert_eq!(board.reset().callbacks.duplicates, 0);
    }

    #[test]
    fn a_misspelt_switch_is_refused_and_changes_nothing() {
        let board = Switchboard::new(None, None);
        let part = json!({ "xendit_create": { "delay_ms": 5, "fail_nxt": {} } });
        assert!(board.merge(&part).is_err());
        assert_eq!(board.current(), Switches::default());
    }

    #[test]
    fn fail_next_is_used_up() {
        let board = Switchboard::new(None, None);
        board.change(|switches| switches.fonnte_send.fail_next.count = 1);
        assert!(board.turn(Api::FonnteSend, None).unwrap().failure.is_some());
        assert!(board.turn(Api::FonnteSend, None).unwrap().failure.is_none());
    }

    #[test]
    fn a_request_of_its_own_switches_leaves_the_others_alone() {
        let board = Switchboard::new(None, None);
        let part = json!({ "xendit_get": { "fail_next": { "count": 1, "status": 503 } } });
        let failure = board.turn(Api::XenditGet, Some(&part)).unwrap().failure.unwrap();
        assert_eq!(failure.status, Some(503));
        assert_eq!(board.turn(Api::XenditGet, None).unwrap(), Turn::default());
    }
}
