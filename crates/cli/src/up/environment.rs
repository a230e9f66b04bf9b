//! What each process is told: its own settings, and nothing of another's.
//!
//! A process gets a variable only if it lists it. So a value that belongs to one service, such as
//! its database's URL, cannot reach another even by mistake.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use anyhow::{Result, bail};

use crate::process::MARK;
use crate::services::Service;

/// Read by every process, whatever it lists.
const SHARED_PREFIXES: [&str; 2] = ["OTEL_", "RUST_"];

/// The migrator's and the administrator's: never handed on, even where a service would read them
/// when its own is absent.
const KEPT_BACK: [&str; 5] = [
    "DATABASE_URL",
    "AMQP_URL",
    "AMQP_MANAGEMENT_URL",
    "KONVEKSI_ADMIN_PASSWORD",
    "KONVEKSI_ADMIN_USERNAME",
];

/// The variables of one process.
pub(crate) type Environment = BTreeMap<String, String>;

/// Puts together what `service` is told: the operator's own words first, then what we offer.
///
/// # Errors
/// When a required setting has neither.
pub(crate) fn of(
    service: &Service,
    offered: &BTreeMap<String, String>,
    operators: &HashMap<String, String>,
    root: &Path,
) -> Result<Environment> {
    let mut told = Environment::new();
    for setting in service.settings {
        let own = operators.get(setting.name).filter(|_| !KEPT_BACK.contains(&setting.name));
        let value = own.or_else(|| offered.get(setting.name)).or_else(|| {
            let other = setting.fallback?;
            let operators = operators.get(other).filter(|_| !KEPT_BACK.contains(&other));
            offered.get(other).or(operators)
        });
        if let Some(value) = value {
            told.insert(setting.name.to_owned(), value.clone());
        } else if setting.required {
            bail!("{} cannot start without {}: {}", service.name, setting.name, setting.doc);
        }
    }
    for setting in konveksi_telemetry::SETTINGS {
        if let Some(value) = operators.get(setting.name) {
            told.insert(setting.name.to_owned(), value.clone());
        }
    }
    for (name, value) in operators {
        if SHARED_PREFIXES.iter().any(|prefix| name.starts_with(prefix)) {
            told.insert(name.clone(), value.clone());
        }
    }
    for name in ["PATH", "HOME", "LANG", "TZ", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR"] {
        if let Some(value) = operators.get(name) {
            told.insert(name.to_owned(), value.clone());
        }
    }
    told.insert(MARK.to_owned(), root.display().to_string());
    Ok(told)
}

/// The environment of this process.
pub(crate) fn operators() -> HashMap<String, String> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use konveksi_settings::Setting;

    use super::*;

    static SETTINGS: &[Setting] = &[
        Setting::required("KONVEKSI_ORDER_DATABASE_URL", "its database").fallback("DATABASE_URL"),
        Setting::with_default("KONVEKSI_ORDER_POOL_SIZE", "8", "connections"),
    ];

    fn order() -> Service {
        Service {
            name: "order",
            port: 8101,
            settings: SETTINGS,
            storage: None,
            serve: |_clock, _shutdown| Box::pin(async { Ok(()) }),
        }
    }

    fn map<M: FromIterator<(String, String)>>(pairs: &[(&str, &str)]) -> M {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_process_is_told_what_it_lists_and_nothing_else() {
        let offered = map(&[
            ("KONVEKSI_ORDER_DATABASE_URL", "postgres://order"),
            ("KONVEKSI_PAYMENT_DATABASE_URL", "postgres://payment"),
        ]);
        let operators = map(&[("KONVEKSI_ORDER_POOL_SIZE", "3"), ("XENDIT_SECRET_KEY", "hush")]);
        let told = of(&order(), &offered, &operators, Path::new("/data")).unwrap();
        assert_eq!(told["KONVEKSI_ORDER_DATABASE_URL"], "postgres://order");
        assert_eq!(told["KONVEKSI_ORDER_POOL_SIZE"], "3");
        assert!(!told.contains_key("KONVEKSI_PAYMENT_DATABASE_URL"));
        assert!(!told.contains_key("XENDIT_SECRET_KEY"));
    }

    #[test]
    fn the_migrators_database_is_nobodys() {
        let operators = map(&[("DATABASE_URL", "postgres://migrator")]);
        let error = of(&order(), &BTreeMap::new(), &operators, Path::new("/data")).unwrap_err();
        assert!(error.to_string().contains("KONVEKSI_ORDER_DATABASE_URL"));
    }
}
