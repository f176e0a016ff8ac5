//! Cells that are blank since those above them speak for them too: the lines of an order, groups, merged cells.

use super::names;
use super::number;
use super::options::Role;
use super::roles::Assigned;
use super::rows::{Reason, Rows, is_total};
use super::table::Table;
use super::values::{Codes, NEVER, NONE};
use crate::base::text::plural;
use crate::base::{Diagnostic, Stamp};

/// Continuation rows of an order (same order number, or none) take its date, and its number.
pub(super) fn fill_forward(table: &Table, assigned: &Assigned, rows: &mut Rows, at: &mut [Stamp]) {
    if assigned.column(Role::Order).is_none() || assigned.column(Role::Date).is_none() {
        return;
    }
    let (mut filled, mut first) = (0usize, 0u64);
    let mut last: Option<(u32, Stamp, u32)> = None;
    for (row, at) in at.iter_mut().enumerate() {
        let order = rows.order.code(row);
        let location = rows.location.code(row);
        match last {
            Some((o, date, place))
                if o != NONE && (order == o || (order == NONE && *at == NEVER && (rows.item.has(row) || rows.description.has(row)))) =>
            {
                if order == NONE {
                    rows.order.codes.set(row, o);
                }
                if *at == NEVER && rows.reason[row] == Reason::Used && date != NEVER {
                    *at = date;
                    filled += 1;
                    first = if first == 0 { table.line(row) } else { first };
                }
                if location == NONE && place != NONE {
                    rows.location.codes.set(row, place);
                }
                last = Some((o, if *at == NEVER { date } else { *at }, if location == NONE { place } else { location }));
            }
            _ => last = Some((order, *at, location)),
        }
    }
    if filled > 0 {
        rows.notes.push(
            Diagnostic::info("continuation-rows", format!("{} took the date from the first line of the order", plural(filled, "row")))
                .file(&table.file)
                .line(first),
        );
    }
}

/// `[SKU] Name`, as Odoo writes a product, is a code and a name.
pub(super) fn bracketed(rows: &mut Rows) {
    let parts = |t: &str| -> Option<(String, String)> {
        let (code, name) = t.trim_start().strip_prefix('[')?.split_once(']')?;
        let (code, name) = (code.trim(), name.trim());
        (!code.is_empty() && !name.is_empty()).then(|| (code.to_owned(), name.to_owned()))
    };
    let cells = if rows.item.codes.is_empty() { &rows.description } else { &rows.item };
    let split: Vec<Option<(String, String)>> = cells.values.iter().map(parts).collect();
    let found = split.iter().flatten().count();
    if found == 0 || found * 10 < cells.values.iter().filter(|t| !is_total(t)).count() * 9 {
        return;
    }
    let of = |pick: fn(&(String, String)) -> &String| {
        let values = split.iter().zip(cells.values.iter()).map(|(s, t)| s.as_ref().map_or(t, |s| pick(s).as_str()));
        Codes { codes: cells.codes.clone(), values: values.collect() }
    };
    let (item, name) = (of(|s| &s.0), of(|s| &s.1));
    let named = rows.description.codes.is_empty() || rows.item.codes.is_empty();
    rows.item = item;
    if named {
        rows.description = name;
    }
}

/// Sheets that write an item (or a day) once, above blank cells or in a merged one: the rows below are its own. Only where every value
/// stands once, so that a blank cell can mean nothing else.
pub(super) fn fill_groups(table: &Table, assigned: &Assigned, rows: &mut Rows, at: &mut [Stamp]) {
    if assigned.column(Role::Order).is_some() || assigned.profile.is_some() || at.len() < 3 {
        return;
    }
    let heads = |given: &[bool], distinct: usize| {
        let filled = given.iter().filter(|g| **g).count();
        given.first() == Some(&true) && filled > 0 && filled == distinct && filled * 2 <= given.len()
    };
    let mut say = |what: &str| {
        let message = format!("blank cells of {what} below a filled one were taken for the same {what}");
        rows.notes.push(Diagnostic::info("filled-down", message).file(&table.file));
    };
    let codes = if rows.item.codes.is_empty() { &mut rows.description } else { &mut rows.item };
    let dated: Vec<usize> = (0..at.len()).filter(|r| at[*r] != NEVER).collect();
    let given: Vec<bool> = dated.iter().map(|r| codes.has(*r)).collect();
    if heads(&given, codes.values.iter().filter(|t| !is_total(t)).count()) {
        let mut last = NONE;
        for row in &dated {
            match codes.code(*row) {
                NONE => codes.codes.set(*row, last),
                code => last = code,
            }
        }
        say("item");
        return;
    }
    let Some(date) = assigned.column(Role::Date).and_then(|i| table.columns.get(i)) else { return };
    let named: Vec<usize> =
        (0..at.len()).filter(|r| codes.get(*r).is_some_and(|t| !is_total(t))).filter(|r| rows.reason[*r] == Reason::Used).collect();
    let given: Vec<bool> = named.iter().map(|r| at[*r] != NEVER).collect();
    let days: std::collections::BTreeSet<Stamp> = named.iter().map(|r| at[*r]).filter(|s| *s != NEVER).collect();
    if heads(&given, days.len()) && named.iter().all(|r| at[*r] != NEVER || number::is_blank(&date.text(*r))) {
        let mut last = NEVER;
        for row in named {
            if at[row] != NEVER {
                last = at[row];
            }
            at[row] = last;
        }
        say("date");
    }
}

