//! A large text gone through once: its records are found as [`survey`](super::survey) finds them, and the columns that its beginning shows to mean
//! something are coded on the way. Where the rest of the file is other than its beginning, what was coded is thrown away and nothing is lost but time.

use super::cells::{Divider, Follow};
use super::coder::{Coder, Column, Part, Want, joined};
use super::number;
use super::records::{Dialect, STRAY, Seen, Walk};
use super::source::Encoding;
use super::store::Store;
use super::survey::{MAX_RECORD, Sizes, Survey, fits};
use super::texts::Hash;
use super::zone::Clock;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

/// Columns of a text that will be asked for, by their place.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    pub codes: Vec<usize>,
    /// The column of moments, and the time zone whose clock tells them.
    pub moments: Option<(usize, Option<String>)>,
}

/// A text, how it is written, and what its beginning shows.
pub(super) struct Look<'a> {
    pub store: &'a Store,
    /// Where its first record begins.
    pub from: u64,
    pub dialect: Dialect,
    pub encoding: Encoding,
    /// It is known to be of an encoding in which every byte may stand.
    pub checked: bool,
    pub sizes: Sizes,
    /// The first record that is a row, and how many columns the table has.
    pub first: u32,
    pub width: u32,
    /// About how many bytes a record has.
    pub record: usize,
}

/// Columns coded ahead.
#[derive(Debug)]
pub(super) struct Ahead {
    pub columns: BTreeMap<usize, Column>,
    /// The zone whose clock told the moments.
    pub zone: Option<String>,
    /// What was taken for the first row, for the width of the table, and for no rows.
    pub first: u32,
    pub width: u32,
    pub left_out: Vec<u32>,
}

