//! Which encoding text is in that is neither UTF-8 nor UTF-16: Windows-1252 in the west of Europe, another of the same kind further east.
//!
//! The statistics of letters come from `chardetng` (the detector of Firefox); the names in the header decide where they disagree with it, since
//! a header whose names are known has been decoded rightly.

use super::names;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, WINDOWS_1252};

/// Bytes that are looked at.
const SAMPLE: usize = 1 << 20;

/// The likeliest encoding of a text that is not UTF-8.
pub(super) fn guess(body: &[u8]) -> &'static Encoding {
    let sample = &body[..body.len().min(SAMPLE)];
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    // only lines with letters beyond ASCII tell anything; a sample of them stands for a long file
    for line in body.split_inclusive(|b| *b == b'\n').filter(|l| !l.is_ascii()).take(2000) {
        detector.feed(line, false);
    }
    detector.feed(b"", true);
    let found = detector.guess(None, Utf8Detection::Deny);
    if found == WINDOWS_1252 || known(sample, WINDOWS_1252) > known(sample, found) { WINDOWS_1252 } else { found }
}

/// How many names in the first lines mean something.
fn known(sample: &[u8], encoding: &'static Encoding) -> usize {
    let head: Vec<&[u8]> = sample.split(|b| *b == b'\n').take(10).map(|l| &l[..l.len().min(16 << 10)]).collect();
    let text = |l: &[u8]| encoding.decode_without_bom_handling(l).0.into_owned();
    let count = |l: String| l.split([',', ';', '\t', '|']).filter(|c| !c.is_ascii() && names::is_known(c.trim().trim_matches('"'))).count();
    head.into_iter().map(text).map(count).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::WINDOWS_1250;

    #[test]
    fn east_and_west_are_told_apart() {
        for (text, encoding) in [
            ("Gr\u{f6}\u{df}e;Menge \u{20ac}\n1;2\n", WINDOWS_1252),
            ("date,item\n2026-01-01,Caf\u{e9}\n", WINDOWS_1252),
            ("Référence;Quantité;Désignation\nA;1;Tasse bleue à café\n", WINDOWS_1252),
            ("Data sprzedaży;Kod produktu;Ilość\n02.01.2026;A;1\n", WINDOWS_1250),
            ("Data sprzedaży;Nazwa towaru;Ilość;Wartość\n02.01.2026;Świeca zapachowa;1;12,50 zł\n", WINDOWS_1250),
            ("Číslo objednávky;Datum;Kód zboží;Množství\n1;2.1.2026;A;3\n", WINDOWS_1250),
        ] {
            let (bytes, _, bad) = encoding.encode(text);
            assert!(!bad);
            assert_eq!(guess(&bytes).name(), encoding.name(), "{text}");
        }
    }
}
