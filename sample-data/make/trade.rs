//! Three years of keeping shop: deliveries come in, old units are thrown out, customers buy what is there, and on the
//! supplier's order days the owner reorders by a rule of thumb. Sales are what was wanted *and* on the shelf.
//!
//! The rule: average sales of the last eight weeks, times the days until the next delivery as the price list promises it,
//! times a gut factor; below that, order for some weeks more, in whole packs. It believes the promised lead time, looks
//! at sales instead of demand, and knows of Christmas only vaguely: that is where it loses money.

use super::calendar::{DAYS, christmas, in_season};
use super::catalogue::{Category, ITEMS, Item, SHOPS, SUPPLIERS};
use super::demand::{demand, on_sale, price_cut, stream};
use rand_distr::{Distribution, Gamma};
use std::collections::{BTreeMap, VecDeque};

/// A delivery, done or under way; days are indices of the history.
pub struct Order {
    pub item: usize,
    pub shop: usize,
    pub ordered: usize,
    pub arrives: usize,
    pub quantity: u32,
}

/// Units received together, to be thrown out at the start of day `expires` (`None`: they keep).
#[derive(Debug, Clone, Copy)]
pub struct Batch {
    pub units: u32,
    pub expires: Option<usize>,
}

/// What happened to one item in one shop.
pub struct Line {
    pub item: usize,
    pub shop: usize,
    /// By day: units sold, unit price paid, and whether any were left at closing. Only while it was on sale.
    pub days: Vec<Day>,
    /// Stock at the end of the last day, oldest first.
    pub stock: Vec<Batch>,
}

/// One day of one line.
#[derive(Debug, Clone, Copy)]
pub struct Day {
    pub day: usize,
    pub sold: u32,
    pub price: f64,
    pub in_stock: bool,
}

/// Everything that happened.
pub struct Trade {
    pub lines: Vec<Line>,
    pub orders: Vec<Order>,
}

struct Shelf {
    line: Line,
    wanted: Vec<u32>,
    sales: VecDeque<u32>,
    batches: VecDeque<Batch>,
}

impl Shelf {
    fn on_hand(&self) -> u32 {
        self.batches.iter().map(|b| b.units).sum()
    }
    fn take(&mut self, mut units: u32) -> u32 {
        let mut taken = 0;
        while let Some(b) = self.batches.front_mut().filter(|_| units > 0) {
            let n = b.units.min(units);
            b.units -= n;
            units -= n;
            taken += n;
            if b.units == 0 {
                self.batches.pop_front();
            }
        }
        taken
    }
}

/// The shelf price on a day: list prices went up 3 % each April, to the nearest five pence; cuts are off that.
pub fn list_price(item: &Item, d: usize) -> f64 {
    let aprils_to_come = [183usize, 548, 913].iter().filter(|&&a| d < a).count() as i32;
    (item.price / 1.03f64.powi(aprils_to_come) * 20.0).round() / 20.0
}

/// Run the shops from the first day to the last.
pub fn run() -> Trade {
    let mut shelves: Vec<Shelf> = Vec::new();
    for (item, it) in ITEMS.iter().enumerate() {
        for (shop, s) in SHOPS.iter().enumerate() {
            if s.0.chars().next().is_some_and(|c| it.shops.contains(c)) {
                let line = Line { item, shop, days: Vec::with_capacity(DAYS), stock: Vec::new() };
                shelves.push(Shelf { line, wanted: demand(it, shop), sales: VecDeque::new(), batches: VecDeque::new() });
            }
        }
    }
    let mut orders: Vec<Order> = Vec::new();
    for d in 0..DAYS {
        for order in orders.iter().filter(|o| o.arrives == d) {
            if let Some(s) = shelves.iter_mut().find(|s| s.line.item == order.item && s.line.shop == order.shop) {
                let keeps = ITEMS[order.item].keeps;
                let expires = (keeps > 0).then_some(d + keeps as usize);
                s.batches.push_back(Batch { units: order.quantity, expires });
            }
        }
        for s in &mut shelves {
            trade_day(s, d);
        }
        review(&shelves, &mut orders, d);
    }
    let mut lines = Vec::with_capacity(shelves.len());
    for mut s in shelves {
        s.line.stock = s.batches.into_iter().collect();
        lines.push(s.line);
    }
    Trade { lines, orders }
}

