//! A forecast mean in parts that add up: level, trend, each season, and what is known ahead.

use super::drivers::Known;
use super::fitted::Fitted;
use serde::Serialize;

/// One part of a mean, in units a period by step.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Part {
    /// `level`, `trend`, `season of 52`, or a column or event that is known ahead.
    pub name: String,
    /// `level`, `trend`, `season`, `driver` or `by_hand`.
    pub kind: &'static str,
    /// Units a period, one a step.
    pub units: Vec<f64>,
}

impl Fitted {
    /// The mean in parts that add up to it at every step, the first `skip` steps left out: the level of the first step, how it moves on, a season each, and every
    /// driver that adds something.
    pub fn parts(&self, known: Option<&Known>, skip: usize) -> Vec<Part> {
        let steps = skip..self.components.len().min(self.mean.len());
        let level: Vec<f64> = steps.clone().filter_map(|h| self.components.get(h)).map(|c| c.level).collect();
        // a closed day has no level: it is no turn of the trend
        let first = level.iter().copied().find(|l| *l != 0.0).unwrap_or(0.0);
        let part = |name: String, kind, units| Part { name, kind, units };
        let mut out = vec![
            part("level".into(), "level", level.iter().map(|l| if *l == 0.0 { 0.0 } else { first }).collect()),
            part("trend".into(), "trend", level.iter().map(|l| if *l == 0.0 { 0.0 } else { l - first }).collect()),
        ];
        let season: Vec<f64> = steps.clone().filter_map(|h| self.components.get(h)).map(|c| c.seasonal).collect();
        match self.season_lengths.as_slice() {
            [short, .., long] if season.len() >= 2 * short => {
                let of_short = by_place(&season, *short);
                let rest = season.iter().zip(&of_short).map(|(a, b)| a - b).collect();
                out.push(part(format!("season of {short}"), "season", of_short));
                out.push(part(format!("season of {long}"), "season", rest));
            }
            [only] => out.push(part(format!("season of {only}"), "season", season)),
            _ => out.push(part("season".into(), "season", season)),
        }
        for e in known.iter().flat_map(|k| &k.effects) {
            let units: Vec<f64> = steps.clone().map(|h| e.units.get(h).copied().unwrap_or(0.0)).collect();
            out.push(part(e.driver.clone(), "driver", units));
        }
        out.retain(|p| p.kind == "level" || p.units.iter().any(|u| u.abs() > 1e-9));
        out
    }
}

/// The mean of each place of a season, less the mean of all.
fn by_place(values: &[f64], m: usize) -> Vec<f64> {
    let all = values.iter().sum::<f64>() / values.len().max(1) as f64;
    let places: Vec<f64> = (0..m)
        .map(|k| {
            let (sum, n) = values.iter().skip(k).step_by(m).fold((0.0, 0usize), |(s, n), v| (s + v, n + 1));
            sum / n.max(1) as f64 - all
        })
        .collect();
    (0..values.len()).map(|t| places.get(t % m).copied().unwrap_or(0.0)).collect()
}

#[cfg(test)]
mod tests {
    use crate::base::{Period, Stamp};
    use crate::forecast::{FitOptions, SeriesInput, fit};

    #[test]
    fn parts_add_up() {
        let y: Vec<f64> = (0..120).map(|t| 50.0 + 0.3 * t as f64 + [0.0, 5.0, 9.0, -4.0, -8.0, 12.0, -14.0][t % 7]).collect();
        let start = Stamp::from_ymd(2026, 1, 5).unwrap();
        let f = fit(&SeriesInput { y: &y, in_stock: None, period: Period::Day, start }, &FitOptions::new(21));
        let parts = f.parts(None, 0);
        for h in 0..21 {
            let sum: f64 = parts.iter().map(|p| p.units[h]).sum();
            assert!((sum - f.mean[h]).abs() < 1e-6, "{h}: {sum} {}", f.mean[h]);
        }
        let names: Vec<&str> = parts.iter().map(|p| p.name.as_str()).collect();
        assert_eq!(names, ["level", "trend", "season of 7"]);
        assert!(parts[1].units[20] > 3.0 && parts[2].units.iter().any(|u| *u < -8.0));
    }
}
