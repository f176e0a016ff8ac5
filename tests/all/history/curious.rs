//! Layouts that no program writes by itself: spreadsheets, wide tables with odd periods, other scripts and calendars, habits of people.

use super::strangers::reads;

/// Layouts that are in nobody's program.
#[test]
fn layouts() {
    reads(
        "excel pivot months",
        r#"Sum of Qty,Column Labels,,,
Row Labels,Jan-25,Feb-25,Mar-25,Grand Total
Mug,10,12,8,30
Cap,5,,7,12
Grand Total,15,12,15,42
"#,
        &[("Cap", 12.0), ("Mug", 30.0)],
        0.0,
        None,
    );
    reads(
        "kw 12/2025",
        r#"Artikel;Bezeichnung;KW 12/2025;KW 13/2025;KW 14/2025;KW 15/2025;Summe
4711;Honig;12;15;9;11;47
4712;Met;3;0;4;2;9
Summe;;15;15;13;13;56
"#,
        &[("4711", 47.0), ("4712", 9.0)],
        0.0,
        None,
    );
    reads(
        "2025-W12",
        r#"sku,2025-W12,2025-W13,2025-W14,2025-W15
A-1,4,5,6,7
A-2,1,0,0,2
"#,
        &[("A-1", 22.0), ("A-2", 3.0)],
        0.0,
        None,
    );
    reads(
        "quarters",
        r#"Product,Q1 25,Q2 25,Q3 25,Q4 25
Boots,100,80,60,160
Sandals,10,90,120,15
"#,
        &[("Boots", 400.0), ("Sandals", 235.0)],
        0.0,
        None,
    );
    reads(
        "mm.yy",
        r#"Art.-Nr.;01.25;02.25;03.25;04.25;05.25;06.25
10-001;5;6;7;8;9;10
10-002;1;1;1;1;1;1
"#,
        &[("10-001", 45.0), ("10-002", 6.0)],
        0.0,
        None,
    );
    reads(
        "month pairs two-row",
        r#"Product,January 2026,,February 2026,,March 2026,
,Units,Sales,Units,Sales,Units,Sales
Mug,10,100.00,12,120.00,8,80.00
Cap,5,25.00,,,7,35.00
"#,
        &[("Cap", 12.0), ("Mug", 30.0)],
        0.0,
        None,
    );
    reads(
        "subtotals inside",
        r#"Category,Product,Date,Units,Net Sales
Cups,Mug,2026-01-05,3,30.00
Cups,Mug,2026-01-06,2,20.00
Cups Subtotal,,,5,50.00
Hats,Cap,2026-01-05,1,5.00
Hats,Cap,2026-01-07,4,20.00
Hats Subtotal,,,5,25.00
Grand Total,,,10,75.00
"#,
        &[("Cap", 5.0), ("Mug", 5.0)],
        0.0,
        Some(75.0),
    );
    reads(
        "wide daily d/m",
        r#"Item,01/02/2026,02/02/2026,03/02/2026,13/02/2026
Bread,10,12,9,11
Roll,30,28,33,31
"#,
        &[("Bread", 42.0), ("Roll", 122.0)],
        0.0,
        None,
    );
    reads(
        "sep line bom",
        "\u{feff}sep=;\r\nDate;SKU;Qty;Total\r\n2026-01-05;A;2;10,50\r\n2026-01-06;B;1;3,20\r\n",
        &[("A", 2.0), ("B", 1.0)],
        0.0,
        Some(13.7),
    );
    reads(
        "quantities with units",
        r#"Datum;Artikel;Menge;Umsatz
05.01.2026;Mehl;2,5 kg;5,00 €
06.01.2026;Mehl;1,0 kg;2,00 €
17.01.2026;Salz;3 Stk;2,40 €
"#,
        &[("Mehl", 3.5), ("Salz", 3.0)],
        0.0,
        Some(9.4),
    );
    reads(
        "excel serial dates",
        r#"Date,SKU,Qty
46027,A,2
46028,B,1
46040,A,3
"#,
        &[("A", 5.0), ("B", 1.0)],
        0.0,
        None,
    );
    reads(
        "epoch ms",
        r#"created_at,sku,quantity,line_total
1767607200000,A,2,10
1767693600000,B,1,5
1768730400000,A,1,5
"#,
        &[("A", 3.0), ("B", 1.0)],
        0.0,
        Some(20.0),
    );
    reads(
        "wide spanish months",
        r#"Producto,Ene 2026,Feb 2026,Mar 2026,Abr 2026
Aceite,10,11,12,13
Vinagre,1,2,3,4
"#,
        &[("Aceite", 46.0), ("Vinagre", 10.0)],
        0.0,
        None,
    );
    reads(
        "wide turkish months",
        r#"Ürün;Ocak 2026;Şubat 2026;Mart 2026;Nisan 2026
Çay;100;110;120;130
Kahve;10;20;30;40
"#,
        &[("Kahve", 100.0), ("Çay", 460.0)],
        0.0,
        None,
    );
    reads(
        "year month columns",
        r#"Year,Month,SKU,Units
2025,11,A,5
2025,12,A,7
2026,1,A,6
2025,11,B,1
2026,1,B,2
"#,
        &[("A", 18.0), ("B", 3.0)],
        0.0,
        None,
    );
    reads(
        "jahr kw",
        r#"Jahr;KW;Artikel;Menge
2025;50;A;5
2025;51;A;7
2025;52;A;6
2026;1;A;4
2025;50;B;1
2026;1;B;2
"#,
        &[("A", 22.0), ("B", 3.0)],
        0.0,
        None,
    );
    reads(
        "week ranges",
        r#"Week,Item,Units
05/01/2026 - 11/01/2026,A,5
12/01/2026 - 18/01/2026,A,6
19/01/2026 - 25/01/2026,A,7
12/01/2026 - 18/01/2026,B,2
"#,
        &[("A", 18.0), ("B", 2.0)],
        0.0,
        None,
    );
    reads(
        "quoted line breaks",
        "Order,Date,Shipping Address,Item,Qty,Price\n1,2026-01-05,\"1 Road\nFlat 2\nTown\",Mug,2,10\n2,2026-01-06,\"2 Road\r\nTown\",Cap,1,5\n",
        &[("Cap", 1.0), ("Mug", 2.0)],
        0.0,
        Some(25.0),
    );
    reads(
        "pipe with comments",
        r#"# exported by till 3
# period 2026-01
date|plu|description|qty|amount
20260105|101|Apple|4|2.00
20260106|102|Pear|2|1.50
20260118|101|Apple|6|3.00
"#,
        &[("101", 10.0), ("102", 2.0)],
        0.0,
        Some(6.5),
    );
    reads(
        "thai buddhist",
        r#"วันที่,รหัสสินค้า,จำนวน,ยอดขาย
05/01/2569,A-1,2,100.00
16/01/2569,B-1,3,60.00
"#,
        &[("A-1", 2.0), ("B-1", 3.0)],
        0.0,
        Some(160.0),
    );
    reads(
        "isoweek rows",
        r#"week,sku,units
2025-W10,A,5
2025-W11,A,6
2025-W12,A,7
2025-W10,B,1
2025-W12,B,2
"#,
        &[("A", 18.0), ("B", 3.0)],
        0.0,
        None,
    );
    reads(
        "yyyymm rows",
        r#"Period,Product Code,Qty Sold,Revenue
202511,A,5,50
202512,A,7,70
202601,A,6,60
202511,B,1,8
202601,B,2,16
"#,
        &[("A", 18.0), ("B", 3.0)],
        0.0,
        Some(204.0),
    );
    reads(
        "date with weekday de",
        r#"Datum;Artikel;Anzahl
Mo., 05.01.2026;Brot;2
Di., 06.01.2026;Brot;3
Sa., 17.01.2026;Milch;1
"#,
        &[("Brot", 5.0), ("Milch", 1.0)],
        0.0,
        None,
    );
    reads(
        "dates long en",
        r#"Sold on,Product,Pieces
"Monday, January 5, 2026",Mug,2
"Tuesday, January 6, 2026",Mug,1
"Saturday, January 17, 2026",Cap,4
"#,
        &[("Cap", 4.0), ("Mug", 3.0)],
        0.0,
        None,
    );
    reads(
        "swiss apostrophe",
        r#"Datum;Artikelnr;Bezeichnung;Menge;Betrag CHF
05.01.2026;U-1;Uhr;2;2'450.50
16.01.2026;K-1;Kette;1;1'200.00
17.01.2026;U-1;Uhr;1;1'225.25
"#,
        &[("K-1", 1.0), ("U-1", 3.0)],
        0.0,
        Some(4875.75),
    );
    reads(
        "india lakh",
        r#"Date,SKU,Qty,Amount
05-01-2026,TV-1,3,"1,05,000.00"
16-01-2026,TV-2,2,"2,10,500.50"
17-01-2026,TV-1,1,"35,000.00"
"#,
        &[("TV-1", 4.0), ("TV-2", 2.0)],
        0.0,
        Some(350500.5),
    );
    reads(
        "restaurant hourly",
        r#"Date,Hour,Item,Qty Sold
2026-01-05,9,Latte,4
2026-01-05,10,Latte,6
2026-01-06,9,Latte,5
2026-01-06,11,Mocha,2
"#,
        &[("Latte", 15.0), ("Mocha", 2.0)],
        0.0,
        None,
    );
    reads(
        "returns col",
        r#"Order Date,Product SKU,Ordered Qty,Returned Qty,Net Sales
2026-01-05,A,5,1,40
2026-01-16,B,3,0,30
2026-01-17,A,2,0,20
"#,
        &[("A", 7.0), ("B", 3.0)],
        1.0,
        Some(90.0),
    );
    reads(
        "discount percent",
        r#"Date,SKU,Qty,Unit Price,Discount %
2026-01-05,A,2,10.00,10
2026-01-16,B,1,20.00,0
2026-01-17,A,1,10.00,50
"#,
        &[("A", 3.0), ("B", 1.0)],
        0.0,
        None,
    );
    reads(
        "hive of stores wide weeks",
        r#"Store,SKU,2025-01-06,2025-01-13,2025-01-20,2025-01-27
North,A,1,2,3,4
North,B,0,0,1,0
South,A,5,6,7,8
"#,
        &[("A@North", 10.0), ("A@South", 26.0), ("B@North", 1.0)],
        0.0,
        None,
    );
    reads(
        "measures as rows",
        r#"SKU,Measure,Jan 2026,Feb 2026,Mar 2026
A,Units,5,6,7
A,Revenue,50,60,70
B,Units,1,,2
B,Revenue,8,,16
"#,
        &[("A", 18.0), ("B", 3.0)],
        0.0,
        None,
    );
    reads(
        "swedish",
        r#"Orderdatum;Ordernummer;Artikelnr;Benämning;Antal;Pris;Belopp;Status
2026-01-05;1;MUGG;Mugg;2;99,00;198,00;Skickad
2026-01-16;2;MUGG;Mugg;1;99,00;99,00;Makulerad
2026-01-17;3;FAT;Fat;3;1 050,00;3 150,00;Skickad
"#,
        &[("FAT", 3.0), ("MUGG", 2.0)],
        0.0,
        Some(3348.0),
    );
    reads(
        "czech",
        r#"Datum objednávky;Číslo objednávky;Kód produktu;Název;Množství;Cena celkem;Stav
5. 1. 2026;1;HRN;Hrnek;2;500,00 Kč;Vyřízena
16. 1. 2026;2;HRN;Hrnek;1;250,00 Kč;Stornována
17. 1. 2026;3;TAL;Talíř;3;1 200,50 Kč;Vyřízena
"#,
        &[("HRN", 2.0), ("TAL", 3.0)],
        0.0,
        Some(1700.5),
    );
    reads(
        "hungarian",
        r#"Rendelés dátuma;Rendelésszám;Cikkszám;Megnevezés;Mennyiség;Bruttó ár;Állapot
2026.01.05. 10:22;1;BOG;Bögre;2 db;5 000 Ft;Teljesítve
2026.01.16. 10:22;2;BOG;Bögre;1 db;2 500 Ft;Törölve
2026.01.17. 10:22;3;TAN;Tányér;3 db;12 000 Ft;Teljesítve
"#,
        &[("BOG", 2.0), ("TAN", 3.0)],
        0.0,
        None,
    );
    reads(
        "two currencies",
        r#"Date,SKU,Qty,Amount,Currency
2026-01-05,A,2,20.00,EUR
2026-01-16,A,1,9.00,GBP
2026-01-17,B,3,30.00,EUR
"#,
        &[("A", 3.0), ("B", 3.0)],
        0.0,
        None,
    );
    reads(
        "sku as text with zeros",
        r#"date,barcode,product,qty
2026-01-05,0012345678905,Soap,2
2026-01-16,0012345678912,Gel,1
2026-01-17,0012345678905,Soap,3
"#,
        &[("Gel", 1.0), ("Soap", 5.0)],
        0.0,
        None,
    );
    reads(
        "gross net pairs",
        r#"Datum,Artikel,Menge,Brutto,Netto,MwSt
05.01.2026,A,2,"23,80","20,00","3,80"
16.01.2026,B,1,"11,90","10,00","1,90"
"#,
        &[("A", 2.0), ("B", 1.0)],
        0.0,
        Some(30.0),
    );
}
