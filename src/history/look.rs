//! A file looked at before it is imported: what it is, each column with its meaning, how sure that is and a few samples, the first rows beside
//! what was understood of them, and what it leaves open. Quick, from the beginning of the file; nothing is refused that a person could mend.

use super::classify;
use super::covers;
use super::masters;
use super::model::{History, Masters, Measured};
use super::options::{ReadOptions, Role};
use super::preview::{self, Preview};
use super::question::{Answer, Ask, Question};
use super::recognised::{Recognised, RecognisedColumn};
use super::roles::{self, Assigned};
use super::sales;
use super::sheet::Sheet;
use super::store::{MOST, Store};
use super::table::{self, Table};
use super::{names, number};
use crate::base::{Diagnostic, NoControl, Period, Severity, Stamp};
use std::borrow::Cow;
use std::io::Read;

/// Bytes of a file that a look takes in.
pub const SAMPLE: usize = 4 << 20;
/// Records shown.
const SHOWN: usize = 200;

/// What a file seems to be.
#[derive(Debug, Clone)]
pub struct Look {
    /// The file as the user named it.
    pub file: String,
    /// As [`super::Guess::kind`].
    pub kind: &'static str,
    /// The shop system's export that it is, or the person's own profile.
    pub profile: Option<String>,
    /// Rows are of the whole file, not of its beginning.
    pub whole: bool,
    /// Data rows looked at.
    pub rows: usize,
    /// Every column with its role (of a sales file), confidence and samples.
    pub columns: Vec<RecognisedColumn>,
    /// What a companion file's columns are, in the order of `columns`: a field such as `on_hand`; empty for sales.
    pub fields: Vec<Option<&'static str>>,
    /// How the beginning was read, where it could be.
    pub recognised: Option<Recognised>,
    /// What the beginning adds up to, where it could be read as sales.
    pub sums: Option<Sums>,
    /// The first rows.
    pub preview: Option<Preview>,
    /// What it leaves open; those that must be answered stop an import.
    pub questions: Vec<Question>,
    /// What was said, errors first.
    pub notes: Vec<Diagnostic>,
}

/// What the rows looked at add up to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sums {
    /// Series: items at locations.
    pub series: usize,
    /// Start of the first period with sales.
    pub first: Stamp,
    /// The last day of the last period.
    pub last: Stamp,
    /// Units, or money where [`Sums::money`].
    pub total: f64,
    /// The file tells money, not units.
    pub money: bool,
    /// The step of the calendar.
    pub period: Period,
}

impl Sums {
    fn of(history: &History) -> Option<Self> {
        let filled = || history.series.iter().filter(|s| !s.y.is_empty());
        Some(Self {
            series: history.series.len(),
            first: filled().map(|s| s.start).min()?,
            last: Stamp((filled().map(|s| s.end(history.period)).max()?.0 - 1).div_euclid(86_400) * 86_400),
            total: history.series.iter().flat_map(|s| &s.y).filter(|v| v.is_finite()).sum(),
            money: history.measured == Measured::Value,
            period: history.period,
        })
    }
}

impl Look {
    /// Nothing stands in the way of importing it.
    pub fn ready(&self) -> bool {
        !self.questions.iter().any(|q| q.must) && !self.notes.iter().any(|d| d.severity == Severity::Error)
    }
}

/// Looks at the beginning of a file. `whole` says that `bytes` are all of it; [`head`] cuts the beginning off.
///
/// # Errors
/// It is no table at all.
pub fn look(name: &str, bytes: &[u8], whole: bool, options: &ReadOptions) -> Result<Look, Vec<Diagnostic>> {
    look_as(name, bytes, whole, None, options)
}

