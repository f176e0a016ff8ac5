//! Demand as it would have been without effects.

use super::design::{Design, Rows};
use crate::base::Period;
use crate::forecast::fitted::{FitOptions, SeriesInput};
use crate::forecast::seasons;
use crate::forecast::series::{Pattern, prepare};
use crate::history::Series;

/// An effect on the logarithm beyond this is no effect.
const MOST: f64 = 3.0;
/// Last times a place of the season was looked at, to see whether the shop is always shut there.
const LAST_TIMES: usize = 6;

/// Demand without effects, and what brings them back.
pub(super) struct Cleaned {
    /// Demand over the effects; unknown in odd periods in which nothing could be sold.
    pub y: Vec<f64>,
    /// Whether demand came in whole units.
    pub whole: bool,
    /// The periods whose mean effect is taken as none, so that cleaned demand stays of the size of demand.
    pub late: Vec<usize>,
    middle: f64,
}

impl Cleaned {
    /// The first `n` periods of a series, with the effect on the logarithm of each, and of that the part that is no event's: demand is left at the size that this
    /// has on average of late, and where no event was on it stays as it was.
    pub fn of(series: &Series, design: &Design, rows: &Rows, effect: &[f64], lasting: &[f64], n: usize) -> Self {
        let late: Vec<usize> = (n.saturating_sub(2 * design.window)..n).filter(|t| !rows.shut[*t]).collect();
        let middle = late.iter().map(|t| lasting[*t]).sum::<f64>() / late.len().max(1) as f64;
        let mut out = Self { y: Vec::new(), whole: false, late, middle };
        let always = always_shut(rows, n, design.season);
        out.y = (0..n)
            .map(|t| match rows.shut[t] {
                true if always[rows.place[t]] || !series.y[t].is_finite() => series.y[t],
                true => f64::NAN,
                false => series.y[t] / out.factor(effect[t]),
            })
            .collect();
        out.whole = series.y[..n].iter().all(|v| !v.is_finite() || (*v >= 0.0 && v.fract() == 0.0));
        out
    }

    /// What an effect on the logarithm multiplies cleaned demand by.
    pub fn factor(&self, effect: f64) -> f64 {
        (effect - self.middle).clamp(-MOST, MOST).exp()
    }
}

/// The season lengths that demand shows with its events in it. What events take out may be what told a season from chance, and the rest of the season would go with it.
pub(super) fn seasons(input: &SeriesInput<'_>, options: &FitOptions) -> Option<Vec<usize>> {
    if options.season_lengths.is_some() {
        return options.season_lengths.clone();
    }
    let calendar = input.period.season_lengths();
    let p = prepare(input, calendar, options.integer, None);
    if p.pattern == Pattern::Silent {
        return None;
    }
    let open: Vec<usize> = calendar.iter().map(|m| p.open_season(*m)).collect();
    let found = seasons::detect(
        &p.y,
        &open.iter().copied().filter(|m| *m >= 2).collect::<Vec<_>>(),
        matches!(input.period, Period::Hour | Period::Day),
    );
    let demands = p.y.iter().filter(|v| **v > 0.0).count();
    let kept =
        |m: &usize| found.contains(m) && (p.pattern != Pattern::Intermittent || demands >= 3 * m || seasons::is_silent_part_of(&p.y, *m));
    let lengths: Vec<usize> = calendar.iter().zip(&open).filter(|(_, o)| kept(o)).map(|(m, _)| *m).collect();
    (!lengths.is_empty()).then_some(lengths)
}

/// Places of the season in which the shop was always shut of late.
fn always_shut(rows: &Rows, n: usize, season: usize) -> Vec<bool> {
    (0..season)
        .map(|k| {
            let last: Vec<bool> = (0..n).rev().filter(|t| rows.place[*t] == k).take(LAST_TIMES).map(|t| rows.shut[t]).collect();
            !last.is_empty() && last.iter().all(|s| *s)
        })
        .collect()
}
