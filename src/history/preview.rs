//! The first records of a sales file beside what was understood of each, for people to check. Never stored: it lives as long as it is looked at.

use super::masters::fields::{DATES, TEXTS};
use super::options::Role;
use super::roles::Assigned;
use super::rows::{Reason, Rows};
use super::sheet::Sheet;
use super::table::Table;
use super::{names, number};
use crate::base::Stamp;

/// The first records of one file.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    /// The file as the user named it.
    pub file: String,
    /// Names of all columns, in file order.
    pub columns: Vec<String>,
    /// Columns whose cells are not shown, since they are or may be about people.
    pub hidden: Vec<bool>,
    /// Names of the columns as they stand in the file, where a report was put into other columns to be read: cells are of these then.
    pub written: Option<Vec<String>>,
    /// The records.
    pub rows: Vec<Seen>,
    /// The columns of a companion file that mean something, as understood; empty for sales.
    pub meant: Vec<Meant>,
}

impl Preview {
    /// Names of the columns that [`Seen::cells`] are of.
    pub fn names(&self) -> &[String] {
        self.written.as_deref().unwrap_or(&self.columns)
    }
}

/// A column of a companion file as understood.
#[derive(Debug, Clone, PartialEq)]
pub struct Meant {
    /// What it is, such as `on_hand`.
    pub field: &'static str,
    /// Its cells hold numbers.
    pub number: bool,
    /// The values of the records, in their order: a plain number, a date as `YYYY-MM-DD`, a text; empty where nothing was understood.
    pub cells: Vec<String>,
}

/// One record and what was understood of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// Its line in the file, from 1.
    pub line: u64,
    /// The cells as written, one a column; `None` where hidden.
    pub cells: Vec<Option<String>>,
    /// The item, or the series where the file names no item.
    pub item: String,
    /// The location; empty where the file names none.
    pub location: String,
    /// When it was sold; `None` where no date could be read, or in a wide table.
    pub at: Option<Stamp>,
    /// Units or money of the record, the sum of its periods in a wide table; NaN where there is no number.
    pub quantity: f64,
    /// Money of the record, or its price times its units; NaN where the file tells none.
    pub money: f64,
    /// Why it is not used, in words; `None` where it is.
    pub set_aside: Option<&'static str>,
}

/// Longest cell shown, characters.
const LONGEST: usize = 80;

/// The first `shown` records of a table. `rows` may hold several a record (a wide table), in the order of the records.
pub(super) fn of(table: &Table, assigned: &Assigned, rows: &Rows, shown: usize) -> Preview {
    let hidden: Vec<bool> = table.columns.iter().enumerate().map(|(i, c)| !assigned.may_show(i, &c.name)).collect();
    let wide = !assigned.periods.is_empty();
    let columns: Vec<String> = table.columns.iter().map(|c| c.name.clone()).collect();
    let mut at = 0;
    let grid = match &table.written {
        Some(w) => (0..table.rows.min(shown)).map(|row| w.iter().map(|c| c.text(row)).collect()).collect(),
        None => table.grid(0..table.rows.min(shown)),
    };
    // a column of a report keeps its name, or holds the groups, which are no people
    let shown_as_written = |name: &String| match columns.iter().position(|c| c == name) {
        Some(i) => !hidden[i],
        None => !names::is_personal(name),
    };
    let written: Option<Vec<String>> = table.written.as_ref().map(|w| w.iter().map(|c| c.name.clone()).collect());
    let hidden_cells: Vec<bool> = written.as_ref().map_or_else(|| hidden.clone(), |w| w.iter().map(|n| !shown_as_written(n)).collect());
    let seen = grid.iter().enumerate().map(|(record, row)| {
        let first = at;
        while at < rows.reason.len() && rows.row(at) == record {
            at += 1;
        }
        let cells = row.iter().zip(&hidden_cells).map(|(c, hide)| (!hide).then(|| clip(c))).collect();
        let mine = first..at;
        let quantity = mine.clone().map(|i| rows.units.get(i)).filter(|u| u.is_finite()).reduce(|a, b| a + b);
        let each = mine.clone().map(|i| {
            let revenue = rows.revenue.get(i);
            if revenue.is_finite() { revenue } else { rows.price.get(i) * rows.units.get(i) }
        });
        let money = each.filter(|m| m.is_finite()).reduce(|a, b| a + b);
        let reasons = rows.reason.get(mine).unwrap_or_default();
        let used = reasons.contains(&Reason::Used);
        let date = rows.at.get(first).copied().filter(|_| !wide && !matches!(reasons.first(), Some(Reason::NoDate | Reason::BadDate)));
        let item = rows.item_key(first).or_else(|| rows.unique_id.get(first)).map_or_else(String::new, clip);
        Seen {
            line: table.line(record),
            cells,
            item,
            location: rows.location.get(first).map_or_else(String::new, clip),
            // what is set aside for another reason may never have had its date read
            at: date.filter(|d| assigned.column(Role::Date).is_some() && (used || *d != Stamp::default())),
            quantity: quantity.unwrap_or(f64::NAN),
            money: money.unwrap_or(f64::NAN),
            set_aside: reasons.first().filter(|_| !used).map(|r| r.say().1),
        }
    });
    Preview { file: table.file.clone(), rows: seen.collect(), columns, hidden, written, meant: Vec::new() }
}

