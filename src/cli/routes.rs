//! `stockcast routes`: trips from shipments, or for a VRPLIB or Solomon instance.

use super::output::{Printer, TABLES, is_stdout, writable};
use super::{Done, args};
use crate::base::text::{grouped, plural};
use crate::base::{Cancelled, Diagnostic, NoControl, Stamp};
use crate::footprint::{Factors, transport};
use crate::history::{MasterFiles, ShipmentRow, read_masters};
use crate::logistics::carrier::{Carrier, Consignment};
use crate::logistics::clock;
use crate::logistics::network::Network;
use crate::logistics::router::{self, Glance, Options};
use crate::logistics::shipment::{Goods, Shipment};
use crate::logistics::trips::{self, PlanOptions, Trip, TripPlan, TripStop};
use crate::logistics::vehicle::Vehicle;
use crate::logistics::vrplib::{self, Parsed, Problem, Windowed};
use crate::logistics::windows::{Clock, carrier_name};
use crate::report::{Column, Table, write_text};
use crate::scenario::plan::Plan;
use crate::scenario::{OwnPlan, OwnShipments};
use serde_json::json;
use std::path::Path;
use std::time::Instant;

/// Router iterations for each stop where neither seconds nor iterations are asked for.
const ITERATIONS_PER_STOP: u64 = 2000;

