//! What an order took, line by line: totals and refunds that stand once an order are spread over its lines, discounts are taken off, and
//! units that came back are told from what is left after refunds.

use super::options::Role;
use super::roles::Assigned;
use super::rows::{Reason, Rows};
use super::table::Table;
use super::values::NONE;
use crate::base::Diagnostic;
use crate::base::text::{grouped, plural};

/// A refund this near the order's total is a refund of all of it.
const WHOLE: f64 = 0.995;

/// `beside`: discount, order total, refunded money and net quantity by row, empty where there is no such column.
pub(super) fn settle(table: &Table, assigned: &Assigned, rows: &mut Rows, beside: &[Vec<f64>; 4]) {
    let [discount, total, refunded, net] = beside;
    net_quantities(rows, net);
    // a table of money has nothing to spread
    if assigned.value && assigned.column(Role::Quantity).is_none() && assigned.column(Role::Revenue).is_some() {
        return;
    }
    let undone = rows.undone.contains(&true);
    if !discount.is_empty() || !total.is_empty() || !refunded.is_empty() || undone {
        let n = rows.reason.len();
        let mut worth: Vec<f64> = (0..n)
            .map(|i| {
                let cell = |v: &[f64]| v.get(i).copied().unwrap_or(f64::NAN);
                let line = cell(&rows.revenue);
                let line = if line.is_finite() { line } else { cell(&rows.price) * rows.units[i] };
                let off = cell(discount).abs();
                if off.is_finite() { line - off } else { line }
            })
            .collect();
        let orders = by_order(rows, total, refunded);
        spread_totals(rows, &orders, total, &mut worth);
        give_back(table, rows, &orders, total, refunded, &mut worth);
        // what came back whole was paid back whole
        for (w, _) in worth.iter_mut().zip(&rows.undone).filter(|(w, undone)| **undone && w.is_finite()) {
            *w = 0.0;
        }
        rows.has.revenue |= worth.iter().any(|w| w.is_finite());
        rows.revenue = worth;
    }
}

/// Quantity and what is left of it after refunds: the difference came back.
fn net_quantities(rows: &mut Rows, net: &[f64]) {
    if net.is_empty() {
        return;
    }
    rows.returned.resize(rows.reason.len(), f64::NAN);
    for (i, net) in net.iter().enumerate().filter(|(_, n)| n.is_finite()) {
        let back = rows.units[i] - net;
        if back > 0.0 && !rows.returned[i].is_finite() {
            rows.returned[i] = back;
        }
    }
    rows.has.returned = true;
}

/// Rows of each order that has a total or a refund.
fn by_order(rows: &Rows, total: &[f64], refunded: &[f64]) -> Vec<Vec<usize>> {
    let mut keyed: Vec<(u32, usize)> = (0..rows.reason.len()).map(|i| (rows.order.codes.get(i).copied().unwrap_or(NONE), i)).collect();
    // in the order of the file already, as a rule
    keyed.sort_by_key(|k| k.0);
    let said = |i: &usize| [total, refunded].iter().any(|v| v.get(*i).is_some_and(|x| x.is_finite()));
    keyed
        .chunk_by(|a, b| a.0 == b.0 && a.0 != NONE)
        .map(|lines| lines.iter().map(|k| k.1).collect::<Vec<_>>())
        .filter(|lines| lines.iter().any(said))
        .collect()
}

/// The first finite value among an order's lines: such cells are repeated or stand on the first line.
fn of_order(values: &[f64], lines: &[usize]) -> Option<f64> {
    lines.iter().filter_map(|i| values.get(*i)).copied().find(|v| v.is_finite())
}

/// An order's total over its lines, by what each is worth, else by its units.
fn spread_totals(rows: &Rows, orders: &[Vec<usize>], total: &[f64], worth: &mut [f64]) {
    for lines in orders {
        let Some(total) = of_order(total, lines) else { continue };
        if let [only] = lines.as_slice() {
            worth[*only] = total;
            continue;
        }
        let weigh = |by: &dyn Fn(usize) -> f64| -> Option<Vec<f64>> {
            let w: Vec<f64> = lines.iter().map(|i| by(*i)).collect();
            (w.iter().all(|x| x.is_finite() && *x >= 0.0) && w.iter().sum::<f64>() > 0.0).then_some(w)
        };
        let weights = weigh(&|i| worth[i]).or_else(|| weigh(&|i| rows.units[i].abs())).unwrap_or_else(|| vec![1.0; lines.len()]);
        let all: f64 = weights.iter().sum();
        for (i, w) in lines.iter().zip(&weights) {
            worth[*i] = total * w / all;
        }
    }
}

/// Refunds in money only: the whole order, then its units came back; a part, then nobody knows which, and that is said.
fn give_back(table: &Table, rows: &mut Rows, orders: &[Vec<usize>], total: &[f64], refunded: &[f64], worth: &mut [f64]) {
    let (mut parts, mut money, mut first) = (0usize, 0.0, 0);
    for lines in orders {
        let Some(back) = of_order(refunded, lines).map(f64::abs).filter(|b| *b > 0.0) else { continue };
        let used: Vec<usize> = lines.iter().copied().filter(|i| rows.reason[*i] == Reason::Used).collect();
        let taken: f64 = used.iter().map(|i| worth[*i]).filter(|w| w.is_finite()).sum();
        let all = of_order(total, lines).unwrap_or(taken);
        if used.is_empty() {
            continue;
        }
        if all > 0.0 && back >= all * WHOLE {
            rows.returned.resize(rows.reason.len(), f64::NAN);
            for i in &used {
                if rows.units[*i] > 0.0 && (rows.returned[*i].is_nan() || rows.returned[*i] <= 0.0) {
                    rows.returned[*i] = rows.units[*i];
                }
            }
        } else {
            parts += 1;
            money += back;
            first = if first == 0 { table.line(rows.row[used[0]] as usize) } else { first };
        }
        if taken > 0.0 {
            let left = (1.0 - back / taken).max(0.0);
            used.iter().for_each(|i| worth[*i] *= left);
        }
    }
    if parts > 0 {
        let message = format!(
            "{} refunded in part ({} in money) without saying which units: all count as sold",
            if parts == 1 { "1 order was".to_owned() } else { format!("{} were", plural(parts, "order")) },
            grouped(money, 2)
        );
        rows.notes.push(Diagnostic::info("refunds-without-units", message).file(&table.file).line(first));
    }
}
