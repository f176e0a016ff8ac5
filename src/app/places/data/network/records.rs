//! What can be typed in each of the grids: vehicles, carriers' tariffs, places, distances.

use super::super::cells::{self, typed};
use super::Record;
use crate::app::widgets::grid::GridColumn;
use crate::history::Masters;
use crate::history::model::{CarrierRow, DistanceRow, LocationRow, VehicleRow};
use crate::project::Table;
use std::sync::Arc;

fn number_text(x: Option<f64>) -> String {
    cells::plain(x).into_owned()
}

fn maybe_name(text: &str) -> Option<String> {
    cells::name(text).map(str::to_owned)
}

/// `06:30`, or hours as a number; empty is none.
fn hour(text: &str) -> Result<Option<f64>, String> {
    let Some((h, m)) = text.split_once(':') else {
        let hours = cells::number(text, 0.0, false)?;
        return if hours.is_some_and(|h| h > 24.0) { Err("a time of day is at most 24:00".into()) } else { Ok(hours) };
    };
    match (h.trim().parse::<u32>(), m.trim().parse::<u32>()) {
        (Ok(h), Ok(m)) if h <= 24 && m < 60 && h * 60 + m <= 1440 => Ok(Some(f64::from(h) + f64::from(m) / 60.0)),
        _ => Err("write times as HH:MM".into()),
    }
}

fn hour_text(x: Option<f64>) -> String {
    x.map_or_else(String::new, |h| {
        let minutes = (h * 60.0).round() as u32;
        format!("{:02}:{:02}", minutes / 60, minutes % 60)
    })
}

impl Record for VehicleRow {
    const WORDS: [&'static str; 3] = ["Vehicles grid", "vehicle", "without a cost"];
    const COLUMNS: &'static [GridColumn] = &[
        typed("Vehicle", "Its name; cleared: the vehicle goes", 130.0, false),
        typed("Payload kg", "Kilograms it carries", 84.0, true),
        typed("Load m³", "Cubic metres it carries", 74.0, true),
        typed("Pallets", "Pallets it takes", 66.0, true),
        typed("A trip", "Cost of sending it out", 66.0, true),
        typed("A km", "Cost of a kilometre", 66.0, true),
        typed("An hour", "Cost of an hour", 70.0, true),
        typed("How many", "Vehicles of this kind; empty: as many as it takes", 80.0, true),
        typed("Leaves", "When its shift begins, such as 06:30", 66.0, true),
        typed("Home by", "When it has to be home", 72.0, true),
        typed("Hours", "Longest time from leaving to coming home, hours", 60.0, true),
        typed("At the wheel", "Longest time driving, hours", 94.0, true),
        typed("Most km", "Longest distance of a shift", 74.0, true),
        typed("Emission class", "A class of the emission factor table, such as Vans Class III (1.74 to 3.5 tonnes) Diesel", 260.0, false),
    ];
    fn blank() -> Self {
        Self::default()
    }
    fn of(masters: &Masters) -> &[Self] {
        &masters.vehicles
    }
    fn table(rows: Vec<Self>) -> Table {
        Table::Vehicles(Arc::new(rows))
    }
    fn name(&self) -> &str {
        &self.vehicle
    }
    fn complete(&self) -> bool {
        !self.vehicle.is_empty()
    }
    fn lacks(&self) -> bool {
        self.cost_per_trip.is_none() && self.cost_per_km.is_none() && self.cost_per_hour.is_none()
    }
    fn text(&self, column: usize) -> String {
        match column {
            0 => self.vehicle.to_string(),
            1 => number_text(self.capacity_kg),
            2 => number_text(self.capacity_m3),
            3 => number_text(self.capacity_pallets),
            4 => number_text(self.cost_per_trip),
            5 => number_text(self.cost_per_km),
            6 => number_text(self.cost_per_hour),
            7 => number_text(self.count),
            8 => hour_text(self.shift_start),
            9 => hour_text(self.shift_end),
            10 => number_text(self.max_hours),
            11 => number_text(self.max_driving_hours),
            12 => number_text(self.max_km),
            _ => self.emission_class.clone().unwrap_or_default(),
        }
    }
    fn default_of(column: usize) -> (&'static str, &'static str) {
        match column {
            4..=6 => ("0", "no cost is given: taken as nothing"),
            7 => ("any", "as many as it takes"),
            8 => ("08:00", "no shift is given"),
            13 => ("by payload", "no class is given: that of vehicles with this payload"),
            _ => ("no limit", "not given"),
        }
    }
    fn write(&mut self, column: usize, text: &str) -> Result<(), String> {
        match column {
            0 => self.vehicle = text.trim().into(),
            1 => self.capacity_kg = cells::number(text, 0.0, true)?,
            2 => self.capacity_m3 = cells::number(text, 0.0, true)?,
            3 => self.capacity_pallets = cells::number(text, 0.0, true)?,
            4 => self.cost_per_trip = cells::number(text, 0.0, false)?,
            5 => self.cost_per_km = cells::number(text, 0.0, false)?,
            6 => self.cost_per_hour = cells::number(text, 0.0, false)?,
            7 => {
                let n = cells::number(text, 1.0, false)?;
                if n.is_some_and(|n| n.fract() != 0.0) {
                    return Err("vehicles come in whole numbers".into());
                }
                self.count = n;
            }
            8 => self.shift_start = hour(text)?,
            9 => self.shift_end = hour(text)?,
            10 => self.max_hours = cells::number(text, 0.0, true)?,
            11 => self.max_driving_hours = cells::number(text, 0.0, true)?,
            12 => self.max_km = cells::number(text, 0.0, true)?,
            _ => {
                let class = maybe_name(text);
                if let Some(class) = &class
                    && let Err(d) = crate::footprint::Factors::embedded().resolve(class)
                {
                    return Err(d.fix.map_or(d.message.clone(), |f| format!("{}: {f}", d.message)));
                }
                self.emission_class = class;
            }
        }
        Ok(())
    }
}

