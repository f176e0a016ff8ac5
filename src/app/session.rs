//! The open project and everything computed from it. Places read it; only [`super::shell`] changes it, when a message comes in.

use super::format::Money;
use super::rows::Row;
use crate::base::{Calendar, Diagnostic};
use crate::project::Project;
use crate::scenario::{Comparison, Engine, Inputs, Outcome, Plan, ReplayOutcome, SeriesOutcome};
use std::collections::BTreeMap;
use std::sync::Arc;

/// An open project.
pub struct Session {
    /// The document and its file.
    pub project: Project,
    /// Remembers what it computed.
    pub engine: Arc<Engine>,
    /// What the last run read.
    pub inputs: Arc<Inputs>,
    /// How money is written.
    pub money: Money,
    /// The last finished run.
    pub outcome: Option<Arc<Outcome>>,
    /// The revision of the document that it belongs to.
    pub outcome_revision: u64,
    /// One line a series; replaced line by line while a run goes on.
    pub rows: Vec<Row>,
    /// Grows whenever `rows` changes, for lists that keep an order of their own.
    pub rows_stamp: u64,
    /// Lines already replaced by the run that goes on.
    pub fresh: usize,
    /// What replay found, or why it could not.
    pub replay: Option<Result<Arc<ReplayOutcome>, Vec<Diagnostic>>>,
    /// The revision that it belongs to.
    pub replay_revision: u64,
    /// What it was computed from: orders decided since then do not change the past.
    pub replayed: Option<super::work::Past>,
    /// One item under the sliders.
    pub explored: Option<Explored>,
    /// Other scenarios' outcomes by their number, with the revision they belong to.
    pub others: BTreeMap<u64, (u64, Arc<Outcome>)>,
    /// Paired differences of two scenarios, with the revision they belong to.
    pub comparisons: BTreeMap<(u64, u64), (u64, Arc<Comparison>)>,
}

/// The answer to a question about one item.
#[derive(Clone)]
pub struct Explored {
    /// Of which series.
    pub unique_id: Arc<str>,
    /// Under which assumptions.
    pub plan: Arc<Plan>,
    /// What was found.
    pub result: Result<Arc<SeriesOutcome>, Vec<Diagnostic>>,
    /// How long it took, seconds.
    pub seconds: f32,
}

impl Session {
    /// A project just opened: nothing computed yet.
    pub fn new(project: Project, inputs: Arc<Inputs>, engine: Arc<Engine>) -> Self {
        let money = Money { currency: inputs.currency() };
        Self {
            project,
            engine,
            inputs,
            money,
            outcome: None,
            outcome_revision: 0,
            rows: Vec::new(),
            rows_stamp: 0,
            fresh: 0,
            replay: None,
            replay_revision: 0,
            replayed: None,
            explored: None,
            others: BTreeMap::new(),
            comparisons: BTreeMap::new(),
        }
    }

    /// The active scenario's plan as it is run: with what was set by hand for single items.
    pub fn plan(&self) -> Plan {
        self.project.document().plan()
    }

    /// True while what is shown does not follow from what is assumed.
    pub fn is_stale(&self) -> bool {
        self.outcome.is_some() && self.outcome_revision != self.project.revision()
    }

    /// The calendar of the simulated periods.
    pub fn calendar(&self) -> Option<Calendar> {
        let o = self.outcome.as_ref()?;
        Some(Calendar::new(o.period, o.now?))
    }

    /// The outcome of one series by its name.
    pub fn series(&self, unique_id: &str) -> Option<&SeriesOutcome> {
        self.outcome.as_ref()?.series.iter().find(|s| &*s.stocked.unique_id == unique_id)
    }

    /// The line of one series by its name.
    pub fn row(&self, unique_id: &str) -> Option<&Row> {
        self.rows.iter().find(|r| &*r.unique_id == unique_id)
    }

    /// Errors and warnings of the import and of the last run, the worst first.
    pub fn problems(&self) -> Vec<&Diagnostic> {
        let imported = self.project.document().sales.iter().flat_map(|s| &s.notes);
        let ran = self.outcome.iter().flat_map(|o| &o.diagnostics);
        let mut all: Vec<&Diagnostic> = imported.chain(ran).collect();
        all.sort_by_key(|d| std::cmp::Reverse(d.severity));
        all
    }
}
