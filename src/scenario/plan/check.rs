//! What of a plan cannot be run, each with the fix.

use super::{ConsolidationSpec, LeadTimeSpec, Objective, Plan};
use crate::base::diagnostic::nearest;
use crate::base::{Diagnostic, Period};

/// Policy kinds the scenario file knows.
pub const POLICY_KINDS: &[&str] =
    &["optimal", "sS", "sQ", "RS", "RsS", "RsnQ", "base_stock", "min_max", "kanban", "days_of_cover", "schedule"];

/// Kinds that the optimal policy can be looked for among.
pub const FAMILIES: [&str; 10] = ["sS", "sQ", "RS", "RsS", "RsnQ", "base_stock", "min_max", "adaptive", "lot_sizing", "best"];

/// Laws of demand that the scenario file knows.
pub const LAWS: [&str; 16] = [
    "poisson",
    "geometric",
    "binomial",
    "negative_binomial",
    "compound_poisson",
    "discrete",
    "discrete_uniform",
    "empirical",
    "normal",
    "gamma",
    "exponential",
    "lognormal",
    "uniform",
    "triangular",
    "weibull",
    "deterministic",
];

/// A diagnostic and where in the file it belongs.
pub(super) struct Problem {
    /// The key it is about.
    pub key: &'static str,
    /// The `[[adjust]]` or `[[override]]` entry it is about, counted from 0 among those of its name.
    pub entry: Option<(&'static str, usize)>,
    pub diagnostic: Diagnostic,
}

impl Problem {
    fn new(key: &'static str, entry: Option<(&'static str, usize)>, message: String, fix: &str) -> Self {
        Self { key, entry, diagnostic: Diagnostic::error("scenario-value", message).fix(fix) }
    }
}

impl Plan {
    /// What cannot be run as it stands.
    pub fn check(&self) -> Vec<Diagnostic> {
        self.problems().into_iter().map(|p| p.diagnostic).collect()
    }