/// The first `shown` records of a companion file: as written, without what is or may be about people, and as understood.
pub(super) fn plain(sheet: &mut Sheet<'static>, hidden: Vec<bool>, shown: usize) -> Preview {
    let meant = meant(sheet, &hidden, shown);
    let table = sheet.table();
    let grid = table.grid(0..table.rows.min(shown));
    let seen = grid.iter().enumerate().map(|(record, row)| Seen {
        line: table.line(record),
        cells: row.iter().zip(&hidden).map(|(c, hide)| (!hide).then(|| clip(c))).collect(),
        item: String::new(),
        location: String::new(),
        at: None,
        quantity: f64::NAN,
        money: f64::NAN,
        set_aside: None,
    });
    let columns = table.columns.iter().map(|c| c.name.clone()).collect();
    Preview { file: table.file.clone(), rows: seen.collect(), columns, hidden, written: None, meant }
}

/// The columns that mean something, in file order, each as its field is read.
fn meant(sheet: &mut Sheet<'static>, hidden: &[bool], shown: usize) -> Vec<Meant> {
    let mut out: Vec<Meant> = Vec::new();
    let said = sheet.notes.len();
    for (i, field) in sheet.fields_of_columns().into_iter().enumerate().filter_map(|(i, f)| f.map(|f| (i, f))) {
        // several columns may add up to one field
        if hidden.get(i).copied().unwrap_or(true) || out.iter().any(|m| m.field == field) {
            continue;
        }
        let (dates, texts) = (DATES.contains(&field), TEXTS.contains(&field));
        let cells: Vec<String> = if dates {
            sheet.dates(field).into_iter().take(shown).map(|d| d.map_or_else(String::new, |d| d.to_string())).collect()
        } else if texts {
            let column = sheet.texts(field);
            (0..sheet.rows().min(shown)).map(|r| column.get(r).map_or_else(String::new, clip)).collect()
        } else {
            let all = sheet.numbers(field, f64::NEG_INFINITY..=f64::INFINITY);
            all.into_iter().take(shown).map(|n| n.map_or_else(String::new, |n| n.to_string())).collect()
        };
        out.push(Meant { field, number: !dates && !texts, cells });
    }
    // what cannot be read is said when the rows are
    sheet.notes.truncate(said);
    out
}

fn clip(text: &str) -> String {
    let t = text.trim();
    if number::is_blank(t) { String::new() } else { t.chars().take(LONGEST).collect() }
}
