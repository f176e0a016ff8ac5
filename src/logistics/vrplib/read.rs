//! Reading `.vrp` files.

use super::matrix::Layout;
use super::points::Metric;
use crate::base::Diagnostic;
use crate::logistics::router::{Arcs, Instance};

/// Above this many nodes plane distances are computed instead of stored (8 bytes a pair).
const DENSE: usize = 6000;

/// A routing problem read from a file.
#[derive(Debug, Clone)]
pub struct Problem {
    /// `NAME`.
    pub name: String,
    /// `COMMENT`.
    pub comment: String,
    /// What the router solves. Node 0 is the depot, the others follow in the order of the file.
    pub instance: Instance,
    /// Coordinates of the nodes in the same order, where the file gives any.
    pub points: Option<Vec<(f64, f64)>>,
    /// What was passed over, with its line.
    pub notes: Vec<Diagnostic>,
}

/// The sections of a file, each number with the line it stands in.
#[derive(Default)]
pub(super) struct Raw {
    pub(super) name: String,
    comment: String,
    kind: Option<(String, u64)>,
    dimension: Option<(usize, u64)>,
    capacity: Option<(Decimal, u64)>,
    pub(super) vehicles: Option<usize>,
    weight_type: Option<(String, u64)>,
    weight_format: Option<(String, u64)>,
    points: Vec<(i64, f64, f64, u64)>,
    weights: Vec<f64>,
    weights_end: u64,
    demands: Vec<(i64, Decimal, u64)>,
    pub(super) depots: Vec<(i64, u64)>,
    /// What only a [`Model`](crate::logistics::router::Model) can say.
    pub(super) more: More,
    pub(super) notes: Vec<Diagnostic>,
}

/// A decimal number kept exactly: `digits · 10^−places`.
#[derive(Clone, Copy)]
pub(super) struct Decimal {
    digits: i64,
    pub(super) places: u32,
}

impl Decimal {
    fn parse(text: &str) -> Option<Self> {
        let (sign, body) = text.strip_prefix('-').map_or((1, text.strip_prefix('+').unwrap_or(text)), |t| (-1, t));
        let (whole, part) = body.split_once('.').unwrap_or((body, ""));
        let part = part.trim_end_matches('0');
        if whole.len() + part.len() > 18 || (whole.is_empty() && part.is_empty()) || part.len() > 9 {
            return None;
        }
        if !whole.bytes().chain(part.bytes()).all(|b| b.is_ascii_digit()) {
            return None;
        }
        let digits: i64 = format!("0{whole}{part}").parse().ok()?;
        Some(Self { digits: sign * digits, places: part.len() as u32 })
    }
    /// In units of 10^−places.
    pub(super) fn at(self, places: u32) -> Option<i64> {
        self.digits.checked_mul(10i64.checked_pow(places.checked_sub(self.places)?)?)
    }
}

pub(super) fn wrong(line: u64, message: impl Into<String>, fix: &str) -> Diagnostic {
    Diagnostic::error("vrp-unreadable", message).line(line).fix(fix)
}

/// At most `40` characters of a token, for messages.
fn shown(token: &str) -> String {
    let short: String = token.chars().take(40).filter(|c| !c.is_control()).collect();
    if short.len() < token.len() { format!("`{short}…`") } else { format!("`{short}`") }
}

/// A problem as a file says it.
#[derive(Debug, Clone)]
pub enum Parsed {
    /// One depot, one kind of vehicle, loads.
    Plain(Problem),
    /// Anything more.
    Wide(super::Windowed),
}

/// Reads a VRPLIB/TSPLIB `.vrp` file, or Solomon's and Homberger's `.txt` format. Of VRPLIB: CVRP and ACVRP, `DISTANCE`, `SERVICE_TIME`, and
/// the sections for time windows, service times, backhauls (taken to the depot), prizes and several depots, as PyVRP's `vrplib` writes them.
///
/// # Errors
/// The first thing that keeps the file from being used, with its line.
pub fn parse(text: &str) -> Result<Parsed, Diagnostic> {
    if super::solomon::is_solomon(text) {
        return super::parse_solomon(text).map(Parsed::Wide);
    }
    let raw = sections(text)?;
    build(raw)
}

