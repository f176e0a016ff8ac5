//! `stockcast audit`: what was recognised, what is wrong with it, row by row.

use super::output::{Printer, series};
use super::{Done, args, read};
use crate::base::Diagnostic;
use crate::base::text::{grouped, plural};
use crate::history::{Import, Measured, Recognised};
use serde_json::json;

pub fn run(a: &args::Audit, out: &Printer) -> Done {
    let import = read::sales(&a.files, &read::options(&a.reading)?, out)?;
    if out.json {
        out.json_value(&json!({ "files": import.recognised, "history": summary(&import), "diagnostics": import.diagnostics }));
        return Ok(());
    }
    for f in &import.recognised {
        file(f, &import.diagnostics, out);
    }
    history(&import, out);
    let listed = |d: &Diagnostic| import.recognised.iter().flat_map(|f| &f.set_aside).any(|s| d.message.starts_with(&s.message));
    diagnostics(&import.diagnostics.iter().filter(|d| !listed(d)).collect::<Vec<_>>(), out);
    Ok(())
}

/// The history in one JSON object.
pub fn summary(import: &Import) -> serde_json::Value {
    let h = &import.history;
    let (first, last) = span(import);
    json!({
        "series": h.series.len(),
        "period": h.period,
        "measured": h.measured,
        "first": first.map(|d| d.iso()),
        "last": last.map(|d| d.iso()),
        "total": total(import),
    })
}

fn span(import: &Import) -> (Option<crate::base::Stamp>, Option<crate::base::Stamp>) {
    let h = &import.history;
    let filled = || h.series.iter().filter(|s| !s.y.is_empty());
    (filled().map(|s| s.start).min(), filled().map(|s| s.calendar(h.period).at(s.y.len() as i64 - 1)).max())
}

fn total(import: &Import) -> f64 {
    import.history.series.iter().flat_map(|s| &s.y).filter(|y| y.is_finite()).sum()
}

fn file(f: &Recognised, said: &[Diagnostic], out: &Printer) {
    let mut how = vec![f.profile.map_or_else(|| f.format.to_owned(), |p| format!("{p} ({})", f.format))];
    how.extend(f.sheet.as_ref().map(|s| format!("sheet {s}")));
    how.extend(f.encoding.clone());
    how.extend(f.delimiter.map(|d| match d {
        '\t' => "tab between columns".to_owned(),
        d => format!("'{d}' between columns"),
    }));
    how.extend(f.decimal.filter(|d| *d == ',').map(|_| "decimal comma".to_owned()));
    how.extend(f.date_order.map(|o| format!("dates {o}")));
    // a Parquet file names its columns in its schema
    if f.format != "parquet" {
        how.push(f.header_line.map_or_else(|| "no header".to_owned(), |l| format!("header on line {l}")));
    }
    how.push(match (f.wide, f.transactions) {
        (true, _) => "one column per period".to_owned(),
        (_, true) => "one row per sale".to_owned(),
        _ => "one row per period".to_owned(),
    });
    out.line(format!("{}: {}", f.file, how.join(", ")));
    let used: Vec<_> =
        f.columns.iter().filter(|c| !matches!(c.role, crate::history::Role::Ignore | crate::history::Role::Personal)).collect();
    out.line(format!("  {} of {} columns used", used.len(), f.columns.len()));
    let wide = used.iter().map(|c| c.name.chars().count()).max().unwrap_or(0).min(30);
    for c in used.iter().take(24) {
        out.line(format!(
            "    {:<wide$}  {:<12} {:>4.0} %  {}",
            short(&c.name, 30),
            c.role.name(),
            c.confidence * 100.0,
            samples(&c.samples)
        ));
    }
    if used.len() > 24 {
        out.line(format!("    … and {} more like the last", used.len() - 24));
    }
    out.line(format!("  {} read, {} used", plural(f.rows_read, "row"), grouped(f.rows_used as f64, 0)));
    for s in &f.set_aside {
        let lines: Vec<String> = s.lines.iter().take(5).map(ToString::to_string).collect();
        let more = if s.rows > lines.len() { " …" } else { "" };
        let noun = if s.rows == 1 { "line" } else { "lines" };
        let units = if s.units == 0.0 { String::new() } else { format!(", {}", units(s.units)) };
        out.line(format!("  {} set aside: {}{units} ({noun} {}{more})", plural(s.rows, "row"), reason(&s.message), lines.join(", ")));
        // the same rows are a diagnostic too; its fix belongs here
        if let Some(fix) = said.iter().filter(|d| d.message.starts_with(&s.message)).find_map(|d| d.fix.as_ref()) {
            out.line(format!("    fix: {fix}"));
        }
    }
}

/// The reason without the count that begins a message of its own.
fn reason(message: &str) -> &str {
    message.split_once(" set aside: ").map_or(message, |(_, why)| why)
}

/// As many samples as fit beside the column's name and role.
fn samples(all: &[String]) -> String {
    let mut line = String::new();
    for s in all {
        let s = short(s, 25);
        let dot = if line.is_empty() { "" } else { " · " };
        if !line.is_empty() && line.chars().count() + s.chars().count() > 60 {
            break;
        }
        line = format!("{line}{dot}{s}");
    }
    line
}

/// `1 unit`, `2 units`.
fn units(count: f64) -> String {
    format!("{} unit{}", grouped(count, 0), if count == 1.0 { "" } else { "s" })
}

fn history(import: &Import, out: &Printer) {
    let h = &import.history;
    let (Some(first), Some(last)) = span(import) else { return };
    let total = total(import);
    let what = if h.measured == Measured::Value { format!("{} in money", grouped(total, 0)) } else { units(total) };
    let when = if first == last { first.to_string() } else { format!("{first} to {last}") };
    out.line(format!("→ {} by {}, {when}, {what}", series(h.series.len()), h.period));
}

fn diagnostics(all: &[&Diagnostic], out: &Printer) {
    if all.is_empty() {
        out.line("nothing else to say");
        return;
    }
    out.line("");
    for d in all.iter().take(40) {
        out.line(d.to_string());
    }
    if all.len() > 40 {
        out.line(format!("… and {} more; --json lists all", all.len() - 40));
    }
}

fn short(text: &str, most: usize) -> String {
    if text.chars().count() <= most { text.to_owned() } else { format!("{}…", text.chars().take(most - 1).collect::<String>()) }
}
