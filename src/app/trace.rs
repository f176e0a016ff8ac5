//! How fast the window answers, written to the file that `STOCKCAST_TRACE` names: moments as milliseconds since 1970 (so that a script can set
//! them against the moment it started the program), and the work of each frame on the interface thread.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// A running record; written when it is dropped.
#[derive(Debug)]
pub struct Trace {
    path: PathBuf,
    moments: Vec<(&'static str, u128)>,
    frames: Vec<Duration>,
    /// Between the ends of two frames while something runs: what a person feels.
    gaps: Vec<Duration>,
    last: Option<Instant>,
}

impl Trace {
    /// A record to be written to `path`.
    pub const fn new(path: PathBuf) -> Self {
        Self { path, moments: Vec::new(), frames: Vec::new(), gaps: Vec::new(), last: None }
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

    /// A frame took this long on the interface thread; `asked` for: the next one was wanted at once.
    pub fn frame(&mut self, took: Duration, asked: bool) {
        self.frames.push(took);
        let now = Instant::now();
        if let Some(last) = self.last.filter(|_| asked) {
            self.gaps.push(now - last);
        }
        self.last = Some(now);
    }

    fn write(&self) {
        let mut text = String::new();
        for (name, at) in &self.moments {
            let _ = writeln!(text, "{name} {at}");
        }
        for (name, times) in [("frame", &self.frames), ("gap", &self.gaps)] {
            let mut ms: Vec<f64> = times.iter().map(|d| d.as_secs_f64() * 1000.0).collect();
            ms.sort_by(f64::total_cmp);
            let at = |p: f64| crate::base::measure::quantile_sorted(&ms, p);
            let _ = writeln!(text, "{name}s {} p50_ms {:.2} p99_ms {:.2} max_ms {:.2}", ms.len(), at(0.5), at(0.99), at(1.0));
        }
        // a trace that cannot be written is nobody's trouble
        let _ = std::fs::write(&self.path, text);
    }
}

impl Drop for Trace {
    fn drop(&mut self) {
        self.write();
    }
}
