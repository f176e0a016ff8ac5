//! One-for-one replenishment `(S−1, S)` of Poisson demand, for any lead-time distribution with the given mean: Erlang's loss formula
//! for lost sales (insensitivity: Karush 1957), Palm's theorem for backorders (Palm 1938; Zipkin 2000 ch. 7; Sherbrooke 2004 ch. 2).

use super::poisson;

/// Erlang's loss formula: the share of customers who find none of `servers` free at offered load `a`, by its stable recursion.
pub fn erlang_b(servers: usize, a: f64) -> f64 {
    (1..=servers).fold(1.0, |b, k| a * b / (k as f64 + a * b))
}

/// Fill rate of base stock `up_to` with lost sales: `1 − B(S, λE[L])`.
pub fn lost_sales_fill_rate(up_to: usize, rate: f64, mean_lead: f64) -> f64 {
    1.0 - erlang_b(up_to, rate * mean_lead)
}

/// Base stock with backorders.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Backorders {
    /// Share of demand served at once: `P(X < S)`.
    pub fill_rate: f64,
    /// Expected backorders `E[(X − S)⁺]`.
    pub backorders: f64,
    /// Expected stock `E[(S − X)⁺]`.
    pub on_hand: f64,
}

/// Palm: units on order are Poisson with mean `λE[L]`.
pub fn backorders(up_to: usize, rate: f64, mean_lead: f64) -> Backorders {
    let load = rate * mean_lead;
    let p = poisson(load);
    let fill_rate = p.iter().take(up_to).sum();
    let on_hand: f64 = p.iter().enumerate().take(up_to).map(|(k, q)| (up_to - k) as f64 * q).sum();
    Backorders { fill_rate, backorders: on_hand + load - up_to as f64, on_hand }
}

/// Spare parts at several places for a mean waiting time: how many in all, and what they cost a unit of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SpareParts {
    /// Parts at all places together; a fraction stands for a mix of two numbers that just meets the target.
    pub parts: f64,
    /// Holding, emergency and lateral shipments.
    pub cost: f64,
}

/// Places with the same Poisson demand and the same holding, emergency and lateral costs (Kranenburg 2006, *Spare parts inventory control under system
/// availability constraints*, ch. 5).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Places {
    /// How many there are.
    pub places: usize,
    /// Demand of each per unit of time.
    pub rate: f64,
    /// Time from order to receipt of a part that replaces one used.
    pub lead: f64,
    /// Money per part and unit of time.
    pub holding: f64,
    /// Money per emergency shipment, and how long one takes.
    pub emergency: (f64, f64),
    /// Money per shipment from another place, and how long one takes.
    pub lateral: (f64, f64),
    /// The longest mean wait of a customer.
    pub wait: f64,
}

impl Places {
    /// The least parts with a mean wait of at most the target, mixing two neighbouring numbers: `of(n)` gives the shares of demand met by emergency and
    /// from elsewhere with `n` parts, `all` how many places a part more is put at.
    fn least(&self, all: f64, of: impl Fn(usize) -> (f64, f64)) -> SpareParts {
        let wait = |(urgent, lateral): (f64, f64)| urgent * self.emergency.1 + lateral * self.lateral.1;
        let mut n = 0;
        while wait(of(n)) > self.wait && n < 10_000 {
            n += 1;
        }
        let fewer = of(n.saturating_sub(1));
        let more = of(n);
        let share = if n == 0 || wait(fewer) <= wait(more) {
            1.0
        } else {
            ((wait(fewer) - self.wait) / (wait(fewer) - wait(more))).clamp(0.0, 1.0)
        };
        let mix = |a: f64, b: f64| share * b + (1.0 - share) * a;
        let parts = all * mix(n.saturating_sub(1) as f64, n as f64);
        let asked = self.rate * self.places as f64;
        let cost = self.holding * parts + asked * (self.emergency.0 * mix(fewer.0, more.0) + self.lateral.0 * mix(fewer.1, more.1));
        SpareParts { parts, cost }
    }

    /// Every place by itself: what it has not is sent in an emergency.
    pub fn separate(&self) -> SpareParts {
        self.least(self.places as f64, |n| (erlang_b(n, self.rate * self.lead), 0.0))
    }

    /// Places help each other; parts stand at as many places as there are parts, at most one each.
    pub fn sharing(&self) -> SpareParts {
        let load = self.rate * self.places as f64 * self.lead;
        self.least(1.0, |n| {
            let urgent = erlang_b(n, load);
            let here = (n as f64 - load * (1.0 - urgent)).max(0.0) / self.places as f64;
            (urgent, (1.0 - here - urgent).max(0.0))
        })
    }
}
