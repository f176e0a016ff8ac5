//! Cells to codes: a stretch of the file after the other, each column by itself, put together in the order of the file at the end.

use super::cells::{KNOTTY, STRIP, Strip};
use super::date;
use super::number;
use super::records::Dialect;
use super::source::Encoding;
use super::texts::{Dictionary, Hash, NONE, Narrow, Texts};
use super::zone::Clock;
use crate::base::Stamp;
use std::borrow::Cow;

/// Codes of a column's rows, and the values they stand for.
pub(super) type Coded = (Narrow, Texts);

/// A column of moments: those that can be read in one way only, and codes of the others.
#[derive(Debug, Default)]
pub(super) struct Moments {
    /// One a row: a moment; before all of them a code of `others`; [`NEVER`] where blank.
    pub at: Vec<Stamp>,
    pub others: Texts,
    /// There are moments with an offset from UTC, and some whose offset is not zero.
    pub zoned: bool,
    pub abroad: bool,
}

/// No moment.
pub(super) const NEVER: Stamp = Stamp(i64::MIN);
/// Before all moments, codes begin.
const CODES: i64 = i64::MIN + 1;

impl Moments {
    /// A row that has a code among the others, or is blank.
    pub fn coded(code: u32) -> Stamp {
        if code == NONE { NEVER } else { Stamp(CODES + i64::from(code)) }
    }
    /// The code among the others, where the row has one.
    pub fn code(at: Stamp) -> Option<usize> {
        (CODES..CODES + i64::from(NONE)).contains(&at.0).then(|| (at.0 - CODES) as usize)
    }
}

#[derive(Debug)]
pub(super) enum Column {
    Coded(Coded),
    Moments(Moments),
}

/// What is wanted of a column.
#[derive(Clone, Copy)]
pub(super) enum Want<'a> {
    Codes,
    Moments(Option<&'a Clock>),
}

/// One column of one stretch of the file, read so far.
pub(super) struct Coder<'a> {
    encoding: Encoding,
    hash: &'a Hash,
    dictionary: Dictionary,
    codes: Narrow,
    /// The codes of a strip.
    strip: Vec<u32>,
    /// Codes, plus one, of cells of one byte, by that.
    single: [u32; 256],
    short: Memo<u128>,
    long: Memo<(u128, u128)>,
    /// Codes, plus one, of amounts by their place: a column of many different ones finds them there without a search.
    amounts: Vec<u32>,
    moments: Option<Option<&'a Clock>>,
    at: Vec<Stamp>,
    /// The day of the moment before, as written and as it is.
    day: ([u8; 10], Stamp),
    zoned: bool,
    abroad: bool,
}

impl<'a> Coder<'a> {
    /// For about so many rows.
    pub fn new(want: Want<'a>, encoding: Encoding, hash: &'a Hash, rows: usize) -> Self {
        let moments = match want {
            Want::Codes => None,
            Want::Moments(clock) => Some(clock),
        };
        Self {
            encoding,
            hash,
            dictionary: Dictionary::in_sequence(hash),
            codes: Narrow::with_capacity(if moments.is_some() { 0 } else { rows }),
            strip: Vec::with_capacity(STRIP),
            single: [0; 256],
            short: Memo::new(hash),
            long: Memo::new(hash),
            amounts: Vec::new(),
            moments,
            at: Vec::with_capacity(if moments.is_some() { rows } else { 0 }),
            day: ([0; 10], NEVER),
            zoned: false,
            abroad: false,
        }
    }

