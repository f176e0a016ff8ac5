//! Cells of the grids: text to numbers and back, and what is refused, by row and column.

use crate::app::widgets::grid::{GridCell, GridColumn};
use crate::base::text::grouped;
use crate::history::typed_number;
use std::borrow::Cow;

/// A column that is typed into.
pub const fn typed(name: &'static str, hint: &'static str, width: f32, right: bool) -> GridColumn {
    GridColumn { name, hint, width, right, editable: true }
}

/// A column that is only read.
pub const fn fixed(name: &'static str, hint: &'static str, width: f32, right: bool) -> GridColumn {
    GridColumn { name, hint, width, right, editable: false }
}

/// A cell that was not taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Row in view, from 1.
    pub row: usize,
    /// The row's name.
    pub name: String,
    /// The column's heading.
    pub column: &'static str,
    /// Why.
    pub why: String,
}

/// A number within bounds; empty is none.
pub fn number(text: &str, least: f64, above: bool) -> Result<Option<f64>, String> {
    let t = text.trim();
    if t.is_empty() || t == "–" {
        return Ok(None);
    }
    let shown: String = t.chars().take(30).collect();
    let x = typed_number(t).ok_or_else(|| format!("“{shown}” is not a number"))?;
    if x < least || (above && x <= least) {
        return Err(format!("{shown} is too small, it must be {} {least}", if above { "more than" } else { "at least" }));
    }
    Ok(Some(x))
}

/// A name; empty is none.
pub fn name(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|t| !t.is_empty())
}

/// A number as typed: all its digits.
pub fn plain(x: Option<f64>) -> Cow<'static, str> {
    x.filter(|x| x.is_finite()).map_or(Cow::Borrowed(""), |x| Cow::Owned(crate::report::table::number_text(x, None)))
}

/// A number as read: as many digits as it needs, at most six that count.
pub fn shown(x: f64) -> String {
    if !x.is_finite() {
        return "–".into();
    }
    let decimals = match x.abs() {
        a if a >= 1000.0 || x.fract() == 0.0 => 0,
        a if a >= 1.0 => 2,
        a if a >= 0.1 => 3,
        _ => 5,
    };
    let text = grouped(x, decimals);
    // 0.600 is 0.6, but 3.10 of money stays
    if decimals > 2 { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// Money per unit: two digits after the point, more where it is less than a unit.
pub fn money(x: f64) -> String {
    if x.abs() >= 1.0 || x == 0.0 { grouped(x, 2) } else { grouped(x, if (x * 100.0).fract().abs() < 1e-9 { 2 } else { 4 }) }
}

/// A cell that is given.
pub fn given<'a>(text: impl Into<Cow<'a, str>>) -> GridCell<'a> {
    GridCell { text: text.into(), ..GridCell::default() }
}

/// A cell that is assumed or derived, and from what.
pub fn assumed<'a>(text: impl Into<Cow<'a, str>>, why: impl Into<Cow<'a, str>>) -> GridCell<'a> {
    GridCell { text: text.into(), assumed: true, odd: false, why: why.into() }
}
