//! Broken and hostile files: a clear diagnostic with a fix, never a panic.

use super::{find, read, read_with, refused, said, series};
use proptest::prelude::*;
use std::io::Write;
use stockcast::base::{Diagnostic, NoControl, Severity};
use stockcast::history::{MasterFiles, ReadOptions, read_masters_bytes, read_sales, read_shipments_bytes};

/// The last word is an error of this code, and says what to do.
fn refused_as(bytes: impl AsRef<[u8]>, code: &str) -> Diagnostic {
    let all = refused(bytes);
    let d = all.last().unwrap();
    assert_eq!((d.code, d.severity), (code, Severity::Error), "{}", said(&all));
    assert!(d.fix.is_some() && d.file.is_some(), "{d}");
    d.clone()
}

#[test]
fn broken_text() {
    refused_as("", "file-empty");
    refused_as("\n\n  \n", "file-empty");
    refused_as("date,item,quantity\n", "no-rows");
    refused_as("quantity\n1\n2\n", "one-column");
    refused_as("date,item,quantity\nsoon,A,1\nlater,A,2\n", "no-date-column");
    refused_as("date,item,quantity\n2026-13-45,A,1\n2026-00-10,A,2\n0000-01-01,A,1\n", "no-usable-rows");
    assert_eq!(refused_as("date,item,quantity\n2026-01-01,\"A,1\n2026-01-02,B,2\n", "unclosed-quote").line, Some(2));
    refused_as([b"date,item,quantity\n2026-01-01,A,".as_slice(), &b"9".repeat(10 << 20), b"\n"].concat(), "line-too-long");
    refused_as(b"x".repeat(10 << 20), "line-too-long");
    refused_as(format!("date,item,qty{}\n1{}\n", ",c".repeat(17_000), ",1".repeat(17_002)), "too-many-columns");
    refused_as((0u8..=255).cycle().take(4000).collect::<Vec<_>>(), "file-binary");
    refused_as(b"%PDF-1.4\n1 0 obj\n", "file-binary");
}

#[test]
fn damage_is_said_and_the_rest_used() {
    let nul = read(b"date,item,quantity,long column name to keep the share of odd bytes low\n2026-01-01,A\0,1,xxxxxxxxxxxxxxxxxxxxx\n2026-01-02,A,2,xxxxxxxxxxxxxxxxxxx\n");
    assert_eq!((find(&nul.diagnostics, "nul-bytes").line, series(&nul, "A").y.as_slice()), (Some(2), &[1.0, 2.0][..]));
    let wide = read("date,item,quantity\n2026-01-01,A,1\n2026-01-02,A,2,oops\n2026-01-03,A,3\n");
    assert_eq!(find(&wide.diagnostics, "row-too-wide").line, Some(3));
    let bad = read("date,item,quantity\n2026-01-01,A,1\nyesterday,A,2\n2026-01-03,A,three\n2026-01-04,A,4\n,,\nTotal,,5\n");
    assert_eq!(find(&bad.diagnostics, "date-unreadable").line, Some(3));
    assert_eq!(find(&bad.diagnostics, "quantity-unreadable").line, Some(4));
    assert_eq!(find(&bad.diagnostics, "total-row").line, Some(7));
    let slip = read("order,date,item,quantity\n1,1926-01-01,A,1\n2,2026-01-01,A,1\n3,2026-01-02,A,1\n4,2026-01-03,A,1\n");
    assert_eq!(find(&slip.diagnostics, "date-far-off").line, Some(2));
}

#[test]
fn invalid_utf8_in_the_middle() {
    let import = read(b"date,item,quantity\n2026-01-01,Caf\xE9,1\n2026-01-02,Caf\xE9,2\n");
    assert_eq!(series(&import, "Café").y, [1.0, 2.0]);
}