pub fn run(a: &args::Routes, out: &Printer) -> Done {
    if !(a.carbon_price >= 0.0 && a.carbon_price.is_finite()) {
        return Err(vec![Diagnostic::error("amount-unusable", "--carbon-price must be 0 or more").fix("use --carbon-price 80")]);
    }
    if a.seconds.is_some_and(|s| !(s > 0.0 && s <= 86_400.0)) {
        return Err(vec![Diagnostic::error("seconds-unusable", "--seconds must be above 0 and at most a day").fix("use --seconds 10")]);
    }
    let extension = a.file.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    match extension.as_str() {
        "vrp" | "txt" => {
            writable(Some(&a.out), &["sol"])?;
            if a.rule.is_some() {
                let what = "an instance has no days: nothing can wait in it";
                return Err(vec![Diagnostic::error("rule-unused", what).fix("leave out --rule, or give a shipments file")]);
            }
            instance(a, out)
        }
        _ => {
            let mut formats = TABLES.to_vec();
            formats.extend(["geojson", "gpx"]);
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
    let parsed = vrplib::parse(&text).map_err(in_file)?;
    let (Parsed::Plain(Problem { notes, .. }) | Parsed::Wide(Windowed { notes, .. })) = &parsed;
    out.diagnostics(&notes.iter().map(|d| Diagnostic { file: Some(name.clone()), ..d.clone() }).collect::<Vec<_>>());
    let scale = if let Parsed::Wide(problem) = &parsed { problem.scale } else { 1.0 };
    let began = Instant::now();
    let seconds = a.seconds.unwrap_or(0.0);
    let spent = move || began.elapsed().as_secs_f64() / seconds;
    // whoever looks on sees it get better
    let progress = out.progress();
    let watch = |g: &Glance<'_>| {
        progress.say(|| {
            let left = if g.unserved > 0 { format!(", {} not served", plural(g.unserved, "stop")) } else { String::new() };
            format!("cost {} after {} iterations{left}", grouped(g.cost / scale, 0), grouped(g.iterations as f64, 0))
        });
    };
    let options = |stops: usize| {
        let plain = match (a.seconds, a.iterations) {
            (Some(_), _) => Options::budget(a.seed, &spent),
            (None, n) => Options::iterations(a.seed, n.unwrap_or(ITERATIONS_PER_STOP * stops as u64)),
        };
        Options { watch: Some(&watch), ..plain }
    };
    let found = match &parsed {
        Parsed::Plain(problem) => plain(problem, &options)?,
        Parsed::Wide(problem) => with_windows(problem, &options)?,
    };
    drop(progress);
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

/// Customers are numbered from 1 without the depots; the cost is in the file's units.
fn with_windows<'a>(problem: &Windowed, options: &dyn Fn(usize) -> Options<'a>) -> Result<Found, Vec<Diagnostic>> {
    let roster = router::solve_model(&problem.model, &options(problem.model.stops().len()));
    valid(router::audit(&problem.model, &roster).first().map(ToString::to_string))?;
    Ok(Found {
        name: problem.name.clone(),
        routes: roster.shifts.iter().flat_map(|s| &s.trips).map(|t| t.iter().map(|s| s + 1).collect()).collect(),
        cost: roster.cost / problem.scale,
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

/// Reads a shipments file, with its vehicles, locations, carriers and distances where they are given: its rows, and what their trips need.
pub(super) fn record(file: &Path, network: &args::NetworkFiles) -> Result<(Vec<ShipmentRow>, OwnShipments), Vec<Diagnostic>> {
    let files = MasterFiles {
        shipments: Some(file.to_owned()),
        vehicles: network.vehicles.clone(),
        locations: network.locations.clone(),
        carriers: network.carriers.clone(),
        distances: network.distances.clone(),
        ..MasterFiles::default()
    };
    let (masters, mut notes) = read_masters(&files)?;
    let mut own = OwnShipments::new(&masters, &Plan::default());
    notes.append(&mut own.notes);
    Ok((masters.shipments, OwnShipments { notes, ..own }))
}

fn shipments(a: &args::Routes, out: &Printer) -> Done {
    let (rows, own) = record(&a.file, &a.network)?;
    let own = OwnShipments { carbon_price: a.carbon_price, seed: a.seed, ..own };
    let mut notes = own.notes.clone();
    let OwnShipments { shipments, network, fleet, carriers, .. } = &own;
    if own.days().is_none() {
        return Err(vec![
            Diagnostic::error("no-shipments", "the file holds no shipments")
                .file(a.file.display().to_string())
                .fix("give shipment, ready, from, to, weight_kg, volume_m3"),
        ]);
    }
    let spec = a.rule.as_ref().map(|text| super::consolidate::rule(text, &Plan::default())).transpose()?;
    super::consolidate::known_hubs(spec.as_slice(), network)?;
    let began = Instant::now();
    let seconds = a.seconds.unwrap_or(0.0);
    let spent = move || began.elapsed().as_secs_f64() / seconds;
    let carbon = own.carbon();
    let options = PlanOptions {
        seed: a.seed,
        carbon: &carbon,
        iterations_per_stop: a.iterations.map_or(ITERATIONS_PER_STOP, |n| (n / shipments.len().max(1) as u64).max(1)),
        spent: a.seconds.map(|_| &spent as &(dyn Fn() -> f64 + Sync)),
        split: !a.whole,
        carriers,
        ..PlanOptions::default()
    };
    let cancelled = |e: Cancelled| vec![Diagnostic::error("cancelled", e.to_string())];
    let OwnPlan { plan, clock, .. } = own.leaving(&spec.unwrap_or_default(), None, &options, &NoControl).map_err(cancelled)?;
    let clock = own.keeps_hours().then_some(clock);
    notes.extend(plan.notes.iter().cloned());
    let named = |i: usize| rows.get(i).map_or(("", 0), |r| (&*r.shipment, r.line));
    for (i, loads) in trips::split(&plan) {
        let (id, line) = named(i);
        let kg = shipments.get(i).map_or(0.0, |s| s.kg);
        notes.push(
            Diagnostic::warning(
                "shipment-split",
                format!("shipment {id} ({} kg) is more than a vehicle carries: it goes in {loads} loads", grouped(kg, 0)),
            )
            .file(a.file.display().to_string())
            .line(line)
            .fix("check its weight and volume, give a larger vehicle, or refuse such shipments with --whole"),
        );
    }
    let goes: std::collections::BTreeSet<usize> =
        plan.trips.iter().flat_map(|t| &t.stops).flat_map(|s| &s.shipments).map(|s| s.0).collect();
    for (i, why) in &plan.unserved {
        let (id, line) = named(*i);
        let what = if goes.contains(i) { "is only in part on trips" } else { "is on no trip" };
        notes.push(
            Diagnostic::warning("shipment-unserved", format!("shipment {id} {what}: {why}"))
                .file(a.file.display().to_string())
                .line(line)
                .fix(remedy(why)),
        );
    }
    out.diagnostics(&notes);
    let table = stops_table(&plan, clock.as_deref(), shipments, fleet, carriers);
    let shown = Shown { plan: &plan, clock: clock.as_deref(), network, fleet, carriers };
    write_trips(a, out, &shown, table, notes)
}

/// What can be done about a shipment that stays behind.
fn remedy(why: &str) -> &'static str {
    use crate::logistics::router::{Refusal, Unserved};
    let of = [
        (Refusal::Window, "widen its window, or give a vehicle an earlier shift"),
        (Refusal::Shift, "give a vehicle a longer shift, or let a carrier take it"),
        (Refusal::TooFar, "give a vehicle a longer shift, more hours or more range, or let a carrier take it"),
        (Refusal::NoVehicleLeft, "raise `count` in vehicles.csv, lengthen the shifts, or let a carrier take it"),
        (Refusal::TooMuch(0), "check its weight, or give a larger vehicle"),
        (Refusal::TooMuch(1), "check its volume, or give a larger vehicle"),
        (Refusal::Unreachable, "give the distance to it and from it"),
    ];
    let alone = [(Unserved::TooHeavy, of[4].1), (Unserved::TooBulky, of[5].1)];
    let found = of.iter().find(|r| r.0.reason() == why).map(|r| r.1);
    found.or_else(|| alone.iter().find(|r| r.0.reason() == why).map(|r| r.1)).unwrap_or("check its weight, volume, window and places")
}

/// A plan and what it is read with.
struct Shown<'a> {
    plan: &'a TripPlan,
    clock: Option<&'a [Clock]>,
    network: &'a Network,
    fleet: &'a [Vehicle],
    carriers: &'a [Carrier],
}

fn write_trips(a: &args::Routes, out: &Printer, shown: &Shown<'_>, table: Table, notes: Vec<Diagnostic>) -> Done {
    let Shown { plan, network, fleet, .. } = shown;
    let factors = Factors::embedded();
    let own = plan.trips.iter().map(|t| transport::of_trip_with(t, fleet, &factors).wtw_kg());
    let services = transport::carrier_services(shown.carriers, &factors);
    let hired = plan.hired.iter().map(|c| transport::of_consignment(c, services.get(c.carrier).copied().flatten()).wtw_kg());
    let kg: f64 = own.chain(hired).sum();
    let extension = a.out.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    let written = |text: String| write_text(&a.out, &text).map_err(|d| vec![d]);
    match extension.as_str() {
        "geojson" => {
            let value = crate::logistics::geojson::geojson(&plan.trips, fleet, network);
            written(format!("{}\n", serde_json::to_string_pretty(&value).unwrap_or_default()))?;
        }
        "gpx" => {
            let clock = shown.clock.map_or_else(|| clock::by_trip(&plan.trips, fleet, network), <[Clock]>::to_vec);
            written(crate::logistics::gpx::gpx(&plan.trips, &clock, fleet, network))?;
        }
        _ if out.json && is_stdout(&a.out) => {}
        _ => {
            out.table(&a.out, &table)?;
        }
    }
    let t = &plan.totals;
    if out.json {
        out.json_value(&json!({ "totals": t, "emissions_kg_co2e": kg, "unserved": plan.unserved.len(), "trips": out.table_value(&table), "diagnostics": notes }));
    } else {
        let hired = if plan.hired.is_empty() {
            String::new()
        } else {
            format!("{} with carriers for {}, ", plural(plan.hired.len(), "stop"), grouped(t.cost_hired, 2))
        };
        let back = if t.collected_kg > 0.0 { format!("{} kg taken back, ", grouped(t.collected_kg, 0)) } else { String::new() };
        out.note(&format!(
            "{}, {} km, {hired}{back}{} of freight, loaded {} %, {} kg CO2e, {} not served",
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

/// One row a stop, in driving order, then one for each place that a carrier serves; with hours to keep, when service begins there.
fn stops_table(plan: &TripPlan, clock: Option<&[Clock]>, shipments: &[Shipment], fleet: &[Vehicle], carriers: &[Carrier]) -> Table {
    #[derive(Clone, Copy)]
    enum Row<'a> {
        Own(usize, &'a Trip, usize, &'a TripStop),
        Hired(usize, &'a Consignment),
    }
    let own = plan.trips.iter().enumerate().flat_map(|(k, t)| t.stops.iter().enumerate().map(move |(i, s)| Row::Own(k, t, i, s)));
    let hired = plan.hired.iter().enumerate().map(|(k, c)| Row::Hired(plan.trips.len() + k, c));
    let rows: Vec<Row<'_>> = own.chain(hired).collect();
    fn of<'a, T>(
        rows: &[Row<'a>],
        own: impl Fn(usize, &'a Trip, usize, &'a TripStop) -> T,
        hired: impl Fn(&'a Consignment) -> T,
    ) -> Vec<T> {
        rows.iter()
            .map(|r| match *r {
                Row::Own(k, t, i, s) => own(k, t, i, s),
                Row::Hired(_, c) => hired(c),
            })
            .collect()
    }
    let ids = |parts: &[(usize, f64)]| -> String {
        parts.iter().filter_map(|(i, _)| shipments.get(*i)).map(|s| s.id.to_string()).collect::<Vec<_>>().join(" ")
    };
    let mut columns = vec![
        Column::integer(
            "trip",
            rows.iter().map(|r| match r {
                Row::Own(k, ..) | Row::Hired(k, _) => *k as i64 + 1,
            }),
        ),
        Column::date("date", of(&rows, |_, t, _, _| Stamp::of_day(t.day), |c| Stamp::of_day(c.day))),
        Column::text(
            "vehicle",
            of(&rows, |_, t, _, _| fleet.get(t.vehicle).map_or(String::new(), |v| v.name.to_string()), |c| carrier_name(carriers, c)),
        ),
        Column::text("from", of(&rows, |_, t, _, _| t.depot.to_string(), |c| c.from.to_string())),
        Column::integer("stop", of(&rows, |_, _, i, _| i as i64 + 1, |_| 1)),
        Column::text("to", of(&rows, |_, _, _, s| s.location.to_string(), |c| c.to.to_string())),
        Column::text("shipments", of(&rows, |_, _, _, s| ids(&s.shipments), |c| ids(&c.shipments))),
        Column::number("weight_kg", 2, of(&rows, |_, _, _, s| s.kg, |c| c.kg)),
        Column::number("volume_m3", 4, of(&rows, |_, _, _, s| s.m3, |c| c.m3)),
        Column::number("distance_km", 2, of(&rows, |_, _, _, s| s.km, |c| c.direct_km)),
        Column::number("trip_distance_km", 2, of(&rows, |_, t, _, _| t.km, |c| c.direct_km)),
        Column::number("trip_load_factor", 3, of(&rows, |_, t, _, _| t.load_factor, |_| f64::NAN)),
        Column::number("trip_cost", 2, of(&rows, |_, t, _, _| t.cost(), |c| c.price)),
    ];
    if plan.trips.iter().any(|t| t.collected != Goods::default()) {
        columns.push(Column::number("collected_kg", 2, of(&rows, |_, _, _, s| s.collected.kg, |_| 0.0)));
        columns.push(Column::number("collected_m3", 4, of(&rows, |_, _, _, s| s.collected.m3, |_| 0.0)));
    }
    if plan.hired.iter().any(|c| c.days > 0.0) {
        let there = |c: &Consignment| Stamp::of_day(crate::base::Day(c.day.0 + c.days.ceil() as i32));
        columns.push(Column::date("delivered", of(&rows, |_, t, _, _| Stamp::of_day(t.day), there)));
    }
    if let Some(clock) = clock {
        let time = |hours: f64| {
            let minutes = (hours * 60.0).round() as i64;
            format!("{:02}:{:02}", minutes.div_euclid(60), minutes.rem_euclid(60))
        };
        let at = |k: usize, i: usize| clock.get(k).and_then(|c| c.begin.get(i)).map_or_else(String::new, |h| time(*h));
        let whole = |k: usize, f: &dyn Fn(&Clock) -> f64| clock.get(k).map_or_else(String::new, |c| time(f(c)));
        let none = |_: &Consignment| String::new();
        columns.push(Column::text("begins", of(&rows, |k, _, i, _| at(k, i), none)));
        columns.push(Column::text("trip_leaves", of(&rows, |k, _, _, _| whole(k, &|c| c.leave), none)));
        columns.push(Column::text("trip_home", of(&rows, |k, _, _, _| whole(k, &|c| c.home), none)));
        columns.push(Column::text(
            "vehicle_number",
            of(&rows, |k, _, _, _| clock.get(k).map_or_else(String::new, |c| c.number.to_string()), none),
        ));
    }
    Table::new(columns)
}
