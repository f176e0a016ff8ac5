//! Exports in the layouts and languages of NOTES-import, rewritten with made-up sales.

use super::{find, read, read_with, refused, role, series};
use stockcast::base::{Period, Severity};
use stockcast::history::{Ask, DateOrder, Measured, ReadOptions, Role};

#[test]
fn seven_languages_and_dialects() {
    let rows = [("31.01.2026", "A1", 3, "1.234,50"), ("01.02.2026", "B2", 2, "0,99"), ("02.02.2026", "A1", 1, "12,00")];
    for (header, sep) in [
        ("Datum;Artikelnummer;Menge;Einzelpreis", ';'),
        ("Data;Produto;Quantidade;Preço", ';'),
        ("fecha\tarticulo\tcantidad\tprecio", '\t'),
        ("Date|Article|Quantité|Prix unitaire", '|'),
        ("Data;Articolo;Quantità;Prezzo", ';'),
        ("Datum;Artikel;Aantal;Prijs", ';'),
        ("Date;SKU;Qty;Unit Price", ';'),
    ] {
        let mut text = format!("{header}\r\n");
        for (d, i, q, p) in rows {
            text += &format!("{d}{sep}{i}{sep}{q}{sep}{p}\r\n");
        }
        let import = read(&text);
        let r = &import.recognised[0];
        let roles: Vec<Role> = r.columns.iter().map(|c| c.role).collect();
        assert_eq!(roles, [Role::Date, Role::Item, Role::Quantity, Role::Price], "{header}");
        assert_eq!((r.delimiter, r.decimal, r.date_order), (Some(sep), Some(','), Some("dmy")), "{header}");
        let a = series(&import, "A1");
        assert_eq!(a.start.iso(), "2026-01-31");
        assert_eq!(a.price.as_ref().unwrap()[0], 1234.5);
    }
}

#[test]
fn encodings_read_the_same() {
    let text = "Datum;Artikel;Menge;Größe\n2026-01-01;Käse;1;x\n2026-01-02;Käse;2;y\n";
    let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let utf16: Vec<u8> = "\u{FEFF}".chars().chain(text.chars()).collect::<String>().encode_utf16().flat_map(u16::to_le_bytes).collect();
    let bom = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
    for (bytes, encoding) in [
        (text.as_bytes().to_vec(), "UTF-8"),
        (latin, "windows-1252"),
        (utf16, "UTF-16LE"),
        (bom, "UTF-8"),
        (format!("sep=;\n{text}").into_bytes(), "UTF-8"),
    ] {
        let import = read(&bytes);
        assert_eq!(import.recognised[0].encoding.as_deref(), Some(encoding));
        assert_eq!(series(&import, "Käse").y, [1.0, 2.0]);
        assert_eq!(role(&import.recognised[0], "Datum"), Role::Date);
    }
}

/// Shopify repeats an order's first-line cells on no other line; statuses and cancellations hold for the whole order.
#[test]
fn shopify_orders() {
    let text = "Name,Email,Financial Status,Cancelled at,Created at,Total,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Billing Name\n\
        #1,a@b.example,paid,,2026-04-05 21:06:21 +0400,30.00,2,Blue Widget,10.00,W-1,Ann Example\n\
        #1,a@b.example,,,,,1,Red Gadget,10.00,,\n\
        #2,c@d.example,refunded,,2026-04-06 09:00:00 +0400,50.00,5,Blue Widget,10.00,W-1,Bob Example\n\
        #3,c@d.example,paid,2026-04-07 10:00:00 +0400,2026-04-06 09:30:00 +0400,20.00,1,Blue Widget,10.00,W-1,Bob Example\n\
        #3,c@d.example,,,,,1,Red Gadget,10.00,,\n\
        #4,,paid,,2026-04-08 10:00:00 +0400,10.00,1,Blue Widget,10.00,W-1,\n";
    let import = read(text);
    let r = &import.recognised[0];
    assert_eq!(r.profile, Some("Shopify orders"));
    assert_eq!(role(r, "Name"), Role::Order);
    assert_eq!(role(r, "Total"), Role::Ignore);
    assert!(import.transactions);
    let blue = series(&import, "W-1");
    // a refunded order was demand, met and given back; a cancelled one was none
    assert_eq!(blue.y, [2.0, 5.0, 0.0, 1.0]);
    assert_eq!(blue.returned.as_deref(), Some(&[0.0, 5.0, 0.0, 0.0][..]));
    assert_eq!(blue.description.as_deref(), Some("Blue Widget"));
    // no SKU: the name stands for it, and the date comes from the order's first line
    assert_eq!(series(&import, "Red Gadget").y, [1.0, 0.0, 0.0, 0.0]);
    assert_eq!(series(&import, "Red Gadget").start.iso(), "2026-04-05");
    let cancelled = r.set_aside.iter().find(|s| s.reason == "cancelled").unwrap();
    assert_eq!((cancelled.rows, cancelled.units, cancelled.lines.clone()), (2, 2.0, vec![5, 6]));
    assert_eq!(find(&import.diagnostics, "continuation-rows").line, Some(3));
}

