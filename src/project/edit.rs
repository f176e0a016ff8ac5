//! Edits: what changes together, is one transaction of the file and one step of undo.

use super::document::{Agreed, Decision, DecisionState, Document, Overridden, Override, SaidForecast, Sales, Scenario, Source, SourceKind};
use super::rows::{self, Row};
use crate::base::{Diagnostic, Stamp};
use crate::forecast::Frozen;
use crate::history::model::{
    BomRow, CarrierRow, DistanceRow, EventRow, ItemRow, LocationRow, OnOrderRow, ReceiptRow, Scope, StockRow, SupplierItemRow, SupplierRow,
    VehicleRow,
};
use crate::history::{Fix, KnownTable, Masters, Role, ShipmentRow};
use crate::logistics::wish::Moved;
use std::sync::Arc;

/// Changes that belong together.
#[derive(Debug, Clone, PartialEq)]
pub struct Edit {
    /// What it does, in words: `set cost of Tea 100 g`.
    pub label: String,
    /// The reason given.
    pub why: Option<String>,
    /// In the order to be made.
    pub changes: Vec<Change>,
}

impl Edit {
    /// An edit of one change without a reason.
    pub fn one(label: impl Into<String>, change: Change) -> Self {
        Self { label: label.into(), why: None, changes: vec![change] }
    }
    /// With a reason; an empty one is none.
    #[must_use]
    pub fn because(mut self, why: impl Into<String>) -> Self {
        self.why = Some(why.into()).filter(|w| !w.trim().is_empty());
        self
    }
}

/// A series and the date of its order.
pub type DecisionKey = (Arc<str>, Stamp);
/// A series and which of its numbers.
pub type OverrideKey = (Arc<str>, Overridden);

/// Supplier and item, or kit and component.
pub type Pair = (Arc<str>, Arc<str>);

/// One change. Rows come as the key and what stands under it from now on; nothing there means deleted.
#[derive(Debug, Clone, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "an edit holds few changes, most of them lists; a box would only be in the way")]
pub enum Change {
    /// The project's name.
    Name(String),
    /// The sales, all of them.
    Sales(Option<Arc<Sales>>),
    /// The file that a table of masters came from.
    Companion(SourceKind, Option<Source>),
    /// A table of masters, all of it.
    MasterTable(Table),
    /// Rows of items.
    ItemRows(Vec<(Scope, Option<ItemRow>)>),
    /// Stock of a scope: all its rows.
    StockRows(Vec<(Scope, Vec<StockRow>)>),
    /// Open orders of a scope: all its rows.
    OnOrderRows(Vec<(Scope, Vec<OnOrderRow>)>),
    /// Rows of suppliers.
    SupplierRows(Vec<(Arc<str>, Option<SupplierRow>)>),
    /// Offers by supplier and item.
    SupplierItemRows(Vec<(Pair, Vec<SupplierItemRow>)>),
    /// Parts by kit and component.
    BomRows(Vec<(Pair, Vec<BomRow>)>),
    /// Places by name.
    LocationRows(Vec<(Arc<str>, Vec<LocationRow>)>),
    /// Vehicles by name.
    VehicleRows(Vec<(Arc<str>, Vec<VehicleRow>)>),
    /// A scenario, new or in place of the one with its id.
    PutScenario(Scenario),
    /// A scenario goes; not the one in use.
    RemoveScenario(u64),
    /// The scenario in use.
    Activate(u64),
    /// A decision on an order line, or none any more.
    Decide(DecisionKey, Option<Decision>),
    /// A number set by hand, or none any more.
    Override(OverrideKey, Option<Override>),
    /// A forecast changed by hand under its id, or no longer.
    Forecast(u64, Option<SaidForecast>),
    /// A forecast kept for comparison under its first period, or no longer.
    Freeze(Stamp, Option<Arc<Frozen>>),
    /// What was said of findings in the sales, all of it.
    Agree(Agreed),
    /// Stops moved to other trips, all of them.
    Moves(Vec<Moved>),
    /// Columns known ahead, or none any more.
    Known(Option<Arc<KnownTable>>),
}

