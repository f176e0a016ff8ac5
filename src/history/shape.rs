//! How a table is laid out where names do not tell: one column a period, one column an item, dates and items by what is in them.

use super::header::is_period_name;
use super::options::Role;
use super::roles::Assigned;
use super::rows::is_total;
use super::table::{Column, Table};
use super::{date, names, number};
use crate::base::Diagnostic;
use std::collections::BTreeSet;

/// Three or more numeric columns named like periods: one column per period.
pub(super) fn wide(table: &Table, a: &mut Assigned) {
    let named: Vec<usize> = (0..table.columns.len())
        .filter(|i| a.free(*i) && is_period_name(&table.columns[*i].name))
        .filter(|i| {
            let p = &a.profiles[*i];
            p.filled == 0 || p.numeric >= 0.8
        })
        .collect();
    let alone: Vec<usize> = (0..table.columns.len())
        .filter(|i| a.free(*i) && date::month_alone(&table.columns[*i].name).is_some() && a.profiles[*i].numeric >= 0.8)
        .collect();
    if named.len() < 3 && alone.len() >= 3 {
        (a.periods, a.yearless) = (alone, true);
        return;
    }
    let dated = |i: &usize| date::shape(&table.columns[*i].name).is_some();
    let two = named.len() == 2 && (table.columns.len() <= 4 || a.column(Role::Date).is_none() && named.iter().all(dated));
    if named.len() >= 3 || two {
        a.periods = named;
        if a.column(Role::UniqueId).is_none() {
            let id = table.columns.iter().position(|c| names::compact(&c.name) == "id");
            if let Some(i) = id.filter(|i| a.free(*i)) {
                a.set(i, Role::UniqueId, 0.7);
            }
        }
    }
}

