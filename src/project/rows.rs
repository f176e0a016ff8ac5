//! Rows of the masters by key: found, replaced and put in one order, so that an edit and its inverse meet the same table.

use crate::base::Diagnostic;
use crate::history::model::{
    BomRow, CarrierRow, DistanceRow, EventRow, ItemRow, LeadTimeCell, LocationRow, OnOrderRow, ReceiptRow, Scope, StockRow,
    SupplierItemRow, SupplierRow, VehicleRow,
};
use crate::history::{Masters, ShipmentRow};
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

/// Groups up to which scanning the table for each is cheaper than an index.
const FEW: usize = 8;

/// A row of one of the ten tables.
pub(super) trait Row: Clone + PartialEq {
    /// What names the row; several rows may share it.
    type Key: Clone + Eq + Hash + Ord;
    /// At most one row a key.
    const UNIQUE: bool;
    fn key(&self) -> Self::Key;
    fn is(&self, key: &Self::Key) -> bool;
    fn line(&self) -> u64;
    /// Numbers that have to be finite.
    fn numbers(&self) -> Vec<f64>;
    /// Names that may not be empty.
    fn names(&self) -> Vec<&str>;
}

/// Position in a table: by line of the file, rows added by hand last, then by key.
fn order<R: Row>(row: &R) -> (u64, R::Key) {
    (row.line().wrapping_sub(1), row.key())
}

/// Replaces all rows of each key by the given ones; returns what undoes it, in the order to undo it.
pub(super) fn replace<R: Row>(table: &mut Vec<R>, groups: &[(R::Key, Vec<R>)]) -> Vec<(R::Key, Vec<R>)> {
    let mut index: HashMap<&R::Key, usize> = HashMap::new();
    if groups.len() > FEW {
        index.extend(groups.iter().enumerate().map(|(i, (key, _))| (key, i)));
    }
    if index.len() != groups.len() {
        // few, or one key twice: one after the other
        let mut undo: Vec<_> = groups.iter().map(|(key, rows)| (key.clone(), replace_one(table, key, rows))).collect();
        undo.reverse();
        return undo;
    }
    let mut old: Vec<Vec<R>> = groups.iter().map(|_| Vec::new()).collect();
    let mut kept = Vec::with_capacity(table.len());
    for row in table.drain(..) {
        match index.get(&row.key()).and_then(|i| old.get_mut(*i)) {
            Some(group) => group.push(row),
            None => kept.push(row),
        }
    }
    kept.extend(groups.iter().flat_map(|(_, rows)| rows.iter().cloned()));
    kept.sort_by_cached_key(order);
    *table = kept;
    groups.iter().map(|(key, _)| key.clone()).zip(old).collect()
}

fn replace_one<R: Row>(table: &mut Vec<R>, key: &R::Key, rows: &[R]) -> Vec<R> {
    // a cell of a large table: the row stands where its successor will
    if let ([row], true) = (rows, R::UNIQUE)
        && let Ok(place) =
            table.binary_search_by(|r| r.line().wrapping_sub(1).cmp(&row.line().wrapping_sub(1)).then_with(|| r.key().cmp(key)))
        && let Some(slot) = table.get_mut(place)
    {
        return vec![std::mem::replace(slot, row.clone())];
    }
    let places: Vec<usize> = table.iter().enumerate().filter(|(_, r)| r.is(key)).map(|(i, _)| i).collect();
    if let ([place], [row]) = (&places[..], rows)
        && let Some(slot) = table.get_mut(*place)
        && slot.line() == row.line()
    {
        return vec![std::mem::replace(slot, row.clone())];
    }
    let old = places.into_iter().rev().map(|i| table.remove(i)).collect::<Vec<_>>().into_iter().rev().collect();
    for row in rows {
        let at = order(row);
        let place = table.partition_point(|r| order(r) <= at);
        table.insert(place, row.clone());
    }
    old
}

/// Puts a table in its order.
pub(super) fn sort<R: Row>(table: &mut [R]) {
    if !table.is_sorted_by_key(order) {
        table.sort_by_cached_key(order);
    }
}

/// Puts a table in its order; of several rows with one key the last is heard, as everywhere else.
fn sort_unique<R: Row>(table: &mut Vec<R>) {
    let mut last = HashMap::new();
    for (i, row) in table.iter().enumerate() {
        last.insert(row.key(), i);
    }
    if last.len() < table.len() {
        let mut i = 0;
        table.retain(|row| {
            i += 1;
            last.get(&row.key()) == Some(&(i - 1))
        });
    }
    sort(table);
}

/// All tables in their order.
pub(super) fn tidy(masters: &mut Masters) {
    let Masters {
        items,
        stock,
        on_order,
        suppliers,
        supplier_items,
        receipts,
        bom,
        locations,
        vehicles,
        carriers,
        distances,
        shipments,
        events,
    } = masters;
    tidy_items(items);
    sort(stock);
    sort(on_order);
    tidy_suppliers(suppliers);
    sort(supplier_items);
    sort(receipts);
    sort(bom);
    sort(locations);
    sort(vehicles);
    sort(carriers);
    sort(distances);
    sort(shipments);
    sort(events);
}

/// One row an item scope.
pub(super) fn tidy_items(rows: &mut Vec<ItemRow>) {
    sort_unique(rows);
}

/// One row a supplier.
pub(super) fn tidy_suppliers(rows: &mut Vec<SupplierRow>) {
    sort_unique(rows);
}

