//! Bytes as they come from disk or a pipe, told apart and made text: gzip, byte order marks, UTF-16, Windows-1252; everything that is
//! no table is refused by name.
//!
//! Text in UTF-8 or one byte a character stays where it is, and only the cells that somebody asks for are decoded. What has to be in memory as a
//! whole (archives, UTF-16, text with NUL bytes) is at most 2 GiB.

use super::store::{MOST, Store};
use crate::base::Diagnostic;
use crate::base::text::plural;
use std::borrow::Cow;
use std::cell::Cell;
use std::io::Read;

/// Largest text or archive content read, so that a small hostile file cannot fill the memory.
pub(super) const MAX_INFLATED: u64 = MOST;

/// What the bytes are.
pub(super) enum Source {
    /// Text that begins at a byte of the store, after any byte order mark; its encoding is told by [`census`] if it is no UTF-8.
    Text { store: Store, start: u64 },
    /// Text that was decoded into UTF-8 already.
    Decoded { text: String, encoding: &'static str, notes: Vec<Diagnostic> },
    /// A Parquet file.
    Parquet(Vec<u8>),
    /// A zip archive, which has yet to prove to be a workbook.
    Zip(Vec<u8>),
}

/// How the bytes of a cell become text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    /// UTF-8, in which some cells are in an old one: lists put together from several programs.
    Mixed(&'static encoding_rs::Encoding),
    /// One of the old ones.
    Old(&'static encoding_rs::Encoding),
}

impl Encoding {
    pub fn name(self) -> &'static str {
        if let Self::Old(encoding) = self { encoding.name() } else { "UTF-8" }
    }
    /// Whether a byte that looks like a delimiter may be part of a character: such text is decoded before it is divided.
    pub fn hides_delimiters(self) -> bool {
        matches!(self, Self::Old(encoding) if !encoding.is_single_byte())
    }
    /// Delimiters and quotes are ASCII in the others, so a cell never begins or ends inside a character.
    pub fn text(self, bytes: Cow<'_, [u8]>) -> Cow<'_, str> {
        match (self, bytes) {
            (Self::Old(encoding), b) => Cow::Owned(encoding.decode_without_bom_handling(&b).0.into_owned()),
            (Self::Mixed(encoding), b) if std::str::from_utf8(&b).is_err() => {
                // a cell that was cut inside a character is still UTF-8
                let lossy = String::from_utf8_lossy(&b);
                let cut = lossy.chars().any(|c| !c.is_ascii() && c != '\u{FFFD}');
                Cow::Owned(if cut { lossy.into_owned() } else { encoding.decode_without_bom_handling(&b).0.into_owned() })
            }
            (_, Cow::Borrowed(b)) => String::from_utf8_lossy(b),
            (_, Cow::Owned(b)) => Cow::Owned(match String::from_utf8(b) {
                Ok(t) => t,
                Err(e) => String::from_utf8_lossy(e.as_bytes()).into_owned(),
            }),
        }
    }
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

/// Tells what bytes are. The error names the fix.
pub(super) fn open(name: &str, mut store: Store) -> Result<Source, Diagnostic> {
    let fail = |code, message: String, fix: &str| Diagnostic::error(code, message).file(name).fix(fix);
    if store.len() == 0 {
        return Err(fail("file-empty", "the file is empty".into(), "export it again, and check that the export has finished"));
    }
    if store.window(0, 2).starts_with(b"\x1F\x8B") {
        store = Store::Memory(inflate(name, &store)?);
    }
    let head = store.window(0, 512).into_owned();
    if head.starts_with(b"PAR1") {
        return store.into_bytes(name).map(Source::Parquet);
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        let bytes = store.into_bytes(name)?;
        return match super::archive::table(name, &bytes)? {
            Some(text) => text_of(name, Store::Memory(text)),
            None => Ok(Source::Zip(bytes)),
        };
    }
    if let Some((_, what, fix)) = MAGIC.iter().find(|(m, ..)| head.starts_with(m) && (m.len() > 2 || head.contains(&0))) {
        return Err(fail("file-binary", format!("this is {what}, not a table"), fix));
    }
    text_of(name, store)
}

fn inflate(name: &str, store: &Store) -> Result<Vec<u8>, Diagnostic> {
    let mut out = Vec::new();
    let packed = Cell::new(0);
    match unpack(|| flate2::read::MultiGzDecoder::new(Counted(store.reader(), &packed)), &packed, &mut out) {
        Ok(true) if out.is_empty() => {
            Err(Diagnostic::error("file-empty", "the compressed file holds nothing").file(name).fix("export it again"))
        }
        Ok(true) => Ok(out),
        Ok(false) => Err(bomb(name)),
        Err(e) => Err(Diagnostic::error("gzip-truncated", format!("the compressed file is damaged or cut off ({e})"))
            .file(name)
            .fix("download or compress it again")),
    }
}

/// No table of any size packs smaller than this, one part in so many.
const TIGHTEST: u64 = 400;
/// From here on the packing is looked at.
const UNPACKED: u64 = 64 << 20;

/// What was read, counted.
pub(super) struct Counted<'a, R>(pub R, pub &'a Cell<u64>);

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let n = self.0.read(into)?;
        self.1.set(self.1.get() + n as u64);
        Ok(n)
    }
}

