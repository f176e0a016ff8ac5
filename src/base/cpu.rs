//! The widest vector instructions of this processor, for the few loops that are most of the work.
//!
//! The program is built for every x86-64 machine, whose common set knows four numbers at a time and no 64-bit products. [`wide!`] compiles a function
//! three times and chooses once it runs. All versions do the same operations on every lane in the same order, and none contracts a product and a sum
//! into one rounding, so the bytes are the same on every machine.

/// Sets of instructions that loops are compiled for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Simd {
    /// What the target always has.
    Baseline,
    /// 256 bits.
    Avx2,
    /// 512 bits, with 64-bit products and masks.
    Avx512,
}

impl Simd {
    /// What this processor has; asked of it once.
    #[inline]
    pub fn here() -> Self {
        #[cfg(target_arch = "x86_64")]
        {
            // the standard library keeps the answer
            let wide = is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512dq")
                && is_x86_feature_detected!("avx512vl")
                && is_x86_feature_detected!("avx512bw");
            if wide {
                return Self::Avx512;
            }
            if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("bmi1") && is_x86_feature_detected!("bmi2") {
                return Self::Avx2;
            }
        }
        Self::Baseline
    }
}

/// `wide! { fn name(arguments) -> Result = body }` makes `name` a call of `body::<AVX512>(arguments)` compiled for this processor; `body` has one
/// constant parameter that says whether 64-bit products are cheap, and must be `#[inline(always)]`, as must what its loops call.
macro_rules! wide {
    ($(#[$doc:meta])* $vis:vis fn $name:ident($($arg:ident: $type:ty),* $(,)?) -> $result:ty = $body:ident) => {
        $(#[$doc])*
        #[allow(clippy::too_many_arguments)]
        $vis fn $name($($arg: $type),*) -> $result {
            #[cfg(target_arch = "x86_64")]
            {
                use $crate::base::cpu::Simd;
                #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx2,bmi1,bmi2,lzcnt,popcnt")]
                #[allow(clippy::too_many_arguments)]
                fn avx512($($arg: $type),*) -> $result {
                    $body::<true>($($arg),*)
                }
                #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
                #[allow(clippy::too_many_arguments)]
                fn avx2($($arg: $type),*) -> $result {
                    $body::<false>($($arg),*)
                }
                match Simd::here() {
                    // SAFETY: the processor has just said that it knows these instructions
                    #[allow(unsafe_code)]
                    Simd::Avx512 => return unsafe { avx512($($arg),*) },
                    // SAFETY: as above
                    #[allow(unsafe_code)]
                    Simd::Avx2 => return unsafe { avx2($($arg),*) },
                    Simd::Baseline => {}
                }
            }
            $body::<false>($($arg),*)
        }
    };
}
pub(crate) use wide;

/// Where these bytes stand among sixty-four, a bit each, the first the lowest: any of them, and those of `rare` alone.
#[inline(always)]
pub fn places(bytes: &[u8; 64], common: u8, rare: [u8; 3]) -> (u64, u64) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_mm_cmpeq_epi8, _mm_movemask_epi8, _mm_or_si128, _mm_set_epi64x, _mm_set1_epi8};
        #[inline]
        #[target_feature(enable = "sse2")]
        fn sse2(bytes: &[u8; 64], common: u8, rare: [u8; 3]) -> (u64, u64) {
            let common = _mm_set1_epi8(common.cast_signed());
            let [a, b, c] =
                [_mm_set1_epi8(rare[0].cast_signed()), _mm_set1_epi8(rare[1].cast_signed()), _mm_set1_epi8(rare[2].cast_signed())];
            let (mut any, mut those) = (0, 0);
            for (i, part) in bytes.as_chunks::<16>().0.iter().enumerate() {
                let [low, high] = [0, 8].map(|at| part[at..].first_chunk().map_or(0, |b| i64::from_le_bytes(*b)));
                let part = _mm_set_epi64x(high, low);
                let hard = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(part, a), _mm_cmpeq_epi8(part, b)), _mm_cmpeq_epi8(part, c));
                any |= u64::from(_mm_movemask_epi8(_mm_or_si128(hard, _mm_cmpeq_epi8(part, common))).cast_unsigned()) << (16 * i);
                those |= u64::from(_mm_movemask_epi8(hard).cast_unsigned()) << (16 * i);
            }
            (any, those)
        }
        // SAFETY: every x86-64 has these instructions
        #[allow(unsafe_code)]
        unsafe {
            sse2(bytes, common, rare)
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    anywhere(bytes, common, rare)
}

/// Sixteen flags of 0 or 1 as bits, the first the lowest.
#[inline(always)]
pub fn bits(flags: [u8; 16]) -> u16 {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_mm_movemask_epi8, _mm_set_epi64x, _mm_slli_epi64};
        #[inline]
        #[target_feature(enable = "sse2")]
        fn sse2(flags: [u8; 16]) -> u16 {
            let [low, high] = [0, 8].map(|at| flags[at..].first_chunk().map_or(0, |b| i64::from_le_bytes(*b)));
            // the instruction takes the highest bit of each byte
            (_mm_movemask_epi8(_mm_slli_epi64::<7>(_mm_set_epi64x(high, low))) & 0xFFFF) as u16
        }
        // SAFETY: every x86-64 has these instructions
        #[allow(unsafe_code)]
        unsafe {
            sse2(flags)
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    flags.iter().rev().fold(0, |bits, flag| bits << 1 | u16::from(*flag))
}

/// [`places`] for any processor; the multiplication gathers eight bytes of 0 or 1 into eight bits.
#[cfg(any(test, not(target_arch = "x86_64")))]
fn anywhere(bytes: &[u8; 64], common: u8, rare: [u8; 3]) -> (u64, u64) {
    let gathered = |is: &dyn Fn(u8) -> bool| {
        let hit = bytes.map(|b| u8::from(is(b)));
        let eights = hit.as_chunks::<8>().0.iter().enumerate();
        eights.fold(0, |bits, (i, eight)| bits | (u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56) << (8 * i))
    };
    let those = gathered(&|b| rare.contains(&b));
    (those | gathered(&|b| b == common), those)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn places_are_the_same_everywhere(bytes in prop::collection::vec(0u8..6, 64)) {
            let bytes: &[u8; 64] = bytes.first_chunk().unwrap();
            let want = |is: &[u8]| bytes.iter().enumerate().fold(0u64, |bits, (i, b)| bits | u64::from(is.contains(b)) << i);
            let got = places(bytes, 1, [2, 3, 4]);
            prop_assert_eq!(got, (want(&[1, 2, 3, 4]), want(&[2, 3, 4])));
            prop_assert_eq!(anywhere(bytes, 1, [2, 3, 4]), got);
        }

        #[test]
        fn flags_become_bits(pattern in 0u16..) {
            prop_assert_eq!(bits(std::array::from_fn(|l| (pattern >> l & 1) as u8)), pattern);
        }
    }
}
