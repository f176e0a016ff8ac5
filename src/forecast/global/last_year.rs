//! The shape of the only year on record, for series too short to show a season twice.
//!
//! With little more than a year of past no method can tell a season from chance by looking at one series. All series together can: forecasts of their last periods, made as they
//! would have been, are bent towards what was sold a year before,
//!
//! ```text
//! mean'(h) = mean(h) · exp(share · shrunk(ln(sold a year before h / sold a year before now)))
//! ```
//!
//! and how much of that shape comes again is what did best over all of them, less the doubt about it. A ratio is drawn towards 1 by its own noise beside how much the ratios of all series
//! differ (empirical Bayes: Efron & Morris 1975, "Data analysis using Stein's estimator and its generalizations", JASA 70(350); for seasonal factors Miller & Williams 2003,
//! "Shrinkage estimators of time series seasonal factors to improve forecasting accuracy", IJF 19(4)). Series with a longer past teach the shorter ones, cut as short.

use super::grown::Grown;
use super::panel::masked;
use crate::base::{Calendar, Cancelled, Control, Period};
use crate::forecast::fitted::{FitOptions, SeriesInput, fit};
use crate::history::History;
use rayon::prelude::*;

// where these come from and what rests on judgement: benches/README.md, *A first year*

/// Fewer series than this teach nothing.
const LEAST_SERIES: usize = 10;
/// Series asked.
const ASKED: usize = 300;
/// Shares tried.
const SHARES: [f64; 7] = [0.0, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9];
/// A gain of fewer standard errors is chance.
const LEAST_T: f64 = 1.5;
/// What is kept of a share is `t² / (t² + DOUBT)`.
const DOUBT: f64 = 8.0;
/// A series' mean absolute error beyond so many levels counts as that, its mean squared error as the square.
const MOST: f64 = 5.0;
/// Part of a level that is added to both sides of a ratio, so that nothing sold is no infinite fall.
const FLOOR: f64 = 0.05;
/// A ratio's logarithm lies within this.
const REACH: f64 = 2.0;
/// A value beyond so many times the ninth decile is taken as that.
const ODD: f64 = 1.5;
/// Squared coefficient of variation beyond which noise is not counted.
const NOISE: f64 = 25.0;
/// Spread follows held-out errors within these bounds.
const SPREAD: (f64, f64) = (0.6, 1.0);

/// How a forecast is bent.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Bend {
    /// What the mean of each period ahead is multiplied by.
    pub factors: Vec<f64>,
    /// How much wider outcomes lie about the mean than they would without it.
    pub spread: f64,
    /// Share of the shape that is kept.
    pub share: f64,
    /// Series that this was learned from.
    pub series: usize,
    /// Absolute errors over demand in the held-out windows, without and with it.
    pub errors: (f64, f64),
}

/// What all series say of it.
#[derive(Debug)]
pub(super) struct LastYear {
    year: usize,
    needed: usize,
    share: f64,
    /// Variance of the logarithms of true ratios.
    variance: f64,
    spread: f64,
    series: usize,
    errors: (f64, f64),
}

/// Periods in a year, and how many a series needs for methods to find its season by themselves (two seasons, for long ones a season and a quarter: `seasons::detect`); `None`
/// where a year is no season.
const fn lengths(period: Period) -> Option<(usize, usize)> {
    match period {
        Period::Day => Some((364, 455)),
        Period::Week => Some((52, 65)),
        Period::Month => Some((12, 24)),
        Period::Quarter => Some((4, 8)),
        Period::Hour | Period::Year => None,
    }
}

/// Periods from which a series may have its first year's shape: by the end of its first year something is known of what is coming.
const fn shortest(year: usize) -> usize {
    year - year / 6
}

/// A series in which odd values are cut and what could not be sold is left out.
struct One {
    /// NaN where nothing is known.
    y: Vec<f64>,
    level: f64,
    /// Squared coefficient of variation of noise.
    noise: f64,
}

