//! A third round of strangers: layouts that were read wrongly or refused when they first came, totals worked out by hand.

use super::strangers::reads;
use super::{find, read_with};
use stockcast::base::Period;
use stockcast::history::{Import, ReadOptions, Role};

fn daily(text: impl AsRef<[u8]>) -> Import {
    read_with(text, &ReadOptions { period: Some(Period::Day), ..ReadOptions::default() }).unwrap()
}

fn units(import: &Import) -> Vec<(String, f64)> {
    import.history.series.iter().map(|s| (s.unique_id.to_string(), s.y.iter().sum())).collect()
}

fn of(units: &[(&str, f64)]) -> Vec<(String, f64)> {
    units.iter().map(|(n, u)| ((*n).to_owned(), *u)).collect()
}

/// Back offices whose columns have names of their own.
#[test]
fn back_offices() {
    reads(
        "brightpearl: the order's day, not the invoice's",
        "Order ID,Order type,Order status,Placed on,Invoice date,Channel,SKU,Product name,Quantity,Item net,Item tax,Row net,Row tax,Row gross\n\
         7001,Sales order,Complete,2026-02-18T13:05:11,2026-02-19,Web,LMP,Lamp,2,20.00,4.00,40.00,8.00,48.00\n\
         7002,Sales order,Cancelled,2026-02-19T13:05:11,,Web,LMP,Lamp,1,20.00,4.00,20.00,4.00,24.00\n\
         7003,Sales order,New web order,2026-02-21T13:05:11,,Web,SHD,Shade,5,10.00,2.00,50.00,10.00,60.00\n",
        &[("LMP", 2.0), ("SHD", 5.0)],
        0.0,
        Some(90.0),
    );
    reads(
        "tables of SAP, with the reason for a rejection",
        "VBELN;POSNR;MATNR;ARKTX;KWMENG;VRKME;NETWR;WAERK;ERDAT;ABGRU\n\
         12345;10;P-23;Pumpe;3,000;ST;1.250,00;EUR;20260113;\n\
         12345;20;D-24;Dichtung;12,000;ST;36,00;EUR;20260113;\n\
         12346;10;P-23;Pumpe;1,000;ST;416,67;EUR;20260117;02\n\
         12347;10;D-24;Dichtung;8,000;ST;24,00;EUR;20260121;\n",
        &[("D-24", 20.0), ("P-23", 3.0)],
        0.0,
        Some(1310.0),
    );
    reads(
        "payments with the shop's own fields",
        "id,Created date (UTC),Amount,Currency,Description,Status,product (metadata),quantity (metadata)\n\
         ch_1,2026-03-01 10:00:01,30.00,usd,Order 1,Paid,Mug,2\n\
         ch_2,2026-03-02 11:00:01,15.00,usd,Order 2,Paid,Mug,1\n\
         ch_3,2026-03-03 12:00:01,40.00,usd,Order 3,Failed,Plate,4\n\
         ch_4,2026-03-04 12:00:01,50.00,usd,Order 4,Paid,Plate,5\n",
        &[("Mug", 3.0), ("Plate", 5.0)],
        0.0,
        Some(95.0),
    );
    reads(
        "fields named by their path",
        "orderNumber;orderDateTime;stateMachineState.technicalName;lineItems.payload.productNumber;lineItems.label;lineItems.quantity;lineItems.totalPrice\n\
         10001;2026-01-13T10:00:00;completed;SW-1;Table;1;100\n\
         10002;2026-01-14T10:00:00;cancelled;SW-1;Table;1;100\n\
         10003;2026-01-15T10:00:00;open;SW-2;Chair;4;100\n",
        &[("SW-1", 1.0), ("SW-2", 4.0)],
        0.0,
        Some(200.0),
    );
    reads(
        "a till's open orders",
        "Line Item Date,Order ID,Order Payment State,Item Name,Item SKU,Per Unit Quantity,Item Revenue,Modifiers Revenue,Total Revenue\n\
         13-Jan-2026 09:05 AM,O1,Paid,Latte,LAT,1,4.50,0.00,4.50\n\
         13-Jan-2026 09:05 AM,O1,Paid,Latte,LAT,1,4.50,0.50,5.00\n\
         14-Jan-2026 09:05 AM,O2,Open,Tea,TEA,1,3.00,0.00,3.00\n\
         15-Jan-2026 09:05 AM,O3,Paid,Tea,TEA,1,3.00,0.00,3.00\n",
        &[("LAT", 2.0), ("TEA", 1.0)],
        0.0,
        Some(12.5),
    );
}

