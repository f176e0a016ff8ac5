//! Layouts that were refused, or of which something was lost: a column a shop, units and money of each month side by side, lists of codes, rare
//! delimiters, items above their sales. Totals worked out by hand.

use super::strangers::reads;
use super::{find, read_with, refused, role, said, series};
use stockcast::base::Period;
use stockcast::history::{ReadOptions, Role};

/// Days of March with rows made of the day.
fn march(days: u32, row: impl Fn(u32) -> String) -> String {
    (1..=days).map(row).collect()
}

#[test]
fn a_column_a_shop() {
    let by_day = ReadOptions { period: Some(Period::Day), ..ReadOptions::default() };
    // the mug sells 1, 2 and 0 a day, the cap 0, 1 and 3
    let rows =
        |d: char, day: &str| march(9, |i| format!("{0}{d}MUG{d}1{d}2{d}0\n{0}{d}CAP{d}0{d}1{d}3\n", day.replace('#', &i.to_string())));
    for text in [
        format!("Date,SKU,Leeds,York,Hull\n{}", rows(',', "2026-03-0#")),
        format!("Datum;Artikelnummer;Filiale 1;Filiale 2;Online\n{}", rows(';', "0#.03.2026")),
        format!("date,product,Store A,Store B,Web\n{}", rows(',', "2026-03-0#")),
    ] {
        let import = read_with(&text, &by_day).unwrap_or_else(|e| panic!("{text}{}", said(&e)));
        let sold: Vec<(String, f64)> = import.history.series.iter().map(|s| (s.item.to_string(), s.y.iter().sum())).collect();
        let want = [("CAP", 0.0), ("CAP", 9.0), ("CAP", 27.0), ("MUG", 0.0), ("MUG", 9.0), ("MUG", 18.0)];
        let mut got: Vec<(&str, f64)> = sold.iter().map(|s| (s.0.as_str(), s.1)).filter(|s| s.1 > 0.0).collect();
        got.sort_by(|a, b| a.0.cmp(b.0).then(a.1.total_cmp(&b.1)));
        assert_eq!(got, want.into_iter().filter(|w| w.1 > 0.0).collect::<Vec<_>>(), "{text}{}", said(&import.diagnostics));
        find(&import.diagnostics, "places-as-columns");
    }
    // a total beside them is their sum, a price that of each
    let text = format!("Date,SKU,Price,Leeds,York,Total\n{}", march(9, |i| format!("2026-03-0{i},MUG,2.50,{i},1,{}\n", i + 1)));
    let import = read_with(&text, &by_day).unwrap();
    let leeds = import.history.series.iter().find(|s| &*s.location == "Leeds").unwrap();
    assert_eq!(leeds.y.iter().sum::<f64>(), 45.0);
    assert_eq!(leeds.revenue.as_ref().unwrap().iter().sum::<f64>(), 112.5);
    assert_eq!(import.history.series.iter().flat_map(|s| &s.y).sum::<f64>(), 54.0);
    // figures of an item are no shops
    for names in ["Min,Max", "Open,Shipped", "Sessions,Views", "Pack,Weight", "S,M", "Mon,Tue", "Jan,Feb", "In,Out"] {
        let text = format!("Date,SKU,{names}\n{}", rows(',', "2026-03-0#").replace(",0\n", "\n").replace(",3\n", "\n"));
        assert_eq!(refused(&text).last().map(|d| d.code), Some("no-quantity-column"), "{names}");
    }
    // parts of a quantity that is there are left alone
    let text = format!("Date,SKU,Quantity,Ready,Ordered later\n{}", march(9, |i| format!("2026-03-0{i},A,{},{i},1\n", i + 1)));
    reads("parts", &text, &[("A", 54.0)], 0.0, None);
}

