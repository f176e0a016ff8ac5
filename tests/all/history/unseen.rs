//! Layouts that no profile was made for: other languages and encodings, sheets with a column a month or an item, dates in pieces, totals in
//! every place. Each twin is small enough that its units and money were added up by hand; each once was read wrongly or refused.

use super::{find, read, read_with, refused, role, said, series};
use stockcast::base::{Period, Severity};
use stockcast::history::{Ask, Import, ReadOptions, Role, question::covers};

fn by_day() -> ReadOptions {
    ReadOptions { period: Some(Period::Day), ..ReadOptions::default() }
}
fn daily(text: impl AsRef<[u8]>) -> Import {
    read_with(text, &by_day()).unwrap_or_else(|e| panic!("{}", said(&e)))
}
/// Units by item, returns, and net money in cents.
fn totals(import: &Import) -> (Vec<(String, f64)>, f64, f64) {
    let sum = |v: &[f64]| v.iter().filter(|x| x.is_finite()).sum::<f64>();
    let s = &import.history.series;
    let units = s.iter().map(|s| (s.unique_id.to_string(), sum(&s.y))).collect();
    let back = s.iter().filter_map(|s| s.returned.as_deref()).map(sum).sum();
    let money: f64 = s.iter().filter_map(|s| s.revenue.as_deref()).map(sum).sum();
    (units, back, (money * 100.0).round())
}
fn of(units: &[(&str, f64)]) -> Vec<(String, f64)> {
    units.iter().map(|(n, u)| ((*n).to_owned(), *u)).collect()
}

/// Twelve languages, each with its own words for a cancelled, a refunded and an unpaid order: 2 + 3 sold, 3 came back and their money with
/// them, the others are no demand.
#[test]
fn orders_in_twelve_languages() {
    for (header, states) in [
        ("Order number,Order date,SKU,Quantity,Unit price,Order status", ["Completed", "Cancelled", "Refunded", "Pending payment"]),
        (
            "Bestellnummer,Bestelldatum,Artikelnummer,Menge,Einzelpreis,Status",
            ["Abgeschlossen", "Gelöscht", "Zurückerstattet", "Zahlung ausstehend"],
        ),
        (
            "Nº de pedido,Fecha de pedido,Artículo,Cantidad,Precio unitario,Estado",
            ["Completado", "Cancelado", "Reembolsado", "Pendiente de pago"],
        ),
        ("N° commande,Date de commande,Référence,Quantité,Prix unitaire,Statut", ["Terminée", "Annulée", "Remboursée", "Attente paiement"]),
        (
            "Numero ordine,Data ordine,Codice articolo,Quantità,Prezzo unitario,Stato",
            ["Completato", "Annullato", "Rimborsato", "In attesa di pagamento"],
        ),
        ("Bestelnummer,Besteldatum,Artikelnummer,Aantal,Prijs,Status", ["Afgerond", "Geannuleerd", "Terugbetaald", "Wachtend op betaling"]),
        (
            "Número do pedido,Data do pedido,Código do produto,Quantidade,Preço unitário,Situação",
            ["Concluído", "Cancelado", "Reembolsado", "Pagamento pendente"],
        ),
        (
            "Numer zamówienia,Data zamówienia,Kod produktu,Liczba sztuk,Cena za sztukę,Status zamówienia",
            ["Zrealizowane", "Anulowane", "Zwrócone", "Oczekuje na płatność"],
        ),
        (
            "Číslo objednávky,Datum objednávky,Kód zboží,Množství,Cena za kus,Stav objednávky",
            ["Vyřízeno", "Zrušeno", "Vráceno", "Čeká na platbu"],
        ),
        ("Ordernummer,Orderdatum,Artikelnummer,Antal,À-pris,Status", ["Slutförd", "Avbruten", "Återbetalad", "Inväntar betalning"]),
        ("Ordrenr.,Ordredato,Varenr.,Antal,Stykpris,Status", ["Gennemført", "Annulleret", "Refunderet", "Afventer betaling"]),
        (
            "Sipariş No,Sipariş Tarihi,Stok Kodu,Adet,Birim Fiyat,Sipariş Durumu",
            ["Tamamlandı", "İptal edildi", "İade edildi", "Ödeme bekleniyor"],
        ),
    ] {
        let rows = [
            ("1", "2026-03-13", 2, states[0]),
            ("2", "2026-03-14", 5, states[1]),
            ("3", "2026-03-15", 3, states[2]),
            ("4", "2026-03-16", 7, states[3]),
        ];
        let text = rows.iter().fold(format!("{header}\n"), |t, (o, d, q, s)| t + &format!("{o},{d},A-1,{q},10.00,{s}\n"));
        let import = daily(&text);
        assert_eq!(totals(&import), (of(&[("A-1", 5.0)]), 3.0, 2000.0), "{header}: {}", said(&import.diagnostics));
    }
}