/// Items that stand alone in a row above their sales, whose own item cells are blank (NetSuite, and pivots of it): the sales below are theirs. False
/// where the sheet is not like that.
pub(super) fn headed(table: &Table, assigned: &Assigned, rows: &mut Rows, at: &[Stamp]) -> bool {
    if assigned.profile.is_some() {
        return false;
    }
    let Some(column) = assigned.column(Role::Item).or_else(|| assigned.column(Role::Description)) else { return false };
    let by_item = assigned.column(Role::Item).is_some();
    let codes = if by_item { &rows.item } else { &rows.description };
    let Some(first) = (0..at.len()).find(|r| at[*r] != NEVER) else { return false };
    let heading = |row: usize| {
        let text = codes.get(row).filter(|t| !is_total(t))?;
        let alone = table.columns.iter().enumerate().all(|(i, c)| i == column || number::is_blank(&c.text(row)));
        (at[row] == NEVER && alone).then(|| text.to_owned())
    };
    if (0..at.len()).any(|r| at[r] != NEVER && codes.has(r)) || !(0..first).any(|r| heading(r).is_some()) {
        return false;
    }
    let mut out = Codes::default();
    let mut current = NONE;
    for (row, moment) in at.iter().enumerate() {
        if let Some(text) = heading(row) {
            rows.reason[row] = Reason::Total;
            out.values.push(&text);
            current = (out.values.len() - 1) as u32;
        } else if *moment == NEVER && codes.has(row) {
            rows.reason[row] = Reason::Total;
        }
        out.codes.push(current);
    }
    rows.item = out;
    rows.notes.push(Diagnostic::info("group-rows", "items are named by heading rows above their sales").file(&table.file));
    true
}

/// Items that stand alone in the column of the dates, above their sales, where no column names any (ledgers by item). False where the sheet is not
/// like that, or says that it is by customer.
pub(super) fn above_dates(table: &Table, assigned: &Assigned, rows: &mut Rows, at: &[Stamp]) -> bool {
    let named = [Role::Item, Role::Description, Role::UniqueId].iter().any(|r| assigned.column(*r).is_some());
    let people = table.above.iter().flat_map(|c| names::words(c)).any(|w| names::is_personal(&w));
    let (Some(column), Some(first)) = (assigned.column(Role::Date), (0..at.len()).find(|r| at[*r] != NEVER)) else { return false };
    if named || people || assigned.profile.is_some() {
        return false;
    }
    let heading = |row: usize| {
        let text = table.columns[column].text(row).trim().to_owned();
        let is_text = !number::is_blank(&text) && number::mark(&text).is_none() && text.chars().any(char::is_alphabetic);
        let alone = || table.columns.iter().enumerate().all(|(i, c)| i == column || number::is_blank(&c.text(row)));
        (at[row] == NEVER && is_text && !is_total(&text) && alone()).then_some(text)
    };
    let headings: Vec<(usize, String)> = (0..at.len()).filter_map(|r| Some((r, heading(r)?))).collect();
    // a note or two between the rows are no items: each has sales below it
    let sold = |h: &(usize, String)| at.get(h.0 + 1).is_some_and(|s| *s != NEVER);
    if headings.len() < 2 || headings[0].0 > first || headings.iter().filter(|h| sold(h)).count() * 2 < headings.len() {
        return false;
    }
    let mut out = Codes::default();
    let (mut current, mut next) = (NONE, headings.iter().peekable());
    for row in 0..at.len() {
        if let Some((_, text)) = next.next_if(|h| h.0 == row) {
            rows.reason[row] = Reason::Total;
            out.values.push(text);
            current = (out.values.len() - 1) as u32;
        }
        out.codes.push(current);
    }
    rows.item = out;
    rows.notes.push(Diagnostic::info("group-rows", "items are named by heading rows above their sales").file(&table.file));
    true
}

/// QuickBooks-like group rows: a row with nothing but one of its first cells names the item of the rows that follow; of groups in groups the
/// nearest.
pub(super) fn group_rows(table: &Table, assigned: &Assigned, rows: &mut Rows, at: &[Stamp]) {
    let heads = assigned.roles.iter().take(4).take_while(|r| r.0 == Role::Ignore).count();
    if heads == 0 || assigned.column(Role::Item).is_some() {
        return;
    }
    let heads = &table.columns[..heads.min(table.columns.len())];
    let heading = |row: usize| -> Option<String> {
        if at[row] != NEVER || table.columns.iter().skip(heads.len()).any(|c| !c.text(row).trim().is_empty()) {
            return None;
        }
        let mut filled = heads.iter().map(|c| c.text(row).trim().to_owned()).filter(|t| !t.is_empty());
        filled.next().filter(|_| filled.next().is_none())
    };
    let blank_elsewhere = (0..table.rows).filter(|r| at[*r] != NEVER).all(|r| heads.iter().all(|c| c.text(r).trim().is_empty()));
    if !blank_elsewhere || !(0..table.rows).any(|r| heading(r).is_some()) {
        return;
    }
    let mut item = Codes::default();
    let mut current = NONE;
    for row in 0..table.rows {
        if let Some(text) = heading(row) {
            rows.reason[row] = Reason::Total;
            if !is_total(&text) {
                item.values.push(&text);
                current = (item.values.len() - 1) as u32;
            }
        }
        item.codes.push(current);
    }
    rows.item = item;
    rows.notes.push(Diagnostic::info("group-rows", "items are named by heading rows above their sales").file(&table.file));
}