#[test]
fn cut_off_archives() {
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    for i in 0..2000 {
        writeln!(gz, "2026-01-01,A{i},{i}").unwrap();
    }
    let gz = gz.finish().unwrap();
    refused_as(&gz[..gz.len() / 2], "gzip-truncated");
    refused_as(b"PAR1 this is no parquet file at all", "parquet-unreadable");
    refused_as(b"PAR1\x00\x00\x00\x00\xFF\xFF\xFF\x7FPAR1", "parquet-unreadable");
    refused_as(b"PK\x03\x04 this is no workbook", "xlsx-unreadable");
    assert!(read_sales(&["no/such/file.csv".into()], &ReadOptions::default(), &NoControl).unwrap_err()[0].code == "file-unreadable");
}

/// A zip whose one sheet unpacks to far more than it should.
#[test]
fn zip_bomb() {
    let zeros = vec![b' '; 100 << 20];
    let mut deflate = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
    deflate.write_all(&zeros).unwrap();
    let packed = deflate.finish().unwrap();
    for declared in [100u32 << 20, 1000] {
        refused_as(
            zip(&[("xl/workbook.xml", b"<workbook/>", 11, 0), ("xl/worksheets/sheet1.xml", &packed, declared, 8)]),
            "archive-too-large",
        );
    }
    refused_as(zip(&[("readme.md", b"hello", 5, 0)]), "file-binary");
    let table: &[u8] = b"date,item,quantity\n2026-01-01,A,1\n2026-01-02,A,2\n";
    refused_as(zip(&[("a.csv", table, table.len() as u32, 0), ("b.csv", table, table.len() as u32, 0)]), "archive-several");
    let mailed = read(zip(&[("__MACOSX/._a.csv", b"x", 1, 0), ("export/a.csv", table, table.len() as u32, 0)]));
    assert_eq!(mailed.history.series[0].y, [1.0, 2.0]);
}

/// A workbook of one sheet, from the rows of its XML; `about` goes into its properties.
fn workbook(about: &str, rows: &str) -> Vec<u8> {
    let (package, office) =
        ("http://schemas.openxmlformats.org/package/2006", "http://schemas.openxmlformats.org/officeDocument/2006/relationships");
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let related = |kind: &str, to: &str| {
        format!(
            "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"r1\" Type=\"{office}/{kind}\" Target=\"{to}\"/></Relationships>"
        )
    };
    let parts = [
        ("[Content_Types].xml", format!("<Types xmlns=\"{package}/content-types\"/>")),
        ("_rels/.rels", related("officeDocument", "xl/workbook.xml")),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{office}\">{about}<sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            related("worksheet", "worksheets/sheet1.xml")
                .replace("</Rel", &format!("<Relationship Id=\"r2\" Type=\"{office}/styles\" Target=\"styles.xml\"/></Rel")),
        ),
        (
            "xl/styles.xml",
            format!("<styleSheet xmlns=\"{main}\"><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>"),
        ),
        ("xl/worksheets/sheet1.xml", format!("<worksheet xmlns=\"{main}\"><sheetData>{rows}</sheetData></worksheet>")),
    ];
    let parts: Vec<(&str, &[u8], u32, u16)> = parts.iter().map(|(n, t)| (*n, t.as_bytes(), t.len() as u32, 0)).collect();
    zip(&parts)
}

/// Dates are formatted numbers, of days since 1900 or since 1904; a workbook says which.
#[test]
fn dates_counted_from_1904() {
    let text = |at: &str, t: &str| format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{t}</t></is></c>");
    let row = |n: u32, day: u32| {
        format!("<row r=\"{n}\"><c r=\"A{n}\" s=\"1\"><v>{day}</v></c>{}<c r=\"C{n}\"><v>{n}</v></c></row>", text(&format!("B{n}"), "A"))
    };
    let head = format!("<row r=\"1\">{}{}{}</row>", text("A1", "Date"), text("B1", "SKU"), text("C1", "Quantity"));
    for (about, first) in [("", 46_023), ("<workbookPr date1904=\"1\"/>", 46_023 - 1462)] {
        let import = read(workbook(about, &format!("{head}{}{}", row(2, first), row(3, first + 1))));
        let a = series(&import, "A");
        assert_eq!((a.start.iso().as_str(), a.y.as_slice()), ("2026-01-01", [2.0, 3.0].as_slice()), "{about}");
    }
}