#[test]
fn central_european_bytes() {
    let (text, _, _) = encoding_rs::WINDOWS_1250.encode(
        "Data sprzedaży;Kod produktu;Nazwa towaru;Ilość;Wartość\n13.01.2026;A;Świeca, żółta;2;1 012,50 zł\n14.01.2026;A;Świeca, żółta;1;6,25 zł\n",
    );
    let import = daily(&text);
    assert_eq!(import.recognised[0].encoding.as_deref(), Some("windows-1250"));
    assert_eq!(totals(&import), (of(&[("A", 3.0)]), 0.0, 101_875.0));
    assert_eq!(series(&import, "A").description.as_deref(), Some("Świeca, żółta"));
}

/// One column a month: whatever stands for the period, thousands that only the sheet as a whole explains, totals at the side and below.
#[test]
fn one_column_a_period() {
    let sheet = |a: &str, b: &str, c: &str, total: &str| {
        format!("Artikelnummer;Bezeichnung;{a};{b};{c};{total}\nA;Tasse;12;1.400;8;1.420\nB;Hut;7;0;3;10\n{total};;19;1.400;11;1.430\n")
    };
    for (names, total, first) in [
        (["01/2025", "02/2025", "03/2025"], "Gesamt", "2025-01-01"),
        (["Jan 2025", "Feb 2025", "Mrz 2025"], "Summe", "2025-01-01"),
        (["styczeń 2025", "luty 2025", "marzec 2025"], "Razem", "2025-01-01"),
        (["KW 9/2025", "KW 10/2025", "KW 11/2025"], "Gesamtergebnis", "2025-02-24"),
        (["2025-W09", "2025-W10", "2025-W11"], "Total", "2025-02-24"),
        (["Semaine 9 2025", "Semaine 10 2025", "Semaine 11 2025"], "Total général", "2025-02-24"),
    ] {
        let import = read(sheet(names[0], names[1], names[2], total));
        let a = series(&import, "A");
        assert_eq!(
            (a.y.as_slice(), a.start.iso().as_str(), import.history.series.len()),
            (&[12.0, 1400.0, 8.0][..], first, 2),
            "{names:?}"
        );
        find(&import.diagnostics, "thousands-assumed");
    }
    // no bare number and no thousand tells: somebody has to say
    let open = "SKU,Jan 2025,Feb 2025,Mar 2025\nA,\"1,500\",\"2,250\",\"3,125\"\n";
    assert_eq!(find(&refused(open), "decimal-ambiguous").severity, Severity::Error);
    let shown = read_with(open, &ReadOptions { assume: true, ..ReadOptions::default() }).unwrap();
    assert_eq!((shown.questions[0].ask, shown.questions[0].must), (Ask::Decimal, true));
    let said = ReadOptions { decimal: Some('.'), ..ReadOptions::default() };
    assert_eq!(series(&read_with(open, &said).unwrap(), "A").y, [1500.0, 2250.0, 3125.0]);
}