/// As [`look`], of a file that somebody says is of this kind (a word of [`Guess::kind`](super::Guess)).
///
/// # Errors
/// As [`look`].
pub fn look_as(name: &str, bytes: &[u8], whole: bool, said: Option<&'static str>, options: &ReadOptions) -> Result<Look, Vec<Diagnostic>> {
    let mut table = table::read(name, bytes, options.sheet.as_deref())?;
    super::expand::expand(&mut table);
    super::joined::join(&mut table);
    super::outline::flatten(&mut table);
    let assigned = roles::assign(&table, options)?;
    let kind = match (said, options.kind, &assigned.profile) {
        (Some(kind), ..) => kind,
        (None, Some(kind), _) => kind.name(),
        (None, None, Some(_)) => "sales",
        _ if !options.map.is_empty() => "sales",
        _ => classify::kind(&table),
    };
    let mut out = Look {
        file: name.to_owned(),
        kind,
        profile: assigned.profile.as_ref().map(|p| p.name.clone()).or_else(|| assigned.other.as_ref().map(|o| o.0.clone())),
        whole,
        rows: table.rows,
        columns: columns(&table, &assigned),
        fields: Vec::new(),
        recognised: None,
        sums: None,
        preview: None,
        questions: Vec::new(),
        notes: Vec::new(),
    };
    // a list of which no column means anything may be anything: its columns are there to be told
    let sheet = if kind == "sales" { None } else { masters::sheet_of(kind, table.clone(), options) };
    let lost = sheet.as_ref().is_some_and(|s| s.fields_of_columns().iter().all(Option::is_none));
    if lost && said.is_none() {
        out.kind = "sales";
    }
    if out.kind != "sales" {
        if let Some(mut sheet) = sheet {
            out.fields = sheet.fields_of_columns();
            if kind == "future" {
                let said = |c: &str| options.fields.iter().any(|(column, field)| column == c && field.is_empty());
                for (field, c) in out.fields.iter_mut().zip(&sheet.table().columns).filter(|(f, _)| f.is_none()) {
                    *field = (!said(&c.name) && !names::is_personal(&c.name)).then_some(masters::fields::KNOWN_AHEAD);
                }
            }
            out.profile = sheet.profile.as_ref().map(|p| p.name.clone());
            out.columns.iter_mut().zip(sheet.sureness()).for_each(|(c, sure)| c.confidence = sure);
            // what nobody has named is shown where it cannot be about people: somebody has to choose among it
            let harmless = |i: usize| out.fields[i].is_some() || assigned.may_show(i, &sheet.table().columns[i].name);
            let open = |i: usize| harmless(i) && !names::is_personal(&sheet.table().columns[i].name);
            for (i, (c, seen)) in out.columns.iter_mut().zip(samples(sheet.table())).enumerate() {
                c.samples = if open(i) { seen } else { Vec::new() };
            }
            let hidden = (0..out.columns.len()).map(|i| !open(i)).collect();
            out.preview = Some(preview::plain(&mut sheet, hidden, SHOWN));
            out.questions = ask_fields(kind, &sheet, &out.fields);
            let answerable = !out.questions.is_empty() && out.questions.iter().all(|q| !q.answers.is_empty());
            if !lost {
                // read as the import will: what is wrong is known before
                if out.questions.is_empty() {
                    masters::fill(kind, &mut sheet, &mut Masters::default());
                }
            }
            out.questions.append(&mut sheet.questions);
            if lost && !answerable {
                let d = Diagnostic::error("columns-unknown", format!("no column means anything in a file of {}", kind.replace('_', " ")));
                out.notes.push(d.file(name).fix("choose another kind for it, or name the columns as the kind expects"));
            }
            out.notes.extend(sheet.notes);
        }
        return Ok(out);
    }
    // what was told by its columns may be told to be of no use; a person's word is taken
    if said.is_none()
        && options.kind.is_none()
        && options.map.is_empty()
        && let Err(d) = super::refused::refuse(&table, &assigned, options)
        && ["other-export", "purchases"].contains(&d.code)
    {
        out.notes = table.notes.iter().cloned().chain([d]).collect();
        out.notes.sort_by_key(|d| std::cmp::Reverse(d.severity));
        return Ok(out);
    }
    let mut assumed = ReadOptions { assume: true, kind: Some(super::Kind::Sales), ..options.clone() };
    let mut read = sales::read_sales_each(&[(name, bytes, &assumed)], &assumed, SHOWN, &NoControl);
    let asks = |said: &[Diagnostic]| said.iter().any(|d| d.code == "period-needed");
    if read.as_ref().is_err_and(|said| asks(said)) || options.covers.is_none() && covers::missing(&table, &assigned) {
        out.questions.push(covers::ask(&table));
        // any month will do to show what the columns are
        if assumed.covers.is_none() {
            assumed.covers = Stamp::from_ymd(2000, 1, 1).zip(Stamp::from_ymd(2000, 1, 31));
        }
        read = sales::read_sales_each(&[(name, bytes, &assumed)], &assumed, SHOWN, &NoControl);
    }
    match read {
        Ok((import, previews)) => {
            out.questions.extend(import.questions);
            out.notes = import.diagnostics;
            out.sums = Sums::of(&import.history);
            out.recognised = import.recognised.into_iter().next();
            out.preview = previews.into_iter().next();
        }
        Err(said) => {
            out.questions.extend(ask_columns(&table, &assigned));
            out.notes = said;
        }
    }
    out.notes.sort_by_key(|d| std::cmp::Reverse(d.severity));
    Ok(out)
}

