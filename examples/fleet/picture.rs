//! The picture of the simulation: calls to the last tier for each request, second by second.

use std::fmt::Write;

use super::simulation::{FAILING, FAILS, Outcome, PROTECTIONS, SECONDS, TIERS};

const WIDTH: f64 = 250.0;
const HEIGHT: f64 = 220.0;
const TOP: f64 = 40.0;
const LEFT: f64 = 46.0;
const GAP: f64 = 22.0;
/// The axis ranges from 0.05 to 20 calls per request, on a logarithmic scale.
const LOWEST: f64 = 0.05;
const HIGHEST: f64 = 20.0;

const COLOURS: [&str; PROTECTIONS.len()] = ["#d1495b", "#c98a1b", "#3a7ca5", "#4f9d69"];

/// One panel for each share of failures; `outcomes` are in the order of the protections.
pub fn svg(outcomes: &[Vec<Outcome>]) -> String {
    let (width, height) = (LEFT + FAILING.len() as f64 * (WIDTH + GAP), TOP + HEIGHT + 70.0);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" \
         font-size=\"12\" fill=\"#808080\" role=\"img\">\n<title>Calls of the last tier for each request, by seconds</title>\n"
    );
    for calls in [0.1, 1.0, 10.0] {
        let (y, end) = (y(calls), width - GAP);
        line(&mut svg, LEFT, end, y, y);
        text(&mut svg, LEFT - 6.0, y + 4.0, "end", &format!("{calls}x"));
    }
    for (panel, outcomes) in outcomes.iter().enumerate() {
        draw(&mut svg, LEFT + panel as f64 * (WIDTH + GAP), FAILING[panel], outcomes);
    }
    legend(&mut svg);
    svg + "</svg>\n"
}

fn draw(svg: &mut String, left: f64, failing: f64, outcomes: &[Outcome]) {
    text(svg, left + WIDTH / 2.0, 16.0, "middle", &format!("{:.0} % of the calls fail", failing * 100.0));
    let x = |second: usize| left + WIDTH * second as f64 / SECONDS as f64;
    for second in [FAILS.start, FAILS.end] {
        line(svg, x(second), x(second), TOP, TOP + HEIGHT);
        text(svg, x(second), TOP + HEIGHT + 16.0, "middle", &format!("{second} s"));
    }
    for (outcome, colour) in outcomes.iter().zip(COLOURS) {
        let point = |second: usize| format!("{:.1},{:.1}", x(second), y(ratio(outcome, second)));
        let points: Vec<String> = (0..SECONDS).map(point).collect();
        let _ = writeln!(
            svg,
            "<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.8\" points=\"{}\"/>",
            points.join(" ")
        );
    }
}

/// Calls to the last tier for each request, in that second.
fn ratio(outcome: &Outcome, second: usize) -> f64 {
    outcome.calls[TIERS - 1][second] as f64 / outcome.calls[0][second].max(1) as f64
}

fn y(calls: f64) -> f64 {
    let share = (calls.max(LOWEST) / LOWEST).ln() / (HIGHEST / LOWEST).ln();
    TOP + HEIGHT * (1.0 - share)
}

fn legend(svg: &mut String) {
    let y = TOP + HEIGHT + 46.0;
    for (number, (protection, colour)) in PROTECTIONS.iter().zip(COLOURS).enumerate() {
        let x = LEFT + number as f64 * 190.0;
        let _ = writeln!(svg, "<rect x=\"{x}\" y=\"{}\" width=\"18\" height=\"4\" fill=\"{colour}\"/>", y - 6.0);
        text(svg, x + 24.0, y, "start", protection.name());
    }
}

fn line(svg: &mut String, x1: f64, x2: f64, y1: f64, y2: f64) {
    let _ = writeln!(
        svg,
        "<line x1=\"{x1:.1}\" x2=\"{x2:.1}\" y1=\"{y1:.1}\" y2=\"{y2:.1}\" stroke=\"#808080\" stroke-opacity=\"0.35\"/>"
    );
}

fn text(svg: &mut String, x: f64, y: f64, anchor: &str, text: &str) {
    let _ = writeln!(svg, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{text}</text>");
}