/// What is kept before it is known how much there will be.
const HELD: u64 = 256 << 20;

/// Unpacks from the reader that `begin` makes, `packed` counting the packed bytes, unless it becomes far too much: more than 2 GiB, or far more than a
/// table would. What is more than a part of that is counted to its end first, so that a refusal costs little memory.
pub(super) fn unpack<R: Read>(begin: impl Fn() -> R, packed: &Cell<u64>, out: &mut Vec<u8>) -> std::io::Result<bool> {
    let too_much = |size: u64| size > MAX_INFLATED || size > UNPACKED && size > packed.get().saturating_mul(TIGHTEST);
    let mut from = begin();
    while (out.len() as u64) < HELD {
        let read = from.by_ref().take(16 << 20).read_to_end(out)?;
        if too_much(out.len() as u64) {
            return Ok(false);
        }
        if read == 0 {
            return Ok(true);
        }
    }
    let mut size = out.len() as u64;
    let mut buffer = vec![0u8; 1 << 18];
    loop {
        match from.read(&mut buffer) {
            Ok(0) => break,
            Ok(n) => size += n as u64,
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
        if too_much(size) {
            return Ok(false);
        }
    }
    *out = Vec::new();
    // not a byte more than was counted: the file may have changed meanwhile
    out.reserve_exact(size as usize + 1);
    begin().take(size + 1).read_to_end(out)?;
    Ok(out.len() as u64 == size)
}

/// What unpacks to far too much.
pub(super) fn bomb(name: &str) -> Diagnostic {
    Diagnostic::error("archive-too-large", "the archive unpacks to more than 2 GiB, or to far more than its size allows for a table")
        .file(name)
        .fix("split it by year, or give Parquet")
}

/// Text of any of the encodings shops use.
fn text_of(name: &str, store: Store) -> Result<Source, Diagnostic> {
    let head = store.window(0, (1 << 16) + 3);
    if let Some(encoding) = utf16(&head) {
        drop(head);
        let mut notes = Vec::new();
        let bytes = store.into_bytes(name)?;
        let (text, _, bad) = encoding.decode(&bytes);
        if bad {
            notes.push(Diagnostic::warning("encoding-damaged", format!("some characters are no valid {}", encoding.name())).file(name));
        }
        let text = without_nul(name, text.into_owned(), &mut notes)?;
        return Ok(Source::Decoded { text, encoding: encoding.name(), notes });
    }
    let mut start = if head.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    // accountants' programs say in a line of its own what the table below it is
    if ["EXTF;", "\"EXTF\";", "DTVF;", "\"DTVF\";"].iter().any(|s| head[start..].starts_with(s.as_bytes())) {
        start += head[start..].iter().position(|b| *b == b'\n').map_or(0, |p| p + 1);
    }
    refuse_binary(name, &head[start..])?;
    refuse_markup(name, &head[start..])?;
    // a list in fixed width: no delimiter divides it into columns
    let beginning = &head[start..];
    let spaced = store.len() <= super::fixed::MOST && beginning.windows(2).any(|w| w == b"  ");
    // commas inside numbers are no delimiters
    let decimal = || {
        let digit = |i: usize| beginning.get(i).is_some_and(u8::is_ascii_digit);
        (0..beginning.len()).filter(|i| beginning[*i] == b',').all(|i| i > 0 && digit(i - 1) && digit(i + 1))
    };
    let divides = |(dialect, score): (super::records::Dialect, f64)| score >= FIXED && !(dialect.delimiter == b',' && decimal());
    if spaced && !divides(super::dialect::detect(beginning)) {
        let whole = store.window(start as u64, super::fixed::MOST as usize);
        let text = match std::str::from_utf8(&whole) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(&whole).0,
        };
        if let Some(text) = super::fixed::with_tabs(&text) {
            let note = Diagnostic::info("fixed-width", "columns were told apart by the blanks between them").file(name);
            return Ok(Source::Decoded { text, encoding: "UTF-8", notes: vec![note] });
        }
    }
    drop(head);
    Ok(Source::Text { store, start: start as u64 })
}

