//! The forecasting methods.
//!
//! Each takes a gap-free series and gives a mean path and its one-step residuals; [`Model`] names them.

use serde::Serialize;

/// A forecasting method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Model {
    /// The same season last time.
    SeasonalNaive,
    /// Dynamic optimised Theta on the seasonally adjusted series (Fiorucci et al. 2016).
    #[serde(rename = "DOT")]
    Dot,
    /// Exponential smoothing in state-space form, chosen by AICc (Hyndman et al. 2008).
    #[serde(rename = "ETS")]
    Ets,
    /// Several seasons by loess, trend by exponential smoothing (Bandara, Hyndman & Bergmeir 2021), by augurs.
    #[serde(rename = "MSTL")]
    Mstl,
    /// Teunter–Syntetos–Babai for intermittent demand (2011).
    #[serde(rename = "TSB")]
    Tsb,
    /// Intermittent multiple aggregation prediction algorithm (Petropoulos & Kourentzes 2015).
    #[serde(rename = "IMAPA")]
    Imapa,
    /// Mean of the most recent periods.
    WindowAverage,
}

impl Model {
    /// All, in reading order.
    pub const ALL: [Self; 7] = [Self::SeasonalNaive, Self::Dot, Self::Ets, Self::Mstl, Self::Tsb, Self::Imapa, Self::WindowAverage];

    /// The name used in files and on screen.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SeasonalNaive => "SeasonalNaive",
            Self::Dot => "DOT",
            Self::Ets => "ETS",
            Self::Mstl => "MSTL",
            Self::Tsb => "TSB",
            Self::Imapa => "IMAPA",
            Self::WindowAverage => "WindowAverage",
        }
    }

    /// A model by its name, in any case, with or without `-`, `_` and spaces.
    pub fn parse(text: &str) -> Option<Self> {
        let fold = |s: &str| s.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
        let wanted = fold(text);
        Self::ALL.into_iter().find(|m| fold(m.name()) == wanted)
    }
}
