//! The flame graph of the HTML page: callers above, each as wide as its total time.

use super::html::escaped;
use super::tree::{Tree, TreeNode};
use crate::timed::short::short;

/// The height of a row.
const ROW: usize = 18;

/// Calls that take less of the width are left out, in percent.
const LEAST: f64 = 0.1;

impl Tree {
    /// The section of the page; empty if nothing was recorded.
    pub(super) fn to_flame_graph(&self) -> String {
        let (total, rows) = (self.top_level(), self.nodes().iter().map(|node| node.depth + 1).max().unwrap_or(0));
        if total == 0.0 {
            return String::new();
        }
        let height = rows * ROW;
        let frames: String =
            self.places(total).filter(|place| place.width >= LEAST).map(|place| place.frame()).collect();
        format!(
            "<h2>Who called whom</h2>\n<p>Time on a thread. Click on a call to enlarge it, and once more to return.</p>\n\
             <svg id=\"flame\" role=\"group\" aria-label=\"flame graph\" width=\"100%\" height=\"{height}\">{frames}</svg>\n"
        )
    }

    /// The time of all calls without a caller, in seconds.
    fn top_level(&self) -> f64 {
        self.nodes().iter().filter(|node| node.depth == 0).map(|node| node.total.as_secs_f64()).sum()
    }

    /// Each call from left to right inside of its caller.
    fn places(&self, total: f64) -> impl Iterator<Item = Place<'_>> {
        // Where the next call of each depth starts.
        let mut starts = vec![0.0];
        self.nodes().iter().map(move |node| {
            let width = node.total.as_secs_f64() / total * 100.0;
            starts.truncate(node.depth + 1);
            let x = starts[node.depth];
            starts[node.depth] += width;
            starts.push(x);
            Place { node, x, width }
        })
    }
}

/// In percent of the width.
struct Place<'t> {
    node: &'t TreeNode,
    x: f64,
    width: f64,
}

impl Place<'_> {
    fn frame(&self) -> String {
        let Place { node, x, width } = self;
        let (name, y, hue) = (escaped(&node.name), node.depth * ROW, hue(&node.name));
        let (total, own, calls) = (short(node.total), short(node.self_time), node.calls);
        format!(
            "<svg class=\"call\" tabindex=\"0\" x=\"{x:.4}%\" y=\"{y}\" width=\"{width:.4}%\" height=\"{ROW}\">\
             <title>{name}: {total}, self {own}, {calls} calls, {width:.1}%</title>\
             <rect width=\"100%\" height=\"{}\" style=\"fill:hsl({hue} 55% 65%)\"/><text x=\"4\" y=\"13\">{name}</text></svg>",
            ROW - 1
        )
    }
}

/// A warm colour, the same for each call of a function.
fn hue(name: &str) -> u32 {
    name.bytes().fold(7_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte))) % 50 + 10
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::tree::tests::tree;

    #[test]
    fn a_call_is_inside_of_its_caller_and_as_wide_as_its_time() {
        let ms = Duration::from_millis;
        let svg = tree(&[("a", 0, ms(75)), ("b<c>", 1, ms(50)), ("d", 1, ms(25)), ("e", 0, ms(25))]).to_flame_graph();
        let at = |name: &str| {
            let frame = svg.split("<svg class").find(|frame| frame.contains(&format!("<title>{name}:"))).unwrap();
            frame.split(" height").next().unwrap().split("tabindex=\"0\" ").nth(1).unwrap().to_owned()
        };
        assert_eq!(at("a"), "x=\"0.0000%\" y=\"0\" width=\"75.0000%\"");
        assert_eq!(at("b&lt;c&gt;"), "x=\"0.0000%\" y=\"18\" width=\"50.0000%\"");
        assert_eq!(at("d"), "x=\"50.0000%\" y=\"18\" width=\"25.0000%\"");
        assert_eq!(at("e"), "x=\"75.0000%\" y=\"0\" width=\"25.0000%\"");
        assert!(svg.contains("height=\"36\""), "{svg}");
    }

    #[test]
    fn what_cannot_be_seen_and_what_was_not_recorded_is_left_out() {
        let ms = Duration::from_millis;
        assert!(!tree(&[("a", 0, ms(10_000)), ("b", 1, ms(1))]).to_flame_graph().contains(">b<"));
        assert_eq!(tree(&[]).to_flame_graph(), "");
    }
}