/// One row a day and one column an item: dates, no item, and whole numbers under names that mean nothing else. A column that is their sum is
/// their total.
pub(super) fn across(table: &Table, a: &mut Assigned, mapped: &BTreeSet<Role>) {
    let named = [Role::Item, Role::Description, Role::UniqueId, Role::Order, Role::Price];
    if a.column(Role::Date).is_none()
        || named.iter().any(|r| a.column(*r).is_some())
        || a.profile.is_some()
        || !mapped.is_empty()
        || table.header_line.is_none()
    {
        return;
    }
    let items: Vec<usize> = (0..table.columns.len())
        .filter(|i| {
            let (p, name) = (&a.profiles[*i], &table.columns[*i].name);
            let odd = name.starts_with("column ") || name.starts_with("Unnamed") || !name.chars().any(char::is_alphabetic);
            a.free(*i)
                && p.filled > 0
                && p.numeric >= 0.95
                && p.whole >= 0.95
                && p.dates < 0.5
                && !p.unit_interval
                && !odd
                // one that calls itself a total has to be the sum of the others, below
                && !is_total(name)
                && !names::is_known(name)
                && !names::counts_no_sales(name)
                && !names::is_personal(name)
        })
        .collect();
    let others: Vec<usize> = (0..table.columns.len())
        .filter(|i| !items.contains(i) && matches!(a.roles[*i].0, Role::Ignore | Role::Quantity | Role::Revenue))
        .collect();
    if items.len() < 2 {
        return;
    }
    // whatever else is measured has to be their sum
    let grid = table.grid((0..table.rows).step_by((table.rows / 500).max(1)));
    let number = |row: &[std::borrow::Cow<'_, str>], i: usize| row.get(i).and_then(|c| number::typed(c));
    let sums = |i: usize| {
        let rows: Vec<_> =
            grid.iter().filter_map(|row| Some((number(row, i)?, items.iter().filter_map(|k| number(row, *k)).sum::<f64>()))).collect();
        !rows.is_empty() && rows.iter().filter(|(t, s)| (t - s).abs() < 1e-6 * t.abs().max(1.0)).count() * 20 >= rows.len() * 19
    };
    let measured = |i: &usize| a.profiles[*i].numeric > 0.5 && a.profiles[*i].filled > 0;
    if others.iter().filter(|i| measured(i)).any(|i| !sums(*i)) {
        return;
    }
    others.iter().copied().filter(|i| measured(i)).collect::<Vec<_>>().into_iter().for_each(|i| a.set(i, Role::Ignore, 1.0));
    let shown: Vec<&str> = items.iter().take(5).map(|i| table.columns[*i].name.as_str()).collect();
    let message =
        format!("each of {} columns was taken for an item ({}{})", items.len(), shown.join(", "), if items.len() > 5 { ", …" } else { "" });
    a.notes.push(
        Diagnostic::warning("items-as-columns", message)
            .file(&table.file)
            .fix("if one of them counts units of a single item, say --map \"COLUMN=quantity\""),
    );
    a.across = items;
}

pub(super) fn by_content_date(table: &Table, a: &mut Assigned) {
    let best = (0..table.columns.len()).find(|i| {
        let p = &a.profiles[*i];
        a.free(*i) && p.filled > 0 && p.dates >= 0.9 && p.numeric < 0.5 && !names::is_to_come(&table.columns[*i].name)
    });
    if let Some(i) = best {
        a.set(i, Role::Date, 0.5);
        a.notes.push(
            Diagnostic::warning("date-by-content", format!("{:?} was taken for the date, since it holds dates", table.columns[i].name))
                .file(&table.file)
                .column(i as u32 + 1)
                .fix("name another with --map COLUMN=date"),
        );
    }
}

/// Without an item, a department, category or brand stands for it; without a header, a column of codes does.
pub(super) fn groups(table: &Table, a: &mut Assigned) {
    if [Role::Item, Role::Description, Role::UniqueId].iter().any(|r| a.column(*r).is_some()) {
        return;
    }
    let group = names::GROUPS.split_whitespace().find_map(|w| {
        (0..table.columns.len()).find(|i| a.free(*i) && a.profiles[*i].filled > 0 && names::compact(&table.columns[*i].name) == w)
    });
    // Rossmann's store type and the like describe the store, not what it sells
    if let Some(i) = group.filter(|_| a.profile.is_none()) {
        a.set(i, Role::Item, 0.7);
        a.grouped = a.column(Role::Location).is_some();
        return;
    }
    // in a table of periods the first column of texts is what they are of
    if !a.periods.is_empty() && a.profile.is_none() && a.column(Role::Location).is_none() {
        let texts = |i: &usize| {
            let (p, name) = (&a.profiles[*i], &table.columns[*i].name);
            let text = p.filled > 2 * p.blank && p.distinct > 1 && p.numeric < 0.5 && p.dates < 0.5;
            a.free(*i) && text && !p.personal && !p.states && !names::is_personal(name)
        };
        if let Some(i) = (0..table.columns.len()).find(texts) {
            a.set(i, Role::Description, 0.6);
            return;
        }
    }
    // a report names its first column by what stands in it
    let unnamed = a
        .profiles
        .first()
        .is_some_and(|p| p.filled > 2 * p.blank && p.distinct > 1 && p.numeric < 0.5 && p.dates < 0.5 && !p.personal && !p.states);
    if unnamed && a.free(0) && table.header_line.is_some() && table.columns[0].name == "column 1" && a.profile.is_none() {
        a.set(0, Role::Description, 0.5);
        a.notes.push(
            Diagnostic::warning("item-by-content", "the first column has no name and was taken for the items")
                .file(&table.file)
                .column(1)
                .fix("name another with --map \"#N=item\""),
        );
        return;
    }
    if table.header_line.is_none() {
        let code = (0..table.columns.len()).find(|i| {
            let p = &a.profiles[*i];
            a.free(*i)
                && p.numeric < 0.2
                && p.dates < 0.2
                && p.distinct > 1
                && p.spaced < 0.2
                && !p.personal
                && !is_clock(&table.columns[*i], table.rows)
        });
        if let Some(i) = code {
            a.set(i, Role::Item, 0.4);
            a.notes.push(
                Diagnostic::warning("item-by-content", format!("{:?} was taken for the item, since it holds codes", table.columns[i].name))
                    .file(&table.file)
                    .column(i as u32 + 1)
                    .fix("name another with --map \"#N=item\""),
            );
        }
    }
}

/// Sales of which nothing says what was sold are one series, which must be known where a column of texts may say it.
pub(super) fn nameless(table: &Table, a: &mut Assigned) {
    let known = [Role::Item, Role::Description, Role::UniqueId, Role::Location].iter().any(|r| a.column(*r).is_some());
    if known || a.column(Role::Date).is_none() || a.profile.is_some() || !a.across.is_empty() {
        return;
    }
    // a column above headings is of groups, which are read later
    let texts: Vec<&str> = (0..table.columns.len())
        .filter(|i| {
            let p = &a.profiles[*i];
            let told = a.free(*i) && !names::is_personal(&table.columns[*i].name) && !table.columns[*i].name.starts_with("column ");
            told && p.filled > p.blank && p.distinct > 1 && p.numeric < 0.2 && p.dates < 0.2 && p.flags < 0.5 && !p.personal && !p.states
        })
        .map(|i| table.columns[i].name.as_str())
        .collect();
    if let [first, ..] = texts.as_slice() {
        let message = format!("no column is known to name the items, so all are added up as one; those of text: {}", texts.join(", "));
        let d = Diagnostic::warning("no-item-column", message).file(&table.file);
        a.notes.push(d.fix(format!("name it with --map \"{first}=item\"")));
    }
}

fn is_clock(column: &Column, rows: usize) -> bool {
    let cells: Vec<bool> = (0..rows.min(50)).map(|r| column.text(r).contains(':') && date::clock(&column.text(r)).is_some()).collect();
    cells.iter().filter(|c| **c).count() * 2 > cells.len()
}
