//! Tables written and read back, in every format.

use calamine::{Data, Reader, Xlsx};
use polars::prelude::{AnyValue, DataType};
use polars_io::SerReader;
use polars_io::parquet::read::ParquetReader;
use proptest::prelude::*;
use std::io::Cursor;
use stockcast::base::Stamp;
use stockcast::report::{Column, Options, Table, write_csv, write_table, write_with, write_workbook};

/// A reader of RFC 4180 text, strict about quotes.
pub fn read_delimited(text: &str, delimiter: char) -> Vec<Vec<String>> {
    let (mut records, mut record, mut cell) = (Vec::new(), Vec::new(), String::new());
    let (mut quoted, mut was_quoted) = (false, false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if quoted {
            match c {
                '"' if chars.peek() == Some(&'"') => cell.push(chars.next().unwrap()),
                '"' => quoted = false,
                c => cell.push(c),
            }
        } else if c == '"' {
            assert!(cell.is_empty() && !was_quoted, "a quote inside an unquoted cell");
            (quoted, was_quoted) = (true, true);
        } else if c == delimiter || c == '\n' {
            record.push(std::mem::take(&mut cell));
            was_quoted = false;
            if c == '\n' {
                records.push(std::mem::take(&mut record));
            }
        } else {
            assert!(c != '\r' && !was_quoted, "a bare carriage return, or text after a closing quote");
            cell.push(c);
        }
    }
    assert!(!quoted && cell.is_empty() && record.is_empty(), "the last line is not ended");
    records
}

fn guarded(s: &str) -> String {
    if s.starts_with(['=', '+', '-', '@', '\t', '\r', '\0']) { format!("'{s}") } else { s.to_string() }
}

fn stamp(text: &str) -> Stamp {
    let n: Vec<u32> = text.split('-').map(|p| p.parse().unwrap()).collect();
    Stamp::from_ymd(n[0] as i32, n[1], n[2]).unwrap()
}

fn orders() -> Table {
    Table::new(vec![
        Column::text("item", ["TEA-01", "=cmd|' /C calc'!A0", "naïve \"quoted\", 日本 🍵"]),
        Column::number("value", 2, [1234.5, f64::NAN, -0.001]),
        Column::exact("rate", [0.1 + 0.2, 1e21, f64::INFINITY]),
        Column::integer_opt("order_quantity", [Some(12), None, Some(-3)]),
        Column::date("order_date", ["2026-10-04", "2026-10-05", "1999-12-31"].map(stamp)),
        Column::bool("urgent", [true, false, true]),
    ])
}

#[test]
fn csv_is_exact() {
    let mut out = Vec::new();
    write_csv(&mut out, &orders()).unwrap();
    let want = "item,value,rate,order_quantity,order_date,urgent\n\
TEA-01,1234.50,0.30000000000000004,12,2026-10-04,true\n\
'=cmd|' /C calc'!A0,,1000000000000000000000,,2026-10-05,false\n\
\"naïve \"\"quoted\"\", 日本 🍵\",0.00,,-3,1999-12-31,true\n";
    assert_eq!(String::from_utf8(out).unwrap(), want);
}

/// What of a cell a reader of this program keeps: blanks around it go, and what keeps a spreadsheet from running it.
fn meant(cell: &str) -> String {
    cell.trim().trim_start_matches('\'').to_owned()
}

