//! An amount of greenhouse gas, and which factors it rests on.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Greenhouse gas emitted, kg CO2e.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Emission {
    /// In operation: tank-to-wheel; for electricity its generation and losses; for waste its end of life.
    pub ttw_kg: f64,
    /// To provide the energy: well-to-tank.
    pub wtt_kg: f64,
    /// Ids of the factors used (column `id` of the factor table).
    pub factors: BTreeSet<Arc<str>>,
}

impl Emission {
    /// Well-to-wheel: both together, kg CO2e.
    pub fn wtw_kg(&self) -> f64 {
        self.ttw_kg + self.wtt_kg
    }

    /// The same, `k` times over.
    #[must_use]
    pub fn scaled(mut self, k: f64) -> Self {
        self.ttw_kg *= k;
        self.wtt_kg *= k;
        self
    }
}

impl std::ops::AddAssign<&Self> for Emission {
    fn add_assign(&mut self, other: &Self) {
        self.ttw_kg += other.ttw_kg;
        self.wtt_kg += other.wtt_kg;
        self.factors.extend(other.factors.iter().cloned());
    }
}

impl<'a> std::iter::Sum<&'a Self> for Emission {
    fn sum<I: Iterator<Item = &'a Self>>(it: I) -> Self {
        it.fold(Self::default(), |mut a, e| {
            a += e;
            a
        })
    }
}
