//! What a shop's files tell: items, stock, suppliers, places, vehicles, events.

use super::{Cells, Iso, Stored, date, lead_time, maybe, maybe_date, real, scope, text, whole};
use crate::history::ShipmentRow;
use crate::history::breaks::PriceBreaks;
use crate::history::model::{
    BomRow, CarrierRow, DistanceRow, EventRow, ItemRow, LocationRow, OnOrderRow, ReceiptRow, StockRow, SupplierItemRow, SupplierRow,
    VehicleRow,
};
use rusqlite::types::Value;

const WEEK: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

fn order_days(days: &[u32]) -> Value {
    Value::Text(days.iter().filter_map(|d| WEEK.get(*d as usize).copied()).collect::<Vec<_>>().join(" "))
}

fn parse_days(text: &str) -> Vec<u32> {
    text.split_whitespace().filter_map(|d| WEEK.iter().position(|w| *w == d)).map(|d| d as u32).collect()
}

impl Stored for ItemRow {
    const TABLE: &'static str = "item";
    const COLUMNS: &'static [&'static str] = &[
        "unique_id",
        "item",
        "location",
        "description",
        "cost",
        "price",
        "supplier",
        "lead_time",
        "lead_time_days",
        "pack_size",
        "minimum",
        "weight_kg",
        "volume_m3",
        "shelf_life_days",
        "holding",
        "shortage",
        "category",
        "successor",
        "discontinued",
        "price_breaks",
        "kg_co2e",
        "line",
    ];
    const KEYS: usize = 3;
    fn cells(&self) -> Vec<Value> {
        let mut v = scope(&self.scope);
        v.extend([maybe(self.description.as_deref()), real(self.cost), real(self.price), maybe(self.supplier.as_deref())]);
        v.extend(lead_time(self.lead_time));
        v.extend(
            [self.pack_size, self.minimum, self.weight_kg, self.volume_m3, self.shelf_life_days, self.holding, self.shortage].map(real),
        );
        v.extend([maybe(self.category.as_deref()), maybe(self.successor.as_deref()), whole(u64::from(self.discontinued))]);
        let breaks = self.price_breaks.as_ref().map(ToString::to_string);
        v.extend([maybe(breaks.as_deref()), real(self.kg_co2e), whole(self.line)]);
        v
    }
    fn read(r: &mut Cells<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            scope: r.scope()?,
            description: r.get()?,
            cost: r.get()?,
            price: r.get()?,
            supplier: r.maybe()?,
            lead_time: r.lead_time()?,
            pack_size: r.get()?,
            minimum: r.get()?,
            weight_kg: r.get()?,
            volume_m3: r.get()?,
            shelf_life_days: r.get()?,
            holding: r.get()?,
            shortage: r.get()?,
            category: r.maybe()?,
            successor: r.maybe()?,
            discontinued: r.line()? != 0,
            price_breaks: r.maybe()?.and_then(|t| PriceBreaks::parse(&t)),
            kg_co2e: r.get()?,
            line: r.line()?,
        })
    }
}

impl Stored for StockRow {
    const TABLE: &'static str = "stock";
    const COLUMNS: &'static [&'static str] =
        &["unique_id", "item", "location", "on_hand", "committed", "unavailable", "as_of", "expires", "line"];
    const KEYS: usize = 3;
    fn cells(&self) -> Vec<Value> {
        let mut v = scope(&self.scope);
        v.extend([self.on_hand, self.committed, self.unavailable].map(Value::Real));
        v.extend([maybe_date(self.as_of), maybe_date(self.expires), whole(self.line)]);
        v
    }
    fn read(r: &mut Cells<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            scope: r.scope()?,
            on_hand: r.number()?,
            committed: r.number()?,
            unavailable: r.number()?,
            as_of: r.get::<Option<Iso>>()?.map(|t| t.0),
            expires: r.get::<Option<Iso>>()?.map(|t| t.0),
            line: r.line()?,
        })
    }
}

impl Stored for OnOrderRow {
    const TABLE: &'static str = "on_order";
    const COLUMNS: &'static [&'static str] = &["unique_id", "item", "location", "arrives", "quantity", "line"];
    const KEYS: usize = 3;
    fn cells(&self) -> Vec<Value> {
        let mut v = scope(&self.scope);
        v.extend([date(self.arrives), Value::Real(self.quantity), whole(self.line)]);
        v
    }
    fn read(r: &mut Cells<'_>) -> rusqlite::Result<Self> {
        Ok(Self { scope: r.scope()?, arrives: r.get::<Iso>()?.0, quantity: r.number()?, line: r.line()? })
    }
}

