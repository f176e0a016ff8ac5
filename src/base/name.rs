//! Stable words of the program (`date-unreadable`, `csv`) that come back from a file as the `&'static str` they went out as.

use serde::{Deserialize, Deserializer};
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// A stable word of the program. An alias, since serde lends a field that is written `&'static str` only from static input.
pub type Name = &'static str;

/// No release knows more words; a file that brings more is not one of ours.
const MOST: usize = 4096;
/// No word of ours is longer.
const LONGEST: usize = 100;

/// Words read so far. They live as long as the program, so each is kept once and their number is bounded.
static READ: Mutex<BTreeSet<Name>> = Mutex::new(BTreeSet::new());

/// The one lasting copy of `word`; `unknown` for what cannot be a word of the program.
pub fn lasting(word: &str) -> Name {
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = read.get(word) {
        return known;
    }
    if word.len() > LONGEST || read.len() >= MOST {
        return "unknown";
    }
    let kept: Name = Box::leak(word.into());
    read.insert(kept);
    kept
}

/// For `#[serde(deserialize_with)]`.
///
/// # Errors
/// What the format says of a value that is no string.
pub fn read<'de, D: Deserializer<'de>>(d: D) -> Result<Name, D::Error> {
    String::deserialize(d).map(|w| lasting(&w))
}

/// For `#[serde(deserialize_with)]`.
///
/// # Errors
/// What the format says of a value that is neither a string nor absent.
pub fn read_option<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Name>, D::Error> {
    Option::<String>::deserialize(d).map(|w| w.map(|w| lasting(&w)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_kept_once() {
        let (a, b) = (lasting("date-unreadable"), lasting(&String::from("date-unreadable")));
        assert!(std::ptr::eq(a, b));
        assert_eq!(lasting(&"x".repeat(LONGEST + 1)), "unknown");
    }
}