/// One cell a row at the far right of a full sheet would be four hundred gigabytes of empty cells.
#[test]
fn far_away_cells() {
    let rows: String = (1..=400).map(|r| format!("<row r=\"{r}\"><c r=\"A{r}\"><v>1</v></c><c r=\"XFD{r}\"><v>1</v></c></row>")).collect();
    refused_as(workbook("", &rows), "too-many-columns");
}

/// Formulas whose values nobody worked out are no sales of one each.
#[test]
fn formulas_without_values() {
    let text = |at: &str, t: &str| format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{t}</t></is></c>");
    let head =
        format!("<row r=\"1\">{}{}{}</row>", text("A1", "Date"), text("B1", "SKU"), text("C1", "Quantity") + &text("D1", "Unit price"));
    let row = |n: u32| {
        format!(
            "<row r=\"{n}\"><c r=\"A{n}\" s=\"1\"><v>4602{n}</v></c>{}<c r=\"C{n}\"><f>1+2</f></c><c r=\"D{n}\"><v>5</v></c></row>",
            text(&format!("B{n}"), "A")
        )
    };
    refused_as(workbook("", &format!("{head}{}{}", row(2), row(3))), "quantity-blank");
}

/// What unpacks to a thousand times its size is refused before the memory is full of it.
#[test]
fn packed_blanks() {
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let mut deflate = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    let blanks = vec![b' '; 1 << 20];
    for _ in 0..100 {
        gz.write_all(&blanks).unwrap();
        deflate.write_all(&blanks).unwrap();
    }
    refused_as(gz.finish().unwrap(), "archive-too-large");
    refused_as(zip(&[("a.csv", &deflate.finish().unwrap(), 100 << 20, 8)]), "archive-too-large");
}

/// A file on disk of these bytes.
fn on_disk(write: impl FnOnce(&mut std::fs::File)) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    write(file.as_file_mut());
    file
}

fn refused_path(file: &tempfile::NamedTempFile, code: &str) -> Diagnostic {
    let all = read_sales(&[file.path().to_owned()], &ReadOptions::default(), &NoControl).unwrap_err();
    let d = all.last().unwrap();
    assert_eq!((d.code, d.severity, d.fix.is_some()), (code, Severity::Error, true), "{}", said(&all));
    d.clone()
}

/// A quote that opens and never closes in a file of any size: told after four megabytes, with its line. No more of the file is read than the
/// blocks at hand, so neither memory nor time grows with it.
#[test]
fn a_quote_without_end() {
    let file = on_disk(|f| {
        f.write_all(b"date,item,quantity\n2026-01-01,A,1\n2026-01-02,\"B,2\n").unwrap();
        let lines = b"2026-01-03,C,3\n".repeat(70_000);
        (0..24).for_each(|_| f.write_all(&lines).unwrap());
    });
    let d = refused_path(&file, "unclosed-quote");
    assert_eq!(d.line, Some(3));
    // the same on one line is no line at all
    let file = on_disk(|f| {
        f.write_all(b"date,item,quantity\n2026-01-01,A,1\n2026-01-02,\"").unwrap();
        (0..24).for_each(|_| f.write_all(&[b'B'; 1 << 20]).unwrap());
    });
    assert_eq!(refused_path(&file, "line-too-long").line, Some(3));
}

/// Four gigabytes of nothing (a file with a hole) are not read into memory.
#[test]
fn four_gigabytes_of_nul() {
    let file = on_disk(|f| {
        f.write_all("date,item,quantity\n2026-01-01,A,1\n".repeat(3000).as_bytes()).unwrap();
        f.set_len(4 << 30).unwrap();
    });
    refused_path(&file, "file-too-large");
    let file = on_disk(|f| f.set_len(4 << 30).unwrap());
    refused_path(&file, "file-binary");
}

