//! Rows of a sheet with a column a period that are no item of their own: groups that hold the sums of the rows below them, and measures that
//! are not units.

use super::names;
use super::options::Role;
use super::roles::Assigned;
use super::rows::is_total;
use super::table::Table;
use super::values::{Codes, Numbers};
use crate::base::Diagnostic;
use crate::base::text::plural;

/// Most rows that are looked at for sums.
const MOST: usize = 20_000;

/// Rows that are the sum of the rows indented below them, or, where nothing is indented and every row is one or the other, of the rows that
/// follow; empty where there are none.
pub(super) fn sums(table: &Table, assigned: &Assigned, numbers: &[Numbers], notes: &mut Vec<Diagnostic>) -> Vec<bool> {
    let Some(key) = assigned.column(Role::Item).or_else(|| assigned.column(Role::Description)) else { return Vec::new() };
    if table.rows > MOST || table.rows < 3 || numbers.len() < 2 {
        return Vec::new();
    }
    let value = |row: usize| -> Vec<f64> { numbers.iter().map(|n| n.values.get(row)).map(|v| if v.is_nan() { 0.0 } else { v }).collect() };
    let values: Vec<Vec<f64>> = (0..table.rows).map(value).collect();
    let same = |a: &[f64], b: &[f64]| a.iter().zip(b).all(|(a, b)| (a - b).abs() <= 1e-6 * a.abs().max(1.0));
    let texts: Vec<String> = (0..table.rows).map(|r| table.columns[key].text(r).into_owned()).collect();
    let depth: Vec<usize> = texts.iter().map(|t| t.chars().take_while(|c| c.is_whitespace()).count()).collect();
    let total: Vec<bool> = texts.iter().map(|t| is_total(t)).collect();
    let mut sums = vec![false; table.rows];
    let (mut parents, mut wrong) = (0usize, 0usize);
    if depth.iter().any(|d| *d != depth[0]) {
        for row in (0..table.rows).filter(|r| !total[*r]) {
            let below = (row + 1..table.rows).take_while(|r| depth[*r] > depth[row] && !total[*r]);
            let children: Vec<usize> = below.collect();
            let Some(step) = children.iter().map(|r| depth[*r]).min() else { continue };
            let direct = children.into_iter().filter(|r| depth[*r] == step);
            let sum = direct.fold(vec![0.0; numbers.len()], |s, r| s.iter().zip(&values[r]).map(|(a, b)| a + b).collect());
            let is = same(&sum, &values[row]);
            sums[row] = is;
            (parents, wrong) = (parents + usize::from(is), wrong + usize::from(!is));
        }
        if wrong * 10 > parents {
            return Vec::new();
        }
    } else {
        // every row a sum or a part of one, and some sum of several
        let (mut row, mut several) = (0, false);
        while row < table.rows {
            if total[row] {
                row += 1;
                continue;
            }
            let mut sum = vec![0.0; numbers.len()];
            let mut parts = 0;
            let end = (row + 1..table.rows).take_while(|r| !total[*r]).find(|r| {
                sum = sum.iter().zip(&values[*r]).map(|(a, b)| a + b).collect();
                parts += 1;
                same(&sum, &values[row])
            });
            let Some(end) = end.filter(|_| values[row].iter().filter(|v| **v != 0.0).count() >= 2) else { return Vec::new() };
            several |= parts > 1;
            sums[row] = true;
            parents += 1;
            row = end + 1;
        }
        if !several {
            return Vec::new();
        }
    }
    if parents > 0 {
        let message = format!(
            "{} the sums of the rows below: groups, not items",
            if parents == 1 { "1 row holds".into() } else { format!("{} hold", plural(parents, "row")) }
        );
        notes.push(Diagnostic::info("group-sums", message).file(&table.file));
    }
    sums
}

/// A column that says what each row measures, units among other things.
pub(super) fn measures(table: &Table, assigned: &Assigned) -> Option<(usize, Role)> {
    if table.rows < 2 {
        return None;
    }
    // beside one column of values only a column that calls itself so
    const NAMES: &str = "metric metrics measure measures kpi kennzahl indicator variable mesure metrica misura messgrosse";
    let long = assigned.periods.is_empty();
    let named = |i: &usize| !long || names::in_list(&table.columns[*i].name, NAMES);
    let one = [Role::Quantity, Role::Revenue, Role::Price].iter().filter(|r| assigned.column(**r).is_some()).count() == 1;
    if long && !one {
        return None;
    }
    (0..table.columns.len()).filter(named).filter(|i| !assigned.periods.contains(i) && assigned.roles[*i].1 < 1.0).find_map(|i| {
        let codes = Codes::of(&table.columns[i], table.rows);
        let words: Vec<Option<Role>> = codes.each(measure);
        let known = words.iter().flatten().count();
        if !(2..=12).contains(&words.len()) || known * 2 < words.len() || known < 2 {
            return None;
        }
        let has = |role| words.contains(&Some(role));
        [Role::Quantity, Role::Revenue].into_iter().find(|r| has(*r)).map(|role| (i, role))
    })
}

fn measure(word: &str) -> Option<Role> {
    let found = names::roles_of(word);
    let is = |role| found.iter().any(|f| f.0 == role);
    [Role::Quantity, Role::Revenue, Role::Price, Role::StockLevel, Role::Returned]
        .into_iter()
        .find(|r| is(*r))
        .or_else(|| names::is_sales(word).then_some(Role::Revenue))
}

/// Rows that measure something else than what is read; empty where there is no such column.
pub(super) fn other_measures(table: &Table, assigned: &Assigned, notes: &mut Vec<Diagnostic>) -> Vec<bool> {
    let Some((column, role)) = assigned.measures else { return Vec::new() };
    let codes = Codes::of(&table.columns[column], table.rows);
    // of several words for units the first
    let roles = codes.each(measure);
    let first = roles.iter().position(|r| *r == Some(role));
    let read: Vec<bool> = (0..roles.len()).map(|i| Some(i) == first).collect();
    let name = read.iter().position(|r| *r).and_then(|i| codes.values.get(i)).unwrap_or_default();
    let message = format!("rows measure different things by {:?}; those of {name:?} were read", table.columns[column].name);
    notes.push(Diagnostic::info("measures-in-rows", message).file(&table.file).column(column as u32 + 1));
    (0..table.rows).map(|row| read.get(codes.code(row) as usize) != Some(&true)).collect()
}