fn trade_day(s: &mut Shelf, d: usize) {
    let item = &ITEMS[s.line.item];
    let (from, until) = on_sale(item);
    if d == from {
        // the first fill: three weeks of the owner's guess, which is right on average
        let guess = item.rate * SHOPS[s.line.shop].3 * if item.keeps > 0 && item.keeps < 15 { 5.0 } else { 24.0 };
        let units = (guess / f64::from(item.pack)).ceil().max(1.0) as u32 * item.pack;
        s.batches.push_back(Batch { units, expires: (item.keeps > 0).then_some(d + item.keeps as usize) });
    }
    if d == until {
        s.batches.clear();
    }
    while s.batches.front().is_some_and(|b| b.expires.is_some_and(|e| e <= d)) {
        s.batches.pop_front();
    }
    if !(from..until).contains(&d) || !in_season(item.code, d) {
        return;
    }
    let wanted = s.wanted.get(d).copied().unwrap_or(0);
    let sold = s.take(wanted);
    let cut = price_cut(item, s.line.shop, d).0;
    let price = (list_price(item, d) * (1.0 - cut) * 100.0).round() / 100.0;
    s.line.days.push(Day { day: d, sold, price, in_stock: s.on_hand() > 0 });
    s.sales.push_back(sold);
    if s.sales.len() > 56 {
        s.sales.pop_front();
    }
}

/// The owner's round at closing time.
fn review(shelves: &[Shelf], orders: &mut Vec<Order>, d: usize) {
    // one delivery brings everything ordered from a supplier for a shop that day
    let mut lead_times: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for s in shelves {
        let item = &ITEMS[s.line.item];
        let supplier = &SUPPLIERS[item.supplier];
        let (from, until) = on_sale(item);
        let winding_up = until < DAYS && d + 45 >= until;
        let pausing = !in_season(item.code, d + supplier.quoted_days as usize + 1);
        if d < from || winding_up || pausing || !supplier.order_days.contains(&((d % 7) as u32)) {
            continue;
        }
        let seen = s.sales.iter().sum::<u32>();
        let per_day = if s.sales.len() < 14 { item.rate * SHOPS[s.line.shop].3 } else { f64::from(seen.max(1)) / s.sales.len() as f64 };
        // remembers that Christmas is coming, but only half of it
        let ahead = (d + supplier.quoted_days as usize + 7).min(d + 40);
        let now = christmas(item.category, item.code, d).max(0.2);
        let season = (christmas(item.category, item.code, ahead) / now).clamp(0.5, 9.0);
        let per_day = per_day * (1.0 + 0.55 * (season - 1.0));
        let gap = 7.0 / supplier.order_days.len() as f64;
        let short_lived = item.keeps > 0 && item.keeps < 15;
        let caution = if short_lived { 1.1 } else { supplier.caution };
        let reorder = per_day * (supplier.quoted_days + gap) * caution + if item.category == Category::Spares { 1.0 } else { 0.5 };
        let coming: u32 =
            orders.iter().filter(|o| o.item == s.line.item && o.shop == s.line.shop && o.arrives > d).map(|o| o.quantity).sum();
        let position = f64::from(s.on_hand() + coming);
        if position > reorder {
            continue;
        }
        let cycle = if short_lived { supplier.cycle_days.min(f64::from(item.keeps) * 0.5) } else { supplier.cycle_days };
        let packs = ((reorder + per_day * cycle - position) / f64::from(item.pack)).ceil().max(1.0) as u32;
        let days = *lead_times.entry((item.supplier, s.line.shop)).or_insert_with(|| lead_time(item.supplier, s.line.shop, d));
        orders.push(Order { item: s.line.item, shop: s.line.shop, ordered: d, arrives: d + days, quantity: packs * item.pack });
    }
}

/// A lead time as it turns out: gamma with the supplier's mean and spread, now and then a week late; no delivery on Sundays.
fn lead_time(supplier: usize, shop: usize, d: usize) -> usize {
    let s = stream("lead time", (supplier * 8 + shop) as u64);
    let mut rng = s.rng(d as u64 * 64);
    let (mean, sd) = SUPPLIERS[supplier].true_days;
    let (shape, scale) = ((mean / sd).powi(2), sd * sd / mean);
    let mut days = Gamma::new(shape, scale).map_or(mean, |g| g.sample(&mut rng)).round().max(1.0) as usize;
    if s.unit(d as u64 * 64 + 63) < 0.03 && mean > 3.5 {
        days += 7;
    }
    if (d + days) % 7 == 6 { days + 1 } else { days }
}
