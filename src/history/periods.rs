//! What the rows of a series add up to in each of its periods, and series put together from a file that is in order of time, as exports are as a rule:
//! period by period, all series at once, so that no row has to be looked for.
//!
//! Rows of a series come in order of time here as where they are [gathered](super::gather) first, so sums are the same to the last bit.

use super::gather::{Dated, Gathered, InTime};
use super::model::Series;
use super::regular::{Key, Plan, Span};
use super::values::NONE;
use crate::base::{Calendar, Stamp};
use rayon::prelude::*;

/// The rows of one period of one series so far.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sum {
    /// How many.
    pub rows: u32,
    empty: bool,
    y: f64,
    revenue: f64,
    returned: f64,
    price: f64,
    weight: f64,
    stock_share: f64,
    stock_rows: f64,
    promo: f64,
}

impl Sum {
    /// No rows.
    pub fn none(plan: &Plan) -> Self {
        let blank = plan.blank();
        Self {
            rows: 0,
            empty: false,
            y: blank,
            revenue: blank,
            returned: 0.0,
            price: 0.0,
            weight: 0.0,
            stock_share: 0.0,
            stock_rows: 0.0,
            promo: blank,
        }
    }

    /// One more. `signed`: what is below zero is no return.
    #[inline(always)]
    pub fn add(&mut self, r: &Dated, signed: bool) {
        self.rows += 1;
        let add = |slot: &mut f64, v: f64| *slot = if slot.is_nan() { v } else { *slot + v };
        if r.units >= 0.0 || signed {
            add(&mut self.y, r.units);
        } else if r.units < 0.0 {
            add(&mut self.y, 0.0);
            self.returned -= r.units;
        }
        if r.returned.is_finite() {
            self.returned += r.returned.abs();
        }
        let money = if r.revenue.is_finite() { r.revenue } else { r.units * r.price };
        if money.is_finite() {
            add(&mut self.revenue, money);
        }
        let each = if r.price.is_finite() { r.price } else { r.revenue / r.units };
        if each.is_finite() && each >= 0.0 {
            // a row that sold nothing still shows its price
            let w = if r.units > 0.0 { r.units } else { 1e-9 };
            self.price += w * each;
            self.weight += w;
        }
        if r.in_stock.is_finite() {
            self.stock_share += r.in_stock.clamp(0.0, 1.0);
            self.stock_rows += 1.0;
        }
        if r.stock.is_finite() {
            self.empty = r.stock <= 0.0;
        }
        if r.promo.is_finite() {
            self.promo = if self.promo.is_nan() { r.promo } else { self.promo.max(r.promo) };
        }
    }

    fn in_stock(&self, plan: &Plan) -> f64 {
        if self.empty {
            0.0
        } else if self.stock_rows > 0.0 {
            // days without a row sold nothing from a filled shelf
            let days = if plan.transactions { plan.chosen.period.days().round().max(self.stock_rows) } else { self.stock_rows };
            (self.stock_share + days - self.stock_rows) / days
        } else {
            1.0
        }
    }
}

/// The columns of a series; empty where there is none.
pub(super) struct Values {
    y: Vec<f64>,
    revenue: Vec<f64>,
    price: Vec<f64>,
    in_stock: Vec<f64>,
    promo: Vec<f64>,
    returned: Vec<f64>,
}

/// Some periods of them.
struct Slices<'a> {
    y: &'a mut [f64],
    revenue: &'a mut [f64],
    price: &'a mut [f64],
    in_stock: &'a mut [f64],
    promo: &'a mut [f64],
    returned: &'a mut [f64],
}

impl Values {
    /// So many periods without rows.
    pub fn none(n: usize, plan: &Plan) -> Self {
        let some = |wanted: bool, value: f64| if wanted { vec![value; n] } else { Vec::new() };
        let money = (plan.has.revenue || plan.has.price) && !plan.value;
        let blank = plan.blank();
        Self {
            y: some(true, blank),
            revenue: some(money, blank),
            price: some(money, f64::NAN),
            in_stock: some(plan.has.in_stock || plan.has.stock, 1.0),
            promo: some(plan.has.promo, blank),
            returned: some(true, 0.0),
        }
    }

