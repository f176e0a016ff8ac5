//! What the engine says of the item that shows: as things stand, and under what the sliders say.

use super::own;
use crate::app::action::Action;
use crate::app::jobs::Key;
use crate::app::places::Cx;
use crate::app::toasts::sentence;
use crate::scenario::plan::Adjust;
use crate::scenario::{Plan, SeriesOutcome};
use std::sync::Arc;

/// A question that gets no answer is asked again so many times at most.
const TRIES: usize = 3;

/// Questions and answers of one item.
#[derive(Default)]
pub struct Answers {
    /// The item, the document's revision and that of the outcome, which the answers belong to.
    key: Option<(Arc<str>, u64, u64)>,
    /// The plan as it stands.
    plan: Plan,
    /// What it sets for this item alone.
    pub own: Adjust,
    /// The same with what the sliders say.
    pub draft: Adjust,
    /// As things stand; of the revision before until the new answer is there.
    pub present: Option<Arc<SeriesOutcome>>,
    present_is_new: bool,
    tries: usize,
    asked: Option<Plan>,
    /// Under what the sliders said at the last answer.
    pub what_if: Option<Arc<SeriesOutcome>>,
    /// Why there is none.
    pub problem: Option<String>,
    /// Seconds that the last answer took.
    pub seconds: f32,
    /// The last answer looked at.
    seen: Option<Arc<Plan>>,
}

impl Answers {
    /// Takes in what came, asks for what is missing.
    pub fn update(&mut self, cx: &mut Cx<'_>, id: &Arc<str>) {
        let session = cx.session;
        let key = (id.clone(), session.project.revision(), session.outcome_revision);
        if self.key.as_ref() != Some(&key) {
            let same_item = self.key.as_ref().is_some_and(|(k, ..)| k == id);
            let same_document = same_item && self.key.as_ref().is_some_and(|(_, r, _)| *r == key.1);
            self.key = Some(key);
            self.present_is_new = false;
            self.tries = 0;
            // an answer given before the change does not count
            self.seen = session.explored.as_ref().map(|e| e.plan.clone());
            if !same_item {
                self.present = None;
                self.problem = None;
            }
            if !same_document {
                self.plan = session.plan();
                self.own = own::of(&self.plan, id);
                self.draft = self.own.clone();
                (self.asked, self.what_if) = (None, None);
            } else if let Some(asked) = &self.asked {
                // what is known has changed below the sliders: ask again
                cx.act(Action::Explore { unique_id: id.clone(), plan: Box::new(asked.clone()) });
                return;
            }
        }
        self.take(cx, id);
        if self.tries < TRIES && !cx.running(Key::Item) {
            // at first, and where a question was stopped or crowded out by another
            let missing = self.asked.as_ref().or_else(|| (!self.present_is_new).then_some(&self.plan));
            if let Some(plan) = missing {
                self.tries += 1;
                cx.act(Action::Explore { unique_id: id.clone(), plan: Box::new(plan.clone()) });
            }
        }
    }

    fn take(&mut self, cx: &Cx<'_>, id: &Arc<str>) {
        let Some(e) = cx.session.explored.as_ref().filter(|e| e.unique_id == *id) else { return };
        if self.seen.as_ref().is_some_and(|s| Arc::ptr_eq(s, &e.plan)) {
            return;
        }
        self.seen = Some(e.plan.clone());
        let is_present = *e.plan == self.plan;
        let is_asked = self.asked.as_ref() == Some(&*e.plan);
        if !is_present && !is_asked {
            return;
        }
        self.seconds = e.seconds;
        match &e.result {
            Ok(found) => {
                self.problem = None;
                if is_present {
                    self.present = Some(found.clone());
                    self.present_is_new = true;
                }
                if is_asked {
                    self.what_if = Some(found.clone());
                    self.asked = None;
                }
            }
            Err(problems) => {
                self.problem = problems.first().map(|d| sentence(&d.message));
                self.present_is_new |= is_present;
                if is_asked {
                    self.asked = None;
                }
            }
        }
    }

    /// The sliders moved: ask.
    pub fn ask(&mut self, cx: &mut Cx<'_>, id: &Arc<str>) {
        let plan = own::plan_with(self.plan.clone(), id, &self.draft);
        self.asked = Some(plan.clone());
        self.tries = 0;
        cx.act(Action::Explore { unique_id: id.clone(), plan: Box::new(plan) });
    }

    /// The sliders go back to where things stand.
    pub fn reset(&mut self) {
        self.draft = self.own.clone();
        (self.asked, self.what_if, self.problem) = (None, None, None);
    }

    /// True where the sliders say something else than what stands.
    pub fn is_moved(&self) -> bool {
        self.draft != self.own
    }

    /// True while an answer about the sliders is on its way.
    pub const fn is_waiting(&self) -> bool {
        self.asked.is_some()
    }

    /// The plan as it stands.
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// What to draw: under the sliders where they say something, else as things stand.
    pub fn shown(&self) -> Option<&Arc<SeriesOutcome>> {
        if self.is_moved() { self.what_if.as_ref().or(self.present.as_ref()) } else { self.present.as_ref() }
    }
}