/// A text that divides better than this at some delimiter is no list in fixed width.
const FIXED: f64 = 0.5;

/// Bytes of the beginning that an encoding is judged by, and of lines with letters beyond ASCII.
const HEADER: usize = 1 << 16;
const TELLING: usize = 1 << 20;

/// What text that is no UTF-8 is instead, judged on all of it, and the note that says so.
pub(super) fn census(name: &str, store: &Store, start: u64) -> (Encoding, Vec<Diagnostic>) {
    let (mut bad, mut good, mut lines, mut line) = (0usize, 0usize, 0u64, None);
    // the header, and lines that tell something: a sample of them stands for a long file
    let mut telling: Vec<u8> = store.window(start, HEADER).into_owned();
    let mut at = start;
    while at < store.len() {
        let window = store.window(at, 1 << 20);
        let whole = at + window.len() as u64 >= store.len();
        // a character never reaches across an ASCII byte
        let cut = if whole { None } else { window.iter().rposition(u8::is_ascii) };
        let part = &window[..cut.map_or(window.len(), |p| p + 1)];
        let breaks = |b: &[u8]| b.iter().filter(|b| **b == b'\n').count() as u64;
        if line.is_none()
            && let Err(e) = std::str::from_utf8(part)
        {
            line = Some(1 + lines + breaks(&part[..e.valid_up_to()]));
        }
        if !part.is_ascii() {
            let lossy = String::from_utf8_lossy(part);
            let odd = lossy.chars().filter(|c| !c.is_ascii());
            let (b, g): (Vec<char>, Vec<char>) = odd.partition(|c| *c == '\u{FFFD}');
            (bad, good) = (bad + b.len(), good + g.len());
            if telling.len() < TELLING {
                part.split_inclusive(|b| *b == b'\n').filter(|l| !l.is_ascii()).for_each(|l| telling.extend_from_slice(l));
            }
        }
        lines += breaks(part);
        at += part.len() as u64;
    }
    let line = line.unwrap_or(1);
    // what is UTF-8 says nothing of what is not
    let other: Vec<u8> = telling.split_inclusive(|b| *b == b'\n').filter(|l| std::str::from_utf8(l).is_err()).flatten().copied().collect();
    let found = super::encoding::guess(&other);
    // letters of two bytes hardly ever come about by chance in an encoding of one
    if good > 10 * bad || good * 10 > bad && found.is_single_byte() {
        let found = if found.is_single_byte() { found } else { encoding_rs::WINDOWS_1252 };
        let message = format!("the text is UTF-8 but for {}: cells with those were read as {}", plural(bad, "character"), found.name());
        let d = Diagnostic::warning("encoding-mixed", message).file(name).line(line);
        (Encoding::Mixed(found), vec![d.fix("export all of it as UTF-8 if names look wrong")])
    } else {
        let found = super::encoding::guess(&telling);
        let message = format!("the text is not UTF-8 and was read as {}", found.name());
        let d = Diagnostic::info("encoding-guessed", message).file(name).line(line);
        (Encoding::Old(found), vec![d.fix("export it as UTF-8 if names look wrong")])
    }
}