    /// Takes its cells from a strip.
    pub fn take(&mut self, text: &[u8], dialect: Dialect, strip: &Strip, column: usize) {
        let places = strip.column(column);
        let cut = |place: super::cells::Place| match place.len {
            KNOTTY => strip.knotty.get(place.from as usize).map_or(Cow::Borrowed(&[][..]), |f| f.cut(text, dialect)),
            len => Cow::Borrowed(text.get(place.from as usize..).and_then(|t| t.get(..len as usize)).unwrap_or_default()),
        };
        if let Some(clock) = self.moments {
            let (mut before, mut moment, mut minute) = (Cow::Borrowed(&[][..]), NEVER, None);
            for place in places {
                if place.len == 0 {
                    self.at.push(NEVER);
                    continue;
                }
                let cell = cut(*place);
                if let Some((minute, second)) = minute.and_then(|m: Stamp| Some((m, same_minute(&before, &cell)?))) {
                    moment = Stamp(minute.0 + second);
                } else if cell != before {
                    moment = self.moment(&trim(cell.clone(), self.encoding), clock);
                    // a clock may be set in the middle of a minute
                    let second = clock.is_none().then(|| same_minute(&cell, &cell)).flatten();
                    minute = second.filter(|_| moment != NEVER && Moments::code(moment).is_none()).map(|s| Stamp(moment.0 - s));
                    before = cell;
                }
                self.at.push(moment);
            }
            return;
        }
        let mut codes = std::mem::take(&mut self.strip);
        codes.clear();
        codes.resize(places.len(), NONE);
        let (mut before, mut code_before) = (Cow::Borrowed(&[][..]), NONE);
        let mut word_before = 0;
        for (place, out) in places.iter().zip(&mut codes) {
            if place.len == 0 {
                continue;
            }
            let (from, len) = (place.from as usize, place.len as usize);
            if self.dictionary.is_sequence() {
                // one after the other; sixteen bytes, the last of which is the length
                let short = text.get(from..).and_then(<[u8]>::first_chunk::<16>).filter(|_| len < 16);
                if let Some(word) = short.map(|b| u128::from_le_bytes(*b) & ((1 << (8 * len)) - 1) | (len as u128) << 120) {
                    if word != word_before {
                        let digit = short.map_or(0, |b| b[len - 1]);
                        let next = self.dictionary.steps(code_before, digit, word_before, word, 1 << (8 * (len - 1)));
                        code_before = next.unwrap_or_else(|| self.look_up(cut(*place)));
                        before = Cow::Borrowed(&[]);
                        word_before = word;
                    }
                    *out = code_before;
                    continue;
                }
            } else {
                if let (1, Some(byte)) = (len, text.get(from)) {
                    let known = &mut self.single[usize::from(*byte)];
                    if *known == 0 {
                        let code = self.look_up(Cow::Borrowed(std::slice::from_ref(byte)));
                        // a blank is looked up again
                        self.single[usize::from(*byte)] = code.wrapping_add(1);
                        *out = code;
                    } else {
                        *out = *known - 1;
                    }
                    continue;
                }
                if let (..16, Some(bytes)) = (len, text.get(from..).and_then(<[u8]>::first_chunk::<16>)) {
                    // sixteen bytes, the last of which is the length
                    let word = u128::from_le_bytes(*bytes) & ((1 << (8 * len)) - 1) | (len as u128) << 120;
                    let amount = if self.short.is_full() { amount(&bytes[..len]) } else { None };
                    let set = self.short.set((word as u64, (word >> 64) as u64));
                    let known = match amount {
                        Some(amount) => self.amounts.get(amount).copied().filter(|c| *c > 0).map(|c| c - 1),
                        None => self.short.get(set, word),
                    };
                    let code = known.unwrap_or_else(|| {
                        let code = self.look_up(Cow::Borrowed(&bytes[..len]));
                        match amount {
                            Some(amount) => {
                                if self.amounts.is_empty() {
                                    self.amounts = vec![0; AMOUNTS];
                                }
                                // a number is no blank
                                self.amounts.get_mut(amount).into_iter().for_each(|c| *c = code + 1);
                            }
                            None => self.short.put(set, word, code),
                        }
                        code
                    });
                    *out = code;
                    continue;
                }
                let cell = text.get(from..).and_then(|t| t.get(..len)).filter(|_| len < 32);
                if let Some((cell, (first, last))) = cell.and_then(|c| Some((c, (c.first_chunk::<16>()?, c.last_chunk::<16>()?)))) {
                    // the first of the last sixteen bytes is among the first ones: in its place the length
                    let key = (u128::from_le_bytes(*first), u128::from_le_bytes(*last) & !0xFF | len as u128);
                    let mixed =
                        (key.0 as u64 ^ (key.1 as u64).rotate_left(23), (key.0 >> 64) as u64 ^ ((key.1 >> 64) as u64).rotate_left(41));
                    let set = self.long.set(mixed);
                    let code = match self.long.get(set, key) {
                        Some(code) => code,
                        None => {
                            let code = self.look_up(Cow::Borrowed(cell));
                            self.long.put(set, key, code);
                            code
                        }
                    };
                    *out = code;
                    continue;
                }
            }
            let cell = cut(*place);
            if cell != before {
                code_before = self.look_up(cell.clone());
                before = cell;
                word_before = 0;
            }
            *out = code_before;
        }
        self.codes.extend(self.dictionary.len(), codes.iter().copied());
        self.strip = codes;
    }

