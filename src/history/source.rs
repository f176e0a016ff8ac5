//! Bytes as they come from disk or a pipe, told apart and made text: gzip, byte order marks, UTF-16, Windows-1252; everything that is
//! no table is refused by name.

use crate::base::Diagnostic;
use std::borrow::Cow;
use std::io::Read;

/// Largest text or archive content read, so that a small hostile file cannot fill the memory.
pub(super) const MAX_INFLATED: u64 = 2 << 30;

/// What the bytes are.
pub(super) enum Source {
    /// Text in UTF-8, without byte order mark.
    Text { text: String, encoding: &'static str, notes: Vec<Diagnostic> },
    /// A Parquet file.
    Parquet(Vec<u8>),
    /// A zip archive, which has yet to prove to be a workbook.
    Zip(Vec<u8>),
}

/// Starts of files that are certainly no table, and what to do with them.
const MAGIC: &[(&[u8], &str, &str)] = &[
    (b"\xD0\xCF\x11\xE0", "an old Excel workbook (.xls)", "open it and save it as .xlsx or CSV"),
    (b"%PDF", "a PDF document", "export the sales as CSV or XLSX instead of printing them"),
    (b"SQLite format 3", "an SQLite database", "export the table as CSV"),
    (b"\x89PNG", "a picture", "give the export itself, not a picture of it"),
    (b"\xFF\xD8\xFF", "a picture", "give the export itself, not a picture of it"),
    (b"GIF8", "a picture", "give the export itself, not a picture of it"),
    (b"7z\xBC\xAF", "a 7z archive", "unpack it and give the file inside"),
    (b"Rar!", "a RAR archive", "unpack it and give the file inside"),
    (b"BZh", "a bzip2 archive", "unpack it and give the file inside"),
    (b"\xFD7zXZ", "an xz archive", "unpack it and give the file inside"),
    (b"\x28\xB5\x2F\xFD", "a zstd archive", "unpack it and give the file inside"),
    (b"\x7FELF", "a program", "give the export of the shop"),
    (b"MZ", "a program", "give the export of the shop"),
    (b"ARROW1", "an Arrow file", "save it as Parquet or CSV"),
];

/// Tells what `bytes` are and decodes text. The error names the fix.
#[cfg(test)]
fn open(name: &str, bytes: &[u8]) -> Result<Source, Diagnostic> {
    open_cow(name, Cow::Borrowed(bytes))
}

/// Tells what bytes are and decodes text; owned bytes of UTF-8 become the text without a copy.
pub(super) fn open_cow(name: &str, bytes: Cow<'_, [u8]>) -> Result<Source, Diagnostic> {
    let fail = |code, message: String, fix: &str| Diagnostic::error(code, message).file(name).fix(fix);
    if bytes.is_empty() {
        return Err(fail("file-empty", "the file is empty".into(), "export it again, and check that the export has finished"));
    }
    let bytes = if bytes.starts_with(b"\x1F\x8B") { Cow::Owned(inflate(name, &bytes)?) } else { bytes };
    if bytes.starts_with(b"PAR1") {
        return Ok(Source::Parquet(bytes.into_owned()));
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return match super::archive::table(name, &bytes)? {
            Some(text) => decode(name, Cow::Owned(text)),
            None => Ok(Source::Zip(bytes.into_owned())),
        };
    }
    let head = &bytes[..bytes.len().min(512)];
    if let Some((_, what, fix)) = MAGIC.iter().find(|(m, ..)| bytes.starts_with(m) && (m.len() > 2 || head.contains(&0))) {
        return Err(fail("file-binary", format!("this is {what}, not a table"), fix));
    }
    decode(name, bytes)
}

fn inflate(name: &str, bytes: &[u8]) -> Result<Vec<u8>, Diagnostic> {
    let mut out = Vec::new();
    match flate2::read::MultiGzDecoder::new(bytes).take(MAX_INFLATED + 1).read_to_end(&mut out) {
        Ok(_) if out.len() as u64 > MAX_INFLATED => {
            Err(Diagnostic::error("archive-too-large", "the compressed file unpacks to more than 2 GiB")
                .file(name)
                .fix("split it by year, or give Parquet"))
        }
        Ok(_) if out.is_empty() => {
            Err(Diagnostic::error("file-empty", "the compressed file holds nothing").file(name).fix("export it again"))
        }
        Ok(_) => Ok(out),
        Err(e) => {
            Err(Diagnostic::error("gzip-truncated", format!("the compressed file is damaged or cut off after {} bytes ({e})", out.len()))
                .file(name)
                .fix("download or compress it again"))
        }
    }
}

/// Text of any of the encodings shops use, in UTF-8.
fn decode(name: &str, bytes: Cow<'_, [u8]>) -> Result<Source, Diagnostic> {
    let mut notes = Vec::new();
    if let Some(encoding) = utf16(&bytes) {
        let (text, _, bad) = encoding.decode(&bytes);
        if bad {
            notes.push(Diagnostic::warning("encoding-damaged", format!("some characters are no valid {}", encoding.name())).file(name));
        }
        return Ok(Source::Text { text: without_nul(name, text.into_owned(), &mut notes)?, encoding: encoding.name(), notes });
    }
    let bytes = match (bytes.starts_with(b"\xEF\xBB\xBF"), bytes) {
        (true, Cow::Owned(mut b)) => {
            b.drain(..3);
            Cow::Owned(b)
        }
        (true, Cow::Borrowed(b)) => Cow::Borrowed(&b[3..]),
        (false, b) => b,
    };
    refuse_binary(name, &bytes)?;
    refuse_markup(name, &bytes)?;
    let bytes = match bytes {
        Cow::Owned(b) => match String::from_utf8(b) {
            Ok(text) => return Ok(Source::Text { text: without_nul(name, text, &mut notes)?, encoding: "UTF-8", notes }),
            Err(e) => Cow::Owned(e.into_bytes()),
        },
        borrowed => borrowed,
    };
    let body: &[u8] = &bytes;
    let (text, encoding) = match std::str::from_utf8(body) {
        Ok(text) => (text.to_owned(), "UTF-8"),
        Err(e) => {
            let line = 1 + body[..e.valid_up_to()].iter().filter(|b| **b == b'\n').count() as u64;
            let lossy = String::from_utf8_lossy(body);
            let bad = lossy.chars().filter(|c| *c == '\u{FFFD}').count();
            let good = lossy.chars().filter(|c| !c.is_ascii() && *c != '\u{FFFD}').count();
            if good > 10 * bad {
                notes.push(
                    Diagnostic::warning("encoding-damaged", format!("{bad} characters are no valid UTF-8"))
                        .file(name)
                        .line(line)
                        .fix("export again as UTF-8 if names look wrong"),
                );
                (lossy.into_owned(), "UTF-8")
            } else {
                let found = super::encoding::guess(body);
                let message = format!("the text is not UTF-8 and was read as {}", found.name());
                notes.push(
                    Diagnostic::info("encoding-guessed", message).file(name).line(line).fix("export it as UTF-8 if names look wrong"),
                );
                (found.decode_without_bom_handling(body).0.into_owned(), found.name())
            }
        }
    };
    Ok(Source::Text { text: without_nul(name, text, &mut notes)?, encoding, notes })
}

/// UTF-16 by its mark, or by every second byte of the first 4 KiB being zero.
fn utf16(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    if bytes.starts_with(b"\xFF\xFE") {
        return Some(encoding_rs::UTF_16LE);
    }
    if bytes.starts_with(b"\xFE\xFF") {
        return Some(encoding_rs::UTF_16BE);
    }
    let head = &bytes[..bytes.len().min(4096) & !1];
    let zeros = |at: usize| head.iter().skip(at).step_by(2).filter(|b| **b == 0).count();
    let (even, odd, half) = (zeros(0), zeros(1), head.len() / 2);
    match half {
        0..4 => None,
        _ if odd * 10 > half * 7 && even * 20 < half => Some(encoding_rs::UTF_16LE),
        _ if even * 10 > half * 7 && odd * 20 < half => Some(encoding_rs::UTF_16BE),
        _ => None,
    }
}

/// Control characters are a sign of binary content; a few stray ones are not.
fn refuse_binary(name: &str, bytes: &[u8]) -> Result<(), Diagnostic> {
    let head = &bytes[..bytes.len().min(1 << 16)];
    let odd = head.iter().filter(|b| **b < 0x20 && !matches!(**b, b'\t' | b'\n' | b'\r' | 0x0C | 0x1A)).count();
    if odd * 50 > head.len() {
        return Err(Diagnostic::error("file-binary", "the file is binary, not a table of text")
            .file(name)
            .fix("give the CSV, XLSX or Parquet file the shop system exports"));
    }
    Ok(())
}

/// Text that is certainly no table of cells: a web page (which many systems call `.xls`), XML, JSON.
fn refuse_markup(name: &str, bytes: &[u8]) -> Result<(), Diagnostic> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]).trim_start().to_lowercase();
    let page = ["<!doctype html", "<html", "<table", "<head", "<meta", "<body", "<div"].iter().any(|s| head.starts_with(s))
        || head.starts_with("<?xml") && head.contains("<html");
    let said = if page {
        Some(("a web page, not a table, whatever its name ends in", "open it in a spreadsheet program and save it as XLSX or CSV"))
    } else if head.starts_with("<?xml") || head.starts_with("<workbook") || head.starts_with("<orders") {
        Some(("an XML file, not a table", "open it in a spreadsheet program and save it as XLSX or CSV, or export it as CSV"))
    } else if (head.starts_with("[{") || head.starts_with("{\"") || head.starts_with("[\n") || head.starts_with("{\n"))
        && head.contains("\":")
    {
        Some(("a JSON file, not a table", "export it as CSV or XLSX"))
    } else {
        None
    };
    said.map_or(Ok(()), |(what, fix)| Err(Diagnostic::error("file-markup", format!("this is {what}")).file(name).fix(fix)))
}

