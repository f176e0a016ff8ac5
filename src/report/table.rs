//! Named typed columns, the one shape in which results leave the program.

use crate::base::Stamp;
use std::sync::Arc;

/// The cells of a column. What is not known is `None`; in `Number` it is any value that is not finite.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Text; guarded against being read as a formula where it is written.
    Text(Vec<Option<Arc<str>>>),
    /// Numbers, with a fixed count of decimals or, without one, as many digits as read back to the same number.
    Number {
        /// The numbers.
        values: Vec<f64>,
        /// Digits after the point.
        decimals: Option<usize>,
    },
    /// Whole numbers.
    Integer(Vec<Option<i64>>),
    /// Dates, or dates with a time of day, ISO 8601.
    Date(Vec<Option<Stamp>>),
    /// `true` or `false`.
    Bool(Vec<Option<bool>>),
}

impl Values {
    fn len(&self) -> usize {
        match self {
            Self::Text(v) => v.len(),
            Self::Number { values, .. } => values.len(),
            Self::Integer(v) => v.len(),
            Self::Date(v) => v.len(),
            Self::Bool(v) => v.len(),
        }
    }
}

/// One cell, borrowed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell<'a> {
    /// Nothing known.
    Empty,
    /// Text.
    Text(&'a str),
    /// A finite number and its decimals.
    Number(f64, Option<usize>),
    /// A whole number.
    Integer(i64),
    /// A moment.
    Date(Stamp),
    /// A truth value.
    Bool(bool),
}

/// A named column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// The name in files: snake_case with the unit in it, as DESIGN §4 has it.
    pub name: String,
    /// The heading for people, on the HTML page; the name with spaces where it is `None`.
    pub label: Option<String>,
    /// Its cells.
    pub values: Values,
    /// Rows whose value rests on an assumed cost or price, greyed on the page; empty: none.
    pub assumed: Vec<bool>,
}

