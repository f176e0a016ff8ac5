//! Decisions as edits: each is one step of undo, with the reason given.

use super::lines::{Line, State};
use crate::app::format::units;
use crate::app::session::Session;
use crate::base::text::plural;
use crate::history::model::{Scope, StockRow};
use crate::project::{Change, Decision, DecisionState, Edit};
use crate::scenario::resolve::Assumed;

/// Approves lines, each with its quantity.
pub fn approve<'a>(s: &Session, lines: impl IntoIterator<Item = (&'a Line, f64)>, why: &str) -> Option<Edit> {
    let chosen: Vec<(&Line, f64)> = lines.into_iter().filter(|(_, q)| *q > 0.0).collect();
    let label = match chosen.as_slice() {
        [] => return None,
        [(l, q)] if l.state == State::Approved => format!("change the order of {} to {}", l.label(), units(*q)),
        [(l, q)] => format!("approve {} of {}", units(*q), l.label()),
        [(first, _), rest @ ..] if rest.iter().all(|(l, _)| l.supplier == first.supplier) => {
            format!("approve {} to {}", plural(chosen.len(), "line"), first.supplier)
        }
        _ => format!("approve {}", plural(chosen.len(), "order line")),
    };
    let changes = chosen.into_iter().map(|(l, q)| change(s, l, DecisionState::Approved, q, why)).collect();
    Some(Edit { label, why: None, changes }.because(why))
}

/// Holds a line back.
pub fn hold(s: &Session, l: &Line, why: &str) -> Edit {
    Edit::one(format!("hold {}", l.label()), change(s, l, DecisionState::Held, l.advised, why)).because(why)
}

/// An approved line will not come.
pub fn cancel(s: &Session, l: &Line, why: &str) -> Edit {
    Edit::one(format!("cancel the order of {}", l.label()), change(s, l, DecisionState::Cancelled, l.quantity, why)).because(why)
}

/// An approved line has arrived: it is no longer on order, and where stock is known it is on the shelf.
pub fn receive(s: &Session, l: &Line, why: &str) -> Edit {
    let mut edit =
        Edit::one(format!("receive {} of {}", units(l.quantity), l.label()), change(s, l, DecisionState::Received, l.quantity, why))
            .because(why);
    edit.changes.extend(shelved(s, l));
    edit
}

/// Takes a decision back.
pub fn take_back(l: &Line) -> Edit {
    Edit::one(format!("take back the decision on {}", l.label()), Change::Decide(l.key.clone(), None))
}

fn change(s: &Session, l: &Line, state: DecisionState, quantity: f64, why: &str) -> Change {
    let decision = Decision {
        unique_id: l.key.0.clone(),
        item: l.item.clone(),
        location: l.location.clone(),
        supplier: l.supplier.clone(),
        order_date: l.key.1,
        arrives: l.arrives,
        advised: l.advised,
        quantity,
        unit_cost: l.unit_cost,
        state,
        why: Some(why.trim().to_owned()).filter(|w| !w.is_empty()),
        decided: s.project.now(),
        after_source: 0,
    };
    Change::Decide(l.key.clone(), Some(decision))
}

/// The stock rows of a line's series with what arrived on top; nothing where stock is unknown.
fn shelved(s: &Session, l: &Line) -> Option<Change> {
    let one = s.outcome.as_ref()?.series.get(l.series?)?;
    if one.stocked.assumed.contains(&Assumed::Stock) {
        return None;
    }
    let masters = &s.project.document().masters;
    let scopes = [Scope::UniqueId(l.key.0.clone()), Scope::ItemAt(l.item.clone(), l.location.clone()), Scope::Item(l.item.clone())];
    let found = scopes.into_iter().find_map(|scope| {
        let rows: Vec<StockRow> = masters.stock.iter().filter(|r| r.scope == scope).cloned().collect();
        (!rows.is_empty()).then_some((scope, rows))
    });
    let (scope, mut rows) = found.unwrap_or_else(|| {
        let scope = Scope::UniqueId(l.key.0.clone());
        let known =
            StockRow { scope: scope.clone(), on_hand: l.on_hand, committed: 0.0, unavailable: 0.0, as_of: None, expires: None, line: 0 };
        (scope, vec![known])
    });
    // what arrived is fresh: it joins the units that keep longest
    let fresh = rows.iter_mut().max_by_key(|r| r.expires.map_or(i64::MAX, |e| e.0))?;
    fresh.on_hand += l.quantity;
    Some(Change::StockRows(vec![(scope, rows)]))
}