    fn slices(&mut self) -> Slices<'_> {
        Slices {
            y: &mut self.y,
            revenue: &mut self.revenue,
            price: &mut self.price,
            in_stock: &mut self.in_stock,
            promo: &mut self.promo,
            returned: &mut self.returned,
        }
    }

    /// Puts what a period's rows add up to in its place.
    pub fn put(&mut self, t: usize, sum: &Sum, plan: &Plan) {
        self.slices().put(t, sum, plan);
    }

    /// The series.
    pub fn series(self, key: &Key, start: Stamp, last_stock: Option<f64>, plan: &Plan) -> Series {
        let some = |v: Vec<f64>| (!v.is_empty()).then_some(v);
        Series {
            unique_id: key.unique_id.clone(),
            item: key.item.clone(),
            location: key.location.clone(),
            description: key.description.clone(),
            start,
            revenue: some(self.revenue),
            price: some(self.price),
            in_stock: some(self.in_stock),
            promo: some(self.promo),
            returned: self.returned.iter().any(|r| *r > 0.0).then_some(self.returned),
            last_stock: last_stock.filter(|_| plan.has.stock),
            y: self.y,
        }
    }
}

impl<'a> Slices<'a> {
    #[inline]
    fn put(&mut self, t: usize, sum: &Sum, plan: &Plan) {
        let put = |slots: &mut [f64], value: f64| slots.get_mut(t).into_iter().for_each(|s| *s = value);
        put(self.y, sum.y);
        put(self.revenue, sum.revenue);
        put(self.price, if sum.weight > 0.0 { sum.price / sum.weight } else { f64::NAN });
        if !self.in_stock.is_empty() {
            put(self.in_stock, sum.in_stock(plan));
        }
        put(self.promo, sum.promo);
        put(self.returned, sum.returned);
    }

    /// The first periods, so many, and the others.
    fn split(self, n: usize) -> (Self, Self) {
        let cut = |slots: &'a mut [f64]| {
            let n = n.min(slots.len());
            slots.split_at_mut(n)
        };
        let (y, revenue, price) = (cut(self.y), cut(self.revenue), cut(self.price));
        let (in_stock, promo, returned) = (cut(self.in_stock), cut(self.promo), cut(self.returned));
        (
            Slices { y: y.0, revenue: revenue.0, price: price.0, in_stock: in_stock.0, promo: promo.0, returned: returned.0 },
            Slices { y: y.1, revenue: revenue.1, price: price.1, in_stock: in_stock.1, promo: promo.1, returned: returned.1 },
        )
    }
}

/// What a part of the file gave: rows outside all periods, rows beyond the first of a series and period, and each series' last stock.
type Part = (Vec<u32>, usize, Vec<Option<f64>>);

/// The series that have a span, in their order, from rows in order of time; rows outside their periods; and how many share a series and period with
/// another. `first` is where the first period of all begins.
pub(super) fn in_time(rows: &Gathered<'_>, time: &InTime, spans: &[Span<'_>], first: Stamp, plan: &Plan) -> (Vec<Series>, Vec<u32>, usize) {
    let grid = Calendar::new(plan.chosen.period, first);
    // for each key its series, and where that begins
    let mut place = vec![(NONE, 0i64); rows.len()];
    let mut values = Vec::with_capacity(spans.len());
    let (mut begins, mut last) = (Vec::with_capacity(spans.len()), -1);
    for (key, _, span) in spans {
        if let Some((calendar, end)) = span {
            let from = grid.index(calendar.start);
            place[*key] = (values.len() as u32, from);
            last = last.max(from + end);
            begins.push(from);
            values.push(Values::none(*end as usize + 1, plan));
        }
    }
    let parts = time.parts(values.len(), |day| grid.index(Stamp(day * 86_400)));
    // each part has the periods from its first to that of the next
    let mut slices: Vec<Vec<Slices<'_>>> = parts.iter().map(|_| Vec::with_capacity(values.len())).collect();
    for (all, from) in values.iter_mut().zip(&begins) {
        let mut rest = all.slices();
        let mut begin = *from;
        for (k, slices) in slices.iter_mut().enumerate() {
            let to = parts.get(k + 1).map_or(i64::MAX, |p| p.from).max(begin);
            let (mine, others) = rest.split(usize::try_from(to - begin).unwrap_or(usize::MAX));
            slices.push(mine);
            (rest, begin) = (others, to.max(begin));
        }
    }
    let done: Vec<Part> = parts
        .par_iter()
        .zip(slices)
        .with_max_len(1)
        .map(|(part, mut slices)| {
            let (mut outside, mut merged) = (Vec::new(), 0);
            let mut stock = vec![None; if plan.has.stock { slices.len() } else { 0 }];
            let mut open = vec![Sum::none(plan); slices.len()];
            let mut touched: Vec<(u32, i64)> = Vec::new();
            // the period of the row before, and until when it lasts
            let (mut t, mut until) = (i64::MIN, Stamp(i64::MIN));
            let mut close = |t: i64, touched: &mut Vec<(u32, i64)>, open: &mut [Sum]| {
                for (series, from) in touched.drain(..) {
                    let sum = &mut open[series as usize];
                    // its first period here is that of the part, or its own
                    let slot = t - from.max(part.from);
                    slices[series as usize].put(usize::try_from(slot).unwrap_or(usize::MAX), sum, plan);
                    *sum = Sum::none(plan);
                }
            };
            rows.each_in_time(time, part.rows.clone(), |some, keys| {
                for (r, key) in some.iter().zip(keys) {
                    if r.at >= until {
                        close(t, &mut touched, &mut open);
                        t = grid.index(r.at);
                        until = grid.at(t + 1);
                    }
                    let (series, from) = place[*key as usize];
                    if series == NONE || t < from || t > last {
                        outside.push(r.from);
                        continue;
                    }
                    let sum = &mut open[series as usize];
                    if sum.rows == 0 {
                        touched.push((series, from));
                    } else {
                        merged += 1;
                    }
                    sum.add(r, plan.value);
                    if r.stock.is_finite() {
                        stock.get_mut(series as usize).into_iter().for_each(|s| *s = Some(r.stock));
                    }
                }
            });
            close(t, &mut touched, &mut open);
            (outside, merged, stock)
        })
        .collect();
    let (mut outside, mut merged, mut stock) = (Vec::new(), 0, vec![None; values.len()]);
    for (more, again, later) in done {
        outside.extend(more);
        merged += again;
        stock.iter_mut().zip(later).filter(|s| s.1.is_some()).for_each(|(s, l)| *s = l);
    }
    let known = spans.iter().filter_map(|(_, key, span)| Some((*key, span.as_ref()?.0.start)));
    let series = known.zip(values).zip(stock).map(|(((key, start), v), stock)| v.series(key, start, stock, plan)).collect();
    (series, outside, merged)
}

