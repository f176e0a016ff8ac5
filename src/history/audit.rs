//! What the data are worth: five scores, what lies behind each by row or series, and a fix where one is safe. Outliers, new levels and empty
//! shelves are questions. The dimensions are those of DAMA UK 2013, *The six primary dimensions for data quality assessment*, as a shop owner
//! meets them: completeness, accuracy, consistency, timeliness, relevance.
//!
//! A score is 100 times the product, over the findings of its dimension, of one less the share of rows or series that the finding touches
//! (for a question: of a quarter of that share).

use super::censored;
use super::detect;
use super::fixes::Fix;
use super::model::{History, Measured, Series};
use super::names::{compact, words};
use super::sales::{AsideLine, Import};
use crate::base::text::{grouped, plural};
use crate::base::{Period, Severity, Stamp};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// Nothing is missing.
    Completeness,
    /// Values are what happened.
    Accuracy,
    /// The same thing is called and counted the same everywhere.
    Consistency,
    /// The data reach up to now.
    Timeliness,
    /// The data are about what is to be decided.
    Relevance,
}

impl Dimension {
    /// All, in the order shown.
    pub const ALL: [Self; 5] = [Self::Completeness, Self::Accuracy, Self::Consistency, Self::Timeliness, Self::Relevance];
    /// The word for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Completeness => "completeness",
            Self::Accuracy => "accuracy",
            Self::Consistency => "consistency",
            Self::Timeliness => "timeliness",
            Self::Relevance => "relevance",
        }
    }
}

/// Something found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// Stable kebab-case name.
    pub code: &'static str,
    /// Which score it lowers.
    pub dimension: Dimension,
    /// What was found, a lower-case fragment.
    pub message: String,
    /// Share of rows or series touched, 0..=1.
    pub share: f64,
    /// Lines behind it, the first thousand.
    pub lines: Vec<AsideLine>,
    /// Series behind it, by `unique_id`, the first thousand.
    pub series: Vec<String>,
    /// Somebody who knows the shop has to say whether something is wrong.
    pub question: bool,
    /// Changes that mend it, for people to agree to; empty where nothing is safe.
    pub fixes: Vec<Fix>,
    /// Other changes that answer it, one for each of `fixes` in its order; empty where there is one way only.
    pub otherwise: Vec<Fix>,
}

/// One dimension's score.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Score {
    /// Which.
    pub dimension: Dimension,
    /// 0..=100; 100 where nothing was found.
    pub score: f64,
}

/// The whole audit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Audit {
    /// One a dimension, in the order of [`Dimension::ALL`].
    pub scores: Vec<Score>,
    /// What was found, the gravest first.
    pub findings: Vec<Finding>,
    /// Rows read and rows used, over all files.
    pub rows_read: usize,
    /// Rows that count.
    pub rows_used: usize,
}

/// Codes of the findings that can have fixes.
pub const MENDABLE: [&str; 10] = [
    "gaps",
    "nothing-sold",
    "impossible-value",
    "outliers",
    "level-shift",
    "level-shift-since",
    "empty-shelves",
    "spelled-twice",
    "nearly-spelled-alike",
    "silent",
];

/// The changes that a name of [`MENDABLE`] stands for: a finding's own, or with `-since` behind its code its other ones.
pub fn fixes_of<'a>(findings: &'a [Finding], name: &str) -> Option<(&'a Finding, &'a [Fix])> {
    let (code, other) = name.strip_suffix("-since").map_or((name, false), |code| (code, true));
    let found = findings.iter().find(|f| f.code == code)?;
    let fixes = if other { &found.otherwise } else { &found.fixes };
    (!fixes.is_empty()).then_some((found, fixes.as_slice()))
}

/// Share that a note of the reading counts as: it speaks of some rows and does not say how many. Chosen so that one such note takes two points.
const SAID_ONCE: f64 = 0.02;
/// Share of a file of money that is of no use for stock: half, chosen: forecasts work, orders do not.
const MONEY_ONLY: f64 = 0.5;
/// No finding lists more.
const MOST: usize = 1000;
/// Items compared with one another by name.
const COMPARED: usize = 20_000;

