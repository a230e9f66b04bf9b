//! The figures of `reliability.md` part B, each with the attribute `service`.

use std::time::Duration;

use konveksi_telemetry::meter;
use opentelemetry::KeyValue;
use opentelemetry::metrics::{Counter, Gauge, Histogram};

use crate::store::figures::Figures;

/// Every instrument of messaging in one service.
pub(crate) struct Metrics {
    service: KeyValue,
    outbox_pending: Gauge<i64>,
    outbox_oldest: Gauge<f64>,
    retry_pending: Gauge<i64>,
    dead: Gauge<i64>,
    publish: Histogram<f64>,
    nacks: Counter<u64>,
    returns: Counter<u64>,
    duplicates: Counter<u64>,
    handled: Counter<u64>,
    unknown: Counter<u64>,
    undecodable: Counter<u64>,
    lag: Histogram<f64>,
}

impl Metrics {
    pub(crate) fn new(service: &'static str) -> Metrics {
        let meter = meter("konveksi-eventing");
        Metrics {
            service: KeyValue::new("service", service),
            outbox_pending: meter.i64_gauge("outbox_pending").build(),
            outbox_oldest: meter.f64_gauge("outbox_oldest_seconds").with_unit("s").build(),
            retry_pending: meter.i64_gauge("inbox_retry_pending").build(),
            dead: meter.i64_gauge("dead_count").build(),
            publish: meter.f64_histogram("relay_publish_seconds").with_unit("s").build(),
            nacks: meter.u64_counter("confirm_nack_total").build(),
            returns: meter.u64_counter("return_total").build(),
            duplicates: meter.u64_counter("inbox_duplicate_total").build(),
            handled: meter.u64_counter("inbox_handled_total").build(),
            unknown: meter.u64_counter("inbox_unknown_type_total").build(),
            undecodable: meter.u64_counter("inbox_undecodable_total").build(),
            lag: meter.f64_histogram("consumer_lag_seconds").with_unit("s").build(),
        }
    }

    fn service(&self) -> &[KeyValue] {
        std::slice::from_ref(&self.service)
    }

    /// What waits now.
    pub(crate) fn waiting(&self, figures: &Figures) {
        self.outbox_pending.record(figures.outbox_pending, self.service());
        let oldest = u64::try_from(figures.outbox_oldest_ms).unwrap_or(0);
        self.outbox_oldest.record(Duration::from_millis(oldest).as_secs_f64(), self.service());
        self.retry_pending.record(figures.retry_pending, self.service());
        self.dead.record(figures.dead, self.service());
    }

    /// A batch was published and answered for.
    pub(crate) fn batch(&self, took: Duration, nacked: u64, returned: u64) {
        self.publish.record(took.as_secs_f64(), self.service());
        self.nacks.add(nacked, self.service());
        self.returns.add(returned, self.service());
    }

    /// Events had their effect, or had had it before.
    pub(crate) fn applied(&self, handled: usize, duplicates: usize) {
        self.handled.add(u64::try_from(handled).unwrap_or(0), self.service());
        self.duplicates.add(u64::try_from(duplicates).unwrap_or(0), self.service());
    }

    /// Time from the fact to its effect here.
    pub(crate) fn lag(&self, lag: chrono::TimeDelta) {
        let lag = lag.to_std().unwrap_or_default();
        self.lag.record(lag.as_secs_f64(), self.service());
    }

    /// An event of a type nobody here hears.
    pub(crate) fn unknown_type(&self) {
        self.unknown.add(1, self.service());
    }

    /// A message that is no event.
    pub(crate) fn undecodable(&self) {
        self.undecodable.add(1, self.service());
    }
}