/// Text with NUL bytes, without them, in UTF-8: they change where fields end, so all of it is read.
pub(super) fn cleaned(name: &str, store: Store, start: u64) -> Result<(String, &'static str, Vec<Diagnostic>), Diagnostic> {
    let mut bytes = store.into_bytes(name)?;
    bytes.drain(..start as usize);
    let (text, encoding, mut notes) = match String::from_utf8(bytes) {
        Ok(text) => (text, Encoding::Utf8, Vec::new()),
        Err(e) => {
            let store = Store::Memory(e.into_bytes());
            let (encoding, notes) = census(name, &store, 0);
            (encoding.text(Cow::Owned(store.into_bytes(name)?)).into_owned(), encoding, notes)
        }
    };
    Ok((without_nul(name, text, &mut notes)?, encoding.name(), notes))
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
            let removed = text.bytes().filter(|b| *b == 0).count();
            // some programs put a NUL where others double a quote
            let mut cleaned = text.into_bytes();
            let (mut to, n) = (at, cleaned.len());
            for from in at..n {
                let b = cleaned[from];
                if b != 0 || cleaned.get(from + 1) == Some(&b'"') {
                    cleaned[to] = if b == 0 { b'"' } else { b };
                    to += 1;
                }
            }
            cleaned.truncate(to);
            notes.push(
                Diagnostic::warning("nul-bytes", format!("{removed} NUL bytes were removed"))
                    .file(name)
                    .line(line)
                    .fix("export the file again"),
            );
            // without bytes of zero it is what it was
            String::from_utf8(cleaned).unwrap_or_default()
        }
    };
    if text.trim().is_empty() {
        return Err(blank(name));
    }
    Ok(text)
}

/// There is nothing to read.
pub(super) fn blank(name: &str) -> Diagnostic {
    Diagnostic::error("file-empty", "the file holds only blanks").file(name).fix("export it again")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn text(bytes: &[u8]) -> (String, &'static str) {
        match open("f", Store::Memory(bytes.to_vec())) {
            Ok(Source::Text { store, start }) if std::str::from_utf8(bytes).is_ok() => {
                let (text, encoding, _) = cleaned("f", store, start).unwrap();
                (text, encoding)
            }
            Ok(Source::Text { store, start }) => {
                let (encoding, _) = census("f", &store, start);
                (encoding.text(Cow::Borrowed(&store.window(start, bytes.len()))).into_owned(), encoding.name())
            }
            Ok(Source::Decoded { text, encoding, .. }) => (text, encoding),
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
        assert!(
            matches!(open("f", Store::Memory(gz.clone())), Ok(Source::Text { store, .. }) if *store.window(0, 99) == b"a,b\n1,2\n"[..])
        );
        assert_eq!(open("f", Store::Memory(gz[..gz.len() - 6].to_vec())).err().unwrap().code, "gzip-truncated");
    }

    #[test]
    fn refuses_by_name() {
        for (bytes, code) in [
            (&b""[..], "file-empty"),
            (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "file-binary"),
            (b"%PDF-1.7 ...", "file-binary"),
            (b"\x01\x02\x03\x04\x05\x06a,b\n", "file-binary"),
        ] {
            let e = open("f", Store::Memory(bytes.to_vec())).err().unwrap();
            assert_eq!(e.code, code);
            assert!(e.fix.is_some());
        }
        assert!(!text(b"a,b\x00\n1,2 and enough text around one stray zero byte to be text after all\n").0.contains('\0'));
    }
}