impl Record for CarrierRow {
    const WORDS: [&'static str; 3] = ["Carriers grid", "tariff line", "without a price"];
    const COLUMNS: &'static [GridColumn] = &[
        typed("Carrier", "Its name; cleared: the line goes", 150.0, false),
        typed("To", "A place, or the beginning of its name or postcode; empty: anywhere", 140.0, false),
        typed("Up to kg", "Chargeable kilograms up to which the line holds; empty: any", 84.0, true),
        typed("Price", "Of the shipment: all that one place gets at once", 80.0, true),
        typed("A kg", "Price of each chargeable kilogram", 80.0, true),
        typed("Least", "The least that is charged", 80.0, true),
        typed("kg a m³", "Kilograms that a cubic metre is charged as at least", 84.0, true),
        typed("Days", "From collection to delivery; empty: the same day", 64.0, true),
        typed("Emission class", "A service of the emission factor table", 240.0, false),
    ];
    fn blank() -> Self {
        Self {
            carrier: "".into(),
            to: None,
            up_to_kg: None,
            price: None,
            per_kg: None,
            minimum: None,
            kg_per_m3: None,
            days: None,
            emission_class: None,
            line: 0,
        }
    }
    fn of(masters: &Masters) -> &[Self] {
        &masters.carriers
    }
    fn table(rows: Vec<Self>) -> Table {
        Table::Carriers(numbered(rows, |r| &mut r.line))
    }
    fn name(&self) -> &str {
        &self.carrier
    }
    fn complete(&self) -> bool {
        !self.carrier.is_empty()
    }
    fn lacks(&self) -> bool {
        self.price.is_none() && self.per_kg.is_none()
    }
    fn text(&self, column: usize) -> String {
        match column {
            0 => self.carrier.to_string(),
            1 => self.to.as_deref().unwrap_or_default().to_owned(),
            2 => number_text(self.up_to_kg),
            3 => number_text(self.price),
            4 => number_text(self.per_kg),
            5 => number_text(self.minimum),
            6 => number_text(self.kg_per_m3),
            7 => number_text(self.days),
            _ => self.emission_class.clone().unwrap_or_default(),
        }
    }
    fn default_of(column: usize) -> (&'static str, &'static str) {
        match column {
            1 => ("anywhere", "no place is given"),
            2 => ("any", "no limit is given"),
            7 => ("0", "not given: delivered on the day it is collected"),
            8 => ("not known", "no class is given: emissions of a mean lorry"),
            _ => ("0", "not given"),
        }
    }
    fn write(&mut self, column: usize, text: &str) -> Result<(), String> {
        match column {
            0 => self.carrier = text.trim().into(),
            1 => self.to = cells::name(text).map(Into::into),
            2 => self.up_to_kg = cells::number(text, 0.0, true)?,
            3 => self.price = cells::number(text, 0.0, false)?,
            4 => self.per_kg = cells::number(text, 0.0, false)?,
            5 => self.minimum = cells::number(text, 0.0, false)?,
            6 => self.kg_per_m3 = cells::number(text, 0.0, true)?,
            7 => self.days = cells::number(text, 0.0, false)?,
            _ => self.emission_class = maybe_name(text),
        }
        Ok(())
    }
}