    /// The code of a cell.
    fn look_up(&mut self, cell: Cow<'_, [u8]>) -> u32 {
        if is_trimmed(&cell, self.encoding) {
            return self.code(&cell);
        }
        let cell = trim(cell, self.encoding);
        self.code(&cell)
    }

    /// The code of a trimmed cell.
    fn code(&mut self, cell: &[u8]) -> u32 {
        if cell.is_empty() || may_be_blank(cell) && std::str::from_utf8(cell).is_ok_and(number::is_blank) {
            return NONE;
        }
        match std::str::from_utf8(cell) {
            Ok(text) => self.dictionary.find_or_add(self.hash, text),
            Err(_) => self.dictionary.find_or_add(self.hash, &String::from_utf8_lossy(cell)),
        }
    }

    fn moment(&mut self, cell: &[u8], clock: Option<&Clock>) -> Stamp {
        if cell.is_empty() {
            return NEVER;
        }
        let day = cell.first_chunk::<10>().filter(|d| **d == self.day.0).map(|_| self.day.1);
        let Some((at, offset)) = day.or_else(|| date::fixed_day(cell)).and_then(|day| date::fixed_on(day, cell)) else {
            return Moments::coded(self.code(cell));
        };
        if let (None, Some(written)) = (day, cell.first_chunk::<10>()) {
            self.day = (*written, Stamp(at.0.div_euclid(86_400) * 86_400));
        }
        let Some(offset) = offset else { return at };
        self.zoned = true;
        self.abroad |= offset != 0;
        clock.map_or(at, |c| c.tell(at, offset))
    }

    /// What came of so many rows; those that a file has lost meanwhile are blank.
    pub fn done(mut self, rows: usize) -> Part {
        if self.moments.is_none() {
            self.codes.extend(0, std::iter::repeat_n(NONE, rows.saturating_sub(self.codes.len())));
        } else {
            self.at.resize(rows, NEVER);
        }
        let at = self.moments.is_some().then_some(self.at);
        Part { codes: self.codes, at, dictionary: self.dictionary, zoned: self.zoned, abroad: self.abroad }
    }
}

/// One column of one stretch of the file.
pub(super) struct Part {
    codes: Narrow,
    /// The moments, where such were wanted.
    at: Option<Vec<Stamp>>,
    dictionary: Dictionary,
    zoned: bool,
    abroad: bool,
}

