//! A cost curve: what one choice costs over its range, with the best and the present choice marked.

use super::frame::{Frame, Key, path};
use super::scale::{Scale, range, ticks};
use super::text::{esc, px, short, usable, width};
use std::fmt::Write;

/// A point of the curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CurvePoint {
    /// The choice, such as the reorder point.
    pub x: f64,
    /// Its cost.
    pub y: f64,
    /// The simulation's own error, 0 where there is none.
    pub half_width: f64,
}

/// A choice to mark on the curve.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// What it is: `best`, `today`.
    pub label: String,
    /// Where it is.
    pub x: f64,
}

/// Cost against one choice.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CurveChart {
    /// Above the chart, and its accessible name.
    pub title: String,
    /// Name and unit of the choice: `reorder point s, units`.
    pub x_label: String,
    /// Unit of the cost.
    pub unit: String,
    /// Names and points of the curves, each in order of x; the first one carries the marks.
    pub curves: Vec<(String, Vec<CurvePoint>)>,
    /// Marked choices.
    pub marks: Vec<Mark>,
}

impl CurveChart {
    /// The chart, 720 × 298, higher by a legend where there are several curves.
    pub fn render(&self) -> String {
        let points = || self.curves.iter().flat_map(|c| &c.1).filter(|p| usable(p.x) && usable(p.y));
        let error = |p: &CurvePoint| if usable(p.half_width) { p.half_width } else { 0.0 };
        let (Some((x_lo, x_hi)), Some((y_lo, y_hi))) =
            (range(points().map(|p| p.x)), range(points().flat_map(|p| [p.y - error(p), p.y + error(p)])))
        else {
            return Frame::empty(&self.title);
        };
        let keyed = self.curves.len() > 1;
        let (left, right, top) = (70.0, 700.0, if keyed { 74.0 } else { 56.0 });
        let bottom = top + 196.0;
        let mut f = Frame::new(720.0, bottom + 46.0, &self.title);
        let y_lo = if y_lo >= 0.0 && y_lo < 0.4 * y_hi { 0.0 } else { y_lo };
        let (y_ticks, y_lo, y_hi) = ticks(y_lo, y_hi, 6);
        let (x_ticks, ..) = ticks(x_lo, x_hi, 8);
        let x_ticks: Vec<f64> = x_ticks.into_iter().filter(|t| (x_lo..=x_hi).contains(t)).collect();
        let (x, y) = (Scale { lo: x_lo, hi: x_hi, from: left, to: right }, Scale { lo: y_lo, hi: y_hi, from: bottom, to: top });
        f.y_axis(&y_ticks, y, left, right, &self.unit);
        f.x_axis(&x_ticks, x, bottom, &self.x_label);
        let at = |p: &CurvePoint, dy: f64| (usable(p.x) && usable(p.y)).then(|| (x.at(p.x), y.at(p.y + dy)));
        for (i, (name, curve)) in self.curves.iter().enumerate() {
            let c = super::frame::colour(i);
            let band =
                path(curve.iter().map(|p| at(p, error(p))).chain(curve.iter().rev().map(|p| at(p, -error(p)))).filter(Option::is_some));
            if curve.iter().any(|p| error(p) > 0.0) && !band.is_empty() {
                let _ = write!(f.out, "<path class=\"f{c}\" fill-opacity=\"0.2\" d=\"{band}Z\"/>");
            }
            let _ = write!(f.out, "<path class=\"l s{c}\" d=\"{}\"/>", path(curve.iter().map(|p| at(p, 0.0))));
            for p in curve.iter().filter(|p| usable(p.x) && usable(p.y)) {
                let half = if error(p) > 0.0 { format!(" ± {}", short(error(p))) } else { String::new() };
                let text = format!("{name}: {} at {} = {}{half} {}", self.x_label, short(p.x), short(p.y), self.unit);
                let _ = write!(
                    f.out,
                    "<circle class=\"hit\" cx=\"{}\" cy=\"{}\" r=\"6\"><title>{}</title></circle>",
                    px(x.at(p.x)),
                    px(y.at(p.y)),
                    esc(&text)
                );
            }
        }
        self.draw_marks(&mut f, x, y, (top, bottom));
        if keyed {
            let entries: Vec<_> = self.curves.iter().enumerate().map(|(i, c)| (i, Key::Line, c.0.clone())).collect();
            f.legend(left, 38.0, &entries);
        }
        f.finish()
    }

    fn draw_marks(&self, f: &mut Frame, x: Scale, y: Scale, (top, bottom): (f64, f64)) {
        let Some((_, curve)) = self.curves.first() else { return };
        for (i, m) in self.marks.iter().filter(|m| usable(m.x) && (x.lo..=x.hi).contains(&m.x)).enumerate() {
            let c = [2, 3, 4, 1][i % 4];
            let Some(value) = interpolate(curve, m.x) else { continue };
            let (cx, cy) = (x.at(m.x), y.at(value));
            f.line(&format!("l dash s{c}"), cx, cy, cx, bottom);
            let _ = write!(f.out, "<circle class=\"pt f{c}\" cx=\"{}\" cy=\"{}\" r=\"5.5\"/>", px(cx), px(cy));
            let text = format!("{}: {} costs {}", m.label, short(m.x), short(value));
            let w = width(&text);
            // to the right of the point where there is room; each mark on a line of its own so that two never overlap
            let tx = if cx + 10.0 + w < f.width { cx + 10.0 } else { (cx - 10.0 - w).max(4.0) };
            let ty = (cy - 10.0 - 16.0 * (i % 2) as f64).max(top - 4.0);
            f.label("b halo", tx, ty, &text, 60);
        }
    }
}

/// The curve at `x`, straight between its points.
fn interpolate(curve: &[CurvePoint], x: f64) -> Option<f64> {
    let there: Vec<&CurvePoint> = curve.iter().filter(|p| usable(p.x) && usable(p.y)).collect();
    if let Some(p) = there.iter().find(|p| p.x == x) {
        return Some(p.y);
    }
    there.windows(2).find(|w| w[0].x <= x && x <= w[1].x).map(|w| w[0].y + (w[1].y - w[0].y) * (x - w[0].x) / (w[1].x - w[0].x))
}
