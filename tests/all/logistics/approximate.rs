//! The route-length approximation and the estimate it controls.

use stockcast::base::{Day, NoControl, Stream};
use stockcast::logistics::approximate::{approximate, estimate};
use stockcast::logistics::{Network, PlanOptions, Round, Rule, Shipment, Vehicle, consolidate, plan};

fn normal(s: Stream, i: u64) -> f64 {
    (-2.0 * s.unit(2 * i).ln()).sqrt() * (std::f64::consts::TAU * s.unit(2 * i + 1)).cos()
}

/// Over many worlds the interval covers the truth about as often as it says, and is far narrower than without the control.
#[test]
fn the_interval_covers_and_the_control_helps() {
    let (worlds, n, k) = (600u64, 400usize, 32usize);
    let (mut covered, mut width, mut plain) = (0, 0.0, 0.0);
    for w in 0..worlds {
        let s = Stream { key: stockcast::base::random::mix64(w) };
        let cheap: Vec<f64> = (0..n as u64).map(|i| 100.0 + 15.0 * normal(s, i)).collect();
        let built: Vec<f64> = (0..k).map(|i| 20.0 + 1.2 * cheap[i] + 3.0 * normal(s, (n + i) as u64)).collect();
        let m = estimate(&built, &cheap);
        covered += u32::from((m.mean - 140.0).abs() <= m.half_width);
        width += m.half_width / worlds as f64;
        plain += stockcast::base::Measure::from_values(&built).half_width / worlds as f64;
        assert!(m.p10 < m.mean && m.mean < m.p90);
    }
    let share = f64::from(covered) / worlds as f64;
    assert!((0.92..=0.985).contains(&share), "covers {share}");
    assert!(width < 0.45 * plain, "{width} against {plain}");
}

#[test]
fn edges_of_the_estimate() {
    let all = [1.0, 2.0, 3.0, 4.0, 5.0];
    assert_eq!(estimate(&all, &[9.0; 5]), stockcast::base::Measure::from_values(&all));
    assert_eq!(estimate(&[], &all).mean, 0.0);
    assert_eq!(estimate(&[4.0, 8.0], &[1.0, 2.0, 3.0, 6.0]).mean, 12.0);
    let flat = estimate(&[1.0, 2.0, 3.0, 4.0, 5.0], &[7.0; 50]);
    assert!((flat.mean - 3.0).abs() < 1e-12 && flat.half_width > 0.0);
}

/// On random shops the formula follows the built trips closely enough to be a control variate.
#[test]
fn the_approximation_follows_the_built_trips() {
    let s = Stream { key: 21 };
    let mut network = Network::default();
    network.locate("hub", 51.0, 7.0);
    (0..40u64).for_each(|i| network.locate(&format!("s{i}"), 50.5 + s.unit(2 * i), 6.5 + s.unit(2 * i + 1)));
    let van = Vehicle::default();
    let (mut x, mut y) = (Vec::new(), Vec::new());
    for day in 0..60u64 {
        let count = 1 + s.bits(1_000 + day) % 25;
        let shipments: Vec<Shipment> = (0..count)
            .map(|j| {
                Shipment::new(
                    "s",
                    Day(0),
                    "hub",
                    &format!("s{}", s.bits(5_000 + 100 * day + j) % 40),
                    50.0 + 300.0 * s.unit(9_000 + 100 * day + j),
                    0.2,
                )
            })
            .collect();
        let out = consolidate(&shipments, &Rule::Every(1.0), Round::Delivery, &van, Day(0), Day(0));
        let built = plan(&shipments, &out, &network, std::slice::from_ref(&van), &PlanOptions::default(), &NoControl).unwrap();
        let stops: Vec<(&str, f64, f64)> = shipments.iter().map(|s| (&*s.to, s.kg, s.m3)).collect();
        let a = approximate(&network, "hub", &stops, &van);
        assert!(a.trips <= built.trips.len() as f64);
        x.push(a.km);
        y.push(built.totals.distance_km);
    }
    let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len() as f64;
    let (xm, ym) = (mean(&x), mean(&y));
    let cov = |a: &[f64], am: f64, b: &[f64], bm: f64| a.iter().zip(b).map(|(p, q)| (p - am) * (q - bm)).sum::<f64>();
    let r = cov(&x, xm, &y, ym) / (cov(&x, xm, &x, xm) * cov(&y, ym, &y, ym)).sqrt();
    assert!(r > 0.95, "correlation {r}");
    assert!((0.6..1.6).contains(&(xm / ym)), "{xm} km approximated, {ym} km built");
}