proptest! {
    #![proptest_config(crate::cases::cases(120))]

    /// Any table written in any format is the same table to our own reader: text up to the guard, numbers to the last digit.
    #[test]
    fn our_own_reader_reads_what_we_write(
        cells in prop::collection::vec(("[=+@\\-]?[a-zé0-9 ,;|'\"=\\-]{0,12}", -1e9f64..1e9, -1000i64..1000), 3..25),
    ) {
        let table = Table::new(vec![
            Column::date("date", cells.iter().enumerate().map(|(i, _)| stamp("2026-01-13").plus_days(i as i64))),
            Column::text("item", cells.iter().map(|c| format!("x{}", c.0))),
            Column::text("description", cells.iter().map(|c| c.0.clone())),
            Column::exact("price", cells.iter().map(|c| c.1)),
            Column::integer("quantity", cells.iter().map(|c| c.2)),
        ]);
        let dir = tempfile::tempdir().unwrap();
        for format in ["csv", "tsv", "xlsx", "parquet"] {
            let path = dir.path().join(format!("t.{format}"));
            write_table(&path, &table).unwrap();
            let read = stockcast::history::table::read("t", &std::fs::read(&path).unwrap(), None).unwrap_or_else(|e| panic!("{format}: {e:?}"));
            prop_assert_eq!((read.rows, read.columns.len()), (cells.len(), 5), "{}", format);
            for (row, (text, price, quantity)) in cells.iter().enumerate() {
                let cell = |c: usize| read.columns[c].text(row).into_owned();
                prop_assert_eq!(meant(&cell(2)), meant(text), "{}", format);
                prop_assert_eq!(cell(3).parse::<f64>().unwrap(), *price, "{}", format);
                prop_assert_eq!(cell(4).parse::<f64>().unwrap(), *quantity as f64, "{}", format);
            }
        }
    }
}

#[test]
fn a_workbook_keeps_a_dash() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("t.xlsx");
    write_table(&path, &Table::new(vec![Column::text("item", ["a", "b"]), Column::text("description", [" -", "n/a"])])).unwrap();
    let read = stockcast::history::table::read("t", &std::fs::read(&path).unwrap(), None).unwrap();
    assert_eq!([0, 1].map(|row| read.columns[1].text(row).trim().to_owned()), ["-", "n/a"]);
}

#[test]
fn raw_leaves_text_alone() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.tsv");
    write_with(&path, &Table::new(vec![Column::text("a\tb", ["=1+1", "-x"])]), Options { raw: true }).unwrap();
    let read = read_delimited(&std::fs::read_to_string(path).unwrap(), '\t');
    assert_eq!(read, [["a\tb"], ["=1+1"], ["-x"]]);
}

#[test]
fn json_reads_back() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.json");
    write_table(&path, &orders()).unwrap();
    let v: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!(v[1]["item"], "=cmd|' /C calc'!A0");
    assert_eq!(v[0]["order_quantity"], 12);
    assert!(v[1]["value"].is_null());
    assert_eq!(v[2]["order_date"], "1999-12-31");
}

#[test]
fn parquet_reads_back() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.parquet");
    write_table(&path, &orders()).unwrap();
    let frame = ParquetReader::new(std::fs::File::open(path).unwrap()).finish().unwrap();
    assert_eq!(frame.shape(), (3, 6));
    let of = |name: &str| frame.column(name).unwrap();
    assert_eq!(of("item").str().unwrap().get(1), Some("=cmd|' /C calc'!A0"));
    assert_eq!(of("value").f64().unwrap().iter().collect::<Vec<_>>(), [Some(1234.5), None, Some(-0.001 + 0.0)]);
    assert_eq!(of("order_quantity").i64().unwrap().get(1), None);
    assert_eq!(of("order_date").dtype(), &DataType::Date);
    assert_eq!(of("order_date").get(2).unwrap(), AnyValue::Date(stamp("1999-12-31").day().0));
    assert_eq!(of("urgent").bool().unwrap().get(1), Some(false));
}

#[test]
fn workbook_reads_back() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.xlsx");
    let t = orders();
    let long = "a very long sheet name with [brackets]/slashes";
    write_workbook(&path, &[("orders", &t), (long, &t), (long, &t), ("", &Table::default())]).unwrap();
    let first = std::fs::read(&path).unwrap();
    write_workbook(&path, &[("orders", &t), (long, &t), (long, &t), ("", &Table::default())]).unwrap();
    assert!(first == std::fs::read(&path).unwrap(), "the same tables gave other bytes");
    let mut book = Xlsx::new(Cursor::new(first)).unwrap();
    let names = book.sheet_names();
    assert_eq!(names.len(), 4);
    assert!(names.iter().all(|n| n.chars().count() <= 31), "{names:?}");
    let sheet = book.worksheet_range("orders").unwrap();
    let at = |r, c| sheet.get_value((r, c)).cloned().unwrap_or(Data::Empty);
    assert_eq!(at(0, 3), Data::String("order_quantity".into()));
    assert_eq!(at(1, 1), Data::Float(1234.5));
    assert_eq!(at(2, 0), Data::String("'=cmd|' /C calc'!A0".into()));
    assert_eq!(at(2, 1), Data::Empty);
    assert_eq!(at(3, 0), Data::String("naïve \"quoted\", 日本 🍵".into()));
    assert_eq!(at(3, 5), Data::Bool(true));
    assert!(matches!(at(1, 4), Data::DateTime(d) if d.as_f64() == 46299.0), "{:?}", at(1, 4));
    assert!(book.worksheet_formula("orders").unwrap().is_empty());
}

