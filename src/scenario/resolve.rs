//! From masters and plan to what each series is stocked with: every gap filled by a stated default, and the default named.

use super::assumptions::{report_assumptions, report_strangers};
use super::by_hand::ByHand;
use super::extras::extras;
use super::plan::adjust::Names;
use super::plan::{Adjust, Adjusted, LeadTimeSpec, Plan, Rule};
use crate::base::text::plural;
use crate::base::{Calendar, Diagnostic, Period};
use crate::forecast::PathModel;
use crate::history::model::{ItemRow, LeadTimeCell, Scope, StockRow, SupplierItemRow, SupplierRow};
use crate::history::{History, Masters, Series, followed};
use crate::inventory::{Expiring, Extras, LeadTime, OpenOrder, UnitCosts};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// Name of the supplier where nobody says.
pub const UNKNOWN_SUPPLIER: &str = "supplier";

/// Lead time in days where nobody says.
pub(super) const DEFAULT_LEAD_DAYS: f64 = 14.0;
/// Holding cost as a share of an item's cost per year where nobody says (capital 8–12 %, storage, insurance and obsolescence the rest;
/// Silver, Pyke & Thomas 2017 §3.3 give 20–30 % as usual).
pub const DEFAULT_HOLDING_RATE: f64 = 0.25;
/// Per unit and period, where neither a rate nor a cost is known: the contract's default.
const DEFAULT_HOLDING: f64 = 0.2;
/// Per unit lost, where neither margin nor default is known: the contract's default.
const DEFAULT_SHORTAGE: f64 = 1.0;
/// Recorded deliveries needed before a lead time is learned from them.
const MIN_RECEIPTS: usize = 5;

/// What was assumed for a series because no file says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Assumed {
    /// Cost per unit.
    Cost,
    /// Selling price.
    Price,
    /// Cost of a lost sale.
    Shortage,
    /// Lead time.
    LeadTime,
    /// Stock on hand.
    Stock,
    /// Weight and volume.
    Size,
    /// Supplier.
    Supplier,
}

/// One series with everything that stock decisions need, money in the project's currency.
#[derive(Debug, Clone)]
pub struct Stocked {
    /// Index into the history's series.
    pub series: usize,
    /// Name of the series.
    pub unique_id: Arc<str>,
    /// Item.
    pub item: Arc<str>,
    /// Location.
    pub location: Arc<str>,
    /// Name for people.
    pub description: Option<Arc<str>>,
    /// Category.
    pub category: Option<Arc<str>>,
    /// Who supplies it.
    pub supplier: Arc<str>,
    /// Selling price per unit, if known.
    pub price: Option<f64>,
    /// Money per unit, period and order.
    pub costs: UnitCosts,
    /// Lead time in periods.
    pub lead_time: LeadTime,
    /// Where the lead time is from.
    pub lead_time_source: String,
    /// Units per pack, 0: any.
    pub pack: f64,
    /// Smallest order, 0: none.
    pub minimum: f64,
    /// Kilograms per unit.
    pub weight_kg: f64,
    /// Cubic metres per unit.
    pub volume_m3: f64,
    /// Kilograms of CO2e that buying a unit stands for; 0 where the items file does not say.
    pub kg_co2e: f64,
    /// Whole periods a unit keeps.
    pub shelf_life: Option<usize>,
    /// Units on hand now; `None`: unknown, to be assumed from the forecast.
    pub on_hand: Option<f64>,
    /// What few items have: yield, disruptions, price breaks.
    pub extras: Extras,
    /// Part of it that expires sooner.
    pub expiring: Vec<Expiring>,
    /// On the way.
    pub on_order: Vec<OpenOrder>,
    /// Periods between the end of this series and now.
    pub lag: usize,
    /// Periods between reviews.
    pub review: usize,
    /// What demand is multiplied with, 1 unless adjusted. The forecast beside it is the one before that.
    pub demand_factor: f64,
    /// What decides the orders in place of the plan's policy, where an adjustment says so.
    pub rule: Option<Rule>,
    /// The reason given for the adjustment; empty where none is.
    pub why: String,
    /// Adjustments of the plan that speak of this series.
    pub adjustments: usize,
    /// What was changed of its forecast by hand. The forecast beside it is the one before that.
    pub by_hand: ByHand,
    /// What was assumed.
    pub assumed: BTreeSet<Assumed>,
}

