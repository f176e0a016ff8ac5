//! Where cities are: places that are named after one get its coordinates, offline.
//!
//! Postcodes ([`super::postcode`]) are places too: a British one lies in the town of its area, one of digits in the city of its region, where its country is
//! said or told by the other places; a city beside the code is better than either.
//!
//! Data: GeoNames, places of more than 15,000 people (`assets/cities.tsv.gz`, CC BY 4.0).

use super::postcode::{self, Digits, Regions};
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
    /// Two letters, in the United States.
    pub state: String,
}

/// Cities by what they are called.
#[derive(Debug, Default)]
pub struct Gazetteer {
    cities: Vec<City>,
    /// By folded name: positions in `cities`.
    names: HashMap<String, Vec<u32>>,
    /// Middles of postcode regions, as cities of no people.
    regions: Vec<City>,
    codes: Regions,
}

/// The cities that a place may be in.
#[derive(Default)]
struct Candidates<'a> {
    cities: Vec<&'a City>,
    /// Only a code says so, and not of which country: the other places decide.
    by_code: bool,
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
                Ok(_) => Self::parse(&text).with_regions(Regions::read()),
                Err(_) => Self::default(),
            }
        })
    }

    fn with_regions(self, codes: Regions) -> Self {
        let city =
            |r: &postcode::Region| City { name: r.city.clone(), country: r.country.clone(), at: r.at, people: 0.0, state: String::new() };
        Self { regions: codes.all().map(city).collect(), codes, ..self }
    }

    fn parse(text: &str) -> Self {
        let mut out = Self::default();
        for line in text.lines() {
            let cells: Vec<&str> = line.split('\t').collect();
            let [name, country, lat, lon, people, more, state] = cells[..] else { continue };
            let (Ok(lat), Ok(lon), Ok(people)) = (lat.parse(), lon.parse(), people.parse()) else { continue };
            let at = out.cities.len() as u32;
            let others = more.split('|').filter(|m| !m.is_empty()).map(str::to_owned);
            for called in std::iter::once(folded(name)).chain(others) {
                out.names.entry(called).or_default().push(at);
            }
            out.cities.push(City { name: name.into(), country: country.into(), at: (lat, lon), people, state: state.into() });
        }
        out
    }

    /// The cities that a place may be in: by its whole name, or by what is left without `shop`, `warehouse` and the like, or by a part between commas;
    /// behind a comma or in brackets a country or an American state of two letters may stand, and a postcode anywhere.
    fn candidates(&self, place: &str) -> Candidates<'_> {
        if let Some(town) = postcode::british(place) {
            let named = self.names.get(&folded(town)).into_iter().flatten().filter_map(|i| self.cities.get(*i as usize));
            let town = named.filter(|c| c.country == "GB").max_by(|a, b| a.people.total_cmp(&b.people));
            return Candidates { cities: town.into_iter().collect(), by_code: false };
        }
        let code = postcode::digits(place);
        let cities = self.named(code.as_ref().map_or(place, |c| c.rest.as_str()));
        let country = code.as_ref().and_then(|c| c.country);
        let cities: Vec<&City> = cities.into_iter().filter(|c| country.is_none_or(|x| x == c.country)).collect();
        match code {
            Some(code) if cities.is_empty() => self.coded(&code),
            _ => Candidates { cities, by_code: false },
        }
    }

    /// Where a code lies that stands alone, but for its country: numbers of shops have as many digits.
    fn coded(&self, code: &Digits) -> Candidates<'_> {
        if !code.rest.is_empty() {
            return Candidates::default();
        }
        let of = |r: &postcode::Region| self.regions.iter().find(|c| c.at == r.at && c.country == r.country && c.name == r.city);
        Candidates { cities: self.codes.of(code).into_iter().filter_map(of).collect(), by_code: code.country.is_none() }
    }

    fn named(&self, place: &str) -> Vec<&City> {
        let (name, region) = match place.rsplit_once([',', '(']) {
            Some((n, c)) if c.trim_matches([' ', ')']).len() == 2 => (n, Some(c.trim_matches([' ', ')']).to_uppercase())),
            _ => (place, None),
        };
        let region = region.map(|c| if c == "UK" { "GB".to_owned() } else { c });
        let words = name.split(|c: char| c.is_whitespace() || c == '-' || c == '_' || c == '/').filter(|w| !w.is_empty());
        let kept: Vec<&str> = words.filter(|w| !KINDS.contains(&w.to_lowercase().as_str())).collect();
        let parts = name.contains(',').then(|| name.split(',').rev()).into_iter().flatten().map(folded);
        let called: Vec<String> = [folded(name), folded(&kept.concat())].into_iter().chain(parts).collect();
        let within = |c: &City| region.as_ref().is_none_or(|x| *x == c.country || (c.country == "US" && *x == c.state));
        let lookup = |n: &String| -> Option<Vec<&City>> {
            let found = self.names.get(n)?.iter().filter_map(|i| self.cities.get(*i as usize));
            let found: Vec<&City> = found.filter(|c| within(c)).collect();
            (!found.is_empty()).then_some(found)
        };
        called.iter().filter(|n| n.len() > 2 && !WORDS.contains(&n.as_str())).find_map(lookup).unwrap_or_default()
    }

    /// The city that each of the places is in, by place. Where several have the name it is the one in the country that most of the places
    /// can be in, and there the largest. Codes without a country lie in the country that most of the named places are in. Places that are in none are not
    /// in the answer.
    pub fn locate<'a>(&self, places: impl IntoIterator<Item = &'a str>) -> BTreeMap<&'a str, &City> {
        let named: BTreeMap<&str, Candidates<'_>> =
            places.into_iter().map(|p| (p, self.candidates(p))).filter(|c| !c.1.cities.is_empty()).collect();
        // a country's claim: for each place the share of its largest city of that name among all of them
        let mut claims: BTreeMap<&str, f64> = BTreeMap::new();
        for cities in named.values().filter(|c| !c.by_code).map(|c| &c.cities) {
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
            .filter_map(|(place, Candidates { cities, by_code })| {
                let most = claims.values().copied().fold(0.0, f64::max);
                let allowed = cities.into_iter().filter(|c| !by_code || (most > 0.0 && claim(c) >= most));
                let chosen = allowed.max_by(|a, b| claim(a).total_cmp(&claim(b)).then(a.people.total_cmp(&b.people)))?;
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
        for area in postcode::AREAS.split('|').map(|a| a.split(' ').next().unwrap_or_default()) {
            assert_eq!(cities.candidates(&format!("{area}1 1AA")).cities.len(), 1, "{area}");
        }
    }

    #[test]
    fn addresses_are_found_by_their_city() {
        assert_eq!(
            found(&["10115 Berlin", "80331 München, Marienplatz 1", "Kaufhaus Nord, 24103 Kiel", "D-04103 Leipzig", "Hamburg Lager"]),
            ["Berlin DE", "Munich DE", "Kiel DE", "Leipzig DE", "Hamburg DE"]
        );
        assert_eq!(found(&["Abbey Café, Bath", "Bristol warehouse"]), ["Bath GB", "Bristol GB"]);
        let at = |p: &str| Gazetteer::embedded().locate([p]).get(p).map(|c| (c.name.clone(), c.state.clone()));
        assert_eq!(at("Portland, ME"), Some(("Portland".into(), "ME".into())));
        assert_eq!(at("Portland, OR 97201"), Some(("Portland".into(), "OR".into())));
        assert_eq!(at("Springfield, IL"), Some(("Springfield".into(), "IL".into())));
    }

    #[test]
    fn codes_of_digits_lie_in_the_country_of_the_other_places() {
        assert_eq!(found(&["Hamburg", "Kiel", "50667"])[2], "Köln DE");
        assert_eq!(found(&["Milano", "Bologna", "50122"])[2], "Florence IT");
        assert_eq!(found(&["Chicago, IL", "Milwaukee, WI", "60601"])[2], "Chicago, IL US");
        assert_eq!(found(&["DE-50667", "F-69002", "1012 AB", "60601-1234"]), ["Köln DE", "Lyon FR", "Amsterdam NL", "Chicago, IL US"]);
        // nobody says which country: nothing is guessed; a shop's number is no code
        assert_eq!(found(&["50667", "60601"]), ["–", "–"]);
        assert_eq!(found(&["Hamburg", "Store 50667", "Shop 1012"]), ["Hamburg DE", "–", "–"]);
        assert_eq!(found(&["AT-1010 Wien", "CH-8001"]), ["Vienna AT", "–"]);
    }

    #[test]
    fn what_is_no_city_stays_unplaced() {
        assert_eq!(found(&["main", "Store 12", "warehouse", "Acme Ltd", "", "12", "London Bread", "Online"]), vec!["–"; 8]);
    }
}