#[test]
fn a_million_columns() {
    let wide = |n: usize| format!("date,item,qty{}\n2026-01-01,A,1{}\n", ",c".repeat(n), ",1".repeat(n));
    refused_as(wide(1_000_000), "too-many-columns");
    refused_as(wide(5_000_000), "line-too-long");
    // in a file that is otherwise in order
    let mut text = "date,item,qty\n2026-01-01,A,1\n".repeat(1000);
    text.push_str(&",1".repeat(1_000_000));
    assert_eq!(refused_as(text, "too-many-columns").line, Some(2001));
}

/// Two encodings in one file, beyond the part that is looked at first.
#[test]
fn mixed_encodings_in_a_large_file() {
    let good = "2026-01-01,Größe,1\n2026-01-02,Mug,1\n";
    let text = |damaged: usize, whole: usize| {
        let mut out = b"date,item,quantity\n".to_vec();
        out.extend(good.repeat(whole).as_bytes());
        out.extend(b"2026-01-03,Gr\xF6\xDFe,5\n".repeat(damaged));
        out
    };
    let file = on_disk(|f| f.write_all(&text(3, 600_000)).unwrap());
    let import = read_sales(&[file.path().to_owned()], &ReadOptions::default(), &NoControl).unwrap();
    assert_eq!(find(&import.diagnostics, "encoding-mixed").line, Some(1_200_002));
    assert_eq!(series(&import, "Größe").y.iter().sum::<f64>(), 600_015.0);
    let import = read(text(4000, 20));
    assert_eq!(find(&import.diagnostics, "encoding-guessed").line, Some(42));
    assert_eq!(series(&import, "Größe").y.iter().sum::<f64>(), 20_000.0);
}

/// A file on disk is what it is in memory.
#[test]
fn large_files_are_read_like_small_ones() {
    let mut text = "Order ID,Order Date,SKU,Qty,Amount,Note\n".to_owned();
    for i in 0..400_000 {
        let day = 1 + i / 20_000;
        text.push_str(&format!(
            "{},2026-01-{day:02},SKU-{},{},{}.50,\"a, b\"\"{}\"\n",
            i / 3,
            i % 700,
            1 + i % 4,
            i % 90,
            "long ".repeat(i % 9)
        ));
    }
    let file = on_disk(|f| f.write_all(text.as_bytes()).unwrap());
    assert!(text.len() > 16 << 20);
    let disk = read_sales(&[file.path().to_owned()], &ReadOptions::default(), &NoControl).unwrap();
    let memory = read(&text);
    assert_eq!(format!("{:?}", disk.history), format!("{:?}", memory.history));
    assert_eq!(disk.recognised[0].rows_used, 400_000);
}

/// Lines that end with a carriage return and a line feed, quoted cells in them: wherever a part of the file that is looked at ends, it may end between the two.
#[test]
fn lines_ending_in_two_bytes() {
    let rows: String = (0..600).map(|i| format!("{i:06},2026-01-05,\"a, b\",3,SKU-{}\n", i % 7)).collect();
    // as many shifts as a line has bytes
    for shift in 0..34 {
        let text = format!("Order ID,Order Date,SKU,Qty,Note{}\n{rows}", "x".repeat(shift));
        let (one, two) = (read(&text), read(text.replace('\n', "\r\n")));
        assert_eq!(format!("{:?}", one.history), format!("{:?}", two.history), "{shift}");
        assert_eq!(two.recognised[0].rows_used, 600);
    }
}