    /// What cannot be run as it stands, and the key that each is about.
    pub(super) fn problems(&self) -> Vec<Problem> {
        let mut out = Vec::new();
        let mut bad = |key: &'static str, message: String, fix: &str| out.push(Problem::new(key, None, message, fix));
        if self.version != 1 {
            bad("version", format!("version {} is not known here", self.version), "use version = 1, or a newer Stockcast");
        }
        if !(1..=1_000_000).contains(&self.replications) {
            bad("replications", format!("replications = {} is out of range", self.replications), "use 1 to 1,000,000; 1000 is usual");
        }
        if !(1..=20_000).contains(&self.periods) {
            bad("periods", format!("periods = {} is out of range", self.periods), "use 1 to 20,000 periods");
        }
        if self.warm_up > 20_000 {
            bad("warm_up", format!("warm_up = {} is out of range", self.warm_up), "use 0 to 20,000 periods");
        }
        if let Some(p) = self.precision
            && !(p > 0.0 && p < 1.0)
        {
            bad("precision", format!("precision = {p} is not between 0 and 1"), "use 0.01 for one per cent");
        }
        if let Some(p) = &self.history.period
            && p != "auto"
            && Period::parse(p).is_none()
        {
            bad("period", format!("'{p}' is no period"), "use hour, day, week, month, quarter, year or auto");
        }
        if self.history.files.is_empty() && self.demand.is_none() && self.stages.is_empty() {
            bad("files", "there is neither a sales file nor a [demand] distribution".into(), "add files = [\"sales.csv\"] under [history]");
        }
        if !self.history.files.is_empty() && self.demand.is_some() {
            bad("demand", "both [history] files and a [demand] distribution are given".into(), "keep one of them");
        }
        if !self.history.files.is_empty() && !self.stages.is_empty() {
            bad("stage", "both [history] files and [[stage]] entries are given".into(), "keep one of them");
        }
        if !matches!(self.supply.unmet_demand.as_str(), "lost" | "backorder") {
            bad("unmet_demand", format!("'{}' is not known", self.supply.unmet_demand), "use \"lost\" or \"backorder\"");
        }
        if let Some(l) = self.supply.lost.filter(|l| !(0.0..=1.0).contains(l)) {
            bad(
                "lost",
                format!("lost = {l} is no share"),
                "use 0.6 where 60 % of the customers who find no stock go elsewhere and the others wait",
            );
        }
        if self.supply.lost.is_none() && self.cost.waiting.is_some() {
            bad(
                "waiting",
                "a cost of waiting needs a share of customers who wait".into(),
                "add lost = 0.6 under [supply], or say it as shortage with unmet_demand = \"backorder\"",
            );
        }
        if self.supply.review_period == 0 || self.policy.review == Some(0) {
            bad("review_period", "a review period of 0".into(), "use 1 to review at the end of every period");
        }
        match &self.supply.lead_time {
            Some(LeadTimeSpec::Fixed(v)) if !(*v >= 0.0 && *v <= 1000.0) => {
                bad("lead_time", format!("a lead time of {v} periods"), "use 0 to 1000 periods")
            }
            Some(LeadTimeSpec::Spread(p)) => {
                let uniform = p.distribution.as_deref() == Some("uniform");
                if let Some(law) = p.distribution.as_deref().filter(|d| !["gamma", "poisson", "geometric", "uniform"].contains(d)) {
                    let hint = nearest(law, ["gamma", "poisson", "geometric", "uniform"])
                        .map_or(String::new(), |n| format!("did you mean \"{n}\"? "));
                    bad(
                        "lead_time",
                        format!("'{law}' is no distribution of lead times"),
                        &format!("{hint}known: gamma, poisson, geometric, uniform"),
                    );
                } else if uniform
                    && !matches!((p.min, p.max), (Some(a), Some(b)) if (0.0..=1000.0).contains(&a) && (a..=1000.0).contains(&b))
                {
                    bad(
                        "lead_time",
                        "a uniform lead time needs min and max".into(),
                        "write { distribution = \"uniform\", min = 1, max = 5 }",
                    );
                } else if !uniform && p.values.is_empty() == p.mean.is_none() {
                    bad(
                        "lead_time",
                        "a lead time needs either a mean or values".into(),
                        "write { mean = 2.0, sd = 0.5 } or { values = [2, 3], weights = [1, 1] }",
                    );
                } else if !p.weights.is_empty() && p.weights.len() != p.values.len() {
                    bad(
                        "lead_time",
                        format!("{} values but {} weights", p.values.len(), p.weights.len()),
                        "give one weight a value, or none",
                    );
                } else if p.values.iter().chain(&p.mean).chain(&p.sd).any(|v| !(*v >= 0.0 && *v <= 1000.0))
                    || p.weights.iter().any(|w| !(*w >= 0.0 && w.is_finite()))
                    || (!p.weights.is_empty() && p.weights.iter().sum::<f64>() <= 0.0)
                {
                    bad(
                        "lead_time",
                        "a lead time or weight is negative, too large or not a number".into(),
                        "use 0 to 1000 periods and weights of 0 or more, not all of them 0",
                    );
                }
            }
            _ => {}
        }
        for (key, value) in [
            ("holding", self.cost.holding),
            ("holding_rate", self.cost.holding_rate),
            ("shortage", self.cost.shortage),
            ("waiting", self.cost.waiting),
            ("order", self.cost.order),
            ("unit", self.cost.unit),
            ("price", self.cost.price),
            ("pack_size", self.supply.pack_size),
            ("minimum", self.supply.minimum),
            ("maximum", self.supply.maximum),
            ("production_rate", self.supply.production_rate),
            ("backorder", self.cost.backorder),
            ("on_hand", self.supply.on_hand),
            ("cost_share", Some(self.cost.cost_share)),
            ("markdown", Some(self.cost.markdown)),
            ("carbon_price", Some(self.footprint.carbon_price)),
            ("circuity", Some(self.logistics.circuity)),
            ("default_km", Some(self.logistics.default_km)),
            ("default_weight_kg", Some(self.logistics.default_weight_kg)),
            ("default_volume_m3", Some(self.logistics.default_volume_m3)),
        ] {
            if let Some(v) = value
                && !(v >= 0.0 && v.is_finite())
            {
                bad(key, format!("{key} = {v} is negative or not a number"), "use 0 or more");
            }
        }
        if self.cost.markdown > 1.0 {
            bad(
                "markdown",
                format!("markdown = {} is no share of the cost", self.cost.markdown),
                "use 0.3 where stock left at the end has lost 30 %",
            );
        }
        for (key, value) in [("maximum", self.supply.maximum), ("production_rate", self.supply.production_rate)] {
            if value == Some(0.0) {
                bad(key, format!("{key} = 0 lets nothing come in"), "use the units of the largest order, or those that come in a period");
            }
        }
        if let (Some(least), Some(most)) = (self.supply.minimum, self.supply.maximum)
            && least > most
        {
            bad("maximum", format!("minimum = {least} is above maximum = {most}"), "the smallest order cannot be larger than the largest");
        }
        if self.cost.backorder.is_some() && self.supply.lost.is_none() && self.supply.unmet_demand != "backorder" {
            bad(
                "backorder",
                "a cost of backorders needs customers who wait".into(),
                "add unmet_demand = \"backorder\" under [supply], or lost = 0.6 where only some wait",
            );
        }
        if self.supply.shelf_life == Some(0) {
            bad("shelf_life", "a shelf life of 0 periods".into(), "use 1 for what can only be sold in the period it comes in");
        }
        if !matches!(self.supply.issue.as_str(), "fifo" | "lifo") {
            bad(
                "issue",
                format!("'{}' is not known", self.supply.issue),
                "use \"fifo\" (the oldest first) or \"lifo\" (the freshest first)",
            );
        }
        if let Some(y) = &self.supply.yields
            && let Err(d) = crate::inventory::Yield::new(y.mean, y.sd)
        {
            bad("yield", d.message.clone(), d.fix.as_deref().unwrap_or("write { mean = 0.95, sd = 0.03 }"));
        }
        self.check_policy(&mut bad);
        self.check_demand(&mut bad);
        check_rule("consolidation", &self.logistics.consolidation, &mut bad);
        if let Some(c) = &self.logistics.deliveries {
            check_rule("deliveries", c, &mut bad);
        }
        for (i, a) in self.adjust.iter().enumerate() {
            a.check(&mut |key, message, fix| out.push(Problem::new(key, Some(("adjust", i)), message, fix)));
        }
        for (i, d) in self.disruption.iter().enumerate() {
            d.check(self.demand.is_none(), &mut |key, message, fix| out.push(Problem::new(key, Some(("disruption", i)), message, fix)));
        }
        for (i, b) in self.price_break.iter().enumerate() {
            b.check(&mut |key, message, fix| out.push(Problem::new(key, Some(("price_break", i)), message, fix)));
        }
        for (i, e) in self.expedite.iter().enumerate() {
            e.check(&mut |key, message, fix| out.push(Problem::new(key, Some(("expedite", i)), message, fix)));
        }
        super::stages::check(&self.stages, |i, key, message, fix| out.push(Problem::new(key, Some(("stage", i)), message, fix)));
        for (i, o) in self.overrides.iter().enumerate() {
            o.check(&mut |key, message, fix| out.push(Problem::new(key, Some(("override", i)), message, fix)));
        }
        for (i, d) in self.drivers.iter().enumerate() {
            d.check(&mut |key, message, fix| out.push(Problem::new(key, Some(("driver", i)), message, fix)));
        }
        out
    }

