//! The used rows of all files by series, each series in order of time: numbers and moments of rows only, four bytes each. What else a row holds stays in
//! its file's columns and is put together for one series at a time.

use super::rows::Rows;
use super::values::NONE;
use crate::base::Stamp;
use rayon::prelude::*;
use std::collections::HashSet;
use std::ops::Range;

const DAY: i64 = 86_400;

/// A used row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dated {
    /// Its number among the rows of all files.
    pub from: u32,
    pub at: Stamp,
    pub units: f64,
    pub revenue: f64,
    pub price: f64,
    pub in_stock: f64,
    pub stock: f64,
    pub promo: f64,
    pub returned: f64,
}

/// Days on which something stands in a file.
pub(super) type Days = HashSet<i64, foldhash::fast::RandomState>;

/// Rows by series.
pub(super) struct Gathered<'a> {
    files: Vec<&'a Rows>,
    /// The number of each file's first row.
    firsts: Vec<usize>,
    rows: Vec<u32>,
    /// Seconds from `base` to the moment of each of them, so that nobody has to look for it in its file; empty where they go back too far.
    at: Vec<u32>,
    base: i64,
    /// Where each series begins in `rows`, and where the last ends.
    starts: Vec<usize>,
    /// In place of the above, where the only file is in order of time.
    time: Option<InTime>,
    /// First and last moment of each series, and on how many days it has rows.
    pub spans: Vec<(Stamp, Stamp, usize)>,
    pub days: Days,
}

/// Rows at which a new day begins, with the days before and behind them.
type NewDays = Vec<(usize, i64, i64)>;

/// A file in order of time.
pub(super) struct InTime {
    /// The newest first.
    falling: bool,
    /// The series of each row, [`NONE`] where it is not used.
    keys: Vec<u32>,
    /// Rows at which a new day begins, with the days before and behind them.
    days: NewDays,
}

/// Some rows of such a file that follow one another, and the period in which they begin.
pub(super) struct TimePart {
    pub rows: Range<usize>,
    pub from: i64,
}

impl InTime {
    /// The rows in parts of about one size, in order of time, of which no two have a period in common.
    pub fn parts(&self, series: usize, period: impl Fn(i64) -> i64) -> Vec<TimePart> {
        let wanted = (4 * rayon::current_num_threads()).min(200_000 / series.max(1)).max(1);
        let each = self.keys.len().div_ceil(wanted).max(1);
        let (mut out, mut from, mut begins) = (Vec::new(), 0, i64::MIN);
        for (row, before, behind) in &self.days {
            if row - from >= each && period(*before) != period(*behind) {
                out.push(TimePart { rows: from..*row, from: if self.falling { period(*before) } else { begins } });
                (from, begins) = (*row, period(*behind));
            }
        }
        out.push(TimePart { rows: from..self.keys.len(), from: begins });
        if self.falling {
            // each begins with the period of its last rows, that of the last before all
            out.iter_mut().next_back().into_iter().for_each(|p| p.from = i64::MIN);
            out.reverse();
        }
        out
    }
}

impl<'a> Gathered<'a> {
    /// `keys`: for each row of each file its series, of which there are `series`; beyond that the row is not used. `sales`: rows are sales, not periods.
    pub fn new(files: Vec<&'a Rows>, mut keys: Vec<Vec<u32>>, series: usize, sales: bool) -> Self {
        if let ([file], [_], true) = (files.as_slice(), keys.as_slice(), sales)
            && let Some((falling, days, spans, all)) = in_time(&file.at, &keys[0], series)
        {
            let time = Some(InTime { falling, keys: keys.swap_remove(0), days });
            return Self {
                files,
                firsts: vec![0],
                rows: Vec::new(),
                at: Vec::new(),
                base: 0,
                starts: vec![0; series + 1],
                time,
                spans,
                days: all,
            };
        }
        Self::by_series(files, &keys, series)
    }

