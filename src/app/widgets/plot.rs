//! Plots with units on their axes and values on hover. The x axis of a dated plot is the day number (days since 1970-01-01, with fractions for
//! hours).

use crate::app::format::short;
use crate::base::Stamp;
use eframe::egui::{Color32, Stroke, Ui};
use egui_plot::{FilledArea, GridInput, GridMark, HoverPosition, Line, Plot, PlotPoints};
use std::ops::RangeInclusive;

/// Steps are told as this much wider than they are: labels are faded out where steps are narrow, and these marks are chosen to have room.
const CLEAR: f64 = 3.0;

/// Seconds of a day.
const DAY: f64 = 86_400.0;

/// A moment on the x axis of a dated plot.
pub fn x_of(t: Stamp) -> f64 {
    t.0 as f64 / DAY
}

/// The moment at an x of a dated plot.
pub fn stamp_of(x: f64) -> Stamp {
    Stamp((x * DAY).round() as i64)
}

/// A plot over dates; `y_name` carries the unit. Zooming is by the scroll wheel with Ctrl, so that a page of plots scrolls.
pub fn dated<'a>(id: &str, height: f32, y_name: &str) -> Plot<'a> {
    let unit = y_name.to_owned();
    base(id, height, y_name).x_axis_formatter(date_mark).x_grid_spacer(date_grid).label_formatter(move |hover| match hover {
        // away from the data there is no value to tell, only a day
        HoverPosition::Elsewhere { position } => Some(Stamp::of_day(stamp_of(position.x).day()).iso()),
        near => at(near, &|x| stamp_of(x).iso(), &unit),
    })
}

/// Days from the first of a month to its middle, near enough for a bar.
pub const MID_MONTH: f64 = 15.0;

/// As [`dated`] for bars by month that stand [`MID_MONTH`] days after its first: their names stand below the bars, not at the beginnings of months.
pub fn monthly<'a>(id: &str, height: f32, y_name: &str) -> Plot<'a> {
    dated(id, height, y_name).x_grid_spacer(|input| {
        let end = input.bounds.1;
        date_grid(input).into_iter().map(|m| GridMark { value: m.value + MID_MONTH, ..m }).filter(|m| m.value <= end).collect()
    })
}

/// A plot of money or units over units; both axes carry their units.
pub fn curve<'a>(id: &str, height: f32, x_name: &str, y_name: &str) -> Plot<'a> {
    let (x_unit, unit) = (x_name.to_owned(), y_name.to_owned());
    base(id, height, y_name)
        .x_axis_label(x_name)
        .x_axis_formatter(|mark: GridMark, _: &RangeInclusive<f64>| short(mark.value))
        .x_grid_spacer(|g| round_marks(&g, 10.0))
        .label_formatter(move |hover| at(hover, &|x| format!("{x_unit} {}", short(x)), &unit))
}

fn base<'a>(id: &str, height: f32, y_name: &str) -> Plot<'a> {
    Plot::new(id.to_owned())
        .height(height)
        .y_axis_label(y_name)
        .y_axis_formatter(|mark: GridMark, _: &RangeInclusive<f64>| short(mark.value))
        .y_grid_spacer(|g| round_marks(&g, 4.0))
        .y_axis_min_width(46.0)
        .allow_scroll(false)
        .allow_zoom(false)
        .allow_drag(false)
        .allow_boxed_zoom(true)
        .show_background(false)
        // quieter than the data on either ground
        .grid_color(Color32::from_gray(128).gamma_multiply(0.45))
        .grid_fade(0.25)
        .set_margin_fraction(eframe::egui::vec2(0.01, 0.06))
}

fn at(hover: &HoverPosition<'_>, x_text: &dyn Fn(f64) -> String, unit: &str) -> Option<String> {
    match hover {
        HoverPosition::NearDataPoint { plot_name, position, .. } => {
            let name = if plot_name.is_empty() { String::new() } else { format!("{plot_name}\n") };
            Some(format!("{name}{}\n{} {unit}", x_text(position.x), short(position.y)))
        }
        HoverPosition::Elsewhere { position } => Some(x_text(position.x)),
    }
}

/// Marks at 1, 2 or 5 times a power of ten, each with its label; at least `apart` of the least steps the screen allows (8 points) between them.
fn round_marks(input: &GridInput, apart: f64) -> Vec<GridMark> {
    let (low, high) = input.bounds;
    let wanted = input.base_step_size * apart;
    if !(wanted.is_finite() && wanted > 0.0 && low.is_finite() && high.is_finite()) {
        return Vec::new();
    }
    let power = 10f64.powf(wanted.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|k| k * power).find(|s| *s >= wanted * 0.999_999).unwrap_or(10.0 * power);
    let first = (low / step).ceil() as i64;
    (first..)
        .take(60)
        .map(|i| i as f64 * step)
        .take_while(|v| *v <= high)
        .map(|value| GridMark { value, step_size: CLEAR * step })
        .collect()
}