fn without_nul(name: &str, text: String, notes: &mut Vec<Diagnostic>) -> Result<String, Diagnostic> {
    let text = match text.find('\0') {
        None => text,
        Some(at) => {
            let line = 1 + text[..at].matches('\n').count() as u64;
            // some programs put a NUL where others double a quote
            let cleaned = text.replace("\0\"", "\"\"").replace('\0', "");
            let removed = text.bytes().filter(|b| *b == 0).count();
            notes.push(
                Diagnostic::warning("nul-bytes", format!("{removed} NUL bytes were removed"))
                    .file(name)
                    .line(line)
                    .fix("export the file again"),
            );
            cleaned
        }
    };
    if text.trim().is_empty() {
        return Err(Diagnostic::error("file-empty", "the file holds only blanks").file(name).fix("export it again"));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn text(bytes: &[u8]) -> (String, &'static str) {
        match open("f", bytes) {
            Ok(Source::Text { text, encoding, .. }) => (text, encoding),
            Ok(_) => panic!("no text"),
            Err(e) => panic!("{e}"),
        }
    }

    #[test]
    fn decodes_what_shops_write() {
        assert_eq!(text(b"\xEF\xBB\xBFa,b\n"), ("a,b\n".into(), "UTF-8"));
        assert_eq!(text(b"Gr\xF6\xDFe;Men\xFCge \x80\n"), ("Größe;Menüge €\n".into(), "windows-1252"));
        let le: Vec<u8> = "data;übrig\n1;2\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(text(&le).0, "data;übrig\n1;2\n");
        let be: Vec<u8> = "\u{FEFF}a;b\n1;2\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(text(&be), ("a;b\n1;2\n".into(), "UTF-16BE"));
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gz.write_all(b"a,b\n1,2\n").unwrap();
        let gz = gz.finish().unwrap();
        assert_eq!(text(&gz).0, "a,b\n1,2\n");
        assert_eq!(open("f", &gz[..gz.len() - 6]).err().unwrap().code, "gzip-truncated");
    }

    #[test]
    fn refuses_by_name() {
        for (bytes, code) in [
            (&b""[..], "file-empty"),
            (b" \n \n", "file-empty"),
            (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "file-binary"),
            (b"%PDF-1.7 ...", "file-binary"),
            (b"\x01\x02\x03\x04\x05\x06a,b\n", "file-binary"),
        ] {
            let e = open("f", bytes).err().unwrap();
            assert_eq!(e.code, code);
            assert!(e.fix.is_some());
        }
        assert!(!text(b"a,b\x00\n1,2 and enough text around one stray zero byte to be text after all\n").0.contains('\0'));
    }
}