/// A whole table of masters.
#[derive(Debug, Clone, PartialEq)]
pub enum Table {
    /// items.csv
    Items(Arc<Vec<ItemRow>>),
    /// stock.csv
    Stock(Arc<Vec<StockRow>>),
    /// on_order.csv
    OnOrder(Arc<Vec<OnOrderRow>>),
    /// suppliers.csv
    Suppliers(Arc<Vec<SupplierRow>>),
    /// supplier_items.csv
    SupplierItems(Arc<Vec<SupplierItemRow>>),
    /// receipts.csv
    Receipts(Arc<Vec<ReceiptRow>>),
    /// bom.csv
    Bom(Arc<Vec<BomRow>>),
    /// locations.csv
    Locations(Arc<Vec<LocationRow>>),
    /// vehicles.csv
    Vehicles(Arc<Vec<VehicleRow>>),
    /// carriers.csv
    Carriers(Arc<Vec<CarrierRow>>),
    /// distances.csv
    Distances(Arc<Vec<DistanceRow>>),
    /// shipments.csv
    Shipments(Arc<Vec<ShipmentRow>>),
    /// events.csv
    Events(Arc<Vec<EventRow>>),
}

impl Table {
    /// Which table it is.
    pub const fn kind(&self) -> SourceKind {
        match self {
            Self::Items(_) => SourceKind::Items,
            Self::Stock(_) => SourceKind::Stock,
            Self::OnOrder(_) => SourceKind::OnOrder,
            Self::Suppliers(_) => SourceKind::Suppliers,
            Self::SupplierItems(_) => SourceKind::SupplierItems,
            Self::Receipts(_) => SourceKind::Receipts,
            Self::Bom(_) => SourceKind::Bom,
            Self::Locations(_) => SourceKind::Locations,
            Self::Vehicles(_) => SourceKind::Vehicles,
            Self::Carriers(_) => SourceKind::Carriers,
            Self::Distances(_) => SourceKind::Distances,
            Self::Shipments(_) => SourceKind::Shipments,
            Self::Events(_) => SourceKind::Events,
        }
    }
    /// The table of a kind as `masters` hold it; `None` for sales and what is known ahead.
    pub fn of(masters: &Masters, kind: SourceKind) -> Option<Self> {
        Some(match kind {
            SourceKind::Sales | SourceKind::Future => return None,
            SourceKind::Items => Self::Items(Arc::new(masters.items.clone())),
            SourceKind::Stock => Self::Stock(Arc::new(masters.stock.clone())),
            SourceKind::OnOrder => Self::OnOrder(Arc::new(masters.on_order.clone())),
            SourceKind::Suppliers => Self::Suppliers(Arc::new(masters.suppliers.clone())),
            SourceKind::SupplierItems => Self::SupplierItems(Arc::new(masters.supplier_items.clone())),
            SourceKind::Receipts => Self::Receipts(Arc::new(masters.receipts.clone())),
            SourceKind::Bom => Self::Bom(Arc::new(masters.bom.clone())),
            SourceKind::Locations => Self::Locations(Arc::new(masters.locations.clone())),
            SourceKind::Vehicles => Self::Vehicles(Arc::new(masters.vehicles.clone())),
            SourceKind::Carriers => Self::Carriers(Arc::new(masters.carriers.clone())),
            SourceKind::Distances => Self::Distances(Arc::new(masters.distances.clone())),
            SourceKind::Shipments => Self::Shipments(Arc::new(masters.shipments.clone())),
            SourceKind::Events => Self::Events(Arc::new(masters.events.clone())),
        })
    }
    /// Rows in it.
    pub fn rows(&self) -> usize {
        match self {
            Self::Items(t) => t.len(),
            Self::Stock(t) => t.len(),
            Self::OnOrder(t) => t.len(),
            Self::Suppliers(t) => t.len(),
            Self::SupplierItems(t) => t.len(),
            Self::Receipts(t) => t.len(),
            Self::Bom(t) => t.len(),
            Self::Locations(t) => t.len(),
            Self::Vehicles(t) => t.len(),
            Self::Carriers(t) => t.len(),
            Self::Distances(t) => t.len(),
            Self::Shipments(t) => t.len(),
            Self::Events(t) => t.len(),
        }
    }
}

