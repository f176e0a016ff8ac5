//! Where the marks of a text stand: a few bytes such as delimiters, quotes and line ends, found sixty-four bytes at a time with comparisons of 128, 256 or
//! 512 bits, whichever this processor knows (see [`cpu`](super::cpu)).

#[cfg(target_arch = "x86_64")]
use super::cpu::Simd;

/// Where these bytes stand among sixty-four, a bit each, the first the lowest: any of them, and those of `rare` alone.
#[inline(always)]
fn places(bytes: &[u8; 64], common: u8, rare: [u8; 3]) -> (u64, u64) {
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

/// The same in 256 bits.
#[cfg(target_arch = "x86_64")]
#[inline]
#[target_feature(enable = "avx2")]
fn places_256(bytes: &[u8; 64], common: u8, rare: [u8; 3]) -> (u64, u64) {
    use std::arch::x86_64::{_mm256_cmpeq_epi8, _mm256_movemask_epi8, _mm256_or_si256, _mm256_set_epi64x, _mm256_set1_epi8};
    let [common, a, b, c] = [common, rare[0], rare[1], rare[2]].map(|x| _mm256_set1_epi8(x.cast_signed()));
    let (mut any, mut those) = (0, 0);
    for (i, part) in bytes.as_chunks::<32>().0.iter().enumerate() {
        let [w, x, y, z] = [0, 8, 16, 24].map(|at| part[at..].first_chunk().map_or(0, |b| i64::from_le_bytes(*b)));
        let part = _mm256_set_epi64x(z, y, x, w);
        let hard = _mm256_or_si256(_mm256_or_si256(_mm256_cmpeq_epi8(part, a), _mm256_cmpeq_epi8(part, b)), _mm256_cmpeq_epi8(part, c));
        any |= u64::from(_mm256_movemask_epi8(_mm256_or_si256(hard, _mm256_cmpeq_epi8(part, common))).cast_unsigned()) << (32 * i);
        those |= u64::from(_mm256_movemask_epi8(hard).cast_unsigned()) << (32 * i);
    }
    (any, those)
}

/// The same in 512 bits.
#[cfg(target_arch = "x86_64")]
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn places_512(bytes: &[u8; 64], common: u8, rare: [u8; 3]) -> (u64, u64) {
    use std::arch::x86_64::{_mm512_cmpeq_epi8_mask, _mm512_set_epi64, _mm512_set1_epi8};
    let [s, t, u, v, w, x, y, z] = [0, 8, 16, 24, 32, 40, 48, 56].map(|at| bytes[at..].first_chunk().map_or(0, |b| i64::from_le_bytes(*b)));
    let all = _mm512_set_epi64(z, y, x, w, v, u, t, s);
    let [common, a, b, c] = [common, rare[0], rare[1], rare[2]].map(|x| _mm512_cmpeq_epi8_mask(all, _mm512_set1_epi8(x.cast_signed())));
    (a | b | c | common, a | b | c)
}

/// A part of a text, sixty-four bytes at a time, with [`places`] of some kind; blank beyond its end, where nothing is found.
macro_rules! sixty_fours {
    ($places:ident, $text:ident, $common:ident, $rare:ident, |$i:ident, $any:ident, $those:ident| $then:block) => {
        let (whole, rest) = $text.as_chunks::<64>();
        for ($i, bytes) in whole.iter().enumerate() {
            let ($any, $those) = $places(bytes, $common, $rare);
            $then
        }
        if !rest.is_empty() {
            let mut bytes = [0u8; 64];
            bytes[..rest.len()].copy_from_slice(rest);
            // what is added is nothing, even where zero is looked for
            let there = !(u64::MAX << rest.len());
            let ($i, (any, those)) = (whole.len(), $places(&bytes, $common, $rare));
            let ($any, $those) = (any & there, those & there);
            $then
        }
    };
}

/// Defines `masks` and `marks` below for one set of instructions.
macro_rules! finders {
    ($masks:ident, $marks:ident, $places:ident, $add:ident $(, $features:literal)?) => {
        $(#[target_feature(enable = $features)])?
        fn $masks(text: &[u8], common: u8, rare: [u8; 3], out: &mut [(u64, u64)]) {
            sixty_fours!($places, text, common, rare, |i, any, those| {
                if let Some(out) = out.get_mut(i) {
                    *out = (any, those);
                }
            });
        }
        $(#[target_feature(enable = $features)])?
        fn $marks(text: &[u8], base: u32, common: u8, rare: [u8; 3], all: &mut Marks, hard: &mut Marks) -> bool {
            // the highest bit of what is gathered is that of a byte which is none of ASCII, or of zero less one
            let mut odd = [0u8; 64];
            sixty_fours!($places, text, common, rare, |i, any, those| {
                let at = base + 64 * i as u32;
                all.$add(at, any);
                hard.add(at, those);
                if let Some(bytes) = text.get(64 * i..).and_then(<[u8]>::first_chunk::<64>) {
                    odd.iter_mut().zip(bytes).for_each(|(o, b)| *o |= b | b.wrapping_sub(1));
                }
            });
            let rest = text.as_chunks::<64>().1.iter().fold(0, |o, b| o | b | b.wrapping_sub(1));
            odd.iter().fold(rest, |o, b| o | b) < 0x80
        }
    };
}
finders!(masks_here, marks_here, places, add);
#[cfg(target_arch = "x86_64")]
finders!(masks_256, marks_256, places_256, add, "avx2,bmi1,bmi2,lzcnt,popcnt");
#[cfg(target_arch = "x86_64")]
finders!(masks_512, marks_512, places_512, add_512, "avx512f,avx512dq,avx512vl,avx512bw,avx2,bmi1,bmi2,lzcnt,popcnt");

/// Calls that one of three functions which this processor knows best.
macro_rules! best {
    ($here:ident, $avx2:ident, $avx512:ident, ($($arg:expr),*)) => {{
        #[cfg(target_arch = "x86_64")]
        match Simd::here() {
            // SAFETY: the processor has just said that it knows these instructions
            #[allow(unsafe_code)]
            Simd::Avx512 => return unsafe { $avx512($($arg),*) },
            // SAFETY: as above
            #[allow(unsafe_code)]
            Simd::Avx2 => return unsafe { $avx2($($arg),*) },
            Simd::Baseline => {}
        }
        $here($($arg),*)
    }};
}

/// Where `common` and `rare` bytes stand in a text, sixty-four bytes a pair of words, the first byte the lowest bit: any of them, and those of `rare`
/// alone. Words beyond the end of `out` are not told.
pub fn masks(text: &[u8], common: u8, rare: [u8; 3], out: &mut [(u64, u64)]) {
    best!(masks_here, masks_256, masks_512, (text, common, rare, out))
}

/// The places of these bytes in a text that begins at `base`, rising, behind those that are there already: any of them, and those of `rare` alone.
/// Whether all bytes are ASCII and none is zero.
pub fn marks(text: &[u8], base: u32, common: u8, rare: [u8; 3], all: &mut Marks, hard: &mut Marks) -> bool {
    all.room(text.len());
    hard.room(text.len());
    best!(marks_here, marks_256, marks_512, (text, base, common, rare, all, hard))
}

/// Places in a text, rising, taken from the front and added at the back.
#[derive(Debug, Default)]
pub struct Marks {
    /// Those in use, between what was taken and what is room.
    places: Vec<u32>,
    from: usize,
    to: usize,
}

impl Marks {
    /// Those still to be taken.
    #[inline(always)]
    pub fn rest(&self) -> &[u32] {
        self.places.get(self.from..self.to).unwrap_or_default()
    }
    /// Takes so many.
    #[inline(always)]
    pub fn take(&mut self, n: usize) {
        self.from += n;
    }
    /// Takes those before a place.
    #[inline(always)]
    pub fn take_below(&mut self, place: u32) {
        while self.from < self.to && self.places[self.from] < place {
            self.from += 1;
        }
    }
    /// Forgets all.
    pub fn clear(&mut self) {
        (self.from, self.to) = (0, 0);
    }
    /// Makes room for as many as that, and what is written beyond them.
    fn room(&mut self, more: usize) {
        self.places.copy_within(self.from..self.to, 0);
        (self.from, self.to) = (0, self.to - self.from);
        let wanted = self.to + more + 64;
        if self.places.len() < wanted {
            self.places.resize(wanted, 0);
        }
    }
    #[inline(always)]
    fn add(&mut self, at: u32, bits: u64) {
        let Some(room) = self.places.get_mut(self.to..).and_then(<[u32]>::first_chunk_mut::<64>) else { return };
        let (mut bits, mut n) = (bits, 0);
        self.to += bits.count_ones() as usize;
        while bits != 0 {
            // eight at once, of which those beyond the last are overwritten later
            for room in room[n..].first_chunk_mut::<8>().into_iter().flatten() {
                *room = at + bits.trailing_zeros();
                bits &= bits.wrapping_sub(1);
            }
            n = (n + 8) & 56;
        }
    }
    /// The same, sixteen places at once.
    #[cfg(target_arch = "x86_64")]
    #[inline]
    #[target_feature(enable = "avx512f")]
    fn add_512(&mut self, at: u32, bits: u64) {
        use std::arch::x86_64::{_mm512_add_epi32, _mm512_maskz_compress_epi32, _mm512_set_epi32, _mm512_set1_epi32};
        let Some(room) = self.places.get_mut(self.to..).and_then(<[u32]>::first_chunk_mut::<64>) else { return };
        let mut places =
            _mm512_add_epi32(_mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0), _mm512_set1_epi32(at.cast_signed()));
        let mut n = 0;
        for part in 0..4 {
            let mask = (bits >> (16 * part)) as u16;
            let found = _mm512_maskz_compress_epi32(mask, places);
            // those beyond the last are overwritten later
            if let Some(room) = room.get_mut(n..).and_then(<[u32]>::first_chunk_mut::<16>) {
                // SAFETY: sixteen numbers of 32 bits are what it is
                #[allow(unsafe_code)]
                let found = unsafe { std::mem::transmute::<std::arch::x86_64::__m512i, [u32; 16]>(found) };
                *room = found;
            }
            n += mask.count_ones() as usize;
            places = _mm512_add_epi32(places, _mm512_set1_epi32(16));
        }
        self.to += n;
    }
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

    /// The middle one of the three, which this processor may not choose by itself.
    #[cfg(target_arch = "x86_64")]
    fn masks_avx2(text: &[u8], common: u8, rare: [u8; 3], out: &mut [(u64, u64)]) {
        if Simd::here() < Simd::Avx2 {
            return masks(text, common, rare, out);
        }
        // SAFETY: the processor has just said that it knows these instructions
        #[allow(unsafe_code)]
        unsafe {
            masks_256(text, common, rare, out);
        }
    }
    #[cfg(target_arch = "x86_64")]
    fn marks_avx2(text: &[u8], base: u32, common: u8, rare: [u8; 3], all: &mut Marks, hard: &mut Marks) -> bool {
        if Simd::here() < Simd::Avx2 {
            return marks(text, base, common, rare, all, hard);
        }
        // SAFETY: as above
        #[allow(unsafe_code)]
        unsafe {
            marks_256(text, base, common, rare, all, hard)
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    use super::{marks as marks_avx2, masks as masks_avx2};

    proptest! {
        #[test]
        fn places_are_the_same_everywhere(text in prop::collection::vec(prop_oneof![9 => 0u8..6, 1 => 0x7eu8..0x82], 0..300), high: bool, base in 0u32..9) {
            // now and then without anything odd
            let text: Vec<u8> = text.into_iter().map(|b| if high { b } else { b.clamp(1, 5) }).collect();
            let is = |b: &u8, which: &[u8]| which.contains(b);
            let words = text.len().div_ceil(64);
            let want: Vec<(u64, u64)> = text
                .chunks(64)
                .map(|c| c.iter().enumerate().fold((0, 0), |(a, h), (i, b)| (a | u64::from(is(b, &[0, 2, 3, 4])) << i, h | u64::from(is(b, &[2, 3, 4])) << i)))
                .collect();
            let at = |which: &[u8]| text.iter().enumerate().filter(|(_, b)| is(b, which)).map(|(i, _)| base + i as u32).collect::<Vec<_>>();
            let (all, hard) = (at(&[0, 2, 3, 4]), at(&[2, 3, 4]));
            type Masks = fn(&[u8], u8, [u8; 3], &mut [(u64, u64)]);
            type Places = fn(&[u8], u32, u8, [u8; 3], &mut Marks, &mut Marks) -> bool;
            for (masks, marks) in [(masks as Masks, marks as Places), (masks_avx2, marks_avx2), (masks_here, marks_here)] {
                let mut out = vec![(0, 0); words];
                masks(&text, 0, [2, 3, 4], &mut out);
                prop_assert_eq!(&out, &want);
                // in two parts, some taken in between
                let (mut a, mut h) = (Marks::default(), Marks::default());
                let half = text.len() / 2;
                for (part, base) in [(&text[..half], base), (&text[half..], base + half as u32)] {
                    a.room(part.len());
                    h.room(part.len());
                    let plain = marks(part, base, 0, [2, 3, 4], &mut a, &mut h);
                    prop_assert_eq!(plain, part.iter().all(|b| (1..0x80).contains(b)));
                }
                prop_assert_eq!(a.rest(), &all[..]);
                prop_assert_eq!(h.rest(), &hard[..]);
                a.take_below(base + 100);
                prop_assert_eq!(a.rest(), all.iter().copied().filter(|p| *p >= base + 100).collect::<Vec<_>>());
            }
            for bytes in text.as_chunks::<64>().0 {
                prop_assert_eq!(anywhere(bytes, 0, [2, 3, 4]), places(bytes, 0, [2, 3, 4]));
            }
        }
    }
}