/// The beginning of a file's bytes, cut after a whole line, and whether that is all of it. Archives and workbooks cannot be cut.
pub fn head(bytes: &[u8]) -> (Cow<'_, [u8]>, bool) {
    if bytes.starts_with(b"\x1F\x8B") {
        let mut out = Vec::new();
        let read = flate2::read::MultiGzDecoder::new(bytes).take(SAMPLE as u64).read_to_end(&mut out);
        return match read {
            Ok(n) if n < SAMPLE => (Cow::Borrowed(bytes), true),
            Ok(_) => (Cow::Owned(lines(&out).to_vec()), false),
            Err(_) => (Cow::Borrowed(bytes), true),
        };
    }
    if bytes.len() <= SAMPLE || bytes.starts_with(b"PK") || bytes.starts_with(b"PAR1") {
        return (Cow::Borrowed(bytes), true);
    }
    (Cow::Borrowed(lines(&bytes[..SAMPLE])), false)
}

/// The same of a store, of which a text is not read further.
pub(super) fn head_of(store: &Store) -> Vec<u8> {
    let start = store.window(0, 4);
    if start.starts_with(b"PK") || start.starts_with(b"PAR1") {
        return store.window(0, store.len().min(MOST) as usize).into_owned();
    }
    if start.starts_with(b"\x1F\x8B") {
        let mut out = Vec::new();
        let read = flate2::read::MultiGzDecoder::new(store.reader()).take(SAMPLE as u64).read_to_end(&mut out);
        // what is damaged is refused when all of it is read
        return if read.is_ok() { lines(&out).to_vec() } else { start.into_owned() };
    }
    let bytes = store.window(0, SAMPLE);
    if store.len() <= SAMPLE as u64 { bytes.into_owned() } else { lines(&bytes).to_vec() }
}

/// Up to the last line that is whole, in text of one or two bytes a character.
fn lines(bytes: &[u8]) -> &[u8] {
    let wide = bytes.iter().take(512).filter(|b| **b == 0).count() > 64;
    let end = if wide {
        bytes.chunks_exact(2).rposition(|c| c == b"\n\0" || c == b"\0\n").map(|p| p * 2 + 2)
    } else {
        bytes.iter().rposition(|b| *b == b'\n').map(|p| p + 1)
    };
    end.map_or(bytes, |e| &bytes[..e])
}

fn columns(table: &Table, assigned: &Assigned) -> Vec<RecognisedColumn> {
    let samples = samples(table);
    let column = |(i, c): (usize, &table::Column)| {
        let (role, confidence) = assigned.roles[i];
        let period = assigned.periods.contains(&i) || assigned.across.contains(&i);
        RecognisedColumn {
            index: i as u32 + 1,
            name: c.name.clone(),
            role: if period { Role::Quantity } else { role },
            confidence: if period { 0.9 } else { confidence.min(1.0) },
            samples: samples.get(i).filter(|_| assigned.may_show(i, &c.name)).cloned().unwrap_or_default(),
        }
    };
    table.columns.iter().enumerate().map(column).collect()
}

/// Up to five different cells of each column's first rows.
pub(super) fn samples(table: &Table) -> Vec<Vec<String>> {
    let mut out: Vec<Vec<String>> = vec![Vec::new(); table.columns.len()];
    for row in table.grid(0..table.rows.min(500)) {
        for (cell, seen) in row.iter().zip(&mut out).filter(|(_, s)| s.len() < 5) {
            let text: String = cell.trim().chars().take(60).collect();
            if !number::is_blank(&text) && !seen.contains(&text) {
                seen.push(text);
            }
        }
    }
    out
}