/// Months that leave their year to a title, to a row above them, or to the owner.
#[test]
fn months_without_a_year() {
    let rows = "SKU,Oct,Nov,Dec,Jan\nA,1,2,3,4\nB,5,6,7,8\n";
    let e = refused(rows);
    assert!(find(&e, "period-needed").fix.as_ref().unwrap().contains("--covers"));
    let want = |import: &Import| {
        let a = series(import, "A");
        assert_eq!((a.start.iso().as_str(), a.y.as_slice()), ("2024-10-01", &[1.0, 2.0, 3.0, 4.0][..]));
    };
    want(&read_with(rows, &ReadOptions { covers: covers("2024"), ..ReadOptions::default() }).unwrap());
    want(&read(format!("Sales 2024,,,,\n,,,,\n{rows}")));
    want(&read(format!(",2024,,,2025\n{rows}")));
    // two years in the titles: not one
    find(&refused(format!("Sales 2024 to 2025,,,,\n,,,,\n{rows}")), "period-needed");
}

#[test]
fn one_column_an_item() {
    let text = "Date,Mug,Cap,Scarf,Total\n2026-01-05,2,0,11,13\n2026-01-06,1,4,9,14\n2026-01-07,0,5,3,8\n";
    let import = read(text);
    assert_eq!(totals(&import).0, of(&[("Cap", 9.0), ("Mug", 3.0), ("Scarf", 23.0)]));
    assert_eq!(find(&import.diagnostics, "items-as-columns").severity, Severity::Warning);
    assert_eq!(role(&import.recognised[0], "Total"), Role::Ignore);
    // a quantity beside other numbers stays the quantity
    let one = read("Date,Units,Visitors,Degrees\n2026-01-05,2,120,11\n2026-01-06,4,130,9\n2026-01-07,3,90,3\n");
    assert_eq!(totals(&one).0, of(&[("all", 9.0)]));
}

#[test]
fn dates_in_pieces_and_odd_dress() {
    let want = of(&[("A", 5.0)]);
    let months = read("Jahr;Monat;Artikelnummer;Absatz\n2024;11;A;2\n2024;12;A;1\n2025;1;A;2\n");
    assert_eq!(
        (totals(&months).0, series(&months, "A").start.iso().as_str(), months.history.period),
        (want.clone(), "2024-11-01", Period::Month)
    );
    find(&months.diagnostics, "date-joined");
    let weeks = read("Year,Week,SKU,Units\n2025,7,A,2\n2025,8,A,1\n2025,9,A,2\n");
    assert_eq!((totals(&weeks).0, series(&weeks, "A").start.iso().as_str()), (want.clone(), "2025-02-10"));
    let days = daily("Year,Month,Day,SKU,Qty\n2025,March,30,A,2\n2025,April,1,A,3\n");
    assert_eq!((totals(&days).0, series(&days, "A").start.iso().as_str()), (want.clone(), "2025-03-30"));
    for d in [
        [
            "Mon Jan 06 2025 13:05:00 GMT+0000 (Coordinated Universal Time)",
            "Tue Jan 07 2025 09:00:00 GMT+0000 (Coordinated Universal Time)",
        ],
        ["Mon Jan  6 13:05:00 2025", "Tue Jan  7 09:00:00 2025"],
        ["2025年1月6日", "2025年1月7日"],
        ["20250106130500", "20250107090000"],
        ["06/01/2025 13.05", "13/01/2025 09.00"],
        ["06/01/2025 - 12/01/2025", "13/01/2025 - 19/01/2025"],
        ["Jan 6, 2025 at 1:05 PM", "Jan 7, 2025 at 9:00 AM"],
    ] {
        let import = daily(format!("Order,Date,SKU,Qty\n1,\"{}\",A,2\n2,\"{}\",A,3\n", d[0], d[1]));
        assert_eq!((totals(&import).0, series(&import, "A").start.iso().as_str()), (want.clone(), "2025-01-06"), "{}", d[0]);
    }
}

