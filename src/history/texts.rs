//! Compact columns: different texts end to end, codes in as few bytes as they need, and the table that finds a text's code.

use foldhash::fast::RandomState;
use std::hash::{BuildHasher, Hasher};

/// The code of a blank cell.
pub(super) const NONE: u32 = u32::MAX;

/// Texts one after the other in one piece of memory.
#[derive(Debug, Default, Clone)]
pub(super) struct Texts {
    all: String,
    ends: Vec<usize>,
    /// How many there were that are not known any more.
    gone: usize,
}

impl Texts {
    pub fn len(&self) -> usize {
        self.ends.len() + self.gone
    }
    /// Forgets what they were, but not how many.
    pub fn forget(&mut self) {
        *self = Self { gone: self.len(), ..Self::default() };
    }
    pub fn push(&mut self, text: &str) {
        self.all.push_str(text);
        self.ends.push(self.all.len());
    }
    pub fn get(&self, i: usize) -> Option<&str> {
        let end = *self.ends.get(i)?;
        self.all.get(if i == 0 { 0 } else { self.ends[i - 1] }..end)
    }
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        (0..self.len()).map(|i| self.get(i).unwrap_or_default())
    }
    /// The last one again, but for its last byte, which is ASCII as this one is.
    fn push_like_last(&mut self, last: u8) {
        let from = self.ends.len().checked_sub(2).and_then(|i| self.ends.get(i)).copied().unwrap_or(0);
        let to = self.all.len().saturating_sub(1);
        if last.is_ascii() && from <= to {
            self.all.extend_from_within(from..to);
            self.all.push(char::from(last));
        }
        self.ends.push(self.all.len());
    }
    /// The bytes of a text that is there.
    fn bytes(&self, i: usize) -> &[u8] {
        let from = if i == 0 { 0 } else { self.ends[i - 1] };
        &self.all.as_bytes()[from..self.ends[i]]
    }
    /// Without that by which spreadsheets keep digits as text.
    fn bared(self) -> Self {
        if !self.iter().any(|t| t.starts_with(['\'', '='])) {
            return self;
        }
        let mut out = Self::default();
        self.iter().for_each(|t| out.push(super::number::as_meant(t)));
        out
    }
    /// All of another but its first.
    fn extend_behind_first(&mut self, other: &Self) {
        let Some((first, rest)) = other.ends.split_first() else { return };
        let shift = self.all.len();
        self.all.push_str(other.all.get(*first..).unwrap_or_default());
        self.ends.extend(rest.iter().map(|end| end - first + shift));
    }
    fn shrink(&mut self) {
        self.all.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
}

impl<'a> FromIterator<&'a str> for Texts {
    fn from_iter<I: IntoIterator<Item = &'a str>>(texts: I) -> Self {
        let mut out = Self::default();
        texts.into_iter().for_each(|t| out.push(t));
        out
    }
}

/// Codes in one, two or four bytes each, as many as the largest needs.
#[derive(Debug, Clone)]
pub(super) enum Narrow {
    One(Vec<u8>),
    Two(Vec<u16>),
    Four(Vec<u32>),
}

impl Default for Narrow {
    fn default() -> Self {
        Self::One(Vec::new())
    }
}

