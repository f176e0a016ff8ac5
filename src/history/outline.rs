//! Reports that are no table yet: groups above the rows they add up (the pivots of Odoo and of spreadsheets, lists grouped by month), and reports of
//! a day one below the other, each under its own header. Both become a table with a date in every row.

use super::names;
use super::rows::is_total;
use super::table::{Cells, Column, Lines, Table};
use super::{date, number};
use crate::base::Diagnostic;
use crate::base::text::plural;
use std::borrow::Cow;

/// Most rows of a report; larger files are written by programs that do not group.
const MOST: usize = 200_000;
/// Most columns at the left that hold the groups.
const LEVELS: usize = 6;
/// What a row that adds up others is called, so that it is set aside as one.
const SUM: &str = "Total";

/// Makes a table of a report, where it is one; else leaves it as it is.
pub(super) fn flatten(table: &mut Table) {
    if table.rows < 3 || table.rows > MOST || table.columns.len() < 2 || table.header_line.is_none() {
        return;
    }
    // cheap to see on its first rows: a report has no column of dates, and no column of its own for them
    let head: Vec<Vec<String>> = cells(table, table.rows.min(60));
    let dates = |c: usize| head.iter().filter(|r| is_period(&r[c])).count();
    if (0..table.columns.len()).any(|c| dates(c) * 10 >= head.len() * 9) {
        return;
    }
    if head.len() < table.rows || (0..table.columns.len()).any(|c| dates(c) > 0) || dated(&table.above.join(" ")).is_some() {
        let rows = cells(table, table.rows);
        if let Some(flat) = groups(table, &rows).or_else(|| blocks(table, &rows)) {
            flat.put(table);
        }
    }
}

fn cells(table: &Table, rows: usize) -> Vec<Vec<String>> {
    table.grid(0..rows).into_iter().map(|r| r.into_iter().map(Cow::into_owned).collect()).collect()
}

/// A day, week, month or quarter, and no number.
fn is_period(text: &str) -> bool {
    let t = text.trim();
    (6..=40).contains(&t.len()) && number::mark(t).is_none() && date::shape(t).is_some()
}

/// A date and an item a row beside the columns that stay; of a row that adds up others neither date nor item.
struct Flat {
    rows: Vec<Option<(String, String)>>,
    keep: Vec<usize>,
    item: String,
    note: Diagnostic,
}

impl Flat {
    fn put(self, table: &mut Table) {
        let dates = self.rows.iter().map(|r| r.as_ref().map(|p| p.0.as_str())).collect();
        let items = self.rows.iter().map(|r| Some(r.as_ref().map_or(SUM, |p| p.1.as_str()))).collect();
        let lines = (0..table.rows).map(|r| table.line(r) as u32).collect();
        let mut columns =
            vec![Column { name: "Date".into(), cells: Cells::Text(dates) }, Column { name: self.item.clone(), cells: Cells::Text(items) }];
        let grid = table.grid(0..table.rows);
        for i in &self.keep {
            let values = grid.iter().map(|r| r.get(*i).map(AsRef::as_ref).filter(|t: &&str| !number::is_blank(t))).collect();
            columns.push(Column { name: table.columns[*i].name.clone(), cells: Cells::Text(values) });
        }
        table.written = Some(std::mem::replace(&mut table.columns, columns));
        table.lines = Lines::Each(lines);
        table.notes.push(self.note.file(&table.file));
    }
}

