//! Shipments of the weeks to come: how many each way brings is forecast from its weekly numbers, what they are like is drawn from those that were.
//!
//! A path of the forecast gives a whole number of shipments a week to each way (from, to); each of them is one of the recorded shipments of that
//! way, drawn with replacement: its weight, volume, pallets, day of the week and patience. So sizes, weekdays and customers' habits are those of the
//! record, level, season and spread those of the forecast. Ways are drawn independently of each other. Every rule is tried on the same paths, so that
//! two rules are compared path by path.

use super::own::OwnShipments;
use super::rules::RulePoint;
use super::search::{Consolidation, Known, RuleWish, search_known};
use crate::base::random::hash_id;
use crate::base::{Cancelled, Control, Day, Diagnostic, Measure, Period, Purpose, Stamp, Stream};
use crate::footprint::Factors;
use crate::forecast::fill::Sampler;
use crate::forecast::path::LANES;
use crate::forecast::{FitOptions, SeriesInput, fit};
use crate::logistics::shipment::Shipment;
use crate::scenario::plan::ConsolidationSpec;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Whole weeks that a record must have to be forecast.
const FEWEST: usize = 4;

/// Shipments of weeks to come, on several paths.
#[derive(Debug, Clone)]
pub struct Ahead {
    /// One a path.
    pub paths: Vec<OwnShipments>,
    /// First and last day.
    pub days: (Day, Day),
    /// Shipments a week in the record, and expected in the weeks to come.
    pub weekly: (f64, f64),
}

/// Monday of the first whole week, and whole weeks: those that begin and end with days on which there was, or could have been, something ready.
fn whole_weeks(days: impl Iterator<Item = Day> + Clone) -> Option<(Day, usize)> {
    let (first, last) = (days.clone().min()?, days.clone().max()?);
    let weekday = |d: Day| Stamp::of_day(d).weekday() as i32;
    let (earliest, latest) = (days.clone().map(weekday).min()?, days.map(weekday).max()?);
    let monday = |d: Day| Day(d.0 - weekday(d));
    let begin = if weekday(first) <= earliest { monday(first) } else { Day(monday(first).0 + 7) };
    let end = if weekday(last) >= latest { Day(monday(last).0 + 7) } else { monday(last) };
    (end.0 > begin.0).then(|| (begin, ((end.0 - begin.0) / 7) as usize))
}

