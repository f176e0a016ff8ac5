//! CVRPLIB solution files.

use std::fmt::Write;

/// `Route #1: 3 5 …` lines and `Cost c`; stops are numbered from 1 without the depot, as CVRPLIB does. A whole cost is
/// written without decimals.
pub fn write_solution(routes: &[Vec<usize>], cost: f64) -> String {
    let mut out = String::new();
    for (k, route) in routes.iter().enumerate() {
        // writing into a String cannot fail
        let _ = write!(out, "Route #{}:", k + 1);
        for stop in route {
            let _ = write!(out, " {stop}");
        }
        out.push('\n');
    }
    let _ = if cost.fract() == 0.0 && cost.abs() < 9e15 { writeln!(out, "Cost {}", cost as i64) } else { writeln!(out, "Cost {cost}") };
    out
}