    fn check_policy(&self, bad: &mut impl FnMut(&'static str, String, &str)) {
        let p = &self.policy;
        let need = |key: &'static str, v: Option<f64>, bad: &mut dyn FnMut(&'static str, String, &str)| match v {
            None => bad("kind", format!("policy {} needs {key}", p.kind), &format!("add {key} under [policy]")),
            Some(v) if !v.is_finite() => bad("kind", format!("{key} = {v} is not a number"), "use a finite number"),
            _ => {}
        };
        match p.kind.as_str() {
            "optimal" => {}
            "sS" | "RsS" | "min_max" => {
                need("s", p.s, bad);
                need("S", p.up_to, bad);
                if let (Some(s), Some(up)) = (p.s, p.up_to)
                    && s > up
                {
                    bad("kind", format!("s = {s} is above S = {up}"), "the reorder point s cannot exceed the level S that it orders up to");
                }
            }
            "sQ" | "RsnQ" => {
                need("s", p.s, bad);
                need("Q", p.quantity, bad);
                if p.quantity.is_some_and(|q| q <= 0.0) {
                    bad("kind", "Q must be above 0".into(), "use the quantity of one order");
                }
            }
            "kanban" => {
                need("Q", p.quantity, bad);
                if p.quantity.is_some_and(|q| q <= 0.0) {
                    bad("kind", "Q must be above 0".into(), "use the units that one container holds");
                }
                if !p.cards.is_some_and(|c| (1..=100_000).contains(&c)) {
                    bad(
                        "kind",
                        "policy kanban needs cards".into(),
                        "add cards = 3 under [policy]: containers on hand and on order together",
                    );
                }
            }
            "RS" | "base_stock" => need("S", p.up_to, bad),
            "days_of_cover" => need("days", p.days, bad),
            "schedule" => {
                if p.orders.is_empty() || p.orders.iter().any(|q| !(*q >= 0.0 && q.is_finite())) {
                    bad(
                        "kind",
                        "policy schedule needs orders of 0 or more".into(),
                        "add orders = [210, 0, 150, 0] under [policy]: units ordered for each period, repeating",
                    );
                }
            }
            other => {
                let hint = nearest(other, POLICY_KINDS.iter().copied()).map_or(String::new(), |k| format!("did you mean \"{k}\"? "));
                bad("kind", format!("'{other}' is no policy"), &format!("{hint}known: {}", POLICY_KINDS.join(", ")));
            }
        }
        if let Some(f) = p.family.as_deref().filter(|f| !FAMILIES.contains(f)) {
            let hint = nearest(f, FAMILIES).map_or(String::new(), |k| format!("did you mean \"{k}\"? "));
            bad("family", format!("'{f}' is no kind of policy to look among"), &format!("{hint}known: {}", FAMILIES.join(", ")));
        }
        if p.family.as_deref() == Some("lot_sizing") && self.demand.as_ref().is_none_or(|d| d.distribution != "deterministic") {
            bad(
                "family",
                "lot_sizing needs a demand that is known".into(),
                "use distribution = \"deterministic\" with values under [demand]",
            );
        }
        if !matches!(p.below_minimum.as_str(), "warn" | "fill" | "wait" | "best") {
            bad("below_minimum", format!("'{}' is not known", p.below_minimum), "use \"warn\", \"fill\", \"wait\" or \"best\"");
        }
        match &p.objective {
            Objective::Name(n) if n == "cost" => {}
            Objective::Name(n) => bad(
                "objective",
                format!("'{n}' is no objective"),
                "use \"cost\", { cycle_service = 0.95 }, { fill_rate = 0.98 } or { budget = 10000 }",
            ),
            Objective::Target(t) => {
                let limits = [t.budget, t.volume_m3, t.weight_kg, t.kg_co2e];
                let limited = usize::from(limits.iter().any(Option::is_some));
                if [t.cycle_service, t.fill_rate].into_iter().flatten().count() + limited != 1 {
                    bad(
                        "objective",
                        "an objective has exactly one target".into(),
                        "use one of cycle_service, fill_rate, budget (with volume_m3, weight_kg and kg_co2e where they are short too)",
                    );
                }
                if [t.cycle_service, t.fill_rate].into_iter().flatten().any(|v| !(v > 0.0 && v < 1.0)) {
                    bad("objective", "a service target is a share between 0 and 1".into(), "use 0.95 for 95 %");
                }
                if [t.volume_m3, t.weight_kg, t.kg_co2e].into_iter().flatten().any(|b| !(b >= 0.0 && b.is_finite())) {
                    bad("objective", "a limit cannot be negative".into(), "use cubic metres, kilograms or kg CO2e of 0 or more");
                }
                if t.budget.is_some_and(|b| !(b >= 0.0 && b.is_finite())) {
                    bad("objective", "a budget cannot be negative".into(), "use an amount of money of 0 or more");
                }
            }
        }
    }

