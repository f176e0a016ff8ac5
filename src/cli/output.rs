//! Where text goes: data to standard output, messages and progress to standard error.

use crate::base::{Control, Diagnostic, Severity};
use std::collections::BTreeSet;
use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Instant;

/// How many diagnostics of one code are printed before the rest are counted.
const SHOWN: usize = 3;

/// Prints for one run of a command.
pub struct Printer {
    /// One JSON object instead of text.
    pub json: bool,
    quiet: bool,
    failed: Mutex<Option<io::Error>>,
    /// Diagnostics already printed: two readings of one file say the same once.
    said: Mutex<BTreeSet<String>>,
}

impl Printer {
    pub fn new(json: bool, quiet: bool) -> Self {
        Self { json, quiet, failed: Mutex::new(None), said: Mutex::new(BTreeSet::new()) }
    }

    /// A line of data.
    pub fn line(&self, text: impl AsRef<str>) {
        self.raw(&format!("{}\n", text.as_ref()));
    }

    /// Data as they are.
    pub fn raw(&self, text: &str) {
        self.bytes(text.as_bytes());
    }

    /// Data as they are.
    pub fn bytes(&self, bytes: &[u8]) {
        let mut failed = self.failed.lock().unwrap_or_else(|e| e.into_inner());
        if failed.is_none()
            && let Err(e) = io::stdout().lock().write_all(bytes)
        {
            *failed = Some(e);
        }
    }

    /// A JSON value as data.
    pub fn json_value(&self, value: &serde_json::Value) {
        self.line(serde_json::to_string_pretty(value).unwrap_or_default());
    }

    /// A message.
    pub fn note(&self, text: &str) {
        if !self.quiet {
            let _ = writeln!(io::stderr().lock(), "{text}");
        }
    }

    /// Diagnostics as messages, the many of one kind cut short.
    pub fn diagnostics(&self, all: &[Diagnostic]) {
        if self.quiet || self.json {
            return;
        }
        let mut seen: Vec<(&str, usize)> = Vec::new();
        for d in all {
            let text = d.to_string();
            if !self.said.lock().unwrap_or_else(|e| e.into_inner()).insert(text.clone()) {
                continue;
            }
            let n = match seen.iter_mut().find(|(c, _)| *c == d.code) {
                Some((_, n)) => {
                    *n += 1;
                    *n
                }
                None => {
                    seen.push((d.code, 1));
                    1
                }
            };
            if n <= SHOWN {
                self.note(&text);
            }
        }
        for (code, n) in seen {
            if n > SHOWN {
                self.note(&format!("… and {} more [{code}]; --json lists all", n - SHOWN));
            }
        }
    }

    /// The reasons of a refusal: always on standard error, also as JSON if asked.
    pub fn refuse(&self, problems: &[Diagnostic]) {
        // a reader that went away (| head) is not a failure worth words
        if problems.iter().all(|d| d.code == "closed-pipe") {
            return;
        }
        if self.json {
            self.json_value(&serde_json::json!({ "diagnostics": problems }));
        }
        let mut err = io::stderr().lock();
        let errors = problems.iter().filter(|d| d.severity == Severity::Error);
        for d in errors.clone().take(20) {
            let _ = writeln!(err, "{d}");
        }
        if errors.clone().count() > 20 {
            let _ = writeln!(err, "… and {} more errors", errors.count() - 20);
        }
    }

    /// Whether everything could be printed.
    pub fn finish(&self) -> super::Done {
        let failed = self.failed.lock().unwrap_or_else(|e| e.into_inner()).take().or_else(|| io::stdout().flush().err());
        match failed {
            None => Ok(()),
            // the reader went away, as `| head` does: done is done
            Some(e) if e.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            Some(e) => Err(vec![
                Diagnostic::error("output-failed", format!("standard output cannot be written: {e}"))
                    .fix("check the disk, or write to a file with -o"),
            ]),
        }
    }

    /// Progress for long work: a line on a terminal, nothing otherwise.
    pub fn progress(&self) -> Progress {
        Progress {
            on: !self.quiet && io::stderr().is_terminal(),
            began: Instant::now(),
            last: AtomicU64::new(0),
            done: AtomicUsize::new(0),
        }
    }
}

