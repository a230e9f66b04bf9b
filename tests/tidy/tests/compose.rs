//! The compose file for one host tells each service what it understands, and all that it needs.
#![cfg(test)]

use std::collections::{BTreeMap, BTreeSet};

use konveksi_tidy::{root, settings_by_part};
use serde_json::Value;

/// What `konveksi migrate` reads beside the addresses of each service.
const OF_MIGRATE: [&str; 3] = ["DATABASE_URL", "AMQP_URL", "AMQP_MANAGEMENT_URL"];

/// Each part that we build, with its variables.
fn parts() -> BTreeMap<String, BTreeMap<String, Value>> {
    let text = std::fs::read_to_string(root().join("deploy/compose.yaml")).unwrap();
    let file: Value = yaml_serde::from_str(&text).unwrap();
    let services = file["services"].as_object().unwrap();
    services
        .iter()
        .filter(|(_, service)| service["build"].is_object())
        .map(|(name, service)| {
            let variables = service["environment"].as_object().unwrap();
            (name.clone(), variables.clone().into_iter().collect())
        })
        .collect()
}

#[test]
fn every_variable_is_one_the_service_knows_and_no_required_one_is_missing() {
    let known = settings_by_part().unwrap();
    let shared: BTreeSet<&str> = known["telemetry"].keys().map(String::as_str).collect();
    let parts = parts();
    assert_eq!(parts.len(), 9, "seven services, the sandbox and the migration");
    for (part, given) in &parts {
        let Some(settings) = known.get(part) else {
            assert_eq!(part, "migrate");
            continue;
        };
        for variable in given.keys() {
            let is_known = settings.contains_key(variable) || shared.contains(variable.as_str());
            assert!(is_known, "{part} is given {variable}, which no table of settings lists");
        }
        for (variable, required) in settings {
            assert!(!required || given.contains_key(variable), "{part} lacks {variable}");
        }
    }
}

#[test]
fn the_migration_is_told_where_each_service_lives_and_nothing_else() {
    let known = settings_by_part().unwrap();
    for variable in parts()["migrate"].keys() {
        let of_a_service = known.values().any(|settings| settings.contains_key(variable))
            && (variable.ends_with("_DATABASE_URL") || variable.ends_with("_AMQP_URL"));
        assert!(of_a_service || OF_MIGRATE.contains(&variable.as_str()), "{variable}");
    }
}

#[test]
fn mail_to_the_sandbox_goes_without_tls() {
    let parts = parts();
    let mail = &parts["notification"];
    assert_eq!(mail["EMAIL_HOST"], "${EMAIL_HOST:-sandbox}");
    assert_eq!(mail["KONVEKSI_NOTIFICATION_MAIL_TLS"], "${MAIL_TLS:-off}");
}