#[test]
fn units_and_money_of_each_month() {
    for text in [
        ",,Jan 2026,,Feb 2026,,Mar 2026,\nSKU,Name,Qty,Sales,Qty,Sales,Qty,Sales\nA,Mug,3,30.00,4,40.00,5,50.00\nB,Cap,1,8.00,2,16.00,3,24.00\n",
        "SKU,Jan 2026 Units,Jan 2026 Revenue,Feb 2026 Units,Feb 2026 Revenue,Mar 2026 Units,Mar 2026 Revenue\nA,3,30.00,4,40.00,5,50.00\nB,1,8.00,2,16.00,3,24.00\n",
        "Article;01/2026 Qté;01/2026 CA HT;02/2026 Qté;02/2026 CA HT;03/2026 Qté;03/2026 CA HT\nA;3;30,00;4;40,00;5;50,00\nB;1;8,00;2;16,00;3;24,00\n",
        "SKU,Jan-26,Jan-26,Feb-26,Feb-26,Mar-26,Mar-26\n,Units,Value,Units,Value,Units,Value\nA,3,30.00,4,40.00,5,50.00\nB,1,8.00,2,16.00,3,24.00\n",
        "SKU,Jan 2026 Sales,Jan 2026 Units,Feb 2026 Sales,Feb 2026 Units,Mar 2026 Sales,Mar 2026 Units\nA,30.00,3,40.00,4,50.00,5\nB,8.00,1,16.00,2,24.00,3\n",
        "SKU,2026-01,2026-02,2026-03,Sales 2026-01,Sales 2026-02,Sales 2026-03\nA,3,4,5,30.00,40.00,50.00\nB,1,2,3,8.00,16.00,24.00\n",
        "SKU,Qty 2026-01,Gross sales 2026-01,Net sales 2026-01,Qty 2026-02,Gross sales 2026-02,Net sales 2026-02,Qty 2026-03,Gross sales 2026-03,Net sales 2026-03\n\
         A,3,33.00,30.00,4,44.00,40.00,5,55.00,50.00\nB,1,9.00,8.00,2,17.00,16.00,3,26.00,24.00\n",
    ] {
        // 30+40+50 and 8+16+24
        let import = reads(text, text, &[("A", 12.0), ("B", 6.0)], 0.0, Some(168.0));
        assert_eq!(series(&import, "A").revenue.as_deref(), Some(&[30.0, 40.0, 50.0][..]), "{text}");
        let money = import.recognised[0].columns.iter().filter(|c| c.role == Role::Revenue).count();
        assert_eq!(money, 3, "{text}");
    }
    // a price that differs from month to month: 3*10 + 4*11 + 5*12
    let text = "SKU,Jan 2026 Qty,Jan 2026 Price,Feb 2026 Qty,Feb 2026 Price,Mar 2026 Qty,Mar 2026 Price\nA,3,10.00,4,11.00,5,12.00\n";
    reads("prices", text, &[("A", 12.0)], 0.0, Some(134.0));
    // thousands that may be decimals are not guessed
    let text = "SKU,2026-01,2026-02,2026-03,Sales 2026-01,Sales 2026-02,Sales 2026-03\nA,3,4,5,\"1,250\",\"1,500\",\"1,750\"\nB,1,2,3,\"1,100\",\"2,100\",\"3,100\"\n";
    let import = reads("unclear", text, &[("A", 12.0), ("B", 6.0)], 0.0, None);
    find(&import.diagnostics, "money-left-out");
    let said = ReadOptions { decimal: Some('.'), ..ReadOptions::default() };
    assert_eq!(series(&read_with(text, &said).unwrap(), "A").revenue.as_deref(), Some(&[1250.0, 1500.0, 1750.0][..]));
}

#[test]
fn lists_of_codes_in_a_cell() {
    // of A 1, 2 and 3 in turn, of B one each
    let turn = |i: u32| (i - 1) % 3 + 1;
    for (header, row) in [
        ("Date,Order,Items", "2026-03-0D,100D,A-1:Q|B-1:1"),
        ("Order ID,Order Date,Basket", "100D,2026-03-0D,A-1=Q|B-1=1"),
        ("Order ID,Order Date,Order contents", "100D,2026-03-0D,A-1:Q;B-1:1"),
        ("Order ID,Order Date,Products", "100D,2026-03-0D,\"A-1*Q, B-1*1\""),
    ] {
        let text =
            format!("{header}\n{}", march(9, |i| format!("{}\n", row.replace('D', &i.to_string()).replace('Q', &turn(i).to_string()))));
        reads(header, &text, &[("A-1", 18.0), ("B-1", 9.0)], 0.0, None);
    }
    // what the order came to is none of its units
    let text = format!(
        "Date,Order,Items,Total\n{}",
        march(9, |i| format!("2026-03-0{i},100{i},SKU-1:{};SKU-2:1,{}\n", turn(i), 10 * turn(i) + 5))
    );
    reads("codes called after their column", &text, &[("SKU-1", 18.0), ("SKU-2", 9.0)], 0.0, None);
    // what an item is like is no count of it
    let text = format!("Date,Order,Items\n{}", march(9, |i| format!("2026-03-0{i},100{i},size:4{i}\n")));
    let import = read_with(&text, &ReadOptions::default()).unwrap();
    find(&import.diagnostics, "quantity-assumed");
}