/// Whether a path names standard output.
pub fn is_stdout(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// `1 series`, `2 series`: the word is its own plural.
pub fn series(count: usize) -> String {
    format!("{} series", crate::base::text::grouped(count as f64, 0))
}

/// Refuses a file that cannot be written before minutes are spent on what goes into it.
pub fn writable(path: Option<&Path>, extensions: &[&str]) -> super::Done {
    let Some(path) = path.filter(|p| !is_stdout(p)) else { return Ok(()) };
    let name = path.display().to_string();
    let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    if !extensions.contains(&extension.as_str()) {
        let what = if extension.is_empty() {
            "a file name without an ending does not say its format".to_owned()
        } else {
            format!("cannot write .{extension} files here")
        };
        let known: Vec<String> = extensions.iter().map(|e| format!(".{e}")).collect();
        return Err(vec![Diagnostic::error("output-format", what).file(name).fix(format!("end the name in {}", known.join(", ")))]);
    }
    match path.parent().filter(|p| !p.as_os_str().is_empty() && !p.is_dir()) {
        None => Ok(()),
        Some(folder) => Err(vec![
            Diagnostic::error("output-unwritable", format!("there is no folder {}", folder.display()))
                .file(name)
                .fix("make the folder first, or write somewhere else"),
        ]),
    }
}

/// A number to so many significant digits: more would be noise of summation, and a file twice as long.
pub fn significant(x: f64, digits: i32) -> f64 {
    // whole numbers of fewer digits are what they are
    if x == 0.0 || !x.is_finite() || digits >= 12 && x.abs() < 1e12 && x.fract() == 0.0 {
        return x;
    }
    // so do amounts of money, but for the noise of sums
    let cents = (x * 100.0).round() / 100.0;
    if digits == 12 && x.abs() < 1e9 && (x - cents).abs() <= x.abs() * 4e-13 {
        return cents;
    }
    let places = digits - 1 - x.abs().log10().floor() as i32;
    // dividing by a whole power of ten rounds to the nearest decimal; multiplying by 0.1, 0.01 … would not
    let scale = 10f64.powi(places.abs());
    let rounded = if places >= 0 { (x * scale).round() / scale } else { (x / scale).round() * scale };
    if rounded.is_finite() { rounded } else { x }
}

/// What a table can be written as.
pub const TABLES: &[&str] = &["csv", "tsv", "parquet", "xlsx", "json"];

/// Shows progress on a terminal, ten times a second at most.
pub struct Progress {
    on: bool,
    began: Instant,
    last: AtomicU64,
    done: AtomicUsize,
}

impl Progress {
    /// A line of its own words in place of the last, as seldom as progress.
    pub fn say(&self, text: impl FnOnce() -> String) {
        if !self.on {
            return;
        }
        let now = self.began.elapsed().as_millis() as u64;
        let last = self.last.load(Ordering::Relaxed);
        let first = self.done.fetch_add(1, Ordering::Relaxed) == 0;
        if (first || now >= last + 100) && self.last.compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed).is_ok() {
            let _ = write!(io::stderr().lock(), "\r\x1b[K{}", text());
        }
    }
}

impl Control for Progress {
    fn progress(&self, stage: &'static str, done: usize, total: usize) {
        self.done.store(done, Ordering::Relaxed);
        if !self.on {
            return;
        }
        let now = self.began.elapsed().as_millis() as u64;
        let last = self.last.load(Ordering::Relaxed);
        if now < last + 100 && done < total || self.last.compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed).is_err() {
            return;
        }
        let _ = write!(io::stderr().lock(), "\r\x1b[K{stage} {done} of {total}");
    }
    fn is_cancelled(&self) -> bool {
        false
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.on {
            let _ = write!(io::stderr().lock(), "\r\x1b[K");
        }
    }
}

impl Printer {
    /// A table that goes beside the command's own output. Whether that output is still to be printed: a table on standard
    /// output takes its place, and in JSON the one object holds the same figures.
    pub fn table_beside(&self, path: Option<&Path>, table: &crate::report::Table) -> Result<bool, Vec<Diagnostic>> {
        match path {
            None => Ok(true),
            Some(p) if is_stdout(p) && self.json => Ok(true),
            Some(p) => self.table(p, table).map(|()| !is_stdout(p)),
        }
    }

    /// A table to a file (its extension says how), or to standard output as CSV, or as JSON if asked.
    pub fn table(&self, path: &Path, table: &crate::report::Table) -> super::Done {
        if !is_stdout(path) {
            return crate::report::write_table(path, table).map_err(|d| vec![d]);
        }
        let mut bytes = Vec::new();
        let written = if self.json { crate::report::write_json(&mut bytes, table) } else { crate::report::write_csv(&mut bytes, table) };
        written.map_err(|e| vec![Diagnostic::error("output-failed", format!("the table cannot be written: {e}"))])?;
        self.bytes(&bytes);
        Ok(())
    }

    /// A table as a JSON array of objects.
    pub fn table_value(&self, table: &crate::report::Table) -> serde_json::Value {
        let mut bytes = Vec::new();
        let written = crate::report::write_json(&mut bytes, table).is_ok();
        if written { serde_json::from_slice(&bytes).unwrap_or_default() } else { serde_json::Value::Null }
    }
}

#[cfg(test)]
mod tests {
    use super::significant;
    use proptest::prelude::*;

    proptest! {
        /// Twelve digits are those that a number is written with, be it money with the noise of sums or anything else.
        #[test]
        fn twelve_digits_are_those_of_the_number(cents in 1i64..10_000_000_000, noise in -3i32..4, other in 1e-9f64..1e11) {
            let money = cents as f64 / 100.0;
            for x in [money, money * (1.0 + f64::from(noise) * f64::EPSILON), money * (1.0 + f64::from(noise) * 3e-13), other, -other] {
                let written: f64 = format!("{x:.11e}").parse().unwrap();
                let rounded = significant(x, 12);
                // at half a digit either neighbour will do
                let tie = ((x - written).abs() - (x - rounded).abs()).abs() <= 1e-3 * (x - written).abs();
                prop_assert!(rounded == written || tie || (rounded - written).abs() <= 2.0 * f64::EPSILON * x.abs(), "{x:e}: {rounded:e}, {written:e}");
            }
        }
    }
}