    fn by_series(files: Vec<&'a Rows>, keys: &[Vec<u32>], series: usize) -> Self {
        let mut firsts = Vec::with_capacity(files.len());
        let mut total = 0;
        for f in &files {
            firsts.push(total);
            total += f.reason.len();
        }
        let mut starts = vec![0usize; series + 1];
        let used = |k: &u32| (*k as usize) < series;
        keys.iter().flatten().filter(|k| used(k)).for_each(|k| starts[*k as usize + 1] += 1);
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        let (spans, days) = (Vec::new(), Days::default());
        let mut out = Self { files, firsts, rows: Vec::new(), at: Vec::new(), base: 0, starts, time: None, spans, days };
        let ends = || keys.iter().zip(&out.files).flat_map(|(k, f)| k.iter().zip(&f.at)).filter(|(k, _)| used(k)).map(|(_, at)| at.0);
        let (first, last) = ends().fold((i64::MAX, i64::MIN), |(a, b), at| (a.min(at), b.max(at)));
        let near = last.checked_sub(first).is_some_and(|d| u32::try_from(d).is_ok());
        out.base = if near { first } else { 0 };
        let mut put = out.starts.clone();
        let all = out.starts.last().copied().unwrap_or(0);
        let (mut rows, mut at) = (vec![0u32; all], vec![0u32; if near { all } else { 0 }]);
        let mut number = 0u32;
        for (keys, file) in keys.iter().zip(&out.files) {
            for (i, key) in keys.iter().enumerate() {
                if let Some(to) = put.get_mut(*key as usize).filter(|_| used(key)) {
                    rows[*to] = number;
                    if near {
                        at[*to] = (file.at.get(i).map_or(first, |a| a.0) - first) as u32;
                    }
                    *to += 1;
                }
                number += 1;
            }
        }
        out.sort(rows, at);
        out
    }

    /// Puts the rows of each series in order of time; rows of one moment stay in the order of the files.
    fn sort(&mut self, mut rows: Vec<u32>, mut at: Vec<u32>) {
        let mut slices = Vec::with_capacity(self.len());
        let (mut rest, mut rest_at) = (rows.as_mut_slice(), at.as_mut_slice());
        for w in self.starts.windows(2) {
            let (mine, others) = rest.split_at_mut(w[1] - w[0]);
            let (moments, later) = rest_at.split_at_mut((w[1] - w[0]).min(rest_at.len()));
            slices.push((mine, moments));
            (rest, rest_at) = (others, later);
        }
        let one = |buffer: &mut Vec<(Stamp, u32)>, mine: &mut [u32], moments: &mut [u32], days: &mut Days| {
            buffer.clear();
            if moments.is_empty() {
                buffer.extend(mine.iter().map(|r| (self.at(*r), *r)));
            } else {
                buffer.extend(mine.iter().zip(moments.iter()).map(|(r, at)| (Stamp(self.base + i64::from(*at)), *r)));
            }
            in_order(buffer);
            mine.iter_mut().zip(buffer.iter()).for_each(|(m, b)| *m = b.1);
            moments.iter_mut().zip(buffer.iter()).for_each(|(m, b)| *m = (b.0.0 - self.base) as u32);
            let (mut active, mut last, mut until) = (0, None, i64::MIN);
            for at in buffer.iter().map(|b| b.0.0) {
                // rising, so the day of the row before lasts for a while
                if at < until && last.is_some() {
                    continue;
                }
                let day = at.div_euclid(DAY);
                until = (day + 1) * DAY;
                if last != Some(day) {
                    active += 1;
                    days.insert(day);
                }
                last = Some(day);
            }
            let ends = buffer.first().zip(buffer.last()).map_or((Stamp::default(), Stamp::default()), |(a, b)| (a.0, b.0));
            (ends.0, ends.1, active)
        };
        let share = slices.len().div_ceil(8 * rayon::current_num_threads()).max(1);
        let done: Vec<(Vec<_>, Days)> = slices
            .par_chunks_mut(share)
            .map(|some| {
                let (mut buffer, mut days) = (Vec::new(), Days::default());
                (some.iter_mut().map(|(mine, moments)| one(&mut buffer, mine, moments, &mut days)).collect(), days)
            })
            .collect();
        for (spans, days) in done {
            self.spans.extend(spans);
            self.days.extend(days);
        }
        (self.rows, self.at) = (rows, at);
    }

