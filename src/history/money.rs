//! What an order took, line by line: totals and refunds that stand once an order are spread over its lines, discounts are taken off, and
//! units that came back are told from what is left after refunds.

use super::amounts::Amounts;
use super::options::Role;
use super::roles::Assigned;
use super::rows::{Reason, Rows};
use super::table::Table;
use super::texts::{NONE, Narrow};
use crate::base::Diagnostic;
use crate::base::text::{grouped, plural};
use rayon::prelude::*;

/// A refund this near the order's total is a refund of all of it.
const WHOLE: f64 = 0.995;

/// `beside`: discount, order total, refunded money and net quantity by row, empty where there is no such column.
pub(super) fn settle(table: &Table, assigned: &Assigned, rows: &mut Rows, beside: [Amounts; 4]) {
    let [discount, total, refunded, net] = beside;
    net_quantities(rows, &net);
    // a table of money has nothing to spread
    if assigned.value && assigned.column(Role::Quantity).is_none() && assigned.column(Role::Revenue).is_some() {
        return;
    }
    let undone = rows.undone.contains(&true);
    let counted = rows.returned.iter().any(|r| r > 0.0) && assigned.column(Role::Order).is_some();
    if discount.is_empty() && total.is_empty() && refunded.is_empty() && !undone && !counted {
        return;
    }
    let line = |rows: &Rows, i: usize| {
        let line = rows.revenue.get(i);
        let line = if line.is_finite() { line } else { rows.price.get(i) * rows.units.get(i) };
        let off = discount.get(i).abs();
        if off.is_finite() { line - off } else { line }
    };
    let codes = std::mem::take(&mut rows.order.codes);
    let orders = Orders::of(&codes, rows.reason.len());
    let mut worth = vec![f64::NAN; rows.reason.len()];
    orders.parts(&mut worth).into_par_iter().with_max_len(1).for_each(|(from, worth)| {
        worth.iter_mut().enumerate().for_each(|(i, w)| *w = line(rows, from + i));
        if let (Orders::Together(codes, _), false) = (&orders, total.is_empty()) {
            together(codes, from, from + worth.len(), |lines| spread_total(rows, lines, &total, from, worth));
        }
    });
    drop(discount);
    if let (Orders::Apart(..), false) = (&orders, total.is_empty()) {
        orders.each(|lines| spread_total(rows, lines, &total, 0, &mut worth));
    }
    if !refunded.is_empty() {
        give_back(table, rows, &orders, &total, &refunded, &mut worth);
    }
    rows.order.codes = codes;
    part_back(assigned, rows, &refunded, &mut worth);
    // what came back whole was paid back whole
    for (w, _) in worth.iter_mut().zip(&rows.undone).filter(|(w, undone)| **undone && w.is_finite()) {
        *w = 0.0;
    }
    rows.has.revenue |= worth.iter().any(|w| w.is_finite());
    rows.revenue = Amounts::Each(worth);
}

/// Units of an order's line that came back by their count, where no money was said to have gone back: their share of it did.
fn part_back(assigned: &Assigned, rows: &Rows, refunded: &Amounts, worth: &mut [f64]) {
    if assigned.column(Role::Order).is_none() || !refunded.is_empty() {
        return;
    }
    for (i, worth) in worth.iter_mut().enumerate() {
        let (units, back) = (rows.units.get(i), rows.returned.get(i));
        if units > 0.0 && back > 0.0 {
            *worth *= (1.0 - back / units).max(0.0);
        }
    }
}

/// Names of columns that say in which currency an order was paid.
pub(super) const CURRENCY: &str =
    "currency currencycode ordercurrency waluta wahrung waehrung wahrg devise moneda moeda valuta para parabirimi mena 通貨 币种 통화";

/// A currency's code or sign as it is written before amounts; `None` for a cell that is neither.
fn code_of(cell: &str) -> Option<String> {
    let cell = cell.trim();
    let letters = cell.len() == 3 && cell.bytes().all(|b| b.is_ascii_alphabetic());
    let sign = cell.chars().count() == 1 && cell.chars().all(|c| !c.is_alphanumeric() && !c.is_ascii_punctuation() || c == '$');
    (letters || sign).then(|| cell.to_uppercase())
}

