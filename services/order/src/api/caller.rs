//! Who may do what here, beside the gateway's own decision, and in whose name it is done.

use actix_web::http::StatusCode;
use konveksi_identity::{Identity, Kind, Permission};
use konveksi_web::{Caller, Problem};

use crate::app::Acting;
use crate::domain::history::TriggerSource;

/// Staff, an integration or the system with this permission.
///
/// # Errors
/// 403 for everybody else, anonymous callers included: the gateway has asked for a login already.
pub(super) fn require(caller: &Caller, permission: Permission) -> Result<(), Problem> {
    if caller.0.may(permission) { Ok(()) } else { Err(Problem::of_status(StatusCode::FORBIDDEN)) }
}

/// In whose name a call acts.
pub(super) fn acting(identity: &Identity) -> Acting {
    let named = |kind: &str| Some(format!("{kind}:{}", identity.sub));
    match identity.kind {
        Kind::Anonymous => Acting { trigger: TriggerSource::Customer, name: None },
        Kind::Staff => Acting { trigger: TriggerSource::Admin, name: named("staff") },
        Kind::ApiKey => Acting { trigger: TriggerSource::Admin, name: named("apikey") },
        Kind::System => Acting { trigger: TriggerSource::System, name: None },
    }
}

/// Runs `work` so that the events it tells say who acted.
pub(super) async fn on_behalf<F: Future>(acting: &Acting, work: F) -> F::Output {
    let name = acting.name.clone().unwrap_or_else(|| acting.trigger.as_wire().to_owned());
    konveksi_eventing::acting_as(name, work).await
}