impl Record for LocationRow {
    const WORDS: [&'static str; 3] = ["Places grid", "place", "without a kind"];
    const COLUMNS: &'static [GridColumn] = &[
        typed("Place", "Its name, as sales, items or shipments write it; cleared: the place goes", 220.0, false),
        typed("Latitude", "Degrees north, WGS 84", 100.0, true),
        typed("Longitude", "Degrees east, WGS 84", 100.0, true),
        typed("Kind", "shop, warehouse, supplier, customer; hub: shipments may change there", 140.0, false),
    ];
    fn blank() -> Self {
        Self { location: "".into(), lat: f64::NAN, lon: f64::NAN, kind: None, line: 0 }
    }
    fn of(masters: &Masters) -> &[Self] {
        &masters.locations
    }
    fn table(rows: Vec<Self>) -> Table {
        Table::Locations(Arc::new(rows))
    }
    fn name(&self) -> &str {
        &self.location
    }
    fn complete(&self) -> bool {
        !self.location.is_empty() && self.lat.is_finite() && self.lon.is_finite()
    }
    fn lacks(&self) -> bool {
        self.kind.is_none()
    }
    fn text(&self, column: usize) -> String {
        match column {
            0 => self.location.to_string(),
            1 => number_text(Some(self.lat)),
            2 => number_text(Some(self.lon)),
            _ => self.kind.clone().unwrap_or_default(),
        }
    }
    fn default_of(_: usize) -> (&'static str, &'static str) {
        ("not said", "not given")
    }
    fn write(&mut self, column: usize, text: &str) -> Result<(), String> {
        let degrees = |most: f64| match crate::history::typed_number(text.trim()) {
            Some(x) if x.abs() <= most => Ok(x),
            _ => Err(format!("degrees from {} to {most} are needed", -most)),
        };
        match column {
            0 => self.location = text.trim().into(),
            1 => self.lat = degrees(90.0)?,
            2 => self.lon = degrees(180.0)?,
            _ => self.kind = maybe_name(text),
        }
        Ok(())
    }
}

impl Record for DistanceRow {
    const WORDS: [&'static str; 3] = ["Distances grid", "distance", "without a driving time"];
    const COLUMNS: &'static [GridColumn] = &[
        typed("From", "A place; cleared: the line goes", 200.0, false),
        typed("To", "A place", 200.0, false),
        typed("km", "By road; the way back is taken to be as long where it has no line of its own", 90.0, true),
        typed("Hours", "Driving time; empty: by the mean speed", 90.0, true),
    ];
    fn blank() -> Self {
        Self { from: "".into(), to: "".into(), km: f64::NAN, hours: None, line: 0 }
    }
    fn of(masters: &Masters) -> &[Self] {
        &masters.distances
    }
    fn table(rows: Vec<Self>) -> Table {
        Table::Distances(numbered(rows, |r| &mut r.line))
    }
    fn name(&self) -> &str {
        &self.from
    }
    fn complete(&self) -> bool {
        !self.from.is_empty() && !self.to.is_empty() && self.km.is_finite()
    }
    fn lacks(&self) -> bool {
        self.hours.is_none()
    }
    fn text(&self, column: usize) -> String {
        match column {
            0 => self.from.to_string(),
            1 => self.to.to_string(),
            2 => number_text(Some(self.km)),
            _ => number_text(self.hours),
        }
    }
    fn default_of(_: usize) -> (&'static str, &'static str) {
        ("by speed", "no driving time is given: by the mean speed")
    }
    fn write(&mut self, column: usize, text: &str) -> Result<(), String> {
        match column {
            0 => self.from = text.trim().into(),
            1 => self.to = text.trim().into(),
            2 => self.km = cells::number(text, 0.0, false)?.ok_or_else(|| "a distance is needed".to_owned())?,
            _ => self.hours = cells::number(text, 0.0, false)?,
        }
        Ok(())
    }
}

/// Rows of a table whose key is the line: those that were typed get the lines after the last.
fn numbered<R>(mut rows: Vec<R>, line: impl Fn(&mut R) -> &mut u64) -> Arc<Vec<R>> {
    let mut last = rows.iter_mut().map(|r| *line(r)).max().unwrap_or(0).max(1);
    for r in &mut rows {
        if *line(r) == 0 {
            last += 1;
            *line(r) = last;
        }
    }
    Arc::new(rows)
}