impl Narrow {
    pub fn with_capacity(n: usize) -> Self {
        Self::One(Vec::with_capacity(n))
    }
    pub fn len(&self) -> usize {
        match self {
            Self::One(v) => v.len(),
            Self::Two(v) => v.len(),
            Self::Four(v) => v.len(),
        }
    }
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// The code of a row; [`NONE`] where blank, or beyond the end.
    #[inline]
    pub fn get(&self, i: usize) -> u32 {
        match self {
            Self::One(v) => v.get(i).map_or(NONE, |c| if *c == u8::MAX { NONE } else { u32::from(*c) }),
            Self::Two(v) => v.get(i).map_or(NONE, |c| if *c == u16::MAX { NONE } else { u32::from(*c) }),
            Self::Four(v) => v.get(i).copied().unwrap_or(NONE),
        }
    }
    pub fn iter(&self) -> impl ExactSizeIterator<Item = u32> {
        (0..self.len()).map(|i| self.get(i))
    }
    /// The filled rows and their codes, in order.
    #[inline]
    pub fn each_filled(&self, mut then: impl FnMut(usize, u32)) {
        match self {
            Self::One(v) => v.iter().enumerate().filter(|(_, c)| **c != u8::MAX).for_each(|(i, c)| then(i, u32::from(*c))),
            Self::Two(v) => v.iter().enumerate().filter(|(_, c)| **c != u16::MAX).for_each(|(i, c)| then(i, u32::from(*c))),
            Self::Four(v) => v.iter().enumerate().filter(|(_, c)| **c != NONE).for_each(|(i, c)| then(i, *c)),
        }
    }
    /// Makes room for codes below `most`.
    pub fn widen(&mut self, most: usize) {
        let capacity = |v: usize, n: usize| v.max(n);
        if most > usize::from(u16::MAX) && !matches!(self, Self::Four(_)) {
            let mut wide = Vec::with_capacity(capacity(self.capacity(), self.len()));
            wide.extend(self.iter());
            *self = Self::Four(wide);
        } else if most > usize::from(u8::MAX)
            && let Self::One(v) = self
        {
            let mut wide = Vec::with_capacity(capacity(v.capacity(), v.len()));
            wide.extend(v.iter().map(|c| if *c == u8::MAX { u16::MAX } else { u16::from(*c) }));
            *self = Self::Two(wide);
        }
    }
    fn capacity(&self) -> usize {
        match self {
            Self::One(v) => v.capacity(),
            Self::Two(v) => v.capacity(),
            Self::Four(v) => v.capacity(),
        }
    }
    /// Appends codes below `most`.
    pub fn extend(&mut self, most: usize, codes: impl Iterator<Item = u32>) {
        self.widen(most);
        match self {
            Self::One(v) => v.extend(codes.map(|c| c as u8)),
            Self::Two(v) => v.extend(codes.map(|c| c as u16)),
            Self::Four(v) => v.extend(codes),
        }
    }
    /// Appends the codes of another below `most`, as they are mapped.
    pub fn extend_mapped(&mut self, most: usize, other: &Self, map: &Codemap) {
        match other {
            Self::One(v) => {
                // all it can be, looked up beforehand
                let mut codes = [NONE; 256];
                codes.iter_mut().enumerate().take(usize::from(u8::MAX)).for_each(|(i, c)| *c = map.of(i as u32));
                self.extend(most, v.iter().map(|c| codes[usize::from(*c)]));
            }
            Self::Two(v) => self.extend(most, v.iter().map(|c| if *c == u16::MAX { NONE } else { map.of(u32::from(*c)) })),
            Self::Four(v) => self.extend(most, v.iter().map(|c| map.of(*c))),
        }
    }
    /// Makes room for so many codes in all.
    pub fn reserve(&mut self, n: usize) {
        let more = n.saturating_sub(self.len());
        match self {
            Self::One(v) => v.reserve_exact(more),
            Self::Two(v) => v.reserve_exact(more),
            Self::Four(v) => v.reserve_exact(more),
        }
    }
    pub fn push(&mut self, code: u32) {
        self.extend(if code == NONE { 0 } else { code as usize + 1 }, std::iter::once(code));
    }
    /// Another code for a row that is there.
    pub fn set(&mut self, i: usize, code: u32) {
        self.widen(if code == NONE { 0 } else { code as usize + 1 });
        match self {
            Self::One(v) => v.get_mut(i).into_iter().for_each(|c| *c = code as u8),
            Self::Two(v) => v.get_mut(i).into_iter().for_each(|c| *c = code as u16),
            Self::Four(v) => v.get_mut(i).into_iter().for_each(|c| *c = code),
        }
    }
}

impl FromIterator<u32> for Narrow {
    fn from_iter<I: IntoIterator<Item = u32>>(codes: I) -> Self {
        let mut out = Self::default();
        codes.into_iter().for_each(|c| out.push(c));
        out
    }
}

