//! The lines of the order list: what is advised now, joined with what was decided, in an order that does not jump.

use crate::app::session::Session;
use crate::base::{Calendar, Measure, Period, Stamp};
use crate::project::{Decision, DecisionKey, DecisionState, Standing};
use crate::report::tables::at_fraction;
use crate::scenario::SeriesOutcome;
use crate::scenario::resolve::Assumed;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// How a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Advised, nothing decided.
    Advised,
    /// On order by a decision.
    Approved,
    /// Not now.
    Held,
    /// Arrived, said by hand.
    Received,
    /// Will not come.
    Cancelled,
    /// An open-orders file imported later speaks of it.
    InOnOrderFile,
    /// Deliveries imported later cover it.
    InReceipts,
    /// Stock counted later holds it.
    InStock,
}

impl State {
    /// In a word, for the list and files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Advised => "Advised",
            Self::Approved => "Approved",
            Self::Held => "Held",
            Self::Received => "Received",
            Self::Cancelled => "Cancelled",
            Self::InOnOrderFile => "In open orders",
            Self::InReceipts => "Delivered",
            Self::InStock => "In stock count",
        }
    }
    /// What it means.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Advised => "advised, nothing decided yet",
            Self::Approved => "counts as on order until receipts or a newer stock count speak of it",
            Self::Held => "not now; it stays advised until you approve it or stock is enough",
            Self::Received => "arrived, said by hand; no longer on order",
            Self::Cancelled => "will not come; no longer on order",
            Self::InOnOrderFile => "a newer open-orders file says what is on its way",
            Self::InReceipts => "newer recorded deliveries cover it",
            Self::InStock => "a newer stock count holds it",
        }
    }
    /// Nothing is left to do about it.
    pub const fn is_done(self) -> bool {
        !matches!(self, Self::Advised | Self::Approved | Self::Held)
    }
}

/// One line.
#[derive(Debug, Clone)]
pub struct Line {
    /// Series and order date.
    pub key: DecisionKey,
    /// Position in the outcome's series; `None`: only a decision speaks of it.
    pub series: Option<usize>,
    /// Name for people.
    pub name: Arc<str>,
    /// Item.
    pub item: Arc<str>,
    /// Location.
    pub location: Arc<str>,
    /// Supplier.
    pub supplier: Arc<str>,
    /// Units on hand.
    pub on_hand: f64,
    /// Units on their way.
    pub on_order: f64,
    /// When both run out.
    pub runs_out: Option<Stamp>,
    /// The last day to order so that it arrives before that.
    pub order_by: Option<Stamp>,
    /// Units that the advice asks for.
    pub advised: f64,
    /// Units decided on, or advised.
    pub quantity: f64,
    /// Units advised on top of what is approved.
    pub more: f64,
    /// Landed cost per unit.
    pub unit_cost: f64,
    /// Units per pack, 0: any.
    pub pack: f64,
    /// Smallest order.
    pub minimum: f64,
    /// What waiting for the next review costs, money.
    pub waiting: Measure,
    /// When it is expected.
    pub arrives: Stamp,
    /// How it stands.
    pub state: State,
    /// The decision behind that.
    pub decision: Option<Decision>,
    /// Money rests on an assumed cost or price.
    pub assumed: bool,
}

impl Line {
    /// Units × cost.
    pub fn value(&self) -> f64 {
        self.quantity * self.unit_cost
    }
    /// Name and location.
    pub fn label(&self) -> String {
        if &*self.location == "main" { self.name.to_string() } else { format!("{}, {}", self.name, self.location) }
    }
    /// A quantity as it can be ordered: whole packs, never negative.
    pub fn packed(&self, units: f64) -> f64 {
        let units = if units.is_finite() { units.max(0.0) } else { self.quantity };
        if self.pack > 0.0 { (units / self.pack).round() * self.pack } else { units }
    }
    /// Counts in the order of today.
    pub fn in_order(&self, now: Stamp) -> bool {
        self.key.1 == now && matches!(self.state, State::Advised | State::Approved)
    }
}

