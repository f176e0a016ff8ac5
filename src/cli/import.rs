//! `stockcast import`: any export to clean series.

use super::output::{Printer, TABLES, is_stdout, series, significant, writable};
use super::{Done, args, audit, companion, read};
use crate::base::text::plural;
use crate::base::{Diagnostic, Period};
use crate::history::{self, History, Import, Kind, ReadOptions, Series};
use crate::report::{Column, Table};
use serde_json::json;

pub fn run(a: &args::Import, out: &Printer) -> Done {
    for path in [Some(&a.out), a.set_aside.as_ref()].into_iter().flatten() {
        writable(Some(path), TABLES)?;
    }
    let options = read::options(&a.reading)?;
    let sorted = read::sorted(&a.files, &options)?;
    let companions = companion::read(&sorted.companions, &options)?;
    out.diagnostics(&companions.iter().flat_map(|c| c.notes.clone()).collect::<Vec<_>>());
    if sorted.sales.is_empty() {
        return companion::write_alone(&companions, &a.out, out);
    }
    let mut import = history::read_sales_sources(sorted.sales, &options, &out.progress())?;
    if a.ignore_stockouts {
        import.history = history::censored::without_stock(&import.history);
    } else {
        from_stock(&mut import, &companions);
    }
    mend(&mut import, &a.fix, options.as_of)?;
    out.diagnostics(&import.diagnostics);
    if let Some(path) = &a.save_profile {
        save_profile(&import, &options, path)?;
    }
    if let Some(path) = &a.set_aside {
        out.table(path, &audit::aside_table(&import))?;
    }
    let whole = || series_table(&import.history.series, import.history.period, &Shape::of(&import.history));
    if is_stdout(&a.out) && !out.json {
        return out.table(&a.out, &whole());
    }
    if !is_stdout(&a.out) {
        let rows = write_series(&a.out, &import.history, out)?;
        out.note(&format!("wrote {} of {} to {}", plural(rows, "row"), series(import.history.series.len()), a.out.display()));
        for c in &companions {
            let path = companion::beside(&a.out, c.kind);
            out.table(&path, &c.table)?;
            out.note(&format!("wrote {} of {} to {}", plural(c.table.rows(), "row"), c.kind.name(), path.display()));
        }
    }
    if out.json {
        let mut value = json!({
            "history": audit::summary(&import), "files": import.recognised, "questions": import.questions, "diagnostics": import.diagnostics,
        });
        if is_stdout(&a.out) {
            value["rows"] = out.table_value(&whole());
        }
        out.json_value(&value);
    }
    Ok(())
}

/// A stock file with counts of several days says when shelves were empty.
fn from_stock(import: &mut Import, companions: &[companion::Companion]) {
    for c in companions.iter().filter(|c| c.kind == Kind::Stock) {
        let mut masters = c.masters.clone();
        import.diagnostics.extend(history::settle_places(&import.history, &mut masters));
        let marked = history::censored::mark_from_stock(&mut import.history, &masters.stock);
        if marked > 0 {
            let text = format!("{} marked as partly or wholly out of stock, from the counts in the stock file", plural(marked, "period"));
            import.diagnostics.push(Diagnostic::info("stockouts-from-counts", text).file(&c.file));
        }
    }
}

/// Applies the fixes of the findings asked for.
fn mend(import: &mut Import, codes: &[String], as_of: Option<crate::base::Stamp>) -> Done {
    if codes.is_empty() {
        return Ok(());
    }
    let found = history::audit(import, as_of).findings;
    let mut fixes = Vec::new();
    for code in codes {
        let Some((f, mine)) = history::audit::fixes_of(&found, code) else {
            if !history::MENDABLE.contains(&code.as_str()) {
                let fix = format!("use one of {}", history::MENDABLE.join(", "));
                return Err(vec![Diagnostic::error("fix-unknown", format!("there is no fix named {code:?}")).fix(fix)]);
            }
            // a script asks for it every month, and most months have nothing to mend
            import.diagnostics.push(Diagnostic::info("nothing-to-fix", format!("the audit finds nothing to mend for {code:?}")));
            continue;
        };
        fixes.extend(mine.iter().cloned());
        import.diagnostics.push(Diagnostic::info("fixed", format!("{} made for: {}", plural(mine.len(), "change"), f.message)));
    }
    import.history = history::apply(&import.history, &fixes);
    Ok(())
}

