//! Consolidation: holding shipments back so that more travel together.
//!
//! Release policies by time, by quantity and by the first of both: Higginson & Bookbinder 1994 (J. Business Logistics 15(1));
//! Çetinkaya & Bookbinder 2003 (Transportation Research B 37); Mutlu, Çetinkaya & Bookbinder 2010 (IIE Transactions 42).

use super::shipment::{Shipment, returns};
use super::vehicle::Vehicle;
use crate::base::{Day, Stamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// When waiting shipments leave.
#[derive(Debug, Clone, PartialEq)]
pub enum Rule {
    /// Every so many days, on a fixed clock that starts at the first day; 1 sends everything the day it is ready.
    Every(f64),
    /// As soon as the waiting load reaches this share of a vehicle (the tighter of kg and m³).
    Load(f64),
    /// The first of both: at that load, or so many days after the last departure.
    EveryOrLoad {
        /// Days.
        every: f64,
        /// Share of a vehicle.
        load: f64,
    },
    /// On these days of the week, Monday = 0; none named: every day.
    Weekdays(Vec<u32>),
}

impl Rule {
    /// Days within which whatever is ready leaves; `None`: it may wait for ever.
    pub fn longest_wait(&self) -> Option<i32> {
        match self {
            Self::Every(t) | Self::EveryOrLoad { every: t, .. } => Some(t.clamp(0.0, 366.0).ceil() as i32),
            Self::Weekdays(_) => Some(6),
            Self::Load(_) => None,
        }
    }

    /// In words, for tables: `every 7 days`, `at 90 % of a vehicle`, `mon, thu`.
    pub fn name(&self) -> String {
        let days = |t: f64| if t == 1.0 { "every day".into() } else { format!("every {t} days") };
        match self {
            Self::Every(t) => days(*t),
            Self::Load(q) => format!("at {} % of a vehicle", q * 100.0),
            Self::EveryOrLoad { every, load } => format!("{} or at {} % of a vehicle", days(*every), load * 100.0),
            Self::Weekdays(d) if d.is_empty() => "every day".into(),
            Self::Weekdays(d) => {
                let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
                d.iter().filter_map(|i| names.get(*i as usize).copied()).collect::<Vec<_>>().join(", ")
            }
        }
    }
}

/// Which shipments may travel together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Round {
    /// From one origin to many destinations: the load falls along the round. What goes back to the origin is taken up on the way.
    #[default]
    Delivery,
    /// From many origins to one destination: the load rises along the round.
    Collection,
}

/// Shipments that leave one depot on one day.
#[derive(Debug, Clone, PartialEq)]
pub struct Dispatch {
    /// The common origin (delivery; what is taken up goes there) or destination (collection).
    pub depot: Arc<str>,
    /// Delivery or collection.
    pub round: Round,
    /// The day they leave.
    pub day: Day,
    /// Indices into the shipments, ascending by ready day, then index.
    pub shipments: Vec<usize>,
    /// They leave only because the horizon ends; the rule would have held them longer.
    pub cut_short: bool,
}

/// One release of the clockwork below: arrivals `from..to` leave at `time`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Release {
    /// When, in the time unit of the arrivals.
    pub time: f64,
    /// First arrival released.
    pub from: usize,
    /// One past the last arrival released; equal to `from` when the vehicle leaves empty-handed (that is: stays).
    pub to: usize,
    /// Released by the end of the horizon, not by the rule.
    pub cut_short: bool,
}

/// The clockwork of a rule on one lane: `arrivals` are (time in days, share of a vehicle), ascending in time; the clock
/// starts at `start` and ends at `end`. Every arrival is in exactly one release. The departures of a time rule that find
/// nothing waiting are not listed, but restart the clock of the first-of-both rule. `weekday` gives the weekday of day 0
/// of the time axis (Monday = 0).
pub fn releases(arrivals: &[(f64, f64)], rule: &Rule, start: f64, end: f64, weekday: u32) -> Vec<Release> {
    let out: Vec<(f64, [f64; 2])> = arrivals.iter().map(|a| (a.0, [a.1, 0.0])).collect();
    releases_both_ways(&out, rule, start, end, weekday)
}