impl OwnShipments {
    /// The shipments of the next `weeks` weeks after the last whole week of the record, on so many `paths` (rounded up to a multiple of 16).
    ///
    /// # Errors
    /// The record is too short to forecast from. (`Ok(Err(Cancelled))` once `control` says so.)
    pub fn ahead(&self, weeks: usize, paths: usize, control: &dyn Control) -> Result<Result<Ahead, Cancelled>, Diagnostic> {
        let known = whole_weeks(self.shipments.iter().map(|s| s.ready)).filter(|w| w.1 >= FEWEST);
        let Some((begin, known)) = known else {
            return Err(Diagnostic::error("record-too-short", format!("a forecast of shipments needs a record of {FEWEST} whole weeks"))
                .fix("give a longer record, or compare the rules on the record itself"));
        };
        let end = Day(begin.0 + 7 * known as i32);
        let mut lanes: BTreeMap<(&Arc<str>, &Arc<str>), Vec<usize>> = BTreeMap::new();
        for (i, s) in self.shipments.iter().enumerate().filter(|(_, s)| (begin.0..end.0).contains(&s.ready.0)) {
            lanes.entry((&s.from, &s.to)).or_default().push(i);
        }
        let lanes: Vec<_> = lanes.into_iter().collect();
        let (weeks, tiles) = (weeks.max(1), paths.div_ceil(LANES).max(1));
        let options = FitOptions { integer: Some(true), ..FitOptions::new(weeks) };
        let counted = lanes.par_iter().map(|((from, to), record)| {
            control.check()?;
            let mut y = vec![0.0; known];
            for i in record {
                if let Some(n) = y.get_mut(((self.shipments[*i].ready.0 - begin.0) / 7) as usize) {
                    *n += 1.0;
                }
            }
            let input = SeriesInput { y: &y, in_stock: None, period: Period::Week, start: Stamp::of_day(begin) };
            let sampler = Sampler::new(&fit(&input, &options).path);
            let id = hash_id(from) ^ hash_id(to).rotate_left(17);
            let mut tile = vec![0.0f32; weeks * LANES * tiles];
            for (t, tile) in tile.chunks_mut(weeks * LANES).enumerate() {
                sampler.fill(self.seed, id, (t * LANES) as u64, 0..weeks, tile);
            }
            Ok((id, tile))
        });
        let counted = match counted.collect::<Result<Vec<(u64, Vec<f32>)>, Cancelled>>() {
            Ok(counted) => counted,
            Err(cancelled) => return Ok(Err(cancelled)),
        };
        let paths: Vec<OwnShipments> = (0..tiles * LANES)
            .into_par_iter()
            .map(|path| {
                let mut shipments = Vec::new();
                for (((from, to), record), (id, tile)) in lanes.iter().zip(&counted) {
                    let draws = Stream::new(self.seed, *id, Purpose::Resample, path as u64);
                    let mut draw = 0;
                    for week in 0..weeks {
                        let at = (path / LANES) * weeks * LANES + week * LANES + path % LANES;
                        let n = tile.get(at).map_or(0, |n| n.max(0.0).round() as usize);
                        for k in 0..n {
                            let pick = (draws.unit(draw) * record.len() as f64) as usize;
                            draw += 1;
                            let Some(like) = record.get(pick.min(record.len() - 1)).and_then(|i| self.shipments.get(*i).map(|s| (*i, s)))
                            else {
                                continue;
                            };
                            let weekday = (like.1.ready.0 - begin.0).rem_euclid(7);
                            let ready = Day(end.0 + 7 * week as i32 + weekday);
                            let name = format!("{from} to {to}, week {} number {}", week + 1, k + 1);
                            let patience = self.due.get(like.0).copied().flatten().map(|d| d.0 - like.1.ready.0);
                            let appointment = self.appointments.get(like.0).copied().unwrap_or_default();
                            let shipment = Shipment { id: name.as_str().into(), ready, ..like.1.clone() };
                            shipments.push((shipment, appointment, patience.map(|p| Day(ready.0 + p))));
                        }
                    }
                }
                self.with(shipments)
            })
            .collect();
        let all: usize = paths.iter().map(|p| p.shipments.len()).sum();
        let record: usize = lanes.iter().map(|l| l.1.len()).sum();
        let weekly = (record as f64 / known as f64, all as f64 / (paths.len() * weeks) as f64);
        Ok(Ok(Ahead { paths, days: (end, Day(end.0 + 7 * weeks as i32 - 1)), weekly }))
    }
}

impl Ahead {
    /// The best consolidation rule, or the named `rules` compared, over all paths; the measures are totals over the weeks, their p10 and p90 those of
    /// the paths.
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
        let Some(any) = self.paths.first() else { return Ok(Consolidation { rules: Vec::new(), built: 0 }) };
        let mut ways = any.ways();
        for w in self.paths.iter().flat_map(OwnShipments::ways) {
            if !ways.contains(&w) {
                ways.push(w);
            }
        }
        let factors = Factors::embedded();
        search_known(&ways, rules, wish, known, control, &|spec| self.point(spec, &factors, control))
    }

    fn point(&self, spec: &ConsolidationSpec, factors: &Factors, control: &dyn Control) -> Result<RulePoint, Cancelled> {
        let tallies = self.paths.par_iter().map(|p| p.tally(spec, self.days, factors, control)).collect::<Result<Vec<_>, Cancelled>>()?;
        let carbon = self.paths.first().map_or(0.0, |p| p.carbon_price) / 1000.0;
        let measure = |f: &dyn Fn(&super::outbound::Tally) -> f64| Measure::from_values(&tallies.iter().map(f).collect::<Vec<f64>>());
        let total: Vec<f64> = tallies.iter().map(|t| t.sum(0) + carbon * t.sum(1)).collect();
        Ok(RulePoint {
            spec: spec.clone(),
            name: super::rule(spec).name() + &super::way(spec).suffix(),
            freight_cost: measure(&|t| t.sum(0)),
            delay_days: measure(&|t| if t.sum(4) > 0.0 { t.sum(5) / t.sum(4) } else { 0.0 }),
            longest_delay_days: measure(&|t| t.longest.values().copied().fold(0.0, f64::max)),
            shipments: measure(&|t| t.sum(4)),
            late: measure(&|t| t.sum(6)),
            load_factor: measure(&|t| t.loads.iter().sum::<f64>() / t.loads.len().max(1) as f64),
            trips: measure(&|t| t.sum(3)),
            distance_km: measure(&|t| t.sum(2)),
            transport_kg_co2e: measure(&|t| t.sum(1)),
            emissions_kg_co2e: measure(&|t| t.sum(1)),
            stock_cost_of_delay: None,
            total_cost: Measure::from_values(&total),
            total_by_replication: total,
        })
    }
}
