//! Successors: an item that replaces another inherits its demand and what is left of it.
//!
//! Where the item list names a successor, the sales of both at a location are one demand under the successor's name, before its own first sale and while both are
//! sold; stock and open orders of the predecessor are counted with the successor's, since they are sold first; and what the item list says of the predecessor (cost,
//! supplier, lead time …) holds for a successor of which it says nothing. The predecessor itself is not ordered any more.

use super::model::{History, ItemRow, Masters, OnOrderRow, Scope, Series, StockRow};
use crate::base::{Calendar, Diagnostic, Period};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Successors by the series that they follow: indices into the history. A chain of several ends at its last.
pub fn followed(history: &History, masters: &Masters) -> BTreeMap<usize, Arc<str>> {
    let by_item: BTreeMap<&Scope, &Arc<str>> = masters.items.iter().filter_map(|r| Some((&r.scope, r.successor.as_ref()?))).collect();
    if by_item.is_empty() {
        return BTreeMap::new();
    }
    let named = |s: &Series| {
        let scopes = [Scope::UniqueId(s.unique_id.clone()), Scope::ItemAt(s.item.clone(), s.location.clone()), Scope::Item(s.item.clone())];
        scopes.iter().find_map(|k| by_item.get(k).map(|by| Arc::clone(by)))
    };
    let next: BTreeMap<&str, &str> = masters
        .items
        .iter()
        .filter_map(|r| {
            let (Scope::Item(name) | Scope::ItemAt(name, _) | Scope::UniqueId(name)) = &r.scope;
            Some((&**name, &**r.successor.as_ref()?))
        })
        .collect();
    // who follows himself in the end follows nobody
    let ends = |from: &str| {
        let mut at = from;
        (0..=next.len()).any(|_| match next.get(at) {
            Some(by) => {
                at = by;
                false
            }
            None => true,
        })
    };
    let one = |(i, s): (usize, &Series)| {
        let by = named(s).filter(|by| **by != *s.item && **by != *s.unique_id)?;
        ends(&by).then_some((i, by))
    };
    history.series.iter().enumerate().filter_map(one).collect()
}

/// The name of the series that follows `s`: an existing one of that item there, else one named alike.
fn heir(history: &[Series], s: &Series, by: &Arc<str>) -> Result<usize, Box<Series>> {
    let at = history.iter().position(|o| (o.item == *by && o.location == s.location) || o.unique_id == *by);
    at.ok_or_else(|| {
        let name: Arc<str> = if *s.unique_id == *s.item {
            by.clone()
        } else if s.unique_id.contains(&*s.item) {
            Arc::from(s.unique_id.replacen(&*s.item, by, 1))
        } else {
            Arc::from(format!("{by}@{}", s.location))
        };
        Box::new(Series { location: s.location.clone(), item: by.clone(), ..Series::new(&name, s.start, Vec::new()) })
    })
}

/// The demand of both over both spans.
fn joined(old: &Series, new: &Series, period: Period) -> Series {
    if new.y.is_empty() {
        return Series {
            unique_id: new.unique_id.clone(),
            item: new.item.clone(),
            description: new.description.clone(),
            last_stock: None,
            ..old.clone()
        };
    }
    let start = old.start.min(new.start);
    let calendar = Calendar::new(period, start);
    let at = |s: &Series| calendar.index(s.start).max(0) as usize;
    let (a, b) = (at(old), at(new));
    let n = (a + old.y.len()).max(b + new.y.len());
    let get = |v: &[f64], from: usize, t: usize| t.checked_sub(from).and_then(|i| v.get(i)).copied();
    let sum = |x: Option<f64>, y: Option<f64>| match (x.filter(|v| v.is_finite()), y.filter(|v| v.is_finite())) {
        (Some(x), Some(y)) => x + y,
        (Some(x), None) | (None, Some(x)) => x,
        _ => f64::NAN,
    };
    let each = |f: &dyn Fn(usize) -> f64| (0..n).map(f).collect::<Vec<f64>>();
    // what one of them has not, says nothing about the two
    let added = |x: &Option<Vec<f64>>, y: &Option<Vec<f64>>| {
        (x.is_some() || y.is_some()).then(|| {
            let (x, y) = (x.as_deref().unwrap_or_default(), y.as_deref().unwrap_or_default());
            each(&|t| sum(get(x, a, t), get(y, b, t)))
        })
    };
    let later = |x: &Option<Vec<f64>>, y: &Option<Vec<f64>>, none: f64| {
        (x.is_some() || y.is_some()).then(|| {
            let (x, y) = (x.as_deref().unwrap_or_default(), y.as_deref().unwrap_or_default());
            each(&|t| get(y, b, t).filter(|v| v.is_finite()).or(get(x, a, t)).unwrap_or(none))
        })
    };
    // one of the two on the shelf is enough to sell
    let on_shelf = |s: &Series, from: usize, t: usize| match &s.in_stock {
        Some(v) => get(v, from, t),
        None => get(&s.y, from, t).map(|_| 1.0),
    };
    let in_stock = (old.in_stock.is_some() || new.in_stock.is_some())
        .then(|| each(&|t| on_shelf(old, a, t).unwrap_or(0.0).max(on_shelf(new, b, t).unwrap_or(0.0)).clamp(0.0, 1.0)));
    Series {
        start,
        y: each(&|t| sum(get(&old.y, a, t), get(&new.y, b, t))),
        revenue: added(&old.revenue, &new.revenue),
        price: later(&old.price, &new.price, f64::NAN),
        in_stock,
        promo: later(&old.promo, &new.promo, 0.0),
        returned: added(&old.returned, &new.returned),
        ..new.clone()
    }
}

