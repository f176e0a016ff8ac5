//! `stockcast routes`: trips from shipments, or for a VRPLIB or Solomon instance.

use super::output::{Printer, TABLES, is_stdout, writable};
use super::{Done, args};
use crate::base::text::{grouped, plural};
use crate::base::{Cancelled, Diagnostic, NoControl, Stamp};
use crate::footprint::{Emission, Factors, ROAD_DISTANCE_ADJUSTMENT, transport};
use crate::history::{MasterFiles, ShipmentRow, read_masters, read_shipments};
use crate::logistics::consolidate::{Round, Rule, consolidate};
use crate::logistics::network::{Network, NetworkAssumptions};
use crate::logistics::router::{self, Options};
use crate::logistics::shipment::Shipment;
use crate::logistics::trips::{self, PlanOptions, TripPlan};
use crate::logistics::vehicle::Vehicle;
use crate::logistics::vrplib;
use crate::logistics::windows::{Appointment, Clock, plan_with_windows};
use crate::report::{Column, Table, write_text};
use serde_json::json;
use std::path::Path;
use std::time::Instant;

/// Router iterations for each stop where neither seconds nor iterations are asked for.
const ITERATIONS_PER_STOP: u64 = 2000;

pub fn run(a: &args::Routes, out: &Printer) -> Done {
    if a.seconds.is_some_and(|s| !(s > 0.0 && s <= 86_400.0)) {
        return Err(vec![Diagnostic::error("seconds-unusable", "--seconds must be above 0 and at most a day").fix("use --seconds 10")]);
    }
    let extension = a.file.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    match extension.as_str() {
        "vrp" | "txt" => {
            writable(Some(&a.out), &["sol"])?;
            instance(a, out)
        }
        _ => {
            let mut formats = TABLES.to_vec();
            formats.push("geojson");
            writable(Some(&a.out), &formats)?;
            shipments(a, out)
        }
    }
}

fn unreadable(e: &std::io::Error) -> String {
    if e.kind() == std::io::ErrorKind::NotFound { "there is no such file".to_owned() } else { format!("it cannot be read: {e}") }
}

fn instance(a: &args::Routes, out: &Printer) -> Done {
    let name = a.file.display().to_string();
    let bytes = std::fs::read(&a.file)
        .map_err(|e| vec![Diagnostic::error("file-unreadable", unreadable(&e)).file(&name).fix("check the path and the permissions")])?;
    let text = String::from_utf8(bytes).map_err(|_| {
        vec![Diagnostic::error("instance-not-text", "it is not a text file").file(&name).fix("give a VRPLIB .vrp or a Solomon .txt file")]
    })?;
    let in_file = |d: Diagnostic| vec![Diagnostic { file: Some(name.clone()), ..d }];
    let began = Instant::now();
    let seconds = a.seconds.unwrap_or(0.0);
    let spent = move || began.elapsed().as_secs_f64() / seconds;
    let options = |stops: usize| match (a.seconds, a.iterations) {
        (Some(_), _) => Options::budget(a.seed, &spent),
        (None, n) => Options::iterations(a.seed, n.unwrap_or(ITERATIONS_PER_STOP * stops as u64)),
    };
    let found = if vrplib::is_solomon(&text) {
        with_windows(&vrplib::parse_solomon(&text).map_err(in_file)?, &options)?
    } else {
        plain(&vrplib::parse(&text).map_err(in_file)?, &options)?
    };
    answer(a, out, &found)
}

/// What an instance's `.sol` file says, and the reasons for what it leaves out.
struct Found {
    name: String,
    routes: Vec<Vec<usize>>,
    cost: f64,
    unserved: Vec<(usize, &'static str)>,
    iterations: u64,
}

fn valid(fault: Option<String>) -> Done {
    fault.map_or(Ok(()), |fault| {
        Err(vec![
            Diagnostic::error("trips-invalid", format!("the trips found break a rule: {fault}"))
                .fix("this is a defect of Stockcast: please report it with the instance"),
        ])
    })
}

fn plain<'a>(problem: &vrplib::Problem, options: &dyn Fn(usize) -> Options<'a>) -> Result<Found, Vec<Diagnostic>> {
    let stops = problem.instance.nodes().saturating_sub(1);
    let solution = router::solve(&problem.instance, &options(stops));
    valid(router::check(&problem.instance, &solution).first().map(ToString::to_string))?;
    Ok(Found {
        name: problem.name.clone(),
        unserved: solution.unserved.iter().map(|(stop, why)| (*stop, why.reason())).collect(),
        routes: solution.routes,
        cost: solution.cost,
        iterations: solution.iterations,
    })
}

/// Customers are numbered from 1, as their file does; the cost is in the file's units.
fn with_windows<'a>(problem: &vrplib::Windowed, options: &dyn Fn(usize) -> Options<'a>) -> Result<Found, Vec<Diagnostic>> {
    let roster = router::solve_model(&problem.model, &options(problem.model.stops().len()));
    valid(router::audit(&problem.model, &roster).first().map(ToString::to_string))?;
    Ok(Found {
        name: problem.name.clone(),
        routes: roster.shifts.iter().flat_map(|s| &s.trips).map(|t| t.iter().map(|s| s + 1).collect()).collect(),
        cost: roster.cost / vrplib::TENTHS,
        unserved: roster.unserved.iter().map(|(stop, why)| (stop + 1, why.reason())).collect(),
        iterations: roster.iterations,
    })
}