/// A supplier's part of the list.
#[derive(Debug, Clone)]
pub struct Supplier {
    /// Name.
    pub name: Arc<str>,
    /// Lines that nothing is decided about.
    pub advised: usize,
    /// Their value.
    pub advised_value: f64,
    /// Approved lines.
    pub approved: usize,
    /// Value of today's approved lines.
    pub approved_value: f64,
    /// Held lines.
    pub held: usize,
    /// Of today's lines, what waiting costs.
    pub waiting: f64,
    /// Least value of an order, where it is known.
    pub minimum: Option<f64>,
    /// Cost of placing an order, where it is known.
    pub order_cost: Option<f64>,
    /// Some of the value rests on an assumed cost.
    pub assumed: bool,
    /// How its items are ordered together and what that saves, where they are.
    pub together: Vec<String>,
}

impl Supplier {
    /// What today's order to it is worth.
    pub fn value(&self) -> f64 {
        self.advised_value + self.approved_value
    }
}

/// What is due in a week: of approved and of advised lines.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Due {
    /// The Monday.
    pub week: Stamp,
    /// Approved, money.
    pub approved: f64,
    /// Advised, money.
    pub advised: f64,
}

/// The list.
#[derive(Debug, Default)]
pub struct Lines {
    made_for: Option<(u64, usize)>,
    /// The order date of today's lines.
    pub now: Stamp,
    /// All lines, in the order shown.
    pub all: Vec<Line>,
    /// Those who deliver, the most urgent first.
    pub suppliers: Vec<Supplier>,
    /// Money by week of arrival.
    pub due: Vec<Due>,
    /// Grows with every change.
    pub stamp: u64,
}

/// By what the list is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// Name.
    Name,
    /// Units on hand.
    OnHand,
    /// When it runs out.
    RunsOut,
    /// Units to order.
    Quantity,
    /// Money.
    Value,
    /// Cost of waiting.
    Waiting,
    /// How it stands.
    State,
    /// What its packs save per unit of what is short.
    Worth,
}

impl Lines {
    /// Brings the list up to date; true when it changed. Lines that stay keep their places.
    pub fn refresh(&mut self, s: &Session) -> bool {
        let wanted = (s.project.revision(), s.outcome.as_ref().map_or(0, |o| Arc::as_ptr(o) as usize));
        if self.made_for == Some(wanted) {
            return false;
        }
        self.made_for = Some(wanted);
        self.stamp += 1;
        let now = s.outcome.as_ref().and_then(|o| o.now).unwrap_or_default();
        let same_day = now == self.now;
        let places: HashMap<DecisionKey, usize> =
            if same_day { self.all.iter().enumerate().map(|(i, l)| (l.key.clone(), i)).collect() } else { HashMap::new() };
        let seats: HashMap<Arc<str>, usize> =
            if same_day { self.suppliers.iter().enumerate().map(|(i, s)| (s.name.clone(), i)).collect() } else { HashMap::new() };
        self.now = now;
        let old = std::mem::replace(&mut self.all, lines(s, now));
        if same_day && s.is_stale() {
            // a decision just taken back is advised again, as the next run will say: the line stays where it is until then
            let there: HashSet<DecisionKey> = self.all.iter().map(|l| l.key.clone()).collect();
            let gone = old.into_iter().filter(|l| l.key.1 == now && l.advised > 0.0 && !there.contains(&l.key));
            self.all.extend(gone.map(|l| Line { state: State::Advised, decision: None, quantity: l.advised, more: 0.0, ..l }));
        }
        self.all.sort_by(|a, b| {
            let at = |l: &Line| places.get(&l.key).copied().unwrap_or(usize::MAX);
            at(a).cmp(&at(b)).then_with(|| b.waiting.mean.total_cmp(&a.waiting.mean)).then_with(|| a.key.cmp(&b.key))
        });
        self.suppliers = suppliers(s, &self.all, now);
        self.suppliers.sort_by(|a, b| {
            let at = |x: &Supplier| seats.get(&x.name).copied().unwrap_or(usize::MAX);
            at(a).cmp(&at(b)).then_with(|| b.waiting.total_cmp(&a.waiting)).then_with(|| a.name.cmp(&b.name))
        });
        self.due = due(&self.all);
        true
    }