/// The masters as look-ups.
struct Lookup<'a> {
    items: HashMap<&'a Scope, &'a ItemRow>,
    stock: HashMap<&'a Scope, Vec<&'a StockRow>>,
    on_order: HashMap<&'a Scope, Vec<OpenOrder>>,
    suppliers: HashMap<&'a str, &'a SupplierRow>,
    offers: HashMap<&'a str, Vec<&'a SupplierItemRow>>,
    /// Observed lead times in days by (supplier, item, location); absent parts are "".
    receipts: BTreeMap<(&'a str, &'a str, &'a str), Vec<f64>>,
}

/// The scopes that speak of a series, the most particular first.
fn scopes(series: &Series) -> [Scope; 3] {
    [
        Scope::UniqueId(series.unique_id.clone()),
        Scope::ItemAt(series.item.clone(), series.location.clone()),
        Scope::Item(series.item.clone()),
    ]
}

/// Everything stocked, in the history's order, and what had to be assumed or left out. `now` starts at the first period to plan.
pub fn resolve(history: &History, masters: &Masters, plan: &Plan, now: &Calendar) -> (Vec<Stocked>, Vec<Diagnostic>) {
    let mut notes = Vec::new();
    let lookup = Lookup::new(masters, now, &mut notes);
    let mut out = Vec::new();
    let mut ended = Vec::new();
    let replaced = followed(history, masters);
    let locations: BTreeSet<&str> = history.series.iter().map(|s| &*s.location).collect();
    for (index, series) in history.series.iter().enumerate() {
        // who has a successor is planned under its name
        if series.y.is_empty() || replaced.contains_key(&index) {
            continue;
        }
        let lag = lag(history, series, now);
        if lag > max_lag(history.period) {
            ended.push(&*series.unique_id);
            continue;
        }
        let mut s = lookup.stocked(series, index, plan, now, locations.len());
        s.lag = lag;
        out.push(s);
    }
    if !ended.is_empty() {
        let names = ended.iter().take(3).copied().collect::<Vec<_>>().join(", ");
        notes.push(
            Diagnostic::warning(
                "series-ended",
                format!(
                    "{} ended long before the newest and are not planned: {names}{}",
                    plural(ended.len(), "series").replace("seriess", "series"),
                    if ended.len() > 3 { " …" } else { "" }
                ),
            )
            .fix("add newer sales of them, or leave them out"),
        );
    }
    share_order_costs(&mut out, &lookup, plan, &mut notes);
    report_assumptions(&out, plan, history.period, &mut notes);
    report_strangers(history, masters, &mut notes);
    (out, notes)
}

/// One series as [`resolve`] finds it; `None` where it is not planned.
pub(super) fn resolve_one(history: &History, masters: &Masters, plan: &Plan, now: &Calendar, unique_id: &str) -> Option<Stocked> {
    let replaced = followed(history, masters);
    let names: BTreeSet<&str> = replaced.keys().filter_map(|i| history.series.get(*i)).map(|s| &*s.unique_id).collect();
    let planned = |s: &&Series| !s.y.is_empty() && !names.contains(&*s.unique_id) && lag(history, s, now) <= max_lag(history.period);
    let (index, series) = history.series.iter().enumerate().find(|(_, s)| &*s.unique_id == unique_id && planned(s))?;
    let lookup = Lookup::new(masters, now, &mut Vec::new());
    let locations: BTreeSet<&str> = history.series.iter().map(|s| &*s.location).collect();
    let mut s = lookup.stocked(series, index, plan, now, locations.len());
    s.lag = lag(history, series, now);
    // the order cost is shared with what is ordered together
    if plan.cost.order.is_none()
        && let Some(cost) = lookup.suppliers.get(&*s.supplier).and_then(|r| r.order_cost)
    {
        let together =
            history.series.iter().filter(planned).filter(|other| {
                other.location == s.location && lookup.supplier(other).as_deref().unwrap_or(UNKNOWN_SUPPLIER) == &*s.supplier
            });
        s.costs.order = cost / together.count().max(1) as f64;
    }
    Some(s)
}

