//! The companion files of a scenario: items, stock, suppliers, network, events.
//!
//! Reading order: this file, [`fields`] (which columns each kind has), [`goods`] and [`network`] (rows of each kind), [`places`] (stock at places that the sales call otherwise).

pub mod fields;
mod goods;
mod network;
mod places;

use super::model::Masters;
use super::options::ReadOptions;
use super::sheet::Sheet;
use super::table::{self, Table};
use crate::base::{Diagnostic, Severity};
pub use fields::fields_of;
pub(super) use fields::{names_of, sort};
pub use places::settle_places;
use std::path::PathBuf;
use std::sync::Arc;

/// Where the companion files are (`T` = path) or what is in them (`T` = name and bytes).
#[derive(Debug, Clone, Default)]
pub struct MasterFiles<T = PathBuf> {
    /// item [, location | unique_id], description, cost, price, supplier, lead_time[_days], pack_size, minimum, weight_kg, volume_m3,
    /// shelf_life_days, holding, shortage, category, successor
    pub items: Option<T>,
    /// unique_id | item [, location], on_hand [, committed, unavailable, as_of, expires]
    pub stock: Option<T>,
    /// unique_id | item [, location], arrives, quantity
    pub on_order: Option<T>,
    /// supplier, currency, order_days, minimum_value, order_cost, container_kg, container_m3
    pub suppliers: Option<T>,
    /// supplier, item, cost, units_per_pack, minimum, lead_time[_days], rank
    pub supplier_items: Option<T>,
    /// supplier, item, location, ordered, received, quantity
    pub receipts: Option<T>,
    /// kit, component, quantity
    pub bom: Option<T>,
    /// location, lat, lon, kind
    pub locations: Option<T>,
    /// vehicle, capacity_kg, capacity_m3, cost_per_trip, cost_per_km, cost_per_hour, emission_class, count, capacity_pallets, shift_start, shift_end, max_hours,
    /// max_driving_hours, max_km
    pub vehicles: Option<T>,
    /// carrier, to, up_to_kg, price, per_kg, minimum, kg_per_m3, days, emission_class
    pub carriers: Option<T>,
    /// from, to, km [, hours]; or a table that an OSRM server gave, as JSON
    pub distances: Option<T>,
    /// shipment, ready, from, to, weight_kg, volume_m3 [, pallets, due, lat, lon, window_start, window_end, service_min]
    pub shipments: Option<T>,
    /// ds, event [, unique_id | location]
    pub events: Option<T>,
}

/// Reads the companion files that are given. A bad cell is a diagnostic with file, line, column and fix; it is an error where the row
/// means nothing without it (then the result is `Err`), else a warning and the cell stays unknown.
pub fn read_masters(files: &MasterFiles) -> Result<(Masters, Vec<Diagnostic>), Vec<Diagnostic>> {
    read_masters_with(files, &ReadOptions::default())
}

/// The same with one answer for all files: the decimal mark where a file leaves it open, and whether the likelier reading is taken.
///
/// # Errors
/// As [`read_masters`].
pub fn read_masters_with(files: &MasterFiles, said: &ReadOptions) -> Result<(Masters, Vec<Diagnostic>), Vec<Diagnostic>> {
    let mut trouble = Vec::new();
    let mut load = |path: &Option<PathBuf>| {
        let loaded = path.as_deref().map(table::load)?;
        loaded.map_err(|d| trouble.push(d)).ok()
    };
    let loaded = MasterFiles {
        items: load(&files.items),
        stock: load(&files.stock),
        on_order: load(&files.on_order),
        suppliers: load(&files.suppliers),
        supplier_items: load(&files.supplier_items),
        receipts: load(&files.receipts),
        bom: load(&files.bom),
        locations: load(&files.locations),
        vehicles: load(&files.vehicles),
        carriers: load(&files.carriers),
        distances: load(&files.distances),
        shipments: load(&files.shipments),
        events: load(&files.events),
    };
    match read_masters_said(&loaded, &MasterFiles::all(said)) {
        Ok(read) if trouble.is_empty() => Ok(read),
        Ok((_, notes)) | Err(notes) => Err(trouble.into_iter().chain(notes).collect()),
    }
}

/// The same from memory.
pub fn read_masters_bytes(files: &MasterFiles<(String, Vec<u8>)>) -> Result<(Masters, Vec<Diagnostic>), Vec<Diagnostic>> {
    read_masters_said(files, &MasterFiles::default())
}

impl<T> MasterFiles<T> {
    /// The place of a kind, by its name as of [`Guess::kind`](super::Guess).
    fn slot(&mut self, kind: &str) -> Option<&mut Option<T>> {
        Some(match kind {
            "items" => &mut self.items,
            "stock" => &mut self.stock,
            "on_order" => &mut self.on_order,
            "suppliers" => &mut self.suppliers,
            "supplier_items" => &mut self.supplier_items,
            "receipts" => &mut self.receipts,
            "bom" => &mut self.bom,
            "locations" => &mut self.locations,
            "vehicles" => &mut self.vehicles,
            "carriers" => &mut self.carriers,
            "distances" => &mut self.distances,
            "shipments" => &mut self.shipments,
            "events" => &mut self.events,
            _ => return None,
        })
    }