/// A spreadsheet's merged cells: an item once, its days below; a day once, its items below.
#[test]
fn cells_that_stand_once_for_a_group() {
    let items = daily("SKU,Date,Units sold\nA,2026-01-05,1\n,2026-01-06,2\n,2026-01-07,3\nB,2026-01-05,4\n,2026-01-06,5\n");
    assert_eq!(totals(&items).0, of(&[("A", 6.0), ("B", 9.0)]));
    find(&items.diagnostics, "filled-down");
    let days = daily("Date,SKU,Units sold\n2026-01-05,A,1\n,B,2\n,C,3\n2026-01-06,A,4\n,B,5\n");
    assert_eq!(totals(&days).0, of(&[("A", 5.0), ("B", 7.0), ("C", 3.0)]));
    // an item that comes again is no heading: its blanks stay unknown
    let gaps = daily("SKU,Date,Units sold\nA,2026-01-05,1\n,2026-01-06,2\nA,2026-01-07,3\n,2026-01-08,4\n");
    assert_eq!(totals(&gaps).0, of(&[("A", 4.0)]));
    find(&gaps.diagnostics, "no-item");
}

/// The total of an order on each of its lines is not the line's money.
#[test]
fn totals_that_are_not_the_lines() {
    let rows = "1,13/01/2026,A,2,10.00,50.00\n1,13/01/2026,B,1,30.00,50.00\n2,14/01/2026,A,1,10.00,40.00\n2,14/01/2026,B,1,30.00,40.00\n";
    let priced = daily(format!("Invoice,Date,SKU,Qty,Unit price,Total\n{rows}"));
    assert_eq!(totals(&priced), (of(&[("A", 3.0), ("B", 2.0)]), 0.0, 9000.0));
    find(&priced.diagnostics, "order-total-repeated");
    // without prices the total is spread
    let bare = daily(
        "Invoice,Date,SKU,Qty,Total\n1,13/01/2026,A,2,50.00\n1,13/01/2026,B,1,50.00\n2,14/01/2026,A,1,40.00\n2,14/01/2026,B,1,40.00\n",
    );
    assert_eq!(totals(&bare), (of(&[("A", 3.0), ("B", 2.0)]), 0.0, 9000.0));
    // lines of one kind and one price are the lines' own
    let own = daily(
        "Invoice,Date,SKU,Qty,Unit price,Total\n1,13/01/2026,A,2,10.00,20.00\n1,13/01/2026,B,2,10.00,20.00\n2,14/01/2026,A,1,10.00,10.00\n2,14/01/2026,B,1,10.00,10.00\n",
    );
    assert_eq!(totals(&own).2, 6000.0);
    // net of tax before gross, and a total that carries a date is a total all the same
    let net = daily(
        "Order,Date,Product,Qty,Gross Amount,Net Amount\n1,2026-01-13,Mug,2,24.00,20.00\n2,2026-01-13,Cap,1,12.00,10.00\n,2026-01-13,Daily total,3,36.00,30.00\n",
    );
    assert_eq!(totals(&net), (of(&[("Cap", 1.0), ("Mug", 2.0)]), 0.0, 3000.0));
}

/// A column of numbers nobody knows may be the quantity: rows are not counted as one each beside it.
#[test]
fn an_unknown_quantity_is_asked_for() {
    let e = refused("Order,Date,SKU,Hoeveel,Gram\n1,2026-01-13,A,2,250\n2,2026-01-14,A,3,300\n");
    let d = find(&e, "no-quantity-column");
    assert!(d.message.contains("Hoeveel") && d.fix.as_ref().unwrap().contains("--map \"Hoeveel=quantity\""), "{d}");
    let look = stockcast::history::look(
        "f.csv",
        b"Order,Date,SKU,Hoeveel,Gram\n1,2026-01-13,A,2,250\n2,2026-01-14,A,3,300\n",
        true,
        &ReadOptions::default(),
    )
    .unwrap();
    let mut options = by_day();
    let q = look.questions.iter().find(|q| q.ask == Ask::Column).unwrap();
    assert!(q.answer("Hoeveel=quantity", &mut options));
    assert_eq!(
        totals(&read_with("Order,Date,SKU,Hoeveel,Gram\n1,2026-01-13,A,2,250\n2,2026-01-14,A,3,300\n", &options).unwrap()).0,
        of(&[("A", 5.0)])
    );
    let each = daily("Order,Date,SKU,Colour\n1,2026-01-13,A,red\n2,2026-01-14,A,blue\n");
    assert_eq!(totals(&each).0, of(&[("A", 2.0)]));
    find(&each.diagnostics, "quantity-assumed");
}