/// Periods between the end of a series and now.
fn lag(history: &History, series: &Series, now: &Calendar) -> usize {
    now.index(series.end(history.period)).min(0).unsigned_abs() as usize
}

/// Categories by the scope that an item row speaks of.
pub(super) struct Categories<'a>(HashMap<&'a Scope, &'a str>);

impl<'a> Categories<'a> {
    pub fn of(masters: &'a Masters) -> Self {
        Self(masters.items.iter().filter_map(|r| Some((&r.scope, r.category.as_deref()?))).collect())
    }
    /// The category of a series, of the most particular row that names one.
    pub fn get(&self, series: &Series) -> Option<&'a str> {
        scopes(series).iter().find_map(|scope| self.0.get(scope).copied())
    }
}

/// How many periods a series may end before the newest and still be planned.
const fn max_lag(period: Period) -> usize {
    match period {
        Period::Hour => 24 * 14,
        Period::Day => 28,
        Period::Week => 8,
        Period::Month => 2,
        Period::Quarter | Period::Year => 1,
    }
}

impl<'a> Lookup<'a> {
    fn new(masters: &'a Masters, now: &Calendar, notes: &mut Vec<Diagnostic>) -> Self {
        let mut stock: HashMap<&Scope, Vec<&StockRow>> = HashMap::new();
        for row in &masters.stock {
            stock.entry(&row.scope).or_default().push(row);
        }
        let mut on_order: HashMap<&Scope, Vec<OpenOrder>> = HashMap::new();
        let mut late = 0;
        for row in &masters.on_order {
            let period = now.index(row.arrives);
            late += usize::from(period < 0);
            // what should have come already is expected in the first period; what comes inside a period is there at its start
            on_order.entry(&row.scope).or_default().push(OpenOrder { period: period.max(0) as usize, units: row.quantity });
        }
        if late > 0 {
            notes.push(
                Diagnostic::warning("open-order-late", format!("{} should have arrived before {}", plural(late, "open order"), now.start))
                    .fix("receive them in your system, or change their date; they are expected in the first period"),
            );
        }
        let mut offers: HashMap<&str, Vec<&SupplierItemRow>> = HashMap::new();
        for row in &masters.supplier_items {
            offers.entry(&row.item).or_default().push(row);
        }
        for rows in offers.values_mut() {
            rows.sort_by(|a, b| {
                a.rank.unwrap_or(f64::MAX).total_cmp(&b.rank.unwrap_or(f64::MAX)).then_with(|| a.supplier.cmp(&b.supplier))
            });
        }
        let mut receipts: BTreeMap<(&str, &str, &str), Vec<f64>> = BTreeMap::new();
        for r in &masters.receipts {
            let days = (r.received.0 - r.ordered.0) as f64 / 86_400.0;
            if days < 0.0 {
                continue;
            }
            let (s, i, l) = (r.supplier.as_deref().unwrap_or(""), r.item.as_deref().unwrap_or(""), r.location.as_deref().unwrap_or(""));
            for key in BTreeSet::from([(s, i, l), (s, i, ""), (s, "", l), (s, "", "")]) {
                receipts.entry(key).or_default().push(days);
            }
        }
        Self {
            items: masters.items.iter().map(|r| (&r.scope, r)).collect(),
            stock,
            on_order,
            suppliers: masters.suppliers.iter().map(|r| (&*r.supplier, r)).collect(),
            offers,
            receipts,
        }
    }

