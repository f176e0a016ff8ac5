//! The same sales as an online shop's order export lays them out, quirks included: newest order first; one row per line
//! item, the order's own cells only on its first row; times with the shop's offset; cancelled and test orders that were
//! never sales; refunds as an amount without a quantity; a totals line at the end. E-mail addresses are placeholders.

use super::calendar::{DAYS, iso};
use super::catalogue::{ITEMS, SHOPS};
use super::demand::{rng_unit, stream};
use super::files::text;
use super::trade::{Trade, list_price};
use std::fmt::Write;

const HEADER: &str = "Name,Email,Financial Status,Fulfillment Status,Currency,Subtotal,Shipping,Taxes,Total,Discount Code,\
Discount Amount,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem compare at price,Lineitem sku,\
Cancelled at,Payment Method,Refunded Amount,Location,Source,Tags";

#[derive(Clone)]
struct Bought {
    item: usize,
    quantity: u32,
    price: f64,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Sold,
    Refunded,
    PartlyRefunded,
    Cancelled,
    Test,
}

struct Order {
    minute: u32,
    shop: usize,
    kind: Kind,
    lines: Vec<Bought>,
}

/// Shops' clocks: +0100 between the last Sundays of March and October.
fn offset(date: &str) -> &'static str {
    const SUMMER: [(&str, &str); 4] =
        [("2023-03-26", "2023-10-29"), ("2024-03-31", "2024-10-27"), ("2025-03-30", "2025-10-26"), ("2026-03-29", "2026-10-25")];
    if SUMMER.iter().any(|(from, until)| (*from..*until).contains(&date)) { "+0100" } else { "+0000" }
}

/// Group one shop's units of a day into baskets of one to five lines.
fn baskets(sold: Vec<(usize, u32, f64)>, shop: usize, d: usize) -> Vec<Order> {
    let mut rng = stream("baskets", (d * 8 + shop) as u64).rng(0);
    let mut lines = Vec::new();
    for (item, mut units, price) in sold {
        while units > 0 {
            // most people take one or two; a large remainder is somebody stocking up
            let quantity = if units <= 2 { units } else { (1 + (rng_unit(&mut rng) * 5.0) as u32).min(units) };
            lines.push(Bought { item, quantity, price });
            units -= quantity;
        }
    }
    for i in (1..lines.len()).rev() {
        lines.swap(i, (rng_unit(&mut rng) * (i + 1) as f64) as usize);
    }
    let mut orders = Vec::new();
    let mut rest = lines.into_iter().peekable();
    while rest.peek().is_some() {
        let size = 1 + [0.36, 0.62, 0.82, 0.93].iter().filter(|&&c| rng_unit(&mut rng) > 0.5 * c + 0.25).count();
        let minute = 9 * 60 + (rng_unit(&mut rng) * 510.0) as u32;
        let u = rng_unit(&mut rng);
        let kind = if u < 0.006 {
            Kind::Refunded
        } else if u < 0.012 {
            Kind::PartlyRefunded
        } else {
            Kind::Sold
        };
        let lines: Vec<Bought> = rest.by_ref().take(size).collect();
        // now and then somebody orders and calls it off, or the staff try the till
        if u > 0.985 {
            let kind = if u > 0.997 { Kind::Test } else { Kind::Cancelled };
            orders.push(Order { minute: minute.saturating_sub(7), shop, kind, lines: lines.clone() });
        }
        orders.push(Order { minute, shop, kind, lines });
    }
    orders
}