/// What goes beyond one depot and loads.
#[derive(Default)]
pub(super) struct More {
    pub(super) longest: Option<(f64, u64)>,
    pub(super) service: Option<(f64, u64)>,
    /// Node, opens, closes.
    pub(super) windows: Vec<(i64, f64, f64, u64)>,
    pub(super) services: Vec<(i64, f64, u64)>,
    pub(super) backhauls: Vec<(i64, Decimal, u64)>,
    pub(super) prizes: Vec<(i64, f64, u64)>,
    /// Vehicle, depot.
    pub(super) homes: Vec<(i64, i64, u64)>,
}

impl More {
    pub(super) const fn any(&self) -> bool {
        self.longest.is_some()
            || self.service.is_some()
            || !self.windows.is_empty()
            || !self.services.is_empty()
            || !self.backhauls.is_empty()
            || !self.prizes.is_empty()
            || !self.homes.is_empty()
    }
}

pub(super) fn number(token: &str, line: u64) -> Result<f64, Diagnostic> {
    let value = token.parse::<f64>().ok().filter(|v| v.is_finite() && v.abs() < 1e15);
    value.ok_or_else(|| wrong(line, format!("{} is not a number that can be used here", shown(token)), "write a plain decimal number"))
}

/// A time or distance in tenths, which must be whole.
pub(super) fn decimal_tenths(value: f64, line: u64) -> Result<f64, Diagnostic> {
    let tenths = (value * 10.0).round();
    if (tenths - value * 10.0).abs() < 1e-6 {
        Ok(tenths)
    } else {
        Err(wrong(line, "a time with more than one decimal", "round it to tenths"))
    }
}

fn integer(token: &str, line: u64) -> Result<i64, Diagnostic> {
    // some writers number nodes as 1.0
    let value = number(token, line)?;
    if value.fract() == 0.0 {
        Ok(value as i64)
    } else {
        Err(wrong(line, format!("{} is not a whole number", shown(token)), "number nodes 1, 2, 3 …"))
    }
}

fn decimal(token: &str, line: u64) -> Result<Decimal, Diagnostic> {
    Decimal::parse(token)
        .ok_or_else(|| wrong(line, format!("{} is not an amount", shown(token)), "write a plain decimal number of at most 18 digits"))
}

fn sections(text: &str) -> Result<Raw, Diagnostic> {
    let mut raw = Raw::default();
    let mut section = String::new();
    for (i, full) in text.lines().enumerate() {
        let line = i as u64 + 1;
        let content = full.trim().trim_start_matches('\u{feff}').trim();
        if content.is_empty() {
            continue;
        }
        let first = content.chars().next().unwrap_or(' ');
        if first.is_ascii_alphabetic() {
            let (key, value) = match content.split_once(':') {
                Some((k, v)) => (k.trim(), v.trim()),
                None => content.split_once(char::is_whitespace).map_or((content, ""), |(k, v)| (k.trim(), v.trim())),
            };
            let key = key.to_ascii_uppercase();
            if key == "EOF" {
                break;
            }
            if key.ends_with("_SECTION") {
                section = key;
                check_section(&section, line, &mut raw)?;
                continue;
            }
            section.clear();
            header(&key, value, line, &mut raw)?;
            continue;
        }
        let tokens: Vec<&str> = content.split_whitespace().collect();
        match section.as_str() {
            "NODE_COORD_SECTION" => match tokens[..] {
                [id, x, y] | [id, x, y, _] => raw.points.push((integer(id, line)?, number(x, line)?, number(y, line)?, line)),
                _ => return Err(wrong(line, "a coordinate line has a number, x and y", "write `node x y`")),
            },
            "DEMAND_SECTION" => match tokens[..] {
                [id, d] => raw.demands.push((integer(id, line)?, decimal(d, line)?, line)),
                _ => return Err(wrong(line, "a demand line has a node and its demand", "write `node demand`")),
            },
            "DEPOT_SECTION" => {
                for t in tokens {
                    let id = integer(t, line)?;
                    if id == -1 {
                        section = "DEPOT_SECTION_CLOSED".into();
                        break;
                    }
                    raw.depots.push((id, line));
                }
            }
            "TIME_WINDOW_SECTION" => match tokens[..] {
                [id, a, b] => raw.more.windows.push((integer(id, line)?, number(a, line)?, number(b, line)?, line)),
                _ => return Err(wrong(line, "a time window has a node, its opening and its closing", "write `node opens closes`")),
            },
            "SERVICE_TIME_SECTION" | "PRIZE_SECTION" => match tokens[..] {
                [id, x] => {
                    let list = if section.starts_with('S') { &mut raw.more.services } else { &mut raw.more.prizes };
                    list.push((integer(id, line)?, number(x, line)?, line));
                }
                _ => return Err(wrong(line, "a line has a node and a number", "write `node number`")),
            },
            "BACKHAUL_SECTION" => match tokens[..] {
                [id, d] => raw.more.backhauls.push((integer(id, line)?, decimal(d, line)?, line)),
                _ => return Err(wrong(line, "a backhaul line has a node and its amount", "write `node amount`")),
            },
            "VEHICLES_DEPOT_SECTION" => match tokens[..] {
                [vehicle, depot] => raw.more.homes.push((integer(vehicle, line)?, integer(depot, line)?, line)),
                _ => return Err(wrong(line, "a line has a vehicle and its depot", "write `vehicle depot`")),
            },
            "EDGE_WEIGHT_SECTION" => {
                for t in tokens {
                    raw.weights.push(number(t, line)?);
                }
                raw.weights_end = line;
            }
            "" => {
                return Err(wrong(
                    line,
                    format!("{} stands in no section", shown(content)),
                    "start with `NAME : …`; the file may not be a VRPLIB file",
                ));
            }
            _ => {}
        }
    }
    Ok(raw)
}

