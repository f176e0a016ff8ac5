//! Reports with groups above what they add up, days one below the other, and words that were not known: each once was refused or read wrongly. Units
//! and money were added up by hand.

use super::strangers::reads;
use super::{find, read, read_with, refused};
use stockcast::history::look::look_as;
use stockcast::history::{MasterFiles, ReadOptions, read_masters_bytes, read_masters_said};

#[test]
fn outlines() {
    let both = [("C-1", 13.0), ("M-1", 23.0)];
    let named = [("Cap", 13.0), ("Mug", 23.0)];
    reads(
        "odoo, months above products",
        "\"\",\"Qty Ordered\",\"Untaxed Total\"\n\"Total\",36,360\n\"    January 2026\",10,100\n\"        [M-1] Mug\",6,60\n\"        [C-1] Cap\",4,40\n\
         \"    February 2026\",26,260\n\"        [M-1] Mug\",17,170\n\"        [C-1] Cap\",9,90\n",
        &both,
        0.0,
        Some(360.0),
    );
    reads(
        "odoo, two measures under each month",
        "\"\",\"January 2026\",\"\",\"February 2026\",\"\",\"\",\"\"\n\"\",\"Qty Ordered\",\"Untaxed Total\",\"Qty Ordered\",\"Untaxed Total\",\"Qty Ordered\",\"Untaxed Total\"\n\
         \"Total\",10,100,26,260,36,360\n\"    [M-1] Mug\",6,60,17,170,23,230\n\"    [C-1] Cap\",4,40,9,90,13,130\n",
        &both,
        0.0,
        None,
    );
    reads(
        "indented months",
        "Sales by item and month;;\nItem / Month;Units;Net\nMug;23;230,00\n  Jan 2026;6;60,00\n  Feb 2026;17;170,00\nCap;13;130,00\n  Jan 2026;4;40,00\n  Feb 2026;9;90,00\nTotal;36;360,00\n",
        &named,
        0.0,
        Some(360.0),
    );
    reads(
        "a column a level",
        "Category,Item,Month,Units,Net\nKitchen,,,23,230\n,Mug,,23,230\n,,2026-01,6,60\n,,2026-02,17,170\nClothes,,,13,130\n,Cap,,13,130\n,,2026-01,4,40\n,,2026-02,9,90\nTotal,,,36,360\n",
        &named,
        0.0,
        Some(360.0),
    );
    reads(
        "days above items, nothing indented",
        "Row Labels,Sum of Units\n2026-01-13,10\nMug,6\nCap,4\n2026-01-14,12\nMug,7\nCap,5\nGrand Total,22\n",
        &[("Cap", 9.0), ("Mug", 13.0)],
        0.0,
        None,
    );
}

/// What adds nothing up is no outline: it is not taken for one, and people are no items.
#[test]
fn no_outlines() {
    let wrong = refused("Row Labels,Sum of Units\n2026-01-13,11\nMug,6\nCap,4\n2026-01-14,3\nMug,7\nCap,5\nGrand Total,22\n");
    assert!(wrong.iter().all(|d| d.code != "groups-read"), "{wrong:?}");
    let people =
        refused("Customer name,Units,Net\nAda Byron,10,100\n  2026-01-13,6,60\n  2026-01-14,4,40\nBo Ek,5,50\n  2026-01-13,5,50\n");
    assert!(people.iter().all(|d| d.code != "groups-read" && !d.message.contains("Byron")), "{people:?}");
}

#[test]
fn reports_below_one_another() {
    let text = "Z-Bericht Nr. 101\nDatum: 13.01.2026\nArtikel;Anzahl;Umsatz\nKaffee;12;36,00\nKuchen;4;14,00\nSumme;16;50,00\n\n\
        Z-Bericht Nr. 102\nDatum: 14.01.2026\nArtikel;Anzahl;Umsatz\nKaffee;10;30,00\nKuchen;5;17,50\nSumme;15;47,50\n";
    let import = reads("z reports", text, &[("Kaffee", 22.0), ("Kuchen", 9.0)], 0.0, Some(97.5));
    find(&import.diagnostics, "reports-read");
    // a report without its day is not given that of the one before
    let import = read_with(text.replace("Datum: 14.01.2026\n", ""), &ReadOptions::default());
    assert!(import.is_err(), "{import:?}");
}

