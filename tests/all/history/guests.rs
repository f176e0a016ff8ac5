//! Exports nobody had tried: each was read wrongly, refused or needed a hand when it first came. Totals worked out by hand.

use super::strangers::reads;
use super::{find, read_with, refused, role, said};
use stockcast::base::Period;
use stockcast::history::{Import, ReadOptions, Role, classify};

fn by_day(text: impl AsRef<[u8]>) -> Import {
    let options = ReadOptions { period: Some(Period::Day), ..ReadOptions::default() };
    read_with(text, &options).unwrap_or_else(|e| panic!("refused: {}", said(&e)))
}

/// A date, a quantity, a stock level and no item: one item's sales, whatever the file and its columns are called.
#[test]
fn one_item_beside_its_stock() {
    let rows = [(0, 100, 1.5), (30, 70, 1.5), (25, 45, 1.5), (45, 0, 1.5), (0, 0, 1.2), (20, 80, 1.2), (11, 69, 1.2), (9, 60, 1.2)];
    for header in [
        "data,venda,estoque,preco",
        "date,sales,stock,price",
        "Datum,Verkauf,Bestand,Preis",
        "Date,Ventes,Stock,Prix",
        "fecha,ventas,existencias,precio",
        "data,vendite,giacenza,prezzo",
        "Data,Venduto,Scorte,Prezzo",
        "datum,verkoop,voorraad,prijs",
        "data,sprzedaż,stan magazynowy,cena",
        "Data,Sprzedano,Stan,Cena",
        "datum,prodej,sklad,cena",
        "Datum,Prodáno,Zásoba,Cena",
        "dátum,predaj,zásoby,cena",
        "datum,försäljning,lager,pris",
        "dato,salg,lager,pris",
        "Dato,Solgt,Lagerbeholdning,Pris",
        "päivämäärä,myynti,varasto,hinta",
        "Dátum,Eladott,Raktárkészlet,Ár",
        "data,vânzări,stoc,preț",
        "tarih,satış,stok,fiyat",
        "дата,продажи,остаток,цена",
        "ημερομηνία,πωλήσεις,απόθεμα,τιμή",
        "日付,販売数,在庫数,価格",
        "日期,销量,库存,价格",
        "날짜,판매량,재고,가격",
        "tanggal,penjualan,stok,harga",
        "ngày,số lượng bán,tồn kho,giá",
        "التاريخ,المبيعات,المخزون,السعر",
    ] {
        let mut text = header.to_owned() + "\n";
        for (i, (sold, stock, price)) in rows.iter().enumerate() {
            text += &format!("2026-01-{:02},{sold},{stock},{price:.2}\n", i + 1);
        }
        for name in ["sales.csv", "stock.csv", "store_sku_sales_stock_price.csv"] {
            assert_eq!(classify(name, text.as_bytes()).unwrap().kind, "sales", "{name}: {header}");
        }
        let import = by_day(&text);
        let [s] = import.history.series.as_slice() else { panic!("{header}: {} series", import.history.series.len()) };
        assert_eq!(s.y.iter().sum::<f64>(), 140.0, "{header}");
        // 100 at 1.50 and 40 at 1.20
        let money: f64 = s.revenue.as_ref().unwrap_or_else(|| panic!("{header}: no money")).iter().sum();
        assert!((money - 198.0).abs() < 1e-9, "{header}: {money}");
        let empty: Vec<usize> = s
            .in_stock
            .as_ref()
            .unwrap_or_else(|| panic!("{header}: no stock"))
            .iter()
            .enumerate()
            .filter(|x| *x.1 == 0.0)
            .map(|x| x.0)
            .collect();
        assert_eq!(empty, [3, 4], "{header}");
    }
    // a list of stock stays one: each item once, whenever it was counted
    let list = "sku,counted on,stock,price\nA,2026-01-02,5,1.00\nB,2026-01-03,7,2.00\nC,2026-01-03,0,3.00\n";
    assert_eq!(classify("stock.csv", list.as_bytes()).unwrap().kind, "stock");
}

