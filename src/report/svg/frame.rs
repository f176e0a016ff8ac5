//! What every chart has: the element, its label, axes, legend, and the notice when there is nothing to show.

use super::scale::{Scale, date_ticks, tick_text};
use super::text::{cut, esc, px, width};
use crate::base::Stamp;
use std::fmt::Write;

/// A colour class by index: `f0` … `f7`.
pub fn colour(i: usize) -> usize {
    i % 8
}

/// An SVG under construction.
pub struct Frame {
    pub out: String,
    pub width: f64,
}

/// How a legend entry is drawn.
#[derive(Clone, Copy, PartialEq)]
pub enum Key {
    Line,
    Dash,
    Area(f64),
}

impl Frame {
    /// Open the element with its accessible name and the title on top.
    pub fn new(width: f64, height: f64, title: &str) -> Self {
        let (w, h, label) = (px(width), px(height), esc(title));
        let mut out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"sc\" role=\"img\" aria-label=\"{label}\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" height=\"{h}\">"
        );
        if !title.is_empty() {
            let _ = write!(
                out,
                "<text class=\"b\" x=\"4\" y=\"16\" style=\"font-size:14px\">{}</text>",
                esc(&cut(title, (width / 8.0) as usize))
            );
        }
        Self { out, width }
    }

    /// Text of a class at a place, cut to `limit` characters, whole in its title when cut.
    pub fn label(&mut self, class: &str, x: f64, y: f64, text: &str, limit: usize) {
        let short = cut(text, limit);
        let title = if short == text { String::new() } else { format!("<title>{}</title>", esc(text)) };
        let _ = write!(self.out, "<text class=\"{class}\" x=\"{}\" y=\"{}\">{}{title}</text>", px(x), px(y), esc(&short));
    }

    /// Lines of text around the height `y`, the whole text in their title where it does not stand there unbroken.
    pub fn lines(&mut self, class: &str, x: f64, y: f64, lines: &[String], whole: &str) {
        let title =
            if lines.len() == 1 && lines.iter().all(|l| l == whole) { String::new() } else { format!("<title>{}</title>", esc(whole)) };
        let top = y - 6.5 * (lines.len().max(1) - 1) as f64;
        for (i, line) in lines.iter().enumerate() {
            let y = top + 13.0 * i as f64;
            let _ = write!(self.out, "<text class=\"{class}\" x=\"{}\" y=\"{}\">{}{title}</text>", px(x), px(y), esc(line));
        }
    }

    /// A straight line of a class.
    pub fn line(&mut self, class: &str, x1: f64, y1: f64, x2: f64, y2: f64) {
        let _ = write!(self.out, "<line class=\"{class}\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>", px(x1), px(y1), px(x2), px(y2));
    }

    /// The y axis: grid lines over the plot, texts left of it, the unit above.
    pub fn y_axis(&mut self, ticks: &[f64], scale: Scale, left: f64, right: f64, unit: &str) {
        let step = tick_step(ticks);
        for &t in ticks {
            let y = scale.at(t);
            self.line("g", left, y, right, y);
            self.label("m e", left - 6.0, y + 4.0, &tick_text(t, step), 14);
        }
        self.label("m", 4.0, scale.to - 14.0, unit, 60);
    }

    /// The x axis for numbers, with its unit under it.
    pub fn x_axis(&mut self, ticks: &[f64], scale: Scale, bottom: f64, unit: &str) {
        let step = tick_step(ticks);
        self.line("ax", scale.from, bottom, scale.to, bottom);
        for &t in ticks {
            let x = scale.at(t);
            self.line("ax", x, bottom, x, bottom + 4.0);
            self.label("m mid", x, bottom + 17.0, &tick_text(t, step), 14);
        }
        self.label("m mid", (scale.from + scale.to) / 2.0, bottom + 34.0, unit, 90);
    }

    /// The x axis for dates; ticks that would touch are left out.
    pub fn date_axis(&mut self, lo: Stamp, hi: Stamp, scale: Scale, top: f64, bottom: f64) {
        self.line("ax", scale.from, bottom, scale.to, bottom);
        let mut free = f64::NEG_INFINITY;
        for (t, text) in date_ticks(lo, hi, ((scale.to - scale.from) / 85.0) as usize) {
            let (x, half) = (scale.at(t.0 as f64), width(&text) / 2.0);
            if x - half < free {
                continue;
            }
            free = x + half + 8.0;
            self.line("g", x, top, x, bottom);
            self.line("ax", x, bottom, x, bottom + 4.0);
            self.label("m mid", x.clamp(half, self.width - half), bottom + 17.0, &text, 20);
        }
    }

    /// A legend in rows from `x`, `y` on; returns the y below it.
    pub fn legend(&mut self, x: f64, y: f64, entries: &[(usize, Key, String)]) -> f64 {
        let (mut cx, mut cy) = (x, y);
        for (i, key, text) in entries {
            let text = cut(text, 40);
            let w = 24.0 + width(&text) + 18.0;
            if cx > x && cx + w > self.width {
                (cx, cy) = (x, cy + 18.0);
            }
            let c = colour(*i);
            let _ = match key {
                Key::Area(opacity) => write!(
                    self.out,
                    "<rect class=\"f{c}\" fill-opacity=\"{opacity}\" x=\"{}\" y=\"{}\" width=\"16\" height=\"11\" rx=\"2\"/>",
                    px(cx),
                    px(cy - 10.0)
                ),
                line => write!(
                    self.out,
                    "<line class=\"l s{c}{}\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>",
                    if *line == Key::Dash { " dash" } else { "" },
                    px(cx),
                    px(cy - 4.0),
                    px(cx + 17.0),
                    px(cy - 4.0)
                ),
            };
            self.label("m", cx + 22.0, cy, &text, 40);
            cx += w;
        }
        cy
    }

    /// Close the element.
    pub fn finish(mut self) -> String {
        self.out.push_str("</svg>");
        self.out
    }

    /// The chart when there is nothing to show.
    pub fn empty(title: &str) -> String {
        let mut f = Self::new(720.0, 80.0, title);
        f.label("m", 4.0, 48.0, "no data to show", 40);
        f.finish()
    }
}

fn tick_step(ticks: &[f64]) -> f64 {
    match ticks {
        [a, b, ..] => b - a,
        _ => 1.0,
    }
}

/// The path of a polyline, broken where a point is `None`.
pub fn path(points: impl IntoIterator<Item = Option<(f64, f64)>>) -> String {
    let mut d = String::new();
    let mut pen_up = true;
    for p in points {
        match p {
            Some((x, y)) => {
                let _ = write!(d, "{}{} {}", if pen_up { "M" } else { "L" }, px(x), px(y));
                pen_up = false;
            }
            None => pen_up = true,
        }
    }
    d
}
