//! Stock and open orders at places that the sales call otherwise, or do not name: a web shop's orders have no place, its stock list has one or
//! several.

use super::super::model::{History, Masters, Scope};
use crate::base::Diagnostic;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The place of sales that name none.
const UNNAMED: &str = "main";

/// Lets stock and open orders count for the sales where only their places differ: sales that name no place are served from all places, and what is
/// at one place serves what is sold at one. Says so, and what is at places where nothing sold otherwise.
pub fn settle_places(history: &History, masters: &mut Masters) -> Vec<Diagnostic> {
    let sold: BTreeSet<&str> = history.series.iter().map(|s| &*s.location).collect();
    let mut notes = Vec::new();
    let stock = masters.stock.iter_mut().map(|r| &mut r.scope).collect();
    let coming = masters.on_order.iter_mut().map(|r| &mut r.scope).collect();
    settle("stock", stock, &sold, &mut notes);
    settle("open orders", coming, &sold, &mut notes);
    notes
}

fn settle(what: &str, scopes: Vec<&mut Scope>, sold: &BTreeSet<&str>, notes: &mut Vec<Diagnostic>) {
    let places: BTreeSet<Arc<str>> =
        scopes.iter().filter_map(|s| if let Scope::ItemAt(_, place) = &**s { Some(place.clone()) } else { None }).collect();
    if sold.is_empty() || places.is_empty() || places.iter().any(|p| sold.contains(&**p)) {
        return;
    }
    let names = |all: &mut dyn Iterator<Item = &str>| {
        let all: Vec<&str> = all.collect();
        let more = if all.len() > 3 { ", …" } else { "" };
        format!("{}{more}", all.iter().take(3).copied().collect::<Vec<_>>().join(", "))
    };
    let at = names(&mut places.iter().map(|p| &**p));
    let unnamed = sold.len() == 1 && sold.contains(UNNAMED);
    if unnamed || sold.len() == 1 && places.len() == 1 {
        for scope in scopes {
            if let Scope::ItemAt(item, _) = &*scope {
                *scope = Scope::Item(item.clone());
            }
        }
        let why = if unnamed { "which name no place".to_owned() } else { format!("at {}", names(&mut sold.iter().copied())) };
        notes.push(Diagnostic::info("places-joined", format!("the {what} at {at} counts for the sales, {why}")));
    } else {
        let message =
            format!("the {what} is at places where nothing was sold ({at}) and counts for none of {}", names(&mut sold.iter().copied()));
        notes.push(Diagnostic::warning("places-differ", message).fix("name the places in both files alike"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Period, Stamp};
    use crate::history::model::{Measured, Series, StockRow};

    fn settled(sold: &[&str], stock: &[&str]) -> (Vec<Scope>, Vec<&'static str>) {
        let series = |place: &&str| Series { item: "A".into(), location: (*place).into(), ..Series::new(place, Stamp(0), vec![1.0]) };
        let history = History { period: Period::Day, measured: Measured::Units, series: sold.iter().map(series).collect() };
        let scope = |place: &&str| Scope::ItemAt("A".into(), (*place).into());
        let row = |scope| StockRow { scope, on_hand: 5.0, committed: 0.0, unavailable: 0.0, as_of: None, expires: None, line: 1 };
        let mut masters = Masters { stock: stock.iter().map(scope).map(row).collect(), ..Masters::default() };
        let notes = settle_places(&history, &mut masters);
        (masters.stock.into_iter().map(|r| r.scope).collect(), notes.into_iter().map(|d| d.code).collect())
    }

    #[test]
    fn stock_serves_sales_that_name_no_place() {
        let anywhere = || Scope::Item("A".into());
        let at = |place: &str| Scope::ItemAt("A".into(), place.into());
        assert_eq!(settled(&["main"], &["Depot"]), (vec![anywhere()], vec!["places-joined"]));
        assert_eq!(settled(&["main"], &["Depot", "Shop"]), (vec![anywhere(), anywhere()], vec!["places-joined"]));
        assert_eq!(settled(&["Leeds"], &["Depot"]), (vec![anywhere()], vec!["places-joined"]));
        // of several places that no name ties to the sales nobody can say which
        assert_eq!(settled(&["Leeds"], &["Depot", "Shop"]), (vec![at("Depot"), at("Shop")], vec!["places-differ"]));
        assert_eq!(settled(&["Leeds", "York"], &["Depot"]), (vec![at("Depot")], vec!["places-differ"]));
        assert_eq!(settled(&["Leeds", "York"], &["York"]), (vec![at("York")], vec![]));
    }
}
