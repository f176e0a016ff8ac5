//! Approved orders as stock on order, until something newer tells better.
//!
//! An approved decision counts until
//! - an open-orders file imported after it lists what is really on order, or
//! - receipts imported after it record a delivery of its item ordered on or after its order date (the earliest order is served first, a
//!   delivery without a quantity serves one order whole), or
//! - a stock count imported after it is dated on or after its arrival.

use super::document::{Decision, DecisionState, Document, SourceKind};
use crate::base::Stamp;
use crate::history::model::{OnOrderRow, ReceiptRow, Scope};
use crate::history::{self, History, Series};
use crate::scenario::{Inputs, Taken, Told, load};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// What a decision counts for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Standing {
    /// So many units are on order.
    Open(f64),
    /// An open-orders file imported later replaces it.
    InOnOrderFile,
    /// Deliveries recorded later cover it.
    InReceipts,
    /// Stock counted later holds it.
    InStock,
    /// It was not approved, or is done with.
    NotOrdered,
}

impl Document {
    /// What the engine runs on: the sales with what was agreed to, the masters, and the approved orders that are still on their way beside
    /// those of the masters.
    pub fn inputs(&self) -> Inputs {
        let mut inputs = Inputs { masters: history::apply_masters(&self.masters, &self.agreed.fixes), ..Inputs::default() };
        if let Some(sales) = &self.sales {
            inputs.history = Some(self.agreed.history(&sales.history));
            inputs.recognised = sales.recognised.clone();
            inputs.transactions = sales.transactions;
        }
        let single = self.single_location();
        let spoken: HashSet<Scope> = self.masters.on_order.iter().map(|r| r.scope.clone()).collect();
        for (decision, standing) in self.decisions.iter().zip(self.standings()) {
            let Standing::Open(quantity) = standing else { continue };
            // the most particular scope with rows is the only one heard: join the rows that are heard now
            let scope = scopes(decision, single).find(|s| spoken.contains(s));
            let scope = scope.unwrap_or_else(|| Scope::UniqueId(decision.unique_id.clone()));
            inputs.masters.on_order.push(OnOrderRow { scope, arrives: decision.arrives, quantity, line: 0 });
        }
        // successors take over what was ordered of their predecessors, too
        if let Some((history, masters, _)) = inputs.history.as_ref().and_then(|h| history::succeed(h, &inputs.masters)) {
            (inputs.history, inputs.masters) = (Some(history), masters);
        }
        inputs.known =
            inputs.history.as_ref().and_then(|h| Told::new(h, &inputs.masters, self.known.as_ref().map(|k| k.drivers(h)))).map(Arc::new);
        inputs
    }

    /// Orders decided on `day` that these inputs count as on their way or, where stock is known, on the shelf already, by series.
    pub fn taken(&self, inputs: &Inputs, day: Stamp) -> HashMap<Arc<str>, Taken> {
        let single = self.single_location();
        let of_day = self.decisions.iter().filter(|d| d.order_date == day && d.quantity > 0.0);
        // rows of files have a line
        let counted = |d: &Decision| {
            let same = |r: &&OnOrderRow| r.line == 0 && r.arrives == d.arrives && (r.quantity - d.quantity).abs() < 1e-9;
            inputs.masters.on_order.iter().filter(same).any(|r| scopes(d, single).any(|s| s == r.scope))
        };
        let known = |d: &Decision| inputs.masters.stock.iter().any(|r| scopes(d, single).any(|s| s == r.scope));
        of_day
            .filter_map(|d| {
                let received = match d.state {
                    DecisionState::Approved | DecisionState::Received if counted(d) => false,
                    DecisionState::Received if known(d) => true,
                    _ => return None,
                };
                Some((d.unique_id.clone(), Taken { advised: d.advised, quantity: d.quantity, received }))
            })
            .collect()
    }

    /// What each decision counts for, in the order of [`Document::decisions`].
    pub fn standings(&self) -> Vec<Standing> {
        let single = self.single_location();
        let counts = Counts::of(self);
        let on_order = self.sequence(SourceKind::OnOrder);
        let receipts = self.sequence(SourceKind::Receipts);
        let mut served = Served::new(&self.masters.receipts);
        // sorted by series, then by order date: the earliest order of a series is served first
        let stands = |d: &Decision| {
            if d.state != DecisionState::Approved || d.quantity <= 0.0 {
                return Standing::NotOrdered;
            }
            if on_order > d.after_source {
                return Standing::InOnOrderFile;
            }
            if counts.since(d, single) {
                return Standing::InStock;
            }
            if receipts > d.after_source {
                let rest = served.rest(d);
                return if rest > 0.0 { Standing::Open(rest) } else { Standing::InReceipts };
            }
            Standing::Open(d.quantity)
        };
        self.decisions.iter().map(stands).collect()
    }