    /// How many series.
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }
    /// First and last moment of all.
    pub fn ends(&self) -> Option<(Stamp, Stamp)> {
        let known = || self.spans.iter().filter(|s| s.2 > 0);
        Some((known().map(|s| s.0).min()?, known().map(|s| s.1).max()?))
    }
    /// A series has rows.
    pub fn has(&self, series: usize) -> bool {
        self.spans.get(series).is_some_and(|s| s.2 > 0)
    }
    /// The rows, if they are in order of time.
    pub fn in_time(&self) -> Option<&InTime> {
        self.time.as_ref()
    }
    /// The used ones among these rows of a file in order of time, so many at a time in that order, each with its series.
    pub fn each_in_time(&self, time: &InTime, rows: Range<usize>, mut then: impl FnMut(&[Dated], &[u32])) {
        let [file] = self.files.as_slice() else { return };
        let is_used = |row: usize| time.keys.get(row).is_some_and(|k| *k != NONE);
        let (mut part, mut buffer, mut keys) = (Vec::with_capacity(PART), Vec::with_capacity(PART), Vec::with_capacity(PART));
        let mut flush = |part: &mut Vec<u32>| {
            buffer.clear();
            keys.clear();
            buffer.extend(part.iter().map(|n| Dated { at: file.at.get(*n as usize).copied().unwrap_or_default(), ..Dated::none(*n) }));
            keys.extend(part.iter().map(|n| time.keys.get(*n as usize).copied().unwrap_or(NONE)));
            look_up(file, part, &mut buffer);
            then(&buffer, &keys);
            part.clear();
        };
        if time.falling {
            let mut end = rows.end;
            while end > rows.start {
                // rows of one moment stay in the order of the file
                let (mut begin, mut moment) = (end, None);
                while begin > rows.start {
                    if is_used(begin - 1) {
                        let at = file.at.get(begin - 1).copied();
                        if moment.is_some_and(|m| m != at) {
                            break;
                        }
                        moment = Some(at);
                    }
                    begin -= 1;
                }
                for row in (begin..end).filter(|r| is_used(*r)) {
                    part.push(row as u32);
                    if part.len() == PART {
                        flush(&mut part);
                    }
                }
                end = begin;
            }
        } else {
            for row in rows.filter(|r| is_used(*r)) {
                part.push(row as u32);
                if part.len() == PART {
                    flush(&mut part);
                }
            }
        }
        flush(&mut part);
    }
    /// The numbers of a series' rows; none where they are in order of time.
    pub fn of(&self, series: usize) -> &[u32] {
        self.starts.get(series).zip(self.starts.get(series + 1)).and_then(|(a, b)| self.rows.get(*a..*b)).unwrap_or_default()
    }
    /// The file of a row, and its row there.
    pub fn place(&self, number: u32) -> (usize, usize) {
        let file = self.firsts.partition_point(|f| *f <= number as usize).max(1) - 1;
        (file, number as usize - self.firsts.get(file).copied().unwrap_or(0))
    }
    fn at(&self, number: u32) -> Stamp {
        if let [only] = self.files.as_slice() {
            return only.at.get(number as usize).copied().unwrap_or_default();
        }
        let (file, row) = self.place(number);
        self.files.get(file).and_then(|f| f.at.get(row)).copied().unwrap_or_default()
    }
    /// The moments of a series' rows.
    pub fn moments(&self, series: usize) -> impl Iterator<Item = Stamp> + '_ {
        let at = self.moments_of(series);
        self.of(series).iter().enumerate().map(move |(i, r)| at.get(i).map_or_else(|| self.at(*r), |at| Stamp(self.base + i64::from(*at))))
    }
    /// Seconds from the base, where they are known.
    fn moments_of(&self, series: usize) -> &[u32] {
        self.starts.get(series).zip(self.starts.get(series + 1)).and_then(|(a, b)| self.at.get(*a..*b)).unwrap_or_default()
    }
    /// Puts the rows of a series together, so many at a time: column by column, so that memory is asked for many of them at once.
    pub fn each(&self, series: usize, buffer: &mut Vec<Dated>, mut then: impl FnMut(&[Dated])) {
        let mut moments = self.moments_of(series);
        for part in self.of(series).chunks(PART) {
            buffer.clear();
            if let [only] = self.files.as_slice() {
                buffer.extend(part.iter().map(|n| Dated::none(*n)));
                look_up(only, part, buffer);
            } else {
                buffer.extend(part.iter().map(|n| {
                    let (file, i) = self.place(*n);
                    let mut one = Dated::none(*n);
                    self.files.get(file).into_iter().for_each(|r| look_up(r, &[i as u32], std::slice::from_mut(&mut one)));
                    one
                }));
            }
            let (mine, later) = moments.split_at(part.len().min(moments.len()));
            moments = later;
            if mine.is_empty() {
                buffer.iter_mut().for_each(|b| b.at = self.at(b.from));
            }
            buffer.iter_mut().zip(mine).for_each(|(b, at)| b.at = Stamp(self.base + i64::from(*at)));
            then(buffer);
        }
    }
}