#[test]
fn people_are_never_repeated() {
    let text = "Order,Date,SKU,Qty,Customer Name,Phone,Remark,Ship Address\n\
        1,2026-01-01,A,1,Ann Secret,+44 7700 900123,call ann@secret.example,1 Secret Street\n\
        2,2026-01-02,A,x,Bob Secret,+44 7700 900124,leave at Secret door,2 Secret Street\n";
    let import = read(text);
    let shown = serde_json::to_string(&import.recognised).unwrap()
        + &serde_json::to_string(&import.diagnostics).unwrap()
        + &format!("{:?}", import.history);
    assert!(!shown.to_lowercase().contains("secret") && !shown.contains("7700"), "{shown}");
    assert_eq!(role(&import.recognised[0], "Customer Name"), Role::Personal);
}

/// UCI Online Retail's conventions: `C` invoices, postage codes without digits, stock corrections at price zero.
#[test]
fn cancellations_returns_and_non_products() {
    let mut text = String::from("InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n");
    for i in 0..25 {
        text += &format!("5363{i:02},{},THING {i},6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom\n", 20_000 + i);
    }
    text += "536401,20000,THING 0,100,2010-12-02 09:00:00,2.55,17850.0,United Kingdom\n";
    text += "C536402,20000,THING 0,-100,2010-12-03 09:00:00,2.55,17850.0,United Kingdom\n";
    text += "C536403,20001,THING 1,-2,2010-12-03 09:00:00,2.55,17850.0,United Kingdom\n";
    text += "536404,POST,POSTAGE,3,2010-12-03 09:00:00,18.0,17850.0,France\n";
    text += "536405,20002,damaged,-4,2010-12-03 09:00:00,0.0,,United Kingdom\n";
    text += "536406,20003,THING 3,1,2010-12-03 10:00:00,2.55,,United Kingdom\n";
    let import = read(&text);
    let first = series(&import, "20000");
    assert_eq!(first.y, [6.0, 0.0, 0.0], "the order of 100 and its cancellation are both gone");
    assert!(first.returned.is_none());
    let second = series(&import, "20001");
    assert_eq!((second.y[0], second.returned.as_ref().unwrap()[2]), (6.0, 2.0), "a return does not reduce demand");
    assert!(import.history.series.iter().all(|s| &*s.item != "POST"));
    let aside: Vec<(&str, usize)> = import.recognised[0].set_aside.iter().map(|s| (s.reason, s.rows)).collect();
    assert_eq!(aside, [("cancelled-order", 2), ("non-product", 1), ("stock-adjustment", 1)]);
    assert_eq!(find(&import.diagnostics, "cancelled-order").line, Some(27));
    let kept = read_with(&text, &ReadOptions { keep_non_products: true, ..Default::default() }).unwrap();
    assert_eq!(series(&kept, "POST").y.iter().sum::<f64>(), 3.0);
}