/// The scope under which rows speak of a series, the most particular first; `locations`: how many there are.
fn scopes(s: &Series, locations: usize) -> Vec<Scope> {
    let mut all = vec![Scope::UniqueId(s.unique_id.clone()), Scope::ItemAt(s.item.clone(), s.location.clone())];
    if locations <= 1 {
        all.push(Scope::Item(s.item.clone()));
    }
    all
}

/// Moves what is said of `from` and of `to` under the series name of `to`.
fn moved<T>(rows: &mut [T], scope: impl Fn(&mut T) -> &mut Scope, series: [&Series; 2], locations: usize) {
    let name = Scope::UniqueId(series[1].unique_id.clone());
    // first who is heard, then the moves: a row that has been moved is not to drown out those that have not
    let heard = series.map(|s| scopes(s, locations).into_iter().find(|k| rows.iter_mut().any(|r| scope(r) == k)));
    for r in rows.iter_mut().map(scope) {
        if heard.iter().flatten().any(|k| k == r) {
            *r = name.clone();
        }
    }
}

/// History and masters with every successor in its place; `None` where the item list names none that matters. Series keep their places, new ones come last.
pub fn succeed(history: &History, masters: &Masters) -> Option<(History, Masters, Vec<Diagnostic>)> {
    let mut todo = followed(history, masters);
    if todo.is_empty() {
        return None;
    }
    let (mut history, mut masters) = (history.clone(), masters.clone());
    let locations = history.series.iter().map(|s| &*s.location).collect::<BTreeSet<_>>().len();
    let mut said: Vec<String> = Vec::new();
    let mut count = 0;
    // those that follow nobody first, so that a chain is handed on link by link
    while !todo.is_empty() {
        let names: BTreeSet<&str> = todo.values().map(|by| &**by).collect();
        let next = todo
            .keys()
            .copied()
            .find(|i| history.series.get(*i).is_some_and(|s| !names.contains(&*s.item) && !names.contains(&*s.unique_id)));
        // a circle has no first: whoever follows himself in the end stays as he is
        let Some(next) = next else { break };
        let Some((by, old)) = todo.remove(&next).zip(history.series.get(next).cloned()) else { break };
        let to = match heir(&history.series, &old, &by) {
            Ok(i) => i,
            Err(fresh) => {
                history.series.push(*fresh);
                history.series.len() - 1
            }
        };
        let Some(new) = history.series.get(to).cloned() else { break };
        if to == next {
            continue;
        }
        let one = joined(&old, &new, history.period);
        let left: f64 = left_of(&masters.stock, &old, locations);
        moved(&mut masters.stock, |r: &mut StockRow| &mut r.scope, [&old, &one], locations);
        moved(&mut masters.on_order, |r: &mut OnOrderRow| &mut r.scope, [&old, &one], locations);
        inherit(&mut masters.items, &old, &one);
        if let Some(slot) = history.series.get_mut(to) {
            *slot = one;
        }
        count += 1;
        let stock = if left > 0.0 { format!(", {left} left and sold first") } else { String::new() };
        said.push(format!("{} follows {}{stock}", new.unique_id, old.unique_id));
        // a series of a new name may itself be followed
        if !todo.contains_key(&to)
            && let Some(by) = followed(&History { series: vec![new], ..history.clone() }, &masters).remove(&0)
            && to >= history.series.len() - 1
        {
            todo.insert(to, by);
        }
    }
    (count > 0).then(|| {
        let listed = said.iter().take(5).cloned().collect::<Vec<_>>().join("; ");
        let more = if said.len() > 5 { " …" } else { "" };
        let note = Diagnostic::info("successor", format!("successors take over demand and stock: {listed}{more}"))
            .fix("empty the successor in the items file where both are to be sold on");
        (history, masters, vec![note])
    })
}

fn left_of(rows: &[StockRow], s: &Series, locations: usize) -> f64 {
    let heard = scopes(s, locations).into_iter().find(|k| rows.iter().any(|r| r.scope == *k));
    heard.map_or(0.0, |k| rows.iter().filter(|r| r.scope == k).map(|r| (r.on_hand - r.committed - r.unavailable).max(0.0)).sum())
}

