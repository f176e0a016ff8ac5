//! Items and their supply: the item list, stock, open orders, suppliers, what was received, kits.

use super::super::breaks::PriceBreaks;
use super::super::model::{BomRow, ItemRow, LeadTimeCell, OnOrderRow, ReceiptRow, Scope, StockRow, SupplierItemRow, SupplierRow};
use super::super::names;
use super::super::profile::Meaning;
use super::super::sheet::{Sheet, Texts, weekday};
use super::super::states::state;
use crate::base::text::plural;
use crate::base::{Diagnostic, Severity};

pub(super) const ANY: std::ops::RangeInclusive<f64> = 0.0..=f64::INFINITY;

/// Whom each row is about; rows that name nobody are left out and said.
fn scopes(s: &mut Sheet<'_>) -> Vec<Option<Scope>> {
    // a list that only names its items is keyed by their names
    let key = if !s.has("item") && !s.has("unique_id") && s.has("description") { "description" } else { "item" };
    s.need(&[key, "unique_id"]);
    let (id, item, place) = (s.texts("unique_id"), s.texts(key), s.texts("location"));
    let mut nobody = Vec::new();
    let out = (0..s.rows())
        .map(|r| match (id.arc(r), item.arc(r), place.arc(r)) {
            (Some(id), ..) => Some(Scope::UniqueId(id)),
            (None, Some(item), Some(place)) => Some(Scope::ItemAt(item, place)),
            (None, Some(item), None) => Some(Scope::Item(item)),
            _ => {
                if !s.is_empty_row(r) {
                    nobody.push(r);
                }
                None
            }
        })
        .collect();
    if let Some(first) = nobody.first() {
        let message = format!("{} without an item were left out", crate::base::text::plural(nobody.len(), "row"));
        s.cell(Severity::Warning, "no-item", *first, "item", message, "fill the item in");
    }
    out
}

fn lead_time(periods: Option<f64>, days: Option<f64>) -> Option<LeadTimeCell> {
    days.map(LeadTimeCell::Days).or(periods.map(LeadTimeCell::Periods))
}

/// Whether a status says that an item is not ordered any more; a column of its own may say yes.
fn is_ended(status: &str) -> bool {
    const ENDED: [&str; 17] = [
        "discontinued",
        "discontinue",
        "ended",
        "end of life",
        "eol",
        "obsolete",
        "phased out",
        "phase out",
        "delisted",
        "inactive",
        "archived",
        "run out",
        "yes",
        "true",
        "1",
        "auslauf",
        "ausgelaufen",
    ];
    ENDED.contains(&status.trim().to_lowercase().replace(['_', '-'], " ").as_str())
}

pub(super) fn items(s: &mut Sheet<'_>) -> Vec<ItemRow> {
    let scope = scopes(s);
    let positive = f64::MIN_POSITIVE..=f64::INFINITY;
    let (cost, price) = (s.numbers("cost", ANY), s.numbers("price", ANY));
    let (lead, lead_days) = (s.numbers("lead_time", ANY), s.numbers("lead_time_days", ANY));
    let (pack, minimum) = (s.numbers("pack_size", positive), s.numbers("minimum", ANY));
    let (weight, volume, life) = (s.numbers("weight_kg", ANY), s.numbers("volume_m3", ANY), s.numbers("shelf_life_days", ANY));
    let (holding, shortage) = (s.numbers("holding", ANY), s.numbers("shortage", ANY));
    let [description, supplier, category, successor] = ["description", "supplier", "category", "successor"].map(|f| s.texts(f));
    let co2e = s.numbers("kg_co2e", ANY);
    let [status, breaks, kind] = ["status", "price_breaks", "price_break_kind"].map(|f| s.texts(f));
    let mut out = Vec::with_capacity(s.rows());
    for (r, scope) in scope.into_iter().enumerate() {
        let Some(scope) = scope else { continue };
        let mut price_breaks = breaks.get(r).and_then(PriceBreaks::parse);
        match (&mut price_breaks, breaks.get(r)) {
            (Some(b), _) => b.incremental |= kind.get(r).is_some_and(|k| k.to_lowercase().contains("increm")),
            (None, Some(text)) => s.cell(
                Severity::Warning,
                "price-breaks-unreadable",
                r,
                "price_breaks",
                format!("{text:?} is no list of prices by quantity"),
                "write quantity and price per unit as 100: 4.50; 500: 4.20",
            ),
            (None, None) => {}
        }
        out.push(ItemRow {
            scope,
            description: description.get(r).map(str::to_owned),
            cost: cost[r],
            price: price[r],
            supplier: supplier.arc(r),
            lead_time: lead_time(lead[r], lead_days[r]),
            pack_size: pack[r],
            minimum: minimum[r],
            weight_kg: weight[r],
            volume_m3: volume[r],
            shelf_life_days: life[r],
            holding: holding[r],
            shortage: shortage[r],
            category: category.arc(r),
            successor: successor.arc(r),
            discontinued: status.get(r).is_some_and(is_ended),
            price_breaks,
            kg_co2e: co2e[r],
            line: s.line(r),
        });
    }
    repeated(s, out.iter().map(|i| (&i.scope, i.line)));
    out
}

