//! The table of emission factors.

use super::names;
use crate::base::Diagnostic;
use std::collections::BTreeMap;
use std::sync::Arc;

const EMBEDDED: &str = include_str!("../../assets/emission_factors.csv");

/// A published figure, split in operation and energy provision.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Stages {
    /// Operation (TTW).
    pub ttw: f64,
    /// Energy provision (WTT).
    pub wtt: f64,
}

/// Emissions of a class of road vehicle per kilometre, by how laden it is.
#[derive(Debug, Clone, PartialEq)]
pub struct VehicleFactor {
    /// The class as the publisher names it.
    pub class: String,
    /// (share of the payload, g CO2e per vehicle-km), ascending; a single point where only an average is published (vans).
    pub points: Vec<(f64, Stages)>,
    /// Payload in kg that the publisher's figures imply: g/km fully laden over g/t·km fully laden; none for vans.
    pub payload_kg: Option<f64>,
    /// Ids of the rows.
    pub ids: Vec<Arc<str>>,
}

impl VehicleFactor {
    /// g CO2e per vehicle-km at a share of the payload (beyond 0..=1: as at the end), linear between the published points.
    pub fn per_km(&self, share: f64) -> Stages {
        let share = if share.is_nan() { 0.0 } else { share };
        let (Some(first), Some(last)) = (self.points.first(), self.points.last()) else { return Stages::default() };
        if share <= first.0 {
            return first.1;
        }
        for pair in self.points.windows(2) {
            let ((a, low), (b, high)) = (pair[0], pair[1]);
            if share <= b {
                let w = (share - a) / (b - a);
                return Stages { ttw: low.ttw + w * (high.ttw - low.ttw), wtt: low.wtt + w * (high.wtt - low.wtt) };
            }
        }
        last.1
    }
}

/// Emissions per tonne-kilometre of a transport service with average loading.
#[derive(Debug, Clone, PartialEq)]
pub struct TonneKmFactor {
    /// `road`, `rail`, `sea`, `air`.
    pub mode: String,
    /// Name as published.
    pub name: String,
    /// g CO2e per t·km.
    pub per_tonne_km: Stages,
    /// Ids of the rows.
    pub ids: Vec<Arc<str>>,
}

/// A factor with one figure per unit: electricity per kWh, waste per tonne.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitFactor {
    /// Name as published.
    pub name: String,
    /// kg CO2e per unit.
    pub per_unit: Stages,
    /// Ids of the rows.
    pub ids: Vec<Arc<str>>,
}

/// A table of emission factors, sorted by name within each kind.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Factors {
    /// Road vehicles by vehicle-km.
    pub vehicles: Vec<VehicleFactor>,
    /// Services by t·km.
    pub tonne_km: Vec<TonneKmFactor>,
    /// Electricity, kg CO2e/kWh.
    pub electricity: Vec<UnitFactor>,
    /// End of life, kg CO2e/t.
    pub waste: Vec<UnitFactor>,
}

/// One row of the factor table as published, for lists of sources.
#[derive(Debug, Clone, PartialEq)]
pub struct Published {
    /// Id.
    pub id: String,
    /// Name as published.
    pub name: String,
    /// Unit of the value.
    pub unit: String,
    /// The figure.
    pub value: f64,
    /// TTW, WTT or nothing.
    pub stage: String,
    /// Who publishes it, and its number there.
    pub source: String,
    /// Year of publication.
    pub year: String,
}

/// The rows of the table that comes with the program.
pub fn published() -> Vec<Published> {
    let row = |line: &str| {
        let mut cells = fields(line).into_iter();
        let (id, _mode) = (cells.next()?, cells.next()?);
        let (name, unit, value) = (cells.next()?, cells.next()?, cells.next()?.trim().parse().ok()?);
        Some(Published { id, name, unit, value, stage: cells.next()?, source: cells.next()?, year: cells.next()? })
    };
    EMBEDDED.lines().skip(1).filter_map(row).collect()
}

/// A figure and the ids of its rows.
type Figure = (Stages, Vec<Arc<str>>);