/// A logarithm of a ratio, and the variance of its noise.
#[derive(Clone, Copy)]
struct Ratio {
    log: f64,
    variance: f64,
}

impl One {
    /// `None` where nothing was sold, or less than nothing.
    fn of(input: &SeriesInput<'_>) -> Option<Self> {
        if input.y.iter().any(|v| *v < 0.0) {
            return None;
        }
        let mut y: Vec<f64> =
            input.y.iter().enumerate().map(|(t, v)| masked(*v, input.in_stock.and_then(|s| s.get(t)).copied()).0).collect();
        let mut seen: Vec<f64> = y.iter().copied().filter(|v| v.is_finite()).collect();
        seen.sort_by(f64::total_cmp);
        let most = *seen.last()?;
        let decile = seen[(seen.len() - 1) * 9 / 10];
        let top = if decile > 0.0 { ODD * decile } else { most };
        y.iter_mut().for_each(|v| *v = v.min(if v.is_finite() { top } else { f64::NAN }));
        let level = seen.iter().map(|v| v.min(top)).sum::<f64>() / seen.len() as f64;
        let changes = y.windows(2).filter_map(|p| if let [a, b] = p { Some((b - a).powi(2)).filter(|c| c.is_finite()) } else { None });
        let (sum, count) = changes.fold((0.0, 0usize), |(s, n), c| (s + c, n + 1));
        (level > 0.0 && count > 0).then(|| Self { noise: (sum / count as f64 / 2.0 / (level * level)).min(NOISE), y, level })
    }

    /// Mean of what is known in `from..to`, and how many periods that is.
    fn mean(&self, from: usize, to: usize) -> (f64, f64) {
        let known = self.y.get(from..to).unwrap_or(&[]).iter().filter(|v| v.is_finite());
        let (sum, count) = known.fold((0.0, 0.0), |(s, n), v| (s + v, n + 1.0));
        (if count > 0.0 { sum / count } else { 0.0 }, count)
    }

    /// What was sold a year before period `h` ahead over what was sold a year before now.
    fn ratio(&self, year: usize, h: usize) -> Option<Ratio> {
        let n = self.y.len();
        let then = (n + h).checked_sub(year * (h + 1).div_ceil(year))?;
        // neighbouring periods share in it, the nearest most
        let (width, reach) = (year as f64 / 26.0, year.div_ceil(13));
        let (mut sum, mut weight, mut squares) = (0.0, 0.0, 0.0);
        for t in then.saturating_sub(reach)..(then + reach + 1).min(n) {
            let v = self.y[t];
            if v.is_finite() {
                let w = (-(t.abs_diff(then) as f64) / width).exp();
                sum += w * v;
                weight += w;
                squares += w * w;
            }
        }
        if weight <= 0.0 {
            return None;
        }
        let span = (year / 5).max(2);
        let now = n.saturating_sub(year);
        let (mut base, mut known) = self.mean(now.saturating_sub(span), now);
        if known < span as f64 / 2.0 {
            // no level of then: that of now, as if nothing had grown
            (base, known) = self.mean(n.saturating_sub(span), n);
        }
        let floor = FLOOR * self.level;
        let log = ((sum / weight + floor) / (base + floor)).ln();
        let variance = self.noise * (squares / (weight * weight) + 1.0 / known.max(1.0));
        (known > 0.0 && log.is_finite()).then_some(Ratio { log, variance })
    }
}

impl Ratio {
    /// Drawn towards 1 where true ratios differ by `variance`.
    fn shrunk(self, variance: f64) -> f64 {
        (self.log * variance / (variance + self.variance + 1e-9)).clamp(-REACH, REACH)
    }
}

/// A held-out window.
struct Window {
    actual: Vec<f64>,
    mean: Vec<f64>,
    ratios: Vec<Option<Ratio>>,
    level: f64,
}

