//! Which vehicle drives a trip, and when: a day's trips laid one after the other where vehicles are few.

use super::network::Network;
use super::trips::Trip;
use super::vehicle::Vehicle;
use super::windows::Clock;
use std::collections::BTreeMap;

/// When a vehicle without a shift leaves, hours after midnight.
pub const MORNING: f64 = 8.0;

/// A clock for trips that were planned without hours: each leaves at the beginning of its vehicle's shift ([`MORNING`] without one); where there is a
/// number of vehicles, in the order of the trips, with the one that is free first, after the time of a stop for loading. One value a trip.
pub fn by_trip(trips: &[Trip], fleet: &[Vehicle], network: &Network) -> Vec<Clock> {
    let service = network.assumptions.hours_per_stop;
    // when each vehicle of a kind is free, by day, depot and kind
    let mut free: BTreeMap<(crate::base::Day, &str, usize), Vec<f64>> = BTreeMap::new();
    let clock = |t: &Trip, number: usize, leave: f64| {
        let (mut now, mut here) = (leave, &*t.depot);
        let begin = t
            .stops
            .iter()
            .map(|s| {
                now += network.hours_between(here, &s.location);
                here = &s.location;
                let at = now;
                now += service;
                at
            })
            .collect();
        Clock { number, leave, begin, home: now + network.hours_between(here, &t.depot) }
    };
    trips
        .iter()
        .map(|t| {
            let vehicle = fleet.get(t.vehicle);
            let morning = vehicle.and_then(|v| v.shift).map_or(MORNING, |s| s.0);
            let busy = free.entry((t.day, &*t.depot, t.vehicle)).or_default();
            let all_out = vehicle.and_then(|v| v.count).is_some_and(|c| busy.len() >= c.max(1));
            let number = if all_out {
                let first = busy.iter().enumerate().min_by(|a, b| a.1.total_cmp(b.1));
                first.map_or(0, |f| f.0)
            } else {
                busy.push(morning);
                busy.len() - 1
            };
            let out = clock(t, number + 1, busy[number]);
            busy[number] = out.home + service;
            out
        })
        .collect()
}