#[cfg(test)]
mod tests {
    use super::super::amounts::Amounts;
    use super::super::regular::{self, Chosen};
    use super::super::rows::{Has, Reason, Rows};
    use super::*;
    use crate::base::Period;
    use proptest::prelude::*;

    /// When, which series, units, and what else follows from.
    type Sale = (i64, u32, i32, u32);

    proptest! {
        #![proptest_config(crate::base::cases::cases(400))]

        /// Adding up in order of time, all series at once, gives what adding up series by series gives, to the last bit.
        #[test]
        fn periods_and_series_add_up_alike(
            mut sales in prop::collection::vec((0i64..400, 0u32..5, -2i32..9, 0u32..900), 1..200),
            step in prop_oneof![Just(1i64), Just(7200), Just(50_000), Just(400_000)],
            falling: bool,
            unused in 2usize..9,
            period in 0usize..4,
            value: bool,
        ) {
            sales.sort_by_key(|s| if falling { -s.0 } else { s.0 });
            let n = sales.len();
            let some = |of: &dyn Fn(&Sale) -> f64| sales.iter().map(of).collect::<Amounts>();
            let blank = |v: u32, x: f64| if v.is_multiple_of(7) { f64::NAN } else { x };
            let rows = Rows {
                reason: vec![Reason::Used; n],
                // rows that are not used stand anywhere in time
                at: sales.iter().enumerate().map(|(i, s)| Stamp(if i % unused == 1 { 0 } else { 1_700_000_000 + s.0 * step })).collect(),
                units: some(&|s| f64::from(s.2)),
                revenue: some(&|s| blank(s.3, f64::from(s.3) / 7.0)),
                price: some(&|s| blank(s.3 / 7, f64::from(s.3) / 3.0)),
                stock: some(&|s| blank(s.3 / 49, f64::from(s.3 % 3))),
                promo: some(&|s| f64::from(s.3 % 2)),
                refund: sales.iter().map(|s| s.3.is_multiple_of(11)).collect(),
                ..Rows::default()
            };
            let keys: Vec<u32> = sales.iter().enumerate().map(|(i, s)| if i % unused == 1 { NONE } else { s.1 }).collect();
            let chosen = Chosen { period: [Period::Hour, Period::Day, Period::Week, Period::Month][period], reason: String::new(), standard: true };
            let has = Has { revenue: true, price: true, stock: true, promo: true, ..Has::default() };
            let plan = Plan { chosen, transactions: true, native: None, value, has, totals: false, as_of: None };
            let names: Vec<Key> = (0..5)
                .map(|i| Key { unique_id: format!("{i}").into(), item: "".into(), location: "".into(), description: None })
                .collect();
            let told = |sales: bool| {
                let rows = Gathered::new(vec![&rows], vec![keys.clone()], 5, sales);
                assert_eq!(rows.in_time().is_some(), sales);
                regular::build(&rows, &names, &plan).map(|mut b| {
                    b.outside.sort_unstable();
                    (format!("{:?}", b.series), b.outside, b.notes.len())
                }).map_err(|e| format!("{e:?}"))
            };
            prop_assert_eq!(told(true), told(false));
        }
    }
}
