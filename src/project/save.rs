//! From edits to the file, inside a transaction.

use super::document::{Document, Sales, Scenario, SourceKind};
use super::edit::{Change, Edit, Table};
use super::fault::Fault;
use super::journal::{Entry, Turn};
use super::load;
use super::stored::{self, Contents, plan_text};
use super::tables::{self, Imported, Iso, Stored, clear, delete, insert, scope, text};
use crate::history::ShipmentRow;
use crate::history::canonical;
use crate::history::model::{
    BomRow, CarrierRow, DistanceRow, EventRow, ItemRow, LocationRow, OnOrderRow, ReceiptRow, StockRow, SupplierItemRow, SupplierRow,
    VehicleRow,
};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params};
use std::sync::{Arc, Weak};

/// Writes documents and edits. Remembers the hashes of histories, which take long to compute.
#[derive(Debug, Default)]
pub(super) struct Saver {
    known: Vec<(Weak<Sales>, String)>,
}

impl Saver {
    /// The sales of this value have this hash.
    pub fn knows(&mut self, sales: &Arc<Sales>, hash: String) {
        self.known.retain(|(s, _)| s.strong_count() > 0);
        self.known.push((Arc::downgrade(sales), hash));
    }

    /// A whole document, into an empty file.
    pub fn document(&mut self, c: &Connection, d: &Document, created: Iso) -> Result<(), Fault> {
        let kinds = SourceKind::ALL.into_iter().filter_map(|k| Table::of(&d.masters, k)).map(Change::MasterTable);
        let mut changes = vec![Change::Name(d.name.clone()), Change::Sales(d.sales.clone()), Change::Activate(d.active)];
        changes.extend(kinds);
        changes.extend(d.companions.iter().map(|s| Change::Companion(s.kind, Some(s.clone()))));
        changes.extend(d.scenarios.iter().cloned().map(Change::PutScenario));
        changes.extend(d.decisions.iter().map(|x| Change::Decide((x.unique_id.clone(), x.order_date), Some(x.clone()))));
        changes.extend(d.overrides.iter().map(|o| Change::Override(o.key(), Some(o.clone()))));
        changes.extend(d.forecast_overrides.iter().map(|o| Change::Forecast(o.id, Some(o.clone()))));
        changes.extend(d.frozen.iter().map(|f| Change::Freeze(f.ahead, Some(f.clone()))));
        if d.agreed != super::Agreed::default() {
            changes.push(Change::Agree(d.agreed.clone()));
        }
        if !d.moves.is_empty() {
            changes.push(Change::Moves(d.moves.clone()));
        }
        self.changes(c, &changes)?;
        set_meta(c, "created", &created.0.iso())?;
        Ok(set_meta(c, "program", env!("CARGO_PKG_VERSION"))?)
    }

    /// A new edit with its journal entry. What was undone before it cannot be redone any more, and contents that only served that go.
    pub fn edit(&mut self, c: &Connection, entry: &Entry, turn: &Turn) -> Result<(), Fault> {
        let lost = c.execute("UPDATE journal SET state = 'lost' WHERE state = 'undone'", [])?;
        let (undo, mut needed) = stored::write(&turn.undo, &mut Shelf { c, saver: self })?;
        let (redo, more) = stored::write(&turn.redo, &mut Shelf { c, saver: self })?;
        needed.extend(more);
        self.changes(c, &turn.redo.changes)?;
        c.execute(
            "INSERT INTO journal (id, at, label, why, \"from\", \"to\", state, undo, redo) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'done', ?7, ?8)",
            params![entry.id as i64, Iso(entry.at), entry.label, entry.why, entry.from, entry.to, undo, redo],
        )?;
        for hash in needed {
            c.execute("INSERT OR IGNORE INTO journal_content (entry, hash) VALUES (?1, ?2)", params![entry.id as i64, hash])?;
        }
        if lost > 0 {
            c.execute_batch(
                "DELETE FROM journal_content WHERE entry IN (SELECT id FROM journal WHERE state = 'lost');
                 DELETE FROM sales WHERE in_use = 0 AND hash NOT IN (SELECT hash FROM journal_content);
                 DELETE FROM chunk WHERE hash NOT IN (SELECT chunk FROM sales_chunk) AND hash NOT IN (SELECT hash FROM journal_content);",
            )?;
        }
        Ok(())
    }

    /// An edit undone or made again.
    pub fn turn(&mut self, c: &Connection, id: u64, undone: bool, edit: &Edit) -> Result<(), Fault> {
        self.changes(c, &edit.changes)?;
        c.execute("UPDATE journal SET state = ?2 WHERE id = ?1", params![id as i64, if undone { "undone" } else { "done" }])?;
        Ok(())
    }