/// Judges an import. `as_of` is the day that counts as today; `None`: the end of the file.
pub fn audit(import: &Import, as_of: Option<Stamp>) -> Audit {
    let h = &import.history;
    let mut findings: Vec<Finding> = Vec::new();
    let rows_read: usize = import.recognised.iter().map(|r| r.rows_read).sum();
    rows(import, rows_read, &mut findings);
    gaps(h, &mut findings);
    values(h, &mut findings);
    if h.measured == Measured::Units {
        let closed = nothing_sold(h, &mut findings);
        shelves(h, &closed, &mut findings);
    }
    spellings(h, &mut findings);
    ends(h, as_of, &mut findings);
    relevance(h, &mut findings);
    findings.sort_by(|a, b| (a.question, b.share).partial_cmp(&(b.question, a.share)).unwrap_or(std::cmp::Ordering::Equal));
    let score = |d: Dimension| {
        let left =
            findings.iter().filter(|f| f.dimension == d).map(|f| 1.0 - f.share.clamp(0.0, 1.0) * if f.question { 0.25 } else { 1.0 });
        Score { dimension: d, score: 100.0 * left.product::<f64>() }
    };
    Audit {
        scores: Dimension::ALL.into_iter().map(score).collect(),
        rows_read,
        rows_used: import.recognised.iter().map(|r| r.rows_used).sum(),
        findings,
    }
}

/// Which dimension a reason for setting a row aside is about; none where the row was never meant to count.
fn dimension_of(reason: &str) -> Option<Dimension> {
    match reason {
        "no-date" | "no-item" => Some(Dimension::Completeness),
        "date-unreadable" | "quantity-unreadable" | "after-export" => Some(Dimension::Accuracy),
        "non-product" | "stock-adjustment" => Some(Dimension::Relevance),
        _ => None,
    }
}

fn rows(import: &Import, rows_read: usize, out: &mut Vec<Finding>) {
    let mut by_reason = BTreeMap::<&str, (usize, String)>::new();
    for s in import.recognised.iter().flat_map(|r| &r.set_aside) {
        let words = s.message.split_once(" set aside: ").map_or(s.message.as_str(), |w| w.1).to_owned();
        by_reason.entry(s.reason).or_insert((0, words)).0 += s.rows;
    }
    for (reason, (count, words)) in by_reason {
        let Some(dimension) = dimension_of(reason) else { continue };
        let lines: Vec<AsideLine> = import.aside.iter().filter(|a| a.reason == reason).take(MOST).copied().collect();
        out.push(Finding {
            code: lines.first().map_or("rows-set-aside", |l| l.reason),
            dimension,
            message: format!("{} set aside: {words}", plural(count, "row")),
            share: count as f64 / rows_read.max(1) as f64,
            lines,
            series: Vec::new(),
            question: false,
            fixes: Vec::new(),
            otherwise: Vec::new(),
        });
    }
    // cells that could not be read, orders of dates that disagree: said while reading
    let codes = [
        "cell-unreadable",
        "date-order-mixed",
        "row-too-wide",
        "stray-quote",
        "date-far-off",
        "encoding-damaged",
        "encoding-mixed",
        "series-merged",
        "currencies-mixed",
        "units-mixed",
    ];
    for d in import.diagnostics.iter().filter(|d| d.severity == Severity::Warning && codes.contains(&d.code)) {
        let file = import.recognised.iter().position(|r| d.file.as_deref() == Some(r.file.as_str())).unwrap_or(0) as u32;
        out.push(Finding {
            code: d.code,
            dimension: if matches!(d.code, "date-order-mixed" | "series-merged") { Dimension::Consistency } else { Dimension::Accuracy },
            message: d.message.clone(),
            share: SAID_ONCE,
            lines: d.line.map(|line| AsideLine { file, line, reason: d.code }).into_iter().collect(),
            series: Vec::new(),
            question: false,
            fixes: Vec::new(),
            otherwise: Vec::new(),
        });
    }
}

