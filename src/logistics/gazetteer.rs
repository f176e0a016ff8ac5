//! Where cities are: places that are named after one get its coordinates, offline.
//!
//! British postcodes are places too: each lies in the town of its area.
//!
//! Data: GeoNames, places of more than 15,000 people (`assets/cities.tsv.gz`, CC BY 4.0).

use std::collections::{BTreeMap, HashMap};
use std::io::Read;
use std::sync::OnceLock;

/// A city.
#[derive(Debug, Clone, PartialEq)]
pub struct City {
    /// Name.
    pub name: String,
    /// Two letters, ISO 3166.
    pub country: String,
    /// Latitude and longitude, degrees.
    pub at: (f64, f64),
    /// Thousands of people.
    pub people: f64,
}

/// Cities by what they are called.
#[derive(Debug, Default)]
pub struct Gazetteer {
    cities: Vec<City>,
    /// By folded name: positions in `cities`.
    names: HashMap<String, Vec<u32>>,
}

/// What a place is beside its city: `Leeds shop` is in Leeds.
const KINDS: [&str; 38] = [
    "shop",
    "store",
    "warehouse",
    "depot",
    "branch",
    "outlet",
    "hub",
    "dc",
    "wh",
    "site",
    "office",
    "market",
    "showroom",
    "factory",
    "plant",
    "city",
    "filiale",
    "lager",
    "laden",
    "geschäft",
    "magasin",
    "entrepôt",
    "dépôt",
    "tienda",
    "almacén",
    "loja",
    "armazém",
    "negozio",
    "magazzino",
    "winkel",
    "magazijn",
    "sklep",
    "magazyn",
    "butik",
    "lagret",
    "centre",
    "center",
    "downtown",
];

/// Cities exist that are called so, but a place of a shop that is called so is hardly ever there.
const WORDS: [&str; 22] = [
    "main",
    "central",
    "north",
    "south",
    "east",
    "west",
    "online",
    "web",
    "home",
    "enterprise",
    "orange",
    "mobile",
    "shop",
    "store",
    "warehouse",
    "depot",
    "hub",
    "most",
    "nice",
    "reading",
    "unknown",
    "general",
];

/// Postcode areas of the United Kingdom and the town each is named after, or the largest near its middle. An area is some 30 km across.
const AREAS: &str = "AB Aberdeen|AL St Albans|B Birmingham|BA Bath|BB Blackburn|BD Bradford|BH Bournemouth|BL Bolton|BN Brighton|BR Orpington|\
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
fn postcode_area(text: &str) -> Option<&'static str> {
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

/// Letters and digits without case and accents.
fn folded(text: &str) -> String {
    let plain = |c: char| -> String {
        match c {
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' => "a".into(),
            'ç' | 'ć' | 'č' | 'ċ' => "c".into(),
            'ď' | 'đ' => "d".into(),
            'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ė' | 'ę' | 'ě' => "e".into(),
            'ğ' | 'ģ' => "g".into(),
            'ì' | 'í' | 'î' | 'ï' | 'ī' | 'į' | 'ı' => "i".into(),
            'ķ' => "k".into(),
            'ĺ' | 'ļ' | 'ľ' | 'ł' => "l".into(),
            'ñ' | 'ń' | 'ņ' | 'ň' => "n".into(),
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' | 'ő' => "o".into(),
            'ŕ' | 'ř' => "r".into(),
            'ś' | 'ş' | 'š' | 'ș' => "s".into(),
            'ß' => "ss".into(),
            'ţ' | 'ť' | 'ț' => "t".into(),
            'ù' | 'ú' | 'û' | 'ü' | 'ū' | 'ů' | 'ű' | 'ų' => "u".into(),
            'ý' | 'ÿ' => "y".into(),
            'ź' | 'ż' | 'ž' => "z".into(),
            'æ' => "ae".into(),
            'œ' => "oe".into(),
            c if c.is_alphanumeric() => c.into(),
            _ => String::new(),
        }
    };
    text.chars().flat_map(char::to_lowercase).map(plain).collect()
}