impl Column {
    fn new(name: impl Into<String>, values: Values) -> Self {
        Self { name: name.into(), label: None, values, assumed: Vec::new() }
    }
    /// Text that is always there.
    pub fn text<S: Into<String>>(name: impl Into<String>, values: impl IntoIterator<Item = S>) -> Self {
        Self::new(name, Values::Text(values.into_iter().map(|s| Some(s.into().into())).collect()))
    }
    /// Text that is always there and shared: names of series, one a row.
    pub fn shared(name: impl Into<String>, values: impl IntoIterator<Item = Arc<str>>) -> Self {
        Self::new(name, Values::Text(values.into_iter().map(Some).collect()))
    }
    /// Text that may be missing.
    pub fn text_opt<S: Into<String>>(name: impl Into<String>, values: impl IntoIterator<Item = Option<S>>) -> Self {
        Self::new(name, Values::Text(values.into_iter().map(|s| s.map(|s| s.into().into())).collect()))
    }
    /// Numbers at a fixed count of decimals; not finite = missing.
    pub fn number(name: impl Into<String>, decimals: usize, values: impl IntoIterator<Item = f64>) -> Self {
        Self::new(name, Values::Number { values: values.into_iter().collect(), decimals: Some(decimals) })
    }
    /// Numbers with all their digits; not finite = missing.
    pub fn exact(name: impl Into<String>, values: impl IntoIterator<Item = f64>) -> Self {
        Self::new(name, Values::Number { values: values.into_iter().collect(), decimals: None })
    }
    /// Whole numbers.
    pub fn integer(name: impl Into<String>, values: impl IntoIterator<Item = i64>) -> Self {
        Self::new(name, Values::Integer(values.into_iter().map(Some).collect()))
    }
    /// Whole numbers that may be missing.
    pub fn integer_opt(name: impl Into<String>, values: impl IntoIterator<Item = Option<i64>>) -> Self {
        Self::new(name, Values::Integer(values.into_iter().collect()))
    }
    /// Dates.
    pub fn date(name: impl Into<String>, values: impl IntoIterator<Item = Stamp>) -> Self {
        Self::new(name, Values::Date(values.into_iter().map(Some).collect()))
    }
    /// Dates that may be missing.
    pub fn date_opt(name: impl Into<String>, values: impl IntoIterator<Item = Option<Stamp>>) -> Self {
        Self::new(name, Values::Date(values.into_iter().collect()))
    }
    /// Truth values.
    pub fn bool(name: impl Into<String>, values: impl IntoIterator<Item = bool>) -> Self {
        Self::new(name, Values::Bool(values.into_iter().map(Some).collect()))
    }
    /// Set the heading for people.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }
    /// Mark the rows that rest on an assumed cost or price.
    #[must_use]
    pub fn assumed(mut self, rows: impl IntoIterator<Item = bool>) -> Self {
        self.assumed = rows.into_iter().collect();
        self
    }
    /// The heading for people.
    pub fn heading(&self) -> String {
        self.label.clone().unwrap_or_else(|| self.name.replace('_', " "))
    }
    /// The cell in a row; [`Cell::Empty`] beyond the end.
    pub fn cell(&self, row: usize) -> Cell<'_> {
        let cell = match &self.values {
            Values::Text(v) => v.get(row).and_then(|c| c.as_deref()).map(Cell::Text),
            Values::Number { values, decimals } => {
                values.get(row).filter(|x| x.is_finite()).map(|&x| Cell::Number(if x == 0.0 { 0.0 } else { x }, *decimals))
            }
            Values::Integer(v) => v.get(row).copied().flatten().map(Cell::Integer),
            Values::Date(v) => v.get(row).copied().flatten().map(Cell::Date),
            Values::Bool(v) => v.get(row).copied().flatten().map(Cell::Bool),
        };
        cell.unwrap_or(Cell::Empty)
    }
    /// Whether any of its moments has a time of day: then all are written with one.
    pub fn is_timed(&self) -> bool {
        matches!(&self.values, Values::Date(v) if v.iter().flatten().any(|t| t.0.rem_euclid(86_400) != 0))
    }
    /// True for columns set flush right.
    pub fn is_numeric(&self) -> bool {
        matches!(self.values, Values::Number { .. } | Values::Integer(_))
    }
}

/// Columns side by side. A shorter column counts as empty below its end.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// From left to right.
    pub columns: Vec<Column>,
}

impl Table {
    /// A table of these columns.
    pub const fn new(columns: Vec<Column>) -> Self {
        Self { columns }
    }
    /// Add a column on the right.
    pub fn push(&mut self, column: Column) {
        self.columns.push(column);
    }
    /// Rows: the length of the longest column.
    pub fn rows(&self) -> usize {
        self.columns.iter().map(|c| c.values.len()).max().unwrap_or(0)
    }
}

/// A number as text that reads back: fixed decimals or the shortest form, never scientific, never `-0`.
pub fn number_text(value: f64, decimals: Option<usize>) -> String {
    let text = match decimals {
        Some(d) => format!("{value:.d$}"),
        None => format!("{value}"),
    };
    match text.strip_prefix('-') {
        Some(rest) if !rest.bytes().any(|b| (b'1'..=b'9').contains(&b)) => rest.to_string(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_back() {
        assert_eq!(number_text(-0.001, Some(2)), "0.00");
        assert_eq!(number_text(1e21, None), "1000000000000000000000");
        assert_eq!(number_text(1e-7, None), "0.0000001");
        assert_eq!(number_text(-1.5, Some(0)), "-2");
        assert_eq!(number_text(0.1 + 0.2, None), "0.30000000000000004");
    }

    #[test]
    fn short_columns_are_empty_below() {
        let t = Table::new(vec![Column::text("a", ["x", "y"]), Column::number("b", 1, [f64::NAN])]);
        assert_eq!(t.rows(), 2);
        assert!(t.columns.iter().all(|c| c.cell(7) == Cell::Empty));
        assert_eq!(t.columns[1].cell(0), Cell::Empty);
    }
}
