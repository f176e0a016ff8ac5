//! The forecasting methods.
//!
//! Each takes a gap-free series and gives a mean path and its one-step residuals; [`Model`] names them.

pub(crate) mod arima;
pub(crate) mod ces;
pub(crate) mod ets;
pub(crate) mod intermittent;
pub(crate) mod mstl;
pub(crate) mod profile;
#[cfg(test)]
mod reference;
pub(crate) mod simple;
pub(crate) mod theta;
pub(crate) mod year;

use serde::{Deserialize, Serialize};

/// A forecasting method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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
    /// Standard Theta, θ = 2 (Assimakopoulos & Nikolopoulos 2000).
    Theta,
    /// Theta with θ estimated (Fiorucci et al. 2016).
    OptimisedTheta,
    /// Dynamic standard Theta (Fiorucci et al. 2016).
    DynamicTheta,
    /// Complex exponential smoothing (Svetunkov, Kourentzes & Ord 2022).
    #[serde(rename = "CES")]
    Ces,
    /// Seasonal ARIMA of automatic order (Hyndman & Khandakar 2008).
    #[serde(rename = "ARIMA")]
    Arima,
    /// Croston's method for intermittent demand (1972).
    Croston,
    /// Croston's method without its bias (Syntetos & Boylan 2005).
    #[serde(rename = "SBA")]
    Sba,
    /// Aggregate–disaggregate intermittent demand approach (Nikolopoulos et al. 2011).
    #[serde(rename = "ADIDA")]
    Adida,
    /// The shape of the last two seasons at today's level.
    YearOnYear,
    /// The mean of the same places of earlier seasons, for what sells in one season only.
    SeasonProfile,
}

impl Model {
    /// All, in reading order.
    pub const ALL: [Self; 17] = [
        Self::SeasonalNaive,
        Self::YearOnYear,
        Self::SeasonProfile,
        Self::Theta,
        Self::OptimisedTheta,
        Self::DynamicTheta,
        Self::Dot,
        Self::Ets,
        Self::Ces,
        Self::Arima,
        Self::Mstl,
        Self::Croston,
        Self::Sba,
        Self::Tsb,
        Self::Adida,
        Self::Imapa,
        Self::WindowAverage,
    ];

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
            Self::Theta => "Theta",
            Self::OptimisedTheta => "OptimisedTheta",
            Self::DynamicTheta => "DynamicTheta",
            Self::Ces => "CES",
            Self::Arima => "ARIMA",
            Self::Croston => "Croston",
            Self::Sba => "SBA",
            Self::Adida => "ADIDA",
            Self::YearOnYear => "YearOnYear",
            Self::SeasonProfile => "SeasonProfile",
        }
    }

    /// A model by its name, in any case, with or without `-`, `_` and spaces.
    pub fn parse(text: &str) -> Option<Self> {
        let fold = |s: &str| s.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
        let wanted = fold(text);
        Self::ALL.into_iter().find(|m| fold(m.name()) == wanted)
    }
}

/// What a method makes of a series.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Run {
    /// Expected values, one per step.
    pub mean: Vec<f64>,
    /// One-step forecasts of the history (NaN where there is none).
    pub fitted: Vec<f64>,
    /// Variance at each step over the one-step variance, as the method's own theory has it.
    pub growth: Vec<f64>,
    /// Standard deviation of the one-step residuals.
    pub sigma: f64,
}

impl Run {
    /// From the one-step forecasts of the history, of which the first `skip` are left out of `sigma`.
    fn new(y: &[f64], mean: Vec<f64>, fitted: &[f64], growth: Vec<f64>, skip: usize) -> Self {
        let (mut sum, mut count) = (0.0, 0usize);
        for (v, f) in y.iter().zip(fitted).skip(skip) {
            let e = v - f;
            if e.is_finite() {
                sum += e * e;
                count += 1;
            }
        }
        Self { mean, fitted: fitted.to_vec(), growth, sigma: if count > 0 { (sum / count as f64).sqrt() } else { 0.0 } }
    }