/// Rows under the rows that add them up.
fn groups(table: &Table, rows: &[Vec<String>]) -> Option<Flat> {
    let blank = |r: &[String], c: usize| r.get(c).is_none_or(|t| number::is_blank(t));
    let numeric = |c: usize| {
        let (mut some, mut good) = (0usize, 0usize);
        for r in rows.iter().filter(|r| !blank(r, c)) {
            (some, good) = (some + 1, good + usize::from(number::mark(&r[c]).is_some()));
        }
        some > 0 && good * 10 >= some * 9
    };
    // the columns at the left that hold words, of which each row fills one
    let keys: Vec<usize> = (0..table.columns.len()).take_while(|c| !numeric(*c)).collect();
    let values: Vec<usize> = (keys.len()..table.columns.len()).filter(|c| numeric(*c)).collect();
    // people are no items
    if keys.iter().any(|c| names::is_personal(&table.columns[*c].name)) {
        return None;
    }
    if keys.is_empty() || keys.len() > LEVELS || values.is_empty() || values.len() + keys.len() < table.columns.len() {
        return None;
    }
    /// A row's place in the outline.
    struct Entry {
        depth: (usize, usize),
        text: String,
        period: bool,
        total: bool,
    }
    let mut entries = Vec::with_capacity(rows.len());
    for r in rows {
        let mut filled = keys.iter().filter(|c| !blank(r, **c));
        let Some(c) = filled.next() else {
            // a sum without a word, or a blank line
            entries.push(Entry { depth: (0, 0), text: String::new(), period: false, total: true });
            continue;
        };
        if filled.next().is_some() {
            return None;
        }
        let indent = r[*c].chars().take_while(|c| c.is_whitespace()).count();
        let text = r[*c].trim().to_owned();
        entries.push(Entry { depth: (*c, indent), period: is_period(&text), total: is_total(&text), text });
    }
    let lines: Vec<usize> = (0..entries.len()).filter(|i| !entries[*i].total).collect();
    let periods = lines.iter().filter(|i| entries[**i].period).count();
    if periods == 0 || periods == lines.len() || lines.len() < 3 {
        return None;
    }
    // places in order of depth; where nothing is indented the first row's kind stands above the other
    let flat = lines.iter().all(|i| entries[*i].depth == entries[lines[0]].depth);
    let place = |i: usize| -> (usize, usize) {
        let e = &entries[i];
        if flat { (usize::from(e.period != entries[lines[0]].period), 0) } else { e.depth }
    };
    let mut depths: Vec<(usize, usize)> = lines.iter().map(|i| place(*i)).collect();
    depths.sort_unstable();
    depths.dedup();
    if !(2..=LEVELS).contains(&depths.len()) {
        return None;
    }
    // each depth holds periods or words
    let mut kinds = Vec::new();
    for d in &depths {
        let (mut n, mut dates) = (0usize, 0usize);
        for i in lines.iter().filter(|i| place(**i) == *d) {
            (n, dates) = (n + 1, dates + usize::from(entries[*i].period));
        }
        kinds.push(match dates {
            0 => false,
            d if d == n => true,
            _ => return None,
        });
    }
    let leaf = depths.len() - 1;
    // years above months: the lowest depth of periods is the one that counts, and so is the lowest depth of words
    let (dated, worded) = (kinds.iter().rposition(|k| *k)?, kinds.iter().rposition(|k| !*k)?);
    if dated.max(worded) != leaf || dated.min(worded) + 1 > leaf {
        return None;
    }
    let level = |i: usize| depths.binary_search(&place(i)).unwrap_or(0);
    let marks: Vec<Option<char>> =
        values.iter().map(|c| super::values::decimal_mark(rows.iter().filter_map(|r| r.get(*c)).map(|t| t.trim())).0).collect();
    let mark = marks.iter().flatten().next().copied().unwrap_or('.');
    let amount = |i: usize, k: usize| number::parse(&rows[i][values[k]], mark);
    // a group adds up what is below it, or says nothing
    let (mut right, mut wrong) = (0usize, 0usize);
    let mut out = vec![None; rows.len()];
    let mut current: Vec<Option<usize>> = vec![None; depths.len()];
    for (at, i) in lines.iter().enumerate() {
        let l = level(*i);
        current[l] = Some(*i);
        current.iter_mut().skip(l + 1).for_each(|c| *c = None);
        if l == leaf {
            let (date, word) = (current[dated], current[worded]);
            let (Some(date), Some(word)) = (date, word) else { return None };
            out[*i] = Some((entries[date].text.clone(), entries[word].text.clone()));
            continue;
        }
        let below: Vec<usize> = lines[at + 1..].iter().copied().take_while(|j| level(*j) > l).filter(|j| level(*j) == leaf).collect();
        for k in 0..values.len() {
            let Some(said) = amount(*i, k) else { continue };
            let sum: f64 = below.iter().filter_map(|j| amount(*j, k)).sum();
            if (said - sum).abs() <= 0.011 * (below.len() as f64).max(1.0).min(said.abs().max(1.0)) {
                right += 1;
            } else {
                wrong += 1;
            }
        }
    }
    // averages and prices are no sums, units are: some column has to add up everywhere
    let heads = lines.iter().filter(|i| level(**i) < leaf).count();
    let adds_up = wrong == 0 || right >= heads && right * 2 >= wrong;
    let leaves = out.iter().flatten().count();
    if leaves < 2 || !adds_up {
        return None;
    }
    let name =
        keys.iter().map(|c| table.columns[*c].name.trim()).find(|n| names::roles_of(n).iter().any(|r| r.0 == super::options::Role::Item));
    let message = format!(
        "the rows are groups above what they add up: the {} lowest were read, each under its date and item; {} set aside as sums",
        plural(leaves, "row"),
        plural(rows.len() - leaves, "row")
    );
    Some(Flat { rows: out, keep: values, item: name.unwrap_or("Item").to_owned(), note: Diagnostic::info("groups-read", message) })
}

