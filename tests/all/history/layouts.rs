//! Any shop's sales, written in a platform's layout with its quirks and read back, are the same sales.

use super::{read_with, said};
use proptest::prelude::*;
use std::collections::BTreeMap;
use stockcast::base::{Period, Stamp};
use stockcast::history::ReadOptions;

/// An order: its day, its lines (item, units, price in cents), whether it was cancelled.
type Order = (i64, Vec<(u8, u8, u32)>, bool);

/// How a file is written.
#[derive(Debug, Clone, Copy)]
struct Quirks {
    layout: usize,
    bom: bool,
    semicolon: bool,
    crlf: bool,
    shuffled: bool,
    upper: bool,
    extra: bool,
}

fn day(d: i64) -> Stamp {
    Stamp::from_ymd(2025, 3, 1).unwrap().plus_days(d)
}

/// A header and rows of cells in one of the platforms' layouts.
fn table(orders: &[Order], layout: usize) -> Vec<Vec<String>> {
    let s = |t: &str| t.to_owned();
    let header: &[&str] = match layout {
        0 => &[
            "Name",
            "Email",
            "Financial Status",
            "Created at",
            "Lineitem quantity",
            "Lineitem name",
            "Lineitem price",
            "Lineitem sku",
            "Cancelled at",
        ],
        1 => &["amazon-order-id", "purchase-date", "order-status", "product-name", "sku", "quantity", "item-price"],
        2 => &["Sale Date", "Item Name", "Buyer", "Quantity", "Price", "Item Total", "Listing ID", "Order ID", "SKU"],
        3 => &["Date", "Receipt number", "Receipt type", "SKU", "Item", "Quantity", "Net sales", "Status"],
        _ => &["PO#", "Order#", "Order Date", "Customer Name", "Status", "Item Description", "Qty", "SKU", "Item Cost"],
    };
    let mut out = vec![header.iter().map(|h| s(h)).collect::<Vec<_>>()];
    for (n, (d, lines, cancelled)) in orders.iter().enumerate() {
        // Etsy has no cancelled orders in its export
        if layout == 2 && *cancelled {
            continue;
        }
        let at = day(*d);
        for (l, (item, units, cents)) in lines.iter().enumerate() {
            let (sku, name, q) = (format!("P{item}-7"), format!("Thing {item}, blue"), units.to_string());
            let (price, worth) = (f64::from(*cents) / 100.0, f64::from(*cents) * f64::from(*units) / 100.0);
            let first = |t: String| if l == 0 { t } else { String::new() };
            out.push(match layout {
                0 => {
                    let gone = if *cancelled { format!("{at} 12:00:00 +0100") } else { String::new() };
                    vec![
                        format!("#{n}"),
                        s("a@b.example"),
                        first(s("paid")),
                        first(format!("{at} 10:00:00 +0100")),
                        q,
                        name,
                        format!("{price:.2}"),
                        sku,
                        first(gone),
                    ]
                }
                1 => vec![
                    n.to_string(),
                    format!("{at}T10:00:00+00:00"),
                    s(if *cancelled { "Cancelled" } else { "Shipped" }),
                    name,
                    sku,
                    q,
                    format!("{worth:.2}"),
                ],
                2 => vec![
                    at.naive().format("%m/%d/%y").to_string(),
                    name,
                    s("Ann"),
                    q,
                    format!("{price:.2}"),
                    format!("{worth:.2}"),
                    s("15"),
                    n.to_string(),
                    sku,
                ],
                3 => vec![
                    format!("{at} 10:00:00"),
                    n.to_string(),
                    s("Sale"),
                    sku,
                    name,
                    q,
                    format!("{worth:.2}"),
                    s(if *cancelled { "Cancelled" } else { "Closed" }),
                ],
                _ => vec![
                    n.to_string(),
                    format!("9{n}"),
                    at.to_string(),
                    s("Ann"),
                    s(if *cancelled { "Cancelled" } else { "Delivered" }),
                    name,
                    q,
                    sku,
                    format!("{price:.2}"),
                ],
            });
        }
    }
    out
}

fn write(mut rows: Vec<Vec<String>>, q: Quirks) -> Vec<u8> {
    if q.extra {
        for (i, r) in rows.iter_mut().enumerate() {
            r.insert(2, if i == 0 { "A new column".into() } else { "whatever".into() });
        }
    }
    if q.shuffled {
        rows.iter_mut().for_each(|r| r.reverse());
    }
    if q.upper {
        rows[0].iter_mut().for_each(|h| *h = h.to_uppercase());
    }
    let separator = match (q.layout, q.semicolon) {
        (1, _) => "\t",
        (_, true) => ";",
        _ => ",",
    };
    let quoted = |c: &String| if c.contains([',', ';', '"']) { format!("\"{c}\"") } else { c.clone() };
    let end = if q.crlf { "\r\n" } else { "\n" };
    let text: String = rows.iter().map(|r| r.iter().map(quoted).collect::<Vec<_>>().join(separator) + end).collect();
    if q.bom { format!("\u{FEFF}{text}").into_bytes() } else { text.into_bytes() }
}

proptest! {
    #![proptest_config(crate::cases::cases(60))]

    #[test]
    fn what_is_written_is_read(
        mut orders in prop::collection::vec((0i64..120, prop::collection::vec((0u8..5, 1u8..9, 100u32..5000), 1..4), prop::bool::weighted(0.15)), 3..25),
        layout in 0usize..5,
        (bom, semicolon, crlf, shuffled, upper, extra) in any::<(bool, bool, bool, bool, bool, bool)>(),
    ) {
        // days beyond the twelfth, so that no layout's dates are open
        orders.push((20, vec![(1, 1, 500)], false));
        let q = Quirks { layout, bom, semicolon, crlf, shuffled, upper, extra };
        let bytes = write(table(&orders, layout), q);
        let options = ReadOptions { period: Some(Period::Day), ..ReadOptions::default() };
        let import = read_with(&bytes, &options).unwrap_or_else(|e| panic!("{q:?}\n{}\n{}", said(&e), String::from_utf8_lossy(&bytes)));
        let mut want = BTreeMap::<(String, Stamp), (f64, f64)>::new();
        for (d, lines, _) in orders.iter().filter(|o| !o.2) {
            for (item, units, cents) in lines {
                let cell = want.entry((format!("P{item}-7"), day(*d))).or_default();
                cell.0 += f64::from(*units);
                cell.1 += f64::from(*units) * f64::from(*cents);
            }
        }
        let mut got = BTreeMap::new();
        for s in &import.history.series {
            let calendar = s.calendar(Period::Day);
            for (t, y) in s.y.iter().enumerate().filter(|(_, y)| **y != 0.0) {
                let cents = s.revenue.as_ref().map_or(0.0, |r| r[t] * 100.0);
                got.insert((s.item.to_string(), calendar.at(t as i64)), (*y, cents.round()));
            }
        }
        prop_assert_eq!(got, want, "{:?}\n{}", q, String::from_utf8_lossy(&bytes));
        prop_assert!(import.recognised[0].profile.is_some());
    }
}
