//! Labels in the text format of Prometheus.

/// A label's value: `\`, `"` and line ends are escaped.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
