//! From the file to a document and its journal.

use super::document::{Document, Sales, Scenario};
use super::fault::{Fault, damaged};
use super::journal::{Entry, Held, Journal};
use super::stored::{absent, plan_of};
use super::tables::{self, Imported, Iso};
use crate::base::Period;
use crate::history::model::Masters;
use crate::history::{Measured, canonical};
use rusqlite::{Connection, OptionalExtension};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Edits whose text is kept in memory, so that undoing them waits for no disk.
const TEXTS: i64 = 500;
/// Longer ones (a large paste) are read when they are undone.
const LONGEST: i64 = 64 << 10;

/// The document, and the hash of the sales in use.
pub(super) fn document(c: &Connection) -> Result<(Document, Option<String>), Fault> {
    let in_use: Option<String> = c.query_row("SELECT hash FROM sales WHERE in_use = 1", [], |r| r.get(0)).optional()?;
    let sales = in_use.as_deref().map(|hash| sales(c, hash)).transpose()?;
    let mut masters = Masters {
        items: tables::all(c, "id")?,
        stock: tables::all(c, "id")?,
        on_order: tables::all(c, "id")?,
        suppliers: tables::all(c, "id")?,
        supplier_items: tables::all(c, "id")?,
        receipts: tables::all(c, "id")?,
        bom: tables::all(c, "id")?,
        locations: tables::all(c, "id")?,
        vehicles: tables::all(c, "id")?,
        carriers: tables::all(c, "id")?,
        distances: tables::all(c, "id")?,
        shipments: tables::all(c, "id")?,
        events: tables::all(c, "id")?,
    };
    super::rows::tidy(&mut masters);
    let imports: Vec<Imported> = tables::all(c, "id")?;
    let mut companions: Vec<_> = imports.into_iter().filter(|i| i.sales.is_none()).map(|i| i.source).collect();
    companions.sort_by_key(|s| s.kind);
    let mut document = Document {
        name: meta(c, "name")?.ok_or_else(unfinished)?,
        sales: sales.map(Arc::new),
        masters: Arc::new(masters),
        companions,
        scenarios: scenarios(c)?,
        active: meta(c, "active")?.and_then(|a| a.parse().ok()).ok_or_else(unfinished)?,
        decisions: tables::all(c, "unique_id, order_date")?,
        overrides: tables::all(c, "unique_id, what")?,
        agreed: meta(c, "agreed")?.map(|a| serde_json::from_str(&a)).transpose()?.unwrap_or_default(),
        forecast_overrides: tables::all(c, "id")?,
        frozen: tables::all::<tables::Kept>(c, "ahead")?.into_iter().map(|k| k.0).collect(),
        moves: meta(c, "moves")?.map(|m| serde_json::from_str(&m)).transpose()?.unwrap_or_default(),
    };
    document.decisions.sort_by(|a, b| (&a.unique_id, a.order_date).cmp(&(&b.unique_id, b.order_date)));
    document.overrides.sort_by(|a, b| (&a.unique_id, a.what).cmp(&(&b.unique_id, b.what)));
    if document.scenario(document.active).is_none() {
        return Err(unfinished());
    }
    Ok((document, in_use))
}

fn unfinished() -> Fault {
    Fault::Said(damaged("the project file lacks its name or its scenario"))
}

fn meta(c: &Connection, key: &str) -> rusqlite::Result<Option<String>> {
    c.query_row("SELECT value FROM meta WHERE key = ?1", [key], |r| r.get(0)).optional()
}

fn scenarios(c: &Connection) -> Result<Vec<Scenario>, Fault> {
    let mut statement = c.prepare("SELECT id, name, parent, plan FROM scenario ORDER BY id")?;
    let mut rows = statement.query([])?;
    let mut out = Vec::new();
    while let Some(r) = rows.next()? {
        let (id, parent): (i64, Option<i64>) = (r.get(0)?, r.get(2)?);
        let plan: String = r.get(3)?;
        out.push(Scenario { id: id.unsigned_abs(), name: r.get(1)?, plan: plan_of(&plan)?, parent: parent.map(i64::unsigned_abs) });
    }
    Ok(out)
}

/// A version of the sales.
pub(super) fn sales(c: &Connection, hash: &str) -> Result<Sales, Fault> {
    let row = c
        .query_row("SELECT period, measured, transactions, recognised, notes FROM sales WHERE hash = ?1", [hash], |r| {
            Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?, r.get::<_, bool>(2)?, r.get::<_, String>(3)?, r.get::<_, String>(4)?))
        })
        .optional()?;
    let (period, measured, transactions, recognised, notes) = row.ok_or_else(absent)?;
    let period = Period::parse(&period).ok_or_else(absent)?;
    let measured = if measured == "value" { Measured::Value } else { Measured::Units };
    let mut statement = c.prepare("SELECT content FROM sales_chunk JOIN chunk ON hash = chunk WHERE sales = ?1 ORDER BY position")?;
    let chunks = statement.query_map([hash], |r| r.get::<_, Vec<u8>>(0))?.collect::<rusqlite::Result<Vec<_>>>()?;
    let expected: i64 = c.query_row("SELECT count(*) FROM sales_chunk WHERE sales = ?1", [hash], |r| r.get(0))?;
    if expected != chunks.len() as i64 {
        return Err(absent());
    }
    let history = canonical::decode(period, measured, &chunks)?;
    let imports: Vec<Imported> = tables::all(c, "id")?;
    let sources = imports.into_iter().filter(|i| i.sales.as_deref() == Some(hash)).map(|i| i.source).collect();
    Ok(Sales { sources, history, recognised: serde_json::from_str(&recognised)?, transactions, notes: serde_json::from_str(&notes)? })
}

/// The journal: all entries, and the texts of those that may soon be undone or redone.
pub(super) fn journal(c: &Connection) -> Result<Journal, Fault> {
    let mut journal = Journal::default();
    let mut statement = c.prepare("SELECT id, at, label, why, \"from\", \"to\", state FROM journal ORDER BY id")?;
    let mut rows = statement.query([])?;
    while let Some(r) = rows.next()? {
        let state: String = r.get(6)?;
        journal.entries.push(Entry {
            id: r.get::<_, i64>(0)?.unsigned_abs(),
            at: r.get::<_, Iso>(1)?.0,
            label: r.get(2)?,
            why: r.get(3)?,
            from: r.get(4)?,
            to: r.get(5)?,
            undone: state != "done",
            lost: state == "lost",
        });
    }
    let mut statement = c.prepare("SELECT DISTINCT entry FROM journal_content")?;
    let heavy = statement.query_map([], |r| r.get::<_, i64>(0))?.collect::<rusqlite::Result<BTreeSet<i64>>>()?;
    let mut statement = c.prepare(
        "SELECT id, undo, redo FROM journal
         WHERE state <> 'lost' AND octet_length(undo) <= ?2 AND octet_length(redo) <= ?2 ORDER BY id DESC LIMIT ?1",
    )?;
    let mut rows = statement.query([TEXTS, LONGEST])?;
    while let Some(r) = rows.next()? {
        let id: i64 = r.get(0)?;
        if !heavy.contains(&id) {
            journal.held.insert(id.unsigned_abs(), Held::Text(r.get(1)?, r.get(2)?));
        }
    }
    Ok(journal)
}