    fn stocked(&self, series: &Series, index: usize, plan: &Plan, now: &Calendar, locations: usize) -> Stocked {
        let period = now.period;
        let mut assumed = BTreeSet::new();
        let scopes = scopes(series);
        let rows: Vec<&ItemRow> = scopes.iter().filter_map(|s| self.items.get(s).copied()).collect();
        // the most particular row that says something wins, field by field
        let pick = |f: &dyn Fn(&ItemRow) -> Option<f64>| rows.iter().find_map(|r| f(r));
        let offers = self.offers.get(&*series.item);
        let supplier = self.supplier(series).unwrap_or_else(|| {
            assumed.insert(Assumed::Supplier);
            UNKNOWN_SUPPLIER.into()
        });
        let offer = offers.and_then(|o| o.iter().find(|o| o.supplier == supplier)).copied();

        let category = rows.iter().find_map(|r| r.category.clone());
        let names = Names {
            unique_id: &series.unique_id,
            item: &series.item,
            location: &series.location,
            category: category.as_deref(),
            supplier: &supplier,
        };
        let adjusted = Adjust::of(&plan.adjust, &names);

        let known_price = pick(&|r| r.price).or_else(|| selling_price(series)).or(plan.cost.price);
        let price = adjusted.price.or(known_price);
        if price.is_none() {
            assumed.insert(Assumed::Price);
        }
        let known_cost = adjusted.cost.or_else(|| pick(&|r| r.cost)).or_else(|| offer.and_then(|o| o.cost)).or(plan.cost.unit);
        let cost = known_cost.or_else(|| known_price.or(price).map(|p| p * plan.cost.cost_share));
        if known_cost.is_none() {
            assumed.insert(Assumed::Cost);
        }
        let holding = pick(&|r| r.holding)
            .or(plan.cost.holding)
            .or_else(|| cost.map(|c| c * plan.cost.holding_rate.unwrap_or(DEFAULT_HOLDING_RATE) / period.per_year()))
            .unwrap_or(DEFAULT_HOLDING);
        let margin = match (price, cost) {
            (Some(p), Some(c)) if p > c => Some(p - c),
            // a price set below cost is meant: nothing is lost with such a sale
            (Some(_), Some(_)) if adjusted.price.is_some() || adjusted.cost.is_some() => Some(0.0),
            _ => None,
        };
        let known_shortage = pick(&|r| r.shortage).or(plan.cost.shortage).or_else(|| if known_cost.is_some() { margin } else { None });
        if known_shortage.is_none() {
            assumed.insert(Assumed::Shortage);
        }
        let shortage = known_shortage.or(margin).unwrap_or(DEFAULT_SHORTAGE);
        let backorder = plan.cost.backorder.unwrap_or(0.0);

        let (lead_time, lead_time_source) = self.lead_time(series, &supplier, &rows, offer, plan, period, &mut assumed);
        let (lead_time, lead_time_source) = adjusted_lead_time(&adjusted, lead_time, lead_time_source, period, &mut assumed);
        let weight = pick(&|r| r.weight_kg);
        let volume = pick(&|r| r.volume_m3);
        if weight.is_none() || volume.is_none() {
            assumed.insert(Assumed::Size);
        }
        let shelf_life =
            pick(&|r| r.shelf_life_days).map(|d| ((d / period.days() + 1e-9).floor() as usize).max(1)).or(plan.supply.shelf_life);
        let (on_hand, expiring) = self.on_hand(series, &scopes, locations, shelf_life, now);
        if on_hand.is_none() {
            assumed.insert(Assumed::Stock);
        }
        let lead_time = if plan.supply.orders_cross { lead_time } else { lead_time.in_sequence() };
        let order_days = self.suppliers.get(&*supplier).map_or(&[][..], |r| &r.order_days);
        let breaks = rows.iter().find_map(|r| r.price_breaks.as_ref());
        let mut extras = extras(plan, &names, cost.unwrap_or(0.0), breaks, Some(now), order_days);
        extras.ended = rows.iter().any(|r| r.discontinued);
        let on_order = self.scoped(&scopes, locations, |s| self.on_order.get(s).cloned()).unwrap_or_default();
        Stocked {
            series: index,
            unique_id: series.unique_id.clone(),
            item: series.item.clone(),
            location: series.location.clone(),
            description: rows.iter().find_map(|r| r.description.as_deref().map(Arc::from)).or_else(|| series.description.clone()),
            category,
            supplier,
            price,
            costs: UnitCosts {
                unit: cost.unwrap_or(0.0),
                holding,
                shortage,
                backorder,
                order: plan.cost.order.unwrap_or(0.0),
                markdown: plan.cost.markdown.min(1.0),
            },
            lead_time,
            lead_time_source,
            pack: offer.and_then(|o| o.units_per_pack).or_else(|| pick(&|r| r.pack_size)).or(plan.supply.pack_size).unwrap_or(0.0),
            minimum: offer.and_then(|o| o.minimum).or_else(|| pick(&|r| r.minimum)).or(plan.supply.minimum).unwrap_or(0.0),
            weight_kg: weight.unwrap_or(plan.logistics.default_weight_kg),
            volume_m3: volume.unwrap_or(plan.logistics.default_volume_m3),
            kg_co2e: pick(&|r| r.kg_co2e).unwrap_or(0.0),
            shelf_life,
            on_hand,
            extras,
            expiring,
            on_order,
            lag: 0,
            review: adjusted.review_period.unwrap_or_else(|| plan.review()),
            demand_factor: adjusted.demand_factor.unwrap_or(1.0),
            rule: adjusted.rule,
            why: adjusted.why,
            adjustments: adjusted.entries,
            by_hand: ByHand::default(),
            assumed,
        }
    }

