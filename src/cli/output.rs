//! Where text goes: data to standard output, messages and progress to standard error.

use crate::base::{Control, Diagnostic, Severity};
use std::io::{self, IsTerminal, Write};
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
}

impl Printer {
    pub fn new(json: bool, quiet: bool) -> Self {
        Self { json, quiet, failed: Mutex::new(None) }
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
                self.note(&d.to_string());
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

/// Shows progress on a terminal, ten times a second at most.
pub struct Progress {
    on: bool,
    began: Instant,
    last: AtomicU64,
    done: AtomicUsize,
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
    /// A table to a file (its extension says how), or to standard output as CSV, or as JSON if asked.
    pub fn table(&self, path: &std::path::Path, table: &crate::report::Table) -> super::Done {
        if path.as_os_str() != "-" {
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
