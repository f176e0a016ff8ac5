//! The shop written down: sales and the companion files, each exactly as the scenario contract names its columns.

use super::calendar::{self, DAYS, events, iso, stamp};
use super::catalogue::*;
use super::trade::Trade;
use std::collections::BTreeMap;
use std::fmt::Write;
use stockcast::base::{Day, Stamp};

/// Comma-separated lines below a header; no cell of this sample needs quotes except descriptions, quoted where made.
pub fn csv(header: &str, rows: impl IntoIterator<Item = String>) -> Vec<u8> {
    let mut out = format!("{header}\n");
    for row in rows {
        let _ = writeln!(out, "{row}");
    }
    out.into_bytes()
}

/// Quoted where RFC 4180 asks for it.
pub fn text(cell: &str) -> String {
    if cell.contains([',', '"', '\n']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_string() }
}

fn weekdays(days: &[u32]) -> String {
    const NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    days.iter().filter_map(|&d| NAMES.get(d as usize).copied()).collect::<Vec<_>>().join(" ")
}

/// A row for each day with sales or an empty shelf, by date.
pub fn sales(trade: &Trade) -> Vec<u8> {
    let mut rows: Vec<(usize, usize, usize, String)> = Vec::new();
    for line in &trade.lines {
        for d in line.days.iter().filter(|d| (d.sold > 0 || !d.in_stock) && !calendar::closed(d.day)) {
            let revenue = f64::from(d.sold) * d.price;
            let row = format!(
                "{},{},{},{},{:.2},{}",
                iso(d.day),
                ITEMS[line.item].code,
                SHOPS[line.shop].0,
                d.sold,
                revenue,
                u8::from(d.in_stock)
            );
            rows.push((d.day, line.shop, line.item, row));
        }
    }
    rows.sort();
    csv("date,item,location,quantity,revenue,in_stock", rows.into_iter().map(|r| r.3))
}

pub fn items() -> Vec<u8> {
    let rows = ITEMS.iter().map(|i| {
        let successor = DISCONTINUED.iter().find(|d| d.0 == i.code).map_or("", |d| d.4);
        let keeps = if i.keeps > 0 { i.keeps.to_string() } else { String::new() };
        let lead = SUPPLIERS[i.supplier].quoted_days;
        format!(
            "{},{},{},{},{:.2},{:.2},{},{},{},{},{:.5},{},{}",
            i.code,
            text(i.name),
            i.category.name(),
            SUPPLIERS[i.supplier].name,
            i.cost,
            i.price,
            lead,
            i.pack,
            i.pack,
            i.kg,
            i.litres / 1000.0,
            keeps,
            successor
        )
    });
    csv(
        "item,description,category,supplier,cost,price,lead_time_days,pack_size,minimum,weight_kg,volume_m3,shelf_life_days,successor",
        rows,
    )
}

/// One row for each batch with its own last day; a line without stock has one row with 0.
pub fn stock(trade: &Trade) -> Vec<u8> {
    let mut rows = Vec::new();
    for line in &trade.lines {
        let (item, shop) = (ITEMS[line.item].code, SHOPS[line.shop].0);
        let mut batches: BTreeMap<Option<usize>, u32> = BTreeMap::new();
        for b in &line.stock {
            *batches.entry(b.expires).or_default() += b.units;
        }
        if batches.is_empty() {
            batches.insert(None, 0);
        }
        for (n, (expires, units)) in batches.into_iter().enumerate() {
            // a few orders are paid and wait to be fetched; a few units are damaged
            let pick = super::demand::stream("count", (line.item * 8 + line.shop) as u64);
            let committed = if n == 0 && units >= 4 && pick.unit(0) < 0.10 { 1 + u32::from(pick.unit(1) < 0.3) } else { 0 };
            let unavailable = u32::from(n == 0 && units >= 4 && pick.unit(2) < 0.06);
            let expires = expires.map(|e| stamp(e).iso()).unwrap_or_default();
            rows.push(format!("{item},{shop},{units},{committed},{unavailable},{},{expires}", iso(DAYS - 1)));
        }
    }
    csv("item,location,on_hand,committed,unavailable,as_of,expires", rows)
}

