//! A line as small as a word.

use super::frame::path;
use super::scale::{Scale, range};
use super::text::{esc, px, usable};

/// A sparkline of 120 × 24 with an accessible name; the last value is dotted.
pub fn sparkline(values: &[f64], label: &str) -> String {
    let label = esc(label);
    let head = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"sc\" role=\"img\" aria-label=\"{label}\" viewBox=\"0 0 120 24\" width=\"120\" height=\"24\"><title>{label}</title>"
    );
    let Some((lo, hi)) = range(values.iter().copied()) else { return head + "</svg>" };
    let x = Scale { lo: 0.0, hi: (values.len().max(2) - 1) as f64, from: 3.0, to: 115.0 };
    let y = Scale { lo: lo.min(0.0), hi, from: 21.0, to: 3.0 };
    let at = |(i, v): (usize, &f64)| usable(*v).then(|| (x.at(i as f64), y.at(*v)));
    let d = path(values.iter().enumerate().map(at));
    let dot = values.iter().enumerate().next_back().and_then(at);
    let dot = dot.map_or(String::new(), |(cx, cy)| format!("<circle class=\"f0\" cx=\"{}\" cy=\"{}\" r=\"2.2\"/>", px(cx), px(cy)));
    format!("{head}<path class=\"l s0\" style=\"stroke-width:1.2\" d=\"{d}\"/>{dot}</svg>")
}