/// Goes through a text. `None` where that has to be done more carefully.
pub(super) fn survey(look: &Look<'_>, wanted: &Wanted) -> Option<(Survey, Ahead)> {
    let clock = wanted.moments.as_ref().and_then(|m| m.1.as_deref()).and_then(Clock::of);
    let mut wants: BTreeMap<usize, Want<'_>> = wanted.codes.iter().map(|c| (*c, Want::Codes)).collect();
    wants.extend(wanted.moments.as_ref().map(|m| (m.0, Want::Moments(clock.as_ref()))));
    let wants: Vec<(usize, Want<'_>)> = wants.into_iter().collect();
    let hash = Hash::default();
    let bytes = look.store.len().checked_sub(look.from)?;
    let stretches = (4 * rayon::current_num_threads() as u64).min(bytes / look.sizes.block as u64).max(1);
    let border = |k: u64| look.from + bytes * k / stretches;
    let starts: Vec<u64> = (0..stretches).map(|k| if k == 0 { Some(look.from) } else { look.start(border(k)) }).collect::<Option<_>>()?;
    let given_up = AtomicBool::new(false);
    let read: Option<Vec<Stretch>> = starts
        .par_iter()
        .enumerate()
        .with_max_len(1)
        .map(|(k, start)| {
            let stop = border(k as u64 + 1);
            let first = if k == 0 { look.first } else { 0 };
            let read = look.stretch(*start, stop, first, &wants, &hash, &given_up);
            if read.is_none() {
                given_up.store(true, Ordering::Relaxed);
            }
            read
        })
        .collect();
    let mut survey = Survey::from(look.from);
    let (mut left_out, mut rows) = (Vec::new(), 0);
    let mut columns: Vec<Vec<Part>> = wants.iter().map(|_| Vec::with_capacity(starts.len())).collect();
    for (part, start) in read?.into_iter().zip(&starts) {
        if survey.end != *start {
            return None;
        }
        left_out.extend(part.left_out.iter().map(|r| r + survey.records));
        survey.append(part.survey);
        rows += part.rows;
        columns.iter_mut().zip(part.columns).for_each(|(c, p)| c.push(p));
    }
    survey.stray.truncate(STRAY);
    let columns: Vec<Column> = columns.into_par_iter().with_max_len(1).map(|parts| joined(parts, rows, &hash)).collect();
    let columns = wants.iter().map(|w| w.0).zip(columns).collect();
    let zone = wanted.moments.as_ref().and_then(|m| m.1.clone());
    Some((survey, Ahead { columns, zone, first: look.first, width: look.width, left_out }))
}

/// What came of one stretch: records, lines and rows counted from its own first.
struct Stretch {
    survey: Survey,
    left_out: Vec<u32>,
    rows: usize,
    columns: Vec<Part>,
}

/// Records looked at behind a line end, and line ends tried.
const ALIKE: usize = 8;
const TRIED: usize = 64;

impl Look<'_> {
    /// Where the first record begins that begins at `at` or later, as far as can be told from there: behind a line end; and where there are quotes, behind one
    /// with a record of the table's width, for there are line ends in quoted cells too.
    fn start(&self, at: u64) -> Option<u64> {
        let window = self.store.window(at - 1, 256 << 10);
        let ends = window.iter().enumerate().filter(|(p, b)| **b == b'\n' || **b == b'\r' && window.get(p + 1) != Some(&b'\n'));
        let begins: Vec<usize> = ends.map(|(p, _)| p + 1).take(TRIED).collect();
        let first = *begins.first()?;
        let fitting = begins.into_iter().find(|begin| self.fits(&window, *begin)).unwrap_or(first);
        let quoted = window[first..fitting].contains(&self.dialect.quote);
        Some(at - 1 + if quoted { fitting } else { first } as u64)
    }

    /// A record of the table's width begins there, and most of those behind it are of it too.
    fn fits(&self, text: &[u8], begin: usize) -> bool {
        let mut walk = Walk::new(text, self.dialect, begin);
        let (mut at, mut fitting) = (begin, 0);
        for seen in 0..ALIKE {
            let record = walk.skip(at);
            if record.next >= text.len() {
                return seen == fitting;
            }
            fitting += usize::from(record.fields == self.width && record.closed && record.stray == 0);
            if fitting == 0 {
                return false;
            }
            at = record.next;
        }
        2 * fitting > ALIKE
    }

    /// The records that begin in `start..stop`, of which the first ones may be no rows.
    fn stretch(
        &self,
        start: u64,
        stop: u64,
        first: u32,
        wants: &[(usize, Want<'_>)],
        hash: &Hash,
        given_up: &AtomicBool,
    ) -> Option<Stretch> {
        let stop = stop.min(self.store.len());
        let about = stop.saturating_sub(start) as usize / self.record.max(1);
        let mut coders: Vec<Coder<'_>> = wants.iter().map(|(_, w)| Coder::new(*w, self.encoding, hash, about + about / 16)).collect();
        let mut divider = Divider::new(self.dialect, wants.iter().map(|w| w.0).collect());
        let survey = Survey::from(start);
        let mut track =
            Track { look: self, first, survey, left_out: Vec::new(), base: start, stop, len: 0, whole: false, rows: 0, endless: false };
        // more than usual for a record that does not end within a block
        let mut most = None;
        while track.survey.end < stop {
            if given_up.load(Ordering::Relaxed) {
                return None;
            }
            // the last record may end beyond
            let base = track.survey.end;
            let usual = self.sizes.block.min((stop - base) as usize + 4 * self.record + 1024);
            let window = self.store.window(base, most.unwrap_or(usual));
            (track.base, track.len, track.whole) = (base, window.len(), base + window.len() as u64 >= self.store.len());
            let at = divider.each(&window, &mut track, |strip| {
                coders.iter_mut().enumerate().for_each(|(i, c)| c.take(&window, self.dialect, strip, i));
            });
            if track.endless || !divider.is_ascii() && fits(&window[..at], self.checked).is_err() {
                return None;
            }
            track.survey.end = base + at as u64;
            most = (at == 0).then(|| (window.len() * 8).clamp(1 << 12, MAX_RECORD + 2));
            if at == 0 && window.len() > MAX_RECORD {
                return None;
            }
        }
        let rows = track.rows;
        // the header is in the first stretch, or there is more of it than a beginning shows
        let enough = track.survey.records >= first;
        enough.then(|| Stretch {
            survey: track.survey,
            left_out: track.left_out,
            rows,
            columns: coders.into_iter().map(|c| c.done(rows)).collect(),
        })
    }
}

/// Follows a stretch window by window.
struct Track<'a> {
    look: &'a Look<'a>,
    first: u32,
    survey: Survey,
    left_out: Vec<u32>,
    /// Where the window begins, where records of others do, how long it is, and whether it reaches to the end of the text.
    base: u64,
    stop: u64,
    len: usize,
    whole: bool,
    rows: usize,
    endless: bool,
}

impl Follow for Track<'_> {
    #[inline(always)]
    fn wanted(&mut self, at: usize) -> Option<bool> {
        (self.base + (at as u64) < self.stop).then_some(self.survey.records >= self.first)
    }

    #[inline(always)]
    fn seen(&mut self, at: usize, seen: &Seen, text: &[u8]) -> Option<bool> {
        if seen.next >= self.len && !self.whole {
            return None;
        }
        if seen.end - at > MAX_RECORD {
            self.endless = true;
            return None;
        }
        let record = self.survey.records;
        let is_row = record >= self.first && (seen.fields <= self.look.width || !self.goes_beyond(at, seen, text));
        if !is_row && record >= self.first {
            self.left_out.push(record);
        }
        self.survey.add(self.base + at as u64, seen, self.look.sizes);
        self.rows += usize::from(is_row);
        Some(is_row)
    }

    fn blank(&mut self, at: usize, next: usize) -> bool {
        let mine = self.base + (at as u64) < self.stop && (next < self.len || self.whole);
        if mine {
            self.survey.blank_line();
        }
        mine
    }
}

