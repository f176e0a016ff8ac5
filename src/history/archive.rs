//! A zip with one table of text in it, as shops mail their exports. Workbooks are zips too and are left to `workbook`.

use super::source::{Counted, bomb, unpack};
use crate::base::Diagnostic;
use std::cell::Cell;

/// Most entries looked through.
const MAX_ENTRIES: usize = 10_000;

/// The one text file of the archive; `None` where it is a workbook. Encrypted entries, several tables and damage are refused by name.
pub(super) fn table(name: &str, bytes: &[u8]) -> Result<Option<Vec<u8>>, Diagnostic> {
    let fail = |code, message: String, fix: &str| Err(Diagnostic::error(code, message).file(name).fix(fix));
    let u16_at = |at: usize| bytes.get(at..at + 2).map_or(0, |b| usize::from(u16::from_le_bytes([b[0], b[1]])));
    let u32_at = |at: usize| bytes.get(at..at + 4).map_or(0, |b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]) as usize);
    let tail = bytes.len().saturating_sub(66_000);
    // without its directory it may be half of a workbook, whose reader says so
    let Some(end) = bytes[tail..].windows(4).rposition(|w| w == b"PK\x05\x06").map(|p| p + tail) else { return Ok(None) };
    let (entries, mut at) = (u16_at(end + 10).min(MAX_ENTRIES), u32_at(end + 16));
    let mut tables: Vec<(String, usize)> = Vec::new();
    let mut document = false;
    for _ in 0..entries {
        if bytes.get(at..at + 4) != Some(b"PK\x01\x02") {
            return Ok(None);
        }
        let (length, extra, comment) = (u16_at(at + 28), u16_at(at + 30), u16_at(at + 32));
        let entry = String::from_utf8_lossy(bytes.get(at + 46..at + 46 + length).unwrap_or_default()).into_owned();
        if entry == "xl/workbook.xml" {
            return Ok(None);
        }
        document |= entry == "content.xml";
        let lower = entry.to_lowercase();
        let hidden = lower.starts_with("__macosx/") || lower.rsplit('/').next().is_some_and(|f| f.starts_with('.'));
        if !hidden && [".csv", ".tsv", ".txt", ".tab"].iter().any(|e| lower.ends_with(e)) {
            tables.push((entry, at));
        }
        at += 46 + length + extra + comment;
    }
    let [(_, at)] = tables.as_slice() else {
        return if document {
            let what = "this is an OpenDocument spreadsheet (.ods), which is not read";
            fail("file-binary", what.into(), "open it in the spreadsheet program and save it as XLSX or CSV")
        } else if tables.is_empty() {
            fail("file-binary", "this is a zip archive without a table of text in it".into(), "unpack it and give the file inside")
        } else {
            fail("archive-several", format!("the archive holds {} tables", tables.len()), "unpack it and give the files")
        };
    };
    let (flags, method, packed, local) = (u16_at(at + 8), u16_at(at + 10), u32_at(at + 20), u32_at(at + 42));
    let start = local + 30 + u16_at(local + 26) + u16_at(local + 28);
    let Some(content) = bytes.get(start..start.saturating_add(packed).min(bytes.len())).filter(|_| flags & 1 == 0) else {
        return fail("archive-locked", "the archive is encrypted or damaged".into(), "unpack it and give the file inside");
    };
    let mut out = Vec::new();
    let packed = Cell::new(0);
    let read = match method {
        0 => unpack(|| Counted(content, &packed), &packed, &mut out),
        8 => unpack(|| flate2::read::DeflateDecoder::new(Counted(content, &packed)), &packed, &mut out),
        _ => {
            return fail("archive-locked", "the archive is packed in a way that is not known".into(), "unpack it and give the file inside");
        }
    };
    match read {
        Ok(false) => Err(bomb(name)),
        Ok(true) if out.is_empty() => fail("file-empty", "the file in the archive holds nothing".into(), "export it again"),
        Ok(true) => Ok(Some(out)),
        Err(e) => fail("archive-damaged", format!("the archive is damaged or cut off ({e})"), "download it again"),
    }
}