    fn check_demand(&self, bad: &mut impl FnMut(&'static str, String, &str)) {
        let Some(d) = &self.demand else { return };
        let fine = |v: Option<f64>| v.is_some_and(|v| v >= 0.0 && v.is_finite());
        let law = d.distribution.as_str();
        for (key, v) in [("mean", d.mean), ("sd", d.sd), ("cv", d.cv), ("sigma", d.sigma), ("shape", d.shape), ("scale", d.scale)] {
            if v.is_some() && !fine(v) {
                bad(key, format!("the {key} of a {law} demand is negative or not a number"), "use 0 or more");
                return;
            }
        }
        match law {
            "poisson" | "exponential" if d.mean.is_none() => {
                bad("mean", format!("a {law} demand needs a mean of 0 or more"), "add mean = 5.0")
            }
            "geometric" if d.mean.is_none() && d.probability.is_none() => {
                bad("mean", "a geometric demand needs a mean or a probability".into(), "add mean = 5.0, or probability = 0.2 (of ending)")
            }
            "normal" | "gamma" | "lognormal" | "negative_binomial" if d.moments().is_none() => {
                let other = match law {
                    "gamma" => " (or shape and scale)",
                    "lognormal" => " (or mu and sigma of its logarithm)",
                    "negative_binomial" => " (or trials and probability)",
                    _ => "",
                };
                bad("mean", format!("a {law} demand needs mean and sd{other}"), "add mean = 5.0 and sd = 2.0")
            }
            "gamma" | "lognormal" | "negative_binomial" if d.mean == Some(0.0) => {
                bad("mean", format!("a {law} demand needs a mean above 0"), "use a positive mean")
            }
            "gamma" if d.moments().is_some_and(|(_, sd)| sd <= 0.0) => {
                bad("sd", "a gamma demand needs an sd above 0".into(), "raise sd, or use deterministic")
            }
            "negative_binomial" if d.moments().is_some_and(|(mean, sd)| sd * sd <= mean) => {
                bad("sd", "a negative binomial needs a variance above its mean".into(), "raise sd, or use poisson")
            }
            "uniform" | "discrete_uniform" if d.min.is_none() || d.max.is_none() => {
                bad("distribution", format!("a {law} demand needs min and max"), "add min = 0.0 and max = 10.0")
            }
            "triangular" if d.min.is_none() || d.max.is_none() || d.mode.is_none() => {
                bad("distribution", "a triangular demand needs min, mode and max".into(), "add min = 0.0, mode = 3.0 and max = 10.0")
            }
            "weibull" if d.shape.is_none() || d.scale.is_none() => {
                bad("distribution", "a weibull demand needs shape and scale".into(), "add shape = 1.5 and scale = 10.0")
            }
            "binomial" if d.trials.is_none() || d.probability.is_none() => {
                bad("distribution", "a binomial demand needs trials and probability".into(), "add trials = 20 and probability = 0.3")
            }
            "compound_poisson" if d.customers.is_none() || d.values.is_empty() => bad(
                "distribution",
                "a compound_poisson demand needs customers (their mean number a period) and the values that one of them wants".into(),
                "add customers = 4.0, values = [1, 2, 5] and weights = [6, 3, 1]",
            ),
            "discrete" | "empirical" | "compound_poisson"
                if d.values.is_empty() || (!d.weights.is_empty() && d.weights.len() != d.values.len()) =>
            {
                bad("values", format!("a {law} demand needs values and as many weights"), "add values = [0, 1, 2] and weights = [5, 3, 2]")
            }
            "discrete" | "empirical" | "compound_poisson"
                if d.weights.iter().any(|w| !(*w >= 0.0 && w.is_finite()))
                    || (!d.weights.is_empty() && d.weights.iter().sum::<f64>() <= 0.0) =>
            {
                bad("weights", "weights must be 0 or more and not all 0".into(), "use relative frequencies")
            }
            "deterministic" if d.values.is_empty() && !fine(d.mean) => {
                bad("values", "a deterministic demand needs values or a mean".into(), "add values = [10, 20, 30]")
            }
            k if !LAWS.contains(&k) => {
                let hint = nearest(k, LAWS).map_or(String::new(), |n| format!("did you mean \"{n}\"? "));
                bad("distribution", format!("'{k}' is no distribution"), &format!("{hint}known: {}", LAWS.join(", ")));
            }
            _ => {}
        }
        if d.whole && !matches!(law, "normal" | "gamma" | "lognormal") {
            bad("whole", format!("a {law} demand is not rounded"), "leave whole out, or use normal, gamma or lognormal");
        }
        if d.autocorrelation.is_some_and(|r| !(0.0..1.0).contains(&r)) {
            bad("autocorrelation", "an autocorrelation is not between 0 and 1".into(), "use 0.6, or leave it out");
        }
        if let Some(p) = d.period.as_deref().filter(|p| Period::parse(p).is_none()) {
            bad("period", format!("'{p}' is no period"), "use hour, day, week, month, quarter or year");
        }
        if d.values.iter().any(|v| !v.is_finite() || *v < 0.0) {
            bad("values", "a demand is negative or not a number".into(), "use values of 0 or more");
        }
    }
}

/// Monday = 0, from `mon`, `Monday`, `1` … `7`.
pub fn parse_weekday(text: &str) -> Option<u32> {
    let t = text.trim().to_lowercase();
    ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].iter().position(|d| t.starts_with(d)).map(|i| i as u32)
}

/// A rule under which shipments leave.
fn check_rule(key: &'static str, c: &ConsolidationSpec, bad: &mut impl FnMut(&'static str, String, &str)) {
    if c.every.is_none() && c.load.is_none() && c.weekdays.is_empty() {
        bad(
            key,
            format!("the {} is empty", if key == "deliveries" { "rule for deliveries" } else { "consolidation rule" }),
            "write { every = 1 }, { load = 0.9 }, both, or { weekdays = [\"mon\", \"thu\"] }",
        );
    }
    if c.every.is_some_and(|t| !(t > 0.0 && t <= 366.0)) || c.load.is_some_and(|q| !(q > 0.0 && q <= 1.0)) {
        bad(key, "every must be 1 to 366 days and load a share of a vehicle".into(), "write { every = 2, load = 0.9 }");
    }
    if c.collect && !c.via.is_empty() {
        bad(key, "shipments are either collected in rounds or sent over hubs".into(), "leave out collect or via");
    }
    if let Some(day) = c.weekdays.iter().find(|d| parse_weekday(d).is_none()) {
        bad("weekdays", format!("'{day}' is no day of the week"), "use mon, tue, wed, thu, fri, sat, sun");
    }
}