/// Money of several currencies adds up to nothing: that of the commonest is kept, the other counts as unknown, and that is said.
pub(super) fn one_currency(table: &Table, rows: &mut Rows) {
    if rows.revenue.is_empty() && rows.price.is_empty() {
        return;
    }
    let Some(column) = table.columns.iter().find(|c| super::names::in_list(&c.name, CURRENCY)) else { return };
    let mut codes = super::values::Codes::of(column, table.rows);
    if codes.values.len() == 1 {
        rows.currency = codes.values.get(0).and_then(code_of);
    }
    if codes.values.len() < 2 || codes.values.len() > 200 {
        return;
    }
    // it may stand on an order's first line only
    let mut of_order = vec![NONE; rows.order.values.len()];
    for row in 0..table.rows {
        let Some(order) = of_order.get_mut(rows.order.code(row) as usize) else { continue };
        match codes.code(row) {
            NONE => codes.codes.set(row, *order),
            code => *order = code,
        }
    }
    let mut count = vec![0usize; codes.values.len()];
    for row in (0..rows.reason.len()).filter(|r| rows.reason[*r] == Reason::Used) {
        count.get_mut(codes.code(row) as usize).into_iter().for_each(|c| *c += 1);
    }
    let Some(main) = (0..count.len()).max_by_key(|i| (count[*i], count.len() - i)) else { return };
    rows.currency = codes.values.get(main).and_then(code_of);
    let others: usize = count.iter().sum::<usize>() - count[main];
    if others == 0 {
        return;
    }
    for row in 0..rows.reason.len() {
        let code = codes.code(row);
        if code != NONE && code as usize != main {
            if !rows.revenue.is_empty() {
                rows.revenue.set(row, f64::NAN);
            }
            if !rows.price.is_empty() {
                rows.price.set(row, f64::NAN);
            }
            // units taken away without a price would be no return
            rows.refund[row] |= rows.units.get(row) < 0.0;
        }
    }
    let name = |i: usize| codes.values.get(i).unwrap_or_default();
    let named: Vec<&str> = (0..count.len()).filter(|i| *i != main && count[*i] > 0).take(5).map(name).collect();
    let message = format!(
        "{} in {} beside {}: their units count, their money is left out, since sums of several currencies mean nothing",
        plural(others, "row"),
        named.join(", "),
        name(main)
    );
    rows.notes.push(
        Diagnostic::warning("currencies-mixed", message)
            .file(&table.file)
            .fix("export amounts in the shop's own currency, or one file a currency"),
    );
}

/// Quantity and what is left of it after refunds: the difference came back.
fn net_quantities(rows: &mut Rows, net: &Amounts) {
    if net.is_empty() {
        return;
    }
    rows.returned.or_blank(rows.reason.len());
    for (i, net) in net.iter().enumerate().filter(|(_, n)| n.is_finite()) {
        let back = rows.units.get(i) - net;
        if back > 0.0 && !rows.returned.get(i).is_finite() {
            rows.returned.set(i, back);
        }
    }
    rows.has.returned = true;
}

/// The rows of each order, orders as they first appear; a row without an order is one of its own, after them.
enum Orders<'a> {
    /// The rows of an order follow one another, as a rule: nothing but the file's own order is needed.
    Together(&'a Narrow, usize),
    /// Rows put in order, and where each order begins.
    Apart(Vec<u32>, Vec<u32>),
}

impl<'a> Orders<'a> {
    fn of(codes: &'a Narrow, rows: usize) -> Self {
        let (mut last, mut next, mut together) = (NONE, 0, true);
        for code in codes.iter() {
            if code != last && code != NONE {
                together &= code >= next;
                next = next.max(code + 1);
            }
            last = code;
        }
        if together {
            return Self::Together(codes, rows);
        }
        let place = |row: usize| codes.get(row).min(next) as usize;
        let mut starts = vec![0u32; next as usize + 2];
        (0..rows).for_each(|r| starts[place(r) + 1] += 1);
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        let (mut put, mut order) = (starts.clone(), vec![0u32; rows]);
        for row in 0..rows {
            let at = &mut put[place(row)];
            order[*at as usize] = row as u32;
            *at += 1;
        }
        Self::Apart(order, starts)
    }

    /// Something of all rows in parts, each with its first row, that divide no order whose rows are together.
    fn parts<'b, T>(&self, all: &'b mut [T]) -> Vec<(usize, &'b mut [T])> {
        let each = all.len().div_ceil(4 * rayon::current_num_threads()).max(1 << 14);
        let (mut out, mut from, mut rest) = (Vec::new(), 0, all);
        while !rest.is_empty() {
            let mut n = each.min(rest.len());
            if let Self::Together(codes, _) = self {
                while n < rest.len() && codes.get(from + n) != NONE && codes.get(from + n) == codes.get(from + n - 1) {
                    n += 1;
                }
            }
            let (mine, others) = rest.split_at_mut(n);
            out.push((from, mine));
            (from, rest) = (from + n, others);
        }
        out
    }

    fn each(&self, mut then: impl FnMut(&[usize])) {
        let mut lines: Vec<usize> = Vec::new();
        match self {
            Self::Together(codes, rows) => {
                together(codes, 0, *rows, |lines| {
                    if lines.first().is_some_and(|r| codes.get(*r) != NONE) {
                        then(lines);
                    }
                });
                (0..*rows).filter(|r| codes.get(*r) == NONE).for_each(|r| then(&[r]));
            }
            Self::Apart(order, starts) => {
                // the last are the rows without an order
                for (i, w) in starts.windows(2).enumerate() {
                    let mine = &order[w[0] as usize..w[1] as usize];
                    if i + 2 == starts.len() {
                        mine.iter().for_each(|r| then(&[*r as usize]));
                    } else {
                        lines.clear();
                        lines.extend(mine.iter().map(|r| *r as usize));
                        then(&lines);
                    }
                }
            }
        }
    }
}