/// The only day that stands in a text: `Datum: 13.01.2026`.
fn dated(text: &str) -> Option<String> {
    let words = text.split(|c: char| c.is_whitespace() || matches!(c, ':' | ';' | ',' | '(' | ')')).filter(|w| w.len() >= 8);
    let mut found = words.filter(|w| w.bytes().filter(u8::is_ascii_digit).count() >= 4 && is_period(w)).map(str::to_owned);
    found.next().filter(|first| found.all(|other| other == *first))
}

/// Reports of a day each, one below the other: the header comes again, and above each a line says the day.
fn blocks(table: &Table, rows: &[Vec<String>]) -> Option<Flat> {
    let header: Vec<String> = table.columns.iter().map(|c| names::compact(&c.name)).collect();
    let filled = |r: &[String]| r.iter().filter(|t| !number::is_blank(t)).count();
    let again = |r: &[String]| filled(r) >= 2 && r.iter().zip(&header).all(|(t, h)| number::is_blank(t) || names::compact(t) == *h);
    let heads: Vec<usize> = (0..rows.len()).filter(|i| again(&rows[*i])).collect();
    if heads.is_empty() {
        return None;
    }
    // an item, and something to count
    let of = |role| table.columns.iter().position(|c| names::roles_of(&c.name).iter().any(|r| r.0 == role));
    let item = of(super::options::Role::Item)
        .or_else(|| of(super::options::Role::Description))
        .filter(|i| !names::is_personal(&table.columns[*i].name))?;
    let full = filled(&rows[heads[0]]);
    let mut out = vec![None; rows.len()];
    let mut day = dated(&table.above.join(" "))?;
    let mut days = std::collections::BTreeSet::from([day.clone()]);
    let mut next = Vec::new();
    for (i, r) in rows.iter().enumerate() {
        if heads.binary_search(&i).is_ok() {
            day = dated(&next.join(" "))?;
            days.insert(day.clone());
            next.clear();
        } else if filled(r) <= 1 || filled(r) < full && r.iter().any(|t| dated(t).is_some()) {
            next.push(r.join(" "));
        } else if is_total(&r[item]) || number::is_blank(&r[item]) {
            next.clear();
        } else {
            next.clear();
            out[i] = Some((day.clone(), r[item].trim().to_owned()));
        }
    }
    if days.len() != heads.len() + 1 {
        return None;
    }
    let keep = (0..table.columns.len()).filter(|c| *c != item).collect();
    let message = format!("{} reports stand one below the other, each with its day above it", heads.len() + 1);
    Some(Flat { rows: out, keep, item: table.columns[item].name.clone(), note: Diagnostic::info("reports-read", message) })
}