#[test]
fn refusals_name_the_fix() {
    let dir = tempfile::tempdir().unwrap();
    let t = orders();
    let d = write_table(dir.path().join("x.xslx"), &t).unwrap_err();
    assert_eq!(d.code, "output-format");
    assert!(d.fix.as_ref().unwrap().contains(".parquet") && d.fix.as_ref().unwrap().contains("did you mean .xlsx"), "{d}");
    assert!(write_table(dir.path().join("none"), &t).unwrap_err().message.contains("no extension"));
    let d = write_table(dir.path().join("missing/x.csv"), &t).unwrap_err();
    assert_eq!((d.code, d.message.as_str()), ("output-unwritable", "there is no such directory"));
    std::fs::create_dir(dir.path().join("d.csv")).unwrap();
    assert!(write_table(dir.path().join("d.csv"), &t).unwrap_err().message.contains("directory"));
    // nothing is left behind by a refused or a finished write
    write_table(dir.path().join("x.csv"), &t).unwrap();
    let mut left: Vec<_> = std::fs::read_dir(dir.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["d.csv", "x.csv"]);
}

#[test]
fn empty_tables_are_written() {
    let dir = tempfile::tempdir().unwrap();
    for extension in ["csv", "tsv", "json", "parquet", "xlsx"] {
        let path = dir.path().join(format!("x.{extension}"));
        write_table(&path, &Table::new(vec![Column::text("a", [""; 0]), Column::date("ds", [])])).unwrap();
        assert!(path.metadata().unwrap().len() > 0);
    }
}

fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "[=+@\\-\t\r\n\",;' a-z\u{0}]{0,12}", Just("=HYPERLINK(\"http://example.com\")".to_string()),]
}

proptest! {
    #![proptest_config(crate::cases::cases(128))]

    #[test]
    fn any_text_and_number_reads_back(cells in prop::collection::vec((hostile(), any::<f64>()), 0..12), name in hostile()) {
        let t = Table::new(vec![
            Column::text(name.clone(), cells.iter().map(|c| c.0.clone())),
            Column::exact("y", cells.iter().map(|c| c.1)),
        ]);
        let mut out = Vec::new();
        write_csv(&mut out, &t).unwrap();
        let read = read_delimited(&String::from_utf8(out).unwrap(), ',');
        prop_assert_eq!(&read[0], &[guarded(&name), "y".to_string()]);
        prop_assert_eq!(read.len(), cells.len() + 1);
        for (line, (text, y)) in read[1..].iter().zip(&cells) {
            prop_assert_eq!(&line[0], &guarded(text));
            prop_assert!(!line[1].contains(['e', 'E']));
            if y.is_finite() {
                prop_assert_eq!(line[1].parse::<f64>().unwrap(), *y);
            } else {
                prop_assert_eq!(&line[1], "");
            }
        }
    }

    #[test]
    fn one_column_keeps_its_rows(cells in prop::collection::vec(prop::option::of(hostile()), 0..8)) {
        let mut out = Vec::new();
        write_csv(&mut out, &Table::new(vec![Column::text_opt("a", cells.iter().cloned())])).unwrap();
        let read = read_delimited(&String::from_utf8(out).unwrap(), ',');
        prop_assert_eq!(read.len(), cells.len() + 1);
    }
}
