//! The shop's calendar: opening days, holidays, promotions and what each of them does to demand.

use super::catalogue::{Category, Season};
use chrono::Datelike;
use stockcast::base::{Day, Stamp};

/// First day of the history, a Monday.
pub const FIRST: (i32, u32, u32) = (2023, 10, 2);
/// Days of history; the last is Sunday 2026-10-04.
pub const DAYS: usize = 1099;
/// Days beyond the history for which events are already known.
pub const KNOWN_AHEAD: usize = 371;

/// A civil date as a day number.
pub fn day(date: (i32, u32, u32)) -> i32 {
    Stamp::from_ymd(date.0, date.1, date.2).unwrap_or_default().day().0
}
/// ISO date of day `d` of the history.
pub fn iso(d: usize) -> String {
    stamp(d).iso()
}
/// Start of day `d` of the history.
pub fn stamp(d: usize) -> Stamp {
    Stamp::of_day(Day(day(FIRST) + d as i32))
}

const EASTER: [(i32, u32, u32); 4] = [(2024, 3, 31), (2025, 4, 20), (2026, 4, 5), (2027, 3, 28)];
const MOTHERING_SUNDAY: [(i32, u32, u32); 4] = [(2024, 3, 10), (2025, 3, 30), (2026, 3, 15), (2027, 3, 7)];
const BLACK_FRIDAY: [(i32, u32, u32); 4] = [(2023, 11, 24), (2024, 11, 29), (2025, 11, 28), (2026, 11, 27)];
const BANK_HOLIDAYS: [(i32, u32, u32); 22] = [
    (2024, 3, 29),
    (2024, 4, 1),
    (2024, 5, 6),
    (2024, 5, 27),
    (2024, 8, 26),
    (2025, 4, 18),
    (2025, 4, 21),
    (2025, 5, 5),
    (2025, 5, 26),
    (2025, 8, 25),
    (2026, 4, 3),
    (2026, 4, 6),
    (2026, 5, 4),
    (2026, 5, 25),
    (2026, 8, 31),
    (2026, 12, 28),
    (2027, 3, 26),
    (2027, 3, 29),
    (2027, 5, 3),
    (2027, 5, 31),
    (2027, 8, 30),
    (2027, 12, 27),
];
/// The Christmas market in the first shop's town: first day, days.
const MARKET: [((i32, u32, u32), i32); 4] = [((2023, 11, 23), 18), ((2024, 11, 28), 18), ((2025, 11, 27), 18), ((2026, 11, 26), 18)];