/// Puts the stretches of a column together, which have so many rows in all: codes in order of first appearance in the file.
pub(super) fn joined(parts: Vec<Part>, rows: usize, hash: &Hash) -> Column {
    let (mut dictionary, mut codes, mut moments) = (Dictionary::in_sequence(hash), Narrow::default(), None);
    let (mut zoned, mut abroad) = (false, false);
    for (i, part) in parts.into_iter().enumerate() {
        (zoned, abroad) = (zoned | part.zoned, abroad | part.abroad);
        if i == 0 {
            (dictionary, codes, moments) = (part.dictionary, part.codes, part.at);
            match &mut moments {
                None => codes.reserve(rows),
                Some(at) => at.reserve_exact(rows.saturating_sub(at.len())),
            }
            continue;
        }
        let map = dictionary.append(part.dictionary, hash);
        match (&mut moments, part.at) {
            (Some(all), Some(at)) => {
                all.extend(at.into_iter().map(|at| Moments::code(at).map_or(at, |code| Moments::coded(map.of(code as u32)))))
            }
            _ => codes.extend_mapped(dictionary.len(), &part.codes, &map),
        }
    }
    let texts = dictionary.into_texts();
    match moments {
        None => Column::Coded((codes, texts)),
        Some(at) => Column::Moments(Moments { at, others: texts, zoned, abroad }),
    }
}

/// Cells seen lately and their codes, by what stands in them: columns repeat themselves. A cell has two slots side by side and pushes out the older of
/// what was there.
struct Memo<K> {
    slots: Vec<[(K, u32); 2]>,
    /// Cells that were not found since it grew.
    missed: usize,
    /// An odd number of this run.
    seed: u64,
}

/// Fewest and most pairs of slots, powers of two.
const FEWEST: usize = 1 << 5;
const MOST: usize = 1 << 12;

impl<K: Copy + Default + PartialEq> Memo<K> {
    fn new(hash: &Hash) -> Self {
        Self { slots: Vec::new(), missed: 0, seed: u64::from(hash.of(b"memo")) << 32 | 0x9E37_79B9 }
    }
    #[inline(always)]
    fn set(&self, (low, high): (u64, u64)) -> usize {
        let mixed = (low ^ high.rotate_left(29)).wrapping_mul(self.seed);
        (mixed >> 40) as usize & self.slots.len().wrapping_sub(1)
    }
    #[inline(always)]
    fn get(&self, set: usize, key: K) -> Option<u32> {
        // which of the two it is cannot be foreseen, so that is no branch
        let [one, other] = self.slots.get(set)?;
        let (first, second) = (one.0 == key, other.0 == key);
        let code = if first { one.1 } else { other.1 };
        (first | second).then_some(code)
    }
    /// There are more different cells than it will ever hold.
    #[inline(always)]
    fn is_full(&self) -> bool {
        self.slots.len() == MOST && self.missed > 2 * MOST
    }
    fn put(&mut self, set: usize, key: K, code: u32) {
        self.missed += 1;
        if self.missed > 2 * self.slots.len() && self.slots.len() < MOST {
            self.missed = 0;
            self.slots = vec![[(K::default(), NONE); 2]; (self.slots.len() * 4).max(FEWEST)];
        } else if let Some([one, other]) = self.slots.get_mut(set) {
            (*other, *one) = (*one, (key, code));
        }
    }
}

/// Places of amounts, a power of two.
const AMOUNTS: usize = 1 << 20;

/// The place of a plain amount such as `7`, `0.5` or `123.40`: every text has one of its own. `None` where the text is no such amount, or too large a one.
fn amount(cell: &[u8]) -> Option<usize> {
    let (mut value, mut decimals) = (0usize, None);
    for b in cell {
        match b {
            b'0'..=b'9' => {
                value = value * 10 + usize::from(b - b'0');
                decimals = decimals.map(|d: usize| d + 1);
            }
            b'.' if decimals.is_none() => decimals = Some(0),
            _ => return None,
        }
        if value >= AMOUNTS / 4 {
            return None;
        }
    }
    let whole = cell.len() - decimals.map_or(0, |d| d + 1);
    let plain = whole == 1 || whole > 1 && cell.first() != Some(&b'0');
    // those of one number of decimals stand together, as they do in a column
    (plain && !matches!(decimals, Some(0 | 3..))).then(|| decimals.unwrap_or(0) * (AMOUNTS / 4) + value)
}