pub(super) fn apply(document: &mut Document, edit: &Edit) -> Result<Edit, Diagnostic> {
    for change in &edit.changes {
        check(change)?;
    }
    let mut undo = Vec::with_capacity(edit.changes.len());
    for change in &edit.changes {
        match one(document, change) {
            Ok(inverse) => undo.push(inverse),
            Err(refusal) => {
                for made in undo.iter().rev() {
                    // undoing what was just done finds all it needs
                    let _ = one(document, made);
                }
                return Err(refusal);
            }
        }
    }
    undo.reverse();
    Ok(Edit { label: edit.label.clone(), why: edit.why.clone(), changes: undo })
}

/// What can be said of a change without looking at the document.
fn check(change: &Change) -> Result<(), Diagnostic> {
    fn groups<R: Row>(groups: &[(R::Key, Vec<R>)], what: &str) -> Result<(), Diagnostic> {
        groups.iter().try_for_each(|(key, rows)| rows.iter().try_for_each(|r| row(key, r, what)))
    }
    fn options<R: Row>(groups: &[(R::Key, Option<R>)], what: &str) -> Result<(), Diagnostic> {
        groups.iter().try_for_each(|(key, r)| r.iter().try_for_each(|r| row(key, r, what)))
    }
    fn row<R: Row>(key: &R::Key, r: &R, what: &str) -> Result<(), Diagnostic> {
        if r.is(key) { rows::check(r, what) } else { Err(mismatch(what)) }
    }
    let finite = |x: f64, what: &str| {
        if x.is_finite() {
            Ok(())
        } else {
            Err(Diagnostic::error("number-not-finite", format!("the {what} is not a finite number")).fix("give a number"))
        }
    };
    match change {
        Change::Name(name) if name.trim().is_empty() => {
            Err(Diagnostic::error("name-empty", "a project needs a name").fix("give it a name"))
        }
        Change::MasterTable(table) => check_table(table),
        Change::ItemRows(g) => options(g, "items"),
        Change::StockRows(g) => groups(g, "stock"),
        Change::OnOrderRows(g) => groups(g, "open orders"),
        Change::SupplierRows(g) => options(g, "suppliers"),
        Change::SupplierItemRows(g) => groups(g, "suppliers' items"),
        Change::BomRows(g) => groups(g, "kits"),
        Change::LocationRows(g) => groups(g, "locations"),
        Change::VehicleRows(g) => groups(g, "vehicles"),
        Change::Companion(kind, Some(source)) if source.kind != *kind => Err(mismatch("imports")),
        Change::PutScenario(s) => toml::to_string(&s.plan).map(drop).map_err(|e| {
            Diagnostic::error("scenario-value", format!("the scenario cannot be written: {}", e.to_string().trim()))
                .fix("undo the last change of it")
        }),
        Change::Decide(key, Some(d)) if (&d.unique_id, d.order_date) != (&key.0, key.1) => Err(mismatch("decisions")),
        Change::Decide(_, Some(d)) => {
            finite(d.quantity, "quantity").and(finite(d.advised, "advised quantity")).and(finite(d.unit_cost, "cost"))
        }
        Change::Override(key, Some(o)) if (&o.unique_id, o.what) != (&key.0, key.1) => Err(mismatch("overrides")),
        Change::Override(_, Some(o)) => finite(o.value, "value set by hand"),
        Change::Forecast(id, Some(o)) if o.id != *id => Err(mismatch("forecasts changed by hand")),
        Change::Forecast(_, Some(o)) => o.said.problems().into_iter().next().map_or(Ok(()), Err),
        Change::Freeze(ahead, Some(f)) if f.ahead != *ahead => Err(mismatch("frozen forecasts")),
        Change::Agree(agreed) => agreed.fixes.iter().try_for_each(|f| match f {
            Fix::Cap { to, .. } => finite(*to, "amount instead"),
            _ => Ok(()),
        }),
        _ => Ok(()),
    }
}

