//! Prints how files are read as tables, one JSON object a line: for comparing with other readers (`benches/pollock.py`).

#![allow(clippy::print_stdout)] // that is what it is for

use serde_json::json;
use stockcast::history::table;

fn main() {
    for path in std::env::args().skip(1) {
        let read = match std::fs::read(&path) {
            Ok(bytes) => table::read(&path, &bytes, None),
            Err(e) => Err(vec![stockcast::base::Diagnostic::error("file-unreadable", e.to_string())]),
        };
        println!(
            "{}",
            match read {
                Ok(t) => {
                    let header: Vec<&str> = t.columns.iter().map(|c| c.name.as_str()).collect();
                    let row = |r: usize| t.columns.iter().map(|c| c.text(r).into_owned()).collect::<Vec<_>>();
                    json!({ "path": path, "header": header, "named": t.header_line.is_some(), "rows": (0..t.rows).map(row).collect::<Vec<_>>() })
                }
                Err(said) => json!({ "path": path, "error": said.iter().map(ToString::to_string).collect::<Vec<_>>() }),
            }
        );
    }
}