fn check_section(section: &str, line: u64, raw: &mut Raw) -> Result<(), Diagnostic> {
    match section {
        "NODE_COORD_SECTION" | "DEMAND_SECTION" | "DEPOT_SECTION" | "EDGE_WEIGHT_SECTION" => Ok(()),
        "DISPLAY_DATA_SECTION" => Ok(()),
        "TIME_WINDOW_SECTION" | "SERVICE_TIME_SECTION" | "BACKHAUL_SECTION" | "PRIZE_SECTION" | "VEHICLES_DEPOT_SECTION" => Ok(()),
        "PICKUP_SECTION"
        | "PICKUP_AND_DELIVERY_SECTION"
        | "RELEASE_TIME_SECTION"
        | "MUTUALLY_EXCLUSIVE_GROUP_SECTION"
        | "CAPACITY_SECTION"
        | "VEHICLES_ALLOWED_CLIENTS_SECTION"
        | "VEHICLES_RELOAD_DEPOT_SECTION"
        | "VEHICLES_MAX_DISTANCE_SECTION"
        | "VEHICLES_MAX_DURATION_SECTION"
        | "VEHICLES_FIXED_COST_SECTION"
        | "VEHICLES_UNIT_DISTANCE_COST_SECTION" => {
            Err(wrong(line, format!("{section} asks for what trips do not keep yet"), "leave it out, if the problem makes sense without")
                .also("vrp-unsupported"))
        }
        other => {
            raw.notes.push(Diagnostic::warning("vrp-section-unknown", format!("section {} is passed over", shown(other))).line(line));
            Ok(())
        }
    }
}

fn header(key: &str, value: &str, line: u64, raw: &mut Raw) -> Result<(), Diagnostic> {
    let word = || value.split_whitespace().next().unwrap_or("").to_ascii_uppercase();
    let count = |what: &str| {
        let n = integer(value, line)?;
        usize::try_from(n).ok().filter(|n| *n > 0).ok_or_else(|| wrong(line, format!("a {what} of {n}"), "give a positive whole number"))
    };
    match key {
        "NAME" => raw.name = value.into(),
        "COMMENT" => raw.comment = value.trim_matches('"').into(),
        "TYPE" => raw.kind = Some((word(), line)),
        "DIMENSION" => raw.dimension = Some((count("dimension")?, line)),
        "VEHICLES" => raw.vehicles = Some(count("number of vehicles")?),
        "CAPACITY" => raw.capacity = Some((decimal(value, line)?, line)),
        "EDGE_WEIGHT_TYPE" => raw.weight_type = Some((word(), line)),
        "EDGE_WEIGHT_FORMAT" => raw.weight_format = Some((word(), line)),
        "NODE_COORD_TYPE" | "DISPLAY_DATA_TYPE" | "EDGE_DATA_FORMAT" => {}
        "DISTANCE" | "SERVICE_TIME" => {
            let x = number(value.split_whitespace().next().unwrap_or(""), line)?;
            if x < 0.0 {
                return Err(wrong(line, format!("a negative {key}"), "give 0 or a positive number"));
            }
            *(if key == "DISTANCE" { &mut raw.more.longest } else { &mut raw.more.service }) = Some((x, line));
        }
        other => raw.notes.push(Diagnostic::warning("vrp-key-unknown", format!("{} is passed over", shown(other))).line(line)),
    }
    Ok(())
}

