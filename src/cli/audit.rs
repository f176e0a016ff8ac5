//! `stockcast audit`: what was recognised, what is wrong with it, row by row.

use super::output::Printer;
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
        file(f, out);
    }
    history(&import, out);
    diagnostics(&import.diagnostics, out);
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

fn file(f: &Recognised, out: &Printer) {
    let mut how = vec![f.profile.map_or_else(|| f.format.to_owned(), |p| format!("{p} ({})", f.format))];
    how.extend(f.sheet.as_ref().map(|s| format!("sheet {s}")));
    how.extend(f.encoding.clone());
    how.extend(f.delimiter.map(|d| match d {
        '\t' => "tab between columns".to_owned(),
        d => format!("'{d}' between columns"),
    }));
    how.extend(f.decimal.filter(|d| *d == ',').map(|_| "decimal comma".to_owned()));
    how.extend(f.date_order.map(|o| format!("dates {o}")));
    how.push(f.header_line.map_or_else(|| "no header".to_owned(), |l| format!("header on line {l}")));
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
        let samples: Vec<String> = c.samples.iter().map(|s| short(s, 18)).collect();
        out.line(format!(
            "    {:<wide$}  {:<12} {:>4.0} %  {}",
            short(&c.name, 30),
            c.role.name(),
            c.confidence * 100.0,
            samples.join(" · ")
        ));
    }
    if used.len() > 24 {
        out.line(format!("    … and {} more like the last", used.len() - 24));
    }
    out.line(format!("  {} read, {} used", plural(f.rows_read, "row"), grouped(f.rows_used as f64, 0)));
    for s in &f.set_aside {
        let lines: Vec<String> = s.lines.iter().take(5).map(ToString::to_string).collect();
        let more = if s.rows > lines.len() { " …" } else { "" };
        let units = if s.units == 0.0 { String::new() } else { format!(", {} units", grouped(s.units, 0)) };
        out.line(format!("  {:>9} set aside: {}{units} (line {}{more})", grouped(s.rows as f64, 0), s.message, lines.join(", ")));
    }
}

fn history(import: &Import, out: &Printer) {
    let h = &import.history;
    let (Some(first), Some(last)) = span(import) else { return };
    let what = if h.measured == Measured::Value { "of money" } else { "units" };
    let reason = import.recognised.first().map_or("", |r| r.period_reason.as_str());
    out.line(format!(
        "→ {} series by {}, {first} to {last}, {} {what}",
        grouped(h.series.len() as f64, 0),
        h.period,
        grouped(total(import), 0)
    ));
    if !reason.is_empty() {
        out.line(format!("  by {}: {reason}", h.period));
    }
}

fn diagnostics(all: &[Diagnostic], out: &Printer) {
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
