//! Finding a factor by what people call it.

use std::collections::BTreeSet;

/// Splits a published vehicle name into its class and how laden it is: `HGV (all diesel) Articulated (>33t) 50% Laden` is
/// `Articulated (>33t)` at 0.5; a van has no lading (`None`); averages over unknown loads are no point of a curve and no class.
pub(super) fn laden(name: &str) -> Option<(String, Option<f64>)> {
    let refrigerated = name.starts_with("HGV refrigerated");
    let body = name.strip_prefix("HGV refrigerated (all diesel) ").or_else(|| name.strip_prefix("HGV (all diesel) ")).unwrap_or(name);
    if body.ends_with(" Average laden") {
        return None;
    }
    let (class, share) = match body.strip_suffix("% Laden").and_then(|b| b.rsplit_once(' ')) {
        Some((class, percent)) => (class, Some(percent.parse::<f64>().ok()? / 100.0)),
        None => (body, None),
    };
    Some((if refrigerated { format!("{class} refrigerated") } else { class.to_string() }, share))
}

/// Words of a name in one spelling: lower case, singular, abbreviations spelt out, numbers bare (`>33t` is `>33`).
fn words(name: &str) -> BTreeSet<String> {
    let lower = name.to_lowercase().replace('–', "-");
    let mut out = BTreeSet::new();
    for raw in lower.split(|c: char| !(c.is_alphanumeric() || c == '.' || c == '>' || c == '<')) {
        let word = raw.trim_matches('.');
        let digits = word.trim_start_matches(['>', '<']).starts_with(|c: char| c.is_ascii_digit());
        let word = if digits {
            word.trim_end_matches(|c: char| c.is_alphabetic())
        } else {
            word.strip_suffix('s').filter(|w| w.len() > 2).unwrap_or(word)
        };
        match word {
            "" | "to" | "up" | "tonne" | "ton" | "t" | "laden" | "from" | "with" => {}
            "artic" => drop(out.insert("articulated".into())),
            "bev" | "electric" | "ev" => drop(out.insert("battery".into())),
            "vehicle" if lower.contains("battery") => {}
            "reefer" | "chilled" | "frozen" => drop(out.insert("refrigerated".into())),
            "truck" | "lorry" | "lorrie" => drop(out.insert("hgv".into())),
            other => drop(out.insert(other.to_string())),
        }
    }
    out
}

/// Index of the one name that is meant: the exact name, else the one that has all the words asked for; where several have, ordinary diesel
/// goes before refrigerated, petrol and battery, and an average over classes before a single one. `None` when it stays open.
pub(super) fn find<'a>(query: &str, names: impl Iterator<Item = &'a str> + Clone) -> Option<usize> {
    let query = query.trim();
    if let Some(i) = names.clone().position(|n| n.eq_ignore_ascii_case(query)) {
        return Some(i);
    }
    let asked = words(query);
    if asked.is_empty() {
        return None;
    }
    let mut scored: Vec<((usize, usize, usize), usize)> = Vec::new();
    for (i, name) in names.enumerate() {
        let has = words(name);
        let loosely = |w: &String| has.contains(&format!(">{w}"));
        if !asked.iter().all(|w| has.contains(w) || loosely(w)) {
            continue;
        }
        let special = ["refrigerated", "petrol", "battery", "epa"].iter().filter(|w| has.contains(**w) && !asked.contains(**w)).count();
        let single = usize::from(!has.contains("all") && !has.contains("average"));
        scored.push(((asked.iter().filter(|w| !has.contains(*w)).count(), special, single), i));
    }
    scored.sort();
    match scored[..] {
        [] => None,
        [(_, i)] => Some(i),
        [(a, i), (b, _), ..] => (a < b).then_some(i),
    }
}

/// The `most` names most like `query` (Jaro–Winkler on the whole name and share of words in common), best first.
pub(super) fn nearest<'a>(query: &str, names: impl Iterator<Item = &'a str>, most: usize) -> Vec<&'a str> {
    let asked = words(query);
    let likeness = |name: &str| {
        let has = words(name);
        let best = |w: &String| has.iter().map(|h| strsim::jaro_winkler(w, h)).fold(0.0, f64::max);
        let by_word = asked.iter().map(best).sum::<f64>() / asked.len().max(1) as f64;
        by_word + 0.5 * strsim::jaro_winkler(&query.to_lowercase(), &name.to_lowercase())
    };
    let mut scored: Vec<(f64, &str)> = names.map(|n| (likeness(n), n)).collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    scored.into_iter().take(most).map(|s| s.1).collect()
}