/// The same where some goods go out and others come back with the same vehicle: shares of both directions, of which the fuller one counts.
fn releases_both_ways(arrivals: &[(f64, [f64; 2])], rule: &Rule, start: f64, end: f64, weekday: u32) -> Vec<Release> {
    let mut out = Vec::new();
    let mut from = 0;
    let mut waiting = [0.0; 2];
    let step = |t: f64| if t.is_finite() && t > 0.0 { t } else { 1.0 };
    // first clock time at or after `t`, for rules with a fixed clock
    let tick = |t: f64| match rule {
        Rule::Every(every) => start + ((t - start) / step(*every) - 1e-9).ceil().max(0.0) * step(*every),
        Rule::Weekdays(days) => {
            let day = (t - 1e-9).ceil();
            let wait = (0..7).find(|w| days.contains(&((i64::from(weekday) + day as i64 + w).rem_euclid(7) as u32)));
            if days.is_empty() { day } else { day + wait.unwrap_or(0) as f64 }
        }
        _ => f64::INFINITY,
    };
    // a departure after the end happens at the end, though never before the goods are there
    let capped = |due: f64, last: usize| due.min(arrivals.get(last).map_or(end, |a| end.max(a.0)));
    let mut last_departure = start;
    let mut due = f64::INFINITY;
    for (i, &(time, share)) in arrivals.iter().enumerate() {
        match rule {
            Rule::EveryOrLoad { every, .. } => {
                // departures between the last arrival and this one, the empty ones included
                let every = step(*every);
                if i > from && last_departure + every < time - 1e-9 {
                    last_departure += every;
                    out.push(Release { time: capped(last_departure, i - 1), from, to: i, cut_short: last_departure > end });
                    (from, waiting) = (i, [0.0; 2]);
                }
                if i == from {
                    last_departure += ((time - last_departure) / every - 1e-9).ceil().max(1.0) * every - every;
                }
            }
            Rule::Load(_) => {}
            _ => {
                if i > from && due < time - 1e-9 {
                    out.push(Release { time: capped(due, i - 1), from, to: i, cut_short: due > end });
                    (from, waiting) = (i, [0.0; 2]);
                }
                if i == from {
                    due = tick(time);
                }
            }
        }
        waiting = [waiting[0] + share[0], waiting[1] + share[1]];
        if let Rule::Load(q) | Rule::EveryOrLoad { load: q, .. } = rule
            && waiting[0].max(waiting[1]) >= q - 1e-9
        {
            out.push(Release { time, from, to: i + 1, cut_short: false });
            (from, waiting, last_departure) = (i + 1, [0.0; 2], time);
        }
    }
    if from < arrivals.len() {
        let due = match rule {
            Rule::EveryOrLoad { every, .. } => last_departure + step(*every),
            Rule::Load(_) => f64::INFINITY,
            _ => due,
        };
        out.push(Release { time: capped(due, arrivals.len() - 1), from, to: arrivals.len(), cut_short: due > end });
    }
    out
}

/// Groups shipments by depot and releases them by `rule` between the days `start` and `end` (inclusive). What is still
/// waiting at the end leaves then and is marked. In delivery rounds, [`returns`] belong to the depot that they go back to. `vehicle` is the one whose load the rule speaks of. Dispatches come back
/// sorted by day, then depot; each shipment is in exactly one, none leaves before it is ready.
pub fn consolidate(shipments: &[Shipment], rule: &Rule, round: Round, vehicle: &Vehicle, start: Day, end: Day) -> Vec<Dispatch> {
    let mut lanes: BTreeMap<&Arc<str>, Vec<usize>> = BTreeMap::new();
    let back = if round == Round::Delivery { returns(shipments) } else { Vec::new() };
    let is_return = |i: usize| back.get(i).copied().unwrap_or(false);
    for (i, s) in shipments.iter().enumerate() {
        lanes.entry(if round == Round::Delivery && !is_return(i) { &s.from } else { &s.to }).or_default().push(i);
    }
    let weekday = Stamp::of_day(start).weekday();
    let axis = |day: Day| f64::from(day.0) - f64::from(start.0);
    let mut out: Vec<Dispatch> = Vec::new();
    for (depot, mut lane) in lanes {
        lane.sort_by_key(|&i| (shipments[i].ready, i));
        let share = |i: usize| vehicle.share_of(shipments[i].kg, shipments[i].m3, shipments[i].pallets);
        let both = |i: usize| if is_return(i) { [0.0, share(i)] } else { [share(i), 0.0] };
        let arrivals: Vec<(f64, [f64; 2])> = lane.iter().map(|&i| (axis(shipments[i].ready), both(i))).collect();
        let begin = out.len();
        for r in releases_both_ways(&arrivals, rule, 0.0, axis(end), weekday) {
            // shipments are known by the day: a clock between two days leaves on the later one
            let day = Day(start.0 + (r.time - 1e-9).ceil() as i32);
            let members = lane.get(r.from..r.to).unwrap_or_default();
            match out.get_mut(begin..).and_then(<[_]>::last_mut) {
                Some(d) if d.day == day => {
                    d.shipments.extend(members);
                    d.cut_short &= r.cut_short;
                }
                _ => out.push(Dispatch { depot: depot.clone(), round, day, shipments: members.to_vec(), cut_short: r.cut_short }),
            }
        }
    }
    out.sort_by(|a, b| (a.day, &a.depot).cmp(&(b.day, &b.depot)));
    out
}