fn of_series(code: &'static str, dimension: Dimension, h: &History, found: &[&Series], message: String) -> Finding {
    Finding {
        code,
        dimension,
        message,
        share: found.len() as f64 / h.series.len().max(1) as f64,
        lines: Vec::new(),
        series: found.iter().take(MOST).map(|s| s.unique_id.to_string()).collect(),
        question: false,
        fixes: Vec::new(),
        otherwise: Vec::new(),
    }
}

fn series_have(n: usize) -> String {
    if n == 1 { "1 series has".into() } else { format!("{} series have", grouped(n as f64, 0)) }
}

fn gaps(h: &History, out: &mut Vec<Finding>) {
    let found: Vec<&Series> = h.series.iter().filter(|s| s.y.iter().any(|v| v.is_nan())).collect();
    if found.is_empty() {
        return;
    }
    let missing: usize = found.iter().map(|s| s.y.iter().filter(|v| v.is_nan()).count()).sum();
    let all: usize = h.series.iter().map(|s| s.y.len()).sum();
    let message = format!("{} {} of which nothing is known", series_have(found.len()), plural(missing, h.period.name()));
    out.push(Finding {
        share: missing as f64 / all.max(1) as f64,
        fixes: found.iter().take(MOST).map(|s| Fix::FillGaps { unique_id: s.unique_id.to_string() }).collect(),
        ..of_series("gaps", Dimension::Completeness, h, &found, message)
    });
}

/// `9999`: what people type where a figure has to stand, above a hundred times the usual.
fn placeholder(v: f64, middle: f64) -> bool {
    [9999.0, 99_999.0, 999_999.0].contains(&v) && v > 100.0 * middle
}

/// Above this a period's units are a slip, such as a barcode in the quantity.
const IMPOSSIBLE: f64 = 1e6;