/// Which column of a companion file holds what its rows mean nothing without, where none was found.
fn ask_fields(kind: &str, sheet: &Sheet<'_>, fields: &[Option<&'static str>]) -> Vec<Question> {
    let Some(sort) = masters::sort(kind) else { return Vec::new() };
    let table = sheet.table();
    let samples = samples(table);
    let fits = |field: &str, i: usize| -> bool {
        let cells = samples.get(i).map_or(&[][..], Vec::as_slice);
        let (dates, texts) = (masters::fields::DATES.contains(&field), masters::fields::TEXTS.contains(&field));
        let dated = |c: &String| {
            super::date::parse(c, super::DateOrder::DayMonthYear).or_else(|| super::date::parse(c, super::DateOrder::MonthDayYear))
        };
        let filled = !cells.is_empty() && !names::is_personal(&table.columns[i].name);
        filled && (texts || dates && cells.iter().all(|c| dated(c).is_some()) || !dates && cells.iter().all(|c| number::typed(c).is_some()))
    };
    let missing = sort.needs.iter().filter(|need| !need.split('|').any(|n| fields.contains(&Some(n))));
    missing
        .map(|need| {
            let field = need.split('|').next().unwrap_or(need);
            let free = (0..table.columns.len()).filter(|i| fields[*i].is_none() && fits(field, *i)).map(|i| &table.columns[i].name);
            Question {
                ask: Ask::Field,
                code: "column-needed",
                file: table.file.clone(),
                column: None,
                name: Some(field.to_owned()),
                text: format!("Which column is {}?", asked(field)),
                answers: free.map(|name| Answer { value: format!("{name}={field}"), text: name.clone() }).collect(),
                assumed: None,
                must: true,
            }
        })
        .collect()
}

/// What a field is, as it is asked for.
fn asked(field: &str) -> String {
    match field {
        "item" => "the item's code or name".into(),
        "on_hand" => "the units on hand".into(),
        "arrives" => "the day it arrives".into(),
        "quantity" => "the units ordered".into(),
        "supplier" => "the supplier's name".into(),
        "ordered" => "the day it was ordered".into(),
        "received" => "the day it was received".into(),
        "kit" => "the kit that is sold".into(),
        "component" => "what the kit is made of".into(),
        "location" => "the location's name".into(),
        "lat" => "the latitude".into(),
        "lon" => "the longitude".into(),
        "vehicle" => "the vehicle's name".into(),
        "carrier" => "the carrier's name".into(),
        "price" => "the price".into(),
        "from" => "where the way begins".into(),
        "to" => "where it ends".into(),
        "km" => "the distance in km".into(),
        "event" => "the event's name".into(),
        "ds" => "the day".into(),
        other => format!("the {}", other.replace('_', " ")),
    }
}

/// Which column is the date, which the quantity, where none was found.
fn ask_columns(table: &Table, assigned: &Assigned) -> Vec<Question> {
    let candidates = |role: Role, fits: &dyn Fn(usize) -> bool| -> Vec<Answer> {
        let free = (0..table.columns.len()).filter(|i| !names::is_personal(&table.columns[*i].name) && fits(*i));
        free.map(|i| &table.columns[i].name).map(|name| Answer { value: format!("{name}={}", role.name()), text: name.clone() }).collect()
    };
    let ask = |role: Role, text: &str, answers: Vec<Answer>| Question {
        ask: Ask::Column,
        code: "column-needed",
        file: table.file.clone(),
        column: None,
        name: Some(role.name().to_owned()),
        text: text.to_owned(),
        answers,
        assumed: None,
        must: true,
    };
    let mut out = Vec::new();
    if assigned.column(Role::Date).is_none() && assigned.periods.is_empty() {
        out.push(ask(Role::Date, "Which column is the day of the sale?", candidates(Role::Date, &|i| assigned.profiles[i].dates > 0.3)));
    }
    let measured = [Role::Quantity, Role::Revenue, Role::OrderTotal].iter().any(|r| assigned.column(*r).is_some());
    if !measured && assigned.periods.is_empty() {
        let numeric = |i: usize| assigned.profiles[i].numeric > 0.5 && assigned.profiles[i].dates < 0.5;
        out.push(ask(Role::Quantity, "Which column counts the units sold?", candidates(Role::Quantity, &numeric)));
    }
    out
}
