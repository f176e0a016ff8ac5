//! Stock, item and open-order files on the command line: checked, and written in the contract's columns.

use super::Done;
use super::output::{Printer, is_stdout};
use crate::base::Diagnostic;
use crate::base::text::plural;
use crate::history::model::{ItemRow, LeadTimeCell, Masters, Scope};
use crate::history::{Kind, MasterFiles, ReadOptions, read_masters_said};
use crate::report::{Column, Table};
use serde_json::json;
use std::path::{Path, PathBuf};

/// A companion file, read.
pub struct Companion {
    pub kind: Kind,
    pub file: String,
    pub masters: Masters,
    pub notes: Vec<Diagnostic>,
    pub table: Table,
}

/// Reads the files, `options` saying what their columns are; the first that cannot be used stops all.
pub fn read(files: &[(Kind, String, Vec<u8>)], options: &ReadOptions) -> Result<Vec<Companion>, Vec<Diagnostic>> {
    files
        .iter()
        .map(|(kind, name, bytes)| {
            let files = MasterFiles::only(kind.name(), (name.clone(), bytes.clone()));
            let (masters, notes) = read_masters_said(&files, &MasterFiles::only(kind.name(), options.clone()))?;
            let table = table(*kind, &masters);
            Ok(Companion { kind: *kind, file: name.clone(), masters, notes, table })
        })
        .collect()
}

/// `series.csv` to `series_stock.csv`.
pub fn beside(out: &Path, kind: Kind) -> PathBuf {
    let stem = out.file_stem().unwrap_or_default().to_string_lossy();
    let end = out.extension().map_or_else(String::new, |e| format!(".{}", e.to_string_lossy()));
    out.with_file_name(format!("{stem}_{}{end}", kind.name()))
}

/// Without sales among them, the companion file is the output itself.
pub fn write_alone(all: &[Companion], to: &Path, out: &Printer) -> Done {
    let [one] = all else {
        return Err(vec![
            Diagnostic::error("one-file", "stock, item and open-order files without sales are read one at a time").fix("name one file"),
        ]);
    };
    if out.json {
        let mut value = json!({ "kind": one.kind.name(), "diagnostics": one.notes });
        if is_stdout(to) {
            value["rows"] = out.table_value(&one.table);
        } else {
            out.table(to, &one.table)?;
        }
        out.json_value(&value);
        return Ok(());
    }
    out.table(to, &one.table)?;
    out.note(&plural(one.table.rows(), &format!("{} row", one.kind.name())));
    Ok(())
}

fn table(kind: Kind, m: &Masters) -> Table {
    let names = |scope: &Scope| match scope {
        Scope::UniqueId(u) => (Some(u.to_string()), None, None),
        Scope::Item(i) => (None, Some(i.to_string()), None),
        Scope::ItemAt(i, l) => (None, Some(i.to_string()), Some(l.to_string())),
    };
    let scopes: Vec<_> = match kind {
        Kind::Stock => m.stock.iter().map(|r| names(&r.scope)).collect(),
        Kind::OnOrder => m.on_order.iter().map(|r| names(&r.scope)).collect(),
        _ => m.items.iter().map(|r| names(&r.scope)).collect(),
    };
    let mut table = Table::new(vec![
        Column::text_opt("unique_id", scopes.iter().map(|s| s.0.clone())),
        Column::text_opt("item", scopes.iter().map(|s| s.1.clone())),
        Column::text_opt("location", scopes.iter().map(|s| s.2.clone())),
    ]);
    match kind {
        Kind::Stock => {
            table.push(Column::exact("on_hand", m.stock.iter().map(|r| r.on_hand)));
            table.push(Column::exact("committed", m.stock.iter().map(|r| r.committed)));
            table.push(Column::exact("unavailable", m.stock.iter().map(|r| r.unavailable)));
            table.push(Column::date_opt("as_of", m.stock.iter().map(|r| r.as_of)));
            table.push(Column::date_opt("expires", m.stock.iter().map(|r| r.expires)));
        }
        Kind::OnOrder => {
            table.push(Column::date("arrives", m.on_order.iter().map(|r| r.arrives)));
            table.push(Column::exact("quantity", m.on_order.iter().map(|r| r.quantity)));
        }
        _ => items(&mut table, m),
    }
    table
}

fn items(table: &mut Table, m: &Masters) {
    table.push(Column::text_opt("description", m.items.iter().map(|r| r.description.clone())));
    table.push(Column::text_opt("category", m.items.iter().map(|r| r.category.as_ref().map(ToString::to_string))));
    table.push(Column::text_opt("supplier", m.items.iter().map(|r| r.supplier.as_ref().map(ToString::to_string))));
    type Number = fn(&ItemRow) -> Option<f64>;
    let numbers: [(&str, Number); 12] = [
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
        ("kg_co2e", |r| r.kg_co2e),
    ];
    for (name, get) in numbers {
        // most files give a few of these; a column without a value would only be noise
        if m.items.iter().any(|r| get(r).is_some()) {
            table.push(Column::exact(name, m.items.iter().map(|r| get(r).unwrap_or(f64::NAN))));
        }
    }
    if m.items.iter().any(|r| r.discontinued) {
        table.push(Column::text_opt("status", m.items.iter().map(|r| r.discontinued.then(|| "discontinued".to_owned()))));
    }
    if m.items.iter().any(|r| r.price_breaks.is_some()) {
        table.push(Column::text_opt("price_breaks", m.items.iter().map(|r| r.price_breaks.as_ref().map(ToString::to_string))));
    }
    if m.items.iter().any(|r| r.successor.is_some()) {
        table.push(Column::text_opt("successor", m.items.iter().map(|r| r.successor.as_ref().map(ToString::to_string))));
    }
}
