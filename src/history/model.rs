//! What was sold: regular series, and the masters that describe items, stock, suppliers and the network.

use super::breaks::PriceBreaks;
use super::shipments::ShipmentRow;
use crate::base::{Calendar, Period, Stamp};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What the numbers of a series are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measured {
    /// Units sold: can be stocked and ordered.
    Units,
    /// Money: forecast, never ordered.
    Value,
}

/// Everything the reader understood of the sales files: series on one kind of calendar, sorted by `unique_id`.
#[derive(Debug, Clone, PartialEq)]
pub struct History {
    /// Step of every series' calendar.
    pub period: Period,
    /// Units or money.
    pub measured: Measured,
    /// Sorted by `unique_id`, which is unique.
    pub series: Vec<Series>,
}

/// One item at one location over a regular calendar.
#[derive(Debug, Clone)]
pub struct Series {
    /// Opaque name, unique within the history.
    pub unique_id: Arc<str>,
    /// The item (SKU); equals `unique_id` where the file names no item.
    pub item: Arc<str>,
    /// Where it is sold or stocked; `main` where the file names none.
    pub location: Arc<str>,
    /// The item's name for people, if the file gives one.
    pub description: Option<Arc<str>>,
    /// Start of the first period.
    pub start: Stamp,
    /// Demand seen per period: units (or money), returns not subtracted. NaN where nothing is known.
    pub y: Vec<f64>,
    /// Money taken per period, net; same length as `y`.
    pub revenue: Option<Vec<f64>>,
    /// Mean selling price per period, NaN where nothing sold; same length as `y`.
    pub price: Option<Vec<f64>>,
    /// Share of the period in stock, 0..=1; below 1 the sales are censored demand. Same length as `y`.
    pub in_stock: Option<Vec<f64>>,
    /// Promotion flag or depth per period; same length as `y`.
    pub promo: Option<Vec<f64>>,
    /// Units returned per period (demand met, later supply); same length as `y`.
    pub returned: Option<Vec<f64>>,
    /// Stock on hand at the end of the last period, where the sales file carried a stock level.
    pub last_stock: Option<f64>,
}

/// The same data: numbers by their bits, so that an unknown period (NaN) equals itself.
impl PartialEq for Series {
    fn eq(&self, o: &Self) -> bool {
        let same = |a: &[f64], b: &[f64]| a.len() == b.len() && a.iter().zip(b).all(|(x, y)| x.to_bits() == y.to_bits());
        let column = |a: &Option<Vec<f64>>, b: &Option<Vec<f64>>| match (a, b) {
            (Some(a), Some(b)) => same(a, b),
            (None, None) => true,
            _ => false,
        };
        self.unique_id == o.unique_id
            && self.item == o.item
            && self.location == o.location
            && self.description == o.description
            && self.start == o.start
            && same(&self.y, &o.y)
            && column(&self.revenue, &o.revenue)
            && column(&self.price, &o.price)
            && column(&self.in_stock, &o.in_stock)
            && column(&self.promo, &o.promo)
            && column(&self.returned, &o.returned)
            && self.last_stock.map(f64::to_bits) == o.last_stock.map(f64::to_bits)
    }
}

impl Series {
    /// A bare series, for tests and generated data.
    pub fn new(unique_id: &str, start: Stamp, y: Vec<f64>) -> Self {
        let id: Arc<str> = unique_id.into();
        Self {
            unique_id: id.clone(),
            item: id,
            location: "main".into(),
            description: None,
            start,
            y,
            revenue: None,
            price: None,
            in_stock: None,
            promo: None,
            returned: None,
            last_stock: None,
        }
    }
    /// Its calendar.
    pub fn calendar(&self, period: Period) -> Calendar {
        Calendar::new(period, self.start)
    }
    /// Start of the first period after the last one known.
    pub fn end(&self, period: Period) -> Stamp {
        self.calendar(period).at(self.y.len() as i64)
    }
}

/// The companion files as read: absent cells stay `None` until `scenario` fills them from stated defaults.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Masters {
    /// items.csv
    pub items: Vec<ItemRow>,
    /// stock.csv
    pub stock: Vec<StockRow>,
    /// on_order.csv
    pub on_order: Vec<OnOrderRow>,
    /// suppliers.csv
    pub suppliers: Vec<SupplierRow>,
    /// supplier_items.csv
    pub supplier_items: Vec<SupplierItemRow>,
    /// receipts.csv
    pub receipts: Vec<ReceiptRow>,
    /// bom.csv
    pub bom: Vec<BomRow>,
    /// locations.csv
    pub locations: Vec<LocationRow>,
    /// vehicles.csv
    pub vehicles: Vec<VehicleRow>,
    /// carriers.csv
    pub carriers: Vec<CarrierRow>,
    /// distances.csv
    pub distances: Vec<DistanceRow>,
    /// shipments.csv
    pub shipments: Vec<ShipmentRow>,
    /// events.csv
    pub events: Vec<EventRow>,
}