/// Weeks that tell no year are those of the year in the title, or of the year that is said.
#[test]
fn weeks_without_a_year() {
    let body = "SKU,KW 51,KW 52,KW 1,KW 2\nA,1,2,3,4\nB,5,6,7,8\n";
    let first = |text: &str, options: &ReadOptions| {
        let import = read_with(text, options).unwrap_or_else(|e| panic!("{}", said(&e)));
        (series(&import, "A").start.iso(), series(&import, "A").y.clone())
    };
    let want = ("2025-12-15".to_owned(), vec![1.0, 2.0, 3.0, 4.0]);
    assert_eq!(first(&format!("Abverkauf 2025,,,,\n{body}"), &ReadOptions::default()), want);
    let year = |d, m| stockcast::base::Stamp::from_ymd(2025, m, d).unwrap();
    let covers = ReadOptions { covers: Some((year(1, 1), year(31, 12))), ..ReadOptions::default() };
    assert_eq!(first(body, &covers), want);
    find(&read_with(body, &ReadOptions::default()).unwrap().diagnostics, "dates-numbered");
}

#[test]
fn rare_delimiters() {
    for d in ['^', '~'] {
        let text = format!("Date{d}SKU{d}Qty{d}Net\n{}", march(9, |i| format!("2026-03-0{i}{d}A{d}2{d}5,50\n")));
        reads("rare", &text, &[("A", 18.0)], 0.0, Some(49.5));
    }
}

#[test]
fn items_above_the_dates_of_their_sales() {
    let of = |name: &str, units: u32| {
        format!(
            "{name},,,,\n{}Total {name},,,{},{}.00\n\n",
            march(9, |i| format!("{}/03/2026,I{i},,{units},{units}.00\n", 12 + i)),
            9 * units,
            9 * units
        )
    };
    let text = format!(
        "Item Sales Detail,,,,\nMarch 2026,,,,\nDate,Invoice,Note,Units,Amount\n{}{}Grand Total,,,27,27.00\n",
        of("Mug", 2),
        of("Cap", 1)
    );
    let import = reads("ledger", &text, &[("Cap", 9.0), ("Mug", 18.0)], 0.0, Some(27.0));
    assert_eq!(role(&import.recognised[0], "Date"), Role::Date);
    // the same by customer names nobody
    let text = text.replace("Item Sales Detail", "Sales by customer");
    reads("by customer", &text, &[("all", 27.0)], 0.0, Some(27.0));
}

#[test]
fn names_of_tills_and_shops() {
    let rows = march(9, |i| format!("{i};0{i}/03/2026;A-1;Tasse;2;5,00 €\n"));
    let text = format!("N° commande;Date de commande;Réf. vendeur;Libellé produit;Qté;Montant TTC\n{rows}");
    let by = ReadOptions { date_order: Some(stockcast::history::DateOrder::DayMonthYear), ..ReadOptions::default() };
    let import = read_with(&text, &by).unwrap();
    assert_eq!(role(&import.recognised[0], "Réf. vendeur"), Role::Item);
    assert_eq!(role(&import.recognised[0], "Libellé produit"), Role::Description);
    assert_eq!(series(&import, "A-1").y.iter().sum::<f64>(), 18.0);
    let rows = march(9, |i| format!("2026030{i},0012,A,SALE,2,5.00\n"));
    let text = format!("BUSDATE,STORE,UPC,TXN_TYPE,UNITS,NET_AMT\n{rows}20260305,0012,A,RETURN,1,2.50\n20260306,0012,A,VOID,9,22.50\n");
    reads("till", &text, &[("A", 18.0)], 1.0, Some(42.5));
    let rows = march(9, |i| format!("2026-03-0{i};Κ1;Κούπα;2;5,00\n"));
    reads("greek", &format!("Ημερομηνία;Κωδικός είδους;Περιγραφή;Ποσότητα;Αξία\n{rows}"), &[("Κ1", 18.0)], 0.0, Some(45.0));
}