/// Names as tills shorten them.
#[test]
fn shortened_names() {
    let three = |header: &str, d: char| {
        format!("{header}\n")
            + &(1..=9)
                .map(|i| format!("1{d}2026-01-0{i}{d}7{d}Tea{d}HOT{d}{}{d}2.50{d}{:.2}\n", i % 4 + 1, f64::from(i % 4 + 1) * 2.5))
                .collect::<String>()
    };
    // 2+3+4+1+2+3+4+1+2
    for header in [
        "TRX NO|TRX DT|PLU|PLU DESCR|DEPT|QTY|UNIT PRC|LINE TOT",
        "RCPT NBR|BUS DT|SKU NO|ITM DESC|CAT|QTY SLD|PRC EA|EXT PRC",
        "ORD NO|SLS DATE|ART NR|ART DSC|DPT|QNTY|SELL PRC|NET SLS",
        "BON-NR|DAT.|ART.-NR.|ART.-BEZ.|WG|MNG.|E-PREIS|GES.-PREIS",
        "TICKET|DT VENDA|COD. PROD.|DESC. PROD.|GRP|QTDE|VL. UNIT.|VL. TOTAL",
        "INV NO|INV DT|ITM NBR|ITM DESCR|DEPT|UNITS SLD|UNIT RTL|EXT RTL",
    ] {
        let import = reads(header, &three(header, '|'), &[("7", 22.0)], 0.0, Some(55.0));
        let r = &import.recognised[0];
        let of = |i: usize| r.columns[i].role;
        assert_eq!(
            [of(0), of(1), of(2), of(3), of(5), of(6), of(7)],
            [Role::Order, Role::Date, Role::Item, Role::Description, Role::Quantity, Role::Price, Role::Revenue],
            "{header}"
        );
    }
    reads("returned", "DATE,SKU,QTY SLD,QTY RTN\n2026-01-01,A,5,1\n2026-01-02,A,3,0\n2026-01-03,A,4,2\n", &[("A", 12.0)], 3.0, None);
    // what a customer takes home, not what it was packed in
    reads("packed", "Date,SKU,Case Qty,Unit Qty\n2026-01-01,A,1,12\n2026-01-02,A,2,24\n", &[("A", 36.0)], 0.0, None);
}

/// Refunds and credit notes with units above zero.
#[test]
fn what_came_back_by_its_money() {
    reads(
        "sage",
        "Type,Date,Ref,Product Code,Qty,Unit Price,Net Amount\nSI,01/03/2026,I1,P1,4,5.00,20.00\nSI,13/03/2026,I2,P1,6,5.00,30.00\nSC,14/03/2026,C1,P1,2,5.00,-10.00\n",
        &[("P1", 10.0)],
        2.0,
        Some(40.0),
    );
    reads(
        "by word",
        "Date,Item,Qty,Amount,Transaction\n2026-03-01,A,3,15.00,Sale\n2026-03-02,A,4,20.00,Sale\n2026-03-03,A,2,10.00,Return\n",
        &[("A", 7.0)],
        2.0,
        Some(25.0),
    );
    // empties and vouchers only ever take money off
    let text = "Datum;Bon;Artikel;Menge;Preis;Summe\n01.03.2026;1;Cola;2;1,50;3,00\n01.03.2026;1;Leergut;1;-0,25;-0,25\n\
                13.03.2026;2;Cola;3;1,50;4,50\n14.03.2026;3;Cola;1;1,50;1,50\n14.03.2026;3;Leergut;4;-0,25;-1,00\n";
    let import = reads("empties", text, &[("Cola", 6.0)], 0.0, Some(9.0));
    find(&import.diagnostics, "non-product");
}

