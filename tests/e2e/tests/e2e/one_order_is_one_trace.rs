//! From the POST to the message sent, one order is one trace over gateway, services and broker.

use std::collections::BTreeSet;

use anyhow::Result;
use konveksi_e2e::{Placed, Receiver, SOON, SeenSpan, Stack, StackOptions, customer_order};
use konveksi_test_support::eventually;

#[tokio::test(flavor = "multi_thread")]
async fn one_order_is_one_trace_from_the_post_to_the_message() -> Result<()> {
    let receiver = Receiver::start()?;
    let env = vec![
        ("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.endpoint.clone()),
        ("OTEL_BSP_SCHEDULE_DELAY", "200".to_owned()),
    ];
    let stack = Stack::start_with(StackOptions { env, ..StackOptions::default() }).await?;
    Placed::place(&stack, &customer_order("full", "081266667777")).await?;

    let told = async || {
        let spans = receiver.spans();
        let root = spans.iter().find(|span| {
            span.name.starts_with("POST")
                && span.parent_id.is_empty()
                && span.service.contains("gateway")
        })?;
        let trace: Vec<SeenSpan> =
            spans.iter().filter(|span| span.trace_id == root.trace_id).cloned().collect();
        let sent = trace
            .iter()
            .any(|span| span.service.contains("notification") && span.name.contains("send"));
        let known = |span: &SeenSpan| trace.iter().any(|other| other.span_id == span.parent_id);
        let whole = trace.iter().all(|span| span.parent_id.is_empty() || known(span));
        (sent && whole).then_some(trace)
    };
    let trace = eventually(SOON, told).await;
    let services: BTreeSet<&str> = trace.iter().map(|span| span.service.as_str()).collect();
    for wanted in ["gateway", "order", "payment", "notification"] {
        assert!(
            services.iter().any(|name| name.contains(wanted)),
            "{wanted} is not in {services:?}"
        );
    }
    let first = trace.iter().filter(|span| span.parent_id.is_empty()).count();
    assert_eq!(first, 1, "one trace begins once: {trace:?}");
    Ok(())
}
