//! Feature `metrics`: the figures of every decorator for the recorder of the `metrics` facade.

use ::metrics::{Key, Label, Level, Metadata, Recorder, Unit};

use super::{Family, Kind, Metrics, Value};

impl Metrics {
    /// Writes these figures to the installed recorder of the [`metrics`](https://docs.rs/metrics/0.24) facade, under the
    /// same names as in the Prometheus text. Call it whenever the recorder is read, or regularly. Needs the feature
    /// `metrics`.
    ///
    /// Counters are set to their value, not increased, so calling it twice does not count anything twice; gauges are
    /// set. Counters of the facade are whole numbers: those that end in `_seconds_total` are gauges there,
    /// without `_total`, as `festoon_retry_slept_seconds`. The figures of `#[timed]` are not among them:
    /// [`feed_metrics`](crate::timing::feed_metrics) records each call.
    ///
    /// ```
    /// // metrics_exporter_prometheus::PrometheusBuilder::new().install_recorder()?;
    /// festoon::metrics::collect().record();
    /// ```
    #[cfg_attr(docsrs, doc(cfg(feature = "metrics")))]
    pub fn record(&self) {
        ::metrics::with_recorder(|recorder| {
            self.families.iter().for_each(|family| family.record(&self.prefix, recorder));
        });
    }
}

impl Family {
    fn record(&self, prefix: &str, recorder: &dyn Recorder) {
        let metadata = Metadata::new("festoon", Level::INFO, Some("festoon::metrics"));
        let is_seconds = self.samples.values().any(|value| matches!(value, Value::Seconds(_)));
        let name = format!("{prefix}_{}", if is_seconds { self.name.trim_end_matches("_total") } else { self.name });
        let unit = Some(if is_seconds { Unit::Seconds } else { Unit::Count });
        match self.kind {
            Kind::Counter if !is_seconds => recorder.describe_counter(name.clone().into(), unit, self.help.into()),
            _ => recorder.describe_gauge(name.clone().into(), unit, self.help.into()),
        }
        for (function, value) in &self.samples {
            let key = Key::from_parts(name.clone(), vec![Label::new(self.label, function.clone())]);
            match (self.kind, value) {
                (Kind::Counter, Value::Count(count)) => recorder.register_counter(&key, &metadata).absolute(*count),
                (Kind::Gauge, Value::Count(count)) => recorder.register_gauge(&key, &metadata).set(as_float(*count)),
                (_, Value::Seconds(time)) => recorder.register_gauge(&key, &metadata).set(time.as_secs_f64()),
            }
        }
    }
}

#[allow(clippy::cast_precision_loss, reason = "gauges are floats; exact up to 2^53")]
fn as_float(count: u64) -> f64 {
    count as f64
}
