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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn flags_become_bits(pattern in 0u16..) {
            prop_assert_eq!(bits(std::array::from_fn(|l| (pattern >> l & 1) as u8)), pattern);
        }
    }
}