/// The rows of each order between two rows, and each row without an order.
#[inline(always)]
fn together(codes: &Narrow, from: usize, to: usize, mut then: impl FnMut(&[usize])) {
    let (mut lines, mut row): (Vec<usize>, usize) = (Vec::new(), from);
    let mut next = codes.get(row);
    while row < to {
        let code = next;
        lines.clear();
        loop {
            lines.push(row);
            row += 1;
            next = codes.get(row);
            if row >= to || next != code || code == NONE {
                break;
            }
        }
        then(&lines);
    }
}

/// The first finite value among an order's lines: such cells are repeated or stand on the first line.
fn of_order(values: &Amounts, lines: &[usize]) -> Option<f64> {
    lines.iter().map(|i| values.get(*i)).find(|v| v.is_finite())
}

/// An order's total over its lines, by what each is worth, else by its units. `worth` is that of the rows from `from` on.
fn spread_total(rows: &Rows, lines: &[usize], total: &Amounts, from: usize, worth: &mut [f64]) {
    let Some(total) = of_order(total, lines) else { return };
    if let [only] = lines {
        worth[*only - from] = total;
        return;
    }
    let fits = |w: f64| w.is_finite() && w >= 0.0;
    let by_worth: f64 = lines.iter().map(|i| worth[*i - from]).sum();
    if by_worth > 0.0 && lines.iter().all(|i| fits(worth[*i - from])) {
        lines.iter().for_each(|i| worth[*i - from] = total * worth[*i - from] / by_worth);
        return;
    }
    let by_units: f64 = lines.iter().map(|i| rows.units.get(*i).abs()).sum();
    if by_units > 0.0 && lines.iter().all(|i| fits(rows.units.get(*i).abs())) {
        lines.iter().for_each(|i| worth[*i - from] = total * rows.units.get(*i).abs() / by_units);
        return;
    }
    let all = lines.len() as f64;
    lines.iter().for_each(|i| worth[*i - from] = total * 1.0 / all);
}

/// Refunds in money only: the whole order, then its units came back; a part, then nobody knows which, and that is said.
fn give_back(table: &Table, rows: &mut Rows, orders: &Orders<'_>, total: &Amounts, refunded: &Amounts, worth: &mut [f64]) {
    let (mut parts, mut money, mut first) = (0usize, 0.0, 0);
    let mut used: Vec<usize> = Vec::new();
    let mut one = |lines: &[usize]| {
        let Some(back) = of_order(refunded, lines).map(f64::abs).filter(|b| *b > 0.0) else { return };
        used.clear();
        used.extend(lines.iter().copied().filter(|i| rows.reason[*i] == Reason::Used));
        let taken: f64 = used.iter().map(|i| worth[*i]).filter(|w| w.is_finite()).sum();
        let all = of_order(total, lines).unwrap_or(taken);
        if used.is_empty() {
            return;
        }
        if all > 0.0 && back >= all * WHOLE {
            rows.returned.or_blank(rows.reason.len());
            for i in &used {
                let said = rows.returned.get(*i);
                if rows.units.get(*i) > 0.0 && (said.is_nan() || said <= 0.0) {
                    rows.returned.set(*i, rows.units.get(*i));
                }
            }
        } else {
            parts += 1;
            money += back;
            first = if first == 0 { table.line(rows.row(used[0])) } else { first };
        }
        if taken > 0.0 {
            let left = (1.0 - back / taken).max(0.0);
            used.iter().for_each(|i| worth[*i] *= left);
        }
    };
    orders.each(|lines| {
        if lines.iter().all(|i| refunded.get(*i).is_nan() || refunded.get(*i) == 0.0) {
            return;
        }
        // what differs from line to line is of the lines, what stands once or is repeated is of the order
        let mut said = lines.iter().map(|i| refunded.get(*i)).filter(|r| r.is_finite());
        let first = said.next();
        if said.any(|r| Some(r) != first) { lines.iter().for_each(|i| one(&[*i])) } else { one(lines) }
    });
    if parts > 0 {
        let message = format!(
            "{} refunded in part ({} in money) without saying which units: all count as sold",
            if parts == 1 { "1 order was".to_owned() } else { format!("{} were", plural(parts, "order")) },
            grouped(money, 2)
        );
        rows.notes.push(Diagnostic::info("refunds-without-units", message).file(&table.file).line(first));
    }
}