/// The same item twice in the item file: the later row is heard, which should be known.
fn repeated<'a>(s: &mut Sheet<'_>, rows: impl Iterator<Item = (&'a Scope, u64)>) {
    let mut seen = std::collections::HashMap::new();
    for (scope, line) in rows {
        if let Some(first) = seen.insert(scope, line) {
            s.notes.push(
                Diagnostic::warning("item-repeated", format!("the item was already given on line {first}"))
                    .line(line)
                    .fix("keep one row an item"),
            );
        }
    }
}

pub(super) fn stock(s: &mut Sheet<'_>) -> Vec<StockRow> {
    let scope = scopes(s);
    s.need(&["on_hand"]);
    let on_hand = s.numbers("on_hand", f64::NEG_INFINITY..=f64::INFINITY);
    let (committed, unavailable) = (s.numbers("committed", ANY), s.numbers("unavailable", ANY));
    let (as_of, expires) = (s.dates("as_of"), s.dates("expires"));
    let mut out = Vec::with_capacity(s.rows());
    for (r, scope) in scope.into_iter().enumerate() {
        let Some(scope) = scope else { continue };
        let Some(mut units) = on_hand[r] else {
            if s.has("on_hand") {
                s.cell(
                    Severity::Warning,
                    "cell-missing",
                    r,
                    "on_hand",
                    "the row has no usable on_hand and was left out".into(),
                    "fill the cell in",
                );
            }
            continue;
        };
        if units < 0.0 {
            s.cell(Severity::Warning, "negative-stock", r, "on_hand", format!("stock of {units} counts as none"), "count the stock again");
            units = 0.0;
        }
        out.push(StockRow {
            scope,
            on_hand: units,
            committed: committed[r].unwrap_or(0.0),
            unavailable: unavailable[r].unwrap_or(0.0),
            as_of: as_of[r],
            expires: expires[r],
            line: s.line(r),
        });
    }
    out
}

pub(super) fn on_order(s: &mut Sheet<'_>) -> Vec<OnOrderRow> {
    let scope = scopes(s);
    s.need(&["arrives"]);
    s.need(&["quantity"]);
    let (arrives, mut quantity) = (s.dates("arrives"), s.numbers("quantity", ANY));
    let (arrived, status) = (s.numbers("arrived", ANY), s.texts("status"));
    let mut out = Vec::new();
    let mut done = Vec::new();
    for (r, scope) in scope.into_iter().enumerate() {
        if let (Some(q), Some(a)) = (quantity[r].as_mut(), arrived[r]) {
            *q -= a;
        }
        // nothing of it is still to come
        if status.get(r).is_some_and(is_done) || arrived[r].is_some() && quantity[r].is_some_and(|q| q <= 0.0) {
            done.push(r);
            continue;
        }
        match (scope, arrives[r], quantity[r]) {
            (Some(scope), Some(arrives), Some(quantity)) => out.push(OnOrderRow { scope, arrives, quantity, line: s.line(r) }),
            (Some(_), ..) if s.has("arrives") && s.has("quantity") => {
                let field = if arrives[r].is_none() { "arrives" } else { "quantity" };
                s.missing(field, &[r]);
            }
            _ => {}
        }
    }
    if let Some(first) = done.first() {
        let message = format!("{} arrived already, will not come or were never placed: not counted as on order", plural(done.len(), "row"));
        let note = Diagnostic::info("order-done", message).file(&s.table().file).line(s.line(*first));
        s.notes.push(note);
    }
    out
}

/// The state of a purchase order of which nothing is to come any more.
fn is_done(status: &str) -> bool {
    let t = names::plain(status.trim());
    let over = [
        "received",
        "fully received",
        "closed",
        "complete",
        "delivered",
        "arrived",
        "geliefert",
        "erledigt",
        "abgeschlossen",
        "recu",
        "recibid",
    ];
    state(status) == Meaning::Cancelled || over.iter().any(|w| t.starts_with(w))
}