    /// Sorts once; later changes keep the places.
    pub fn sort(&mut self, by: Sort, descending: bool) {
        self.stamp += 1;
        self.all.sort_by(|a, b| {
            let ordering = match by {
                Sort::Name => a.name.to_lowercase().cmp(&b.name.to_lowercase()).then_with(|| a.location.cmp(&b.location)),
                Sort::OnHand => a.on_hand.total_cmp(&b.on_hand),
                Sort::RunsOut => a.runs_out.map_or(i64::MAX, |t| t.0).cmp(&b.runs_out.map_or(i64::MAX, |t| t.0)),
                Sort::Quantity => a.quantity.total_cmp(&b.quantity),
                Sort::Value => a.value().total_cmp(&b.value()),
                Sort::Waiting => a.waiting.mean.total_cmp(&b.waiting.mean),
                Sort::State => a.state.cmp(&b.state),
                // ranked from outside
                Sort::Worth => std::cmp::Ordering::Equal,
            };
            let ordering = if descending { ordering.reverse() } else { ordering };
            ordering.then_with(|| a.key.cmp(&b.key))
        });
    }

    /// Puts lines in the order of what they are worth, the most first; those without a figure stay behind as they were.
    pub fn rank(&mut self, worth: &HashMap<&str, f64>) {
        self.stamp += 1;
        let of = |l: &Line| worth.get(&*l.key.0).copied().unwrap_or(f64::NEG_INFINITY);
        self.all.sort_by(|a, b| of(b).total_cmp(&of(a)));
    }

    /// The line of a key.
    pub fn find(&self, key: &DecisionKey) -> Option<&Line> {
        self.all.iter().find(|l| l.key == *key)
    }
}

fn lines(s: &Session, now: Stamp) -> Vec<Line> {
    let Some(outcome) = s.outcome.as_deref().filter(|o| o.now.is_some()) else { return Vec::new() };
    let document = s.project.document();
    let calendar = Calendar::new(outcome.period, now);
    let stale = s.is_stale();
    let standings = document.standings();
    let mut decided: HashMap<&str, Vec<(&Decision, State)>> = HashMap::new();
    for (d, standing) in document.decisions.iter().zip(standings) {
        decided.entry(&d.unique_id).or_default().push((d, state(d, standing)));
    }
    let mut out = Vec::new();
    for (i, one) in outcome.series.iter().enumerate() {
        let mut advised = advised(i, one, &calendar);
        for (d, state) in decided.remove(&*one.stocked.unique_id).unwrap_or_default() {
            // an edit younger than the outcome cannot be in its advice yet
            let asks = if stale { 0.0 } else { advised.advised };
            let today = d.order_date == now;
            if today && state.is_done() && asks > 0.0 {
                // done with, and asked for again
                advised.decision = Some(d.clone());
                continue;
            }
            let mut line = Line { key: (d.unique_id.clone(), d.order_date), state, decision: Some(d.clone()), ..advised.clone() };
            line.unit_cost = if d.unit_cost > 0.0 { d.unit_cost } else { line.unit_cost };
            (line.quantity, line.arrives) = (d.quantity, d.arrives);
            if today {
                line.more = if state == State::Approved { asks } else { 0.0 };
                line.advised = if state == State::Held && advised.advised > 0.0 { advised.advised } else { d.advised };
                if state == State::Held {
                    line.quantity = line.advised;
                }
                advised.advised = 0.0;
            } else {
                line.advised = d.advised;
                line.waiting = Measure::default();
            }
            out.push(line);
        }
        if advised.advised > 0.0 {
            out.push(advised);
        }
    }
    // what was decided about series that are no longer planned
    for (d, state) in decided.into_values().flatten() {
        out.push(bare(d, state));
    }
    out
}

fn advised(i: usize, one: &SeriesOutcome, calendar: &Calendar) -> Line {
    let st = &one.stocked;
    let a = one.stock.advice.as_ref();
    let runs_out = a.and_then(|a| a.runs_out);
    let quantity = a.map_or(0.0, |a| a.quantity);
    Line {
        key: (st.unique_id.clone(), calendar.start),
        series: Some(i),
        name: st.description.clone().unwrap_or_else(|| st.item.clone()),
        item: st.item.clone(),
        location: st.location.clone(),
        supplier: st.supplier.clone(),
        on_hand: one.stock.on_hand,
        on_order: st.on_order.iter().map(|o| o.units).sum(),
        runs_out: runs_out.map(|p| at_fraction(calendar, p)),
        order_by: runs_out.map(|p| at_fraction(calendar, (p - st.lead_time.mean()).max(0.0))),
        advised: quantity,
        quantity,
        more: 0.0,
        unit_cost: st.costs.unit,
        pack: st.pack,
        minimum: st.minimum,
        waiting: a.map_or_else(Measure::default, |a| a.cost_of_waiting),
        arrives: calendar.at(a.map_or(0, |a| a.arrives) as i64),
        state: State::Advised,
        decision: None,
        assumed: st.assumed.contains(&Assumed::Cost) || st.assumed.contains(&Assumed::Shortage),
    }
}

