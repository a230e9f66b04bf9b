//! The document and the route table say the same.

use super::*;

fn services() -> Vec<(Service, Value)> {
    SERVICES.iter().map(|(service, text)| (*service, serde_json::from_str(text).unwrap())).collect()
}

#[test]
fn every_route_is_described_by_whoever_answers_it() {
    let own: Value = serde_json::from_str(OPERATIONS).unwrap();
    let services = services();
    let missing: Vec<String> = ROUTES
        .iter()
        .filter(|route| is_documented(route))
        .filter(|route| match route.target {
            Target::Forward(service) => service_operation(route, service, &services).is_none(),
            Target::Compose(_) | Target::Local(_) | Target::Socket(_) => {
                own["operations"].get(format!("{} {}", route.verb.name(), route.pattern)).is_none()
            }
        })
        .map(|route| format!("{} {}", route.verb.name(), route.pattern))
        .collect();
    assert!(missing.is_empty(), "not described: {missing:#?}");
}

#[test]
fn every_public_path_a_service_describes_is_routed() {
    let routed: Vec<(String, &str)> =
        ROUTES.iter().map(|route| (shape(route.pattern), route.verb.name())).collect();
    let mut unrouted = Vec::new();
    for (service, document) in services() {
        for (path, item) in document["paths"].as_object().unwrap() {
            for verb in item.as_object().unwrap().keys() {
                let verb = verb.to_uppercase();
                let known =
                    routed.iter().any(|(shape_, name)| *shape_ == shape(path) && *name == verb);
                if path.starts_with("/api/") && !known {
                    unrouted.push(format!("{}: {verb} {path}", service.name()));
                }
            }
        }
    }
    assert!(unrouted.is_empty(), "described but not routed: {unrouted:#?}");
}

#[test]
fn every_own_operation_belongs_to_a_route() {
    let own: Value = serde_json::from_str(OPERATIONS).unwrap();
    for key in own["operations"].as_object().unwrap().keys() {
        let known =
            ROUTES.iter().any(|route| format!("{} {}", route.verb.name(), route.pattern) == *key);
        assert!(known, "{key} is described but not routed");
    }
}

#[test]
fn every_reference_leads_somewhere() {
    fn references(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(map) => {
                if let Some(Value::String(reference)) = map.get("$ref") {
                    found.push(reference.clone());
                }
                map.values().for_each(|value| references(value, found));
            }
            Value::Array(values) => values.iter().for_each(|value| references(value, found)),
            _ => {}
        }
    }
    let document = merged();
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(!found.is_empty());
    for reference in found {
        let pointer = reference.trim_start_matches('#');
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
}

#[test]
fn staff_routes_say_that_they_need_a_login_and_public_ones_do_not() {
    let document = merged();
    assert!(document["paths"]["/api/v1/order/"]["get"]["security"].is_array());
    assert!(document["paths"]["/api/v1/order/"]["post"]["security"].is_null());
}
