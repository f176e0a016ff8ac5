//! What the pasts of all series say beside each series' own: trees grown over them, and how far the shape of a first year comes again.

use super::grown::{Grown, Said};
use super::last_year::{Bend, LastYear};
use crate::base::{Cancelled, Control};
use crate::forecast::fitted::{Choice, FitOptions, SeriesInput};
use crate::history::History;

/// What is said of one series.
#[derive(Debug, Clone, PartialEq)]
pub struct Beside {
    /// By trees, which take a share of the mean.
    pub(crate) trees: Option<Said>,
    /// By its only year on record, which bends the mean.
    pub(crate) year: Option<Bend>,
}

/// What was learned over all series of a history.
#[derive(Debug)]
pub struct Pooled {
    trees: Option<Grown>,
    year: Option<LastYear>,
}

impl Pooled {
    /// Learns from all series, for forecasts `ahead` periods long. `None` where a model was asked for by name, or held-out periods of the series show nothing that helps.
    ///
    /// # Errors
    /// [`Cancelled`] once `control` says so.
    pub fn learn(history: &History, options: &FitOptions, ahead: usize, control: &dyn Control) -> Result<Option<Self>, Cancelled> {
        if options.model != Choice::Auto {
            return Ok(None);
        }
        let (trees, judge) = Grown::learn(history, options, ahead, control)?.map_or((None, None), |(t, j)| (Some(t), Some(j)));
        let year = LastYear::learn(history, options, ahead, judge.as_ref(), control)?;
        Ok((trees.is_some() || year.is_some()).then_some(Self { trees, year }))
    }

    /// What it says of the periods after a series, known or not when it learned; `None` where it has nothing to say.
    pub fn beside(&self, series: &SeriesInput<'_>, horizon: usize) -> Option<Beside> {
        let trees = self.trees.as_ref().and_then(|t| t.beside(series));
        let year = self.year.as_ref().and_then(|y| y.beside(series, horizon));
        (trees.is_some() || year.is_some()).then_some(Beside { trees, year })
    }
}
