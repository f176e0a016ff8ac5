//! Numbers of a column, one a row or a code a row where few different ones repeat.

use super::texts::Narrow;

/// Numbers of a column: one a row, or a code a row into the different ones.
#[derive(Debug, Clone)]
pub(super) enum Amounts {
    Each(Vec<f64>),
    Coded(Narrow, Vec<f64>),
}

impl Default for Amounts {
    fn default() -> Self {
        Self::Each(Vec::new())
    }
}

impl Amounts {
    /// The same number in all rows.
    pub fn all(value: f64, n: usize) -> Self {
        Self::Coded(Narrow::One(vec![0; n]), vec![value])
    }
    pub fn len(&self) -> usize {
        match self {
            Self::Each(v) => v.len(),
            Self::Coded(c, _) => c.len(),
        }
    }
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// NaN where blank, or beyond the end.
    #[inline]
    pub fn get(&self, i: usize) -> f64 {
        match self {
            Self::Each(v) => v.get(i).copied().unwrap_or(f64::NAN),
            Self::Coded(c, v) => v.get(c.get(i) as usize).copied().unwrap_or(f64::NAN),
        }
    }
    pub fn iter(&self) -> impl ExactSizeIterator<Item = f64> {
        (0..self.len()).map(|i| self.get(i))
    }
    /// The numbers of some rows, each with its place among them; none at all where there is no column.
    #[inline]
    pub fn each_of(&self, rows: &[u32], mut then: impl FnMut(usize, f64)) {
        let value = |v: &[f64], code: usize| v.get(code).copied().unwrap_or(f64::NAN);
        let rows = rows.iter().map(|r| *r as usize).enumerate();
        match self {
            Self::Each(v) if v.is_empty() => {}
            Self::Each(v) => rows.for_each(|(k, r)| then(k, value(v, r))),
            // a blank is beyond the values
            Self::Coded(Narrow::One(c), v) if v.len() < usize::from(u8::MAX) => {
                rows.for_each(|(k, r)| then(k, value(v, usize::from(c.get(r).copied().unwrap_or(u8::MAX)))));
            }
            Self::Coded(Narrow::Two(c), v) if v.len() < usize::from(u16::MAX) => {
                rows.for_each(|(k, r)| then(k, value(v, usize::from(c.get(r).copied().unwrap_or(u16::MAX)))));
            }
            Self::Coded(..) => rows.for_each(|(k, r)| then(k, self.get(r))),
        }
    }
    /// Whether some number may be below zero.
    pub fn may_be_below_zero(&self) -> bool {
        let (Self::Each(v) | Self::Coded(_, v)) = self;
        v.iter().any(|v| *v < 0.0)
    }
    /// Another number for a row.
    pub fn set(&mut self, i: usize, value: f64) {
        // few different ones as a rule: units that came back
        if let Self::Coded(codes, values) = self {
            let known = values.iter().position(|v| v.to_bits() == value.to_bits());
            if known.is_some() || values.len() < 64 {
                let code = known.unwrap_or(values.len());
                if known.is_none() {
                    values.push(value);
                }
                return codes.set(i, code as u32);
            }
        }
        if let Some(v) = self.each().get_mut(i) {
            *v = value;
        }
    }
    /// As many rows as that, all without a number, where there is no column yet.
    pub fn or_blank(&mut self, n: usize) {
        if self.is_empty() {
            *self = Self::Coded(Narrow::One(vec![u8::MAX; n]), Vec::new());
        }
    }
    fn each(&mut self) -> &mut Vec<f64> {
        if let Self::Coded(..) = self {
            *self = Self::Each(self.iter().collect());
        }
        match self {
            Self::Each(v) => v,
            // made one just now
            Self::Coded(_, v) => v,
        }
    }
}

impl FromIterator<f64> for Amounts {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        Self::Each(values.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(crate::base::cases::cases(256))]
        #[test]
        fn amounts_are_what_was_set(sets in prop::collection::vec((0usize..20, 0u32..90), 0..200), n in 0usize..20) {
            let (mut got, mut want) = (Amounts::default(), vec![f64::NAN; n]);
            got.or_blank(n);
            for (i, v) in sets {
                got.set(i, v.into());
                want.get_mut(i).into_iter().for_each(|w| *w = v.into());
            }
            let rows: Vec<u32> = (0..n as u32).rev().chain([n as u32]).collect();
            let mut some = vec![f64::NAN; rows.len()];
            got.each_of(&rows, |k, v| some[k] = v);
            prop_assert!(some.iter().zip(&rows).all(|(s, r)| s.to_bits() == got.get(*r as usize).to_bits()));
            prop_assert!(got.iter().map(f64::to_bits).eq(want.iter().map(|v| v.to_bits())));
        }
    }
}