impl Stored for SupplierRow {
    const TABLE: &'static str = "supplier";
    const COLUMNS: &'static [&'static str] =
        &["supplier", "currency", "order_days", "minimum_value", "order_cost", "container_kg", "container_m3", "line"];
    const KEYS: usize = 1;
    fn cells(&self) -> Vec<Value> {
        let mut v = vec![text(&self.supplier), maybe(self.currency.as_deref()), order_days(&self.order_days)];
        v.extend([self.minimum_value, self.order_cost, self.container_kg, self.container_m3].map(real));
        v.push(whole(self.line));
        v
    }
    fn read(r: &mut Cells<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            supplier: r.name()?,
            currency: r.get()?,
            order_days: parse_days(&r.get::<String>()?),
            minimum_value: r.get()?,
            order_cost: r.get()?,
            container_kg: r.get()?,
            container_m3: r.get()?,
            line: r.line()?,
        })
    }
}

impl Stored for SupplierItemRow {
    const TABLE: &'static str = "supplier_item";
    const COLUMNS: &'static [&'static str] =
        &["supplier", "item", "cost", "units_per_pack", "minimum", "lead_time", "lead_time_days", "rank", "line"];
    const KEYS: usize = 2;
    fn cells(&self) -> Vec<Value> {
        let mut v = vec![text(&self.supplier), text(&self.item), real(self.cost), real(self.units_per_pack), real(self.minimum)];
        v.extend(lead_time(self.lead_time));
        v.extend([real(self.rank), whole(self.line)]);
        v
    }
    fn read(r: &mut Cells<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            supplier: r.name()?,
            item: r.name()?,
            cost: r.get()?,
            units_per_pack: r.get()?,
            minimum: r.get()?,
            lead_time: r.lead_time()?,
            rank: r.get()?,
            line: r.line()?,
        })
    }
}

impl Stored for ReceiptRow {
    const TABLE: &'static str = "receipt";
    const COLUMNS: &'static [&'static str] = &["supplier", "item", "location", "ordered", "received", "quantity", "line"];
    const KEYS: usize = 0;
    fn cells(&self) -> Vec<Value> {
        let [s, i, l] = [&self.supplier, &self.item, &self.location].map(|n| maybe(n.as_deref()));
        vec![s, i, l, date(self.ordered), date(self.received), real(self.quantity), whole(self.line)]
    }
    fn read(r: &mut Cells<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            supplier: r.maybe()?,
            item: r.maybe()?,
            location: r.maybe()?,
            ordered: r.get::<Iso>()?.0,
            received: r.get::<Iso>()?.0,
            quantity: r.get()?,
            line: r.line()?,
        })
    }
}

impl Stored for BomRow {
    const TABLE: &'static str = "bom";
    const COLUMNS: &'static [&'static str] = &["kit", "component", "quantity", "line"];
    const KEYS: usize = 2;
    fn cells(&self) -> Vec<Value> {
        vec![text(&self.kit), text(&self.component), Value::Real(self.quantity), whole(self.line)]
    }
    fn read(r: &mut Cells<'_>) -> rusqlite::Result<Self> {
        Ok(Self { kit: r.name()?, component: r.name()?, quantity: r.number()?, line: r.line()? })
    }
}

impl Stored for LocationRow {
    const TABLE: &'static str = "location";
    const COLUMNS: &'static [&'static str] = &["location", "lat", "lon", "kind", "line"];
    const KEYS: usize = 1;
    fn cells(&self) -> Vec<Value> {
        vec![text(&self.location), Value::Real(self.lat), Value::Real(self.lon), maybe(self.kind.as_deref()), whole(self.line)]
    }
    fn read(r: &mut Cells<'_>) -> rusqlite::Result<Self> {
        Ok(Self { location: r.name()?, lat: r.number()?, lon: r.number()?, kind: r.get()?, line: r.line()? })
    }
}

impl Stored for VehicleRow {
    const TABLE: &'static str = "vehicle";
    const COLUMNS: &'static [&'static str] = &[
        "vehicle",
        "capacity_kg",
        "capacity_m3",
        "cost_per_trip",
        "cost_per_km",
        "cost_per_hour",
        "emission_class",
        "count",
        "capacity_pallets",
        "shift_start",
        "shift_end",
        "max_hours",
        "max_driving_hours",
        "max_km",
        "line",
    ];
    const KEYS: usize = 1;
    fn cells(&self) -> Vec<Value> {
        let mut v = vec![text(&self.vehicle)];
        v.extend([self.capacity_kg, self.capacity_m3, self.cost_per_trip, self.cost_per_km, self.cost_per_hour].map(real));
        v.extend([maybe(self.emission_class.as_deref()), real(self.count)]);
        v.extend([self.capacity_pallets, self.shift_start, self.shift_end, self.max_hours, self.max_driving_hours, self.max_km].map(real));
        v.push(whole(self.line));
        v
    }
    fn read(r: &mut Cells<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            vehicle: r.name()?,
            capacity_kg: r.get()?,
            capacity_m3: r.get()?,
            cost_per_trip: r.get()?,
            cost_per_km: r.get()?,
            cost_per_hour: r.get()?,
            emission_class: r.get()?,
            count: r.get()?,
            capacity_pallets: r.get()?,
            shift_start: r.get()?,
            shift_end: r.get()?,
            max_hours: r.get()?,
            max_driving_hours: r.get()?,
            max_km: r.get()?,
            line: r.line()?,
        })
    }
}

