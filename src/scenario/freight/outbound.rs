//! Consolidation rules on shipments that really happened: a planner's own record of what was ready when.
//!
//! One record is one replication, so the weeks in which shipments were ready are its batches (Law 2015 §9.5.3): a trip's cost is shared among its
//! shipments as an invoice would be ([`allocate_to_shipments`]), each week bears what its shipments cost, and what weeks differ by tells the
//! error of the total. Two rules are compared week by week.

use super::own::OwnShipments;
use super::rules::RulePoint;
use super::search::{Consolidation, Known, RuleWish, search_known, ways};
use super::world::days_on_the_way;
use super::{rule, way};
use crate::base::{Cancelled, Control, Day, Measure};
use crate::footprint::{Factors, transport};
use crate::logistics::carrier::Consignment;
use crate::logistics::consolidate::Dispatch;
use crate::logistics::freight::{allocate_to_shipments, shares_of_consignment};
use crate::logistics::send::send;
use crate::logistics::shipment::returns;
use crate::logistics::trips::PlanOptions;
use crate::scenario::plan::ConsolidationSpec;
use std::collections::{BTreeMap, BTreeSet};

/// Router iterations for each stop of a round: the differences between rules are far larger than what more would find.
const ITERATIONS_PER_STOP: u64 = 40;

/// What a rule makes of one record.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// By week of readiness: money, kg CO2e, km, trips, shipments, days waited, shipments that leave too late.
    pub by_week: Vec<[f64; 7]>,
    /// Longest wait, days, by week.
    pub longest: BTreeMap<i32, f64>,
    /// Days waited in all.
    pub held: f64,
    /// Load factor of each trip.
    pub loads: Vec<f64>,
}

impl Tally {
    /// A column over all weeks.
    pub fn sum(&self, column: usize) -> f64 {
        self.by_week.iter().filter_map(|w| w.get(column)).sum()
    }
}

impl OwnShipments {
    /// The best consolidation rule, or the named `rules` compared; see [`Engine::best_consolidation`](crate::scenario::Engine::best_consolidation). The
    /// measures are totals over the record; their p10 and p90 are those of its weeks, times the number of weeks.
    ///
    /// Empty without shipments.
    ///
    /// # Errors
    /// [`Cancelled`] once `control` says so.
    pub fn best_consolidation(
        &self,
        rules: &[ConsolidationSpec],
        wish: RuleWish,
        control: &dyn Control,
    ) -> Result<Consolidation, Cancelled> {
        self.best_consolidation_knowing(rules, wish, &Known::default(), control)
    }

    /// The same with what is known of rules already: another wish judges the same trips anew.
    ///
    /// # Errors
    /// [`Cancelled`] once `control` says so.
    pub fn best_consolidation_knowing(
        &self,
        rules: &[ConsolidationSpec],
        wish: RuleWish,
        known: &Known,
        control: &dyn Control,
    ) -> Result<Consolidation, Cancelled> {
        let Some(days) = self.days() else { return Ok(Consolidation { rules: Vec::new(), built: 0 }) };
        let factors = Factors::embedded();
        search_known(&self.ways(), rules, wish, known, control, &|spec| self.point(spec, days, &factors, control))
    }

    /// The ways that its shipments could go.
    pub(super) fn ways(&self) -> Vec<ConsolidationSpec> {
        // what goes back is no reason to collect: it is taken up where deliveries are made anyhow
        let back = returns(&self.shipments);
        let goes_out = |i: usize| !back.get(i).copied().unwrap_or(false);
        let pairs: BTreeSet<(&str, &str)> =
            self.shipments.iter().enumerate().filter(|(i, _)| goes_out(*i)).map(|(_, s)| (&*s.to, &*s.from)).collect();
        ways(pairs.into_iter(), &self.hubs)
    }