/// Mean absolute and mean squared error of a window over its level, its forecast bent.
fn missed(w: &Window, share: f64, variance: f64) -> Option<(f64, f64)> {
    let (mut absolute, mut squared, mut count) = (0.0, 0.0, 0usize);
    for ((y, mean), ratio) in w.actual.iter().zip(&w.mean).zip(&w.ratios) {
        if y.is_finite() {
            let e = (y - mean * ratio.map_or(1.0, |r| (share * r.shrunk(variance)).exp())) / w.level;
            absolute += e.abs();
            squared += e * e;
            count += 1;
        }
    }
    (count > 0).then(|| ((absolute / count as f64).min(MOST), (squared / count as f64).min(MOST * MOST)))
}

impl LastYear {
    /// Learns it, the same on any thread count; `None` where no series has about a year on record, or last year's shape did not come again in enough of them.
    ///
    /// `trees`: those that have not seen the last periods.
    pub fn learn(
        history: &History,
        options: &FitOptions,
        ahead: usize,
        trees: Option<&Grown>,
        control: &dyn Control,
    ) -> Result<Option<Self>, Cancelled> {
        let Some((year, needed)) = lengths(history.period).filter(|_| options.season_lengths.is_none()) else { return Ok(None) };
        let length = |s: usize| history.series[s].y.len();
        let all = 0..history.series.len();
        let (young, old): (Vec<usize>, Vec<usize>) = all.filter(|s| length(*s) >= shortest(year)).partition(|s| length(*s) < needed);
        if young.is_empty() || young.len() + old.len() < LEAST_SERIES {
            return Ok(None);
        }
        // the windows of those that judge: no longer than what trees have not seen
        let most = trees.map_or(ahead, |t| ahead.min(t.horizon())).max(1);
        let stride = young.len().div_ceil(ASKED).max(1);
        // a series by itself needs some periods after its first year; one with a longer past is cut as short as one of the young
        let mut asked: Vec<(usize, usize, usize)> = young
            .iter()
            .step_by(stride)
            .map(|s| (*s, length(*s), most.min(length(*s).saturating_sub(year))))
            .filter(|(_, _, held)| *held >= 2.min(most) && *held > 0)
            .map(|(s, n, held)| (s, n - held, held))
            .collect();
        let missing = ASKED.saturating_sub(asked.len()).min(old.len());
        let held = most.min(year / 4).max(1);
        asked.extend(
            old.iter()
                .step_by(old.len().div_ceil(missing.max(1)).max(1))
                .take(missing)
                .enumerate()
                .map(|(k, s)| (*s, length(young[k % young.len()]), held))
                .filter(|(s, n, held)| length(*s) >= n + held),
        );
        if asked.len() < LEAST_SERIES {
            return Ok(None);
        }
        let windows: Vec<Window> = asked
            .par_iter()
            .map(|(s, n, held)| {
                control.check()?;
                Ok(window(history, (*s, *n, *held), year, options, trees))
            })
            .collect::<Result<Vec<_>, Cancelled>>()?
            .into_iter()
            .flatten()
            .collect();
        Ok(Self::of(&windows, year, needed))
    }