fn answer(a: &args::Routes, out: &Printer, solution: &Found) -> Done {
    let text = vrplib::write_solution(&solution.routes, solution.cost);
    if is_stdout(&a.out) {
        if !out.json {
            out.raw(&text);
        }
    } else {
        write_text(&a.out, &text).map_err(|d| vec![d])?;
    }
    let unserved: Vec<_> = solution.unserved.iter().map(|(stop, why)| json!({ "stop": stop, "reason": why })).collect();
    if out.json {
        out.json_value(&json!({ "instance": solution.name, "cost": solution.cost, "routes": solution.routes, "unserved": unserved, "iterations": solution.iterations, "seed": a.seed }));
    } else {
        let decimals = if solution.cost.fract() == 0.0 { 0 } else { 1 };
        out.note(&format!(
            "{}: cost {}, {}, {} iterations",
            solution.name,
            grouped(solution.cost, decimals),
            plural(solution.routes.len(), "trip"),
            grouped(solution.iterations as f64, 0)
        ));
        for (stop, why) in &solution.unserved {
            out.note(&format!("stop {stop} is not served: {why}"));
        }
    }
    Ok(())
}

/// A shipments file and what its trips need: its rows, where things are, the vehicles, and what is to be said of them.
pub(super) type Record = (Vec<ShipmentRow>, Network, Vec<Vehicle>, Vec<Diagnostic>);

/// Reads a shipments file, with its vehicles and locations where they are given.
pub(super) fn record(file: &Path, vehicles: Option<&Path>, locations: Option<&Path>) -> Result<Record, Vec<Diagnostic>> {
    let (rows, mut notes) = read_shipments(file)?;
    let files =
        MasterFiles { vehicles: vehicles.map(Path::to_path_buf), locations: locations.map(Path::to_path_buf), ..MasterFiles::default() };
    let (masters, more) = read_masters(&files)?;
    notes.extend(more);
    let (mut network, found) = Network::new(&masters.locations, NetworkAssumptions::default());
    notes.extend(found);
    for r in &rows {
        if let Some((lat, lon)) = r.lat_lon {
            network.locate(&r.to, lat, lon);
        }
    }
    let (fleet, assumed) = Vehicle::fleet(&masters.vehicles);
    notes.extend(assumed);
    Ok((rows, network, fleet, notes))
}

fn shipments(a: &args::Routes, out: &Printer) -> Done {
    let (rows, network, fleet, mut notes) = record(&a.file, a.vehicles.as_deref(), a.locations.as_deref())?;
    let shipments: Vec<Shipment> = rows.iter().map(shipment).collect();
    let (Some(first), Some(last)) = (shipments.iter().map(|s| s.ready).min(), shipments.iter().map(|s| s.ready).max()) else {
        return Err(vec![
            Diagnostic::error("no-shipments", "the file holds no shipments")
                .file(a.file.display().to_string())
                .fix("give shipment, ready, from, to, weight_kg, volume_m3"),
        ]);
    };
    let vehicle = fleet.first().cloned().unwrap_or_default();
    let dispatches = consolidate(&shipments, &Rule::Every(1.0), Round::Delivery, &vehicle, first, last);
    let began = Instant::now();
    let seconds = a.seconds.unwrap_or(0.0);
    let spent = move || began.elapsed().as_secs_f64() / seconds;
    let options = PlanOptions {
        seed: a.seed,
        iterations_per_stop: a.iterations.map_or(ITERATIONS_PER_STOP, |n| (n / shipments.len().max(1) as u64).max(1)),
        spent: a.seconds.map(|_| &spent as &(dyn Fn() -> f64 + Sync)),
        ..PlanOptions::default()
    };
    let cancelled = |e: Cancelled| vec![Diagnostic::error("cancelled", e.to_string())];
    let appointments: Vec<Appointment> = rows.iter().map(appointment).collect();
    let (plan, clock) = if appointments.iter().any(|a| *a != Appointment::default()) {
        let timed = plan_with_windows(&shipments, &appointments, &dispatches, &network, &fleet, &options, &NoControl).map_err(cancelled)?;
        (timed.plan, Some(timed.clock))
    } else {
        (trips::plan(&shipments, &dispatches, &network, &fleet, &options, &NoControl).map_err(cancelled)?, None)
    };
    notes.extend(plan.notes.iter().cloned());
    for (i, why) in &plan.unserved {
        let (id, line) = rows.get(*i).map_or(("", 0), |r| (&*r.shipment, r.line));
        notes.push(
            Diagnostic::warning("shipment-unserved", format!("shipment {id} is on no trip: {why}"))
                .file(a.file.display().to_string())
                .line(line)
                .fix("check its weight, volume and places"),
        );
    }
    out.diagnostics(&notes);
    let table = stops_table(&plan, clock.as_deref(), &shipments, &fleet);
    write_trips(a, out, &plan, table, &network, &fleet, notes)
}

