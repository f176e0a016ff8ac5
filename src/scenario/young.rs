//! What a plan's forecasts know beside each series' own past: what is known ahead, what trees over all series say, and for young items the season of their category.

use super::engine::{Engine, fit_options};
use super::known::Ready;
use super::load::Inputs;
use super::memory::Key;
use super::plan::Plan;
use super::pooled::Trees;
use super::resolve::{Categories, Stocked};
use crate::base::{Cancelled, Control, Diagnostic};
use crate::forecast::Choice;
use crate::forecast::kin::Kin;
use crate::history::{History, Measured};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The season of categories, if any is borne out, with a hash of what it was learned from.
type KeyedKin = (Arc<Option<Kin>>, u64);

/// What forecasts know beside each series' own past.
#[derive(Debug, Clone, Default)]
pub(super) struct Beside {
    /// Events and columns known ahead.
    pub known: Option<Arc<Ready>>,
    /// The season of categories, for young items, with a hash of what it was learned from.
    pub kin: Option<KeyedKin>,
    /// Trees over all series.
    pub trees: Trees,
}

impl Engine {
    /// What the forecasts of `wanted` know beside each series' own past.
    pub(super) fn beside<'a>(
        &self,
        inputs: &Inputs,
        plan: &Plan,
        wanted: impl IntoIterator<Item = &'a Stocked>,
        control: &dyn Control,
    ) -> Result<Beside, Cancelled> {
        let known = self.known(inputs, plan, control)?;
        let kin = self.kin(inputs, plan, control)?;
        let trees = match &inputs.history {
            Some(history) => self.trees(history, plan, (known.as_deref(), kin.as_ref().map(|k| k.1)), wanted, control)?,
            None => Trees::default(),
        };
        Ok(Beside { known, kin, trees })
    }

    fn kin(&self, inputs: &Inputs, plan: &Plan, control: &dyn Control) -> Result<Option<KeyedKin>, Cancelled> {
        let automatic = matches!(Choice::parse(&plan.forecast.model), Some(Choice::Auto));
        let units = |h: &&History| automatic && h.measured == Measured::Units && Kin::may_help(h);
        let Some(history) = inputs.history.as_ref().filter(units) else { return Ok(None) };
        let categories = Categories::of(&inputs.masters);
        let mut names: BTreeMap<&str, usize> = BTreeMap::new();
        let kinds: Vec<Option<usize>> = history
            .series
            .iter()
            .map(|s| {
                let next = names.len();
                categories.get(s).map(|c| *names.entry(c).or_insert(next))
            })
            .collect();
        if names.is_empty() {
            return Ok(None);
        }
        let options = fit_options(plan, plan.periods + plan.warm_up);
        let mut key = Key::default().with("kin").with(history.period).debug(&options);
        for (s, kind) in history.series.iter().zip(&kinds) {
            // quick, since a moving slider asks too
            let content =
                s.y.iter().fold(0xcbf2_9ce4_8422_2325u64, |h, v| (h ^ v.to_bits()).wrapping_mul(0x0100_0000_01b3).rotate_left(23));
            key = key.with((&*s.unique_id, s.start, s.y.len(), content, kind));
        }
        let key = key.done();
        let kin = self.kin.get_or(key, || Kin::learn(history, &kinds, &options, control))?;
        Ok(kin.is_some().then_some((kin, key)))
    }
}

impl Beside {
    /// How many young items learn from others.
    pub fn say(&self) -> Option<Diagnostic> {
        let young = self.kin.as_ref()?.0.as_ref().as_ref()?.young();
        let items = if young == 1 { "1 item is".to_owned() } else { format!("{young} items are") };
        Some(Diagnostic::info(
            "season-of-category",
            format!(
                "{items} too new to have shown a season and may take that of their category, where held-out periods of older items come out better so"
            ),
        ))
    }
}