fn save_profile(import: &Import, options: &ReadOptions, path: &std::path::Path) -> Done {
    let Some(r) = import.recognised.first() else { return Ok(()) };
    let name = path.file_stem().map_or_else(|| "my profile".to_owned(), |s| s.to_string_lossy().into_owned());
    let text = history::Profile::of(&name, r, options).to_toml();
    std::fs::write(path, text).map_err(|e| {
        vec![
            Diagnostic::error("file-unwritable", format!("the profile cannot be written: {e}"))
                .file(path.display().to_string())
                .fix("check the folder and the disk"),
        ]
    })
}

/// Which optional columns any series has.
struct Shape {
    stock: bool,
    optional: Vec<(&'static str, Field)>,
}

type Field = fn(&Series) -> Option<&Vec<f64>>;

impl Shape {
    fn of(h: &History) -> Self {
        let optional: [(&str, Field); 5] = [
            ("revenue", |s| s.revenue.as_ref()),
            ("price", |s| s.price.as_ref()),
            ("in_stock", |s| s.in_stock.as_ref()),
            ("promo", |s| s.promo.as_ref()),
            ("returned", |s| s.returned.as_ref()),
        ];
        Self {
            stock: h.series.iter().any(|s| s.in_stock.is_some()),
            optional: optional.into_iter().filter(|(_, field)| h.series.iter().any(|s| field(s).is_some())).collect(),
        }
    }
}

/// `unique_id, item, location, ds, y [, demand, revenue, price, in_stock, promo, returned]` of some series; a missing value has no row's `y`.
fn series_table(series: &[Series], period: Period, shape: &Shape) -> Table {
    let rows = || series.iter().flat_map(|s| (0..s.y.len()).map(move |i| (s, i)));
    let mut table = Table::new(vec![
        Column::shared("unique_id", rows().map(|(s, _)| s.unique_id.clone())),
        Column::shared("item", rows().map(|(s, _)| s.item.clone())),
        Column::shared("location", rows().map(|(s, _)| s.location.clone())),
        Column::date("ds", rows().map(|(s, i)| s.calendar(period).at(i as i64))),
        Column::exact("y", rows().map(|(s, i)| significant(s.y[i], 12))),
    ]);
    if shape.stock {
        // sales as they would have been with full shelves, beside what was sold
        let demand = series.iter().flat_map(|s| history::censored::demand(s, period));
        table.push(Column::exact("demand", demand.map(|v| significant(v, 12)).collect::<Vec<_>>()));
    }
    for (name, field) in &shape.optional {
        let value = |s, i: usize| field(s).and_then(|v| v.get(i)).copied().map_or(f64::NAN, |v| significant(v, 12));
        table.push(Column::exact(*name, rows().map(|(s, i)| value(s, i))));
    }
    table
}

/// Rows made at once, about: series are not divided.
const PART: usize = 1 << 15;

/// Writes the series; a large file is put together some series at a time.
fn write_series(path: &std::path::Path, h: &History, out: &Printer) -> Result<usize, Vec<Diagnostic>> {
    let shape = Shape::of(h);
    let rows: usize = h.series.iter().map(|s| s.y.len()).sum();
    let some = (PART * h.series.len()).checked_div(rows).unwrap_or(0).max(1);
    let part = |i: usize| {
        let from = (i * some).min(h.series.len());
        series_table(&h.series[from..(from + some).min(h.series.len())], h.period, &shape)
    };
    // times of day are written alike in a whole column
    let days = h.period != Period::Hour && h.series.iter().all(|s| s.start == crate::base::Stamp::of_day(s.start.day()));
    let parted = days && crate::report::write_table_parts(path, h.series.len().div_ceil(some), &part).map_err(|d| vec![d])?;
    if !parted {
        out.table(path, &series_table(&h.series, h.period, &shape))?;
    }
    Ok(rows)
}
