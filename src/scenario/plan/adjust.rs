//! What differs for some items: `[[adjust]]` entries of a scenario file.
//!
//! An entry speaks of the series that fit all of the names it gives: a `unique_id`, an `item` [and `location`], a `category`, a `supplier`, or
//! nothing, which is everything. Key by key the more particular entry wins, and of two equally particular ones the later. An entry
//! beats the item file and everything else that is known about an item.

use serde::{Deserialize, Serialize};

/// One `[[adjust]]` entry.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Adjust {
    /// The series of this name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unique_id: Option<String>,
    /// The series of this item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// The series at this location.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// The items of this category.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// The items of this supplier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supplier: Option<String>,
    /// Demand times this: 1.1 is 10 % more. The forecast stays as it is; what is simulated is scaled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub demand_factor: Option<f64>,
    /// Mean lead time, calendar days; the spread that deliveries showed stays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lead_time_days: Option<f64>,
    /// Periods between reviews.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub review_period: Option<usize>,
    /// Selling price, money per unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<f64>,
    /// Cost, money per unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<f64>,
    /// Share of cycles without a stockout to reach.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cycle_service: Option<f64>,
    /// Share of demand served at once to reach.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fill_rate: Option<f64>,
    /// Reorder point that overrides the policy, with `S`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub s: Option<f64>,
    /// Order-up-to level that overrides the policy, with `s`.
    #[serde(rename = "S", skip_serializing_if = "Option::is_none")]
    pub up_to: Option<f64>,
    /// Why, for people.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub why: String,
}

/// What decides an item's orders where it has a rule of its own.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rule {
    /// The best policy with at least this share of cycles without a stockout.
    CycleService(f64),
    /// The best policy with at least this share of demand served at once.
    FillRate(f64),
    /// These levels.
    Levels {
        /// Reorder point.
        s: f64,
        /// Order-up-to level.
        up_to: f64,
    },
}

/// All that the entries say of one series.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Adjusted {
    /// Demand times this.
    pub demand_factor: Option<f64>,
    /// Mean lead time, days.
    pub lead_time_days: Option<f64>,
    /// Periods between reviews.
    pub review_period: Option<usize>,
    /// Selling price.
    pub price: Option<f64>,
    /// Cost.
    pub cost: Option<f64>,
    /// What decides its orders.
    pub rule: Option<Rule>,
    /// The reason given by the entry that set the rule, else by the most particular that gives one.
    pub why: String,
    /// Entries that speak of the series.
    pub entries: usize,
}

/// The names of a series that an entry can speak of.
#[derive(Debug, Clone, Copy)]
pub(in crate::scenario) struct Names<'a> {
    pub unique_id: &'a str,
    pub item: &'a str,
    pub location: &'a str,
    pub category: Option<&'a str>,
    pub supplier: &'a str,
}

impl Adjust {
    /// Whether the entry speaks of a series, and how particular it is.
    fn fits(&self, n: &Names<'_>) -> Option<u32> {
        let same = |wanted: &Option<String>, name: Option<&str>| wanted.as_deref().is_none_or(|w| Some(w) == name);
        let all = same(&self.unique_id, Some(n.unique_id))
            && same(&self.item, Some(n.item))
            && same(&self.location, Some(n.location))
            && same(&self.category, n.category)
            && same(&self.supplier, Some(n.supplier));
        let weigh = |name: &Option<String>, weight: u32| if name.is_some() { weight } else { 0 };
        all.then(|| {
            weigh(&self.unique_id, 16)
                + weigh(&self.item, 8)
                + weigh(&self.location, 4)
                + weigh(&self.category, 2)
                + weigh(&self.supplier, 1)
        })
    }

    fn rule(&self) -> Option<Rule> {
        match (self.s, self.up_to, self.cycle_service, self.fill_rate) {
            (Some(s), Some(up_to), ..) => Some(Rule::Levels { s, up_to }),
            (_, _, Some(a), _) => Some(Rule::CycleService(a)),
            (_, _, _, Some(b)) => Some(Rule::FillRate(b)),
            _ => None,
        }
    }

    /// What all entries say of a series.
    pub(in crate::scenario) fn of(entries: &[Self], names: &Names<'_>) -> Adjusted {
        let mut fitting: Vec<(u32, &Self)> = entries.iter().filter_map(|a| a.fits(names).map(|p| (p, a))).collect();
        // stable: of equally particular ones the later comes later
        fitting.sort_by_key(|(p, _)| *p);
        let mut out = Adjusted { entries: fitting.len(), ..Adjusted::default() };
        let mut rule_said = false;
        for (_, a) in fitting {
            out.demand_factor = a.demand_factor.or(out.demand_factor);
            out.lead_time_days = a.lead_time_days.or(out.lead_time_days);
            out.review_period = a.review_period.or(out.review_period);
            out.price = a.price.or(out.price);
            out.cost = a.cost.or(out.cost);
            let rule = a.rule();
            if !a.why.is_empty() && (rule.is_some() || !rule_said) {
                out.why.clone_from(&a.why);
            }
            rule_said |= rule.is_some();
            out.rule = rule.or(out.rule);
        }
        out
    }

    /// Complains about what cannot be used, key by key.
    pub(super) fn check(&self, bad: &mut dyn FnMut(&'static str, String, &str)) {
        let mut within = |key: &'static str, value: Option<f64>, least: f64, most: f64, fix: &str| {
            if let Some(v) = value.filter(|v| !(*v >= least && *v <= most)) {
                bad(key, format!("{key} = {v} is out of range"), fix);
            }
        };
        within("demand_factor", self.demand_factor, 0.0, 1000.0, "use 1.1 for 10 % more demand, 0.9 for 10 % less");
        within("lead_time_days", self.lead_time_days, 0.0, 1000.0, "use 0 to 1000 days");
        within("price", self.price, 0.0, 1e12, "use an amount of money of 0 or more");
        within("cost", self.cost, 0.0, 1e12, "use an amount of money of 0 or more");
        within("s", self.s, -1e12, 1e12, "use a finite number of units");
        within("S", self.up_to, 0.0, 1e12, "use a number of units of 0 or more");
        let targets = [("cycle_service", self.cycle_service), ("fill_rate", self.fill_rate)];
        for (key, value) in targets {
            if let Some(v) = value.filter(|v| !(*v > 0.0 && *v < 1.0)) {
                bad(key, format!("{key} = {v} is no share between 0 and 1"), "use 0.95 for 95 %");
            }
        }
        if self.review_period == Some(0) {
            bad("review_period", "a review period of 0".into(), "use 1 to review at the end of every period");
        }
        match (self.s, self.up_to) {
            (Some(s), Some(up)) if s > up => {
                bad("s", format!("s = {s} is above S = {up}"), "the reorder point s cannot exceed the level S that it orders up to")
            }
            (Some(_), None) => bad("s", "s is given without S".into(), "give both levels, s and S"),
            (None, Some(_)) => bad("S", "S is given without s".into(), "give both levels, s and S"),
            _ => {}
        }
        let rules = [self.s.is_some() || self.up_to.is_some(), self.cycle_service.is_some(), self.fill_rate.is_some()];
        if rules.into_iter().filter(|r| *r).count() > 1 {
            bad("adjust", "an entry has more than one of levels, cycle_service and fill_rate".into(), "keep one of them");
        }
    }
}