    /// Both directions of an entry.
    pub fn read(&mut self, c: &Connection, id: u64) -> Result<Turn, Fault> {
        let row = c
            .query_row("SELECT undo, redo FROM journal WHERE id = ?1", [id as i64], |r| {
                Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?))
            })
            .optional()?;
        let (undo, redo) = row.ok_or_else(stored::absent)?;
        let undo = stored::read(&undo, &mut Shelf { c, saver: self })?;
        let redo = stored::read(&redo, &mut Shelf { c, saver: self })?;
        Ok(Turn { undo: Arc::new(undo), redo: Arc::new(redo) })
    }

    fn changes(&mut self, c: &Connection, changes: &[Change]) -> Result<(), Fault> {
        changes.iter().try_for_each(|change| self.change(c, change))
    }

    fn change(&mut self, c: &Connection, change: &Change) -> Result<(), Fault> {
        match change {
            Change::Name(name) => set_meta(c, "name", name)?,
            Change::Sales(sales) => {
                let hash = sales.as_ref().map(|s| self.sales(c, s)).transpose()?;
                c.execute("UPDATE sales SET in_use = 0 WHERE in_use = 1", [])?;
                c.execute("UPDATE sales SET in_use = 1 WHERE hash = ?1", [hash])?;
            }
            Change::Companion(kind, source) => {
                delete::<Imported>(c, vec![Value::Null, text(kind.name())])?;
                insert(c, &source.clone().map(|source| Imported { sales: None, source }))?;
            }
            Change::MasterTable(table) => whole(c, table)?,
            Change::ItemRows(g) => rows(c, g, scope)?,
            Change::StockRows(g) => rows(c, g, scope)?,
            Change::OnOrderRows(g) => rows(c, g, scope)?,
            Change::SupplierRows(g) => rows(c, g, |k| vec![text(k)])?,
            Change::SupplierItemRows(g) => rows(c, g, |(a, b)| vec![text(a), text(b)])?,
            Change::BomRows(g) => rows(c, g, |(a, b)| vec![text(a), text(b)])?,
            Change::LocationRows(g) => rows(c, g, |k| vec![text(k)])?,
            Change::VehicleRows(g) => rows(c, g, |k| vec![text(k)])?,
            Change::PutScenario(Scenario { id, name, plan, parent }) => {
                c.execute(
                    "INSERT OR REPLACE INTO scenario (id, name, parent, plan) VALUES (?1, ?2, ?3, ?4)",
                    params![*id as i64, name, parent.map(|p| p as i64), plan_text(plan)?],
                )?;
            }
            Change::RemoveScenario(id) => {
                c.execute("DELETE FROM scenario WHERE id = ?1", [*id as i64])?;
            }
            Change::Activate(id) => set_meta(c, "active", &id.to_string())?,
            Change::Decide(key, decision) => {
                rows(c, &[(key, decision.clone())], |(id, day)| vec![text(id), tables::date(*day)])?;
            }
            Change::Forecast(id, value) => rows(c, &[(*id, value.clone())], |id| vec![tables::whole(*id)])?,
            Change::Freeze(ahead, value) => rows(c, &[(*ahead, value.clone().map(tables::Kept))], |ahead| vec![tables::date(*ahead)])?,
            Change::Agree(agreed) => set_meta(c, "agreed", &serde_json::to_string(agreed)?)?,
            Change::Moves(moves) => set_meta(c, "moves", &serde_json::to_string(moves)?)?,
            Change::Override(key, value) => rows(c, &[(key, value.clone())], |(id, what)| vec![text(id), text(what.name())])?,
        }
        Ok(())
    }

    /// Stores a version of the sales unless it is there; returns its hash.
    fn sales(&mut self, c: &Connection, sales: &Arc<Sales>) -> Result<String, Fault> {
        let there = |hash: &str| c.query_row("SELECT 1 FROM sales WHERE hash = ?1", [hash], |_| Ok(())).optional();
        if let Some((_, hash)) = self.known.iter().find(|(s, _)| std::ptr::eq(s.as_ptr(), Arc::as_ptr(sales)))
            && there(hash)?.is_some()
        {
            return Ok(hash.clone());
        }
        let chunks = canonical::encode(&sales.history)?;
        let names: Vec<&str> = chunks.iter().map(|c| c.hash.as_str()).collect();
        let history = &sales.history;
        let (recognised, notes) = (serde_json::to_string(&sales.recognised)?, serde_json::to_string(&sales.notes)?);
        let said = (history.period, history.measured, sales.transactions, &recognised, &notes, &sales.sources, &names);
        let hash = canonical::hash(serde_json::to_string(&said)?.as_bytes());
        if there(&hash)?.is_none() {
            let measured = match history.measured {
                crate::history::Measured::Units => "units",
                crate::history::Measured::Value => "value",
            };
            c.execute(
                "INSERT INTO sales (hash, in_use, period, measured, transactions, recognised, notes) VALUES (?1, 0, ?2, ?3, ?4, ?5, ?6)",
                params![hash, history.period.name(), measured, sales.transactions, recognised, notes],
            )?;
            for (i, chunk) in chunks.iter().enumerate() {
                put_content(c, &chunk.hash, "parquet", &chunk.bytes)?;
                c.execute("INSERT INTO sales_chunk (sales, position, chunk) VALUES (?1, ?2, ?3)", params![hash, i as i64, chunk.hash])?;
            }
            let of = |source: &super::Source| Imported { sales: Some(hash.as_str().into()), source: source.clone() };
            insert(c, &sales.sources.iter().map(of).collect::<Vec<_>>())?;
        }
        self.knows(sales, hash.clone());
        Ok(hash)
    }
}