fn bare(d: &Decision, state: State) -> Line {
    Line {
        key: (d.unique_id.clone(), d.order_date),
        series: None,
        name: d.item.clone(),
        item: d.item.clone(),
        location: d.location.clone(),
        supplier: d.supplier.clone(),
        on_hand: f64::NAN,
        on_order: f64::NAN,
        runs_out: None,
        order_by: None,
        advised: d.advised,
        quantity: d.quantity,
        more: 0.0,
        unit_cost: d.unit_cost,
        pack: 0.0,
        minimum: 0.0,
        waiting: Measure::default(),
        arrives: d.arrives,
        state,
        decision: Some(d.clone()),
        assumed: false,
    }
}

fn state(d: &Decision, standing: Standing) -> State {
    match (d.state, standing) {
        (DecisionState::Held, _) => State::Held,
        (DecisionState::Received, _) => State::Received,
        (DecisionState::Cancelled, _) => State::Cancelled,
        (DecisionState::Approved, Standing::InOnOrderFile) => State::InOnOrderFile,
        (DecisionState::Approved, Standing::InReceipts) => State::InReceipts,
        (DecisionState::Approved, Standing::InStock) => State::InStock,
        (DecisionState::Approved, Standing::Open(_) | Standing::NotOrdered) => State::Approved,
    }
}

fn suppliers(s: &Session, lines: &[Line], now: Stamp) -> Vec<Supplier> {
    let mut by_name: BTreeMap<&str, Supplier> = BTreeMap::new();
    for l in lines {
        let one = by_name.entry(&l.supplier).or_insert_with(|| {
            let row = s.inputs.masters.suppliers.iter().find(|r| r.supplier == l.supplier);
            Supplier {
                name: l.supplier.clone(),
                advised: 0,
                advised_value: 0.0,
                approved: 0,
                approved_value: 0.0,
                held: 0,
                waiting: 0.0,
                minimum: row.and_then(|r| r.minimum_value),
                order_cost: row.and_then(|r| r.order_cost),
                assumed: false,
                together: together(s, &l.supplier),
            }
        });
        match l.state {
            State::Advised => {
                one.advised += 1;
                one.advised_value += l.value();
            }
            State::Approved => {
                one.approved += 1;
                one.approved_value += if l.key.1 == now { l.value() } else { 0.0 };
            }
            State::Held => one.held += 1,
            _ => {}
        }
        if l.in_order(now) {
            one.assumed |= l.assumed;
            one.waiting += l.waiting.mean;
        }
    }
    by_name.into_values().collect()
}

/// A sentence for each place to which the supplier's items go on one order.
fn together(s: &Session, supplier: &str) -> Vec<String> {
    let groups = s.outcome.iter().flat_map(|o| &o.joint).filter(|g| &*g.supplier == supplier);
    let several = s.outcome.as_ref().is_some_and(|o| o.joint.iter().filter(|g| &*g.supplier == supplier).count() > 1);
    groups
        .map(|g| {
            let place = if several { format!("{}: ", g.location) } else { String::new() };
            let saving = g.optimum.saving;
            let saved =
                if saving.mean > saving.half_width { format!(", which saves {}", s.money.text(saving.mean)) } else { String::new() };
            format!("{place}{}{saved}", g.words())
        })
        .collect()
}

fn due(lines: &[Line]) -> Vec<Due> {
    let mut weeks: BTreeMap<Stamp, Due> = BTreeMap::new();
    for l in lines.iter().filter(|l| matches!(l.state, State::Advised | State::Approved)) {
        let week = Period::Week.floor(l.arrives);
        let due = weeks.entry(week).or_insert(Due { week, approved: 0.0, advised: 0.0 });
        *(if l.state == State::Approved { &mut due.approved } else { &mut due.advised }) += l.value();
    }
    weeks.into_values().collect()
}