/// The export, newest order first.
pub fn orders_export(trade: &Trade) -> Vec<u8> {
    let mut by_day: Vec<Vec<Vec<(usize, u32, f64)>>> = vec![vec![Vec::new(); SHOPS.len()]; DAYS];
    for line in &trade.lines {
        for d in line.days.iter().filter(|d| d.sold > 0) {
            if let Some(cell) = by_day.get_mut(d.day).and_then(|shops| shops.get_mut(line.shop)) {
                cell.push((line.item, d.sold, d.price));
            }
        }
    }
    let mut blocks = Vec::new();
    let mut number = 1001u32;
    let mut totals = [0.0f64; 4];
    for (d, shops) in by_day.into_iter().enumerate() {
        let mut orders: Vec<Order> = shops.into_iter().enumerate().flat_map(|(shop, sold)| baskets(sold, shop, d)).collect();
        orders.sort_by_key(|o| (o.minute, o.shop));
        for order in orders {
            blocks.push(write_order(&order, number, d, &mut totals));
            number += 1;
        }
    }
    let mut out = format!("{HEADER}\n");
    for block in blocks.iter().rev() {
        out.push_str(block);
    }
    let [subtotal, taxes, total, refunded] = totals;
    let _ = writeln!(out, "Total,,,,GBP,{subtotal:.2},0.00,{taxes:.2},{total:.2},,,,,,,,,,,{refunded:.2},,,");
    out.into_bytes()
}

fn write_order(order: &Order, number: u32, d: usize, totals: &mut [f64; 4]) -> String {
    let s = stream("order", u64::from(number));
    let date = iso(d);
    let at = |minute: u32| format!("{date} {:02}:{:02}:{:02} {}", minute / 60, minute % 60, (s.unit(0) * 60.0) as u32, offset(&date));
    let online = s.unit(1) < 0.12;
    let email = if online { format!("customer-{}@example.com", (s.unit(2).powi(2) * 4000.0) as u32 + 1) } else { String::new() };
    let goods: f64 = order.lines.iter().map(|l| f64::from(l.quantity) * l.price).sum();
    let vatable: f64 = order.lines.iter().filter(|l| ITEMS[l.item].category.has_vat()).map(|l| f64::from(l.quantity) * l.price).sum();
    let (code, discount) = if online && s.unit(3) < 0.06 { ("WELCOME5", (goods * 5.0).round() / 100.0) } else { ("", 0.0) };
    let share = if goods > 0.0 { 1.0 - discount / goods } else { 1.0 };
    // adding nothing makes 0 of the -0 that a sum of nothing may be
    let (subtotal, taxes) = (goods - discount, ((vatable * share * 20.0).round().max(0.0) + 0.0) / 100.0);
    let shipping = if online && s.unit(4) < 0.7 { 3.95 } else { 0.0 };
    let total = subtotal + taxes + shipping;
    let first = order.lines.first();
    let (status, cancelled, refunded) = match order.kind {
        Kind::Sold => ("paid", String::new(), 0.0),
        Kind::Refunded => ("refunded", String::new(), total),
        Kind::PartlyRefunded => ("partially_refunded", String::new(), first.map_or(0.0, |l| l.price).min(total)),
        Kind::Cancelled => ("voided", at(order.minute + 25), 0.0),
        Kind::Test => ("voided", at(order.minute + 1), 0.0),
    };
    let (tags, payment) = match order.kind {
        Kind::Test => ("test", "bogus"),
        _ if online => ("", "Shopify Payments"),
        _ => ("", if s.unit(5) < 0.2 { "Cash" } else { "Card" }),
    };
    let fulfilled = if cancelled.is_empty() { "fulfilled" } else { "unfulfilled" };
    if cancelled.is_empty() {
        for (sum, x) in totals.iter_mut().zip([subtotal, taxes, total, refunded]) {
            *sum += x;
        }
    }
    let mut out = String::new();
    for (n, line) in order.lines.iter().enumerate() {
        let item = &ITEMS[line.item];
        let list = list_price(item, d);
        let compare = if list > line.price + 0.004 { format!("{list:.2}") } else { String::new() };
        let name = text(item.name);
        let goods = format!("{},{name},{:.2},{compare},{}", line.quantity, line.price, item.code);
        let _ = if n == 0 {
            let source = if online { "web" } else { "pos" };
            let money = format!("{subtotal:.2},{shipping:.2},{taxes:.2},{total:.2},{code},{discount:.2}");
            let head = format!("#{number},{email},{status},{fulfilled},GBP,{money},{}", at(order.minute));
            writeln!(out, "{head},{goods},{cancelled},{payment},{refunded:.2},{},{source},{tags}", SHOPS[order.shop].0)
        } else {
            writeln!(out, "#{number},,,,,,,,,,,,{goods},,,,,,")
        };
    }
    out
}