/// The second of a moment such as `2026-01-31 23:59:58 +0100` that differs from one before in its second only, if in that.
#[inline(always)]
fn same_minute(before: &[u8], cell: &[u8]) -> Option<i64> {
    // all behind the second is among the last sixteen bytes; the second there does not count
    let (place, ends) = ((17 + 16usize).checked_sub(cell.len())?, |t: &[u8]| t.last_chunk::<16>().map(|b| u128::from_le_bytes(*b)));
    let rest = !(0xFFFFu128 << (8 * place.min(14)));
    let alike = before.len() == cell.len()
        && before.first_chunk::<16>()? == cell.first_chunk::<16>()?
        && ends(before)? & rest == ends(cell)? & rest;
    match cell.get(16..19)? {
        [b':', ten @ b'0'..=b'5', one @ b'0'..=b'9'] if alike && cell[13] == b':' => {
            Some(i64::from(ten - b'0') * 10 + i64::from(one - b'0'))
        }
        _ => None,
    }
}

/// Words for a blank are short and begin with one of these.
fn may_be_blank(cell: &[u8]) -> bool {
    cell.len() <= 5 && matches!(cell.first(), Some(b'-' | b'n' | b'N' | b'#' | b'.' | 0xE2))
}

/// The bytes are the text of the cell in UTF-8, and there is no white space around it.
#[inline]
fn is_trimmed(cell: &[u8], encoding: Encoding) -> bool {
    // all white space that is no ASCII lies beyond it, and so do all bytes that have to be decoded
    let inked = |b: Option<&u8>| b.is_none_or(|b| b.is_ascii() && !matches!(b, b' ' | b'\t'..=b'\r'));
    inked(cell.first()) && inked(cell.last()) && (encoding == Encoding::Utf8 || cell.is_ascii())
}

