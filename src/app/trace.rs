//! How fast the window answers, written to the file that `STOCKCAST_TRACE` names: moments as milliseconds since 1970 (so that a script can set
//! them against the moment it started the program), and the work of each frame on the interface thread.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A running record; written when it is dropped.
#[derive(Debug)]
pub struct Trace {
    path: PathBuf,
    moments: Vec<(&'static str, u128)>,
    frames: Vec<Duration>,
}

impl Trace {
    /// A record to be written to `path`.
    pub const fn new(path: PathBuf) -> Self {
        Self { path, moments: Vec::new(), frames: Vec::new() }
    }

    /// Something happened for the first time; later times are not counted.
    pub fn moment(&mut self, name: &'static str) {
        if self.moments.iter().any(|(n, _)| *n == name) {
            return;
        }
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_millis());
        self.moments.push((name, now));
        self.write();
    }

    /// A frame took this long on the interface thread.
    pub fn frame(&mut self, took: Duration) {
        self.frames.push(took);
    }

    fn write(&self) {
        let mut text = String::new();
        for (name, at) in &self.moments {
            let _ = writeln!(text, "{name} {at}");
        }
        let mut ms: Vec<f64> = self.frames.iter().map(|d| d.as_secs_f64() * 1000.0).collect();
        ms.sort_by(f64::total_cmp);
        let at = |p: f64| crate::base::measure::quantile_sorted(&ms, p);
        let _ = writeln!(text, "frames {} p50_ms {:.2} p99_ms {:.2} max_ms {:.2}", ms.len(), at(0.5), at(0.99), at(1.0));
        // a trace that cannot be written is nobody's trouble
        let _ = std::fs::write(&self.path, text);
    }
}

impl Drop for Trace {
    fn drop(&mut self) {
        self.write();
    }
}