fn appointment(r: &ShipmentRow) -> Appointment {
    let hours = |minutes: f64| minutes / 60.0;
    Appointment { window: r.window.map(|w| (hours(w.0), hours(w.1))), service: r.service_min.map(hours) }
}

pub(super) fn shipment(r: &ShipmentRow) -> Shipment {
    Shipment::new(&r.shipment, r.ready.day(), &r.from, &r.to, r.weight_kg, r.volume_m3.unwrap_or(0.0))
}

fn write_trips(
    a: &args::Routes,
    out: &Printer,
    plan: &TripPlan,
    table: Table,
    network: &Network,
    fleet: &[Vehicle],
    notes: Vec<Diagnostic>,
) -> Done {
    let factors = Factors::embedded();
    let emissions: Vec<f64> = plan
        .trips
        .iter()
        .map(|t| {
            let v = fleet.get(t.vehicle);
            let class =
                v.and_then(|v| v.emission_class.as_deref().and_then(|c| factors.vehicle(c)).or_else(|| factors.for_payload(v.capacity_kg)));
            class
                .map_or_else(Emission::default, |f| transport::of_trip(t, f, v.map_or(0.0, |v| v.capacity_kg), ROAD_DISTANCE_ADJUSTMENT))
                .wtw_kg()
        })
        .collect();
    if a.out.extension().is_some_and(|e| e.eq_ignore_ascii_case("geojson")) {
        let value = crate::logistics::geojson::geojson(&plan.trips, fleet, network);
        write_text(&a.out, &format!("{}\n", serde_json::to_string_pretty(&value).unwrap_or_default())).map_err(|d| vec![d])?;
    } else if !(out.json && is_stdout(&a.out)) {
        out.table(&a.out, &table)?;
    }
    let t = &plan.totals;
    let kg: f64 = emissions.iter().sum();
    if out.json {
        out.json_value(&json!({ "totals": t, "emissions_kg_co2e": kg, "unserved": plan.unserved.len(), "trips": out.table_value(&table), "diagnostics": notes }));
    } else {
        out.note(&format!(
            "{}, {} km, {} of freight, loaded {} %, {} kg CO2e, {} not served",
            plural(t.trips, "trip"),
            grouped(t.distance_km, 0),
            grouped(t.freight_cost, 2),
            grouped(t.load_factor * 100.0, 0),
            grouped(kg, 1),
            plural(plan.unserved.len(), "shipment")
        ));
    }
    Ok(())
}

/// One row a stop, in driving order; with hours to keep, when service begins there.
fn stops_table(plan: &TripPlan, clock: Option<&[Clock]>, shipments: &[Shipment], fleet: &[Vehicle]) -> Table {
    let rows = || plan.trips.iter().enumerate().flat_map(|(k, t)| t.stops.iter().enumerate().map(move |(i, s)| (k, t, i, s)));
    let mut columns = vec![
        Column::integer("trip", rows().map(|r| r.0 as i64 + 1)),
        Column::date("date", rows().map(|r| Stamp::of_day(r.1.day))),
        Column::text("vehicle", rows().map(|r| fleet.get(r.1.vehicle).map_or(String::new(), |v| v.name.to_string()))),
        Column::text("from", rows().map(|r| r.1.depot.to_string())),
        Column::integer("stop", rows().map(|r| r.2 as i64 + 1)),
        Column::text("to", rows().map(|r| r.3.location.to_string())),
        Column::text(
            "shipments",
            rows().map(|r| {
                r.3.shipments.iter().filter_map(|(i, _)| shipments.get(*i)).map(|s| s.id.to_string()).collect::<Vec<_>>().join(" ")
            }),
        ),
        Column::number("weight_kg", 2, rows().map(|r| r.3.kg)),
        Column::number("volume_m3", 4, rows().map(|r| r.3.m3)),
        Column::number("distance_km", 2, rows().map(|r| r.3.km)),
        Column::number("trip_distance_km", 2, rows().map(|r| r.1.km)),
        Column::number("trip_load_factor", 3, rows().map(|r| r.1.load_factor)),
        Column::number("trip_cost", 2, rows().map(|r| r.1.cost())),
    ];
    if let Some(clock) = clock {
        let time = |hours: f64| {
            let minutes = (hours * 60.0).round() as i64;
            format!("{:02}:{:02}", minutes.div_euclid(60), minutes.rem_euclid(60))
        };
        let at = |k: usize, i: usize| clock.get(k).and_then(|c| c.begin.get(i)).map_or_else(String::new, |h| time(*h));
        let whole = |k: usize, f: &dyn Fn(&Clock) -> f64| clock.get(k).map_or_else(String::new, |c| time(f(c)));
        columns.push(Column::text("begins", rows().map(|r| at(r.0, r.2))));
        columns.push(Column::text("trip_leaves", rows().map(|r| whole(r.0, &|c| c.leave))));
        columns.push(Column::text("trip_home", rows().map(|r| whole(r.0, &|c| c.home))));
    }
    Table::new(columns)
}
