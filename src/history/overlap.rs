//! Several exports of the same sales: where a newer one tells a sale again, the older telling is set aside, so that adding this week's export
//! to last week's changes only what changed. Exports of different shops or channels have nothing in common and are added up.

use super::profile::fingerprint;
use super::rows::{Reason, Rows};
use super::sales::File;
use crate::base::text::plural;
use crate::base::{Diagnostic, Stamp};
use std::collections::{HashMap, HashSet};

/// From this share of an older file's rows (in the days of both) that a newer one tells again, it is taken for the same export made later.
const SAME: f64 = 0.5;
const DAY: i64 = 86_400;

/// Sets rows aside that a newer file of the same kind tells again.
pub(super) fn reconcile(files: &mut [File], notes: &mut Vec<Diagnostic>) {
    if files.len() < 2 {
        return;
    }
    let kinds: Vec<String> = files
        .iter()
        .map(|f| match &f.assigned.profile {
            Some(p) => p.name.clone(),
            None => fingerprint(f.table.columns.iter().map(|c| c.name.as_str())),
        })
        .collect();
    let ends: Vec<Option<Stamp>> = files.iter().map(|f| dated(&f.rows).map(|(_, at)| at).max()).collect();
    // the newest first: a row goes with the newest file that tells it
    let mut order: Vec<usize> = (0..files.len()).collect();
    order.sort_by_key(|i| std::cmp::Reverse((ends[*i], *i)));
    for (n, newer) in order.iter().enumerate() {
        for older in &order[n + 1..] {
            if kinds[*newer] != kinds[*older] {
                continue;
            }
            let again = told_again(&files[*newer].rows, &files[*older].rows);
            if again.is_empty() {
                continue;
            }
            let message = format!(
                "{} of it {} told again by {}, which is newer, and set aside",
                plural(again.len(), "row"),
                if again.len() == 1 { "is" } else { "are" },
                files[*newer].table.file
            );
            let file = &mut files[*older];
            let line = file.table.line(file.rows.row(again[0]));
            notes.push(Diagnostic::info("export-overlap", message).file(&file.table.file).line(line));
            again.iter().for_each(|i| file.rows.reason[*i] = Reason::Superseded);
        }
    }
}

/// Rows with a moment, whatever they mean.
fn dated(rows: &Rows) -> impl Iterator<Item = (usize, Stamp)> + '_ {
    let known = |r: &Reason| !matches!(r, Reason::NoDate | Reason::BadDate | Reason::Total | Reason::RepeatedHeader | Reason::Superseded);
    rows.reason.iter().enumerate().filter(move |(_, r)| known(r)).map(|(i, _)| (i, rows.at[i]))
}

/// Used rows of `older` that `newer` tells again.
fn told_again(newer: &Rows, older: &Rows) -> Vec<usize> {
    let used = |i: &usize| older.reason[*i] == Reason::Used;
    if !newer.order.is_empty() && !older.order.is_empty() {
        let orders = by_order(newer);
        let mine = by_order(older);
        let common: Vec<&str> = mine.keys().filter(|o| orders.contains_key(*o)).copied().collect();
        // two tills may count from one each: then the same number is another day's order
        let same: HashSet<&str> = common.iter().filter(|o| orders[*o] == mine[*o]).copied().collect();
        if (same.len() as f64) < SAME * common.len() as f64 {
            return Vec::new();
        }
        return (0..older.reason.len()).filter(used).filter(|i| older.order.get(*i).is_some_and(|o| same.contains(o))).collect();
    }
    let keys: HashSet<(&str, &str, Stamp)> = dated(newer).map(|(i, at)| key(newer, i, at)).collect();
    let (first, last) = dated(newer).fold((i64::MAX, i64::MIN), |(a, b), (_, at)| (a.min(at.0), b.max(at.0)));
    let within: Vec<(usize, bool)> =
        dated(older).filter(|(_, at)| (first..=last).contains(&at.0)).map(|(i, at)| (i, keys.contains(&key(older, i, at)))).collect();
    let again = within.iter().filter(|w| w.1).count();
    // the whole time is told again, without what was since deleted
    let all = again as f64 >= SAME * within.len() as f64;
    within.into_iter().filter(|(i, told)| (*told || all && again > 0) && used(i)).map(|w| w.0).collect()
}

/// The day of each order.
fn by_order(rows: &Rows) -> HashMap<&str, i64> {
    let mut out = HashMap::new();
    for (i, at) in dated(rows) {
        if let Some(order) = rows.order.get(i) {
            out.entry(order).or_insert(at.0.div_euclid(DAY));
        }
    }
    out
}

fn key(rows: &Rows, i: usize, at: Stamp) -> (&str, &str, Stamp) {
    (rows.unique_id.get(i).or_else(|| rows.item_key(i)).unwrap_or_default(), rows.location.get(i).unwrap_or_default(), at)
}