impl Track<'_> {
    /// There is something beyond the table's last column.
    #[cold]
    fn goes_beyond(&self, at: usize, seen: &Seen, text: &[u8]) -> bool {
        let Some(text) = text.get(..seen.end) else { return false };
        let mut beyond = false;
        Walk::new(text, self.look.dialect, at).record(at, |i, f| {
            beyond |= i >= self.look.width && !number::is_blank(&self.look.encoding.text(f.cut(text, self.look.dialect)));
        });
        beyond
    }
}

#[cfg(test)]
mod tests {
    use super::super::raw::{Body, Raw};
    use super::*;
    use crate::history::survey;
    use proptest::prelude::*;
    use std::sync::Arc;

    proptest! {
        #![proptest_config(crate::base::cases::cases(600))]

        /// Where a text is coded on the first way through it, records, lines and cells are those of going through it twice.
        #[test]
        fn going_once_is_going_twice(
            lines in prop::collection::vec(prop_oneof![
                12 => "[a-c]{1,3},[0-9]{1,2},2026-0[1-9]-1[0-9]",
                1 => "\"[a-c\n]{0,4}\",[0-9],[0-9]{2}\\.02\\.2026",
                1 => "|  |é,7,2026-01-01|a,1|a,1,2026-01-01,|a,1,2026-01-01,z|\"a\"b,2,\"2026-01-01",
            ], 30..120),
            block in 40usize..120,
            crlf: bool,
            first in 0u32..3,
        ) {
            let text = lines.join(if crlf { "\r\n" } else { "\n" });
            let dialect = Dialect { delimiter: b',', quote: b'"', backslash: false };
            let sizes = Sizes { block, stretch: 3, ahead: 0 };
            let store = Store::Memory(text.clone().into_bytes());
            let look = Look { store: &store, from: 0, dialect, encoding: Encoding::Utf8, checked: false, sizes, first, width: 3, record: 12 };
            let wanted = Wanted { codes: vec![0, 1], moments: Some((2, None)) };
            let want = survey::survey(&store, 0, dialect, false, sizes).unwrap();
            let plain = lines.iter().all(|l| !l.contains('"'));
            let Some((got, ahead)) = super::survey(&look, &wanted) else {
                // only quotes can hide where a record begins
                prop_assert!(!plain);
                return Ok(());
            };
            prop_assert_eq!((got.records, got.end, got.unclosed), (want.records, want.end, want.unclosed));
            prop_assert_eq!((&got.lines, &got.widths, &got.stray), (&want.lines, &want.widths, &want.stray));
            let mut body = Body::new(Store::Memory(text.into_bytes()), Encoding::Utf8, dialect, &want, first, sizes);
            body.leave_out(ahead.left_out.clone());
            let beyond = |r: &u32| *r >= first && body.record(*r).iter().skip(3).any(|c| !number::is_blank(c));
            prop_assert_eq!(&ahead.left_out, &(0..want.records).filter(beyond).collect::<Vec<_>>());
            let body = Arc::new(body);
            for (i, column) in ahead.columns {
                let raw = Raw::new(body.clone(), i);
                match column {
                    Column::Coded((codes, texts)) => {
                        let (again, same) = raw.codes();
                        prop_assert!(codes.iter().eq(again.iter()) && texts.iter().eq(same.iter()));
                    }
                    Column::Moments(m) => {
                        let again = raw.moments(None);
                        prop_assert_eq!(m.at, again.at);
                        prop_assert!(m.others.iter().eq(again.others.iter()));
                    }
                }
            }
        }
    }
}