/// The texts of a column the rows mean nothing without: missing ones are said, unless the row is empty.
pub(super) fn required(s: &mut Sheet<'_>, field: &'static str) -> Texts {
    s.need(&[field]);
    let texts = s.texts(field);
    if s.has(field) {
        let missing: Vec<usize> = (0..s.rows()).filter(|r| texts.get(*r).is_none() && !s.is_empty_row(*r)).collect();
        s.missing(field, &missing);
    }
    texts
}

pub(super) fn suppliers(s: &mut Sheet<'_>) -> Vec<SupplierRow> {
    let name = required(s, "supplier");
    let (minimum, order) = (s.numbers("minimum_value", ANY), s.numbers("order_cost", ANY));
    let (kg, m3) = (s.numbers("container_kg", ANY), s.numbers("container_m3", ANY));
    let (currency, days) = (s.texts("currency"), s.texts("order_days"));
    let mut out = Vec::new();
    for r in 0..s.rows() {
        let Some(supplier) = name.arc(r) else { continue };
        let mut order_days = Vec::new();
        for word in days.get(r).unwrap_or_default().split([',', ';', ' ', '/', '|', '+']).filter(|w| !w.is_empty()) {
            match weekday(word) {
                Some(d) => order_days.push(d),
                None if matches!(word.to_lowercase().as_str(), "daily" | "any" | "all" | "every" | "day") => {}
                None => s.cell(
                    Severity::Warning,
                    "weekday-unknown",
                    r,
                    "order_days",
                    format!("{word:?} is no day of the week"),
                    "write days as mon, tue, wed …",
                ),
            }
        }
        order_days.sort_unstable();
        order_days.dedup();
        out.push(SupplierRow {
            supplier,
            currency: currency.get(r).map(str::to_uppercase),
            order_days,
            minimum_value: minimum[r],
            order_cost: order[r],
            container_kg: kg[r],
            container_m3: m3[r],
            line: s.line(r),
        });
    }
    out
}

pub(super) fn supplier_items(s: &mut Sheet<'_>) -> Vec<SupplierItemRow> {
    let (supplier, item) = (required(s, "supplier"), required(s, "item"));
    let (cost, pack, minimum) =
        (s.numbers("cost", ANY), s.numbers("units_per_pack", f64::MIN_POSITIVE..=f64::INFINITY), s.numbers("minimum", ANY));
    let (lead, days, rank) = (s.numbers("lead_time", ANY), s.numbers("lead_time_days", ANY), s.numbers("rank", ANY));
    (0..s.rows())
        .filter_map(|r| {
            Some(SupplierItemRow {
                supplier: supplier.arc(r)?,
                item: item.arc(r)?,
                cost: cost[r],
                units_per_pack: pack[r],
                minimum: minimum[r],
                lead_time: lead_time(lead[r], days[r]),
                rank: rank[r],
                line: s.line(r),
            })
        })
        .collect()
}

pub(super) fn receipts(s: &mut Sheet<'_>) -> Vec<ReceiptRow> {
    s.need(&["ordered"]);
    s.need(&["received"]);
    let [supplier, item, location] = ["supplier", "item", "location"].map(|f| s.texts(f));
    let (ordered, received, quantity) = (s.dates("ordered"), s.dates("received"), s.numbers("quantity", ANY));
    let mut out = Vec::new();
    for r in 0..s.rows() {
        match (ordered[r], received[r]) {
            (Some(a), Some(b)) if b >= a => out.push(ReceiptRow {
                supplier: supplier.arc(r),
                item: item.arc(r),
                location: location.arc(r),
                ordered: a,
                received: b,
                quantity: quantity[r],
                line: s.line(r),
            }),
            (Some(_), Some(_)) => s.cell(
                Severity::Warning,
                "received-before-ordered",
                r,
                "received",
                "received before it was ordered; the row was left out".into(),
                "correct the dates",
            ),
            // not yet received: no lead time to learn from
            _ => {}
        }
    }
    out
}

pub(super) fn bom(s: &mut Sheet<'_>) -> Vec<BomRow> {
    let (kit, component) = (required(s, "kit"), required(s, "component"));
    let quantity = s.numbers("quantity", f64::MIN_POSITIVE..=f64::INFINITY);
    let mut out = Vec::new();
    for (r, quantity) in quantity.iter().enumerate() {
        let (Some(kit), Some(component)) = (kit.arc(r), component.arc(r)) else { continue };
        if kit == component {
            s.cell(Severity::Error, "kit-in-itself", r, "component", "a kit cannot contain itself".into(), "correct the component");
        }
        out.push(BomRow { kit, component, quantity: quantity.unwrap_or(1.0), line: s.line(r) });
    }
    out
}