#[test]
fn lines_that_are_no_sales() {
    reads(
        "shopware 6, a voucher among the lines",
        "id,order_number,order_date_time,order_state,line_item_type,product_number,quantity,unit_price,total_price\n\
         ab,10001,2026-01-13 10:00:00,completed,product,SW1,2,10.00,20.00\nab,10001,2026-01-13 10:00:00,completed,promotion,NEU,1,-2.00,-2.00\n\
         ef,10003,2026-02-15 10:00:00,open,product,SW2,4,5.00,20.00\n",
        &[("SW1", 2.0), ("SW2", 4.0)],
        0.0,
        Some(40.0),
    );
    reads(
        "magento, the variant once more",
        "increment_id,created_at,status,sku,name,product_type,qty_ordered,price,row_total\n\
         1,2026-01-13 10:00:00,complete,M-C,Mug set,configurable,2.0000,10.0000,20.0000\n1,2026-01-13 10:00:00,complete,M-C,Mug set,simple,2.0000,0.0000,0.0000\n\
         1,2026-01-13 10:00:00,complete,C-1,Cap,simple,1.0000,10.0000,10.0000\n2,2026-01-15 10:00:00,complete,C-1,Cap,simple,3.0000,0.0000,0.0000\n",
        &[("C-1", 4.0), ("M-C", 2.0)],
        0.0,
        Some(30.0),
    );
    reads(
        "lexware, an offer",
        "Belegdatum;Belegnummer;Belegart;Artikelnr.;Bezeichnung;Menge;Einzelpreis;Gesamtpreis\n13.01.2026;RE1;Rechnung;A1;Becher;2,00;10,00;20,00\n\
         14.01.2026;GU1;Rechnungskorrektur;A1;Becher;1,00;10,00;10,00\n15.01.2026;AN1;Angebot;A2;Hut;7,00;10,00;70,00\n15.01.2026;RE2;Rechnung;A2;Hut;3,00;10,00;30,00\n",
        &[("A1", 2.0), ("A2", 3.0)],
        1.0,
        Some(40.0),
    );
    reads(
        "emag, cancelled in Romanian",
        "Nr. comandă,Data comenzii,Stare,Cod produs,Denumire produs,Cantitate,Preț unitar,Valoare\n1,13.01.2026,Finalizată,M-1,Cană,2,10,20\n\
         2,14.01.2026,Anulată,M-1,Cană,1,10,10\n3,15.02.2026,Finalizată,C-1,Șapcă,4,10,40\n",
        &[("C-1", 4.0), ("M-1", 2.0)],
        0.0,
        Some(60.0),
    );
    reads(
        "bol, cancelled by a yes",
        "Bestelnummer;Besteldatum;EAN;Titel;Aantal;Prijs (EUR);Geannuleerd\n1;13-01-2026;8712345678901;Beker;2;10,00;Nee\n\
         2;14-01-2026;8712345678901;Beker;1;10,00;Ja\n3;15-01-2026;8712345678902;Pet;4;5,00;Nee\n",
        &[("8712345678901", 2.0), ("8712345678902", 4.0)],
        0.0,
        None,
    );
    reads(
        "item ledger of Dynamics in German",
        "Lfd. Nr.;Buchungsdatum;Postenart;Belegart;Belegnr.;Artikelnr.;Beschreibung;Menge;Verkaufsbetrag (Ist)\n1;13.01.26;Verkauf;Verkaufslieferung;L1;1000;Fahrrad;-2;200,00\n\
         2;14.01.26;Einkauf;Einkaufslieferung;E1;1000;Fahrrad;10;0,00\n3;15.01.26;Verkauf;Verkaufslieferung;L2;1001;Klingel;-3;30,00\n\
         4;16.01.26;Umlagerung;;U1;1001;Klingel;-5;0,00\n",
        &[("1000", 2.0), ("1001", 3.0)],
        0.0,
        Some(230.0),
    );
    reads(
        "a quote and a credit invoice in Dutch",
        "Datum;Soort;Nummer;Artikel;Omschrijving;Aantal;Bedrag\n13-01-2026;Factuur;1;M-1;Beker;2;20,00\n14-01-2026;Offerte;2;M-1;Beker;5;50,00\n\
         15-01-2026;Creditfactuur;3;M-1;Beker;-1;-10,00\n",
        &[("M-1", 2.0)],
        1.0,
        Some(10.0),
    );
    reads(
        "void by a yes in Swedish",
        "Fakturadatum;Fakturanr;Artikelnr;Benämning;Antal;Belopp;Makulerad\n2026-01-13;1;M-1;Mugg;2;20,00;Nej\n2026-01-14;2;M-1;Mugg;5;50,00;Ja\n\
         2026-01-15;3;M-2;Hatt;1;10,00;Nej\n",
        &[("M-1", 2.0), ("M-2", 1.0)],
        0.0,
        Some(30.0),
    );
    let across = reads(
        "a sum beside the items",
        "Day;Kaffee;Kuchen;Tee;Summe\n13.01.2026;12;4;2;18\n14.01.2026;10;5;1;16\n15.01.2026;11;6;0;17\n",
        &[("Kaffee", 33.0), ("Kuchen", 15.0), ("Tee", 3.0)],
        0.0,
        None,
    );
    assert!(find(&across.diagnostics, "items-as-columns").message.contains("3 columns"));
}