/// Whether a row may stand in a table.
pub(super) fn check<R: Row>(row: &R, what: &str) -> Result<(), Diagnostic> {
    if row.numbers().iter().any(|x| !x.is_finite()) {
        return Err(Diagnostic::error("number-not-finite", format!("a number in the {what} is not finite"))
            .fix("give a number, or leave the cell empty where it may be"));
    }
    if row.names().iter().any(|n| n.trim().is_empty()) {
        return Err(Diagnostic::error("name-empty", format!("a row of the {what} has no name")).fix("give it a name"));
    }
    Ok(())
}

fn scope_name(scope: &Scope) -> Vec<&str> {
    match scope {
        Scope::UniqueId(a) | Scope::Item(a) => vec![a],
        Scope::ItemAt(a, b) => vec![a, b],
    }
}

fn given<const N: usize>(cells: [Option<f64>; N]) -> Vec<f64> {
    cells.into_iter().flatten().collect()
}

const fn days(cell: Option<LeadTimeCell>) -> Option<f64> {
    match cell {
        Some(LeadTimeCell::Periods(x) | LeadTimeCell::Days(x)) => Some(x),
        None => None,
    }
}

macro_rules! row {
    ($row:ty, $key:ty, $unique:literal, |$r:ident| $of:expr, |$a:ident, $k:ident| $is:expr, |$n:ident| $numbers:expr, |$m:ident| $names:expr) => {
        impl Row for $row {
            type Key = $key;
            const UNIQUE: bool = $unique;
            fn key(&self) -> $key {
                let $r = self;
                $of
            }
            fn is(&self, $k: &$key) -> bool {
                let $a = self;
                $is
            }
            fn line(&self) -> u64 {
                self.line
            }
            fn numbers(&self) -> Vec<f64> {
                let $n = self;
                $numbers
            }
            fn names(&self) -> Vec<&str> {
                let $m = self;
                $names
            }
        }
    };
}

type Name = Arc<str>;

row!(
    ItemRow,
    Scope,
    true,
    |r| r.scope.clone(),
    |r, k| r.scope == *k,
    |r| given([
        r.cost,
        r.price,
        days(r.lead_time),
        r.pack_size,
        r.minimum,
        r.weight_kg,
        r.volume_m3,
        r.shelf_life_days,
        r.holding,
        r.shortage,
        r.kg_co2e
    ]),
    |r| scope_name(&r.scope)
);
row!(StockRow, Scope, false, |r| r.scope.clone(), |r, k| r.scope == *k, |r| vec![r.on_hand, r.committed, r.unavailable], |r| scope_name(
    &r.scope
));
row!(OnOrderRow, Scope, false, |r| r.scope.clone(), |r, k| r.scope == *k, |r| vec![r.quantity], |r| scope_name(&r.scope));
row!(
    SupplierRow,
    Name,
    true,
    |r| r.supplier.clone(),
    |r, k| r.supplier == *k,
    |r| given([r.minimum_value, r.order_cost, r.container_kg, r.container_m3]),
    |r| vec![&r.supplier]
);
row!(
    SupplierItemRow,
    (Name, Name),
    false,
    |r| (r.supplier.clone(), r.item.clone()),
    |r, k| r.supplier == k.0 && r.item == k.1,
    |r| given([r.cost, r.units_per_pack, r.minimum, days(r.lead_time), r.rank]),
    |r| vec![&r.supplier, &r.item]
);
row!(ReceiptRow, u64, false, |r| r.line, |r, k| r.line == *k, |r| given([r.quantity]), |_r| Vec::new());
row!(
    BomRow,
    (Name, Name),
    false,
    |r| (r.kit.clone(), r.component.clone()),
    |r, k| r.kit == k.0 && r.component == k.1,
    |r| vec![r.quantity],
    |r| vec![&r.kit, &r.component]
);
row!(LocationRow, Name, false, |r| r.location.clone(), |r, k| r.location == *k, |r| vec![r.lat, r.lon], |r| vec![&r.location]);
row!(
    VehicleRow,
    Name,
    false,
    |r| r.vehicle.clone(),
    |r, k| r.vehicle == *k,
    |r| given([
        r.capacity_kg,
        r.capacity_m3,
        r.cost_per_trip,
        r.cost_per_km,
        r.cost_per_hour,
        r.count,
        r.capacity_pallets,
        r.shift_start,
        r.shift_end,
        r.max_hours,
        r.max_driving_hours,
        r.max_km
    ]),
    |r| vec![&r.vehicle]
);
row!(
    CarrierRow,
    u64,
    false,
    |r| r.line,
    |r, k| r.line == *k,
    |r| given([r.up_to_kg, r.price, r.per_kg, r.minimum, r.kg_per_m3, r.days]),
    |r| vec![&r.carrier]
);
row!(DistanceRow, u64, false, |r| r.line, |r, k| r.line == *k, |r| std::iter::once(r.km).chain(r.hours).collect::<Vec<f64>>(), |r| vec![
    &r.from, &r.to
]);
row!(
    ShipmentRow,
    Arc<str>,
    false,
    |r| r.shipment.clone(),
    |r, k| r.shipment == *k,
    |r| {
        let at = r.lat_lon.into_iter().chain(r.window).flat_map(|(a, b)| [a, b]);
        let some = r.volume_m3.into_iter().chain(r.pallets).chain(r.service_min).chain(at);
        std::iter::once(r.weight_kg).chain(some).collect::<Vec<f64>>()
    },
    |r| vec![&r.shipment, &r.from, &r.to]
);
row!(EventRow, u64, false, |r| r.line, |r, k| r.line == *k, |r| given([r.percent]), |r| vec![&r.event]);
