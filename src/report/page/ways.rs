//! How goods travel, on a map and in trips, and what that emits.

use super::{Context, SHOWN_ROWS, measured};
use crate::base::Stamp;
use crate::base::text::{grouped, plural};
use crate::footprint::Emission;
use crate::report::html::{Block, Chart, Note, Section, TableBlock};
use crate::report::svg::{RouteMap, Stop, Trip};
use crate::report::table::{Column, Table};
use crate::report::tables;
use crate::scenario::Freight;

impl Context<'_> {
    pub(super) fn freight(&self, f: &Freight) -> Section {
        let m = &f.measures;
        let facts = vec![
            ("Dispatch".into(), f.rule.clone()),
            ("Trips".into(), measured(&m.trips, 0)),
            ("Distance".into(), format!("{} km", measured(&m.distance_km, 0))),
            ("Freight cost".into(), format!("{} {}", self.currency, measured(&m.freight_cost, 0)).trim().to_owned()),
            ("Weight carried".into(), format!("{} kg", measured(&m.weight_kg, 0))),
            ("Load factor (the tighter of kg and m³)".into(), format!("{} %", measured(&m.load_factor.scaled(100.0), 1))),
            ("Held back".into(), format!("{} days on average", measured(&m.delay_days, 1))),
            ("Stops per trip".into(), measured(&m.stops_per_trip, 1)),
        ];
        let mut blocks = vec![Block::Facts(facts)];
        if f.places.len() > 1 {
            blocks.push(Block::Chart {
                chart: Chart::Map(self.map(f)),
                caption: "The first trips of one simulated future; straight lines stand for roads.".into(),
            });
        }
        blocks.push(Block::Details {
            summary: format!("Trips of one simulated future ({})", plural(f.example.len(), "trip")),
            blocks: vec![Block::Table(TableBlock::new("", tables::trips(f)).limit(SHOWN_ROWS))],
        });
        Section {
            heading: "Shipments and trips".into(),
            intro: format!(
                "Trips of {} were really built; ± is the simulation's own error over them.",
                plural(f.built, "simulated future")
            ),
            blocks,
        }
    }

    fn map(&self, f: &Freight) -> RouteMap {
        let index = |name: &str| f.places.iter().position(|p| &*p.0 == name);
        let depots: std::collections::BTreeSet<&str> = f.example.iter().map(|t| &*t.depot).collect();
        let stops =
            f.places.iter().map(|(n, lat, lon)| Stop { name: n.to_string(), lat: *lat, lon: *lon, depot: depots.contains(&**n) }).collect();
        let trips = f
            .example
            .iter()
            .take(8)
            .map(|t| Trip {
                label: format!(
                    "{}, {}: {} km",
                    Stamp::of_day(t.day),
                    f.fleet.get(t.vehicle).map_or("vehicle", |v| &v.name),
                    grouped(t.km, 0)
                ),
                stops: std::iter::once(&*t.depot)
                    .chain(t.stops.iter().map(|s| &*s.location))
                    .chain(std::iter::once(&*t.depot))
                    .filter_map(index)
                    .collect(),
            })
            .collect();
        RouteMap { title: "Trips".into(), stops, trips }
    }

    pub(super) fn footprint(&self, f: &Freight) -> Section {
        let parts: [(&str, &Emission); 3] =
            [("Trips", &f.footprint.transport), ("Storage", &f.footprint.storage), ("Waste", &f.footprint.waste)];
        let table = Table::new(vec![
            Column::text("stage", parts.iter().map(|p| p.0)),
            Column::number("operation_kg_co2e", 1, parts.iter().map(|p| p.1.ttw_kg)).label("in operation (tank to wheel), kg CO2e"),
            Column::number("energy_kg_co2e", 1, parts.iter().map(|p| p.1.wtt_kg)).label("providing the energy (well to tank), kg CO2e"),
            Column::number("total_kg_co2e", 1, parts.iter().map(|p| p.1.wtw_kg())).label("total, kg CO2e"),
        ]);
        let factors = parts
            .iter()
            .flat_map(|(stage, e)| {
                e.factors.iter().map(move |id| Note { about: (*stage).into(), text: format!("factor {id}"), assumed: false })
            })
            .collect();
        Section {
            heading: "Footprint".into(),
            intro: "Trucks are counted by vehicle-kilometre with the load on board, the empty way back included; factors of the UK government (DESNZ 2025, Open Government Licence v3.0) and the US EPA.".into(),
            blocks: vec![Block::Table(TableBlock::new("", table)), Block::Details { summary: "Factors used".into(), blocks: vec![Block::Notes(factors)] }],
        }
    }
}