struct Row {
    id: Arc<str>,
    mode: String,
    name: String,
    unit: String,
    value: f64,
    wtt: bool,
}

impl Factors {
    /// The table that comes with the program (`assets/emission_factors.csv`).
    pub fn embedded() -> Self {
        Self::parse(EMBEDDED).unwrap_or_default()
    }

    /// Reads a table with the columns `id, mode, name, unit, value, stage` (more are passed over) in the units `g CO2e/vehicle-km`,
    /// `g CO2e/tonne-km`, `kg CO2e/kWh` and `kg CO2e/tonne`. `stage` is TTW or WTT; empty counts as TTW.
    ///
    /// # Errors
    /// The first unreadable line, or a missing column.
    pub fn parse(text: &str) -> Result<Self, Diagnostic> {
        let mut lines = text.lines().enumerate();
        let header = lines.next().map(|(_, l)| fields(l.trim_start_matches('\u{feff}'))).unwrap_or_default();
        let column = |name: &str| {
            header.iter().position(|h| h.trim().eq_ignore_ascii_case(name)).ok_or_else(|| {
                Diagnostic::error("factor-column-missing", format!("the factor table has no column `{name}`"))
                    .line(1)
                    .fix("give the columns id, mode, name, unit, value, stage")
            })
        };
        let at = [column("id")?, column("mode")?, column("name")?, column("unit")?, column("value")?, column("stage")?];
        let mut rows = Vec::new();
        for (i, line) in lines.filter(|(_, l)| !l.trim().is_empty()) {
            let cells = fields(line);
            let cell = |k: usize| cells.get(at[k]).map_or("", |c| c.trim());
            let Some(value) = cell(4).parse::<f64>().ok().filter(|v| v.is_finite() && *v >= 0.0) else {
                return Err(Diagnostic::error("factor-unreadable", "the value is not a number of at least 0")
                    .line(i as u64 + 1)
                    .fix("write a plain decimal number"));
            };
            rows.push(Row {
                id: cell(0).into(),
                mode: cell(1).to_lowercase(),
                name: cell(2).into(),
                unit: cell(3).into(),
                value,
                wtt: cell(5).eq_ignore_ascii_case("WTT"),
            });
        }
        Ok(Self::assemble(&rows))
    }

    fn assemble(rows: &[Row]) -> Self {
        let mut out = Self::default();
        // (stages, ids) by (mode, name), unit by unit
        let group = |unit: &str| {
            let mut map: BTreeMap<(&str, &str), Figure> = BTreeMap::new();
            for r in rows.iter().filter(|r| r.unit == unit) {
                let (stages, ids) = map.entry((&r.mode, &r.name)).or_default();
                *(if r.wtt { &mut stages.wtt } else { &mut stages.ttw }) += r.value;
                ids.push(r.id.clone());
            }
            map
        };
        for ((mode, name), (per_tonne_km, ids)) in group("g CO2e/tonne-km") {
            out.tonne_km.push(TonneKmFactor { mode: mode.into(), name: name.into(), per_tonne_km, ids });
        }
        let mut classes: BTreeMap<String, VehicleFactor> = BTreeMap::new();
        for ((_, name), (stages, ids)) in group("g CO2e/vehicle-km") {
            let Some((class, share)) = names::laden(name) else { continue };
            let fresh = || VehicleFactor { class: class.clone(), points: Vec::new(), payload_kg: None, ids: Vec::new() };
            let vehicle = classes.entry(class.clone()).or_insert_with(fresh);
            vehicle.points.push((share.unwrap_or(0.0), stages));
            vehicle.ids.extend(ids);
            if share == Some(1.0)
                && let Some(by_tonne) = out.tonne_km.iter().find(|t| t.name == name).filter(|t| t.per_tonne_km.ttw > 0.0)
            {
                vehicle.payload_kg = Some(1000.0 * stages.ttw / by_tonne.per_tonne_km.ttw);
            }
        }
        for vehicle in classes.values_mut() {
            vehicle.points.sort_by(|a, b| a.0.total_cmp(&b.0));
        }
        out.vehicles = classes.into_values().collect();
        let plain = |unit: &str| -> Vec<UnitFactor> {
            group(unit).into_iter().map(|((_, name), (per_unit, ids))| UnitFactor { name: name.into(), per_unit, ids }).collect()
        };
        out.electricity = plain("kg CO2e/kWh");
        out.waste = plain("kg CO2e/tonne");
        out
    }

