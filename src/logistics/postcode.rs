//! Postcodes: which region of which country a code lies in.
//!
//! British codes by their area, hand-written; American ZIP codes by three digits, German, Dutch, French, Spanish and Italian codes by two, from `assets/postcodes.tsv.gz`
//! (GeoNames, CC BY 4.0; `assets/make_postcodes.py`).

use std::collections::HashMap;
use std::io::Read;

/// Postcode areas of the United Kingdom and the town each is named after, or the largest near its middle. An area is some 30 km across.
pub(super) const AREAS: &str = "AB Aberdeen|AL St Albans|B Birmingham|BA Bath|BB Blackburn|BD Bradford|BH Bournemouth|BL Bolton|BN Brighton|BR Orpington|\
    BS Bristol|BT Belfast|CA Carlisle|CB Cambridge|CF Cardiff|CH Chester|CM Chelmsford|CO Colchester|CR Croydon|\
    CT Canterbury|CV Coventry|CW Crewe|DA Dartford|DD Dundee|DE Derby|DG Dumfries|DH Durham|DL Darlington|DN Doncaster|\
    DT Dorchester|DY Dudley|E London|EC London|EH Edinburgh|EN Enfield Town|EX Exeter|FK Falkirk|FY Blackpool|G Glasgow|\
    GL Gloucester|GU Guildford|HA Harrow|HD Huddersfield|HG Harrogate|HP Hemel Hempstead|HR Hereford|HU Hull|HX Halifax|\
    IG Ilford|IP Ipswich|IV Inverness|KA Kilmarnock|KT Surbiton|KY Kirkcaldy|L Liverpool|LA Lancaster|LE Leicester|\
    LL Llandudno|LN Lincoln|LS Leeds|LU Luton|M Manchester|ME Rochester|MK Milton Keynes|ML Motherwell|N London|\
    NE Newcastle upon Tyne|NG Nottingham|NN Northampton|NP Newport|NR Norwich|NW London|OL Oldham|OX Oxford|PA Paisley|\
    PE Peterborough|PH Perth|PL Plymouth|PO Portsmouth|PR Preston|RG Reading|RH Redhill|RM Romford|S Sheffield|SA Swansea|\
    SE London|SG Stevenage|SK Stockport|SL Slough|SM Sutton|SN Swindon|SO Southampton|SP Salisbury|SR Sunderland|\
    SS Southend-on-Sea|ST Stoke-on-Trent|SW London|SY Shrewsbury|TA Taunton|TF Telford|TN Tonbridge|TQ Torquay|TR Truro|\
    TS Middlesbrough|TW Hounslow|UB Southall|W London|WA Warrington|WC London|WD Watford|WF Wakefield|WN Wigan|WR Worcester|\
    WS Walsall|WV Wolverhampton|YO York";

/// The area of a British postcode (BS 7666). Only of a whole one: `S1` and `ST2` are as likely the numbers of shops.
pub(super) fn british(text: &str) -> Option<&'static str> {
    let code: String = text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect();
    let letters = code.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (area, rest) = code.split_at_checked(letters)?;
    let b = rest.as_bytes();
    let outward = |b: &[u8]| matches!(b, [d] | [d, _] if d.is_ascii_digit()) && b.iter().all(u8::is_ascii_alphanumeric);
    let inward = |b: &[u8]| matches!(b, [d, x, y] if d.is_ascii_digit() && x.is_ascii_alphabetic() && y.is_ascii_alphabetic());
    let whole = b.len() > 3 && inward(&b[b.len() - 3..]) && outward(&b[..b.len() - 3]);
    if !(1..=2).contains(&letters) || !whole {
        return None;
    }
    AREAS.split('|').find_map(|a| a.split_once(' ').filter(|x| x.0 == area)).map(|x| x.1)
}

/// A code of digits in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Digits {
    /// The country that stands before it: `D-`, `FR-`; or that its form tells: `1012 AB` is Dutch.
    pub country: Option<&'static str>,
    /// Four or five digits.
    pub digits: String,
    /// The text without it.
    pub rest: String,
}