fn mismatch(what: &str) -> Diagnostic {
    Diagnostic::error("edit-mismatch", format!("a row of the {what} stands under another row's key"))
        .fix("delete the old key and add the new one")
}

/// Whether every row of a table may stand in it.
pub(super) fn check_table(table: &Table) -> Result<(), Diagnostic> {
    fn all<R: Row>(rows: &[R], what: &str) -> Result<(), Diagnostic> {
        rows.iter().try_for_each(|r| rows::check(r, what))
    }
    match table {
        Table::Items(t) => all(t, "items"),
        Table::Stock(t) => all(t, "stock"),
        Table::OnOrder(t) => all(t, "open orders"),
        Table::Suppliers(t) => all(t, "suppliers"),
        Table::SupplierItems(t) => all(t, "suppliers' items"),
        Table::Receipts(t) => all(t, "receipts"),
        Table::Bom(t) => all(t, "kits"),
        Table::Locations(t) => all(t, "locations"),
        Table::Vehicles(t) => all(t, "vehicles"),
        Table::Carriers(t) => all(t, "carriers"),
        Table::Distances(t) => all(t, "distances"),
        Table::Shipments(t) => all(t, "shipments"),
        Table::Events(t) => all(t, "events"),
    }
}

/// Makes one change; returns what undoes it.
fn one(document: &mut Document, change: &Change) -> Result<Change, Diagnostic> {
    fn options<R: Row>(table: &mut Vec<R>, groups: &[(R::Key, Option<R>)]) -> Vec<(R::Key, Option<R>)> {
        let groups: Vec<(R::Key, Vec<R>)> = groups.iter().map(|(k, r)| (k.clone(), r.iter().cloned().collect())).collect();
        rows::replace(table, &groups).into_iter().map(|(k, mut r)| (k, r.pop())).collect()
    }
    Ok(match change {
        Change::Name(name) => Change::Name(std::mem::replace(&mut document.name, name.clone())),
        Change::Sales(sales) => Change::Sales(std::mem::replace(&mut document.sales, sales.clone())),
        Change::Companion(kind, source) => {
            let place = document.companions.binary_search_by_key(kind, |c| c.kind);
            Change::Companion(*kind, put(&mut document.companions, place, source.clone()))
        }
        Change::MasterTable(table) => Change::MasterTable(swap(Arc::make_mut(&mut document.masters), table)),
        Change::ItemRows(g) => Change::ItemRows(options(&mut Arc::make_mut(&mut document.masters).items, g)),
        Change::StockRows(g) => Change::StockRows(rows::replace(&mut Arc::make_mut(&mut document.masters).stock, g)),
        Change::OnOrderRows(g) => Change::OnOrderRows(rows::replace(&mut Arc::make_mut(&mut document.masters).on_order, g)),
        Change::SupplierRows(g) => Change::SupplierRows(options(&mut Arc::make_mut(&mut document.masters).suppliers, g)),
        Change::SupplierItemRows(g) => Change::SupplierItemRows(rows::replace(&mut Arc::make_mut(&mut document.masters).supplier_items, g)),
        Change::BomRows(g) => Change::BomRows(rows::replace(&mut Arc::make_mut(&mut document.masters).bom, g)),
        Change::LocationRows(g) => Change::LocationRows(rows::replace(&mut Arc::make_mut(&mut document.masters).locations, g)),
        Change::VehicleRows(g) => Change::VehicleRows(rows::replace(&mut Arc::make_mut(&mut document.masters).vehicles, g)),
        Change::PutScenario(scenario) => {
            let place = document.scenarios.binary_search_by_key(&scenario.id, |s| s.id);
            match put(&mut document.scenarios, place, Some(scenario.clone())) {
                Some(old) => Change::PutScenario(old),
                None => Change::RemoveScenario(scenario.id),
            }
        }
        Change::RemoveScenario(id) => {
            if *id == document.active {
                return Err(
                    Diagnostic::error("scenario-in-use", "the scenario in use cannot be removed").fix("switch to another one first")
                );
            }
            let place = document.scenarios.binary_search_by_key(id, |s| s.id);
            match put(&mut document.scenarios, place, None) {
                Some(old) => Change::PutScenario(old),
                None => return Err(no_scenario()),
            }
        }
        Change::Activate(id) => {
            if document.scenario(*id).is_none() {
                return Err(no_scenario());
            }
            Change::Activate(std::mem::replace(&mut document.active, *id))
        }
        Change::Decide(key, decision) => {
            let place = document.decisions.binary_search_by(|d| (&d.unique_id, d.order_date).cmp(&(&key.0, key.1)));
            Change::Decide(key.clone(), put(&mut document.decisions, place, decision.clone()))
        }
        Change::Forecast(id, value) => {
            let place = document.forecast_overrides.binary_search_by_key(id, |o| o.id);
            Change::Forecast(*id, put(&mut document.forecast_overrides, place, value.clone()))
        }
        Change::Freeze(ahead, value) => {
            let place = document.frozen.binary_search_by_key(ahead, |f| f.ahead);
            Change::Freeze(*ahead, put(&mut document.frozen, place, value.clone()))
        }
        Change::Override(key, value) => {
            let place = document.overrides.binary_search_by(|o| (&o.unique_id, o.what).cmp(&(&key.0, key.1)));
            Change::Override(key.clone(), put(&mut document.overrides, place, value.clone()))
        }
        Change::Agree(agreed) => Change::Agree(std::mem::replace(&mut document.agreed, agreed.clone())),
        Change::Moves(moves) => Change::Moves(std::mem::replace(&mut document.moves, moves.clone())),
        Change::Known(known) => Change::Known(std::mem::replace(&mut document.known, known.clone())),
    })
}