/// Money that is not the line's, in cents, or of postage.
#[test]
fn money_of_lines() {
    let orders: String = (1..=6).map(|d| format!("{d};2026-03-0{d};PAID;P-1;Poster;{d};15;{}\n", d * 15 + 4)).collect();
    let import = reads(
        "ecwid",
        &format!("order_number;order_creation_date;payment_status;sku;name;quantity;price;total\n{orders}"),
        &[("P-1", 21.0)],
        0.0,
        Some(315.0),
    );
    find(&import.diagnostics, "order-total");
    let units = "id_order_unit;id_order;ts_created;id_offer;product_title;status;price;currency\n\
                 1;M1;2026-03-01 10:11:12;S-1;Lamp;sent;1999;EUR\n2;M1;2026-03-01 10:11:12;S-1;Lamp;sent;1999;EUR\n\
                 3;M2;2026-03-02 10:11:12;S-1;Lamp;cancelled;1999;EUR\n4;M3;2026-03-03 10:11:12;S-2;Shade;received;500;EUR\n";
    reads("kaufland", units, &[("S-1", 2.0), ("S-2", 1.0)], 0.0, Some(44.98));
    let decimals = units.replace("1999", "19.99").replace("500", "5.00");
    reads("kaufland in euros", &decimals, &[("S-1", 2.0), ("S-2", 1.0)], 0.0, Some(44.98));
    reads(
        "jtl",
        "Auftragsnummer;Auftragsdatum;Positionsart;Artikelnummer;Artikelname;Menge;VK Netto\nA1;01.03.2026;Artikel;J-1;Shirt;2;10,00\n\
         A1;01.03.2026;Versandposition;;DHL Paket;1;4,16\nA2;13.03.2026;Artikel;J-1;Shirt;1;10,00\nA2;13.03.2026;Versandposition;;DHL Paket;1;4,16\n",
        &[("J-1", 3.0)],
        0.0,
        Some(30.0),
    );
    reads(
        "sums by day",
        "Date,Product,Qty,Total\n2026-03-01,Tea,2,6\n2026-03-01,Gift Card,1,50\n2026-03-02,Tea,3,9\n2026-03-02,Shipping,1,5\n2026-03-03,Tea,1,3\n",
        &[("Tea", 6.0)],
        0.0,
        Some(18.0),
    );
}

/// A print-out in fixed width, and grams among kilograms.
#[test]
fn lists_and_measures() {
    let mut text =
        "KASSENJOURNAL FILIALE 3          SEITE 1\n\nDATUM      BON    ARTIKEL      BEZEICHNUNG          MENGE   PREIS    BETRAG\n"
            .to_owned();
    for d in 1..=9 {
        let n = d % 3 + 1;
        let money = format!("{:.2}", f64::from(n) * 5.99).replace('.', ",");
        text += &format!("0{d}.03.2026 {:06} {:<12} {:<20} {n:>5} {:>7} {money:>9}\n", 400 + d, "4711", "Kaffee 500g", "5,99");
        text += &format!("0{d}.03.2026 {:06} {:<12} {:<20} {:>5} {:>7} {:>9}\n", 400 + d, "4712", "Tee lose", 2, "3,49", "6,98");
    }
    text += "SUMME                                                  36\n";
    // 18 of 5.99, 18 of 3.49
    let import = reads("journal", &text, &[("4711", 18.0), ("4712", 18.0)], 0.0, Some(170.64));
    find(&import.diagnostics, "fixed-width");
    let import = reads(
        "grams",
        "Date,Product,Qty\n2026-03-01,Flour,500 g\n2026-03-02,Flour,2 kg\n2026-03-03,Flour,250 g\n",
        &[("Flour", 2.75)],
        0.0,
        None,
    );
    find(&import.diagnostics, "units-converted");
}

/// Dates that nobody had written so far.
#[test]
fn unusual_dates() {
    let first = |text: &str| {
        let import = read_with(text, &ReadOptions::default()).unwrap_or_else(|e| panic!("{}", said(&e)));
        (import.history.series[0].start.iso(), import.history.series[0].y.iter().sum::<f64>())
    };
    let days: String = (1..=9).map(|d| format!("令和8年3月{d}日,A,2\n")).collect();
    assert_eq!(first(&format!("日付,商品コード,数量\n{days}")), ("2026-03-01".to_owned(), 18.0));
    let weeks: String = (2..=9).map(|w| format!("20260{w},A,3\n")).collect();
    assert_eq!(first(&format!("YearWeek,SKU,Units\n{weeks}")), ("2026-01-05".to_owned(), 24.0));
    // the week that ends on Saturday the tenth began on Sunday the fourth
    let ends: String = [10, 17, 24, 31].iter().map(|d| format!("01/{d}/2026,A,3\n")).collect();
    assert_eq!(first(&format!("Week Ending,SKU,Units\n{ends}")), ("2026-01-04".to_owned(), 12.0));
    // a column of whole moments that is called a time
    let times: String = (1..=9).map(|d| format!("0{d}.03.2026 08:15;Brezel;2\n1{d}.03.2026 09:15;Brezel;2\n")).collect();
    assert_eq!(first(&format!("Zeit;Artikel;Anzahl\n{times}")).1, 36.0);
}