    /// A class of road vehicle by the publisher's name or what people call it (`artic >33t`, `rigid 7.5-17`, `van electric`);
    /// `None` when nothing or more than one class is meant.
    pub fn vehicle(&self, class: &str) -> Option<&VehicleFactor> {
        names::find(class, self.vehicles.iter().map(|v| v.class.as_str())).and_then(|i| self.vehicles.get(i))
    }

    /// The same, or a diagnostic that names the nearest classes.
    ///
    /// # Errors
    /// `emission-class-unknown`.
    pub fn resolve(&self, class: &str) -> Result<&VehicleFactor, Diagnostic> {
        self.vehicle(class).ok_or_else(|| {
            let near = self.nearest(class).iter().map(|c| format!("`{c}`")).collect::<Vec<_>>().join(", ");
            Diagnostic::error("emission-class-unknown", format!("emission class `{class}` is not one class of the factor table"))
                .fix(format!("did you mean {near}?"))
        })
    }

    /// The three classes whose names are most like this one.
    pub fn nearest(&self, class: &str) -> Vec<&str> {
        names::nearest(class, self.vehicles.iter().map(|v| v.class.as_str()), 3)
    }

    /// The class assumed for a vehicle of this payload that names none: the smallest ordinary diesel class that carries it.
    pub fn for_payload(&self, kg: f64) -> Option<&VehicleFactor> {
        if kg <= VAN_PAYLOAD_KG
            && let Some(van) = self.vehicle("vans average diesel")
        {
            return Some(van);
        }
        let single = |v: &&VehicleFactor| !v.class.contains("refrigerated") && !v.class.starts_with("All");
        let mut lorries: Vec<&VehicleFactor> = self.vehicles.iter().filter(single).filter(|v| v.payload_kg.is_some()).collect();
        lorries.sort_by(|a, b| a.payload_kg.unwrap_or(0.0).total_cmp(&b.payload_kg.unwrap_or(0.0)));
        let carries = lorries.iter().find(|v| v.payload_kg.is_some_and(|p| p * PAYLOAD_MARGIN >= kg));
        carries.or(lorries.last()).copied()
    }

    /// A service by t·km: a mode (`rail`, `sea`, `air`, `road`: its usual service) or a service by name; `None` when nothing or
    /// more than one is meant.
    pub fn service(&self, name: &str) -> Option<&TonneKmFactor> {
        let usual = match name.trim().to_lowercase().as_str() {
            "rail" | "train" => "Rail Freight train",
            "sea" | "ship" | "ocean" => "Cargo ship Container ship Average",
            "air" | "plane" => "Freight flights Long-haul, to/from UK With RF",
            "road" | "truck" | "lorry" => "HGV (all diesel) All HGVs Average laden",
            _ => name,
        };
        names::find(usual, self.tonne_km.iter().map(|t| t.name.as_str())).and_then(|i| self.tonne_km.get(i))
    }
}

/// Up to this payload a vehicle without a class counts as a van (3.5 t gross).
const VAN_PAYLOAD_KG: f64 = 1500.0;
/// Published payloads are averages of a class; a vehicle may carry this much more and still belong to it.
const PAYLOAD_MARGIN: f64 = 1.25;

/// The fields of a CSV line; quotes may hold commas and doubled quotes.
fn fields(line: &str) -> Vec<String> {
    let (mut out, mut field, mut quoted) = (Vec::new(), String::new(), false);
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                field.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => out.push(std::mem::take(&mut field)),
            _ => field.push(c),
        }
    }
    out.push(field);
    out
}