    /// Who supplies a series: who its rows name, else who offers it first.
    fn supplier(&self, series: &Series) -> Option<Arc<str>> {
        let named = scopes(series).iter().filter_map(|s| self.items.get(s)).find_map(|r| r.supplier.clone());
        named.or_else(|| self.offers.get(&*series.item).and_then(|o| o.first()).map(|o| o.supplier.clone()))
    }

    /// A look-up by scope; a row for the item anywhere speaks of one series only while there is one location.
    fn scoped<T>(&self, scopes: &[Scope; 3], locations: usize, get: impl Fn(&Scope) -> Option<T>) -> Option<T> {
        let upto = if locations > 1 { 2 } else { 3 };
        scopes[..upto].iter().find_map(get)
    }

    fn on_hand(
        &self,
        series: &Series,
        scopes: &[Scope; 3],
        locations: usize,
        shelf_life: Option<usize>,
        now: &Calendar,
    ) -> (Option<f64>, Vec<Expiring>) {
        let rows = self.scoped(scopes, locations, |s| self.stock.get(s).cloned());
        let Some(rows) = rows else { return (series.last_stock, Vec::new()) };
        let available = |r: &StockRow| (r.on_hand - r.committed - r.unavailable).max(if r.on_hand < 0.0 { f64::MIN } else { 0.0 });
        let total = rows.iter().map(|r| available(r)).sum();
        let mut expiring = Vec::new();
        if let Some(life) = shelf_life {
            for r in &rows {
                if let Some(expires) = r.expires {
                    let period = now.index(expires).max(0) as usize;
                    expiring.push(Expiring { period: period.min(life.saturating_sub(1)), units: available(r).max(0.0) });
                }
            }
        }
        (Some(total), expiring)
    }

    #[allow(clippy::too_many_arguments, reason = "one look-up over everything that can name a lead time")]
    fn lead_time(
        &self,
        series: &Series,
        supplier: &str,
        rows: &[&ItemRow],
        offer: Option<&SupplierItemRow>,
        plan: &Plan,
        period: Period,
        assumed: &mut BTreeSet<Assumed>,
    ) -> (LeadTime, String) {
        let periods = |days: f64| (days / period.days() - 1e-9).ceil().max(0.0);
        for key in [
            (supplier, &*series.item, &*series.location),
            (supplier, &*series.item, ""),
            (supplier, "", &*series.location),
            (supplier, "", ""),
        ] {
            if let Some(days) = self.receipts.get(&key)
                && days.len() >= MIN_RECEIPTS
            {
                let values: Vec<f64> = days.iter().map(|d| periods(*d)).collect();
                if let Ok(l) = LeadTime::discrete(&values, &vec![1.0; values.len()]) {
                    let whose = if key.1.is_empty() { "from this supplier" } else { "of this item" };
                    return (l, format!("{} {whose}", plural(days.len(), "recorded delivery").replace("deliverys", "deliveries")));
                }
            }
        }
        let cell = rows
            .iter()
            .find_map(|r| r.lead_time)
            .map(|c| (c, "items file"))
            .or_else(|| offer.and_then(|o| o.lead_time).map(|c| (c, "supplier's items")));
        if let Some((cell, source)) = cell {
            let p = match cell {
                LeadTimeCell::Periods(p) => p,
                LeadTimeCell::Days(d) => periods(d),
            };
            if let Ok(l) = LeadTime::from_mean_sd(p, 0.0) {
                return (l, source.into());
            }
        }
        if let Some(l) = plan.supply.lead_time.as_ref().and_then(plan_lead_time) {
            return (l, "scenario".into());
        }
        assumed.insert(Assumed::LeadTime);
        (LeadTime::fixed(periods(DEFAULT_LEAD_DAYS) as usize), "assumed".into())
    }
}

