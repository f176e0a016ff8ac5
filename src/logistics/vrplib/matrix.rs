//! Explicit weights: the order in which a file lists the cells of its matrix (TSPLIB 95 §1.1.6).

/// `EDGE_WEIGHT_FORMAT`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// Every cell, row by row; may be asymmetric.
    Full,
    /// Below the diagonal, row by row (equally: above it, column by column).
    LowerRow,
    /// The same with the diagonal.
    LowerDiagRow,
    /// Above the diagonal, row by row (equally: below it, column by column).
    UpperRow,
    /// The same with the diagonal.
    UpperDiagRow,
}

impl Layout {
    /// By its TSPLIB name.
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "FULL_MATRIX" => Self::Full,
            "LOWER_ROW" | "UPPER_COL" => Self::LowerRow,
            "LOWER_DIAG_ROW" | "UPPER_DIAG_COL" => Self::LowerDiagRow,
            "UPPER_ROW" | "LOWER_COL" => Self::UpperRow,
            "UPPER_DIAG_ROW" | "LOWER_DIAG_COL" => Self::UpperDiagRow,
            _ => return None,
        })
    }

    /// Numbers expected for `n` nodes; `None` when that overflows.
    pub fn cells(self, n: usize) -> Option<usize> {
        let square = n.checked_mul(n)?;
        Some(match self {
            Self::Full => square,
            Self::LowerRow | Self::UpperRow => (square - n) / 2,
            Self::LowerDiagRow | Self::UpperDiagRow => (square + n) / 2,
        })
    }

    /// The row-major matrix from exactly [`Layout::cells`] numbers (missing ones count as 0).
    pub fn expand(self, n: usize, cells: &[f64]) -> Vec<f64> {
        if self == Self::Full {
            return cells.to_vec();
        }
        let mut m = vec![0.0; n * n];
        let mut next = cells.iter().copied();
        for i in 0..n {
            let columns = match self {
                Self::LowerRow => 0..i,
                Self::LowerDiagRow => 0..i + 1,
                Self::UpperRow => i + 1..n,
                _ => i..n,
            };
            for j in columns {
                let w = next.next().unwrap_or(0.0);
                m[i * n + j] = w;
                m[j * n + i] = w;
            }
        }
        m
    }
}
