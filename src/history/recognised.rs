//! What the reader understood of one file, for people to check and override.

use super::options::Role;
use crate::base::Period;
use crate::base::name::{self, Name};
use serde::{Deserialize, Serialize};

/// How a file was understood.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recognised {
    /// The file as the user named it.
    pub file: String,
    /// `csv`, `parquet` or `xlsx`.
    #[serde(deserialize_with = "name::read")]
    pub format: Name,
    /// `UTF-8`, `windows-1252`, `UTF-16LE` …; absent for Parquet and XLSX.
    pub encoding: Option<String>,
    /// Between fields; absent for Parquet and XLSX.
    pub delimiter: Option<char>,
    /// Around fields; absent for Parquet and XLSX.
    pub quote: Option<char>,
    /// Sheet of a workbook.
    pub sheet: Option<String>,
    /// Other sheets, not read.
    pub other_sheets: Vec<String>,
    /// `.` or `,`, where numbers had one.
    pub decimal: Option<char>,
    /// `ymd`, `dmy`, `mdy`; absent where dates are typed.
    #[serde(default, deserialize_with = "name::read_option")]
    pub date_order: Option<Name>,
    /// Line of the header, absent where there is none.
    pub header_line: Option<u64>,
    /// A shop system's known layout, such as `Shopify orders`.
    #[serde(default, deserialize_with = "name::read_option")]
    pub profile: Option<Name>,
    /// One column per period instead of one row.
    pub wide: bool,
    /// One row per sale; otherwise one row per period.
    pub transactions: bool,
    /// All columns, in file order.
    pub columns: Vec<RecognisedColumn>,
    /// Data rows in the file.
    pub rows_read: usize,
    /// Rows that count as demand or returns.
    pub rows_used: usize,
    /// Rows not used, by reason.
    pub set_aside: Vec<SetAside>,
    /// Step of the calendar made of it.
    pub period: Option<Period>,
    /// Why that step.
    pub period_reason: String,
    /// The currency of its money, where a column names one; of several the commonest, whose money alone is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
}

/// What one column was taken for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecognisedColumn {
    /// 1-based position.
    pub index: u32,
    /// Name in the header (`column 3` where there is none).
    pub name: String,
    /// Its meaning.
    pub role: Role,
    /// How sure, 0..=1; 1 when the user said so.
    pub confidence: f64,
    /// Up to five different values; none from columns that may hold personal data.
    pub samples: Vec<String>,
}

/// Rows left out for one reason.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SetAside {
    /// Stable kebab-case name, such as `cancelled-order`.
    #[serde(deserialize_with = "name::read")]
    pub reason: Name,
    /// The reason in words.
    pub message: String,
    /// How many rows.
    pub rows: usize,
    /// Units in those rows, where they have a quantity.
    pub units: f64,
    /// Their lines, the first thousand.
    pub lines: Vec<u64>,
    /// All of their lines as runs of a first and a last line; at most [`SetAside::MOST`] runs. Empty in what older versions kept.
    #[serde(default)]
    pub runs: Vec<(u64, u64)>,
}

impl SetAside {
    /// Most runs kept of one reason.
    pub const MOST: usize = 200_000;

    /// Every line known, in the order of the file.
    pub fn every_line(&self) -> impl Iterator<Item = u64> + '_ {
        let listed = if self.runs.is_empty() { self.lines.as_slice() } else { &[] };
        listed.iter().copied().chain(self.runs.iter().flat_map(|(first, last)| *first..=*last))
    }

    /// How many rows are set aside whose lines are not known.
    pub fn unlisted(&self) -> usize {
        let known: u64 = if self.runs.is_empty() { self.lines.len() as u64 } else { self.runs.iter().map(|(a, b)| b - a + 1).sum() };
        (self.rows as u64).saturating_sub(known) as usize
    }
}