/// Web analytics count what was bought, beside their remarks above the header.
#[test]
fn web_analytics() {
    let text = "# ---\n# Free form 1\n# Shop - GA4\n# 20260101-20260103\n# ---\n\nDate,Item name,Items purchased,Item revenue\n\
                20260101,Mug,4,48\n20260102,Mug,3,36\n20260103,Mug,5,60\n20260101,Plate,1,15\n,,13,159\n";
    let import = daily(text);
    assert_eq!(units(&import), of(&[("Mug", 12.0), ("Plate", 1.0)]));
    // totals without days: the remarks tell of which they are
    let text = "# ---\n# Ecommerce purchases\n# Start date: 20260101\n# End date: 20260131\n# ---\nItem name,Items viewed,Items purchased,Item revenue\n\
                Mug,1200,40,480\nPlate,800,22,330.5\n";
    let import = read_with(text, &ReadOptions::default()).unwrap();
    assert_eq!(units(&import), of(&[("Mug", 40.0), ("Plate", 22.0)]));
    assert_eq!(import.history.series[0].start.iso().get(..10), Some("2026-01-01"));
}

/// A column by any name that says of orders that they were cancelled or came back.
#[test]
fn a_state_by_any_name() {
    for (name, said) in [("Stage", true), ("Phase", true), ("Payment method", false), ("Reason", false)] {
        let text = format!(
            "Date,SKU,Qty,Total,{name}\n2026-01-13,A,2,20.00,Dispatched\n2026-01-14,A,3,30.00,Cancelled\n2026-01-15,B,1,10.00,New\n2026-01-16,B,4,40.00,New\n"
        );
        let import = daily(text);
        let a = if said { 2.0 } else { 5.0 };
        assert_eq!(units(&import), of(&[("A", a), ("B", 5.0)]), "{name}");
        assert_eq!(import.diagnostics.iter().any(|d| d.code == "status-by-content"), said, "{name}");
    }
    // one who knows better says so
    let options = ReadOptions { map: vec![("Stage".into(), Role::Ignore)], period: Some(Period::Day), ..ReadOptions::default() };
    let text = "Date,SKU,Qty,Stage\n2026-01-13,A,2,Dispatched\n2026-01-14,A,3,Cancelled\n";
    assert_eq!(units(&read_with(text, &options).unwrap()), of(&[("A", 5.0)]));
}

/// Single letters as states are asked about, never guessed; what is answered is done.
#[test]
fn single_letters_as_states() {
    let text = "Date,Invoice No,Item,Qty,Status\n2026-01-13,1,A,2,C\n2026-01-14,2,A,1,V\n2026-01-15,3,B,3,O\n";
    let import = daily(text);
    assert_eq!(units(&import), of(&[("A", 3.0), ("B", 3.0)]));
    find(&import.diagnostics, "status-codes");
    let options = ReadOptions { unsold: Some(vec!["V".into()]), period: Some(Period::Day), ..ReadOptions::default() };
    assert_eq!(units(&read_with(text, &options).unwrap()), of(&[("A", 2.0), ("B", 3.0)]));
}

/// Money under the name of its currency is money, and said to be.
#[test]
fn money_called_by_its_currency() {
    for name in ["EUR", "€"] {
        let import = daily(format!("Datum;Artikel;{name}\n13.01.2026;A;20,00\n14.01.2026;A;10,50\n15.01.2026;B;30,00\n"));
        assert_eq!(units(&import), of(&[("A", 30.5), ("B", 30.0)]), "{name}");
        assert_eq!(import.history.measured, stockcast::history::Measured::Value);
        find(&import.diagnostics, "money-not-units");
    }
}

/// Numbers of an order's parts count nothing; where nothing else counts, it is asked.
#[test]
fn ids_are_no_quantities() {
    let text = "id_order;id_basket_unit;ts_placed;status;id_offer;title;price;fee\nM1;1;2026-01-13T10:00:00;sent;OF-1;Drill;19.99;2.00\n\
                M1;2;2026-01-13T10:00:00;sent;OF-1;Drill;19.99;2.00\nM2;3;2026-01-14T10:00:00;cancelled;OF-2;Saw;29.99;3.00\n\
                M3;4;2026-01-15T10:00:00;received;OF-2;Saw;29.99;3.00\n";
    let import = daily(text);
    assert_eq!(units(&import), of(&[("Drill", 2.0), ("Saw", 1.0)]));
    find(&import.diagnostics, "quantity-assumed");
}

