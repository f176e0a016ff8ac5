//! History and forecast with its bands over time.

use super::frame::{Frame, Key, path};
use super::scale::{Scale, range, ticks};
use super::text::{esc, px, short, usable};
use crate::base::Stamp;
use std::fmt::Write;

/// A band of the forecast, such as 10 % to 90 %.
#[derive(Debug, Clone, PartialEq)]
pub struct Band {
    /// Its name in the legend: `80 %`.
    pub label: String,
    /// Start of the period, lower and upper end; in time order.
    pub points: Vec<(Stamp, f64, f64)>,
}

/// What sold, what is expected, and how sure that is.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FanChart {
    /// Above the chart, and its accessible name.
    pub title: String,
    /// Unit of the y axis: `units per week`.
    pub unit: String,
    /// What was seen, in time order; NaN leaves a gap.
    pub history: Vec<(Stamp, f64)>,
    /// The middle of the forecast, in time order.
    pub forecast: Vec<(Stamp, f64)>,
    /// Bands, widest first.
    pub bands: Vec<Band>,
    /// Spans without stock, shaded: start and end.
    pub out_of_stock: Vec<(Stamp, Stamp)>,
}

impl FanChart {
    /// The chart, 720 × 300.
    pub fn render(&self) -> String {
        let banded = || self.bands.iter().flat_map(|b| &b.points).filter(|p| usable(p.1) && usable(p.2));
        let lines = || self.history.iter().chain(&self.forecast).filter(|p| usable(p.1));
        let values = lines().map(|p| p.1).chain(banded().flat_map(|p| [p.1, p.2]));
        let stamps = || lines().map(|p| p.0).chain(banded().map(|p| p.0));
        let (Some((lo, hi)), Some(first), Some(last)) = (range(values), stamps().min(), stamps().max()) else {
            return Frame::empty(&self.title);
        };
        let mut f = Frame::new(720.0, 300.0, &self.title);
        let (left, right, top, bottom) = (62.0, 712.0, 74.0, 270.0);
        // demand starts at zero unless it is far from it
        let lo = if lo >= 0.0 && lo < 0.6 * hi { 0.0 } else { lo };
        let (y_ticks, lo, hi) = ticks(lo, hi, 4);
        let y = Scale { lo, hi, from: bottom, to: top };
        let last = if last > first { last } else { first.plus_days(1) };
        let x = Scale { lo: first.0 as f64, hi: last.0 as f64, from: left, to: right };
        let at = |t: Stamp, v: f64| usable(v).then(|| (x.at(t.0 as f64), y.at(v)));
        for (a, b) in &self.out_of_stock {
            let (a, b) = (x.at((*a).max(first).0 as f64), x.at((*b).min(last).0 as f64));
            if b > a {
                let _ = write!(
                    f.out,
                    "<rect class=\"f3\" fill-opacity=\"0.16\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"><title>out of stock</title></rect>",
                    px(a),
                    px(top),
                    px(b - a),
                    px(bottom - top)
                );
            }
        }
        f.y_axis(&y_ticks, y, left, right, &self.unit);
        f.date_axis(first, last, x, top, bottom);
        let mut legend = vec![(7usize, Key::Line, "sold".to_string())];
        let opacity = |i: usize| (0.16 + 0.14 * i as f64).min(0.6);
        for (i, band) in self.bands.iter().enumerate() {
            let there: Vec<_> = band.points.iter().filter(|p| usable(p.1) && usable(p.2)).collect();
            let upper = there.iter().map(|p| at(p.0, p.2));
            let lower = there.iter().rev().map(|p| at(p.0, p.1));
            let d = path(upper.chain(lower));
            if !d.is_empty() {
                let _ = write!(f.out, "<path class=\"f0\" fill-opacity=\"{:.2}\" d=\"{d}Z\"/>", opacity(i));
            }
            legend.push((0, Key::Area(opacity(i)), band.label.clone()));
        }
        for (class, points) in [("l s7", &self.history), ("l s0", &self.forecast)] {
            let d = path(points.iter().map(|p| at(p.0, p.1)));
            if !d.is_empty() {
                let _ = write!(f.out, "<path class=\"{class}\" d=\"{d}\"/>");
            }
        }
        if !self.forecast.is_empty() {
            legend.insert(1, (0, Key::Line, "expected".to_string()));
        }
        if !self.out_of_stock.is_empty() {
            legend.push((3, Key::Area(0.3), "out of stock".to_string()));
        }
        self.hover(&mut f, x, top, bottom);
        f.legend(left, 38.0, &legend);
        f.finish()
    }

    /// An invisible column over each period that tells its values.
    fn hover(&self, f: &mut Frame, x: Scale, top: f64, bottom: f64) {
        let points: Vec<(Stamp, f64, bool)> =
            self.history.iter().map(|p| (p.0, p.1, false)).chain(self.forecast.iter().map(|p| (p.0, p.1, true))).collect();
        let width = ((x.to - x.from) / points.len().max(1) as f64).clamp(1.0, 40.0);
        for (t, v, ahead) in points.into_iter().filter(|p| usable(p.1)) {
            let mut text = format!("{}: {} {}{}", t.iso(), short(v), self.unit, if ahead { " expected" } else { "" });
            for band in self.bands.iter().filter(|_| ahead) {
                if let Some(p) = band.points.iter().find(|p| p.0 == t) {
                    let _ = write!(text, "; {}: {} to {}", band.label, short(p.1), short(p.2));
                }
            }
            let _ = write!(
                f.out,
                "<rect class=\"hit\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"><title>{}</title></rect>",
                px(x.at(t.0 as f64) - width / 2.0),
                px(top),
                px(width),
                px(bottom - top),
                esc(&text)
            );
        }
    }
}