/// Which code each of the codes of another dictionary is here.
#[derive(Debug)]
pub(super) enum Codemap {
    /// So much more.
    Shift(u32),
    Each(Vec<u32>),
}

impl Codemap {
    #[inline(always)]
    pub fn of(&self, code: u32) -> u32 {
        match self {
            _ if code == NONE => NONE,
            Self::Shift(by) => code + by,
            Self::Each(codes) => codes.get(code as usize).copied().unwrap_or(NONE),
        }
    }
}

/// Texts and where they are found again: open addressing over half a hash and a code a slot, so that growing reads no text.
#[derive(Debug, Default)]
pub(super) struct Dictionary {
    pub texts: Texts,
    /// Upper half: the hash; lower half: the code plus one; zero: free.
    slots: Vec<u64>,
    /// As long as the texts are numbers in order, as those of orders are, they are found by that and need no slots.
    sequence: Option<Sequence>,
}

/// The same bytes; most texts are a few words of the processor long.
#[inline(always)]
fn same(a: &[u8], b: &[u8]) -> bool {
    let word = |t: &[u8], at: usize| t.get(at..at + 8).and_then(|w| w.first_chunk()).map_or(0, |w| u64::from_ne_bytes(*w));
    match a.len() {
        n if n != b.len() => false,
        n @ 8..=16 => word(a, 0) == word(b, 0) && word(a, n - 8) == word(b, n - 8),
        n @ 17..=32 => (0..n - 8).step_by(8).all(|at| word(a, at) == word(b, at)) && word(a, n - 8) == word(b, n - 8),
        _ => a == b,
    }
}

/// Texts that are one word before numbers which only rise or only fall.
#[derive(Debug, Default)]
struct Sequence {
    hash: Hash,
    word: String,
    last: u64,
    rising: bool,
}

/// A text as a word and a number that gives the text back.
fn numbered(text: &[u8]) -> Option<(&[u8], u64)> {
    let digits = text.iter().rev().take_while(|b| b.is_ascii_digit()).count();
    let (word, number) = text.split_at(text.len() - digits);
    let plain = (1..=18).contains(&digits) && (number[0] != b'0' || digits == 1);
    plain.then(|| (word, number.iter().fold(0, |n, d| n * 10 + u64::from(d - b'0'))))
}

/// How texts are hashed: differently in every run, so that no file can be made to collide. Codes are in order of appearance all the same.
#[derive(Debug, Default, Clone)]
pub(super) struct Hash(RandomState);

impl Hash {
    #[inline]
    pub fn of(&self, bytes: &[u8]) -> u32 {
        let mut h = self.0.build_hasher();
        h.write(bytes);
        (h.finish() >> 32) as u32
    }
}