impl Stored for CarrierRow {
    const TABLE: &'static str = "carrier";
    const COLUMNS: &'static [&'static str] =
        &["carrier", "to_place", "up_to_kg", "price", "per_kg", "minimum", "kg_per_m3", "emission_class", "line", "days"];
    const KEYS: usize = 0;
    fn cells(&self) -> Vec<Value> {
        let mut v = vec![text(&self.carrier), maybe(self.to.as_deref())];
        v.extend([self.up_to_kg, self.price, self.per_kg, self.minimum, self.kg_per_m3].map(real));
        v.extend([maybe(self.emission_class.as_deref()), whole(self.line), real(self.days)]);
        v
    }
    fn read(r: &mut Cells<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            carrier: r.name()?,
            to: r.maybe()?,
            up_to_kg: r.get()?,
            price: r.get()?,
            per_kg: r.get()?,
            minimum: r.get()?,
            kg_per_m3: r.get()?,
            emission_class: r.get()?,
            line: r.line()?,
            days: r.get()?,
        })
    }
}

impl Stored for DistanceRow {
    const TABLE: &'static str = "distance";
    const COLUMNS: &'static [&'static str] = &["from_place", "to_place", "km", "hours", "line"];
    const KEYS: usize = 0;
    fn cells(&self) -> Vec<Value> {
        vec![text(&self.from), text(&self.to), Value::Real(self.km), real(self.hours), whole(self.line)]
    }
    fn read(r: &mut Cells<'_>) -> rusqlite::Result<Self> {
        Ok(Self { from: r.name()?, to: r.name()?, km: r.number()?, hours: r.get()?, line: r.line()? })
    }
}

impl Stored for ShipmentRow {
    const TABLE: &'static str = "shipment";
    const COLUMNS: &'static [&'static str] = &[
        "shipment",
        "ready",
        "from_place",
        "to_place",
        "weight_kg",
        "volume_m3",
        "pallets",
        "due",
        "lat",
        "lon",
        "window_start",
        "window_end",
        "service_min",
        "line",
    ];
    const KEYS: usize = 0;
    fn cells(&self) -> Vec<Value> {
        let mut v = vec![text(&self.shipment), date(self.ready), text(&self.from), text(&self.to), Value::Real(self.weight_kg)];
        v.extend([self.volume_m3, self.pallets].map(real));
        v.push(self.due.map_or(Value::Null, date));
        let (at, window) = (self.lat_lon, self.window);
        v.extend([at.map(|a| a.0), at.map(|a| a.1), window.map(|w| w.0), window.map(|w| w.1), self.service_min].map(real));
        v.push(whole(self.line));
        v
    }
    fn read(r: &mut Cells<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            shipment: r.name()?,
            ready: r.get::<Iso>()?.0,
            from: r.name()?,
            to: r.name()?,
            weight_kg: r.number()?,
            volume_m3: r.get()?,
            pallets: r.get()?,
            due: r.get::<Option<Iso>>()?.map(|t| t.0),
            lat_lon: r.get::<Option<f64>>()?.zip(r.get()?),
            window: r.get::<Option<f64>>()?.zip(r.get()?),
            service_min: r.get()?,
            line: r.line()?,
        })
    }
}

impl Stored for EventRow {
    const TABLE: &'static str = "event";
    const COLUMNS: &'static [&'static str] = &["ds", "ends", "event", "unique_id", "item", "location", "category", "percent", "line"];
    const KEYS: usize = 0;
    fn cells(&self) -> Vec<Value> {
        vec![
            date(self.ds),
            maybe_date(self.to),
            text(&self.event),
            maybe(self.unique_id.as_deref()),
            maybe(self.item.as_deref()),
            maybe(self.location.as_deref()),
            maybe(self.category.as_deref()),
            real(self.percent),
            whole(self.line),
        ]
    }
    fn read(r: &mut Cells<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            ds: r.get::<Iso>()?.0,
            to: r.get::<Option<Iso>>()?.map(|d| d.0),
            event: r.name()?,
            unique_id: r.maybe()?,
            item: r.maybe()?,
            location: r.maybe()?,
            category: r.maybe()?,
            percent: r.get()?,
            line: r.line()?,
        })
    }
}