    /// What held-out windows say.
    fn of(windows: &[Window], year: usize, needed: usize) -> Option<Self> {
        if windows.len() < LEAST_SERIES {
            return None;
        }
        let (mut sum, mut weight) = (0.0, 0.0);
        for r in windows.iter().flat_map(|w| w.ratios.iter().flatten()) {
            let w = 1.0 / (r.variance + 0.3);
            sum += w * (r.log * r.log - r.variance.min(9.0));
            weight += w;
        }
        let variance = if weight > 0.0 { (sum / weight).max(0.0) } else { 0.0 };
        if variance <= 0.0 {
            return None;
        }
        let errors = |share: f64| -> Vec<(f64, f64)> { windows.iter().filter_map(|w| missed(w, share, variance)).collect() };
        let plain = errors(0.0);
        let sums = |e: &[(f64, f64)]| e.iter().fold((0.0, 0.0), |(a, b), (x, y)| (a + x, b + y));
        let (absolute, squared) = sums(&plain);
        if absolute <= 0.0 || squared <= 0.0 {
            return None;
        }
        let loss = |e: &[(f64, f64)]| {
            let (a, s) = sums(e);
            a / absolute + (s / squared).sqrt()
        };
        let (mut best, mut least, mut with) = (0.0, loss(&plain), plain.clone());
        for share in SHARES {
            let e = errors(share);
            if loss(&e) < least {
                (best, least, with) = (share, loss(&e), e);
            }
        }
        // by how many standard errors absolute errors are smaller
        let gains: Vec<f64> = plain.iter().zip(&with).map(|(a, b)| a.0 - b.0).collect();
        let n = gains.len() as f64;
        let mean = gains.iter().sum::<f64>() / n;
        let deviation = (gains.iter().map(|g| (g - mean).powi(2)).sum::<f64>() / (n - 1.0).max(1.0)).sqrt();
        let t = mean / (deviation / n.sqrt()).max(1e-300);
        if best <= 0.0 || t < LEAST_T {
            return None;
        }
        let share = if t.is_finite() { best * t * t / (t * t + DOUBT) } else { best };
        let ratio = sums(&errors(share)).0 / absolute;
        let total = |share: f64| {
            let each = windows.iter().filter_map(|w| Some((missed(w, share, variance)?.0 * w.level, w)));
            each.fold((0.0, 0.0), |(e, y), (missed, w)| {
                let known = w.actual.iter().filter(|v| v.is_finite());
                let (sold, count) = known.fold((0.0, 0.0), |(s, n), v| (s + v, n + 1.0));
                (e + missed * count, y + sold)
            })
        };
        let over = |(e, y): (f64, f64)| if y > 0.0 { e / y } else { 0.0 };
        let errors = (over(total(0.0)), over(total(share)));
        Some(Self { year, needed, share, variance, spread: ratio.clamp(SPREAD.0, SPREAD.1), series: windows.len(), errors })
    }

    /// How the forecast of a series is bent; `None` where it has far less than a year on record, or enough for its season to show.
    pub fn beside(&self, series: &SeriesInput<'_>, horizon: usize) -> Option<Bend> {
        if !(shortest(self.year)..self.needed).contains(&series.y.len()) {
            return None;
        }
        let one = One::of(series)?;
        let factor = |h| one.ratio(self.year, h).map_or(1.0, |r| (self.share * r.shrunk(self.variance)).exp());
        let factors: Vec<f64> = (0..horizon).map(factor).collect();
        Some(Bend { factors, spread: self.spread, share: self.share, series: self.series, errors: self.errors })
    }
}

/// The `held` periods after the `n` before them, at the end of a series, forecast as they would have been.
fn window(
    history: &History,
    (s, n, held): (usize, usize, usize),
    year: usize,
    options: &FitOptions,
    trees: Option<&Grown>,
) -> Option<Window> {
    let series = &history.series[s];
    let whole = SeriesInput::of(series, history.period);
    let (from, to) = (whole.y.len() - held - n, whole.y.len() - held);
    let known = SeriesInput {
        y: &whole.y[from..to],
        in_stock: whole.in_stock.and_then(|s| s.get(from..to)),
        period: history.period,
        start: Calendar::new(history.period, series.start).at(from as i64),
    };
    let one = One::of(&known)?;
    let mut mean = fit(&known, &FitOptions { horizon: held, ..options.clone() }).mean;
    if let Some(said) = trees.and_then(|t| t.beside(&known)) {
        for (m, t) in mean.iter_mut().zip(&said.mean).filter(|(_, t)| t.is_finite()) {
            *m += said.share * (t - *m);
        }
    }
    let stock = |h: usize| whole.in_stock.and_then(|s| s.get(to + h)).copied().unwrap_or(1.0);
    let actual = whole.y[to..].iter().enumerate().map(|(h, y)| if stock(h) < 1.0 { f64::NAN } else { *y }).collect();
    let ratios = (0..held).map(|h| one.ratio(year, h)).collect();
    Some(Window { actual, mean, ratios, level: one.level })
}