/// What may stand before a code, and whose it is.
const BEFORE: [(&str, &str); 24] = [
    ("D", "DE"),
    ("DE", "DE"),
    ("F", "FR"),
    ("FR", "FR"),
    ("E", "ES"),
    ("ES", "ES"),
    ("I", "IT"),
    ("IT", "IT"),
    ("NL", "NL"),
    ("US", "US"),
    ("USA", "US"),
    ("A", "AT"),
    ("AT", "AT"),
    ("CH", "CH"),
    ("B", "BE"),
    ("BE", "BE"),
    ("L", "LU"),
    ("LU", "LU"),
    ("DK", "DK"),
    ("SE", "SE"),
    ("PL", "PL"),
    ("CZ", "CZ"),
    ("PT", "PT"),
    ("HU", "HU"),
];

fn is_digits(text: &str, n: std::ops::RangeInclusive<usize>) -> bool {
    n.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

/// The first postcode of digits among the words of a text: `80331`, `D-80331`, `60601-1234`, `1012 AB`.
pub(super) fn digits(text: &str) -> Option<Digits> {
    let words: Vec<&str> = text.split_whitespace().collect();
    for (i, raw) in words.iter().enumerate() {
        let word = raw.trim_matches([',', ';', '(', ')']);
        let mut used = 1;
        let found = if is_digits(word, 5..=5) {
            Some((None, word))
        } else if let Some((a, b)) = word.split_once('-') {
            if is_digits(a, 5..=5) && is_digits(b, 4..=4) {
                Some((Some("US"), a))
            } else {
                let country = BEFORE.iter().find(|x| x.0.eq_ignore_ascii_case(a)).map(|x| x.1);
                country.filter(|_| is_digits(b, 4..=5)).map(|c| (Some(c), b))
            }
        } else {
            let letters = |t: &str| t.len() == 2 && t.bytes().all(|b| b.is_ascii_uppercase());
            let next = words.get(i + 1).map(|w| w.trim_matches(','));
            if is_digits(word, 4..=4) && next.is_some_and(letters) {
                used = 2;
                Some((Some("NL"), word))
            } else {
                word.split_at_checked(4).filter(|(a, b)| is_digits(a, 4..=4) && letters(b)).map(|(a, _)| (Some("NL"), a))
            }
        };
        if let Some((country, digits)) = found {
            let comma = if raw.ends_with(',') { "," } else { "" };
            let before = words.get(..i).unwrap_or_default().join(" ");
            let after = words.get(i + used..).unwrap_or_default().join(" ");
            let rest = format!("{before}{comma} {after}");
            let rest = rest.trim().trim_matches(',').trim().to_owned();
            return Some(Digits { country, digits: digits.to_owned(), rest });
        }
    }
    None
}

/// A region of codes that begin alike.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Region {
    pub country: String,
    pub city: String,
    pub at: (f64, f64),
}

/// Regions by country and first digits.
#[derive(Debug, Default)]
pub(super) struct Regions(HashMap<(String, String), Region>);

impl Regions {
    /// Those that come with the program; none where the table cannot be read.
    pub fn read() -> Self {
        let mut text = String::new();
        let packed: &[u8] = include_bytes!("../../assets/postcodes.tsv.gz");
        if flate2::read::GzDecoder::new(packed).read_to_string(&mut text).is_err() {
            return Self::default();
        }
        let region = |line: &str| {
            let cells: Vec<&str> = line.split('\t').collect();
            let [country, prefix, city, lat, lon] = cells[..] else { return None };
            let at = (lat.parse().ok()?, lon.parse().ok()?);
            Some(((country.to_owned(), prefix.to_owned()), Region { country: country.into(), city: city.into(), at }))
        };
        Self(text.lines().filter_map(region).collect())
    }

    /// All, in no order.
    pub fn all(&self) -> impl Iterator<Item = &Region> {
        self.0.values()
    }

    /// The regions that a code may lie in: that of its country, or one in each country whose codes have as many digits.
    pub fn of(&self, code: &Digits) -> Vec<&Region> {
        let shape = [("DE", 5, 2), ("FR", 5, 2), ("ES", 5, 2), ("IT", 5, 2), ("US", 5, 3), ("NL", 4, 2)];
        let fits = shape.iter().filter(|(c, n, _)| *n == code.digits.len() && code.country.is_none_or(|x| x == *c));
        fits.filter_map(|(c, _, n)| self.0.get(&((*c).to_owned(), code.digits.get(..*n)?.to_owned()))).collect()
    }
}
