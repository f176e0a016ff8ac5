//! Solomon's and Homberger's `.txt` instances: a fleet, one depot, stops with time windows.
//!
//! Distances and times follow the convention of the DIMACS challenge (2022) and CVRPLIB: Euclidean, truncated to one decimal, and
//! the objective is the distance alone. Inside, everything is counted in tenths, so that sums are exact.

use super::read::{decimal_tenths, number, wrong};
use crate::base::Diagnostic;
use crate::logistics::router::model::{Depot, Kind, Model, Stop};

/// An instance with more than loads to keep.
#[derive(Debug, Clone)]
pub struct Windowed {
    /// Its name.
    pub name: String,
    /// Stop 0 is the file's first customer.
    pub model: Model,
    /// Coordinates, the depots first; empty where the file gives none.
    pub points: Vec<(f64, f64)>,
    /// Units of the model in one unit of the file.
    pub scale: f64,
    /// What was passed over, with its line.
    pub notes: Vec<Diagnostic>,
}

/// Units of the model in one unit of the file.
pub const TENTHS: f64 = 10.0;

/// Does the text look like one?
pub fn is_solomon(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|l| !l.is_empty()).take(8).map(str::to_ascii_uppercase);
    let vehicle = lines.any(|l| l == "VEHICLE" || l == "VEHICLES");
    vehicle && lines.any(|l| l.starts_with("NUMBER") && l.contains("CAPACITY"))
}

/// Reads one.
///
/// # Errors
/// The first thing that keeps the file from being used, with its line.
pub fn parse_solomon(text: &str) -> Result<Windowed, Diagnostic> {
    let mut lines = text.lines().enumerate().map(|(i, l)| (i as u64 + 1, l.trim())).filter(|l| !l.1.is_empty());
    let name = lines.next().map(|l| l.1.to_owned()).unwrap_or_default();
    let header = lines.find(|l| l.1.to_ascii_uppercase().starts_with("NUMBER"));
    let (line, fleet) =
        header.and_then(|_| lines.next()).ok_or_else(|| wrong(1, "no fleet", "give NUMBER and CAPACITY of the vehicles"))?;
    let numbers = fields(line, fleet)?;
    let (Some(&count), Some(&capacity)) = (numbers.first(), numbers.get(1)) else {
        return Err(wrong(line, "the fleet has no number or no capacity", "give both"));
    };
    let whole = |x: f64, line: u64| {
        if x.fract() == 0.0 && (0.0..1e12).contains(&x) {
            Ok(x as i64)
        } else {
            Err(wrong(line, "an amount that is not a whole number from 0 up", "count in smaller units"))
        }
    };
    let (count, capacity) = (whole(count, line)?, whole(capacity, line)?);
    let (mut points, mut rows) = (Vec::new(), Vec::new());
    for (line, content) in lines.filter(|l| l.1.starts_with(|c: char| c.is_ascii_digit() || c == '-')) {
        let [id, x, y, demand, ready, due, service] = fields(line, content)?[..] else {
            return Err(wrong(line, "a customer line has seven numbers", "write number, x, y, demand, ready time, due date, service time"));
        };
        if id != rows.len() as f64 {
            return Err(wrong(
                line,
                format!("customer {id} where {} is due", rows.len()),
                "number customers 0, 1, 2 … with the depot first",
            ));
        }
        points.push((x, y));
        let tenths = |v: f64| decimal_tenths(v, line);
        rows.push((whole(demand, line)?, tenths(ready)?, tenths(due)?, tenths(service)?, line));
    }
    let Some(&(_, open, close, _, depot_line)) = rows.first().filter(|_| rows.len() > 1) else {
        return Err(wrong(1, "no customers", "list the depot and its customers"));
    };
    let n = points.len();
    // a product that is whole but for rounding must not be truncated below it
    let tenths = |a: (f64, f64), b: (f64, f64)| (TENTHS * (a.0 - b.0).hypot(a.1 - b.1) + 1e-9).floor();
    let matrix: Vec<f64> = points.iter().flat_map(|a| points.iter().map(move |b| tenths(*a, *b))).collect();
    let stops: Vec<Stop> = rows
        .iter()
        .enumerate()
        .skip(1)
        .map(|(i, r)| Stop { window: (r.1, r.2), service: r.3, ..Stop::delivery(i, [r.0, 0, 0, 0]) })
        .collect();
    let kind = Kind { count: Some(count as usize), shift: (open, close), ..Kind::new([capacity, 0, 0, 0]) };
    let depot = Depot { place: 0, window: (open, close), reload: 0.0 };
    let model = Model::new(n, matrix.clone(), matrix, vec![depot], stops, vec![kind]).map_err(|mut d| {
        d.pop().unwrap_or_else(|| wrong(depot_line, "the parts do not fit together", "check the file")).line(depot_line)
    })?;
    Ok(Windowed { name, model, points, scale: TENTHS, notes: Vec::new() })
}

fn fields(line: u64, content: &str) -> Result<Vec<f64>, Diagnostic> {
    content.split_whitespace().map(|t| number(t, line)).collect()
}
