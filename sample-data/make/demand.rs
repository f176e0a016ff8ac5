//! What customers wanted, day by day: a known mean times shared, slow and daily noise, counted as a gamma-mixed Poisson
//! (negative binomial). Spare parts come in rare bursts instead; some coffee orders are an office stocking up.

use super::calendar::{self, DAYS, day};
use super::catalogue::{Category, DISCONTINUED, Item, LAUNCHED, SHOPS, Season};
use rand_distr::{Distribution, Gamma, Normal, Poisson};
use stockcast::base::random::{Purpose, Stream, hash_id};

/// Seed of everything made up here.
pub const SEED: u64 = 20_261_004;

/// The stream of a named kind of chance; `part` keeps one name's draws apart.
pub fn stream(name: &str, part: u64) -> Stream {
    Stream::new(SEED, hash_id(name), Purpose::Synthetic, part)
}

fn normal(rng: &mut impl rand::Rng, sd: f64) -> f64 {
    Normal::new(0.0, sd).map_or(0.0, |n| n.sample(rng))
}
fn poisson(rng: &mut impl rand::Rng, mean: f64) -> u32 {
    Poisson::new(mean).map_or(0, |p| p.sample(rng) as u32)
}
/// Gamma of mean 1 and variance 1/shape.
fn mixing(rng: &mut impl rand::Rng, shape: f64) -> f64 {
    Gamma::new(shape, 1.0 / shape).map_or(1.0, |g| g.sample(rng))
}

/// First and last day (exclusive) on which an item is on sale.
pub fn on_sale(item: &Item) -> (usize, usize) {
    let index = |d: (i32, u32, u32)| (day(d) - day(calendar::FIRST)).max(0) as usize;
    let from = LAUNCHED.iter().find(|l| l.0 == item.code).map_or(0, |l| index((l.1, l.2, l.3)));
    let until = DISCONTINUED.iter().find(|x| x.0 == item.code).map_or(DAYS, |x| index((x.1, x.2, x.3)));
    (from, until)
}

/// The price cut on a day: the category's promotion, the manager's own specials, or a clearance before the end.
pub fn price_cut(item: &Item, shop: usize, d: usize) -> (f64, f64) {
    let (cut, uplift) = calendar::promotion(item.category, d);
    if on_sale(item).1 < DAYS && d + 28 >= on_sale(item).1 {
        return (0.30, 1.5 * uplift);
    }
    // about one manager's special a year and item: a week at 20 % off
    let special = stream("special", hash_id(item.code) ^ shop as u64).unit((d / 7) as u64) < 0.018;
    if special && cut == 0.0 { (0.20, 1.6 * uplift) } else { (cut, uplift) }
}

/// Mean demand on a day, before any noise.
fn expected(item: &Item, shop: usize, d: usize) -> f64 {
    let (from, until) = on_sale(item);
    if calendar::closed(d) || !calendar::in_season(item.code, d) || !(from..until).contains(&d) {
        return 0.0;
    }
    let years = d as f64 / 365.25;
    // a launch takes about ten weeks to find its customers
    let launch = if from > 0 { 1.0 - 0.65 * (-((d - from) as f64) / 25.0).exp() } else { 1.0 };
    // sales were quoted for the end of the history
    let trend = (1.0 + item.growth).powf(years - 3.0);
    let size = SHOPS.get(shop).map_or(1.0, |s| s.3) * (1.0 + 0.35 * (stream("taste", hash_id(item.code)).unit(shop as u64) - 0.5));
    let yearly = if item.category == Category::Spares { 1.0 } else { calendar::yearly(item.season, d) };
    item.rate
        * size
        * trend
        * launch
        * yearly
        * calendar::weekday(item.category, d)
        * calendar::christmas(item.category, item.code, d)
        * calendar::holidays(item.category, shop, d)
        * price_cut(item, shop, d).1
}

/// Units wanted on each day of the history.
pub fn demand(item: &Item, shop: usize) -> Vec<u32> {
    let id = hash_id(item.code) ^ (shop as u64).wrapping_mul(0x9E37_79B9);
    let mut slow_rng = stream("slow", id).rng(0);
    let mut rng = stream("daily", id).rng(0);
    let bursts = item.category == Category::Spares;
    let mut slow = normal(&mut slow_rng, 0.14);
    (0..DAYS)
        .map(|d| {
            if d % 7 == 0 {
                // an autoregression by week: what is in fashion stays so for a while
                slow = 0.9 * slow + normal(&mut slow_rng, 0.14 * (1.0f64 - 0.81).sqrt());
            }
            let weather = stream("weather", shop as u64).unit(d as u64) - 0.5;
            let summer_bonus = if item.season == Season::Summer { 0.5 * (stream("heat", 0).unit((d / 4) as u64) - 0.5) } else { 0.0 };
            let mean = expected(item, shop, d) * (slow + 0.22 * weather + summer_bonus).exp();
            if bursts {
                // a customer with several machines to mend buys several parts
                return if rng_unit(&mut rng) < mean { 1 + poisson(&mut rng, 0.6) } else { 0 };
            }
            let spread = mixing(&mut rng, 5.0);
            let mut units = poisson(&mut rng, mean * spread);
            if item.category == Category::Coffee && mean > 0.0 && rng_unit(&mut rng) < 0.004 {
                units += 4 + poisson(&mut rng, 3.0);
            }
            units
        })
        .collect()
}

/// The next draw as a uniform number.
pub fn rng_unit(rng: &mut impl rand::Rng) -> f64 {
    (rng.next_u64() >> 11) as f64 / 9_007_199_254_740_992.0
}