impl Dictionary {
    pub fn len(&self) -> usize {
        self.texts.len()
    }
    /// An empty one, for texts that may be numbers in order.
    pub fn in_sequence(hash: &Hash) -> Self {
        Self { sequence: Some(Sequence { hash: hash.clone(), ..Sequence::default() }), ..Self::default() }
    }
    fn find_in(&self, sequence: &Sequence, bytes: &[u8]) -> Option<u32> {
        let (_, number) = numbered(bytes).filter(|n| n.0 == sequence.word.as_bytes())?;
        let value = |code: usize| numbered(self.texts.bytes(code)).map_or(0, |n| n.1);
        if self.len() == 0 || (sequence.rising && number > sequence.last) || (!sequence.rising && number < sequence.last) {
            return None;
        }
        let (mut from, mut to) = (0, self.len());
        while from < to {
            let middle = (from + to) / 2;
            match (value(middle).cmp(&number), sequence.rising) {
                (std::cmp::Ordering::Equal, _) => return Some(middle as u32),
                (std::cmp::Ordering::Less, true) | (std::cmp::Ordering::Greater, false) => from = middle + 1,
                _ => to = middle,
            }
        }
        None
    }
    /// Whether a text goes on in order; it does, with whatever comes second.
    fn goes_on(&mut self, text: &str) -> bool {
        let (Some(sequence), Some((word, number))) = (&mut self.sequence, numbered(text.as_bytes())) else { return false };
        match self.texts.len() {
            0 => sequence.word = text[..word.len()].to_owned(),
            _ if word != sequence.word.as_bytes() => return false,
            _ if number == sequence.last => return false,
            1 => sequence.rising = number > sequence.last,
            _ if (number > sequence.last) != sequence.rising => return false,
            _ => {}
        }
        sequence.last = number;
        true
    }
    /// Whether all texts so far, of which there are some, are numbers in order.
    pub fn is_sequence(&self) -> bool {
        self.sequence.is_some() && self.len() > 1
    }
    /// The code of a text of at most sixteen bytes, with its last digit and all of it as a word, where it is a number one further than the last text,
    /// which has that code and word, and no digit but the last is another. `one` is worth one in that digit.
    #[inline(always)]
    pub fn steps(&mut self, last: u32, digit: u8, before: u128, word: u128, one: u128) -> Option<u32> {
        let len = self.texts.len();
        let sequence = self.sequence.as_mut().filter(|_| len > 1 && last as usize + 1 == len)?;
        let further = match (sequence.rising, digit) {
            (true, b'1'..=b'9') => before.wrapping_add(one) == word,
            (false, b'0'..=b'8') => word.wrapping_add(one) == before,
            _ => false,
        };
        if !further {
            return None;
        }
        sequence.last = if sequence.rising { sequence.last.saturating_add(1) } else { sequence.last.saturating_sub(1) };
        self.texts.push_like_last(digit);
        Some(len as u32)
    }
    /// The code of a text, seen or not.
    pub fn find_or_add(&mut self, how: &Hash, text: &str) -> u32 {
        if self.is_sequence() && self.goes_on(text) {
            self.texts.push(text);
            return self.texts.len() as u32 - 1;
        }
        let hash = how.of(text.as_bytes());
        self.find(hash, text.as_bytes()).unwrap_or_else(|| self.add(hash, text))
    }
    /// Adds those of the texts of another that are not here yet, in their order; which code each of its codes becomes.
    pub fn append(&mut self, other: Self, how: &Hash) -> Codemap {
        let alike = self.is_sequence() && other.is_sequence();
        if let (true, Some(here), Some(there)) = (alike, &self.sequence, &other.sequence)
            && (&here.word, here.rising) == (&there.word, there.rising)
            && let Some(text) = other.texts.get(0)
        {
            // where its first text is our last, now or already, those behind it go on from there
            let first = self.find_or_add(how, text);
            if let Some(here) = self.sequence.as_mut().filter(|_| first as usize + 1 == self.texts.len()) {
                here.last = there.last;
                self.texts.extend_behind_first(&other.texts);
                return Codemap::Shift(first);
            }
        }
        self.expect((self.len() + other.len()) as u64);
        Codemap::Each(other.texts.iter().map(|t| self.find_or_add(how, t)).collect())
    }
    /// The code of a text that was seen.
    #[inline]
    pub fn find(&self, hash: u32, bytes: &[u8]) -> Option<u32> {
        if let Some(sequence) = &self.sequence {
            return self.find_in(sequence, bytes);
        }
        let mask = self.slots.len().checked_sub(1)?;
        let mut at = hash as usize & mask;
        loop {
            let slot = self.slots[at];
            if slot == 0 {
                return None;
            }
            if (slot >> 32) as u32 == hash {
                let code = slot as u32 - 1;
                if same(self.texts.bytes(code as usize), bytes) {
                    return Some(code);
                }
            }
            at = (at + 1) & mask;
        }
    }
    /// Adds a text that [`find`](Self::find) does not find.
    pub fn add(&mut self, hash: u32, text: &str) -> u32 {
        if self.sequence.is_some() {
            if self.goes_on(text) {
                self.texts.push(text);
                return self.texts.len() as u32 - 1;
            }
            if let Some(sequence) = self.sequence.take() {
                self.resize((self.len() * 2).next_power_of_two().max(64));
                for code in 0..self.len() {
                    put(&mut self.slots, u64::from(sequence.hash.of(self.texts.bytes(code))) << 32 | (code as u64 + 1));
                }
            }
        }
        if (self.len() + 1) * 4 > self.slots.len() * 3 {
            self.grow();
        }
        let code = self.texts.len() as u32;
        self.texts.push(text);
        put(&mut self.slots, u64::from(hash) << 32 | u64::from(code + 1));
        code
    }
    /// Makes room for so many, if it has to grow at all before long.
    pub fn expect(&mut self, texts: u64) {
        let slots = (texts.saturating_mul(4) / 3 + 1).next_power_of_two();
        if self.sequence.is_none() && (self.len() + 1) * 2 > self.slots.len() && slots > self.slots.len() as u64 {
            self.resize(slots as usize);
        }
    }
    fn grow(&mut self) {
        self.resize((self.slots.len() * 2).max(64));
    }
    fn resize(&mut self, slots: usize) {
        let mut wide = vec![0; slots];
        self.slots.iter().filter(|s| **s != 0).for_each(|s| put(&mut wide, *s));
        self.slots = wide;
    }
    /// The texts alone, as they are read: without the apostrophe that keeps digits as text.
    pub fn into_texts(mut self) -> Texts {
        self.slots = Vec::new();
        let mut texts = self.texts.bared();
        texts.shrink();
        texts
    }
}