/// A date as short as the visible span allows.
fn date_mark(mark: GridMark, range: &RangeInclusive<f64>) -> String {
    let t = stamp_of(mark.value);
    let iso = t.iso();
    let span = range.end() - range.start();
    // a name at the very end would be cut off
    if span > 80.0 && span <= 1600.0 && range.end() - mark.value < 0.05 * span {
        return String::new();
    }
    let month = |m: u32| {
        ["", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"].get(m as usize).copied().unwrap_or("")
    };
    let year = iso.get(..4).unwrap_or_default();
    let m: u32 = iso.get(5..7).and_then(|s| s.parse().ok()).unwrap_or(0);
    let day = iso.get(8..10).unwrap_or_default();
    match span {
        // as `date_grid`, which marks whole years from here on
        s if s > 1600.0 => year.to_owned(),
        s if s > 80.0 => format!("{} {year}", month(m)),
        s if s > 3.0 => format!("{} {}", day.trim_start_matches('0'), month(m)),
        _ => iso.get(11..16).map_or(iso.clone(), str::to_owned),
    }
}

/// Marks at beginnings of months, quarters or years, whatever fits.
fn date_grid(input: GridInput) -> Vec<GridMark> {
    let (low, high) = input.bounds;
    let span = high - low;
    if !(span.is_finite() && span > 0.0) {
        return Vec::new();
    }
    // days between marks that leave a name its room; the least step is 8 points wide
    let apart = |points: f64| input.base_step_size * points / 8.0;
    if span <= 80.0 {
        let usual = match span {
            s if s > 40.0 => 7.0,
            s if s > 10.0 => 2.0,
            _ => 1.0,
        };
        let step = [usual, 2.0, 7.0, 14.0, 28.0].into_iter().find(|s| *s >= usual && *s >= apart(48.0)).unwrap_or(28.0);
        let first = (low / step).ceil() as i64;
        let last = (high / step).floor() as i64;
        return (first..=last.min(first + 200)).map(|i| GridMark { value: i as f64 * step, step_size: CLEAR * step }).collect();
    }
    // above that, names are years
    let least = if span > 1600.0 { 12 } else { 1 };
    let every = [1, 2, 3, 6, 12, 24, 60, 120].into_iter().find(|m| *m >= least && f64::from(*m) * 30.4 >= apart(66.0)).unwrap_or(120);
    let iso = stamp_of(low).iso();
    let part = |r: std::ops::Range<usize>| iso.get(r).and_then(|s| s.parse::<i32>().ok());
    let (Some(year), Some(month)) = (part(0..4), part(5..7)) else { return Vec::new() };
    let mut out = Vec::new();
    let mut m = (year * 12 + month - 1) / every * every;
    while out.len() < 200 {
        let Some(t) = Stamp::from_ymd(m.div_euclid(12), (m.rem_euclid(12) + 1) as u32, 1) else { break };
        let x = x_of(t);
        if x > high {
            break;
        }
        if x >= low {
            out.push(GridMark { value: x, step_size: CLEAR * 30.0 * f64::from(every) });
        }
        m += every;
    }
    out
}

/// A line with a name.
pub fn line<'a>(name: &str, points: Vec<[f64; 2]>, color: Color32, width: f32) -> Line<'a> {
    Line::new(name.to_owned(), PlotPoints::from(points)).color(color).stroke(Stroke::new(width, color))
}

/// The area between two lines over the same x.
pub fn band(name: &str, xs: &[f64], low: &[f64], high: &[f64], color: Color32) -> FilledArea {
    FilledArea::new(name.to_owned(), xs, low, high).fill_color(color)
}

/// Points as steps: each value holds from its x to the next.
pub fn steps(xs: &[f64], ys: &[f64]) -> Vec<[f64; 2]> {
    let mut out = Vec::with_capacity(xs.len() * 2);
    for (i, (x, y)) in xs.iter().zip(ys).enumerate() {
        out.push([*x, *y]);
        if let Some(next) = xs.get(i + 1) {
            out.push([*next, *y]);
        }
    }
    out
}

/// Room left in a place for plots side by side, each at least `least` points wide: how many, and how wide.
pub fn columns(ui: &Ui, least: f32, most: usize) -> (usize, f32) {
    let room = ui.available_width();
    let n = ((room + 12.0) / (least + 12.0)).floor().clamp(1.0, most as f32) as usize;
    (n, (room - 12.0 * (n as f32 - 1.0)) / n as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Marks of `days` from 2024 on over a plot `width` points wide.
    fn marks(days: f64, width: f64) -> Vec<f64> {
        let low = x_of(Stamp::from_ymd(2024, 1, 10).unwrap());
        let input = GridInput { bounds: (low, low + days), base_step_size: 8.0 * days / width };
        date_grid(input).into_iter().map(|m| m.value).collect()
    }

    #[test]
    fn dates_have_room_on_narrow_plots_and_stand_on_all() {
        for days in [5.0, 20.0, 60.0, 91.0, 200.0, 400.0, 1000.0, 1500.0, 2500.0, 9000.0] {
            for width in [240.0, 480.0, 1000.0, 1800.0] {
                let m = marks(days, width);
                let apart = |w: &[f64]| (w[1] - w[0]) / days * width;
                assert!(!m.is_empty(), "no mark on {days} days over {width} points");
                assert!(m.windows(2).all(|w| apart(w) >= 40.0), "{days} days over {width} points: {m:?}");
                assert!(m.len() < 32, "{} marks on {days} days over {width} points", m.len());
            }
        }
    }
}
