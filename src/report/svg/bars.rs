//! Horizontal bars, stacked or side by side, with their values.

use super::frame::{Frame, Key, colour};
use super::scale::{Scale, range, ticks};
use super::text::{esc, px, short, usable, width, wrapped};
use std::fmt::Write;

/// Widest room for names left of the bars, pixels.
const LABEL: f64 = 230.0;

/// One line of bars.
#[derive(Debug, Clone, PartialEq)]
pub struct BarGroup {
    /// Left of the bars.
    pub label: String,
    /// One value for each series; not finite = missing.
    pub values: Vec<f64>,
    /// Half-width of the total (stacked) or of the only value: a whisker.
    pub half_width: Option<f64>,
}

/// Costs by part, our rule against plain ones: groups of bars.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BarChart {
    /// Above the chart, and its accessible name.
    pub title: String,
    /// Unit of the values: `GBP a year`.
    pub unit: String,
    /// Names of the series, one for each value of a group.
    pub series: Vec<String>,
    /// From top to bottom.
    pub groups: Vec<BarGroup>,
    /// End to end with the total behind, or one under the other.
    pub stacked: bool,
}

impl BarChart {
    /// The chart, 720 wide, as high as its groups need.
    pub fn render(&self) -> String {
        let extent = self.groups.iter().flat_map(|g| {
            let there = || g.values.iter().copied().filter(|v| usable(*v));
            if self.stacked {
                vec![there().filter(|v| *v > 0.0).sum::<f64>(), there().filter(|v| *v < 0.0).sum()]
            } else {
                there().collect()
            }
        });
        let whiskers = self.groups.iter().filter_map(|g| self.whisker(g)).flat_map(|(a, b)| [a, b]);
        let Some((lo, hi)) =
            range(extent.chain(whiskers).chain([0.0])).filter(|_| self.groups.iter().any(|g| g.values.iter().any(|v| usable(*v))))
        else {
            return Frame::empty(&self.title);
        };
        let bars = if self.stacked { 1 } else { self.series.len().max(1) };
        let (bar, gap) = (if bars == 1 { 22.0 } else { 15.0 }, 12.0);
        let keyed = self.series.len() > 1;
        let label_width = self.groups.iter().map(|g| width(&g.label)).fold(40.0, f64::max).min(LABEL);
        let (left, right) = (label_width + 14.0, 640.0);
        let entries: Vec<_> = self.series.iter().enumerate().map(|(i, s)| (i, Key::Area(1.0), s.clone())).collect();
        // the legend is laid out once on a scratch frame to learn its height
        let top = if keyed { Frame::new(720.0, 10.0, "").legend(left, 40.0, &entries) + 16.0 } else { 34.0 };
        let bottom = top + self.groups.len() as f64 * (bars as f64 * bar + gap);
        let mut f = Frame::new(720.0, bottom + 42.0, &self.title);
        if keyed {
            f.legend(left, 40.0, &entries);
        }
        // the axis ends with the longest bar, so that no room is lost to a tick nothing reaches
        let (lo, hi) = (lo.min(0.0), hi.max(0.0));
        let x_ticks: Vec<f64> = ticks(lo, hi, 5).0.into_iter().filter(|t| (lo..=hi).contains(t)).collect();
        let x = Scale { lo, hi, from: left, to: right };
        for &t in &x_ticks {
            f.line("g", x.at(t), top, x.at(t), bottom);
        }
        f.x_axis(&x_ticks, x, bottom, &self.unit);
        for (i, g) in self.groups.iter().enumerate() {
            let y = top + gap / 2.0 + i as f64 * (bars as f64 * bar + gap);
            f.lines("e", left - 8.0, y + bars as f64 * bar / 2.0 + 3.0, &wrapped(&g.label, label_width), &g.label);
            if self.stacked {
                self.stack(&mut f, g, x, y, bar)
            } else {
                self.side_by_side(&mut f, g, x, y, bar)
            }
            if let Some((a, b)) = self.whisker(g) {
                let mid = y + bar / 2.0;
                f.line("ax", x.at(a), mid, x.at(b), mid);
                f.line("ax", x.at(a), mid - 4.0, x.at(a), mid + 4.0);
                f.line("ax", x.at(b), mid - 4.0, x.at(b), mid + 4.0);
            }
        }
        f.line("ax", x.at(0.0), top, x.at(0.0), bottom);
        f.finish()
    }

    fn name(&self, i: usize) -> &str {
        self.series.get(i).map_or("", String::as_str)
    }

    fn whisker(&self, g: &BarGroup) -> Option<(f64, f64)> {
        let h = g.half_width.filter(|h| usable(*h) && *h > 0.0)?;
        let total: f64 = g.values.iter().filter(|v| usable(**v)).sum();
        (self.stacked || g.values.len() == 1).then_some((total - h, total + h))
    }

    fn rect(&self, f: &mut Frame, i: usize, g: &BarGroup, span: (f64, f64), (y, bar): (f64, f64)) {
        let text = format!(
            "{}{}{}: {} {}",
            g.label,
            if self.name(i).is_empty() { "" } else { ", " },
            self.name(i),
            short(g.values.get(i).copied().unwrap_or(f64::NAN)),
            self.unit
        );
        let (a, b) = (span.0.min(span.1), span.0.max(span.1));
        let _ = write!(
            f.out,
            "<rect class=\"f{}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"><title>{}</title></rect>",
            colour(i),
            px(a),
            px(y),
            px((b - a).max(0.5)),
            px(bar - 2.0),
            esc(&text)
        );
    }

    fn stack(&self, f: &mut Frame, g: &BarGroup, x: Scale, y: f64, bar: f64) {
        let (mut up, mut down) = (0.0, 0.0);
        for (i, &v) in g.values.iter().enumerate().filter(|(_, v)| usable(**v)) {
            let from = if v < 0.0 { &mut down } else { &mut up };
            let start = *from;
            *from += v;
            if v != 0.0 {
                self.rect(f, i, g, (x.at(start), x.at(start + v)), (y, bar));
            }
        }
        let end = self.whisker(g).map_or(up, |(_, b)| up.max(b));
        f.label("b", x.at(end) + 6.0, y + bar / 2.0 + 3.0, &short(up + down), 14);
    }

    fn side_by_side(&self, f: &mut Frame, g: &BarGroup, x: Scale, y: f64, bar: f64) {
        for (i, &v) in g.values.iter().enumerate().filter(|(_, v)| usable(**v)) {
            let y = y + i as f64 * bar;
            self.rect(f, i, g, (x.at(0.0), x.at(v)), (y, bar));
            let end = self.whisker(g).map_or(v.max(0.0), |(_, b)| v.max(b).max(0.0));
            f.label("m", x.at(end) + 5.0, y + bar / 2.0 + 3.0, &short(v), 14);
        }
    }
}
