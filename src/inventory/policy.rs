//! Replenishment policies in the textbook's letters, compiled to a trigger and a level per period.
//!
//! Every policy here reads the inventory position `IP` at a review and orders when `IP ≤ s`. They differ in how much:
//! up to `S`, one `Q`, or as many `Q` as lift `IP` above `s`. Those that follow the forecast have an `s` and `S` per period.

use super::Item;
use serde::{Deserialize, Serialize};

/// A replenishment policy. Units throughout; the review period is the item's.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind")]
pub enum Policy {
    /// `(R,s,S)`: at `IP ≤ s` order up to `S` (the min/max of most shop systems).
    #[serde(rename = "sS")]
    SS {
        /// Reorder point.
        s: f64,
        /// Order-up-to level.
        #[serde(rename = "S")]
        up_to: f64,
    },
    /// `(s,Q)`: at `IP ≤ s` order `Q`, once per review.
    #[serde(rename = "sQ")]
    SQ {
        /// Reorder point.
        s: f64,
        /// Order quantity.
        #[serde(rename = "Q")]
        q: f64,
    },
    /// `(R,s,nQ)`: at `IP ≤ s` order the fewest batches of `Q` that lift `IP` above `s`.
    #[serde(rename = "RsnQ")]
    SNQ {
        /// Reorder point.
        s: f64,
        /// Batch.
        #[serde(rename = "Q")]
        q: f64,
    },
    /// `(R,S)` or base stock: at every review order up to `S`.
    #[serde(rename = "base_stock")]
    BaseStock {
        /// Order-up-to level.
        #[serde(rename = "S")]
        up_to: f64,
    },
    /// Cover: at a position worth at most `reorder` periods of expected demand, order up to `up_to` periods' worth.
    #[serde(rename = "cover")]
    Cover {
        /// Reorder at so many periods of expected demand ahead.
        reorder: f64,
        /// Order up to so many periods of expected demand ahead.
        up_to: f64,
    },
    /// `(s_t, S_t)` that follow the forecast: `s_t` = expected demand over the risk `L + R` after `t`, plus `safety`;
    /// `S_t = s_t + batch`.
    #[serde(rename = "adaptive")]
    Adaptive {
        /// Units kept above the expected demand over the risk.
        safety: f64,
        /// Units added above the reorder point.
        batch: f64,
    },
    /// What the item's [`schedule`](super::Extras::schedule) says, whatever the stock: a plan made before, or lots for demand that is known.
    #[serde(rename = "schedule")]
    Schedule,
}

impl Policy {
    /// Its name in the textbook's letters.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::SS { .. } => "(R,s,S)",
            Self::SQ { .. } => "(s,Q)",
            Self::SNQ { .. } => "(R,s,nQ)",
            Self::BaseStock { .. } => "base stock",
            Self::Cover { .. } => "periods of cover",
            Self::Adaptive { .. } => "adaptive (s,S)",
            Self::Schedule => "schedule",
        }
    }

    /// The trigger and the level (or batch) at a review just before period `next`.
    pub(super) fn levels(&self, item: &Item, ahead: &Ahead, next: usize) -> (f64, f64) {
        let whole = |x: f64| if item.path.integer { x.round() } else { x };
        match *self {
            Self::SS { s, up_to } => (s, up_to),
            Self::SQ { s, q } | Self::SNQ { s, q } => (s, q),
            Self::BaseStock { up_to } => (up_to, up_to),
            Self::Cover { reorder, up_to } => (whole(ahead.sum(next, reorder)), whole(ahead.sum(next, up_to))),
            Self::Adaptive { safety, batch } => {
                let s = whole(ahead.sum(next, item.risk()) + safety);
                (s, s + batch)
            }
            Self::Schedule => {
                let plan = &item.extras.schedule;
                let q = plan.get(next % plan.len().max(1)).copied().unwrap_or(0.0);
                (if q > 0.0 { f64::INFINITY } else { f64::NEG_INFINITY }, q)
            }
        }
    }

    pub(super) const fn amount(&self) -> Amount {
        match self {
            Self::SQ { .. } | Self::Schedule => Amount::Batch,
            Self::SNQ { .. } => Amount::Batches,
            _ => Amount::UpTo,
        }
    }
}

/// How much to order once the trigger is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Amount {
    /// Up to the level.
    UpTo,
    /// One batch.
    Batch,
    /// As many batches as lift the position above the trigger.
    Batches,
}