pub fn on_order(trade: &Trade) -> Vec<u8> {
    let rows = trade.orders.iter().filter(|o| o.arrives >= DAYS).map(|o| {
        // the paper says what the supplier promised; what is overdue is expected tomorrow
        let promised = o.ordered + SUPPLIERS[ITEMS[o.item].supplier].quoted_days as usize;
        format!("{},{},{},{}", ITEMS[o.item].code, SHOPS[o.shop].0, stamp(promised.max(DAYS)).iso(), o.quantity)
    });
    csv("item,location,arrives,quantity", rows)
}

pub fn suppliers() -> Vec<u8> {
    let rows = SUPPLIERS.iter().map(|s| {
        let (kg, m3) = s.container.map_or((String::new(), String::new()), |(kg, m3)| (kg.to_string(), m3.to_string()));
        format!("{},GBP,{},{:.2},{:.2},{kg},{m3}", s.name, weekdays(s.order_days), s.minimum_value, s.order_cost)
    });
    csv("supplier,currency,order_days,minimum_value,order_cost,container_kg,container_m3", rows)
}

pub fn supplier_items() -> Vec<u8> {
    let first = ITEMS.iter().map(|i| {
        let s = &SUPPLIERS[i.supplier];
        format!("{},{},{:.2},{},{},{},1", s.name, i.code, i.cost, i.pack, i.pack, s.quoted_days)
    });
    let second = SECOND_SOURCE
        .iter()
        .map(|(s, item, cost, pack, minimum, days)| format!("{},{item},{cost:.2},{pack},{minimum},{days},2", SUPPLIERS[*s].name));
    csv("supplier,item,cost,units_per_pack,minimum,lead_time_days,rank", first.chain(second))
}

/// The deliveries of the last eighteen months.
pub fn receipts(trade: &Trade) -> Vec<u8> {
    let mut done: Vec<_> = trade.orders.iter().filter(|o| o.arrives < DAYS && o.ordered + 548 >= DAYS).collect();
    done.sort_by_key(|o| (o.arrives, o.shop, o.item));
    let rows = done.into_iter().map(|o| {
        let item = &ITEMS[o.item];
        let supplier = SUPPLIERS[item.supplier].name;
        format!("{supplier},{},{},{},{},{}", item.code, SHOPS[o.shop].0, iso(o.ordered), iso(o.arrives), o.quantity)
    });
    csv("supplier,item,location,ordered,received,quantity", rows)
}

pub fn bom() -> Vec<u8> {
    csv("kit,component,quantity", GIFT_BOX.1.iter().map(|(c, n)| format!("{},{c},{n}", GIFT_BOX.0)))
}

pub fn locations() -> Vec<u8> {
    let shops = SHOPS.iter().map(|s| format!("{},{},{},shop", s.0, s.1, s.2));
    let warehouse = std::iter::once(format!("{},{},{},warehouse", WAREHOUSE.0, WAREHOUSE.1, WAREHOUSE.2));
    let rest = SUPPLIERS.iter().filter(|s| s.name != WAREHOUSE.0).map(|s| format!("{},{},{},supplier", s.name, s.lat, s.lon));
    csv("location,lat,lon,kind", shops.chain(warehouse).chain(rest))
}

pub fn vehicles() -> Vec<u8> {
    let rows = [
        "small van,650,3.2,18,0.32,17.5,Vans Class II (1.305 to 1.74 tonnes) Diesel,2",
        "large van,1200,11,24,0.38,17.5,Vans Class III (1.74 to 3.5 tonnes) Diesel,2",
        "rigid 7.5 t,2600,32,45,0.62,19,Rigid (>3.5 - 7.5 tonnes),1",
    ];
    csv("vehicle,capacity_kg,capacity_m3,cost_per_trip,cost_per_km,cost_per_hour,emission_class,count", rows.map(String::from))
}

pub fn events_csv() -> Vec<u8> {
    csv("ds,event,location", events().into_iter().map(|(d, name, at)| format!("{},{name},{at}", Stamp::of_day(Day(d)).iso())))
}
