//! The API document: every row of the route table, described by the service that answers it, or by
//! `operations.json` where the gateway composes or answers itself.
//!
//! What a service documents but the table does not list is not public and does not appear.

use serde_json::{Map, Value, json};

use crate::forward::Service;
use crate::json::At as _;
use crate::routes::{Access, ROUTES, Route, Target};

/// The services' documents, as their own tests keep them.
pub(super) const SERVICES: &[(Service, &str)] = &[
    (Service::Order, include_str!("../../../services/order/openapi.json")),
    (Service::Payment, include_str!("../../../services/payment/openapi.json")),
    (Service::Notification, include_str!("../../../services/notification/openapi.json")),
    (Service::Media, include_str!("../../../services/media/openapi.json")),
    (Service::Analytics, include_str!("../../../services/analytics/openapi.json")),
    (Service::Automation, include_str!("../../../services/automation/openapi.json")),
];

/// The operations of composed and local rows, by `METHOD pattern`.
const OPERATIONS: &str = include_str!("operations.json");

/// The whole document.
pub(super) fn merged() -> Value {
    let own: Value = serde_json::from_str(OPERATIONS).unwrap_or_default();
    let services: Vec<(Service, Value)> = SERVICES
        .iter()
        .map(|(service, text)| (*service, serde_json::from_str(text).unwrap_or_default()))
        .collect();
    let mut paths: Map<String, Value> = Map::new();
    for route in ROUTES.iter().filter(|route| is_documented(route)) {
        let operation = operation(route, &own, &services);
        let entry = paths.entry(public_path(route.pattern)).or_insert_with(|| json!({}));
        if let Some(item) = entry.as_object_mut() {
            item.insert(route.verb.name().to_lowercase(), Value::Object(operation));
        }
    }
    let mut schemas = own.at("schemas").as_object().cloned().unwrap_or_default();
    for (service, document) in &services {
        let theirs = document.at("components")["schemas"].as_object().cloned().unwrap_or_default();
        for (name, mut schema) in theirs {
            rename_references(&mut schema, *service);
            schemas.insert(schema_name(*service, &name), schema);
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Konveksi API",
            "version": env!("CARGO_PKG_VERSION"),
            "description": own.at("description"),
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "bearer": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT" },
                "session": { "type": "apiKey", "in": "cookie", "name": "sessionid",
                             "description": "Unsafe methods also need X-CSRFToken." },
                "callback": { "type": "apiKey", "in": "header", "name": "X-CALLBACK-TOKEN" },
            },
        },
    })
}

/// Sockets cannot be described here, and pages are no API.
pub(super) fn is_documented(route: &Route) -> bool {
    route.pattern.starts_with("/api/") || route.pattern.starts_with("/media/")
}

/// The path as the contract writes it, with its slash.
fn public_path(pattern: &str) -> String {
    let plain = pattern.replace("*}", "}");
    if plain.ends_with("path}") { plain } else { format!("{plain}/") }
}

/// What is said of one row.
pub(super) fn operation(
    route: &Route,
    own: &Value,
    services: &[(Service, Value)],
) -> Map<String, Value> {
    let described = match route.target {
        Target::Forward(service) => service_operation(route, service, services),
        Target::Compose(_) | Target::Local(_) | Target::Socket(_) => {
            own.at("operations").get(format!("{} {}", route.verb.name(), route.pattern)).cloned()
        }
    };
    let mut operation = described.and_then(|value| value.as_object().cloned()).unwrap_or_default();
    let mut put = |key: &str, value: Value| operation.insert(key.to_owned(), value);
    put("summary", json!(route.summary));
    put("operationId", json!(operation_id(route)));
    put("tags", json!([tag(route)]));
    if let Some(security) = security(route.access) {
        put("security", security);
    }
    if let Access::Staff(permission) = route.access {
        put("x-permission", json!(format!("{permission:?}")));
    }
    let parameters = parameters(route, operation.get("parameters"));
    if !parameters.is_empty() {
        operation.insert("parameters".to_owned(), Value::Array(parameters));
    }
    let responses =
        operation.entry("responses").or_insert_with(|| json!({ "200": { "description": "OK" } }));
    let problem = json!({ "description": "An error", "content": {
        "application/json": { "schema": { "$ref": "#/components/schemas/Problem" } } } });
    if let Some(responses) = responses.as_object_mut() {
        responses.insert("default".to_owned(), problem);
    }
    operation
}

/// What the service says of a row that is passed on to it.
pub(super) fn service_operation(
    route: &Route,
    service: Service,
    services: &[(Service, Value)],
) -> Option<Value> {
    let (_, document) = services.iter().find(|(name, _)| *name == service)?;
    let wanted = shape(route.pattern);
    let (_, item) =
        document.at("paths").as_object()?.iter().find(|(path, _)| shape(path) == wanted)?;
    let mut operation = item.get(route.verb.name().to_lowercase())?.clone();
    rename_references(&mut operation, service);
    Some(operation)
}

/// A path with its slash cut and its parameters' names forgotten.
pub(super) fn shape(path: &str) -> String {
    let mut shape = String::new();
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        shape.push('/');
        shape.push_str(if segment.starts_with('{') { "{}" } else { segment });
    }
    shape
}

fn schema_name(service: Service, name: &str) -> String {
    format!("{}.{name}", service.name())
}

/// Two services may use one name for two shapes, so each keeps its own.
fn rename_references(value: &mut Value, service: Service) {
    match value {
        Value::Object(map) => {
            if let Some(Value::String(reference)) = map.get_mut("$ref")
                && let Some(name) = reference.strip_prefix("#/components/schemas/")
            {
                *reference = format!("#/components/schemas/{}", schema_name(service, name));
            }
            for value in map.values_mut() {
                rename_references(value, service);
            }
        }
        Value::Array(values) => {
            for value in values {
                rename_references(value, service);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn operation_id(route: &Route) -> String {
    let words = route.pattern.replace(['{', '}', '*'], "").replace("/api/v1", "");
    format!("{}{}", route.verb.name().to_lowercase(), words.replace(['/', '-'], "_"))
}

fn tag(route: &Route) -> &'static str {
    match route.target {
        Target::Forward(service) => service.name(),
        Target::Compose(_) => "composed",
        Target::Local(_) | Target::Socket(_) => "gateway",
    }
}

fn security(access: Access) -> Option<Value> {
    match access {
        Access::Public | Access::Socket => None,
        Access::AnyStaff | Access::Staff(_) => Some(json!([{ "bearer": [] }, { "session": [] }])),
        Access::WebhookToken => Some(json!([{ "callback": [] }])),
    }
}

/// Every `{…}` of the path is described, whatever the service called it.
fn parameters(route: &Route, given: Option<&Value>) -> Vec<Value> {
    let given = given.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut parameters: Vec<Value> =
        given.iter().filter(|one| one.at("in") != "path").cloned().collect();
    for part in route.pattern.split('/').filter(|part| part.starts_with('{')) {
        let name = part.trim_matches(['{', '}', '*']);
        parameters.push(json!({
            "name": name, "in": "path", "required": true, "schema": { "type": "string" },
        }));
    }
    parameters
}

#[cfg(test)]
#[path = "openapi_tests.rs"]
mod tests;