/// What the item list says of the predecessor, for a successor of which it says nothing.
fn inherit(items: &mut Vec<ItemRow>, old: &Series, new: &Series) {
    let of = |s: &Series, r: &ItemRow| match &r.scope {
        Scope::Item(i) => *i == s.item,
        Scope::ItemAt(i, l) => *i == s.item && *l == s.location,
        Scope::UniqueId(u) => *u == s.unique_id,
    };
    let mut own: Vec<usize> = (0..items.len()).filter(|i| of(new, &items[*i])).collect();
    let from: Vec<ItemRow> = items.iter().filter(|r| of(old, r)).cloned().collect();
    if own.is_empty() && !from.is_empty() {
        items.push(ItemRow { line: from.first().map_or(0, |r| r.line), ..ItemRow::about(Scope::UniqueId(new.unique_id.clone()), None) });
        own.push(items.len() - 1);
    }
    // cell by cell into the least particular row, which any other overrules
    let Some(row) = own.into_iter().min_by_key(|i| match items[*i].scope {
        Scope::Item(_) => 0,
        Scope::ItemAt(..) => 1,
        Scope::UniqueId(_) => 2,
    }) else {
        return;
    };
    let row = &mut items[row];
    for r in from {
        row.cost = row.cost.or(r.cost);
        row.price = row.price.or(r.price);
        row.supplier = row.supplier.take().or(r.supplier);
        row.lead_time = row.lead_time.take().or(r.lead_time);
        row.pack_size = row.pack_size.or(r.pack_size);
        row.minimum = row.minimum.or(r.minimum);
        row.weight_kg = row.weight_kg.or(r.weight_kg);
        row.volume_m3 = row.volume_m3.or(r.volume_m3);
        row.shelf_life_days = row.shelf_life_days.or(r.shelf_life_days);
        row.holding = row.holding.or(r.holding);
        row.shortage = row.shortage.or(r.shortage);
        row.category = row.category.take().or(r.category);
        row.kg_co2e = row.kg_co2e.or(r.kg_co2e);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Stamp;
    use crate::history::Measured;

    fn day(d: u32) -> Stamp {
        Stamp::from_ymd(2026, 3, d).unwrap_or_default()
    }

    fn history(series: Vec<Series>) -> History {
        History { period: Period::Day, measured: Measured::Units, series }
    }

    fn names(item: &str, by: &str) -> ItemRow {
        ItemRow { cost: Some(3.0), ..ItemRow::about(Scope::Item(item.into()), Some(by.into())) }
    }

    fn stock(item: &str, on_hand: f64) -> StockRow {
        StockRow { scope: Scope::Item(item.into()), on_hand, committed: 0.0, unavailable: 0.0, as_of: None, expires: None, line: 1 }
    }

    #[test]
    fn demand_and_stock_are_handed_on() {
        let h = history(vec![Series::new("A", day(1), vec![5.0, 6.0, 2.0]), Series::new("B", day(3), vec![3.0, 7.0])]);
        let m = Masters { items: vec![names("A", "B")], stock: vec![stock("A", 4.0), stock("B", 10.0)], ..Masters::default() };
        let (h, m, notes) = succeed(&h, &m).unwrap();
        assert_eq!((h.series[1].start, h.series[1].y.clone()), (day(1), vec![5.0, 6.0, 5.0, 7.0]));
        assert!(m.stock.iter().all(|r| r.scope == Scope::UniqueId("B".into())));
        assert_eq!(m.items.iter().find(|r| r.scope == Scope::UniqueId("B".into())).and_then(|r| r.cost), Some(3.0));
        assert!(notes[0].message.contains("B follows A, 4 left"), "{notes:?}");
        assert_eq!(followed(&h, &m).keys().copied().collect::<Vec<_>>(), vec![0]);
    }

    /// A chain of three of which the last has not been sold yet, at two locations; and a circle, which is left alone.
    #[test]
    fn chains_and_circles() {
        let at = |item: &str, place: &str, y: Vec<f64>| Series {
            item: item.into(),
            location: place.into(),
            ..Series::new(&format!("{item}@{place}"), day(1), y)
        };
        let h = history(vec![at("A", "N", vec![1.0, 2.0]), at("A", "S", vec![4.0, 4.0]), at("B", "N", vec![0.0, 3.0])]);
        let m = Masters { items: vec![names("A", "B"), names("B", "C")], ..Masters::default() };
        let (h, _, _) = succeed(&h, &m).unwrap();
        let of = |id: &str| h.series.iter().find(|s| *s.unique_id == *id).map(|s| s.y.clone());
        assert_eq!(of("C@N"), Some(vec![1.0, 5.0]));
        assert_eq!(of("C@S"), Some(vec![4.0, 4.0]));
        let h = history(vec![Series::new("A", day(1), vec![1.0]), Series::new("B", day(1), vec![2.0])]);
        assert!(succeed(&h, &Masters { items: vec![names("A", "B"), names("B", "A")], ..Masters::default() }).is_none());
        assert!(succeed(&h, &Masters::default()).is_none());
    }
}
