//! Loads by stop, cut to what one vehicle can carry.

use super::shipment::{Goods, Shipment};
use super::vehicle::Vehicle;
use std::sync::Arc;

/// More vehicles for one stop on one day than this is a mistake in the data, not a plan.
const MOST_BINS: f64 = 10_000.0;

/// All that one stop gets (or gives) in one dispatch.
#[derive(Debug, Clone)]
pub(super) struct StopLoad<'a> {
    /// Where.
    pub location: &'a Arc<str>,
    /// Shipments by index.
    pub shipments: Vec<usize>,
}

/// A part of a stop's load that travels on one vehicle.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Bin {
    /// Where.
    pub location: Arc<str>,
    /// Mass, kg.
    pub kg: f64,
    /// Volume, m³.
    pub m3: f64,
    /// Pallets.
    pub pallets: f64,
    /// Shipments by index, and the share of each.
    pub shipments: Vec<(usize, f64)>,
    /// Taken up there for the depot, beside what is brought.
    pub collected: Goods,
    /// The shipments taken up.
    pub returns: Vec<(usize, f64)>,
}

impl Bin {
    /// Nothing, at a place.
    pub fn empty(location: &Arc<str>) -> Self {
        let (shipments, returns) = (Vec::new(), Vec::new());
        Self { location: location.clone(), kg: 0.0, m3: 0.0, pallets: 0.0, shipments, collected: Goods::default(), returns }
    }

    /// The same amount taken up instead of brought.
    pub fn turned(self) -> Self {
        let collected = Goods { kg: self.kg, m3: self.m3, pallets: self.pallets };
        Self { collected, returns: self.shipments, ..Self::empty(&self.location) }
    }

    /// All its shipments.
    pub fn all(&self) -> impl Iterator<Item = &(usize, f64)> {
        self.shipments.iter().chain(&self.returns)
    }
}

/// Cuts loads to vehicles: whole shipments next-fit in their order, a shipment bigger than the vehicle into full loads and
/// a rest (or refused, when `split` is false). Returns the bins and the refused shipments with the reason.
pub(super) fn bins(
    stops: &[StopLoad<'_>],
    shipments: &[Shipment],
    vehicle: &Vehicle,
    split: bool,
) -> (Vec<Bin>, Vec<(usize, &'static str)>) {
    let (mut out, mut refused) = (Vec::new(), Vec::new());
    for stop in stops {
        let empty = || Bin::empty(stop.location);
        let mut bin = empty();
        for &i in &stop.shipments {
            let Some(s) = shipments.get(i) else { continue };
            let share = vehicle.share_of(s.kg, s.m3, s.pallets);
            if share > 1.0 + 1e-9 && (!split || share > MOST_BINS) {
                let heavy = s.kg > vehicle.capacity_kg;
                refused.push((
                    i,
                    match (split, heavy) {
                        (true, _) => "more than 10,000 vehicle loads",
                        (_, true) => super::router::Unserved::TooHeavy.reason(),
                        _ if s.m3 > vehicle.capacity_m3 => super::router::Unserved::TooBulky.reason(),
                        _ => super::router::model::Refusal::TooMuch(2).reason(),
                    },
                ));
                continue;
            }
            // what is left of this shipment to load
            let mut left = 1.0;
            if share > 1.0 + 1e-9 {
                let part = 1.0 / share;
                while left * share > 1.0 + 1e-9 {
                    out.push(Bin { kg: s.kg * part, m3: s.m3 * part, pallets: s.pallets * part, shipments: vec![(i, part)], ..empty() });
                    left -= part;
                }
            }
            let (kg, m3, pallets) = (s.kg * left, s.m3 * left, s.pallets * left);
            if vehicle.share_of(bin.kg + kg, bin.m3 + m3, bin.pallets + pallets) > 1.0 + 1e-9 {
                out.push(std::mem::replace(&mut bin, empty()));
            }
            bin.kg += kg;
            bin.m3 += m3;
            bin.pallets += pallets;
            bin.shipments.push((i, left));
        }
        if !bin.shipments.is_empty() {
            out.push(bin);
        }
    }
    (out, refused)
}