    /// What a rule makes of the shipments that are ready between two days.
    pub(super) fn tally(
        &self,
        spec: &ConsolidationSpec,
        (first, last): (Day, Day),
        factors: &Factors,
        control: &dyn Control,
    ) -> Result<Tally, Cancelled> {
        let (rule, way) = (rule(spec), way(spec));
        let carbon = transport::road_carbon(&self.fleet, factors, self.carbon_price);
        let options = PlanOptions {
            carbon: &carbon,
            seed: self.seed,
            iterations_per_stop: ITERATIONS_PER_STOP,
            carriers: &self.carriers,
            asks: self.asks(),
            ..PlanOptions::default()
        };
        let sent = send(&self.shipments, &rule, &way, &self.network, &self.fleet, &options, (first, last), control)?;
        let (planned, dispatches) = (sent.plan, sent.dispatches);

        let week = |i: usize| self.shipments.get(i).map_or(0, |s| (s.ready.0 - first.0).max(0) / 7);
        let weeks = week_count(first, last);
        let mut by_week = vec![[0.0f64; 7]; weeks];
        let mut add = |i: usize, column: usize, amount: f64| {
            if let Some(x) = by_week.get_mut(week(i) as usize).and_then(|w| w.get_mut(column)) {
                *x += amount;
            }
        };
        for t in &planned.trips {
            let kg = transport::of_trip_with(t, &self.fleet, factors).wtw_kg();
            for (i, share) in allocate_to_shipments(t, 1.0, |i| self.shipments.get(i).map_or(0.0, |s| s.kg)) {
                [t.cost(), kg, t.km, 1.0].into_iter().enumerate().for_each(|(column, amount)| add(i, column, amount * share));
            }
        }
        let services = transport::carrier_services(&self.carriers, factors);
        for c in &planned.hired {
            let kg = transport::of_consignment(c, services.get(c.carrier).copied().flatten()).wtw_kg();
            for (i, share) in shares_of_consignment(c, |i| self.shipments.get(i).map_or(0.0, |s| s.kg)) {
                add(i, 0, c.price * share);
                add(i, 1, kg * share);
            }
        }
        let (mut longest, mut held) = (BTreeMap::new(), 0.0);
        late(self, &dispatches, &planned.hired).into_iter().for_each(|i| add(i, 6, 1.0));
        let on_the_way = days_on_the_way(&planned.hired, self.shipments.len());
        for d in &dispatches {
            for &i in &d.shipments {
                let way = on_the_way.get(i).copied().unwrap_or(0.0);
                let days = self.shipments.get(i).map_or(0.0, |s| f64::from(d.day.0 - s.ready.0)) + way;
                add(i, 4, 1.0);
                add(i, 5, days);
                held += days;
                if !d.cut_short {
                    let most = longest.entry(week(i)).or_insert(0.0f64);
                    *most = most.max(days);
                }
            }
        }
        Ok(Tally { by_week, longest, held, loads: planned.trips.iter().map(|t| t.load_factor).collect() })
    }

    fn point(&self, spec: &ConsolidationSpec, days: (Day, Day), factors: &Factors, control: &dyn Control) -> Result<RulePoint, Cancelled> {
        let Tally { by_week, longest, held, loads } = self.tally(spec, days, factors, control)?;
        let weeks = by_week.len();
        let total = |f: &dyn Fn(&[f64; 7]) -> f64| by_week.iter().map(|w| f(w) * weeks as f64).collect::<Vec<f64>>();
        let measure = |column: usize| Measure::from_values(&total(&|w| w.get(column).copied().unwrap_or(0.0)));
        let per_shipment = |w: &[f64; 7]| if w[4] > 0.0 { w[5] / w[4] } else { 0.0 };
        let delays: Vec<f64> = by_week.iter().filter(|w| w[4] > 0.0).map(per_shipment).collect();
        let total_by_replication = total(&|w| w[0] + self.carbon_price / 1000.0 * w[1]);
        let count = self.shipments.len().max(1) as f64;
        Ok(RulePoint {
            spec: spec.clone(),
            name: rule(spec).name() + &way(spec).suffix(),
            freight_cost: measure(0),
            delay_days: Measure { mean: held / count, ..Measure::from_values(&delays) },
            longest_delay_days: Measure::from_values(&longest.into_values().collect::<Vec<f64>>()),
            shipments: measure(4),
            late: measure(6),
            load_factor: Measure::from_values(&loads),
            trips: measure(3),
            distance_km: measure(2),
            transport_kg_co2e: measure(1),
            emissions_kg_co2e: measure(1),
            stock_cost_of_delay: None,
            total_cost: Measure::from_values(&total_by_replication),
            total_by_replication,
        })
    }
}

/// Shipments, by index, that are there after the day they are due.
pub(super) fn late(own: &OwnShipments, dispatches: &[Dispatch], hired: &[Consignment]) -> Vec<usize> {
    let on_the_way = days_on_the_way(hired, own.shipments.len());
    let is = |d: &Dispatch, i: usize| {
        let there = f64::from(d.day.0) + on_the_way.get(i).copied().unwrap_or(0.0);
        own.shipments.get(i).is_some_and(|s| is_late(s.ready, there, own.due.get(i).copied().flatten()))
    };
    dispatches.iter().flat_map(|d| d.shipments.iter().copied().filter(move |i| is(d, *i)).collect::<Vec<_>>()).collect()
}

/// Does a shipment that is there on day number `there` come too late? What was due before it was ready cannot be on time, and does not count.
pub(super) fn is_late(ready: Day, there: f64, due: Option<Day>) -> bool {
    due.is_some_and(|due| due >= ready && there > f64::from(due.0))
}

/// Weeks from the first day on, the last one perhaps not whole.
fn week_count(first: Day, last: Day) -> usize {
    ((last.0 - first.0).max(0) / 7) as usize + 1
}