/// States that stand elsewhere than in a status column, or in code numbers.
#[test]
fn flags_types_and_codes() {
    let flags = daily(
        "Order,Date,SKU,Qty,Price,Void?,Refunded\n1,2026-01-13,A,2,5.00,false,No\n2,2026-01-14,A,4,5.00,true,No\n3,2026-01-15,A,3,5.00,false,Yes\n",
    );
    assert_eq!(totals(&flags), (of(&[("A", 5.0)]), 3.0, 1000.0));
    let types =
        daily("Invoice,Date,Item code,Qty,Unit price,Type\n1,2026-01-13,A,2,5.00,Sales invoice\n2,2026-01-14,A,1,5.00,Sales credit note\n");
    assert_eq!(totals(&types), (of(&[("A", 2.0)]), 1.0, 500.0));
    let kinds = daily(
        "Belegnummer;Belegart;Belegdatum;Artikel-Nr;Menge;Gesamtpreis\n1;Rechnung;13.01.2026;A;2;10,00\n2;Gutschrift;14.01.2026;A;1;5,00\n",
    );
    assert_eq!(totals(&kinds), (of(&[("A", 2.0)]), 1.0, 500.0));
    let codes = daily("Order,Date,SKU,Qty,Order status\n1,2026-01-13,A,2,7\n2,2026-01-14,A,1,8\n");
    assert_eq!(find(&codes.diagnostics, "status-codes").severity, Severity::Warning);
    let back = daily("Order,Date,SKU,Qty,Quantity refunded,Price\n1,2026-01-13,A,2,1,5.00\n2,2026-01-14,A,1,0,5.00\n");
    assert_eq!(totals(&back).1, 1.0);
}

#[test]
fn product_cells_that_are_more_than_a_code() {
    let odoo = daily(
        "Order Reference,Order Date,Status,Order Lines/Product,Order Lines/Quantity,Order Lines/Unit Price\nS1,2026-01-13 09:00:00,Sales Order,[M-1] Mug,2,5\n,,,[C-1] Cap,1,7\nS2,2026-01-14 09:00:00,Quotation,[M-1] Mug,9,5\n",
    );
    assert_eq!(totals(&odoo), (of(&[("C-1", 1.0), ("M-1", 2.0)]), 0.0, 1700.0));
    assert_eq!(series(&odoo, "M-1").description.as_deref(), Some("Mug"));
    let excel = daily("Date,Barcode,Qty\n2026-01-13,\"=\"\"00042\"\"\",2\n2026-01-14,'00042,1\n");
    assert_eq!(totals(&excel).0, of(&[("00042", 3.0)]));
}

/// Amazon's payments report: seven lines of disclaimer, fees and transfers among the orders, refunds with positive units.
#[test]
fn amazon_date_range() {
    let text = "\u{FEFF}\"Includes Amazon Marketplace, Fulfillment by Amazon (FBA), and Amazon Webstore transactions\"\n\"All amounts in USD, unless specified\"\n\"Definitions:\"\n\
        \"date/time\",\"settlement id\",\"type\",\"order id\",\"sku\",\"description\",\"quantity\",\"marketplace\",\"order city\",\"order state\",\"order postal\",\"product sales\",\"selling fees\",\"total\"\n\
        \"Jan 13, 2026 1:02:03 PM PST\",\"1\",\"Order\",\"111-1\",\"M-1\",\"Mug\",\"2\",\"amazon.com\",\"Seattle\",\"WA\",\"98101\",\"1,020.00\",\"-3.00\",\"1,017.00\"\n\
        \"Jan 14, 2026 1:02:03 PM PST\",\"1\",\"Refund\",\"111-1\",\"M-1\",\"Mug\",\"1\",\"amazon.com\",\"Seattle\",\"WA\",\"98101\",\"-510.00\",\"1.50\",\"-508.50\"\n\
        \"Jan 15, 2026 1:02:03 PM PST\",\"1\",\"Transfer\",\"\",\"\",\"To your account ending in: 123\",\"\",\"\",\"\",\"\",\"\",\"0\",\"0\",\"-900.00\"\n\
        \"Jan 15, 2026 1:02:03 PM PST\",\"1\",\"Adjustment\",\"\",\"M-1\",\"Reimbursement\",\"1\",\"amazon.com\",\"\",\"\",\"\",\"0\",\"0\",\"7.10\"\n";
    let import = daily(text);
    assert_eq!(import.recognised[0].profile, Some("Amazon date range report"));
    assert_eq!(totals(&import), (of(&[("M-1", 2.0)]), 1.0, 51_000.0));
}