/// Problems that are understood; what they ask for stands in their sections.
const TYPES: [&str; 11] = ["CVRP", "ACVRP", "VRP", "DCVRP", "DVRP", "VRPTW", "CVRPTW", "MDVRP", "MDVRPTW", "VRPB", "PCVRP"];

trait Coded {
    fn also(self, code: &'static str) -> Self;
}

impl Coded for Diagnostic {
    fn also(mut self, code: &'static str) -> Self {
        self.code = code;
        self
    }
}

fn build(mut raw: Raw) -> Result<Parsed, Diagnostic> {
    let missing =
        |what: &str| Diagnostic::error("vrp-incomplete", format!("the file has no {what}")).fix("check that it is a complete VRPLIB file");
    if let Some((kind, line)) = raw.kind.as_ref().filter(|k| !TYPES.contains(&k.0.as_str())) {
        return Err(wrong(*line, format!("problems of type {} are not supported", shown(kind)), "give a CVRP file").also("vrp-unsupported"));
    }
    let (n, n_line) = raw.dimension.ok_or_else(|| missing("DIMENSION"))?;
    let (capacity, capacity_line) = raw.capacity.ok_or_else(|| missing("CAPACITY"))?;
    let (weight_type, type_line) = raw.weight_type.clone().ok_or_else(|| missing("EDGE_WEIGHT_TYPE"))?;
    if raw.demands.is_empty() {
        return Err(missing("DEMAND_SECTION"));
    }
    if raw.demands.len() != n {
        let line = raw.demands.last().map_or(n_line, |d| d.2);
        return Err(wrong(line, format!("{} demands for a DIMENSION of {n}", raw.demands.len()), "list every node once, the depot with 0"));
    }
    // the depots first, then the others in the order of the file
    if raw.depots.is_empty() {
        raw.depots.push((raw.demands[0].0, n_line));
    }
    let mut order: Vec<usize> = Vec::with_capacity(n);
    for &(depot, line) in &raw.depots {
        let at = raw.demands.iter().position(|d| d.0 == depot);
        let at = at.ok_or_else(|| wrong(line, format!("depot {depot} is no node"), "name a node of DEMAND_SECTION"))?;
        if order.contains(&at) {
            return Err(wrong(line, format!("depot {depot} is named twice"), "list every depot once"));
        }
        order.push(at);
    }
    let depots = order.len();
    let mut is_depot = vec![false; n];
    order.iter().for_each(|i| is_depot[*i] = true);
    order.extend((0..n).filter(|i| !is_depot[*i]));
    let mut index = std::collections::BTreeMap::new();
    for (i, d) in raw.demands.iter().enumerate() {
        if index.insert(d.0, i).is_some() {
            return Err(wrong(d.2, format!("node {} has two demands", d.0), "list every node once"));
        }
    }
    let places =
        raw.demands.iter().map(|d| d.1.places).chain(raw.more.backhauls.iter().map(|b| b.1.places)).max().unwrap_or(0).max(capacity.places);
    let demand = amounts(&raw, (capacity, capacity_line), places, &order, depots)?;
    let points = ordered_points(&raw, n, &index, &order)?;
    let arcs = if weight_type == "EXPLICIT" {
        explicit(&raw, n, type_line, &order)?
    } else {
        let metric = Metric::parse(&weight_type).ok_or_else(|| {
            wrong(
                type_line,
                format!("EDGE_WEIGHT_TYPE {} is not supported", shown(&weight_type)),
                "use EUC_2D, CEIL_2D, FLOOR_2D, EXACT_2D, MAX_2D, MAN_2D, GEO, ATT or EXPLICIT",
            )
            .also("vrp-unsupported")
        })?;
        let points = points.as_ref().ok_or_else(|| missing("NODE_COORD_SECTION"))?;
        metric.arcs(points, DENSE)
    };
    let (capacity, demand) = demand;
    if depots > 1 || raw.more.any() {
        if n > DENSE {
            return Err(wrong(n_line, format!("{n} nodes with more than loads to keep"), "split it: up to 6000 nodes are routed then")
                .also("vrp-unsupported"));
        }
        let nodes = super::wide::Nodes {
            ids: order.iter().map(|i| raw.demands[*i].0).collect(),
            depots,
            demand,
            capacity,
            places,
            arcs,
            points,
            line: n_line,
        };
        return super::wide::build(raw, nodes).map(Parsed::Wide);
    }
    let demand = demand.into_iter().map(|d| [d, 0]).collect();
    let instance = Instance::new(demand, [capacity, 0], raw.vehicles, 0.0, arcs).map_err(|d| d.line(n_line))?;
    Ok(Parsed::Plain(Problem { name: raw.name, comment: raw.comment, instance, points, notes: raw.notes }))
}

/// Capacity and demands in the file's smallest decimal, as whole numbers, in node order.
fn amounts(
    raw: &Raw,
    (capacity, capacity_line): (Decimal, u64),
    places: u32,
    order: &[usize],
    depots: usize,
) -> Result<(i64, Vec<i64>), Diagnostic> {
    let large = |line: u64| wrong(line, "an amount too large to count", "use fewer digits");
    let full = capacity.at(places).ok_or_else(|| large(capacity_line))?;
    if full < 0 {
        return Err(wrong(capacity_line, "a negative capacity", "give a positive number"));
    }
    let mut out = Vec::with_capacity(order.len());
    for (k, &i) in order.iter().enumerate() {
        let (node, amount, line) = raw.demands[i];
        let d = amount.at(places).ok_or_else(|| large(line))?;
        if d < 0 {
            return Err(wrong(line, format!("node {node} has a negative demand"), "give 0 or a positive number"));
        }
        if k < depots && d != 0 {
            return Err(wrong(
                line,
                format!("the depot {node} has a demand"),
                "give the depot a demand of 0, or name another depot in DEPOT_SECTION",
            ));
        }
        out.push(d);
    }
    Ok((full, out))
}

fn ordered_points(
    raw: &Raw,
    n: usize,
    index: &std::collections::BTreeMap<i64, usize>,
    order: &[usize],
) -> Result<Option<Vec<(f64, f64)>>, Diagnostic> {
    let Some(last) = raw.points.last() else { return Ok(None) };
    let mut by_node = vec![None; n];
    for &(id, x, y, line) in &raw.points {
        match index.get(&id).and_then(|&i| by_node.get_mut(i)) {
            Some(slot @ None) => *slot = Some((x, y)),
            Some(_) => return Err(wrong(line, format!("node {id} has two places"), "list every node once")),
            None => return Err(wrong(line, format!("node {id} has coordinates but no demand"), "list the same nodes in both sections")),
        }
    }
    let points: Option<Vec<(f64, f64)>> = order.iter().map(|&i| by_node[i]).collect();
    points.map(Some).ok_or_else(|| wrong(last.3, format!("{} coordinates for {n} nodes", raw.points.len()), "list every node once"))
}

fn explicit(raw: &Raw, n: usize, type_line: u64, order: &[usize]) -> Result<Arcs, Diagnostic> {
    let (format, line) = raw.weight_format.clone().unwrap_or(("FULL_MATRIX".into(), type_line));
    let layout = Layout::parse(&format).ok_or_else(|| {
        wrong(
            line,
            format!("EDGE_WEIGHT_FORMAT {} is not supported", shown(&format)),
            "use FULL_MATRIX, LOWER_ROW, LOWER_DIAG_ROW, UPPER_ROW or UPPER_DIAG_ROW",
        )
        .also("vrp-unsupported")
    })?;
    let cells = layout.cells(n).unwrap_or(usize::MAX);
    if raw.weights.len() != cells {
        let line = if raw.weights_end > 0 { raw.weights_end } else { line };
        return Err(wrong(
            line,
            format!("{} weights where {format} of {n} nodes has {cells}", raw.weights.len()),
            "check DIMENSION and EDGE_WEIGHT_FORMAT",
        ));
    }
    let m = layout.expand(n, &raw.weights);
    Ok(Arcs::Matrix(order.iter().flat_map(|&i| order.iter().map(move |&j| (i, j))).map(|(i, j)| m[i * n + j]).collect()))
}
