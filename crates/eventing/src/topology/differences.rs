//! Comparing the broker with the table.

use std::collections::BTreeSet;

use serde_json::Value;

use super::plan;

/// What is missing, different or left over in a virtual host, one sentence each; nothing when the
/// broker is as the table says. `definitions` is the answer of the broker's management API to
/// `GET /api/definitions/{vhost}`. The queues of gateway replicas come and go and do not count.
pub fn differences(definitions: &Value) -> Vec<String> {
    let wanted = wanted();
    let actual = actual(definitions);
    let missing = wanted.difference(&actual).map(|line| format!("missing: {line}"));
    let extra = actual.difference(&wanted).map(|line| format!("not in the table: {line}"));
    missing.chain(extra).collect()
}

/// One line for each exchange, queue and binding of the table.
fn wanted() -> BTreeSet<String> {
    let mut lines = BTreeSet::new();
    for exchange in plan::exchanges() {
        let arguments = Value::Object(exchange.arguments);
        lines.insert(exchange_line(exchange.name, exchange.kind_name, &arguments));
    }
    for queue in plan::queues() {
        let (exchange, keys) = &queue.bindings;
        lines.extend(keys.iter().map(|key| binding_line(exchange, &queue.name, key)));
        lines.insert(queue_line(&queue.name, &Value::Object(queue.arguments)));
    }
    lines
}

fn actual(definitions: &Value) -> BTreeSet<String> {
    let items = |name: &str| definitions.get(name).and_then(Value::as_array).into_iter().flatten();
    let mut lines = BTreeSet::new();
    for exchange in items("exchanges") {
        let (name, kind) = (text(exchange, "name"), text(exchange, "type"));
        lines.insert(exchange_line(name, kind, arguments(exchange)));
    }
    for queue in items("queues") {
        lines.insert(queue_line(text(queue, "name"), arguments(queue)));
    }
    for binding in items("bindings") {
        let (source, queue) = (text(binding, "source"), text(binding, "destination"));
        lines.insert(binding_line(source, queue, text(binding, "routing_key")));
    }
    lines.retain(|line| !line.contains(" kv.gateway."));
    lines
}

fn text<'d>(item: &'d Value, name: &str) -> &'d str {
    item.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn arguments(item: &Value) -> &Value {
    item.get("arguments").unwrap_or(&Value::Null)
}

// A JSON object of this crate prints its keys in order, so equal arguments make equal lines.
fn exchange_line(name: &str, kind: &str, arguments: &Value) -> String {
    format!("exchange {name} of type {kind} with {arguments}")
}

fn queue_line(name: &str, arguments: &Value) -> String {
    format!("queue {name} with {arguments}")
}

fn binding_line(exchange: &str, queue: &str, key: &str) -> String {
    format!("binding of queue {queue} to {exchange} for '{key}'")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_empty_broker_lacks_everything_and_a_strange_queue_is_told() {
        let definitions = json!({
            "exchanges": [],
            "queues": [{ "name": "kv.stranger", "arguments": {} }],
            "bindings": [],
        });
        let told = differences(&definitions);
        assert!(
            told.iter().any(|line| line.starts_with("missing: exchange kv.events of type topic"))
        );
        assert!(told.iter().any(|line| line.starts_with("not in the table: queue kv.stranger")));
    }

    #[test]
    fn a_gateway_replicas_queue_is_no_difference() {
        let replica = json!({ "queues": [{ "name": "kv.gateway.one", "arguments": {} }] });
        assert!(!differences(&replica).iter().any(|line| line.contains("gateway")));
    }
}
