//! Arc weights from coordinates (TSPLIB 95 §2).

use crate::logistics::router::{Arcs, Rounding};

/// `EDGE_WEIGHT_TYPE`s that are computed from coordinates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metric {
    /// Euclidean in the plane, rounded somehow.
    Plane(Rounding),
    /// Largest coordinate difference, rounded.
    Max,
    /// Sum of coordinate differences, rounded.
    Manhattan,
    /// Latitude and longitude as DDD.MM on TSPLIB's own sphere, km.
    Geo,
    /// Pseudo-Euclidean, TSPLIB's ATT.
    Att,
}

impl Metric {
    /// By its TSPLIB name.
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "EUC_2D" => Self::Plane(Rounding::Nearest),
            "CEIL_2D" => Self::Plane(Rounding::Up),
            "FLOOR_2D" => Self::Plane(Rounding::Down),
            "EXACT_2D" => Self::Plane(Rounding::Exact),
            "MAX_2D" => Self::Max,
            "MAN_2D" => Self::Manhattan,
            "GEO" => Self::Geo,
            "ATT" => Self::Att,
            _ => return None,
        })
    }

    /// Weight of the arc between two points.
    pub fn weight(self, a: (f64, f64), b: (f64, f64)) -> f64 {
        let (dx, dy) = ((a.0 - b.0).abs(), (a.1 - b.1).abs());
        let nint = |d: f64| (d + 0.5).floor();
        match self {
            Self::Plane(rounding) => rounding.apply((dx * dx + dy * dy).sqrt()),
            Self::Max => nint(dx).max(nint(dy)),
            Self::Manhattan => nint(dx + dy),
            Self::Att => {
                let r = ((dx * dx + dy * dy) / 10.0).sqrt();
                let t = nint(r);
                if t < r { t + 1.0 } else { t }
            }
            Self::Geo => {
                if a == b {
                    return 0.0;
                }
                // TSPLIB's own π and radius give TSPLIB's answers
                #[allow(clippy::approx_constant)]
                let pi = 3.141_592;
                let rad = |v: f64| pi * (v.trunc() + 5.0 * v.fract() / 3.0) / 180.0;
                let q1 = (rad(a.1) - rad(b.1)).cos();
                let q2 = (rad(a.0) - rad(b.0)).cos();
                let q3 = (rad(a.0) + rad(b.0)).cos();
                (6378.388 * (0.5 * ((1.0 + q1) * q2 - (1.0 - q1) * q3)).clamp(-1.0, 1.0).acos() + 1.0).floor()
            }
        }
    }

    /// All arcs. Up to `dense` nodes as a matrix; beyond, a plane metric is computed when asked for (others always as a matrix).
    pub fn arcs(self, points: &[(f64, f64)], dense: usize) -> Arcs {
        match self {
            Self::Plane(rounding) if points.len() > dense => Arcs::Plane(points.to_vec(), rounding),
            _ => Arcs::Matrix(points.iter().flat_map(|a| points.iter().map(move |b| self.weight(*a, *b))).collect()),
        }
    }
}