fn zip(entries: &[(&str, &[u8], u32, u16)]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, data, size, method) in entries {
        let at = out.len() as u32;
        let mut crc = flate2::Crc::new();
        crc.update(if *method == 0 { data } else { b"" });
        let crc = crc.sum();
        let common = [
            &20u16.to_le_bytes()[..],
            &[0, 0],
            &method.to_le_bytes(),
            &[0; 4],
            &crc.to_le_bytes(),
            &(data.len() as u32).to_le_bytes(),
            &size.to_le_bytes(),
            &(name.len() as u16).to_le_bytes(),
            &[0, 0],
        ]
        .concat();
        out.extend([&b"PK\x03\x04"[..], &common, name.as_bytes(), data].concat());
        directory.extend([&b"PK\x01\x02\x14\x00"[..], &common, &[0; 10], &at.to_le_bytes(), name.as_bytes()].concat());
    }
    let (at, n) = (out.len() as u32, entries.len() as u16);
    out.extend(&directory);
    out.extend(
        [
            &b"PK\x05\x06\0\0\0\0"[..],
            &n.to_le_bytes(),
            &n.to_le_bytes(),
            &(directory.len() as u32).to_le_bytes(),
            &at.to_le_bytes(),
            &[0, 0],
        ]
        .concat(),
    );
    out
}

/// Sparse corners of a sheet cost nothing; dates in cells are dates.
#[test]
fn workbooks() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let notes = book.add_worksheet();
    notes.set_name("notes").unwrap().write(0, 0, "nothing here").unwrap();
    let sheet = book.add_worksheet();
    sheet.set_name("sales").unwrap();
    let format = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
    sheet.write(0, 0, "Sales report").unwrap();
    for (c, name) in ["Datum", "Artikel", "Menge", "Preis"].into_iter().enumerate() {
        sheet.write(2, c as u16, name).unwrap();
    }
    for r in 0..3u32 {
        sheet.write_with_format(3 + r, 0, rust_xlsxwriter::ExcelDateTime::from_ymd(2026, 1, 1 + r as u8).unwrap(), &format).unwrap();
        sheet.write(3 + r, 1, 1001).unwrap().write(3 + r, 2, r).unwrap().write(3 + r, 3, 2.5).unwrap();
    }
    let bytes = book.save_to_buffer().unwrap();
    let import = read(&bytes);
    let r = &import.recognised[0];
    assert_eq!((r.format, r.sheet.as_deref(), r.header_line, r.other_sheets.len()), ("xlsx", Some("sales"), Some(3), 1));
    assert_eq!((series(&import, "1001").y.as_slice(), series(&import, "1001").start.iso().as_str()), (&[0.0, 1.0, 2.0][..], "2026-01-01"));
    let e = read_with(&bytes, &ReadOptions { sheet: Some("sale".into()), ..Default::default() }).unwrap_err();
    assert!(find(&e, "sheet-unknown").fix.as_ref().unwrap().contains("sales"));
    for cut in [bytes.len() / 3, bytes.len() - 5] {
        refused_as(&bytes[..cut], "xlsx-unreadable");
    }
}

proptest! {
    #![proptest_config(crate::cases::cases(300))]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = read_with(&bytes, &ReadOptions::default());
    }

    /// Bytes that get past the first gates: tables of odd cells.
    #[test]
    fn odd_tables_never_panic(text in "(date|ds|Qty|sku|Order|d_1|2024|price|\"|,|;|\t|\n|\r\n|1/2/2026|2026-01-0[1-9]|C12345|12345|-5|1.234,5|\\$3|x|é|Total|refunded|1e9| ){0,60}") {
        let _ = read_with(text.as_bytes(), &ReadOptions::default());
        let file = Some(("f.csv".to_owned(), text.clone().into_bytes()));
        let _ = read_masters_bytes(&MasterFiles { items: file.clone(), stock: file.clone(), events: file.clone(), bom: file, ..Default::default() });
        let _ = read_shipments_bytes("f.csv", text.as_bytes());
    }

    #[test]
    fn damaged_headers_never_panic(mut bytes in prop::collection::vec(any::<u8>(), 0..200), magic in 0usize..4) {
        let mut all = [&b"PAR1"[..], b"PK\x03\x04", b"\x1F\x8B\x08", b"\xFF\xFE"][magic].to_vec();
        all.append(&mut bytes);
        if magic == 0 {
            all.extend_from_slice(b"PAR1");
        }
        let _ = read_with(&all, &ReadOptions::default());
    }
}