/// Barcodes that a spreadsheet made the same are not one item.
#[test]
fn rounded_barcodes() {
    let text = "Date,Barcode,Name,Qty\n2026-03-01,4.01235E+12,Soap,1\n2026-03-01,4.01235E+12,Brush,2\n2026-03-02,4.01235E+12,Soap,3\n";
    let import = reads("rounded", text, &[("Brush", 2.0), ("Soap", 4.0)], 0.0, None);
    assert_eq!(role(&import.recognised[0], "Barcode"), Role::Ignore);
    assert_eq!(find(&import.diagnostics, "codes-rounded").line, Some(2));
}

/// Files that count something else than sales are not taken for sales.
#[test]
fn no_sales() {
    let rows = |row: &str| (1..=9).map(|d| row.replace("DD", &format!("0{d}")).replace('#', &(d % 4 + 1).to_string())).collect::<String>();
    for (header, row, code) in [
        ("Date,SKU,Forecast", "2026-03-DD,A,#", "no-quantity-column"),
        ("Date,Item,Qty Wasted,Reason", "2026-03-DD,A,#,Expired", "no-quantity-column"),
        ("Date,Employee,Hours", "2026-03-DD,Al,#", "no-quantity-column"),
        ("Date,Sessions,Page views,Users", "2026-03-DD,1#,3#,2#", "no-quantity-column"),
        ("Date,Item,Counted,System Qty,Variance", "2026-03-DD,A#,5#,5#,0", "no-quantity-column"),
        ("Date,Vendor,Item,Qty,Cost", "2026-03-DD,Acme,A,#,2.50", "purchases"),
        ("Payout Date,Status,Charges,Refunds,Fees,Total", "2026-03-DD,paid,10#,0,-1,9#", "other-export"),
        ("Fiscal Year,Fiscal Period,SKU,Units", "2026,PDD,A,#", "periods-fiscal"),
        (
            "\"EXTF\";700;21;\"Buchungsstapel\"\nUmsatz (ohne Soll/Haben-Kz);Soll/Haben-Kennzeichen;Konto;Belegdatum;Buchungstext",
            "1#,00;S;8400;DD03;Verkauf",
            "other-export",
        ),
    ] {
        let text = format!("{header}\n{}", rows(&format!("{row}\n")));
        let errors = refused(&text);
        assert_eq!(errors.last().map(|d| d.code), Some(code), "{header}: {}", said(&errors));
        assert_eq!(classify("file.csv", text.as_bytes()).unwrap().kind, "sales", "{header}");
    }
    // a report of what was sold may name suppliers and costs
    reads(
        "sold by supplier",
        "Date,Vendor,Item,Qty Sold,Cost\n2026-03-01,Acme,A,2,2.50\n2026-03-02,Acme,A,1,2.50\n",
        &[("A", 3.0)],
        0.0,
        None,
    );
}

/// What a window shows of them: the reason, until a person says that they are sales all the same. Codes of a state are asked for beside a kind of document.
#[test]
fn looks_at_what_is_no_sale() {
    use stockcast::history::look_as;
    let text = "Date,Vendor,Item,Qty,Cost\n2026-03-01,Acme,A,2,2.50\n2026-03-02,Acme,A,1,2.50\n2026-03-03,Acme,B,1,2.50\n";
    let looked = |said| look_as("bought.csv", text.as_bytes(), true, said, &ReadOptions::default()).unwrap();
    let first = looked(None);
    assert_eq!((first.kind, first.recognised.is_none()), ("sales", true));
    find(&first.notes, "purchases");
    let told = looked(Some("sales"));
    assert!(told.recognised.is_some() && told.notes.iter().all(|d| d.code != "purchases"));
    let orders = "OrderID;Entry date;Status;Variation no.;Quantity;Order type\n1;2026-03-01;7.0;V;2;Order\n2;2026-03-13;8.1;V;5;Order\n3;2026-03-14;7.0;V;1;Credit note\n";
    let import = read_with(orders, &ReadOptions::default()).unwrap();
    find(&import.diagnostics, "status-codes");
    let unsold = ReadOptions { unsold: Some(vec!["8.1".to_owned()]), ..ReadOptions::default() };
    let import = read_with(orders, &unsold).unwrap();
    assert_eq!(
        import.history.series.iter().flat_map(|s| &s.y).filter(|y| y.is_finite()).sum::<f64>(),
        2.0,
        "{}",
        said(&import.diagnostics)
    );
}
