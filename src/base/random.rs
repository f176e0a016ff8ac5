//! Counter-based random streams: every draw is a pure function of what it is for.
//!
//! A stream is named by `(seed, id, purpose, replication)`; draw `index` of it is `mix64(key + (index + 1)·γ)`, that is
//! output `index` of SplitMix64 (Steele, Lea & Flood 2014, "Fast splittable pseudorandom number generators", OOPSLA)
//! started at `key`. Nothing is advanced, so results do not depend on threads, order or selection, and two policies that
//! look at different periods still see the same world (common random numbers). The key is a chain of the same finaliser
//! over the four names.
//!
//! [`VERSION`] is stored with outcomes: the same version and seed give the same bytes on every machine.

use rand::TryRng;
use std::convert::Infallible;

/// Version of the generator; changes whenever any draw would.
pub const VERSION: u32 = 1;

/// The Weyl increment of SplitMix64, 2⁶⁴/φ rounded to odd.
pub const GAMMA: u64 = 0x9E37_79B9_7F4A_7C15;

/// The finaliser of SplitMix64 (Stafford's Mix13).
#[inline(always)]
pub const fn mix64(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// A stable hash of a name (FNV-1a, then [`mix64`]): the `id` of a stream.
pub const fn hash_id(name: &str) -> u64 {
    let bytes = name.as_bytes();
    let mut h: u64 = 0xCBF2_9CE4_8422_2325;
    let mut i = 0;
    while i < bytes.len() {
        h = (h ^ bytes[i] as u64).wrapping_mul(0x0000_0100_0000_01B3);
        i += 1;
    }
    mix64(h)
}

/// What a draw is for. Draws for one purpose never move when another purpose draws more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u64)]
pub enum Purpose {
    /// Customer demand by period.
    Demand = 1,
    /// Lead time, indexed by the period of its order.
    LeadTime = 2,
    /// Yield and damage.
    Yield = 3,
    /// Supplier outages and other disruptions.
    Disruption = 4,
    /// The shock that all series share.
    Common = 5,
    /// Search heuristics (routing).
    Search = 6,
    /// Resampling (bootstrap intervals).
    Resample = 7,
    /// Made-up data (the sample shop).
    Synthetic = 8,
    /// Which customers wait, where some do.
    Patience = 9,
}

/// One named stream of draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stream {
    /// The state before draw 0; kernels may inline `mix64(key + (index + 1)·GAMMA)`.
    pub key: u64,
}

impl Stream {
    /// The stream of `(seed, id, purpose, replication)`; `id` is [`hash_id`] of the `unique_id`.
    #[inline]
    pub const fn new(seed: u64, id: u64, purpose: Purpose, replication: u64) -> Self {
        let k = mix64(seed.wrapping_add(GAMMA));
        let k = mix64(k ^ id.wrapping_mul(GAMMA).wrapping_add(0x632B_E59B_D9B4_E019));
        let k = mix64(k.wrapping_add((purpose as u64).wrapping_mul(0xD1B5_4A32_D192_ED03)));
        Self { key: mix64(k.wrapping_add(replication.wrapping_mul(GAMMA)) ^ 0xA076_1D64_78BD_642F) }
    }

    /// Draw `index`: 64 uniform bits.
    #[inline(always)]
    pub const fn bits(self, index: u64) -> u64 {
        mix64(self.key.wrapping_add(index.wrapping_add(1).wrapping_mul(GAMMA)))
    }

    /// Draw `index` as a uniform number strictly inside (0, 1).
    #[inline(always)]
    pub const fn unit(self, index: u64) -> f64 {
        // 53 bits, centred in their cell so that neither end is reached
        ((self.bits(index) >> 11) as f64 + 0.5) * (1.0 / 9_007_199_254_740_992.0)
    }

    /// A generator for `rand` and `rand_distr` that walks this stream from draw `index` on.
    #[inline]
    pub const fn rng(self, index: u64) -> Walk {
        Walk { stream: self, next: index }
    }
}

/// A [`Stream`] walked in order, for the traits of `rand`.
#[derive(Debug, Clone)]
pub struct Walk {
    stream: Stream,
    next: u64,
}

impl TryRng for Walk {
    type Error = Infallible;
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.try_next_u64().map(|x| (x >> 32) as u32)
    }
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let x = self.stream.bits(self.next);
        self.next = self.next.wrapping_add(1);
        Ok(x)
    }
    fn try_fill_bytes(&mut self, dst: &mut [u8]) -> Result<(), Infallible> {
        for chunk in dst.chunks_mut(8) {
            let x = self.try_next_u64()?.to_le_bytes();
            chunk.copy_from_slice(&x[..chunk.len()]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The reference outputs of SplitMix64 seeded with 1234567 (Vigna's splitmix64.c, as printed in many test suites).
    #[test]
    fn splitmix64_known_answers() {
        let s = Stream { key: 1_234_567 };
        let want = [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
            4_593_380_528_125_082_431,
            16_408_922_859_458_223_821,
        ];
        for (i, w) in want.into_iter().enumerate() {
            assert_eq!(s.bits(i as u64), w);
        }
    }

    /// Frozen: these may only change together with [`VERSION`].
    #[test]
    fn stream_known_answers() {
        assert_eq!(hash_id("sku-1"), 17_778_609_190_750_521_636);
        let a = Stream::new(42, hash_id("sku-1"), Purpose::Demand, 0);
        assert_eq!(
            [a.bits(0), a.bits(1), a.bits(1_000_000)],
            [8_771_146_552_591_885_040, 8_754_312_691_856_284_478, 7_834_992_210_533_882_262]
        );
    }

    #[test]
    fn names_give_unrelated_streams() {
        let base = Stream::new(1, 2, Purpose::Demand, 3);
        for other in [
            Stream::new(2, 2, Purpose::Demand, 3),
            Stream::new(1, 3, Purpose::Demand, 3),
            Stream::new(1, 2, Purpose::LeadTime, 3),
            Stream::new(1, 2, Purpose::Demand, 4),
        ] {
            let n = 20_000u64;
            let r: f64 = (0..n).map(|i| (base.unit(i) - 0.5) * (other.unit(i) - 0.5)).sum::<f64>() / n as f64 * 12.0;
            assert!(r.abs() < 0.04, "correlation {r}");
        }
        let mean = (0..100_000).map(|i| base.unit(i)).sum::<f64>() / 1e5;
        assert!((mean - 0.5).abs() < 0.004);
    }
}