#[test]
fn other_shops() {
    let big = daily(
        "Order ID,Order Date,Order Status,Customer Name,Subtotal (inc tax),Order Total (inc tax),Product SKU,Product Name,Product Qty,Product Unit Price\n\
         100,\"Tue, 13 Jan 2026 14:21:24 +0000\",Completed,Ann,30.00,35.00,A,Mug,2,10.00\n100,\"Tue, 13 Jan 2026 14:21:24 +0000\",Completed,Ann,30.00,35.00,B,Cap,1,10.00\n\
         101,\"Wed, 14 Jan 2026 14:21:24 +0000\",Incomplete,Bob,10.00,15.00,A,Mug,1,10.00\n",
    );
    assert_eq!((big.recognised[0].profile, totals(&big)), (Some("BigCommerce orders"), (of(&[("A", 2.0), ("B", 1.0)]), 0.0, 3000.0)));
    let toast = daily(
        "Location,Order Id,Order #,Sent Date,Order Date,Check Id,Server,Menu Item,Menu Group,Gross Price,Discount,Net Price,Qty,Tax,Void?\n\
         Main St,9,1,01/13/26 05:13 PM,01/13/26 05:13 PM,1,Bob,Burger,Food,24.00,2.00,22.00,2.0,1.00,false\nMain St,9,1,01/13/26 05:13 PM,01/13/26 05:13 PM,1,Bob,Fries,Food,4.00,0.00,4.00,1.0,0.20,true\n",
    );
    assert_eq!((toast.recognised[0].profile, totals(&toast)), (Some("Toast item selections"), (of(&[("Burger", 2.0)]), 0.0, 2200.0)));
    // a wholesale export is no Cin7 file for its column names alone
    let faire = daily(
        "Order Number,Order Date,Retailer Name,Product Name,SKU,Wholesale Price,Retail Price,Quantity,Status\nF1,2026-01-13,Ann's,Mug,A,$5.00,$10.00,2,Delivered\nF2,2026-01-14,Bob's,Mug,A,$5.00,$10.00,3,Canceled\n",
    );
    assert_eq!((faire.recognised[0].profile, totals(&faire)), (None, (of(&[("A", 2.0)]), 0.0, 1000.0)));
    let presta = daily(
        "id_order;reference;date_add;product_reference;product_name;product_quantity;unit_price_tax_excl;total_price_tax_excl;current_state\n1;XKB;2026-01-13 10:00:00;A;Mug;2;5.000000;10.000000;Delivered\n2;XKC;2026-01-14 10:00:00;B;Cap;1;5.000000;5.000000;Canceled\n",
    );
    assert_eq!(totals(&presta), (of(&[("A", 2.0)]), 0.0, 1000.0));
}

#[test]
fn months_on_sheets_of_their_own() {
    let book = |names: [&str; 3]| {
        let mut book = rust_xlsxwriter::Workbook::new();
        let format = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
        for (m, name) in names.into_iter().enumerate() {
            let sheet = book.add_worksheet();
            sheet.set_name(name).unwrap();
            ["Date", "SKU", "Qty"].iter().enumerate().for_each(|(c, t)| {
                sheet.write(0, c as u16, *t).unwrap();
            });
            for d in 0..3u32 {
                let day = rust_xlsxwriter::ExcelDateTime::from_ymd(2026, m as u8 + 1, d as u8 + 13).unwrap();
                sheet.write_with_format(d + 1, 0, day, &format).unwrap().write(d + 1, 1, "A").unwrap().write(d + 1, 2, d + 1).unwrap();
            }
        }
        book.save_to_buffer().unwrap()
    };
    let months = daily(book(["Jan 2026", "Feb 2026", "Mar 2026"]));
    assert_eq!(totals(&months).0, of(&[("A", 18.0)]));
    find(&months.diagnostics, "sheets-joined");
    // sheets that only look alike may repeat each other: one is read, and that is said
    let alike = daily(book(["Export", "Export copy", "Old"]));
    assert_eq!(totals(&alike).0, of(&[("A", 6.0)]));
    assert_eq!(find(&alike.diagnostics, "sheets-unread").severity, Severity::Warning);
}