/// A lead time moved to the adjusted mean, its spread kept as far as nothing arrives before it is ordered.
pub(super) fn adjusted_lead_time(
    adjusted: &Adjusted,
    known: LeadTime,
    source: String,
    period: Period,
    assumed: &mut BTreeSet<Assumed>,
) -> (LeadTime, String) {
    let Some(days) = adjusted.lead_time_days else { return (known, source) };
    let wanted = (days / period.days() - 1e-9).ceil().max(0.0);
    let moved = if assumed.remove(&Assumed::LeadTime) || known.values.len() < 2 {
        LeadTime::from_mean_sd(wanted, 0.0)
    } else {
        let by = (wanted - known.mean()).round();
        LeadTime::discrete(&known.values.iter().map(|v| (*v as f64 + by).max(0.0)).collect::<Vec<_>>(), &known.weights)
    };
    moved.map_or((known, source), |l| (l, "adjustment".into()))
}

/// The lead time a plan states, if it is usable.
pub fn plan_lead_time(spec: &LeadTimeSpec) -> Option<LeadTime> {
    match spec {
        LeadTimeSpec::Fixed(p) => LeadTime::from_mean_sd(*p, 0.0).ok(),
        LeadTimeSpec::Spread(p) if !p.values.is_empty() => {
            let weights = if p.weights.is_empty() { vec![1.0; p.values.len()] } else { p.weights.clone() };
            LeadTime::discrete(&p.values, &weights).ok()
        }
        LeadTimeSpec::Spread(p) => {
            let law = match (p.distribution.as_deref(), p.mean) {
                (Some("poisson"), Some(mean)) => PathModel::poisson(mean),
                (Some("geometric"), Some(mean)) if mean > 0.0 => PathModel::negative_binomial(mean, (mean + mean * mean).sqrt()),
                (Some("uniform"), _) => PathModel::discrete_uniform(p.min?.ceil(), p.max?.floor()),
                _ => return LeadTime::from_mean_sd(p.mean?, p.sd.unwrap_or(0.0)).ok(),
            };
            LeadTime::of(law.ok()?.marginals.first()?)
        }
    }
}

/// What a unit sold for lately: revenue over units of the last year's worth of periods that sold anything, else the last known price.
fn selling_price(series: &Series) -> Option<f64> {
    let n = series.y.len();
    if let Some(revenue) = &series.revenue {
        let (mut money, mut units, mut seen) = (0.0, 0.0, 0);
        for i in (0..n.min(revenue.len())).rev() {
            if series.y[i] > 0.0 && revenue[i].is_finite() && revenue[i] > 0.0 {
                money += revenue[i];
                units += series.y[i];
                seen += 1;
                if seen == 13 {
                    break;
                }
            }
        }
        if units > 0.0 {
            return Some(money / units);
        }
    }
    let price = series.price.as_ref()?;
    price.iter().rev().copied().find(|p| p.is_finite() && *p > 0.0)
}

/// A supplier's order cost is paid once for all its items ordered together at a location: each carries an equal share.
fn share_order_costs(items: &mut [Stocked], lookup: &Lookup<'_>, plan: &Plan, notes: &mut Vec<Diagnostic>) {
    let mut together: BTreeMap<(Arc<str>, Arc<str>), usize> = BTreeMap::new();
    for s in items.iter() {
        *together.entry((s.supplier.clone(), s.location.clone())).or_default() += 1;
    }
    let mut shared = 0;
    for s in items.iter_mut() {
        let Some(cost) = lookup.suppliers.get(&*s.supplier).and_then(|r| r.order_cost) else { continue };
        if plan.cost.order.is_some() {
            continue;
        }
        let n = together.get(&(s.supplier.clone(), s.location.clone())).copied().unwrap_or(1).max(1);
        s.costs.order = cost / n as f64;
        shared += usize::from(n > 1);
    }
    // orders that go out together pay it once, in the simulation too
    if shared > 0 && !plan.policy.joint {
        notes.push(
            Diagnostic::info("order-cost-shared", "a supplier's order cost is shared equally by its items at a location")
                .fix("set order under [cost] to charge each order line instead"),
        );
    }
}