#[test]
fn other_words() {
    for (name, text, units, money) in [
        ("thai", "วันที่,สินค้า,จำนวน,ยอดขาย\n13/01/2569,A,2,20\n14/01/2569,B,1,10\n15/02/2569,A,4,40\n", (1.0, 6.0), 70.0),
        (
            "czech",
            "Datum;Výrobek;Množství;Cena celkem\n13.01.2026;A;2;20,00\n14.01.2026;B;1;10,00\n15.02.2026;A;4;40,00\n",
            (1.0, 6.0),
            70.0,
        ),
        ("russian", "Дата;Товар;Количество;Сумма\n13.01.2026;A;2;20,00\n14.01.2026;B;1;10,00\n15.02.2026;A;4;40,00\n", (1.0, 6.0), 70.0),
        ("greek", "Ημερομηνία;Είδος;Ποσότητα;Αξία\n13/01/2026;A;2;20,00\n14/01/2026;B;1;10,00\n15/02/2026;A;4;40,00\n", (1.0, 6.0), 70.0),
        (
            "vietnamese",
            "Ngày,Tên hàng,Mã hàng,Số lượng,Doanh thu\n13/01/2026,Cốc,A,2,20.000\n14/01/2026,Mũ,B,1,10.000\n15/02/2026,Cốc,A,4,40.000\n",
            (1.0, 6.0),
            70_000.0,
        ),
        (
            "japanese money",
            "日付,商品名,数量,金額\n2026年1月13日,A,2,\"2,000円\"\n2026年1月14日,B,1,\"1,000円\"\n2026年2月15日,A,4,\"4,000円\"\n",
            (1.0, 6.0),
            7000.0,
        ),
        (
            "hungarian",
            "Dátum;Termék;Mennyiség;Érték\n2026.01.13.;A;2 db;2 000 Ft\n2026.01.14.;B;1 db;1 000 Ft\n2026.02.15.;A;4 db;4 000 Ft\n",
            (1.0, 6.0),
            7000.0,
        ),
        ("persian", "تاریخ,کالا,تعداد,مبلغ\n۱۴۰۴/۱۰/۲۳,A,۲,۲۰\n۱۴۰۴/۱۰/۲۴,B,۱,۱۰\n۱۴۰۴/۱۱/۱۵,A,۴,۴۰\n", (1.0, 6.0), 70.0),
    ] {
        reads(name, text, &[("A", units.1), ("B", units.0)], 0.0, Some(money));
    }
    let persian = read("تاریخ,کالا,تعداد\n۱۴۰۴/۱۰/۲۳,A,۲\n۱۴۰۴/۱۰/۲۴,A,۱\n۱۴۰۴/۱۰/۲۶,A,۴\n");
    find(&persian.diagnostics, "dates-persian");
    assert_eq!(persian.history.series[0].start.iso(), "2026-01-13");
}

/// `1.250` in a companion file may be one and a quarter or a thousand and more: of pieces it is asked, of weights it is said.
#[test]
fn thousands_in_companion_files() {
    let stock = |text: &str| Some(("stock.csv".to_owned(), text.as_bytes().to_vec()));
    let files = |text: &str| MasterFiles { stock: stock(text), ..MasterFiles::default() };
    let open = "sku,on_hand\nA,1.250\nB,2.500\n";
    let refused = read_masters_bytes(&files(open)).unwrap_err();
    find(&refused, "decimal-ambiguous");
    let seen = look_as("stock.csv", open.as_bytes(), true, Some("stock"), &ReadOptions::default());
    let questions = format!("{seen:?}");
    assert!(questions.contains("What number is 1.250?"), "{questions}");
    for (mark, want) in [('.', 1.25), (',', 1250.0)] {
        let said = ReadOptions { decimal: Some(mark), ..ReadOptions::default() };
        let (masters, _) = read_masters_said(&files(open), &MasterFiles::only("stock", said)).unwrap();
        assert_eq!(masters.stock[0].on_hand, want);
    }
    // counts below a thousand without a separator tell that it groups
    let (masters, notes) = read_masters_bytes(&files("sku,on_hand\nA,1.250\nB,300\n")).unwrap();
    assert_eq!(masters.stock[0].on_hand, 1250.0);
    find(&notes, "thousands-assumed");
    let places = Some(("locations.csv".to_owned(), b"location,lat,lon\nx,48.137,11.575\ny,52.520,13.405\n".to_vec()));
    let (masters, notes) = read_masters_bytes(&MasterFiles { locations: places, ..MasterFiles::default() }).unwrap();
    assert_eq!(masters.locations[0].lat, 48.137);
    assert!(notes.iter().all(|d| d.code != "decimal-ambiguous"), "{notes:?}");
}