impl Gazetteer {
    /// The cities that come with the program; empty where the table cannot be read.
    pub fn embedded() -> &'static Self {
        static ALL: OnceLock<Gazetteer> = OnceLock::new();
        ALL.get_or_init(|| {
            let mut text = String::new();
            let packed: &[u8] = include_bytes!("../../assets/cities.tsv.gz");
            match flate2::read::GzDecoder::new(packed).read_to_string(&mut text) {
                Ok(_) => Self::parse(&text),
                Err(_) => Self::default(),
            }
        })
    }

    fn parse(text: &str) -> Self {
        let mut out = Self::default();
        for line in text.lines() {
            let cells: Vec<&str> = line.split('\t').collect();
            let [name, country, lat, lon, people, more] = cells[..] else { continue };
            let (Ok(lat), Ok(lon), Ok(people)) = (lat.parse(), lon.parse(), people.parse()) else { continue };
            let at = out.cities.len() as u32;
            let others = more.split('|').filter(|m| !m.is_empty()).map(str::to_owned);
            for called in std::iter::once(folded(name)).chain(others) {
                out.names.entry(called).or_default().push(at);
            }
            out.cities.push(City { name: name.into(), country: country.into(), at: (lat, lon), people });
        }
        out
    }

    /// The cities that a place may be named after: by its whole name, or by what is left without `shop`, `warehouse` and the like; behind a
    /// comma or in brackets a country of two letters may stand.
    fn candidates(&self, place: &str) -> Vec<&City> {
        if let Some(town) = postcode_area(place) {
            let named = self.names.get(&folded(town)).into_iter().flatten().filter_map(|i| self.cities.get(*i as usize));
            return named.filter(|c| c.country == "GB").max_by(|a, b| a.people.total_cmp(&b.people)).into_iter().collect();
        }
        let (name, country) = match place.rsplit_once([',', '(']) {
            Some((n, c)) if c.trim_matches([' ', ')']).len() == 2 => (n, Some(c.trim_matches([' ', ')']).to_uppercase())),
            _ => (place, None),
        };
        let country = country.map(|c| if c == "UK" { "GB".to_owned() } else { c });
        let words = name.split(|c: char| c.is_whitespace() || c == '-' || c == '_' || c == '/').filter(|w| !w.is_empty());
        let kept: Vec<&str> = words.filter(|w| !KINDS.contains(&w.to_lowercase().as_str())).collect();
        let called = [folded(name), folded(&kept.concat())];
        let found = called.iter().filter(|n| n.len() > 2 && !WORDS.contains(&n.as_str())).find_map(|n| self.names.get(n));
        let cities = found.into_iter().flatten().filter_map(|i| self.cities.get(*i as usize));
        cities.filter(|c| country.as_ref().is_none_or(|x| *x == c.country)).collect()
    }

    /// The city that each of the places is named after, by place. Where several have the name it is the one in the country that most of the places
    /// can be in, and there the largest. Places that are named after none are not in the answer.
    pub fn locate<'a>(&self, places: impl IntoIterator<Item = &'a str>) -> BTreeMap<&'a str, &City> {
        let named: BTreeMap<&str, Vec<&City>> = places.into_iter().map(|p| (p, self.candidates(p))).filter(|c| !c.1.is_empty()).collect();
        // a country's claim: for each place the share of its largest city of that name among all of them
        let mut claims: BTreeMap<&str, f64> = BTreeMap::new();
        for cities in named.values() {
            let all: f64 = cities.iter().map(|c| c.people + 1.0).sum();
            let mut largest: BTreeMap<&str, f64> = BTreeMap::new();
            for c in cities {
                let x = largest.entry(&c.country).or_default();
                *x = x.max(c.people + 1.0);
            }
            // one place alone goes by size; several agree by being there at all
            largest.into_iter().for_each(|(country, people)| *claims.entry(country).or_default() += 1.0 + people / all);
        }
        let claim = |c: &City| claims.get(c.country.as_str()).copied().unwrap_or(0.0);
        named
            .into_iter()
            .filter_map(|(place, cities)| {
                let chosen = cities.into_iter().max_by(|a, b| claim(a).total_cmp(&claim(b)).then(a.people.total_cmp(&b.people)))?;
                Some((place, chosen))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(places: &[&str]) -> Vec<String> {
        let by = Gazetteer::embedded().locate(places.iter().copied());
        places.iter().map(|p| by.get(p).map_or_else(|| "–".to_owned(), |c| format!("{} {}", c.name, c.country))).collect()
    }

    #[test]
    fn places_named_after_cities_are_found() {
        assert_eq!(found(&["München", "Koeln", "Filiale Wien", "berlin"]), ["Munich DE", "Köln DE", "Vienna AT", "Berlin DE"]);
        assert_eq!(found(&["Paris"]), ["Paris FR"]);
        assert_eq!(found(&["Paris, US"]), ["Paris US"]);
        // neighbours decide: these are English
        assert_eq!(
            found(&["Bath store", "Bristol", "Cambridge", "Birmingham"]),
            ["Bath GB", "Bristol GB", "Cambridge GB", "Birmingham GB"]
        );
        assert_eq!(found(&["Birmingham", "Montgomery", "Huntsville", "Tuscaloosa"])[0], "Birmingham US");
    }

    #[test]
    fn postcodes_lie_in_their_area() {
        assert_eq!(
            found(&["BS1 4DJ", "ec1a1bb", "M1 2AB", "SW1A 1AA", "TW9 1AA"]),
            ["Bristol GB", "London GB", "Manchester GB", "London GB", "Hounslow GB"]
        );
        // numbers of shops, and codes that are none
        assert_eq!(found(&["S1", "ZZ9 9ZZ", "SW1A", "AB123456", "B1 2"]), vec!["–"; 5]);
        // every area has its town
        let cities = Gazetteer::embedded();
        for area in AREAS.split('|').map(|a| a.split(' ').next().unwrap_or_default()) {
            assert_eq!(cities.candidates(&format!("{area}1 1AA")).len(), 1, "{area}");
        }
    }

    #[test]
    fn what_is_no_city_stays_unplaced() {
        assert_eq!(found(&["main", "Store 12", "warehouse", "Acme Ltd", "", "12", "London Bread", "Online"]), vec!["–"; 8]);
    }
}