/// Which series a master row speaks of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// One series by its opaque name.
    UniqueId(Arc<str>),
    /// An item everywhere.
    Item(Arc<str>),
    /// An item at one location.
    ItemAt(Arc<str>, Arc<str>),
}

/// A lead time as a master file gives it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeadTimeCell {
    /// In periods of the plan.
    Periods(f64),
    /// In calendar days.
    Days(f64),
}

/// A row of items.csv. Money per unit, net; `minimum` and `pack_size` in units.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ItemRow {
    /// Whom it is about.
    pub scope: Scope,
    /// Name for people.
    pub description: Option<String>,
    /// Landed cost per unit.
    pub cost: Option<f64>,
    /// Selling price per unit.
    pub price: Option<f64>,
    /// Supplier's name.
    pub supplier: Option<Arc<str>>,
    /// Lead time.
    pub lead_time: Option<LeadTimeCell>,
    /// Units per pack; orders are whole packs.
    pub pack_size: Option<f64>,
    /// Smallest order, units.
    pub minimum: Option<f64>,
    /// Kilograms per unit, packaging included.
    pub weight_kg: Option<f64>,
    /// Cubic metres per unit.
    pub volume_m3: Option<f64>,
    /// Days until a unit received today has to be thrown away.
    pub shelf_life_days: Option<f64>,
    /// Holding cost per unit and period; else the scenario's default.
    pub holding: Option<f64>,
    /// Cost per unit lost or per unit and period backordered; else price − cost, else the scenario's default.
    pub shortage: Option<f64>,
    /// Category, for grouping.
    pub category: Option<Arc<str>>,
    /// The item that replaces it.
    pub successor: Option<Arc<str>>,
    /// It is not ordered any more: what is there is sold.
    #[serde(default)]
    pub discontinued: bool,
    /// What larger orders cost per unit.
    #[serde(default)]
    pub price_breaks: Option<PriceBreaks>,
    /// Kilograms of CO2e that a unit stands for when it is bought: making it and bringing it in.
    #[serde(default)]
    pub kg_co2e: Option<f64>,
    /// Line in its file.
    pub line: u64,
}

impl ItemRow {
    /// A row of which only its successor is known, by hand rather than from a file (line 0).
    pub fn about(scope: Scope, successor: Option<Arc<str>>) -> Self {
        Self {
            scope,
            description: None,
            cost: None,
            price: None,
            supplier: None,
            lead_time: None,
            pack_size: None,
            minimum: None,
            weight_kg: None,
            volume_m3: None,
            shelf_life_days: None,
            holding: None,
            shortage: None,
            category: None,
            successor,
            discontinued: false,
            price_breaks: None,
            kg_co2e: None,
            line: 0,
        }
    }
}

/// A row of stock.csv.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StockRow {
    /// Whom it is about.
    pub scope: Scope,
    /// Units in the building.
    pub on_hand: f64,
    /// Units already promised to customers.
    pub committed: f64,
    /// Units that cannot be sold (damaged, quarantined).
    pub unavailable: f64,
    /// When it was counted; `None`: at the end of the last period.
    pub as_of: Option<Stamp>,
    /// When these units have to be thrown away.
    pub expires: Option<Stamp>,
    /// Line in its file.
    pub line: u64,
}

/// A row of on_order.csv.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OnOrderRow {
    /// Whom it is about.
    pub scope: Scope,
    /// The day it is expected.
    pub arrives: Stamp,
    /// Units.
    pub quantity: f64,
    /// Line in its file.
    pub line: u64,
}

/// A row of suppliers.csv.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SupplierRow {
    /// Name.
    pub supplier: Arc<str>,
    /// Currency of its prices, if not the project's.
    pub currency: Option<String>,
    /// Days of the week on which orders are taken, Monday = 0; empty: every day.
    pub order_days: Vec<u32>,
    /// Least value of one order.
    pub minimum_value: Option<f64>,
    /// Cost of placing one order, freight not included.
    pub order_cost: Option<f64>,
    /// Kilograms that fill a container.
    pub container_kg: Option<f64>,
    /// Cubic metres that fill a container.
    pub container_m3: Option<f64>,
    /// Line in its file.
    pub line: u64,
}

/// A row of supplier_items.csv.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SupplierItemRow {
    /// Supplier's name.
    pub supplier: Arc<str>,
    /// Item.
    pub item: Arc<str>,
    /// Landed cost per unit from this supplier.
    pub cost: Option<f64>,
    /// Units per pack.
    pub units_per_pack: Option<f64>,
    /// Smallest order, units.
    pub minimum: Option<f64>,
    /// Lead time.
    pub lead_time: Option<LeadTimeCell>,
    /// 1 is asked first.
    pub rank: Option<f64>,
    /// Line in its file.
    pub line: u64,
}