/// Of several sheets that is read which looks most like sales line by line, and a header of two rows is one.
#[test]
fn the_sheet_of_sales_among_others() {
    let book = |sheets: &[(&str, &str)]| {
        let mut book = rust_xlsxwriter::Workbook::new();
        for (name, text) in sheets {
            let sheet = book.add_worksheet();
            sheet.set_name(*name).unwrap();
            for (r, line) in text.lines().enumerate() {
                for (c, cell) in line.split(',').enumerate().filter(|c| !c.1.is_empty()) {
                    let (r, c) = (r as u32, c as u16);
                    match cell.parse::<f64>() {
                        Ok(number) => sheet.write(r, c, number).unwrap(),
                        Err(_) => sheet.write(r, c, cell).unwrap(),
                    };
                }
            }
        }
        book.save_to_buffer().unwrap()
    };
    let lines = "Date,Order,SKU,Qty,Unit price\n2026-01-13,1,A,2,5\n2026-01-14,2,B,3,4\n2026-01-15,3,A,1,5\n";
    let others = [
        ("About", "Export,Corner shop\nMade,yesterday\nCurrency,EUR\n"),
        ("Products", "SKU,Product,Price,Stock\nA,Mug,5,10\nB,Cap,4,12\n"),
        ("Daily totals", "Date,Orders,Revenue\n2026-01-13,1,10\n2026-01-14,1,12\n2026-01-15,1,5\n"),
    ];
    for other in others {
        for sheets in [[other, ("Lines", lines)], [("Lines", lines), other]] {
            let import = daily(book(&sheets));
            assert_eq!(totals(&import), (of(&[("A", 3.0), ("B", 3.0)]), 0.0, 2700.0), "{sheets:?}");
            assert_eq!(import.recognised[0].sheet.as_deref(), Some("Lines"));
            assert_eq!(import.recognised[0].other_sheets, [other.0]);
        }
    }
    assert!(find(&daily(book(&[others[2], ("Lines", lines)])).diagnostics, "sheet-chosen").message.contains("Daily totals"));
    for two in ["Order,,Item,Sold,\nDate,Number,SKU,Quantity,Price\n", "Date,Order,SKU,Sales,\n,,,Units,Price each\n"] {
        let rest = lines.split_once('\n').unwrap().1;
        let import = daily(book(&[("Lines", &format!("{two}{rest}"))]));
        assert_eq!(totals(&import), (of(&[("A", 3.0), ("B", 3.0)]), 0.0, 2700.0), "{two}");
        let import = daily(format!("{two}{rest}"));
        assert_eq!(totals(&import), (of(&[("A", 3.0), ("B", 3.0)]), 0.0, 2700.0), "{two} as text");
    }
}

#[test]
fn pages_and_programs_formats_are_named() {
    for (text, word) in [
        ("<html><body><table><tr><td>Date</td><td>SKU, Qty</td></tr></table>", "web page"),
        ("<?xml version=\"1.0\"?>\n<orders>\n<order date=\"2025-01-01\"/>\n</orders>\n", "XML"),
        ("[{\"date\":\"2025-01-01\",\"sku\":\"A\",\"qty\":1}]", "JSON"),
    ] {
        let e = refused(text);
        let d = find(&e, "file-markup");
        assert!(d.message.contains(word) && d.fix.is_some(), "{d}");
    }
}