fn values(h: &History, out: &mut Vec<Finding>) {
    let (mut caps, mut capped, mut odd, mut odd_series, mut shifted) = (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut new_levels = Vec::new();
    for s in &h.series {
        let calendar = s.calendar(h.period);
        let mut usual: Vec<f64> = s.y.iter().copied().filter(|v| *v > 0.0).collect();
        usual.sort_by(f64::total_cmp);
        let middle = usual.get(usual.len() / 2).copied().unwrap_or(0.0);
        let mut slip = false;
        for (t, v) in s.y.iter().enumerate() {
            let slipped = *v >= IMPOSSIBLE && *v > 1000.0 * middle || placeholder(*v, middle);
            if slipped && usual.len() >= 4 && h.measured == Measured::Units {
                caps.push(Fix::Cap { unique_id: s.unique_id.to_string(), at: calendar.at(t as i64), to: middle });
                slip = true;
            }
        }
        if slip {
            capped.push(s);
        }
        let found = detect::outliers(&s.y, h.period);
        let found: Vec<_> = found.into_iter().filter(|o| o.value < IMPOSSIBLE && !placeholder(o.value, middle) || !slip).collect();
        if !found.is_empty() {
            odd.extend(found.iter().map(|o| {
                let fix = Fix::Cap { unique_id: s.unique_id.to_string(), at: calendar.at(o.at as i64), to: o.usual };
                (s, calendar.at(o.at as i64), *o, fix)
            }));
            odd_series.push(s);
        }
        // every change of level there was: what came before the first is brought to the last one step by step
        // an empty shelf says nothing of the level
        let there = |t: usize| s.in_stock.as_ref().and_then(|i| i.get(t)).is_none_or(|i| *i > 0.0 || i.is_nan());
        let mut sold: Vec<f64> = s.y.iter().enumerate().map(|(t, v)| if there(t) { *v } else { f64::NAN }).collect();
        // one that may have been empty is asked about by itself
        for run in censored::empty_runs(s, h.period).into_iter().filter(|r| !r.to_the_end) {
            sold.iter_mut().take(run.periods.end).skip(run.periods.start).for_each(|v| *v = f64::NAN);
        }
        let shifts = detect::shifts(&sold, h.period);
        if let Some(last) = shifts.last().map(|l| calendar.at(l.at as i64)) {
            new_levels.extend(shifts.into_iter().map(|l| (s, calendar.at(l.at as i64), l, last)));
            shifted.push(s);
        }
    }
    if !capped.is_empty() {
        let message = format!(
            "{} {} that cannot be right (such as a barcode or 9999 in the quantity)",
            series_have(capped.len()),
            plural(caps.len(), "amount")
        );
        out.push(Finding { fixes: caps, ..of_series("impossible-value", Dimension::Accuracy, h, &capped, message) });
    }
    odd.sort_by(|a, b| (b.2.value - b.2.usual).abs().total_cmp(&(a.2.value - a.2.usual).abs()));
    if let Some((s, at, o, _)) = odd.first() {
        let message = format!(
            "{} {} far from their neighbours, first {} in the {} of {at} ({} where about {} is usual): a large order, a slip, or the start of something?",
            series_have(odd_series.len()),
            plural(odd.len(), h.period.name()),
            s.unique_id,
            h.period,
            grouped(o.value, 0),
            grouped(o.usual, 0)
        );
        let fixes = odd.iter().take(MOST).map(|o| o.3.clone()).collect();
        out.push(Finding { question: true, fixes, ..of_series("outliers", Dimension::Accuracy, h, &odd_series, message) });
    }
    new_levels.sort_by(|a, b| (b.2.after - b.2.before).abs().total_cmp(&(a.2.after - a.2.before).abs()));
    if let Some((s, at, l, _)) = new_levels.first() {
        let message = format!(
            "{} a new level, first {} since the {} of {at} (from about {} to {}): is it here to stay?",
            series_have(shifted.len()),
            s.unique_id,
            h.period,
            grouped(l.before, 1),
            grouped(l.after, 1)
        );
        // nothing can be scaled to or from nothing
        let listed = || new_levels.iter().filter(|(_, _, l, _)| l.before > 0.0 && l.after > 0.0).take(MOST);
        let fixes =
            listed().map(|(s, at, l, _)| Fix::Level { unique_id: s.unique_id.to_string(), at: *at, by: l.after / l.before }).collect();
        let otherwise = listed().map(|(s, _, _, last)| Fix::Since { unique_id: s.unique_id.to_string(), at: *last }).collect();
        out.push(Finding { question: true, fixes, otherwise, ..of_series("level-shift", Dimension::Accuracy, h, &shifted, message) });
    }
}

/// Series below which one that is silent says nothing of the others.
const SHOP: usize = 3;

/// Times in which nothing at all was sold, though the shop sells all the time: it was closed, or the export leaves them out. The same test as for one
/// series' empty shelves, on the sum of all; first and last day of each.
fn nothing_sold(h: &History, out: &mut Vec<Finding>) -> Vec<(Stamp, Stamp)> {
    let (Some(first), Some(end)) = (h.series.iter().map(|s| s.start).min(), h.series.iter().map(|s| s.end(h.period)).max()) else {
        return Vec::new();
    };
    let calendar = crate::base::Calendar::new(h.period, first);
    let n = usize::try_from(calendar.index(end)).unwrap_or(0);
    if h.series.len() < SHOP || h.series.iter().any(|s| calendar.at(calendar.index(s.start)) != s.start) {
        return Vec::new();
    }
    let mut total = vec![0.0; n];
    for s in &h.series {
        let from = usize::try_from(calendar.index(s.start)).unwrap_or(n);
        total.iter_mut().skip(from).zip(&s.y).filter(|(_, y)| y.is_finite()).for_each(|(t, y)| *t += y);
    }
    let shop = Series::new("all", first, total);
    let runs: Vec<_> = censored::empty_runs(&shop, h.period).into_iter().filter(|r| !r.to_the_end).collect();
    let spans: Vec<(Stamp, Stamp)> =
        runs.iter().map(|r| (calendar.at(r.periods.start as i64), calendar.at(r.periods.end as i64 - 1))).collect();
    let (Some((from, to)), Some(run)) = (spans.first(), runs.first()) else { return spans };
    let of = |s: &&Series| spans.iter().any(|(a, b)| s.start <= *a && s.end(h.period) > *b);
    let found: Vec<&Series> = h.series.iter().filter(of).collect();
    let fixes = found
        .iter()
        .flat_map(|s| spans.iter().filter(|(a, b)| s.start <= *a && s.end(h.period) > *b).map(move |(a, b)| (s, *a, *b)))
        .take(MOST)
        .map(|(s, from, to)| Fix::Stockout { unique_id: s.unique_id.to_string(), from, to })
        .collect();
    let more = match spans.len() {
        1 => String::new(),
        n => format!(" and {} more such", plural(n - 1, "time")),
    };
    let message = format!(
        "nothing at all was sold from {from} to {to}{more}, where about {} a {} are usual: was the shop closed, or does the export leave it out?",
        grouped(run.level, 0),
        h.period
    );
    let missing: usize = runs.iter().map(|r| r.periods.len()).sum();
    let share = missing as f64 / n.max(1) as f64;
    out.push(Finding { question: true, fixes, share, ..of_series("nothing-sold", Dimension::Completeness, h, &found, message) });
    spans
}

fn shelves(h: &History, closed: &[(Stamp, Stamp)], out: &mut Vec<Finding>) {
    let (mut fixes, mut found) = (Vec::new(), Vec::new());
    for s in &h.series {
        let calendar = s.calendar(h.period);
        // what the whole shop did not sell is no question about one item
        let shop = |r: &censored::EmptyRun| {
            let within = |t: usize| closed.iter().any(|(a, b)| (*a..=*b).contains(&calendar.at(t as i64)));
            r.periods.clone().filter(|t| within(*t)).count() * 2 >= r.periods.len()
        };
        let runs: Vec<_> = censored::empty_runs(s, h.period).into_iter().filter(|r| !r.to_the_end && !shop(r)).collect();
        if runs.is_empty() {
            continue;
        }
        found.push(s);
        fixes.extend(runs.iter().map(|r| Fix::Stockout {
            unique_id: s.unique_id.to_string(),
            from: calendar.at(r.periods.start as i64),
            to: calendar.at(r.periods.end as i64 - 1),
        }));
    }
    if !found.is_empty() {
        let message = format!(
            "{} {} without a sale that chance hardly explains: were the shelves empty?",
            series_have(found.len()),
            plural(fixes.len(), "run")
        );
        out.push(Finding { question: true, fixes, ..of_series("empty-shelves", Dimension::Accuracy, h, &found, message) });
    }
}

/// Items that differ in case, blanks and punctuation only are one; names that differ by a letter are asked about.
fn spellings(h: &History, out: &mut Vec<Finding>) {
    let mut sold = BTreeMap::<&str, f64>::new();
    let mut names = BTreeMap::<&str, &str>::new();
    for s in &h.series {
        *sold.entry(&s.item).or_default() += s.y.iter().filter(|v| v.is_finite()).sum::<f64>();
        if let Some(d) = &s.description {
            names.entry(&s.item).or_insert(d);
        }
    }
    let mut alike = BTreeMap::<String, Vec<&str>>::new();
    for item in sold.keys() {
        alike.entry(compact(item).trim_start_matches('0').to_owned()).or_default().push(item);
    }
    let mut fixes = Vec::new();
    let mut items = BTreeSet::new();
    for group in alike.values().filter(|g| g.len() > 1) {
        let Some(best) = group.iter().max_by(|a, b| sold[**a].total_cmp(&sold[**b]).then(b.cmp(a))) else { continue };
        for other in group.iter().filter(|i| *i != best) {
            fixes.push(Fix::Merge { from: (*other).to_owned(), into: (*best).to_owned() });
            items.extend([*other, *best]);
        }
    }
    let of = |items: &BTreeSet<&str>| -> Vec<&Series> { h.series.iter().filter(|s| items.contains(&*s.item)).collect() };
    if !fixes.is_empty() {
        let message = format!("{} of an item that is there already", plural(fixes.len(), "other spelling"));
        let found = of(&items);
        out.push(Finding { fixes, ..of_series("spelled-twice", Dimension::Consistency, h, &found, message) });
    }
    // a letter changed, lost or swapped in a name of words; codes with digits differ by a character on purpose
    let wordy = |item: &str| -> Option<String> {
        let name = names.get(item).copied().unwrap_or(item);
        let key = compact(name);
        (key.len() >= 6 && sold.len() <= COMPARED).then_some(key)
    };
    let digits = |t: &str| t.chars().filter(char::is_ascii_digit).collect::<String>();
    let mut blocks = BTreeMap::<String, Vec<(&str, String)>>::new();
    for item in sold.keys() {
        if let Some(key) = wordy(item) {
            blocks.entry(key.chars().take(3).collect()).or_default().push((item, key));
        }
    }
    let (mut fixes, mut items) = (Vec::new(), BTreeSet::new());
    // O for 0 and I or l for 1 in a code, under the same name
    let mistyped = |t: &str| compact(t).replace('o', "0").replace(['i', 'l'], "1");
    let mut typed = BTreeMap::<(String, &str), Vec<&str>>::new();
    for item in sold.keys() {
        if let Some(name) = names.get(item) {
            typed.entry((mistyped(item), name)).or_default().push(item);
        }
    }
    for group in typed.values().filter(|g| g.len() > 1) {
        let Some(best) = group.iter().max_by(|a, b| sold[**a].total_cmp(&sold[**b]).then(b.cmp(a))) else { continue };
        for other in group.iter().filter(|i| compact(i) != compact(best)) {
            fixes.push(Fix::Merge { from: (*other).to_owned(), into: (*best).to_owned() });
            items.extend([*other, *best]);
        }
    }
    for block in blocks.values().filter(|b| b.len() <= 500) {
        for (i, (a, key_a)) in block.iter().enumerate() {
            for (b, key_b) in &block[i + 1..] {
                if key_a != key_b && digits(key_a) == digits(key_b) && strsim::damerau_levenshtein(key_a, key_b) == 1 {
                    let (from, into) = if sold[a] < sold[b] { (a, b) } else { (b, a) };
                    fixes.push(Fix::Merge { from: (*from).to_owned(), into: (*into).to_owned() });
                    items.extend([*a, *b]);
                }
            }
        }
    }
    if let Some(Fix::Merge { from, into }) = fixes.first() {
        // codes are told apart by what they name, where that is what differs
        let told = |item: &str| names.get(item).map_or_else(|| format!("{item:?}"), |n| format!("{n:?} ({item})"));
        let (one, other) = (told(from), told(into));
        let message = format!(
            "{} by one character, first {one} and {other}: the same item?",
            if fixes.len() == 1 {
                "1 pair of names differs".into()
            } else {
                format!("{} pairs of names differ", grouped(fixes.len() as f64, 0))
            }
        );
        let found = of(&items);
        out.push(Finding { question: true, fixes, ..of_series("nearly-spelled-alike", Dimension::Consistency, h, &found, message) });
    }
}

/// Periods that make a series' end stale, and the age from which the whole file is.
fn ends(h: &History, as_of: Option<Stamp>, out: &mut Vec<Finding>) {
    let Some(end) = h.series.iter().filter(|s| !s.y.is_empty()).map(|s| s.end(h.period)).max() else { return };
    if let Some(today) = as_of {
        let late = (today.0 - end.0) as f64 / 86_400.0 / h.period.days();
        if late >= 1.5 {
            let message =
                format!("the last complete {} ended on {}, {} ago", h.period, end.plus_days(-1), plural(late as usize, h.period.name()));
            let share = (late / 26.0).min(1.0);
            out.push(Finding { share, ..of_series("old", Dimension::Timeliness, h, &[], message) });
        }
    }
    // long silent at the end, against what they did before
    let (mut gone, mut fixes) = (Vec::new(), Vec::new());
    for s in &h.series {
        let sold: Vec<usize> = (0..s.y.len()).filter(|t| s.y[*t] > 0.0).collect();
        let Some(last) = sold.last().copied().filter(|_| sold.len() >= 6) else { continue };
        let longest = sold.windows(2).map(|w| w[1] - w[0]).max().unwrap_or(1);
        let missing =
            h.series.iter().map(|o| o.end(h.period)).max().map_or(0, |e| s.calendar(h.period).index(e) - s.y.len() as i64).max(0) as usize;
        let silent = s.y.len() - 1 - last + missing;
        let half_year = (180.0 / h.period.days()).ceil() as usize;
        if silent > (3 * longest).max(8) && silent * 2 >= half_year.min(2 * s.y.len() / 3) {
            gone.push((s, last));
        }
    }
    if gone.is_empty() {
        return;
    }
    let mut named = 0;
    for (s, last) in &gone {
        match successor(h, s, *last) {
            Some(by) => {
                named += 1;
                fixes.push(Fix::Successor { item: s.item.to_string(), by });
            }
            None => fixes.push(Fix::Discontinue { item: s.item.to_string() }),
        }
    }
    let found: Vec<&Series> = gone.iter().map(|g| g.0).collect();
    let more =
        if named > 0 { format!(", for {} of which something alike began to sell then", grouped(named as f64, 0)) } else { String::new() };
    let message = format!(
        "{} not sold for long after selling regularly{more}: discontinued, or replaced?",
        if found.len() == 1 { "1 series has".into() } else { format!("{} series have", grouped(found.len() as f64, 0)) }
    );
    out.push(Finding { question: true, fixes, ..of_series("silent", Dimension::Timeliness, h, &found, message) });
}

/// An item at the same place that began when this one ended and shares most words of its name.
fn successor(h: &History, gone: &Series, last: usize) -> Option<String> {
    let name = gone.description.as_deref().unwrap_or(&gone.item);
    let mine: BTreeSet<String> = words(name).into_iter().filter(|w| w.len() > 2).collect();
    let ended = gone.calendar(h.period).at(last as i64);
    let near = |p: Period| Stamp(ended.0 - (p.days() * 86_400.0 * 6.0) as i64)..=Stamp(ended.0 + (p.days() * 86_400.0 * 8.0) as i64);
    let alike = |s: &Series| {
        let other: BTreeSet<String> = words(s.description.as_deref().unwrap_or(&s.item)).into_iter().filter(|w| w.len() > 2).collect();
        let common = mine.intersection(&other).count();
        (common * 2 >= mine.len().max(other.len()) && common > 0).then_some(common)
    };
    let began = |s: &Series| s.y.iter().position(|v| *v > 0.0).map(|t| s.calendar(h.period).at(t as i64));
    h.series
        .iter()
        .filter(|s| s.location == gone.location && s.item != gone.item && began(s).is_some_and(|b| near(h.period).contains(&b)))
        .filter_map(|s| Some((alike(s)?, s)))
        .max_by_key(|(common, s)| (*common, std::cmp::Reverse(s.unique_id.clone())))
        .map(|(_, s)| s.item.to_string())
}

fn relevance(h: &History, out: &mut Vec<Finding>) {
    if h.measured == Measured::Value {
        let message = "the file tells money, not units: it can be forecast but not ordered".to_owned();
        out.push(Finding { share: MONEY_ONLY, ..of_series("money-not-units", Dimension::Relevance, h, &[], message) });
    }
    let short: Vec<&Series> = h.series.iter().filter(|s| s.y.iter().filter(|v| v.is_finite()).count() < 8).collect();
    if !short.is_empty() {
        let message = format!("{} fewer than eight {}s: too few to tell a season or a trend", series_have(short.len()), h.period);
        out.push(of_series("short-history", Dimension::Relevance, h, &short, message));
    }
}