/// The text of a cell in UTF-8 without white space around it.
fn trim(cell: Cow<'_, [u8]>, encoding: Encoding) -> Cow<'_, [u8]> {
    if is_trimmed(&cell, encoding) {
        return cell;
    }
    match encoding.text(cell) {
        Cow::Borrowed(t) => Cow::Borrowed(t.trim().as_bytes()),
        Cow::Owned(t) => Cow::Owned(t.trim().as_bytes().to_vec()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::cells::Divider;
    use proptest::prelude::*;
    use std::collections::HashMap;

    const COMMA: Dialect = Dialect { delimiter: b',', quote: b'"', backslash: false };

    /// Codes and texts of the only column of some lines, read in so many stretches.
    fn coded(cells: &[String], stretches: usize, hash: &Hash) -> (Vec<u32>, Vec<String>) {
        let mut parts = Vec::new();
        for some in cells.chunks(cells.len().div_ceil(stretches).max(1)) {
            let text: String = some.iter().map(|c| format!("\"{c}\",\n")).collect();
            let mut coder = Coder::new(Want::Codes, Encoding::Utf8, hash, some.len());
            Divider::new(COMMA, vec![0]).each(text.as_bytes(), &mut || Some(true), |strip| coder.take(text.as_bytes(), COMMA, strip, 0));
            parts.push(coder.done(some.len()));
        }
        match joined(parts, cells.len(), hash) {
            Column::Coded((codes, texts)) => (codes.iter().collect(), texts.iter().map(str::to_owned).collect()),
            Column::Moments(_) => unreachable!(),
        }
    }

    proptest! {
        #![proptest_config(crate::base::cases::cases(32))]

        /// Codes are in order of first appearance, whatever is remembered and in however many stretches a column is read.
        #[test]
        fn codes_are_in_order_of_first_appearance(
            some in prop::collection::vec(prop_oneof!["[a-c]{0,3}", "[a-b]{14,34}", " ?[0-9]{1,3}(\\.[0-9]{0,3})?", "#10[0-9]{2}"], 0..300),
            many in prop_oneof![Just(0u32), Just(20_000u32)],
            step in 1u32..9,
            rising: bool,
            stretches in 1usize..7,
        ) {
            // enough different amounts to fill what is remembered, and numbers in order
            let mut cells: Vec<String> = (0..many).map(|i| format!("{}.{:02}", i * step / 100 % 40, i * step % 100)).collect();
            cells.extend((0..300u32).map(|i| format!("A-{}", if rising { 500 + i / 3 } else { 900 - i / 3 })));
            cells.extend(some);
            let got = coded(&cells, stretches, &Hash::default());
            let (mut seen, mut codes, mut texts) = (HashMap::new(), Vec::new(), Vec::new());
            for cell in &cells {
                let t = cell.trim();
                codes.push(if number::is_blank(t) { NONE } else {
                    *seen.entry(t.to_owned()).or_insert_with(|| { texts.push(t.to_owned()); texts.len() as u32 - 1 })
                });
            }
            prop_assert_eq!(got, (codes, texts));
        }

        /// A moment is what it is by itself, whatever stood before it.
        #[test]
        fn moments_do_not_depend_on_those_before(
            cells in prop::collection::vec(
                prop_oneof![
                    9 => "2026-01-0[12] 0[12]:[03][05]:[0-7][0-9]( \\+0[01]00|Z|)",
                    1 => " ?2026-01-01T01:00:0[0-9] ?|2026-01-01|01\\.02\\.2026|  |2026-01-01 01:00:0[0-9]\\.5",
                ],
                0..200,
            ),
            zone in prop_oneof![Just(None), Just(Some("Europe/Berlin"))],
        ) {
            let (hash, clock) = (Hash::default(), zone.and_then(Clock::of));
            let read = |cells: &[String]| {
                let text: String = cells.iter().map(|c| format!("{c},\n")).collect();
                let mut coder = Coder::new(Want::Moments(clock.as_ref()), Encoding::Utf8, &hash, cells.len());
                Divider::new(COMMA, vec![0]).each(text.as_bytes(), &mut || Some(true), |strip| coder.take(text.as_bytes(), COMMA, strip, 0));
                match joined(vec![coder.done(cells.len())], cells.len(), &hash) {
                    Column::Moments(m) => m,
                    Column::Coded(_) => unreachable!(),
                }
            };
            let said = |m: &Moments, i: usize| match Moments::code(m.at[i]) {
                Some(code) => Err(m.others.get(code).map(str::to_owned)),
                None => Ok(m.at[i]),
            };
            let all = read(&cells);
            for (i, cell) in cells.iter().enumerate() {
                prop_assert_eq!(said(&all, i), said(&read(std::slice::from_ref(cell)), 0), "{}", cell);
            }
        }

        /// No two texts have the same place, and a place says which text it is.
        #[test]
        fn every_amount_has_a_place_of_its_own(text in "[0-9]{1,7}(\\.[0-9]{0,3})?") {
            let Some(place) = amount(text.as_bytes()) else { return Ok(()) };
            prop_assert!(place < AMOUNTS);
            let (value, decimals) = (place % (AMOUNTS / 4), place / (AMOUNTS / 4));
            let digits = format!("{value:0>width$}", width = decimals + 1);
            let (whole, rest) = digits.split_at(digits.len() - decimals);
            prop_assert_eq!(if decimals == 0 { whole.to_owned() } else { format!("{whole}.{rest}") }, text);
        }
    }

    #[test]
    fn plain_amounts_have_places() {
        for text in ["0", "7", "0.5", "0.05", "123.40", "2621.43"] {
            assert!(amount(text.as_bytes()).is_some(), "{text}");
        }
        for text in ["", ".", "1.", ".5", "00", "01.5", "1.234", "1,5", "-1", "2621.44", "1.2.3", "999999999999999"] {
            assert!(amount(text.as_bytes()).is_none(), "{text}");
        }
    }
}