    fn sequence(&self, kind: SourceKind) -> u64 {
        self.companions.iter().filter(|c| c.kind == kind).map(|c| c.sequence).max().unwrap_or(0)
    }

    /// A row for an item anywhere speaks of one series only while there is one location.
    fn single_location(&self) -> bool {
        let Some(sales) = &self.sales else { return true };
        sales.history.series.windows(2).all(|w| match w {
            [a, b] => a.location == b.location,
            _ => true,
        })
    }
}

/// The scopes that speak of a decision's series, the most particular first.
fn scopes(d: &Decision, single: bool) -> impl Iterator<Item = Scope> {
    let anywhere = single.then(|| Scope::Item(d.item.clone()));
    [Scope::UniqueId(d.unique_id.clone()), Scope::ItemAt(d.item.clone(), d.location.clone())].into_iter().chain(anywhere)
}

/// When stock was last counted, by scope of the stock file, or by series where the sales file carries a stock level.
struct Counts {
    file: u64,
    by_scope: HashMap<Scope, Stamp>,
    sales: u64,
    by_series: HashMap<Arc<str>, Stamp>,
}

impl Counts {
    fn of(document: &Document) -> Self {
        let history = document.sales.as_ref().map(|s| &s.history);
        // the last moment before the first period to plan
        let end = |at: Option<Stamp>| at.map(|t| Stamp(t.0 - 1));
        let now = end(history.and_then(load::now).map(|c| c.start));
        let mut by_scope: HashMap<Scope, Stamp> = HashMap::new();
        for row in &document.masters.stock {
            let Some(at) = row.as_of.or(now) else { continue };
            let latest = by_scope.entry(row.scope.clone()).or_insert(at);
            *latest = at.max(*latest);
        }
        let last = |h: &History, s: &Series| end(Some(s.end(h.period))).filter(|_| s.last_stock.is_some());
        Self {
            file: document.sequence(SourceKind::Stock),
            by_scope,
            sales: document.sales.iter().flat_map(|s| &s.sources).map(|s| s.sequence).max().unwrap_or(0),
            by_series: history
                .iter()
                .flat_map(|h| h.series.iter().filter_map(|s| last(h, s).map(|at| (s.unique_id.clone(), at))))
                .collect(),
        }
    }

    /// A count dated on or after the arrival was imported after the decision.
    fn since(&self, d: &Decision, single: bool) -> bool {
        match scopes(d, single).find_map(|s| self.by_scope.get(&s)) {
            Some(at) => *at >= d.arrives && self.file > d.after_source,
            None => self.by_series.get(&d.unique_id).is_some_and(|at| *at >= d.arrives) && self.sales > d.after_source,
        }
    }
}

/// Recorded deliveries, each of which serves orders once.
struct Served<'a> {
    by_item: HashMap<&'a str, Vec<(&'a ReceiptRow, f64)>>,
}

impl<'a> Served<'a> {
    fn new(receipts: &'a [ReceiptRow]) -> Self {
        let mut by_item: HashMap<&str, Vec<_>> = HashMap::new();
        for row in receipts {
            if let Some(item) = &row.item {
                by_item.entry(item).or_default().push((row, row.quantity.unwrap_or(f64::INFINITY)));
            }
        }
        Self { by_item }
    }

    /// Units of a decision that no delivery covers.
    fn rest(&mut self, d: &Decision) -> f64 {
        let mut rest = d.quantity;
        for (row, left) in self.by_item.get_mut(&*d.item).into_iter().flatten() {
            let fits = row.ordered >= d.order_date
                && row.location.as_ref().is_none_or(|l| *l == d.location)
                && row.supplier.as_ref().is_none_or(|s| *s == d.supplier);
            if !fits || *left <= 0.0 {
                continue;
            }
            let taken = left.min(rest);
            rest -= taken;
            // without a quantity a delivery is one whole order
            *left = if left.is_finite() { *left - taken } else { 0.0 };
            if rest <= 0.0 {
                break;
            }
        }
        rest
    }
}
