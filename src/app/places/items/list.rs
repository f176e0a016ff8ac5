//! Which lines show, in which order: filters, search words and sorting, made anew only when one of them changes.

use super::columns::{self, Col};
use crate::app::rows::{Row, Status};
use crate::app::session::Session;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// What is asked of the list.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// Words of which all must be there; commas separate alternatives.
    pub search: String,
    /// Only these; all where it is empty.
    pub statuses: Vec<Status>,
    /// Only those with something set by hand or for the scenario.
    pub touched: bool,
    /// Column and whether the largest comes first.
    pub sort: (Col, bool),
}

impl Default for Query {
    fn default() -> Self {
        Self { search: String::new(), statuses: Vec::new(), touched: false, sort: (Col::AtStake, true) }
    }
}

/// The lines that show.
#[derive(Debug, Default)]
pub struct List {
    /// Positions in the session's rows.
    pub order: Vec<u32>,
    /// How many lines the search leaves, by status.
    pub counts: [usize; Status::ALL.len()],
    /// How many of them have something set for them.
    pub touched_count: usize,
    /// Series with something set for them alone.
    touched: HashSet<Arc<str>>,
    place: HashMap<Arc<str>, u32>,
    /// Columns that would say the same of every line.
    pub idle: Vec<Col>,
    made_for: Option<(u64, u64, usize, Query)>,
}

/// The search, ready to be asked of many lines: alternatives of words, lower case.
fn wanted(search: &str) -> Vec<Vec<String>> {
    search
        .to_lowercase()
        .split([',', ';', '\n'])
        .map(|part| part.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
        .filter(|words| !words.is_empty())
        .collect()
}

fn fits(r: &Row, wanted: &[Vec<String>]) -> bool {
    wanted.is_empty() || wanted.iter().any(|words| words.iter().all(|w| r.haystack.contains(w.as_str())))
}

/// Columns that tell no line from another: the only location, no category, nobody's supplier.
fn idle(rows: &[Row]) -> Vec<Col> {
    let same = |of: fn(&Row) -> &Arc<str>| rows.first().is_none_or(|first| rows.iter().all(|r| of(r) == of(first)));
    [(Col::Location, same(|r| &r.location)), (Col::Supplier, same(|r| &r.supplier)), (Col::Category, same(|r| &r.category))]
        .into_iter()
        .filter_map(|(col, same)| same.then_some(col))
        .collect()
}

impl List {
    /// Brings the list up to date. While a run replaces lines one by one the order stays, so that nothing jumps under the pointer.
    pub fn arrange(&mut self, session: &Session, query: &Query, running: bool) {
        let (stamp, revision, rows) = (session.rows_stamp, session.project.revision(), session.rows.len());
        if let Some((s, r, n, q)) = &self.made_for
            && (*s == stamp || running)
            && (*r, *n) == (revision, rows)
            && q == query
        {
            return;
        }
        if self.made_for.as_ref().is_none_or(|(s, _, n, _)| (*s, *n) != (stamp, rows)) {
            self.place = session.rows.iter().zip(0..).map(|(r, i)| (r.unique_id.clone(), i)).collect();
            self.idle = idle(&session.rows);
        }
        if self.made_for.as_ref().is_none_or(|(_, r, _, _)| *r != revision) {
            let document = session.project.document();
            let set = document.active().plan.adjust.iter().filter_map(|a| a.unique_id.as_deref().map(Arc::from));
            self.touched = set.chain(document.overrides.iter().map(|o| o.unique_id.clone())).collect();
        }
        self.made_for = Some((stamp, revision, rows, query.clone()));
        let wanted = wanted(&query.search);
        self.counts = [0; Status::ALL.len()];
        self.touched_count = 0;
        self.order.clear();
        for (r, i) in session.rows.iter().zip(0u32..) {
            if !fits(r, &wanted) {
                continue;
            }
            if let Some(n) = self.counts.get_mut(r.status as usize) {
                *n += 1;
            }
            let touched = self.touched.contains(&r.unique_id);
            self.touched_count += usize::from(touched);
            if (query.statuses.is_empty() || query.statuses.contains(&r.status)) && (touched || !query.touched) {
                self.order.push(i);
            }
        }
        let (column, down) = query.sort;
        let rows = &session.rows;
        self.order.sort_by(|a, b| match (rows.get(*a as usize), rows.get(*b as usize)) {
            (Some(a), Some(b)) => column.compare(a, b, down),
            _ => std::cmp::Ordering::Equal,
        });
    }

    /// The lines that show, in order.
    pub fn rows<'a>(&'a self, session: &'a Session) -> impl Iterator<Item = &'a Row> {
        self.order.iter().filter_map(|i| session.rows.get(*i as usize))
    }

    /// The line at a place of the list.
    pub fn at<'a>(&self, session: &'a Session, place: usize) -> Option<&'a Row> {
        session.rows.get(*self.order.get(place)? as usize)
    }

    /// The line of a series.
    pub fn row<'a>(&self, session: &'a Session, unique_id: &str) -> Option<&'a Row> {
        session.rows.get(*self.place.get(unique_id)? as usize)
    }

    /// Where a series stands in the list.
    pub fn place_of(&self, unique_id: &str) -> Option<usize> {
        let at = *self.place.get(unique_id)?;
        self.order.iter().position(|i| *i == at)
    }

    /// True where something is set for this series alone.
    pub fn is_touched(&self, unique_id: &str) -> bool {
        self.touched.contains(unique_id)
    }

    /// What all lines that show have at stake, money.
    pub fn at_stake(&self, session: &Session) -> f64 {
        self.rows(session).map(columns::at_stake).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_takes_words_and_alternatives() {
        assert_eq!(wanted("  "), Vec::<Vec<String>>::new());
        assert_eq!(wanted("Green TEA"), vec![vec!["green".to_owned(), "tea".to_owned()]]);
        assert_eq!(wanted("A1, b2,,"), vec![vec!["a1".to_owned()], vec!["b2".to_owned()]]);
    }
}
