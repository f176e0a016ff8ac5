//! One type for everything that can be wrong with what a user gave us, from reader to screen.

use super::name::{self, Name};
use serde::{Deserialize, Serialize};
use std::fmt;

/// How much a diagnostic matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Something was assumed or decided; said so that it can be changed.
    Info,
    /// Something was set aside or looks wrong; the rest is used.
    Warning,
    /// The request cannot be served as it stands.
    Error,
}

/// What is wrong, where, and what would fix it.
///
/// `message` is a lower-case fragment without a final period; `fix` is an imperative in the same style. Neither ever
/// repeats personal data from a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// Stable kebab-case name, such as `date-unreadable`.
    #[serde(deserialize_with = "name::read")]
    pub code: Name,
    /// How much it matters.
    pub severity: Severity,
    /// The file as the user named it.
    pub file: Option<String>,
    /// 1-based line in that file (the row for a spreadsheet or Parquet file, the header being line 1).
    pub line: Option<u64>,
    /// 1-based column.
    pub column: Option<u32>,
    /// What was found.
    pub message: String,
    /// What to do about it.
    pub fix: Option<String>,
}

impl Diagnostic {
    fn new(severity: Severity, code: &'static str, message: impl Into<String>) -> Self {
        Self { code, severity, file: None, line: None, column: None, message: message.into(), fix: None }
    }
    /// The request cannot be served.
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message)
    }
    /// Something was set aside or looks wrong.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message)
    }
    /// Something was assumed or decided.
    pub fn info(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Info, code, message)
    }
    /// Name the file.
    #[must_use]
    pub fn file(mut self, file: impl Into<String>) -> Self {
        self.file = Some(file.into());
        self
    }
    /// Name the line, from 1.
    #[must_use]
    pub fn line(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }
    /// Name the column, from 1.
    #[must_use]
    pub fn column(mut self, column: u32) -> Self {
        self.column = Some(column);
        self
    }
    /// Say what would fix it.
    #[must_use]
    pub fn fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = Some(fix.into());
        self
    }
}

impl fmt::Display for Diagnostic {
    /// `error[code]: message (file:line:column)` and, on a second line, the fix.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.severity {
            Severity::Info => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        write!(f, "{word}[{}]: {}", self.code, self.message)?;
        if let Some(file) = &self.file {
            write!(f, " ({file}")?;
            if let Some(line) = self.line {
                write!(f, ":{line}")?;
                if let Some(column) = self.column {
                    write!(f, ":{column}")?;
                }
            }
            write!(f, ")")?;
        } else if let Some(line) = self.line {
            write!(f, " (line {line})")?;
        }
        if let Some(fix) = &self.fix {
            write!(f, "\n  fix: {fix}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostic {}

/// "did you mean": the nearest of `known` to `word`, if any is near enough to be a slip of the hand.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded = word.to_lowercase();
    known
        .into_iter()
        .map(|k| (strsim::damerau_levenshtein(&folded, &k.to_lowercase()), k))
        .filter(|(d, k)| *d <= (k.chars().count().max(3)) / 3)
        .min_by_key(|(d, _)| *d)
        .map(|(_, k)| k)
}