#[test]
fn group_rows_name_the_item() {
    let text = "\"Example Co, LLC\",,,,,,\nSales by Product/Service Detail,,,,,,\n,,,,,,\n\
        ,Transaction date,Transaction type,Num,Quantity,Sales price,Amount,Balance\n\
        Mugs,,,,,,,\n,13/01/2026,Invoice,5001,2.00,5.00,10.00,10.00\n,14/01/2026,Credit Memo,5002,1.00,5.00,-5.00,5.00\n\
        Total for Mugs,,,,3.00,,5.00,\nCups,,,,,,,\n,14/01/2026,Invoice,5003,4.00,5.00,20.00,20.00\nTOTAL,,,,,,$25.00,\n";
    let import = read(text);
    assert_eq!(series(&import, "Mugs").y, [2.0, 0.0]);
    assert_eq!(series(&import, "Mugs").returned.as_ref().unwrap(), &[0.0, 1.0]);
    assert_eq!(series(&import, "Cups").y, [4.0]);
}

#[test]
fn money_is_not_units() {
    let walmart = read(
        "Store,Dept,Date,Weekly_Sales,IsHoliday\n1,1,2023-01-06,24215.46,False\n1,1,2023-01-13,46039.49,True\n1,2,2023-01-06,1.50,False\n",
    );
    assert_eq!(walmart.history.measured, Measured::Value);
    assert_eq!(series(&walmart, "1_2").item.as_ref(), "2");
    find(&walmart.diagnostics, "money-not-units");
    let rossmann = "\"Store\",\"DayOfWeek\",\"Date\",\"Sales\",\"Customers\",\"Open\",\"Promo\"\n1,5,2015-07-31,5263,555,1,1\n1,4,2015-07-30,6064,625,1,0\n";
    let value = read(rossmann);
    assert_eq!(
        (value.history.measured, series(&value, "1").y.as_slice()),
        (Measured::Value, &[6064.0, 5263.0][..]),
        "newest first is fine"
    );
    let options = ReadOptions { map: vec![("sales".into(), Role::Quantity)], ..Default::default() };
    assert_eq!(read_with(rossmann, &options).unwrap().history.measured, Measured::Units);
    let units = read("data,venda,estoque,preco\n2014-01-01,0,4972,1.29\n2014-01-02,70,4902,1.29\n2014-01-03,59,0,1.29\n");
    assert_eq!((units.history.measured, series(&units, "all").last_stock), (Measured::Units, Some(0.0)));
    assert_eq!(series(&units, "all").in_stock.as_ref().unwrap(), &[1.0, 1.0, 0.0]);
}

#[test]
fn wide_tables() {
    let months = read("SKU;Location;Jan 2026;Feb 2026;Mar 2026\nA;North;1;2;3\nA;South;4;;6\n");
    let south = series(&months, "A@South");
    assert!(months.recognised[0].wide && !months.transactions);
    assert_eq!((south.start.iso().as_str(), south.y[0], south.y[1].is_nan(), south.y[2]), ("2026-01-01", 4.0, true, 6.0));
    let m5 = read("id,item_id,dept_id,cat_id,store_id,state_id,d_1,d_2,d_3\nX_1,X,F,F,CA_1,CA,5,0,7\n");
    assert_eq!((series(&m5, "X_1").start.iso().as_str(), series(&m5, "X_1").y.as_slice()), ("2011-01-29", &[5.0, 0.0, 7.0][..]));
}