/// Rows looked up at once.
pub(super) const PART: usize = 256;

/// First and last moment of each series, and on how many days it has rows.
type Spans = Vec<(Stamp, Stamp, usize)>;

/// Whether rows (those that are used) are in order of time, the newest first or last; where new days begin, each series' span, and all days.
fn in_time(at: &[Stamp], keys: &[u32], series: usize) -> Option<(bool, NewDays, Spans, Days)> {
    let mut spans = vec![(Stamp(i64::MAX), Stamp(i64::MIN), 0); series];
    let mut last_day = vec![i64::MIN; series];
    let (mut rises, mut falls) = (false, false);
    let (mut breaks, mut all) = (Vec::new(), Days::default());
    let (mut before, mut day, mut lasts) = (None, 0, 0..0);
    for (row, (key, at)) in keys.iter().zip(at).enumerate() {
        let Some(span) = spans.get_mut(*key as usize) else { continue };
        if let Some(before) = before {
            rises |= *at > before;
            falls |= *at < before;
            if rises && falls {
                return None;
            }
        }
        if !lasts.contains(&at.0) {
            let new = at.0.div_euclid(DAY);
            lasts = new * DAY..(new + 1) * DAY;
            if before.is_some() {
                breaks.push((row, day, new));
            }
            all.insert(new);
            day = new;
        }
        before = Some(*at);
        (span.0, span.1) = (span.0.min(*at), span.1.max(*at));
        let last = &mut last_day[*key as usize];
        span.2 += usize::from(*last != day);
        *last = day;
    }
    spans.iter_mut().filter(|s| s.2 == 0).for_each(|s| (s.0, s.1) = Default::default());
    Some((falls, breaks, spans, all))
}

impl Dated {
    fn none(from: u32) -> Self {
        let none = f64::NAN;
        let (units, revenue, price, in_stock, stock, promo, returned) = (none, none, none, none, none, none, none);
        Self { from, at: Stamp::default(), units, revenue, price, in_stock, stock, promo, returned }
    }
}

/// What stands in these rows of a file, but when.
fn look_up(r: &Rows, rows: &[u32], into: &mut [Dated]) {
    r.units.each_of(rows, |k, v| into[k].units = v);
    r.revenue.each_of(rows, |k, v| into[k].revenue = v);
    r.price.each_of(rows, |k, v| into[k].price = v.abs());
    r.in_stock.each_of(rows, |k, v| into[k].in_stock = v);
    r.stock.each_of(rows, |k, v| into[k].stock = v);
    r.promo.each_of(rows, |k, v| into[k].promo = v);
    r.returned.each_of(rows, |k, v| into[k].returned = v);
    for (row, out) in rows.iter().zip(into.iter_mut()) {
        if r.refund.get(*row as usize) == Some(&true) && out.units > 0.0 {
            (out.units, out.revenue) = (-out.units, -out.revenue.abs());
        }
    }
}

/// Puts rows in order of time, those of one moment as they were. Exports are in order as a rule, the oldest or the newest first.
fn in_order(rows: &mut [(Stamp, u32)]) {
    if rows.is_sorted() {
        return;
    }
    if rows.windows(2).all(|w| w[0].0 >= w[1].0) {
        rows.reverse();
        rows.chunk_by_mut(|a, b| a.0 == b.0).for_each(|same| same.reverse());
    }
    if !rows.is_sorted() {
        rows.sort_unstable();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn rows_in_any_order_are_put_in_order(mut at in prop::collection::vec(0i64..9, 0..30), order in 0usize..3) {
            match order {
                0 => at.sort_unstable(),
                1 => at.sort_unstable_by_key(|a| -a),
                _ => {}
            }
            let mut got: Vec<(Stamp, u32)> = at.iter().enumerate().map(|(i, a)| (Stamp(*a), i as u32)).collect();
            let mut want = got.clone();
            want.sort_unstable();
            in_order(&mut got);
            prop_assert_eq!(got, want);
        }
    }
}
