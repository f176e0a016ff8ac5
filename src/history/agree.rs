//! What comes out of a file does not depend on how much of it is read at a time, nor on whether it is in memory or on disk.

use super::options::ReadOptions;
use super::sales::{Import, read_blocks};
use super::store::Store;
use super::survey::Sizes;
use crate::base::{Diagnostic, NoControl};
use proptest::prelude::*;

/// Some lines of a file in one of several layouts: what stands in them, and what is odd about the file.
#[derive(Debug, Clone)]
struct File {
    layout: usize,
    lines: Vec<(u32, u32, u32, u32, usize)>,
    crlf: bool,
    quoted: bool,
    latin: bool,
    oddities: Vec<(usize, usize)>,
}

fn file() -> impl Strategy<Value = File> {
    let line = (0u32..40, 0u32..5, 0u32..9, 1u32..1500, 0usize..40);
    let odd = prop::collection::vec((0usize..60, 0usize..8), 0..4);
    (0usize..5, prop::collection::vec(line, 1..60), any::<bool>(), any::<bool>(), prop::bool::weighted(0.2), odd)
        .prop_map(|(layout, lines, crlf, quoted, latin, oddities)| File { layout, lines, crlf, quoted, latin, oddities })
}

/// The file's bytes.
fn written(f: &File) -> Vec<u8> {
    let names = ["Hat, red", "Cap 5\" \"new\"", "Scarf\nlong", "Größe L", "Mug"];
    let (head, d) = [
        (
            "Name,Financial Status,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Cancelled at,Refunded Amount,Subtotal,Payment Method",
            ',',
        ),
        ("Datum;Artikel;Menge;Preis", ';'),
        ("date\titem\tquantity\tprice\tlocation", '\t'),
        ("Report,,,\nOrder ID,Order Date,SKU,Qty,Amount", ','),
        ("InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country", ','),
    ][f.layout];
    let cell = |t: &str| {
        if f.quoted || t.contains([',', ';', '\t', '"', '\n']) { format!("\"{}\"", t.replace('"', "\"\"")) } else { t.to_owned() }
    };
    let mut out: Vec<String> = head.split('\n').map(str::to_owned).collect();
    let mut last = u32::MAX;
    for (day, item, quantity, cents, odd) in &f.lines {
        let (month, day_of, order) = (1 + day / 28, 1 + day % 28, 1000 + day / 2);
        let (name, sku, price) = (names[*item as usize], format!("SKU-{item}"), format!("{}.{:02}", cents / 100, cents % 100));
        let comma = price.replace('.', ",");
        let first = order != last;
        last = order;
        let time = format!("2026-{month:02}-{day_of:02} 1{}:30:00 +0{}00", odd % 10, odd % 2);
        let cells: Vec<String> = match f.layout {
            0 => {
                let of = |t: &str| if first { t.to_owned() } else { String::new() };
                let cancelled = if *odd == 7 { of(&time) } else { String::new() };
                let status = of(["paid", "refunded", "voided"][if *odd < 36 { 0 } else { odd % 3 }]);
                let refund = of(if *odd % 9 == 4 { "0.50" } else { "0.00" });
                vec![
                    format!("#{order}"),
                    status,
                    of(&time),
                    quantity.to_string(),
                    name.into(),
                    price.clone(),
                    sku,
                    cancelled,
                    refund,
                    of(&price),
                    of("card"),
                ]
            }
            1 => vec![
                format!("{day_of:02}.{month:02}.2026"),
                name.into(),
                quantity.to_string(),
                format!("1.{comma}").replace("1.", if *cents > 999 { "1." } else { "" }),
            ],
            2 => vec![format!("{day_of}/{month}/2026"), sku, quantity.to_string(), price, ["", "Berlin", "-"][odd % 3].into()],
            3 => vec![
                if first { order.to_string() } else { String::new() },
                if first { format!("2026-{month:02}-{day_of:02}") } else { String::new() },
                format!("'{sku}"),
                quantity.to_string(),
                format!("${price}"),
            ],
            _ => vec![
                if *odd == 3 { format!("C{order}") } else { order.to_string() },
                sku,
                name.into(),
                if *odd == 3 { format!("-{quantity}") } else { quantity.to_string() },
                format!("{month}/{day_of}/2010 8:26"),
                price,
                "17850".into(),
                "United Kingdom".into(),
            ],
        };
        out.push(cells.iter().map(|c| cell(c)).collect::<Vec<_>>().join(&d.to_string()));
    }
    for (at, what) in &f.oddities {
        let at = (1 + at).min(out.len());
        let line = match what {
            0 => String::new(),
            1 => format!("Total{d}{d}12"),
            2 => head.split('\n').next_back().unwrap_or_default().to_owned(),
            3 => format!("2026-01-05{d}x{d}1{d}2{d}3{d}4{d}5{d}6{d}7{d}8{d}9{d}10{d}11"),
            4 => "lonely".to_owned(),
            5 => format!("\"never{d} closed\"x{d}\"a\" {d}1"),
            6 => format!("soon{d}soon{d}soon{d}soon{d}soon"),
            _ => "   ".to_owned(),
        };
        out.insert(at, line);
    }
    let text = out.join(if f.crlf { "\r\n" } else { "\n" });
    if f.latin { encoding_rs::WINDOWS_1252.encode(&text).0.into_owned() } else { text.into_bytes() }
}

/// All that is told of a file, as text.
fn told(read: Result<(Import, Vec<super::Preview>), Vec<Diagnostic>>) -> String {
    format!("{read:#?}")
}

proptest! {
    #![proptest_config(crate::base::cases::cases(400))]

    #[test]
    fn blocks_change_nothing(f in file(), block in 1usize..400, stretch in 1u32..9, ahead in prop_oneof![Just(0), Just(u64::MAX)]) {
        let bytes = written(&f);
        let options = ReadOptions { assume: true, ..ReadOptions::default() };
        let read = |store: Store, sizes: Sizes| told(read_blocks("f.csv", store, &options, 5, sizes, &NoControl));
        let want = read(Store::Memory(bytes.clone()), Sizes::default());
        prop_assert_eq!(&read(Store::Memory(bytes.clone()), Sizes { block, stretch, ahead }), &want);
        let mut disk = tempfile::NamedTempFile::new().unwrap();
        std::io::Write::write_all(&mut disk, &bytes).unwrap();
        prop_assert_eq!(&read(Store::on_disk(disk.reopen().unwrap()).unwrap(), Sizes { block, stretch, ahead }), &want);
    }
}

/// The layouts above are read, not refused: else the test would compare refusals.
#[test]
fn the_layouts_are_read() {
    for layout in 0..5 {
        let lines = (0..40).map(|i| (i, i % 5, 1 + i % 7, 450 + i * 20, 10)).collect();
        let f = File { layout, lines, crlf: false, quoted: false, latin: layout == 1, oddities: vec![(9, 0), (20, 1)] };
        let options = ReadOptions { assume: true, ..ReadOptions::default() };
        let read = read_blocks("f.csv", Store::Memory(written(&f)), &options, 0, Sizes { block: 99, stretch: 3, ahead: 0 }, &NoControl);
        let (import, _) = read.unwrap_or_else(|e| panic!("{layout}: {e:?}"));
        let units: f64 = import.history.series.iter().flat_map(|s| &s.y).filter(|y| y.is_finite()).sum();
        assert!(units > 100.0, "{layout}: {units}");
    }
}
