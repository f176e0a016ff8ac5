//! One plain sentence about a forecast.

use super::fitted::{Choice, Fitted, Weight};
use super::global::grown::Said;
use super::global::last_year::Bend;
use super::series::{Pattern, Prepared};

/// `DOT`, or `mean of DOT, ETS, MSTL` with the heaviest first.
pub(crate) fn name(weights: &[Weight]) -> String {
    let mut sorted: Vec<&Weight> = weights.iter().collect();
    sorted.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.model.cmp(&b.model)));
    match sorted.as_slice() {
        [] => "none".to_owned(),
        [only] => only.model.name().to_owned(),
        many => format!("mean of {}", many.iter().map(|w| w.model.name()).collect::<Vec<_>>().join(", ")),
    }
}

/// Says which share comes from trees over all series.
pub(crate) fn add_trees(f: &mut Fitted, beside: &Said) {
    f.trees = beside.share;
    let percent = 100.0 * beside.share;
    f.model = format!("{} + {percent:.0} % trees of all series", f.model);
    let (without, with) = beside.errors;
    f.explanation += &format!(
        " {percent:.0} % of the mean comes from trees grown over the past of all series: over held-out periods of many of them the miss was {:.1} % of demand without and {:.1} % with them.",
        100.0 * without,
        100.0 * with
    );
}

/// Says how far the shape of the only year on record is kept.
pub(crate) fn add_year(f: &mut Fitted, bend: &Bend) {
    f.model = format!("{} + last year's shape", f.model);
    let (without, with) = bend.errors;
    f.explanation += &format!(
        " With about a year on record, {:.0} % of that year's shape is kept: over held-out periods of {} series as short the miss was {:.1} % of demand without and {:.1} % with it.",
        100.0 * bend.share,
        bend.series,
        100.0 * without,
        100.0 * with
    );
}

/// Members of a combination that a sentence names.
const SPOKEN: usize = 4;

/// What was done, why, and how well it did.
pub(crate) fn sentence(f: &Fitted, p: &Prepared, choice: Choice) -> String {
    let seen = p.observed.iter().filter(|o| **o).count();
    let hidden = p.observed.len() - seen;
    if p.pattern == Pattern::Silent {
        return "Nothing was sold in the periods known, so nothing is expected.".to_owned();
    }
    let mut s = match (choice, f.weights.as_slice()) {
        (Choice::Named(m), [only]) if only.model != m => {
            format!("{} could not be fitted to {seen} periods, so {} was used", m.name(), only.model.name())
        }
        (_, [only]) => format!("{} on {seen} periods", only.model.name()),
        _ => {
            let mut sorted: Vec<&Weight> = f.weights.iter().collect();
            sorted.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.model.cmp(&b.model)));
            let mut list: Vec<String> =
                sorted.iter().take(SPOKEN).map(|w| format!("{} {:.0} %", w.model.name(), 100.0 * w.weight)).collect();
            let rest: f64 = sorted.iter().skip(SPOKEN).map(|w| w.weight).sum();
            if rest > 0.0 {
                list.push(format!("others {:.0} %", 100.0 * rest));
            }
            format!("A mean of {} on {seen} periods", list.join(", "))
        }
    };
    match f.season_lengths.as_slice() {
        [] if p.pattern == Pattern::Intermittent => s += " of intermittent demand",
        [] => s += " without a season",
        lengths => {
            let list: Vec<String> = lengths.iter().map(usize::to_string).collect();
            s += &format!(" with a season of {}", list.join(" and "));
        }
    }
    if !p.closed.is_empty() {
        s += ", none sold on closed days";
    }
    if let Some(b) = &f.recipe.blocks {
        let methods: Vec<&str> = b.members.iter().map(|(m, ..)| m.name()).take(SPOKEN).collect();
        s += &format!(", each week's total drawn {:.0} % of the way to the weeks' own forecast ({})", 100.0 * b.share, methods.join(", "));
    }
    if hidden > 0 && p.odd_zeros == 0.0 {
        s += &format!(", {hidden} periods out of stock or unknown estimated");
    }
    match (f.accuracy.wape, f.accuracy.windows) {
        (Some(wape), windows @ 1..) => {
            s += &format!(
                "; on {windows} held-out window{} it missed by {:.0} % of demand",
                if windows == 1 { "" } else { "s" },
                100.0 * wape
            );
            let naive = if f.season_lengths.is_empty() { "value" } else { "season" };
            match f.accuracy.fva {
                Some(v) if v > 0.005 => s += &format!(", {:.0} % less than repeating the last {naive}", 100.0 * v),
                Some(v) if v < -0.005 => s += &format!(", {:.0} % more than repeating the last {naive}", -100.0 * v),
                _ => {}
            }
        }
        _ => s += "; too short to test on held-out periods",
    }
    s.push('.');
    s
}