#[test]
fn ambiguous_dates_are_said_and_can_be_forced() {
    let text = "Order,Date,Item,Qty\n1,05/03/2026,A,1\n2,07/02/2026,A,2\n3,06/04/2026,A,3\n";
    assert_eq!(find(&refused(text), "date-order-unclear").severity, Severity::Error);
    // a preview shows one reading, and asks
    let shown = read_with(text, &ReadOptions { assume: true, ..Default::default() }).unwrap();
    assert_eq!(find(&shown.diagnostics, "date-order-unclear").severity, Severity::Warning);
    let q = &shown.questions[0];
    assert_eq!((q.ask, q.must, q.answers.len()), (Ask::DateOrder, true, 2));
    assert_eq!((q.answers[0].text.as_str(), q.answers[1].text.as_str()), ("5 March 2026", "3 May 2026"));
    let mut options = ReadOptions { period: Some(Period::Day), ..Default::default() };
    assert!(q.answer("mdy", &mut options) && !q.answer("ydm", &mut options));
    assert_eq!(series(&read_with(text, &options).unwrap(), "A").start.iso(), "2026-05-03");
    for (order, first) in [(DateOrder::DayMonthYear, "2026-02-07"), (DateOrder::MonthDayYear, "2026-05-03")] {
        let import = read_with(text, &ReadOptions { date_order: Some(order), period: Some(Period::Day), ..Default::default() }).unwrap();
        assert_eq!(series(&import, "A").start.iso(), first);
        assert!(import.questions.is_empty());
    }
    // one day above twelve settles it without a word
    let settled = read("Date,Item,Qty\n05/03/2026,A,1\n13/02/2026,A,2\n");
    assert!(settled.diagnostics.iter().all(|d| d.code != "date-order-assumed"));
    assert_eq!(series(&settled, "A").start.iso(), "2026-02-13");
}

#[test]
fn mapping_errors_help() {
    let options = ReadOptions { map: vec![("Quantiy".into(), Role::Quantity)], ..Default::default() };
    let e = read_with("Date,Item,Quantity\n2026-01-01,A,1\n", &options).unwrap_err();
    assert!(find(&e, "column-unknown").fix.as_ref().unwrap().contains("Quantity"));
    let by_number = ReadOptions { map: vec![("#3".into(), Role::Quantity), ("#2".into(), Role::Item)], ..Default::default() };
    assert_eq!(series(&read_with("Date,foo,bar\n2026-01-01,A,1\n2026-01-02,A,2\n", &by_number).unwrap(), "A").y, [1.0, 2.0]);
}

#[test]
fn lists_of_stock_and_items_are_told_apart() {
    assert_eq!(refused("SKU,Product,Available,Inbound units\n1001,A,5,2\n1002,B,3,0\n").last().unwrap().code, "stock-list");
    assert_eq!(refused("Name,Description,Price\nchair,x,5\ntable,y,3\n").last().unwrap().code, "item-list");
    assert_eq!(refused("SKU,Net sales,Quantity ordered\n1001,5.99,1\n1002,8.00,2\n").last().unwrap().code, "period-needed");
}

#[test]
fn the_same_file_twice_counts_once() {
    use stockcast::base::NoControl;
    let text = b"Date,Item,Qty\n2026-01-01,A,1\n2026-01-02,A,2\n".to_vec();
    let more = b"Date,Item,Qty\n2026-01-03,A,3\n2026-01-04,B,4\n".to_vec();
    let files = [("a.csv".to_owned(), text.clone()), ("b.csv".to_owned(), text), ("c.csv".to_owned(), more)];
    let import = stockcast::history::read_sales_bytes(&files, &ReadOptions::default(), &NoControl).unwrap();
    find(&import.diagnostics, "file-repeated");
    assert_eq!((series(&import, "A").y.as_slice(), import.recognised.len()), (&[1.0, 2.0, 3.0][..], 2));
}

/// Rows only where something sold or the shelf was empty: days without a row are zero sales from a filled shelf.
#[test]
fn days_left_out_are_zeros_even_where_stockouts_are_written() {
    let mut text = String::from("date,item,location,quantity,revenue,in_stock\n");
    for day in (1..=28).step_by(3) {
        text += &format!("2026-02-{day:02},A,Bath,2,8.00,1\n2026-02-{day:02},B,Bath,1,3.00,1\n");
    }
    text += "2026-02-05,A,Bath,0,0.00,0\n2026-02-28,B,Bath,1,3.00,1\n";
    let import = read_with(&text, &ReadOptions { period: Some(Period::Week), ..ReadOptions::default() }).unwrap();
    assert!(import.transactions);
    let a = series(&import, "A");
    assert!(a.y.iter().all(|y| y.is_finite()), "{:?}", a.y);
    let share = a.in_stock.as_ref().unwrap();
    // one empty day of seven
    assert!(share.iter().any(|s| (s - 6.0 / 7.0).abs() < 1e-9), "{share:?}");
}
