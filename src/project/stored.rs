//! Edits as the journal keeps them: JSON, with whole tables and histories named by the hash of their content.

use super::document::{Agreed, Decision, Override, SaidForecast, Sales, Scenario, Source, SourceKind};
use super::edit::{Change, DecisionKey, Edit, OverrideKey, Pair, Table};
use super::fault::{Fault, damaged};
use super::journal::Turn;
use crate::base::{Diagnostic, Stamp};
use crate::forecast::Frozen;
use crate::history::KnownTable;
use crate::history::model::{BomRow, ItemRow, LocationRow, OnOrderRow, Scope, StockRow, SupplierItemRow, SupplierRow, VehicleRow};
use crate::logistics::wish::Moved;
use crate::scenario::Plan;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::io::Read;
use std::sync::Arc;

/// Where large contents are put and found, by hash.
pub(super) trait Contents {
    fn put_sales(&mut self, sales: &Arc<Sales>) -> Result<String, Fault>;
    fn put_table(&mut self, table: &Table) -> Result<String, Fault>;
    fn sales(&mut self, hash: &str) -> Result<Arc<Sales>, Fault>;
    fn table(&mut self, kind: SourceKind, hash: &str) -> Result<Table, Fault>;
}

#[derive(Serialize, Deserialize)]
struct Form {
    label: String,
    #[serde(default)]
    why: Option<String>,
    changes: Vec<One>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum One {
    Name(String),
    Sales(Option<String>),
    Companion(SourceKind, Option<Source>),
    MasterTable { table: SourceKind, content: String },
    ItemRows(Vec<(Scope, Option<ItemRow>)>),
    StockRows(Vec<(Scope, Vec<StockRow>)>),
    OnOrderRows(Vec<(Scope, Vec<OnOrderRow>)>),
    SupplierRows(Vec<(Arc<str>, Option<SupplierRow>)>),
    SupplierItemRows(Vec<(Pair, Vec<SupplierItemRow>)>),
    BomRows(Vec<(Pair, Vec<BomRow>)>),
    LocationRows(Vec<(Arc<str>, Vec<LocationRow>)>),
    VehicleRows(Vec<(Arc<str>, Vec<VehicleRow>)>),
    PutScenario { id: u64, name: String, parent: Option<u64>, plan: String },
    RemoveScenario(u64),
    Activate(u64),
    Decide(DecisionKey, Option<Decision>),
    Override(OverrideKey, Option<Override>),
    Forecast(u64, Option<SaidForecast>),
    Freeze(Stamp, Option<Frozen>),
    Agree(Agreed),
    Moves(Vec<Moved>),
    Known(Option<KnownTable>),
}

/// The JSON of an edit, and the hashes of the contents it needs.
pub(super) fn write(edit: &Edit, contents: &mut impl Contents) -> Result<(String, Vec<String>), Fault> {
    let mut needed = Vec::new();
    let mut changes = Vec::with_capacity(edit.changes.len());
    for change in &edit.changes {
        changes.push(match change {
            Change::Name(n) => One::Name(n.clone()),
            Change::Sales(None) => One::Sales(None),
            Change::Sales(Some(s)) => {
                let hash = contents.put_sales(s)?;
                needed.push(hash.clone());
                One::Sales(Some(hash))
            }
            Change::Companion(k, s) => One::Companion(*k, s.clone()),
            Change::MasterTable(t) => {
                let content = contents.put_table(t)?;
                needed.push(content.clone());
                One::MasterTable { table: t.kind(), content }
            }
            Change::ItemRows(g) => One::ItemRows(g.clone()),
            Change::StockRows(g) => One::StockRows(g.clone()),
            Change::OnOrderRows(g) => One::OnOrderRows(g.clone()),
            Change::SupplierRows(g) => One::SupplierRows(g.clone()),
            Change::SupplierItemRows(g) => One::SupplierItemRows(g.clone()),
            Change::BomRows(g) => One::BomRows(g.clone()),
            Change::LocationRows(g) => One::LocationRows(g.clone()),
            Change::VehicleRows(g) => One::VehicleRows(g.clone()),
            Change::PutScenario(s) => One::PutScenario { id: s.id, name: s.name.clone(), parent: s.parent, plan: plan_text(&s.plan)? },
            Change::RemoveScenario(id) => One::RemoveScenario(*id),
            Change::Activate(id) => One::Activate(*id),
            Change::Decide(k, d) => One::Decide(k.clone(), d.clone()),
            Change::Override(k, o) => One::Override(k.clone(), o.clone()),
            Change::Forecast(k, o) => One::Forecast(*k, o.clone()),
            Change::Freeze(k, f) => One::Freeze(*k, f.as_deref().cloned()),
            Change::Agree(a) => One::Agree(a.clone()),
            Change::Moves(m) => One::Moves(m.clone()),
            Change::Known(k) => One::Known(k.as_deref().cloned()),
        });
    }
    let form = Form { label: edit.label.clone(), why: edit.why.clone(), changes };
    Ok((serde_json::to_string(&form)?, needed))
}

/// The edit that [`write`] wrote.
pub(super) fn read(text: &str, contents: &mut impl Contents) -> Result<Edit, Fault> {
    let form: Form = serde_json::from_str(text)?;
    let mut changes = Vec::with_capacity(form.changes.len());
    for one in form.changes {
        changes.push(match one {
            One::Name(n) => Change::Name(n),
            One::Sales(None) => Change::Sales(None),
            One::Sales(Some(hash)) => Change::Sales(Some(contents.sales(&hash)?)),
            One::Companion(k, s) => Change::Companion(k, s),
            One::MasterTable { table, content } => Change::MasterTable(contents.table(table, &content)?),
            One::ItemRows(g) => Change::ItemRows(g),
            One::StockRows(g) => Change::StockRows(g),
            One::OnOrderRows(g) => Change::OnOrderRows(g),
            One::SupplierRows(g) => Change::SupplierRows(g),
            One::SupplierItemRows(g) => Change::SupplierItemRows(g),
            One::BomRows(g) => Change::BomRows(g),
            One::LocationRows(g) => Change::LocationRows(g),
            One::VehicleRows(g) => Change::VehicleRows(g),
            One::PutScenario { id, name, parent, plan } => Change::PutScenario(Scenario { id, name, plan: plan_of(&plan)?, parent }),
            One::RemoveScenario(id) => Change::RemoveScenario(id),
            One::Activate(id) => Change::Activate(id),
            One::Decide(k, d) => Change::Decide(k, d),
            One::Override(k, o) => Change::Override(k, o),
            One::Forecast(k, o) => Change::Forecast(k, o),
            One::Freeze(k, f) => Change::Freeze(k, f.map(Arc::new)),
            One::Agree(a) => Change::Agree(a),
            One::Moves(m) => Change::Moves(m),
            One::Known(k) => Change::Known(k.map(Arc::new)),
        });
    }
    Ok(Edit { label: form.label, why: form.why, changes })
}

/// Both directions of an edit that needs no contents.
pub(super) fn light(undo: &str, redo: &str) -> Result<Turn, Fault> {
    Ok(Turn { undo: Arc::new(read(undo, &mut Nothing)?), redo: Arc::new(read(redo, &mut Nothing)?) })
}

struct Nothing;

impl Contents for Nothing {
    fn put_sales(&mut self, _: &Arc<Sales>) -> Result<String, Fault> {
        Err(absent())
    }
    fn put_table(&mut self, _: &Table) -> Result<String, Fault> {
        Err(absent())
    }
    fn sales(&mut self, _: &str) -> Result<Arc<Sales>, Fault> {
        Err(absent())
    }
    fn table(&mut self, _: SourceKind, _: &str) -> Result<Table, Fault> {
        Err(absent())
    }
}

/// A content that should be there is not.
pub(super) fn absent() -> Fault {
    Fault::Said(damaged("a stored import is missing"))
}

/// A plan as the text of a scenario file.
pub(super) fn plan_text(plan: &Plan) -> Result<String, Diagnostic> {
    toml::to_string(plan)
        .map_err(|_| Diagnostic::error("scenario-value", "the scenario cannot be written").fix("undo the last change of it"))
}

/// The plan that [`plan_text`] wrote. Values are not checked: the engine says what cannot be run.
pub(super) fn plan_of(text: &str) -> Result<Plan, Diagnostic> {
    toml::from_str(text).map_err(|e| damaged(&format!("a stored scenario cannot be read: {}", e.message())))
}

/// A table as compressed JSON.
pub(super) fn pack(table: &Table) -> Result<Vec<u8>, Fault> {
    fn rows<R: Serialize>(rows: &[R]) -> Result<Vec<u8>, Fault> {
        let mut out = GzEncoder::new(Vec::new(), Compression::fast());
        serde_json::to_writer(&mut out, rows)?;
        out.finish().map_err(|_| absent())
    }
    match table {
        Table::Items(t) => rows(t),
        Table::Stock(t) => rows(t),
        Table::OnOrder(t) => rows(t),
        Table::Suppliers(t) => rows(t),
        Table::SupplierItems(t) => rows(t),
        Table::Receipts(t) => rows(t),
        Table::Bom(t) => rows(t),
        Table::Locations(t) => rows(t),
        Table::Vehicles(t) => rows(t),
        Table::Carriers(t) => rows(t),
        Table::Distances(t) => rows(t),
        Table::Shipments(t) => rows(t),
        Table::Events(t) => rows(t),
    }
}

/// The table that [`pack`] packed.
pub(super) fn unpack(kind: SourceKind, bytes: &[u8]) -> Result<Table, Fault> {
    fn rows<R: DeserializeOwned>(text: &[u8]) -> Result<Arc<Vec<R>>, Fault> {
        Ok(Arc::new(serde_json::from_slice(text)?))
    }
    let mut text = Vec::new();
    GzDecoder::new(bytes).read_to_end(&mut text).map_err(|_| absent())?;
    Ok(match kind {
        SourceKind::Sales | SourceKind::Future => return Err(absent()),
        SourceKind::Items => Table::Items(rows(&text)?),
        SourceKind::Stock => Table::Stock(rows(&text)?),
        SourceKind::OnOrder => Table::OnOrder(rows(&text)?),
        SourceKind::Suppliers => Table::Suppliers(rows(&text)?),
        SourceKind::SupplierItems => Table::SupplierItems(rows(&text)?),
        SourceKind::Receipts => Table::Receipts(rows(&text)?),
        SourceKind::Bom => Table::Bom(rows(&text)?),
        SourceKind::Locations => Table::Locations(rows(&text)?),
        SourceKind::Vehicles => Table::Vehicles(rows(&text)?),
        SourceKind::Carriers => Table::Carriers(rows(&text)?),
        SourceKind::Distances => Table::Distances(rows(&text)?),
        SourceKind::Shipments => Table::Shipments(rows(&text)?),
        SourceKind::Events => Table::Events(rows(&text)?),
    })
}