/// A policy over one horizon: what the kernels read.
#[derive(Debug, Clone)]
pub(super) struct Compiled {
    /// `s` at the end of each period; −∞ where there is no review.
    pub trigger: Vec<f32>,
    /// `S` at the end of each period, or the batch.
    pub level: Vec<f32>,
    pub amount: Amount,
    /// 0: any quantity.
    pub pack: f32,
    pub minimum: f32,
    /// The largest order; ∞ where there is none.
    pub maximum: f32,
    /// Starts with this stock and nothing on its way, in place of the item's own opening.
    pub start: Option<f32>,
}

impl Compiled {
    /// For `horizon` periods of `item`; `ahead`: expected demand from period 0 on, the last repeating beyond the end.
    pub fn new(policy: &Policy, item: &Item, ahead: &Ahead, horizon: usize) -> Self {
        let review = item.step();
        let mut trigger = vec![f32::NEG_INFINITY; horizon];
        let mut level = vec![0.0f32; horizon];
        let open = &item.extras.order_periods;
        // what has ended is not reviewed
        let first = if item.extras.ended { horizon } else { item.next_review };
        for mut t in (first..horizon).step_by(review) {
            // a review on which no order is taken waits for the next day on which one is
            while t < horizon && !open.is_empty() && !open.get(t % open.len()).copied().unwrap_or(true) {
                t += 1;
            }
            if t >= horizon {
                break;
            }
            let (s, l) = policy.levels(item, ahead, t + 1);
            trigger[t] = s as f32;
            level[t] = l as f32;
        }
        Self {
            trigger,
            level,
            amount: policy.amount(),
            pack: item.pack as f32,
            minimum: item.minimum as f32,
            maximum: largest(item),
            start: None,
        }
    }

    /// The order at position `ip` where `s` and the level (or batch) hold, before packs; 0 for none.
    #[inline(always)]
    pub fn raw(&self, s: f32, level: f32, ip: f32) -> f32 {
        match self.amount {
            Amount::UpTo => up_to(s, level, ip),
            Amount::Batch => batch(s, level, ip),
            Amount::Batches => batches(s, level, ip),
        }
    }

    /// Whether the supplier does not accept every quantity.
    #[inline(always)]
    pub fn rounds(&self) -> bool {
        self.minimum > 0.0 || self.pack > 0.0 || self.maximum < f32::INFINITY
    }

    /// `raw` as the supplier accepts it.
    #[inline(always)]
    pub fn accepted(&self, raw: f32) -> f32 {
        let wanted = raw.max(self.minimum).min(self.maximum);
        if self.pack > 0.0 { (wanted / self.pack - 1e-4).ceil().max(1.0) * self.pack } else { wanted }
    }
}

/// The largest order in whole packs; at least one.
fn largest(item: &Item) -> f32 {
    item.extras.maximum.map_or(f32::INFINITY, |most| {
        if item.pack > 0.0 { ((most / item.pack + 1e-9).floor().max(1.0) * item.pack) as f32 } else { most as f32 }
    })
}

#[inline(always)]
pub(super) fn up_to(s: f32, level: f32, ip: f32) -> f32 {
    let q = level - ip;
    if ip <= s && q > 0.0 { q } else { 0.0 }
}

#[inline(always)]
pub(super) fn batch(s: f32, level: f32, ip: f32) -> f32 {
    if ip <= s && level > 0.0 { level } else { 0.0 }
}

#[inline(always)]
pub(super) fn batches(s: f32, level: f32, ip: f32) -> f32 {
    if ip <= s && level > 0.0 { (((s - ip) / level).floor() + 1.0) * level } else { 0.0 }
}

/// Sums of expected demand over the periods ahead, whole and fractional.
#[derive(Debug, Clone)]
pub(super) struct Ahead {
    cumulative: Vec<f64>,
    last: f64,
}

impl Ahead {
    pub fn new(mean: &[f64]) -> Self {
        let mut cumulative = Vec::with_capacity(mean.len() + 1);
        let mut sum = 0.0;
        cumulative.push(0.0);
        for m in mean {
            sum += m;
            cumulative.push(sum);
        }
        Self { cumulative, last: mean.last().copied().unwrap_or(0.0) }
    }
    fn until(&self, t: usize) -> f64 {
        let n = self.cumulative.len() - 1;
        self.cumulative.get(t).copied().unwrap_or_else(|| self.cumulative[n] + (t - n) as f64 * self.last)
    }
    /// Expected demand of `[from, from + periods)`, a fraction of the last period counted in proportion.
    pub fn sum(&self, from: usize, periods: f64) -> f64 {
        let periods = periods.max(0.0);
        let whole = periods.floor() as usize;
        let part = periods - whole as f64;
        let end = self.until(from + whole);
        end - self.until(from) + part * (self.until(from + whole + 1) - end)
    }
}
