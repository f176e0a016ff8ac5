//! Rows of the file: how one is written and read (here), what a shop's files tell ([`shop`]), and what people said and decided ([`said`]).

mod said;
mod shop;

pub(super) use said::{Imported, Kept};

use crate::base::Stamp;
use crate::history::model::{LeadTimeCell, Scope};
use chrono::{NaiveDate, NaiveDateTime};
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, Row, params_from_iter};
use std::sync::Arc;

/// A row of one table.
pub(super) trait Stored: Sized {
    const TABLE: &'static str;
    /// All but `id`; the key comes first.
    const COLUMNS: &'static [&'static str];
    /// How many columns are the key.
    const KEYS: usize;
    /// In the order of the columns.
    fn cells(&self) -> Vec<Value>;
    fn read(row: &mut Cells<'_>) -> rusqlite::Result<Self>;
}

/// Adds rows at the end of a table.
pub(super) fn insert<'a, R: Stored + 'a>(c: &Connection, rows: impl IntoIterator<Item = &'a R>) -> rusqlite::Result<()> {
    let marks = vec!["?"; R::COLUMNS.len()].join(", ");
    let mut statement = c.prepare(&format!("INSERT INTO {} ({}) VALUES ({marks})", R::TABLE, R::COLUMNS.join(", ")))?;
    for row in rows {
        statement.execute(params_from_iter(row.cells()))?;
    }
    Ok(())
}

/// Deletes the rows under a key, given as the key's cells.
pub(super) fn delete<R: Stored>(c: &Connection, key: Vec<Value>) -> rusqlite::Result<()> {
    let keys = R::COLUMNS.get(..R::KEYS).unwrap_or_default();
    let of: Vec<String> = keys.iter().map(|k| format!("{k} IS ?")).collect();
    c.prepare(&format!("DELETE FROM {} WHERE {}", R::TABLE, of.join(" AND ")))?.execute(params_from_iter(key)).map(drop)
}

/// Empties a table.
pub(super) fn clear<R: Stored>(c: &Connection) -> rusqlite::Result<()> {
    c.execute(&format!("DELETE FROM {}", R::TABLE), []).map(drop)
}

/// All rows in the order they were added.
pub(super) fn all<R: Stored>(c: &Connection, order: &str) -> rusqlite::Result<Vec<R>> {
    let mut statement = c.prepare(&format!("SELECT {} FROM {} ORDER BY {order}", R::COLUMNS.join(", "), R::TABLE))?;
    let mut rows = statement.query([])?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        out.push(R::read(&mut Cells { row, next: 0 })?);
    }
    Ok(out)
}

/// A row read from left to right.
pub(super) struct Cells<'a> {
    row: &'a Row<'a>,
    next: usize,
}

impl Cells<'_> {
    fn get<T: FromSql>(&mut self) -> rusqlite::Result<T> {
        self.next += 1;
        self.row.get(self.next - 1)
    }
    fn name(&mut self) -> rusqlite::Result<Arc<str>> {
        self.get()
    }
    fn maybe(&mut self) -> rusqlite::Result<Option<Arc<str>>> {
        self.get()
    }
    /// An unknown number is NaN in memory.
    fn number(&mut self) -> rusqlite::Result<f64> {
        Ok(self.get::<Option<f64>>()?.unwrap_or(f64::NAN))
    }
    fn line(&mut self) -> rusqlite::Result<u64> {
        Ok(self.get::<i64>()?.unsigned_abs())
    }
    fn scope(&mut self) -> rusqlite::Result<Scope> {
        let (id, item, location) = (self.maybe()?, self.maybe()?, self.maybe()?);
        match (id, item, location) {
            (Some(id), _, _) => Ok(Scope::UniqueId(id)),
            (None, Some(item), Some(location)) => Ok(Scope::ItemAt(item, location)),
            (None, Some(item), None) => Ok(Scope::Item(item)),
            (None, None, _) => Err(rusqlite::Error::InvalidColumnType(0, "item".into(), rusqlite::types::Type::Null)),
        }
    }
    fn lead_time(&mut self) -> rusqlite::Result<Option<LeadTimeCell>> {
        let (periods, days): (Option<f64>, Option<f64>) = (self.get()?, self.get()?);
        Ok(periods.map(LeadTimeCell::Periods).or(days.map(LeadTimeCell::Days)))
    }
    fn word<T>(&mut self, parse: impl Fn(&str) -> Option<T>) -> rusqlite::Result<T> {
        let text: String = self.get()?;
        parse(&text).ok_or_else(|| rusqlite::Error::InvalidColumnType(self.next - 1, text, rusqlite::types::Type::Text))
    }
}

/// A stamp as ISO 8601 text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Iso(pub Stamp);

impl ToSql for Iso {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.iso().into())
    }
}

impl FromSql for Iso {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let text = value.as_str()?;
        let time = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S");
        let day = || NaiveDate::parse_from_str(text, "%Y-%m-%d").map(NaiveDateTime::from);
        time.or_else(|_| day()).map(|t| Self(Stamp::from_naive(t))).map_err(|_| FromSqlError::InvalidType)
    }
}

pub(super) fn text(s: &str) -> Value {
    Value::Text(s.to_owned())
}
fn maybe(s: Option<&str>) -> Value {
    s.map_or(Value::Null, text)
}
fn real(x: Option<f64>) -> Value {
    x.map_or(Value::Null, Value::Real)
}
pub(super) fn date(t: Stamp) -> Value {
    Value::Text(t.iso())
}
fn maybe_date(t: Option<Stamp>) -> Value {
    t.map_or(Value::Null, date)
}
pub(super) const fn whole(n: u64) -> Value {
    Value::Integer(n as i64)
}
const fn lead_time(cell: Option<LeadTimeCell>) -> [Value; 2] {
    match cell {
        Some(LeadTimeCell::Periods(x)) => [Value::Real(x), Value::Null],
        Some(LeadTimeCell::Days(x)) => [Value::Null, Value::Real(x)],
        None => [Value::Null, Value::Null],
    }
}

/// The key cells of a scope.
pub(super) fn scope(scope: &Scope) -> Vec<Value> {
    match scope {
        Scope::UniqueId(id) => vec![text(id), Value::Null, Value::Null],
        Scope::Item(item) => vec![Value::Null, text(item), Value::Null],
        Scope::ItemAt(item, location) => vec![Value::Null, text(item), text(location)],
    }
}
