//! `stockcast import`: any export to clean series.

use super::output::{Printer, TABLES, is_stdout, series, significant, writable};
use super::{Done, args, audit, read};
use crate::base::text::plural;
use crate::history::{History, Kind};
use crate::report::{Column, Table};
use serde_json::json;

pub fn run(a: &args::Import, out: &Printer) -> Done {
    writable(Some(&a.out), TABLES)?;
    let options = read::options(&a.reading)?;
    if let Some(kind) = options.kind.filter(|k| *k != Kind::Sales) {
        return masters(a, kind, out);
    }
    let import = read::sales(&a.files, &options, out)?;
    out.diagnostics(&import.diagnostics);
    let table = series_table(&import.history);
    if is_stdout(&a.out) && !out.json {
        return out.table(&a.out, &table);
    }
    if !is_stdout(&a.out) {
        out.table(&a.out, &table)?;
        out.note(&format!("wrote {} of {} to {}", plural(table.rows(), "row"), series(import.history.series.len()), a.out.display()));
    }
    if out.json {
        let mut value = json!({ "history": audit::summary(&import), "files": import.recognised, "diagnostics": import.diagnostics });
        if is_stdout(&a.out) {
            value["rows"] = out.table_value(&table);
        }
        out.json_value(&value);
    }
    Ok(())
}

/// `unique_id, item, location, ds, y [, revenue, price, in_stock, promo, returned]`; a missing value has no row's `y`.
fn series_table(h: &History) -> Table {
    let rows = || h.series.iter().flat_map(|s| (0..s.y.len()).map(move |i| (s, i)));
    let mut table = Table::new(vec![
        Column::text("unique_id", rows().map(|(s, _)| s.unique_id.to_string())),
        Column::text("item", rows().map(|(s, _)| s.item.to_string())),
        Column::text("location", rows().map(|(s, _)| s.location.to_string())),
        Column::date("ds", rows().map(|(s, i)| s.calendar(h.period).at(i as i64))),
        Column::exact("y", rows().map(|(s, i)| significant(s.y[i], 12))),
    ]);
    type Field = fn(&crate::history::Series) -> Option<&Vec<f64>>;
    let optional: [(&str, Field); 5] = [
        ("revenue", |s| s.revenue.as_ref()),
        ("price", |s| s.price.as_ref()),
        ("in_stock", |s| s.in_stock.as_ref()),
        ("promo", |s| s.promo.as_ref()),
        ("returned", |s| s.returned.as_ref()),
    ];
    for (name, field) in optional {
        if h.series.iter().any(|s| field(s).is_some()) {
            table.push(Column::exact(
                name,
                rows().map(|(s, i)| field(s).and_then(|v| v.get(i)).copied().map_or(f64::NAN, |v| significant(v, 12))),
            ));
        }
    }
    table
}

/// Stock and item files: checked, and written in the contract's columns.
fn masters(a: &args::Import, kind: Kind, out: &Printer) -> Done {
    use crate::base::Diagnostic;
    use crate::history::model::{ItemRow, LeadTimeCell, Scope};
    use crate::history::{MasterFiles, read_masters};
    let [file] = a.files.as_slice() else {
        return Err(vec![Diagnostic::error("one-file", "stock and item files are read one at a time").fix("name one file")]);
    };
    let files = match kind {
        Kind::Stock => MasterFiles { stock: Some(file.clone()), ..MasterFiles::default() },
        _ => MasterFiles { items: Some(file.clone()), ..MasterFiles::default() },
    };
    let (m, notes) = read_masters(&files)?;
    out.diagnostics(&notes);
    let names = |scope: &Scope| match scope {
        Scope::UniqueId(u) => (Some(u.to_string()), None, None),
        Scope::Item(i) => (None, Some(i.to_string()), None),
        Scope::ItemAt(i, l) => (None, Some(i.to_string()), Some(l.to_string())),
    };
    let scopes: Vec<_> = if kind == Kind::Stock {
        m.stock.iter().map(|r| names(&r.scope)).collect()
    } else {
        m.items.iter().map(|r| names(&r.scope)).collect()
    };
    let mut table = Table::new(vec![
        Column::text_opt("unique_id", scopes.iter().map(|s| s.0.clone())),
        Column::text_opt("item", scopes.iter().map(|s| s.1.clone())),
        Column::text_opt("location", scopes.iter().map(|s| s.2.clone())),
    ]);
    if kind == Kind::Stock {
        table.push(Column::exact("on_hand", m.stock.iter().map(|r| r.on_hand)));
        table.push(Column::exact("committed", m.stock.iter().map(|r| r.committed)));
        table.push(Column::exact("unavailable", m.stock.iter().map(|r| r.unavailable)));
        table.push(Column::date_opt("as_of", m.stock.iter().map(|r| r.as_of)));
        table.push(Column::date_opt("expires", m.stock.iter().map(|r| r.expires)));
    } else {
        table.push(Column::text_opt("description", m.items.iter().map(|r| r.description.clone())));
        table.push(Column::text_opt("category", m.items.iter().map(|r| r.category.as_ref().map(ToString::to_string))));
        table.push(Column::text_opt("supplier", m.items.iter().map(|r| r.supplier.as_ref().map(ToString::to_string))));
        type Number = fn(&ItemRow) -> Option<f64>;
        let numbers: [(&str, Number); 11] = [
            ("cost", |r| r.cost),
            ("price", |r| r.price),
            ("lead_time", |r| r.lead_time.and_then(|l| if let LeadTimeCell::Periods(n) = l { Some(n) } else { None })),
            ("lead_time_days", |r| r.lead_time.and_then(|l| if let LeadTimeCell::Days(n) = l { Some(n) } else { None })),
            ("pack_size", |r| r.pack_size),
            ("minimum", |r| r.minimum),
            ("weight_kg", |r| r.weight_kg),
            ("volume_m3", |r| r.volume_m3),
            ("shelf_life_days", |r| r.shelf_life_days),
            ("holding", |r| r.holding),
            ("shortage", |r| r.shortage),
        ];
        for (name, get) in numbers {
            // most files give a few of these; a column without a value would only be noise
            if m.items.iter().any(|r| get(r).is_some()) {
                table.push(Column::exact(name, m.items.iter().map(|r| get(r).unwrap_or(f64::NAN))));
            }
        }
        if m.items.iter().any(|r| r.successor.is_some()) {
            table.push(Column::text_opt("successor", m.items.iter().map(|r| r.successor.as_ref().map(ToString::to_string))));
        }
    }
    if out.json {
        let mut value = json!({ "kind": kind.name(), "diagnostics": notes });
        if is_stdout(&a.out) {
            value["rows"] = out.table_value(&table);
        } else {
            out.table(&a.out, &table)?;
        }
        out.json_value(&value);
        return Ok(());
    }
    out.table(&a.out, &table)?;
    out.note(&plural(table.rows(), &format!("{} row", kind.name())));
    Ok(())
}