/// A promotion of one category: name, category, first day, days, price cut, uplift of demand while it lasts.
type Promotion = (&'static str, Category, (i32, u32, u32), i32, f64, f64);
const PROMOTIONS: [Promotion; 18] = [
    ("tea_week", Category::Tea, (2024, 1, 22), 14, 0.15, 1.55),
    ("tea_week", Category::Tea, (2024, 9, 16), 14, 0.15, 1.55),
    ("tea_week", Category::Tea, (2025, 1, 20), 14, 0.15, 1.55),
    ("tea_week", Category::Tea, (2025, 9, 15), 14, 0.15, 1.55),
    ("tea_week", Category::Tea, (2026, 1, 19), 14, 0.15, 1.55),
    ("tea_week", Category::Tea, (2026, 9, 14), 14, 0.15, 1.55),
    ("tea_week", Category::Tea, (2027, 1, 18), 14, 0.15, 1.55),
    ("coffee_fortnight", Category::Coffee, (2024, 4, 15), 14, 0.20, 1.8),
    ("coffee_fortnight", Category::Coffee, (2025, 4, 28), 14, 0.20, 1.8),
    ("coffee_fortnight", Category::Coffee, (2026, 4, 20), 14, 0.20, 1.8),
    ("coffee_fortnight", Category::Coffee, (2026, 10, 19), 14, 0.20, 1.8),
    ("coffee_fortnight", Category::Coffee, (2025, 10, 20), 14, 0.20, 1.8),
    ("ceramics_sale", Category::Ceramics, (2024, 7, 8), 14, 0.25, 2.1),
    ("ceramics_sale", Category::Ceramics, (2025, 7, 7), 14, 0.25, 2.1),
    ("ceramics_sale", Category::Ceramics, (2026, 7, 6), 14, 0.25, 2.1),
    ("kitchen_january", Category::Kitchen, (2025, 1, 2), 18, 0.20, 1.9),
    ("kitchen_january", Category::Kitchen, (2026, 1, 2), 18, 0.20, 1.9),
    ("kitchen_january", Category::Kitchen, (2027, 1, 2), 18, 0.20, 1.9),
];

/// The shops are shut on Christmas Day, Boxing Day and New Year's Day.
pub fn closed(d: usize) -> bool {
    let t = stamp(d).naive();
    matches!((t.month(), t.day()), (12, 25 | 26) | (1, 1))
}

/// Mince pies are on the shelf from mid-October to Twelfth Night only; everything else all year.
pub fn in_season(item: &str, d: usize) -> bool {
    let t = stamp(d).naive();
    item != "BAK-08" || matches!((t.month(), t.day()), (10, 15..) | (11 | 12, _) | (1, ..=5))
}

/// The price cut and the uplift of a category's promotion on day `d`, and the dip that follows one.
pub fn promotion(category: Category, d: usize) -> (f64, f64) {
    let today = day(FIRST) + d as i32;
    for (_, which, start, days, cut, uplift) in PROMOTIONS {
        let since = today - day(start);
        if which == category && (0..days).contains(&since) {
            return (cut, uplift);
        }
        if which == category && (days..days + 10).contains(&since) {
            return (0.0, 0.85);
        }
    }
    (0.0, 1.0)
}

/// Weekly rhythm: Monday to Sunday, mean 1; food sells a little more evenly than gifts.
pub fn weekday(category: Category, d: usize) -> f64 {
    const FOOD: [f64; 7] = [0.78, 0.82, 0.88, 0.95, 1.12, 1.62, 0.83];
    const GOODS: [f64; 7] = [0.62, 0.66, 0.75, 0.85, 1.12, 2.05, 0.95];
    let table = if matches!(category, Category::Tea | Category::Coffee | Category::Bakes) { FOOD } else { GOODS };
    table.get(d % 7).copied().unwrap_or(1.0)
}

/// Yearly rhythm without Christmas: a cosine peaking in mid-January or mid-July.
pub fn yearly(season: Season, d: usize) -> f64 {
    let angle = (f64::from(stamp(d).naive().ordinal()) - 15.0) / 365.25 * std::f64::consts::TAU;
    match season {
        Season::Flat => 1.0 + 0.05 * angle.cos(),
        Season::Winter => 1.0 + 0.28 * angle.cos(),
        Season::Summer => 1.0 - 0.62 * angle.cos(),
    }
}

/// The run-up to Christmas and the quiet after it.
pub fn christmas(category: Category, item: &str, d: usize) -> f64 {
    let t = stamp(d).naive();
    let (month, date) = (t.month(), t.day());
    // rises from mid-November to the 23rd of December
    let ramp = match (month, date) {
        (11, 15..) => f64::from(date - 14) / 40.0,
        (12, ..=24) => f64::from(16 + date) / 40.0,
        _ => 0.0,
    };
    let peak = match item {
        "BAK-08" => 42.0,
        "TEA-16" => 16.0,
        _ => match category {
            Category::Tea => 1.8,
            Category::Coffee => 1.5,
            Category::Bakes => 1.7,
            Category::Ceramics => 3.4,
            Category::Kitchen => 3.0,
            Category::Spares => 1.0,
            Category::Gifts => 6.0,
        },
    };
    let quiet = if matches!((month, date), (12, 27..) | (1, ..=20)) { 0.82 } else { 1.0 };
    let off_season = matches!(item, "BAK-08" | "TEA-16") && !(month >= 11 || (month == 10 && date >= 15));
    if off_season { 0.06 } else { quiet * (1.0 + (peak - 1.0) * ramp) }
}

/// What holidays do to a category in a shop (0 = the first shop).
pub fn holidays(category: Category, shop: usize, d: usize) -> f64 {
    let today = day(FIRST) + d as i32;
    let mut k = 1.0;
    if BANK_HOLIDAYS.iter().any(|&b| day(b) == today) {
        k *= 1.35;
    }
    if MOTHERING_SUNDAY.iter().any(|&m| (0..7).contains(&(day(m) - today))) {
        k *= match category {
            Category::Ceramics | Category::Gifts => 2.0,
            Category::Bakes => 1.35,
            _ => 1.1,
        };
    }
    if EASTER.iter().any(|&e| (0..9).contains(&(day(e) - today))) && category == Category::Bakes {
        k *= 1.5;
    }
    if BLACK_FRIDAY.iter().any(|&b| (0..4).contains(&(today - day(b)))) && matches!(category, Category::Kitchen | Category::Ceramics) {
        k *= 1.9;
    }
    if shop == 0 && MARKET.iter().any(|&(m, days)| (0..days).contains(&(today - day(m)))) {
        k *= 1.3;
    }
    k
}

/// Every dated event, known ones ahead included: `(day, name, location)`, in order.
pub fn events() -> Vec<(i32, &'static str, &'static str)> {
    let mut rows = Vec::new();
    for (name, _, start, days, _, _) in PROMOTIONS {
        rows.extend((0..days).map(|i| (day(start) + i, name, "")));
    }
    rows.extend(BANK_HOLIDAYS.iter().map(|&b| (day(b), "bank_holiday", "")));
    for year in 2023..=2027 {
        rows.extend([(12, 25), (12, 26), (1, 1)].map(|(m, d)| (day((year, m, d)), "closed", "")));
        rows.extend((1..=24).map(|d| (day((year, 12, d)), "christmas_run", "")));
    }
    rows.extend(MOTHERING_SUNDAY.iter().flat_map(|&m| (0..7).map(move |i| (day(m) - i, "mothering_sunday_week", ""))));
    rows.extend(EASTER.iter().flat_map(|&e| (0..9).map(move |i| (day(e) - i, "easter_week", ""))));
    rows.extend(BLACK_FRIDAY.iter().flat_map(|&b| (0..4).map(move |i| (day(b) + i, "black_friday", ""))));
    rows.extend(MARKET.iter().flat_map(|&(m, days)| (0..days).map(move |i| (day(m) + i, "christmas_market", "Bath"))));
    let first = day(FIRST);
    rows.retain(|&(d, ..)| (first..first + (DAYS + KNOWN_AHEAD) as i32).contains(&d));
    rows.sort_unstable();
    rows
}
