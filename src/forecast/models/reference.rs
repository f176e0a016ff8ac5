//! The methods against named implementations: statsforecast 2.1.1 (Python, called on the same numbers; AirPassengers is Box & Jenkins'
//! series G) and, for the airline model, the estimates of R's `arima`. Tolerances say how near; where ours differs by design it is said.

use super::*;

/// Box & Jenkins 1976, series G: monthly airline passengers in thousands, 1949–1960.
pub(crate) const AIR: [f64; 144] = [
    112., 118., 132., 129., 121., 135., 148., 148., 136., 119., 104., 118., 115., 126., 141., 135., 125., 149., 170., 170., 158., 133.,
    114., 140., 145., 150., 178., 163., 172., 178., 199., 199., 184., 162., 146., 166., 171., 180., 193., 181., 183., 218., 230., 242.,
    209., 191., 172., 194., 196., 196., 236., 235., 229., 243., 264., 272., 237., 211., 180., 201., 204., 188., 235., 227., 234., 264.,
    302., 293., 259., 229., 203., 229., 242., 233., 267., 269., 270., 315., 364., 347., 312., 274., 237., 278., 284., 277., 317., 313.,
    318., 374., 413., 405., 355., 306., 271., 306., 315., 301., 356., 348., 355., 422., 465., 467., 404., 347., 305., 336., 340., 318.,
    362., 348., 363., 435., 491., 505., 404., 359., 310., 337., 360., 342., 406., 396., 420., 472., 548., 559., 463., 407., 362., 405.,
    417., 391., 419., 461., 472., 535., 622., 606., 508., 461., 390., 432.,
];

/// A slow mover of 36 periods.
const SLOW: [f64; 36] = [
    0., 0., 3., 0., 0., 0., 2., 5., 0., 0., 1., 0., 0., 4., 0., 0., 0., 0., 2., 0., 3., 0., 0., 1., 0., 0., 0., 6., 0., 0., 2., 0., 0., 0.,
    1., 0.,
];

fn steps(model: Model, y: &[f64], season: usize) -> [f64; 3] {
    let (_, run) = forecast(model, y, &[season], 12, Start::Cold).unwrap_or_else(|| unreachable!("{model:?} serves the series"));
    [run.mean[0], run.mean[5], run.mean[11]]
}

fn near(found: &[f64], wanted: &[f64], tolerance: f64, what: &str) {
    for (f, w) in found.iter().zip(wanted) {
        assert!((f / w - 1.0).abs() < tolerance, "{what}: {found:?}, wanted {wanted:?}");
    }
}

#[test]
fn theta_models_are_statsforecasts() {
    for (model, wanted) in [
        (Model::Theta, [440.969195, 546.455544, 448.524748]),
        (Model::OptimisedTheta, [442.942532, 555.580947, 462.402349]),
        (Model::DynamicTheta, [440.774114, 546.242775, 448.392287]),
        (Model::Dot, [442.927195, 556.121586, 463.477222]),
    ] {
        near(&steps(model, &AIR, 12), &wanted, 2e-3, model.name());
    }
}

#[test]
fn complex_smoothing_is_statsforecasts() {
    let p = |form, a, b| ces::CesParams { form, a, b };
    for (params, wanted) in [
        (p(ces::Form::None, (1.8, 0.9839288711547911), (0., 0.)), [425.490976, 404.300744, 383.435503]),
        (p(ces::Form::Simple, (1.8, 1.1939023703336713), (0., 0.)), [445.995919, 582.525897, 494.774537]),
        (p(ces::Form::Partial, (1.8, 1.0078683310352061), (0.7258207103754214, 0.)), [452.348179, 590.836404, 454.588614]),
        (
            p(ces::Form::Full, (1.27342365872632, 1.0094040578540509), (1.4996704014704592, 1.1318820823256803)),
            [453.01822, 586.455607, 481.609157],
        ),
    ] {
        let fixed = Params::Ces(params);
        let Some((_, run)) = forecast(Model::Ces, &AIR, &[12], 12, Start::Fixed(&fixed)) else { unreachable!("CES serves the series") };
        near(&[run.mean[0], run.mean[5], run.mean[11]], &wanted, 5e-3, &format!("{:?}", params.form));
    }
}

#[test]
fn smoothing_forecasts_are_near_statsforecasts() {
    // theirs estimates the starting states, ours does not (it was measured to forecast worse), so only nearly the same: what ours
    // chooses on this series, ETS(M,A,M), against theirs of that form
    near(&steps(Model::Ets, &AIR, 12), &[448.313165, 561.877296, 469.240113], 0.03, "ETS");
    // simple exponential smoothing where nothing else is there: R's ets and statsforecast put α at its upper bound
    let flat: Vec<f64> = AIR.iter().take(9).copied().collect();
    let (_, run) = ets::trend(&flat, 3, None, false).unwrap_or_else(|| unreachable!("nine values are enough"));
    assert!((run.mean[0] - 136.0).abs() < 20.0);
}

#[test]
fn intermittent_methods_are_statsforecasts() {
    let one = |model| steps(model, &SLOW, 1)[0];
    near(&[one(Model::Croston), one(Model::Sba)], &[0.864052, 0.820849], 1e-5, "Croston, SBA");
    near(&[one(Model::Adida), one(Model::Imapa)], &[0.857949, 0.740123], 0.03, "ADIDA, IMAPA");
}

#[test]
fn the_airline_model_is_rs() {
    // R 4: arima(log(AirPassengers), c(0,1,1), c(0,1,1)): ma1 −0.4018, sma1 −0.5569, σ² 0.001348, log-likelihood 244.70
    let y: Vec<f64> = AIR.iter().map(|v| v.ln()).collect();
    let order = arima::Order { p: 0, d: 1, q: 1, sp: 0, sd: 1, sq: 1, m: 12, mean: false };
    let (found, log_likelihood) = arima::fit_order(&y, order).unwrap_or_else(|| unreachable!("a stable model"));
    assert!((found[0] + 0.4018).abs() < 2e-3 && (found[1] + 0.5569).abs() < 2e-3, "{found:?}");
    assert!((log_likelihood - 244.70).abs() < 0.01, "{log_likelihood}");
    // statsforecast's auto_arima chooses (1,1,0)(0,1,0)12 on the passengers themselves: what we choose is no worse
    let Some((Params::Arima(chosen), run)) = forecast(Model::Arima, &AIR, &[12], 12, Start::Cold) else { unreachable!("served") };
    assert_eq!((chosen.order.d, chosen.order.sd), (1, 1));
    near(&[run.mean[0], run.mean[5], run.mean[11]], &[444.309575, 562.236186, 459.236394], 0.03, "ARIMA");
}