/// Japanese, Chinese, Korean and Russian tills, the Japanese one in Shift_JIS as its own system writes it.
#[test]
fn tills_of_the_east() {
    let want = of(&[("A1", 5.0), ("B2", 4.0)]);
    for text in [
        "日付,商品コード,商品名,販売数量,売上金額\n2025年3月3日,A1,緑茶,2,\"2,400\"\n2025年3月3日,B2,抹茶,4,\"4,800\"\n2025年3月5日,A1,緑茶,3,\"3,600\"\n",
        "订单日期,商品编号,商品名称,数量,金额,订单状态\n2025-03-03,A1,绿茶,2,20.00,已完成\n2025-03-03,B2,抹茶,4,40.00,已完成\n2025-03-04,B2,抹茶,9,90.00,已取消\n2025-03-05,A1,绿茶,3,30.00,已完成\n",
        "주문일자,상품코드,상품명,수량,금액,주문상태\n2025.03.03,A1,녹차,2,2000,배송완료\n2025.03.03,B2,말차,4,4000,배송완료\n2025.03.04,B2,말차,9,9000,취소\n2025.03.05,A1,녹차,3,3000,배송완료\n",
        "Дата;Артикул;Наименование;Количество;Сумма\n03.03.2025;A1;Чай;2;20,00\n03.03.2025;B2;Кофе;4;40,00\n15.03.2025;A1;Чай;3;30,00\n",
    ] {
        assert_eq!(totals(&daily(text)).0, want, "{text}");
    }
    let sjis = encoding_rs::SHIFT_JIS.encode("日付,商品コード,商品名,販売数量\n2025年3月3日,A1,緑茶,5\n2025年3月4日,B2,抹茶,4\n").0;
    assert_eq!(totals(&daily(&sjis)).0, want);
}

/// Weekdays in front of dates, also where a weekday is short for a month; days in six digits; months in six digits.
#[test]
fn dates_with_weekdays_and_in_six_digits() {
    let want = of(&[("A1", 5.0), ("B2", 4.0)]);
    for text in [
        "Dia;Produto;Qtd\nseg, 03/03/2025;A1;2\nsáb, 15/03/2025;B2;4\ndom, 16/03/2025;A1;3\n",
        "Fecha;Código;Unidades\nlun 03/03/2025;A1;2\nmar 04/03/2025;B2;4\nsáb 15/03/2025;A1;3\n",
        "Datum;Artikelnr;Antal\n250303;A1;2\n250315;B2;4\n250316;A1;3\n",
        "Date,SKU,Qty\nMon 03/03/2025,A1,2\nSat 03/15/2025,B2,4\nSun 03/16/2025,A1,3\n",
        "Data sprzedaży;Sygnatura;Liczba sztuk\nśr, 05.03.2025;A1;2\npt, 14.03.2025;B2;4\nnd, 16.03.2025;A1;3\n",
    ] {
        assert_eq!(totals(&daily(text)).0, want, "{text}");
    }
    let months = read("Period,SKU,Qty\n202501,A1,2\n202502,A1,0\n202501,B2,1\n202502,B2,3\n202503,A1,3\n202503,B2,0\n");
    assert_eq!((totals(&months).0, months.history.period), (want, Period::Month));
}

/// Units and money of each month side by side: the units count, whichever word stands where.
#[test]
fn months_in_pairs_of_units_and_money() {
    for (a, b) in [("{} Units", "{} Sales"), ("Qty {}", "Revenue {}"), ("{} Units Sold", "{} Net Sales"), ("{} (Menge)", "{} (Umsatz)")] {
        let months = ["Jan 2025", "Feb 2025", "Mar 2025", "Apr 2025"];
        let header = months.map(|m| format!("{},{}", a.replace("{}", m), b.replace("{}", m))).join(",");
        let text = format!("SKU,{header}\nA1,1,7.50,2,15.00,0,0.00,2,15.00\nB2,4,30.00,0,0.00,0,0.00,0,0.00\n");
        let import = read(&text);
        assert_eq!(totals(&import).0, of(&[("A1", 5.0), ("B2", 4.0)]), "{text}");
        assert_eq!(import.history.period, Period::Month);
    }
}