/// A row of receipts.csv: one recorded delivery, from which lead times are learned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReceiptRow {
    /// Supplier's name.
    pub supplier: Option<Arc<str>>,
    /// Item, if recorded.
    pub item: Option<Arc<str>>,
    /// Location, if recorded.
    pub location: Option<Arc<str>>,
    /// When ordered.
    pub ordered: Stamp,
    /// When received.
    pub received: Stamp,
    /// Units.
    pub quantity: Option<f64>,
    /// Line in its file.
    pub line: u64,
}

/// A row of bom.csv.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BomRow {
    /// The item sold.
    pub kit: Arc<str>,
    /// An item inside it.
    pub component: Arc<str>,
    /// Units of the component in one kit.
    pub quantity: f64,
    /// Line in its file.
    pub line: u64,
}

/// A row of locations.csv: a shop, warehouse, supplier or customer with coordinates in degrees (WGS 84).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LocationRow {
    /// Name.
    pub location: Arc<str>,
    /// Latitude, −90..=90.
    pub lat: f64,
    /// Longitude, −180..=180.
    pub lon: f64,
    /// `shop`, `warehouse`, `supplier`, `customer` … as written.
    pub kind: Option<String>,
    /// Line in its file.
    pub line: u64,
}

/// A row of vehicles.csv. Money per trip, kilometre and hour.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct VehicleRow {
    /// Name.
    pub vehicle: Arc<str>,
    /// Payload in kilograms.
    pub capacity_kg: Option<f64>,
    /// Load space in cubic metres.
    pub capacity_m3: Option<f64>,
    /// Cost of sending it out.
    pub cost_per_trip: Option<f64>,
    /// Cost per kilometre.
    pub cost_per_km: Option<f64>,
    /// Cost per hour.
    pub cost_per_hour: Option<f64>,
    /// A class of the emission factor table.
    pub emission_class: Option<String>,
    /// How many there are.
    pub count: Option<f64>,
    /// Pallets it takes.
    #[serde(default)]
    pub capacity_pallets: Option<f64>,
    /// When its shift begins, hours after midnight.
    #[serde(default)]
    pub shift_start: Option<f64>,
    /// When it has to be home, hours after midnight.
    #[serde(default)]
    pub shift_end: Option<f64>,
    /// Longest time from leaving to coming home, hours.
    #[serde(default)]
    pub max_hours: Option<f64>,
    /// Longest time at the wheel, hours.
    #[serde(default)]
    pub max_driving_hours: Option<f64>,
    /// Longest distance of a shift, km.
    #[serde(default)]
    pub max_km: Option<f64>,
    /// Line in its file.
    pub line: u64,
}

/// A row of carriers.csv: one break of a hired carrier's tariff. Money per shipment (all that one place gets at once).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CarrierRow {
    /// Name.
    pub carrier: Arc<str>,
    /// Where it holds: a place, or the beginning of its name or postcode; `None`: anywhere.
    pub to: Option<Arc<str>>,
    /// Up to this many chargeable kilograms; `None`: any.
    pub up_to_kg: Option<f64>,
    /// Price of the shipment.
    pub price: Option<f64>,
    /// Price of each chargeable kilogram.
    pub per_kg: Option<f64>,
    /// The least that is charged.
    pub minimum: Option<f64>,
    /// Kilograms that a cubic metre is charged as at least.
    pub kg_per_m3: Option<f64>,
    /// Days from collection to delivery; `None`: the same day.
    pub days: Option<f64>,
    /// A service of the emission factor table.
    pub emission_class: Option<String>,
    /// Line in its file.
    pub line: u64,
}

/// A row of distances.csv: how far it is from one place to another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DistanceRow {
    /// Where from.
    pub from: Arc<str>,
    /// Where to.
    pub to: Arc<str>,
    /// Road distance, km.
    pub km: f64,
    /// Driving time, hours; `None`: by the mean speed.
    pub hours: Option<f64>,
    /// Line in its file.
    pub line: u64,
}

/// A row of events.csv: something known in advance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EventRow {
    /// Its first day.
    pub ds: Stamp,
    /// Its last day; `None`: the day of `ds`.
    #[serde(default)]
    pub to: Option<Stamp>,
    /// Its name.
    pub event: Arc<str>,
    /// One series only.
    pub unique_id: Option<Arc<str>>,
    /// One item only.
    #[serde(default)]
    pub item: Option<Arc<str>>,
    /// One location only.
    pub location: Option<Arc<str>>,
    /// The items of one category only.
    #[serde(default)]
    pub category: Option<Arc<str>>,
    /// Per cent more (below 0: less) demand expected while it lasts, for what the past does not show.
    #[serde(default)]
    pub percent: Option<f64>,
    /// Line in its file.
    pub line: u64,
}