    fn is_sound(&self, horizon: usize) -> bool {
        self.mean.len() == horizon && self.mean.iter().chain(&self.growth).all(|v| v.is_finite()) && self.sigma.is_finite()
    }
}

/// A method's estimated parameters: enough to run it again on more data without estimating.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Params {
    None,
    Theta(theta::ThetaParams),
    Ets(ets::EtsParams),
    Mstl(mstl::MstlParams),
    Tsb(intermittent::TsbParams),
    Ces(ces::CesParams),
    Arima(arima::ArimaParams),
}

/// How a method gets its parameters.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Start<'a> {
    /// Estimated from nothing.
    Cold,
    /// Estimated, starting from these and keeping their form.
    Warm(&'a Params),
    /// Taken as they are.
    Fixed(&'a Params),
}

/// Fits or runs `model` on a gap-free series. `None` where the method cannot serve the series.
pub(crate) fn forecast(model: Model, y: &[f64], seasons: &[usize], horizon: usize, start: Start<'_>) -> Option<(Params, Run)> {
    let season = seasons.first().copied().unwrap_or(1);
    let (params, fixed) = match start {
        Start::Cold => (None, false),
        Start::Warm(p) => (Some(p), false),
        Start::Fixed(p) => (Some(p), true),
    };
    let out = match model {
        Model::SeasonalNaive => simple::seasonal_naive(y, season, horizon).map(|r| (Params::None, r)),
        Model::YearOnYear => year::forecast(y, seasons.last().copied().unwrap_or(1), horizon).map(|r| (Params::None, r)),
        Model::SeasonProfile => profile::forecast(y, seasons.last().copied().unwrap_or(1), horizon).map(|r| (Params::None, r)),
        Model::WindowAverage => simple::window_average(y, season.max(8), horizon).map(|r| (Params::None, r)),
        Model::Imapa => intermittent::imapa(y, horizon).map(|r| (Params::None, r)),
        Model::Tsb => {
            let p = match params {
                Some(Params::Tsb(p)) if fixed => Some(p),
                _ => None,
            };
            intermittent::tsb(y, horizon, p).map(|(p, r)| (Params::Tsb(p), r))
        }
        Model::Croston => intermittent::croston(y, false, horizon).map(|r| (Params::None, r)),
        Model::Sba => intermittent::croston(y, true, horizon).map(|r| (Params::None, r)),
        Model::Adida => intermittent::adida(y, horizon).map(|r| (Params::None, r)),
        Model::Theta | Model::OptimisedTheta | Model::DynamicTheta | Model::Dot => {
            let p = match params {
                Some(Params::Theta(p)) => Some(p),
                _ => None,
            };
            let kind = theta::Kind {
                optimised: matches!(model, Model::OptimisedTheta | Model::Dot),
                dynamic: matches!(model, Model::DynamicTheta | Model::Dot),
            };
            theta::forecast(kind, y, season, horizon, p, fixed).map(|(p, r)| (Params::Theta(p), r))
        }
        Model::Ces => {
            let p = match params {
                Some(Params::Ces(p)) => Some(p),
                _ => None,
            };
            ces::forecast(y, season, horizon, p, fixed).map(|(p, r)| (Params::Ces(p), r))
        }
        Model::Arima => {
            let p = match params {
                Some(Params::Arima(p)) => Some(p),
                _ => None,
            };
            arima::forecast(y, season, horizon, p, fixed).map(|(p, r)| (Params::Arima(p), r))
        }
        Model::Ets => {
            let p = match params {
                Some(Params::Ets(p)) => Some(p),
                _ => None,
            };
            ets::forecast(y, season, horizon, p, fixed).map(|(p, r)| (Params::Ets(p), r))
        }
        Model::Mstl => {
            let p = match params {
                Some(Params::Mstl(p)) => Some(p),
                _ => None,
            };
            mstl::forecast(y, seasons, horizon, p, fixed).map(|(p, r)| (Params::Mstl(p), r))
        }
    };
    out.filter(|(_, r)| r.is_sound(horizon))
}
