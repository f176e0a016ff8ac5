//! `stockcast audit`: what was recognised, what is wrong with it, row by row.

use super::output::{Printer, TABLES, series, writable};
use super::{Done, args, companion, read};
use crate::base::Diagnostic;
use crate::base::text::{grouped, plural};
use crate::history::{self, Audit, Import, Measured, Recognised};
use crate::project::Project;
use crate::report::{Column, Table};
use serde_json::json;
use std::path::PathBuf;

pub fn run(a: &args::Audit, out: &Printer) -> Done {
    writable(a.set_aside.as_deref(), TABLES)?;
    let options = read::options(&a.reading)?;
    let project = |path: &PathBuf| path.extension().is_some_and(|e| e.eq_ignore_ascii_case("stockcast"));
    let (import, companions) = if a.files.iter().any(project) {
        (of_project(&a.files)?, Vec::new())
    } else {
        let sorted = read::sorted(&a.files, &options)?;
        let companions = companion::read(&sorted.companions, &options)?;
        if sorted.sales.is_empty() {
            return alone(&companions, out);
        }
        let mut import = history::read_sales_sources(sorted.sales, &options, &out.progress())?;
        import.diagnostics.extend(companions.iter().flat_map(|c| c.notes.clone()));
        (import, companions)
    };
    let judged = history::audit(&import, options.as_of);
    if let Some(path) = &a.set_aside {
        out.table(path, &aside_table(&import))?;
    }
    if out.json {
        out.json_value(&json!({
            "files": import.recognised, "history": summary(&import), "audit": judged, "questions": import.questions,
            "diagnostics": import.diagnostics,
        }));
        return Ok(());
    }
    for f in &import.recognised {
        file(f, &import.diagnostics, out);
    }
    for c in &companions {
        out.line(format!("{}: {}, {}", c.file, c.kind.name().replace('_', " "), plural(c.table.rows(), "row")));
    }
    history(&import, out);
    findings(&judged, out);
    let listed = |d: &Diagnostic| import.recognised.iter().flat_map(|f| &f.set_aside).any(|s| d.message.starts_with(&s.message));
    diagnostics(&import.diagnostics.iter().filter(|d| !listed(d)).collect::<Vec<_>>(), out);
    Ok(())
}

/// The sales of a project with everything agreed to; its files are no longer needed.
fn of_project(files: &[PathBuf]) -> Result<Import, Vec<Diagnostic>> {
    let fail = |what: &str, fix: &str| Err(vec![Diagnostic::error("one-project", what).fix(fix)]);
    let [path] = files else { return fail("a project is audited alone", "name the project and no other file") };
    let project = Project::open(path).map_err(|d| vec![d])?;
    let document = project.document();
    match &document.sales {
        Some(sales) => Ok(sales.as_import(&document.agreed)),
        None => fail("the project holds no sales", "import sales into it first"),
    }
}

/// Companion files without sales: what they are, what is wrong with them.
fn alone(all: &[companion::Companion], out: &Printer) -> Done {
    if out.json {
        let each = all.iter().map(|c| json!({ "file": c.file, "kind": c.kind.name(), "rows": c.table.rows(), "diagnostics": c.notes }));
        out.json_value(&json!({ "companions": each.collect::<Vec<_>>() }));
        return Ok(());
    }
    for c in all {
        out.line(format!("{}: {}, {}", c.file, c.kind.name().replace('_', " "), plural(c.table.rows(), "row")));
        diagnostics(&c.notes.iter().collect::<Vec<_>>(), out);
    }
    Ok(())
}

/// Every line that is not used, and why.
pub fn aside_table(import: &Import) -> Table {
    let name = |i: u32| import.recognised.get(i as usize).map_or_else(String::new, |r| r.file.clone());
    let words = |reason: &str| -> String {
        let said = import.recognised.iter().flat_map(|r| &r.set_aside).find(|s| s.reason == reason);
        said.map_or_else(String::new, |s| reason_of(&s.message).to_owned())
    };
    let mut by_reason = std::collections::BTreeMap::new();
    for a in &import.aside {
        by_reason.entry(a.reason).or_insert_with(|| words(a.reason));
    }
    Table::new(vec![
        Column::text("file", import.aside.iter().map(|a| name(a.file))),
        Column::exact("line", import.aside.iter().map(|a| a.line as f64)),
        Column::text("reason", import.aside.iter().map(|a| a.reason.to_owned())),
        Column::text("why", import.aside.iter().map(|a| by_reason.get(a.reason).cloned().unwrap_or_default())),
    ])
}

/// The scores, then what lies behind them.
fn findings(audit: &Audit, out: &Printer) {
    out.line("");
    let scores: Vec<String> = audit.scores.iter().map(|s| format!("{} {:.0}", s.dimension.name(), s.score)).collect();
    out.line(format!("scores of 100: {}", scores.join(", ")));
    for f in audit.findings.iter().take(20) {
        let kind = if f.question { "question" } else { "finding" };
        out.line(format!("{kind}[{}]: {} ({})", f.code, f.message, f.dimension.name()));
        let lines: Vec<String> = f.lines.iter().take(5).map(|l| l.line.to_string()).collect();
        if !lines.is_empty() {
            let more = if f.lines.len() > 5 { " …" } else { "" };
            out.line(format!("  lines {}{more}", lines.join(", ")));
        }
        if !f.series.is_empty() {
            let shown: Vec<&str> = f.series.iter().take(5).map(String::as_str).collect();
            let more = if f.series.len() > 5 { " …" } else { "" };
            out.line(format!("  series {}{more}", shown.join(", ")));
        }
        if !f.fixes.is_empty() {
            let other =
                if f.otherwise.is_empty() { String::new() } else { format!(", or --fix {}-since to leave out what came before", f.code) };
            out.line(format!("  fix: import with --fix {}{other}", f.code));
        }
    }
    if audit.findings.len() > 20 {
        out.line(format!("… and {} more; --json lists all", audit.findings.len() - 20));
    }
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
        out.line(format!("  {} set aside: {}{units} ({noun} {}{more})", plural(s.rows, "row"), reason_of(&s.message), lines.join(", ")));
        // the same rows are a diagnostic too; its fix belongs here
        if let Some(fix) = said.iter().filter(|d| d.message.starts_with(&s.message)).find_map(|d| d.fix.as_ref()) {
            out.line(format!("    fix: {fix}"));
        }
    }
}

/// The reason without the count that begins a message of its own.
fn reason_of(message: &str) -> &str {
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