fn no_scenario() -> Diagnostic {
    Diagnostic::error("scenario-missing", "there is no such scenario").fix("choose one of the list")
}

/// Sets, inserts or removes at a place found by binary search; returns what was there.
fn put<T>(list: &mut Vec<T>, place: Result<usize, usize>, value: Option<T>) -> Option<T> {
    match (place, value) {
        (Ok(i), Some(value)) => list.get_mut(i).map(|slot| std::mem::replace(slot, value)),
        (Ok(i), None) => Some(list.remove(i)),
        (Err(i), Some(value)) => {
            list.insert(i, value);
            None
        }
        (Err(_), None) => None,
    }
}

fn swap(masters: &mut Masters, table: &Table) -> Table {
    fn with<R: Clone>(slot: &mut Vec<R>, new: &Arc<Vec<R>>, tidy: impl FnOnce(&mut Vec<R>)) -> Arc<Vec<R>> {
        let mut new = (**new).clone();
        tidy(&mut new);
        Arc::new(std::mem::replace(slot, new))
    }
    match table {
        Table::Items(t) => Table::Items(with(&mut masters.items, t, rows::tidy_items)),
        Table::Stock(t) => Table::Stock(with(&mut masters.stock, t, |t| rows::sort(t))),
        Table::OnOrder(t) => Table::OnOrder(with(&mut masters.on_order, t, |t| rows::sort(t))),
        Table::Suppliers(t) => Table::Suppliers(with(&mut masters.suppliers, t, rows::tidy_suppliers)),
        Table::SupplierItems(t) => Table::SupplierItems(with(&mut masters.supplier_items, t, |t| rows::sort(t))),
        Table::Receipts(t) => Table::Receipts(with(&mut masters.receipts, t, |t| rows::sort(t))),
        Table::Bom(t) => Table::Bom(with(&mut masters.bom, t, |t| rows::sort(t))),
        Table::Locations(t) => Table::Locations(with(&mut masters.locations, t, |t| rows::sort(t))),
        Table::Vehicles(t) => Table::Vehicles(with(&mut masters.vehicles, t, |t| rows::sort(t))),
        Table::Carriers(t) => Table::Carriers(with(&mut masters.carriers, t, |t| rows::sort(t))),
        Table::Distances(t) => Table::Distances(with(&mut masters.distances, t, |t| rows::sort(t))),
        Table::Shipments(t) => Table::Shipments(with(&mut masters.shipments, t, |t| rows::sort(t))),
        Table::Events(t) => Table::Events(with(&mut masters.events, t, |t| rows::sort(t))),
    }
}