    /// One file of this kind and no other; nothing where there is no such kind.
    pub fn only(kind: &str, file: T) -> Self {
        let mut out = Self {
            items: None,
            stock: None,
            on_order: None,
            suppliers: None,
            supplier_items: None,
            receipts: None,
            bom: None,
            locations: None,
            vehicles: None,
            carriers: None,
            distances: None,
            shipments: None,
            events: None,
        };
        if let Some(slot) = out.slot(kind) {
            *slot = Some(file);
        }
        out
    }

    /// The same for each kind.
    pub fn all(file: &T) -> Self
    where
        T: Clone,
    {
        let one = || Some(file.clone());
        Self {
            items: one(),
            stock: one(),
            on_order: one(),
            suppliers: one(),
            supplier_items: one(),
            receipts: one(),
            bom: one(),
            locations: one(),
            vehicles: one(),
            carriers: one(),
            distances: one(),
            shipments: one(),
            events: one(),
        }
    }

    /// The files that are given, with the names of their kinds; distances after the places they are read with.
    fn each(&self) -> [(&'static str, Option<&T>); 13] {
        [
            ("items", self.items.as_ref()),
            ("stock", self.stock.as_ref()),
            ("on_order", self.on_order.as_ref()),
            ("suppliers", self.suppliers.as_ref()),
            ("supplier_items", self.supplier_items.as_ref()),
            ("receipts", self.receipts.as_ref()),
            ("bom", self.bom.as_ref()),
            ("locations", self.locations.as_ref()),
            ("vehicles", self.vehicles.as_ref()),
            ("carriers", self.carriers.as_ref()),
            ("shipments", self.shipments.as_ref()),
            ("distances", self.distances.as_ref()),
            ("events", self.events.as_ref()),
        ]
    }
}

/// The same, with what people said of each file: its columns ([`ReadOptions::fields`]), the order of its dates, its decimal mark, their own profiles.
///
/// # Errors
/// As [`read_masters`].
pub fn read_masters_said(
    files: &MasterFiles<(String, Vec<u8>)>,
    said: &MasterFiles<ReadOptions>,
) -> Result<(Masters, Vec<Diagnostic>), Vec<Diagnostic>> {
    let mut notes = Vec::new();
    let mut masters = Masters::default();
    let nothing = ReadOptions::default();
    for ((kind, file), (_, said)) in files.each().into_iter().zip(said.each()) {
        let Some((name, bytes)) = file else { continue };
        let said = said.unwrap_or(&nothing);
        if kind == "distances" {
            let of_shipments = masters.shipments.iter().filter_map(|s| s.lat_lon.map(|at| (s.to.clone(), at)));
            let places: Vec<(Arc<str>, (f64, f64))> =
                masters.locations.iter().map(|l| (l.location.clone(), (l.lat, l.lon))).chain(of_shipments).collect();
            match super::distances::read_bytes(name, bytes, &places, said) {
                Ok((rows, more)) => {
                    masters.distances = rows;
                    notes.extend(more);
                }
                Err(more) => notes.extend(more),
            }
            continue;
        }
        let Some(sort) = sort(kind) else { continue };
        match Sheet::read(sort.words, name, bytes, sort.fields, said) {
            Ok(mut sheet) => {
                fill(kind, &mut sheet, &mut masters);
                notes.append(&mut sheet.notes);
            }
            Err(more) => notes.extend(more),
        }
    }
    if notes.iter().any(|d| d.severity == Severity::Error) { Err(notes) } else { Ok((masters, notes)) }
}

/// The rows of a sheet, as the table of masters that it is.
pub(super) fn fill(kind: &str, s: &mut Sheet<'_>, masters: &mut Masters) {
    match kind {
        "items" => masters.items = goods::items(s),
        "stock" => masters.stock = goods::stock(s),
        "on_order" => masters.on_order = goods::on_order(s),
        "suppliers" => masters.suppliers = goods::suppliers(s),
        "supplier_items" => masters.supplier_items = goods::supplier_items(s),
        "receipts" => masters.receipts = goods::receipts(s),
        "bom" => masters.bom = goods::bom(s),
        "locations" => masters.locations = network::locations(s),
        "vehicles" => masters.vehicles = network::vehicles(s),
        "carriers" => masters.carriers = network::carriers(s),
        "distances" => masters.distances = super::distances::rows(s),
        "shipments" => masters.shipments = super::shipments::rows(s),
        "events" => masters.events = network::events(s),
        _ => {}
    }
}

/// The sheet that a table is as a companion file of this kind.
pub(super) fn sheet_of(kind: &str, table: Table, said: &ReadOptions) -> Option<Sheet<'static>> {
    sort(kind).map(|s| Sheet::of(s.words, table, s.fields, said))
}