fn put(slots: &mut [u64], slot: u64) {
    let mask = slots.len() - 1;
    let mut at = (slot >> 32) as usize & mask;
    while slots[at] != 0 {
        at = (at + 1) & mask;
    }
    slots[at] = slot;
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(crate::base::cases::cases(256))]
        #[test]
        fn codes_keep_their_values_however_narrow(codes in prop::collection::vec(prop_oneof![Just(NONE), 0u32..300, 0u32..70_000], 0..200)) {
            let narrow: Narrow = codes.iter().copied().collect();
            prop_assert_eq!(narrow.iter().collect::<Vec<_>>(), codes.clone());
            prop_assert_eq!(narrow.get(codes.len()), NONE);
            let mut filled = Vec::new();
            narrow.each_filled(|i, c| filled.push((i, c)));
            prop_assert_eq!(filled, codes.iter().copied().enumerate().filter(|(_, c)| *c != NONE).collect::<Vec<_>>());
        }

        #[test]
        fn the_same_bytes_are_the_same(a in prop::collection::vec(0u8..2, 0..40), at in 0usize..40) {
            let mut b = a.clone();
            prop_assert!(same(&a, &b));
            b.get_mut(at).into_iter().for_each(|b| *b ^= 1);
            prop_assert_eq!(same(&a, &b), a == b);
        }

        #[test]
        fn a_dictionary_finds_what_was_added(texts in prop::collection::vec("[a-c']{0,4}", 0..300), from in any::<u32>(), step in -3i64..4, some in 0usize..300, sequence: bool) {
            let hash = Hash::default();
            let (mut d, mut codes) = (Dictionary::default(), std::collections::BTreeMap::new());
            let mut texts = texts;
            if sequence {
                // numbers in order, some of them again, before the others
                d = Dictionary::in_sequence(&hash);
                let number = |i: usize| format!("#{}", (i64::from(from) + step * i as i64).max(0));
                texts.splice(0..0, (0..some).map(|i| number(if i % 7 == 3 { i / 2 } else { i })));
            }
            for t in &texts {
                let h = hash.of(t.as_bytes());
                let code = d.find(h, t.as_bytes()).unwrap_or_else(|| d.add(h, t));
                prop_assert_eq!(*codes.entry(t.clone()).or_insert(code), code);
            }
            prop_assert_eq!(d.len(), codes.len());
            let bare = d.into_texts();
            for (t, code) in codes {
                prop_assert_eq!(bare.get(code as usize), Some(crate::history::number::as_meant(&t)));
            }
        }
    }
}