impl Document {
    /// Fills in what an edit can only know from the document it is about to change: the numbers of new imports, and after which import a
    /// decision was made. A decision that is made again without a change keeps its place in time.
    pub fn number(&self, edit: &mut Edit) {
        let mut next = self.last_sequence();
        for change in &mut edit.changes {
            match change {
                Change::Sales(Some(sales)) if sales.sources.iter().any(|s| s.sequence == 0) || needs_cleaning(sales) => {
                    let sales = Arc::make_mut(sales);
                    for source in sales.sources.iter_mut().filter(|s| s.sequence == 0) {
                        next += 1;
                        source.sequence = next;
                    }
                    clean(sales);
                }
                Change::Companion(_, Some(source)) => {
                    if source.sequence == 0 {
                        next += 1;
                        source.sequence = next;
                    }
                    source.name = file_name(&source.name);
                }
                Change::Decide(key, Some(decision)) => {
                    let same = |d: &&Decision| {
                        (&d.unique_id, d.order_date) == (&key.0, key.1)
                            && d.state == DecisionState::Approved
                            && (d.state, d.quantity, d.arrives) == (decision.state, decision.quantity, decision.arrives)
                    };
                    decision.after_source = self.decisions.iter().find(same).map_or(next, |d| d.after_source);
                }
                _ => {}
            }
        }
    }

    /// Drops what must not be kept: folders of the machine, and examples from columns about people.
    pub(super) fn forget_private(&mut self) {
        if let Some(sales) = &mut self.sales
            && needs_cleaning(sales)
        {
            clean(Arc::make_mut(sales));
        }
        for source in &mut self.companions {
            source.name = file_name(&source.name);
        }
    }
}

fn needs_cleaning(sales: &Sales) -> bool {
    sales.sources.iter().any(|s| file_name(&s.name) != s.name)
        || sales.recognised.iter().any(|r| {
            file_name(&r.file) != r.file
                || r.columns.iter().any(|c| c.role == Role::Personal && !c.samples.is_empty() || !c.confidence.is_finite())
                || r.set_aside.iter().any(|s| !s.units.is_finite())
        })
        || sales.notes.iter().any(|n| n.file.as_deref().is_some_and(|f| file_name(f) != f))
}

fn clean(sales: &mut Sales) {
    for source in &mut sales.sources {
        source.name = file_name(&source.name);
    }
    for file in &mut sales.recognised {
        file.file = file_name(&file.file);
        for column in file.columns.iter_mut().filter(|c| c.role == Role::Personal) {
            column.samples.clear();
        }
        // the file keeps them as JSON, which has no other numbers
        for x in file.columns.iter_mut().map(|c| &mut c.confidence).chain(file.set_aside.iter_mut().map(|s| &mut s.units)) {
            *x = if x.is_finite() { *x } else { 0.0 };
        }
    }
    for note in &mut sales.notes {
        note.file = note.file.as_deref().map(file_name);
    }
}

/// The last part of a path of any system.
fn file_name(path: &str) -> String {
    path.rsplit(['/', '\\']).find(|part| !part.is_empty()).unwrap_or(path).to_owned()
}