fn set_meta(c: &Connection, key: &str, value: &str) -> rusqlite::Result<()> {
    c.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?1, ?2)", [key, value]).map(drop)
}

fn put_content(c: &Connection, hash: &str, kind: &str, bytes: &[u8]) -> rusqlite::Result<()> {
    c.execute("INSERT OR IGNORE INTO chunk (hash, kind, content) VALUES (?1, ?2, ?3)", params![hash, kind, bytes]).map(drop)
}

/// Replaces the rows of some keys.
fn rows<'a, K: 'a, R: Stored + 'a, G>(c: &Connection, groups: &'a [(K, G)], key: impl Fn(&K) -> Vec<Value>) -> rusqlite::Result<()>
where
    &'a G: IntoIterator<Item = &'a R>,
{
    for (k, group) in groups {
        delete::<R>(c, key(k))?;
        insert(c, group)?;
    }
    Ok(())
}

/// Replaces a table.
fn whole(c: &Connection, table: &Table) -> rusqlite::Result<()> {
    fn all<R: Stored>(c: &Connection, rows: &[R]) -> rusqlite::Result<()> {
        clear::<R>(c)?;
        insert(c, rows)
    }
    match table {
        Table::Items(t) => all::<ItemRow>(c, t),
        Table::Stock(t) => all::<StockRow>(c, t),
        Table::OnOrder(t) => all::<OnOrderRow>(c, t),
        Table::Suppliers(t) => all::<SupplierRow>(c, t),
        Table::SupplierItems(t) => all::<SupplierItemRow>(c, t),
        Table::Receipts(t) => all::<ReceiptRow>(c, t),
        Table::Bom(t) => all::<BomRow>(c, t),
        Table::Locations(t) => all::<LocationRow>(c, t),
        Table::Vehicles(t) => all::<VehicleRow>(c, t),
        Table::Carriers(t) => all::<CarrierRow>(c, t),
        Table::Distances(t) => all::<DistanceRow>(c, t),
        Table::Shipments(t) => all::<ShipmentRow>(c, t),
        Table::Events(t) => all::<EventRow>(c, t),
    }
}

/// The file as the place of large contents.
struct Shelf<'a> {
    c: &'a Connection,
    saver: &'a mut Saver,
}

impl Contents for Shelf<'_> {
    fn put_sales(&mut self, sales: &Arc<Sales>) -> Result<String, Fault> {
        self.saver.sales(self.c, sales)
    }
    fn put_table(&mut self, table: &Table) -> Result<String, Fault> {
        let bytes = stored::pack(table)?;
        let hash = canonical::hash(&bytes);
        put_content(self.c, &hash, "json.gz", &bytes)?;
        Ok(hash)
    }
    fn sales(&mut self, hash: &str) -> Result<Arc<Sales>, Fault> {
        if let Some(known) = self.saver.known.iter().filter(|(_, h)| h == hash).find_map(|(s, _)| s.upgrade()) {
            return Ok(known);
        }
        let sales = Arc::new(load::sales(self.c, hash)?);
        self.saver.knows(&sales, hash.to_owned());
        Ok(sales)
    }
    fn table(&mut self, kind: SourceKind, hash: &str) -> Result<Table, Fault> {
        let bytes: Option<Vec<u8>> = self.c.query_row("SELECT content FROM chunk WHERE hash = ?1", [hash], |r| r.get(0)).optional()?;
        stored::unpack(kind, &bytes.ok_or_else(stored::absent)?)
    }
}