/// Columns that come again for every shop: under labels, in two rows of names, or with the shop in front.
#[test]
fn columns_for_every_shop() {
    let want = of(&[("A@Leeds", 5.0), ("A@York", 1.0), ("B@Leeds", 1.0), ("B@York", 4.0)]);
    for text in [
        ",,Leeds,,York,\nDate,SKU,Units,Revenue,Units,Revenue\n",
        "Date,SKU,Leeds,,York,\n,,Units,Revenue,Units,Revenue\n",
        "Date,SKU,Leeds Units,Leeds Revenue,York Units,York Revenue\n",
        "Sales by shop,,,,,\n,,Leeds,,York,\nDate,SKU,Units,Revenue,Units,Revenue\n",
    ] {
        let rows = "2026-01-13,A,2,20.00,1,10.00\n2026-01-14,A,3,30.00,0,0.00\n2026-01-14,B,1,5.00,4,20.00\n";
        let import = daily(format!("{text}{rows}"));
        let mut found: Vec<(String, f64)> =
            import.history.series.iter().map(|s| (format!("{}@{}", s.item, s.location), s.y.iter().sum())).collect();
        found.sort_by(|a, b| a.0.cmp(&b.0));
        assert_eq!(found, want, "{text}");
        let money: f64 = import.history.series.iter().filter_map(|s| s.revenue.as_ref()).flatten().sum();
        assert!((money - 85.0).abs() < 1e-9, "{text}: {money}");
    }
    // what compares, plans or takes back is no shop
    for text in [
        "Date,SKU,Sold Units,Sold Revenue,Returned Units,Returned Revenue\n2026-01-13,A,2,20.00,1,10.00\n2026-01-14,A,3,30.00,0,0.00\n",
        "Date,SKU,Actual Units,Actual Revenue,Plan Units,Plan Revenue\n2026-01-13,A,2,20.00,1,10.00\n2026-01-14,A,3,30.00,0,0.00\n",
    ] {
        let import = daily(text);
        assert!(!import.diagnostics.iter().any(|d| d.code == "lines-in-one-row"), "{text}");
    }
}

/// A list put together from programs that write in different letters: each name is one item.
#[test]
fn each_cell_in_its_own_letters() {
    let mut text = "Datum;Artikel;Menge\n13.01.2026;Müsli;2\n".as_bytes().to_vec();
    text.extend(b"14.01.2026;M\xFCsli;3\n");
    text.extend("15.01.2026;Brötchen;1\n".as_bytes());
    let import = daily(&text);
    assert_eq!(units(&import), of(&[("Brötchen", 1.0), ("Müsli", 5.0)]));
    assert_eq!(find(&import.diagnostics, "encoding-mixed").line, Some(3));
}

/// What was ordered from suppliers and has not come is no list of items and no sales.
#[test]
fn purchase_orders() {
    let kind = |text: &str| stockcast::history::classify("export.csv", text.as_bytes()).unwrap().kind;
    for text in [
        "PO Number,SKU,Quantity ordered,Expected date,Supplier\nPO-1,MUG,48,2026-03-28,Acme\n",
        "Purchase Order,Vendor,Item code,Qty,ETA,Unit cost\n1,Acme,MUG,48,2026-03-28,2.50\n",
        "Bestellung;Lieferant;Artikelnummer;Menge;Liefertermin\n1;Acme;MUG;48;28.03.2026\n",
    ] {
        assert_eq!(kind(text), "on_order", "{text}");
    }
    // what a customer ordered under a number of their own is a sale
    let text =
        "Order Date,PO Number,Customer,SKU,Quantity,Due date\n2026-01-13,77,Inn,MUG,48,2026-01-28\n2026-01-14,78,Inn,MUG,8,2026-01-29\n";
    assert_eq!(kind(text), "sales");
}

/// Of an open order only what is still to come is on order.
#[test]
fn what_has_arrived_is_not_on_order() {
    let text = "PO Number,Status,SKU,Quantity ordered,Quantity received,Expected date,Supplier\n1,Open,MUG,48,0,2026-03-28,Acme\n\
                2,Partially received,CAP,100,60,2026-04-02,Acme\n3,Received,TEA,20,20,2026-02-02,Acme\n4,Cancelled,TEA,20,0,2026-02-02,Acme\n";
    let files = stockcast::history::MasterFiles { on_order: Some(("po.csv".to_owned(), text.as_bytes().to_vec())), ..Default::default() };
    let (masters, said) = stockcast::history::read_masters_bytes(&files).unwrap();
    let got: Vec<(u64, f64)> = masters.on_order.iter().map(|o| (o.line, o.quantity)).collect();
    assert_eq!(got, [(2, 48.0), (3, 40.0)], "{said:?}");
    assert_eq!(find(&said, "order-done").line, Some(4));
}

/// Neither one large order nor an empty shelf is a new level of sales.
#[test]
fn a_slip_and_an_empty_shelf_are_no_level() {
    let mut text = String::from("Date,SKU,Units sold,In stock\n");
    let first = stockcast::base::Stamp::from_ymd(2025, 1, 1).unwrap();
    for t in 0..300i64 {
        let day = first.plus_days(t).iso();
        let day = day.get(..10).unwrap();
        let usual = 3 + (t * 7919 % 5);
        let (slip, there) = (if t == 200 { 900 } else { usual }, !(120..140).contains(&t));
        text.push_str(&format!("{day},A,{slip},1\n{day},B,{},{}\n", if there { usual } else { 0 }, u8::from(there)));
    }
    let found = stockcast::history::audit(&daily(&text), None);
    assert!(!found.findings.iter().any(|f| f.code == "level-shift"), "{:?}", found.findings.iter().map(|f| f.code).collect::<Vec<_>>());
    assert!(found.findings.iter().any(|f| f.code == "outliers"));
}
