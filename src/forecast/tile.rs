//! Memory for a tile of paths, laid out so that the values of one step over all lanes never cross a cache line.

use super::path::LANES;

/// Bytes of a cache line, which the values of one step fill.
const LINE: usize = LANES * size_of::<f32>();

/// `steps` rows of [`LANES`] values, zeros to begin with.
#[derive(Debug, Clone, Default)]
pub struct Tile {
    room: Vec<f32>,
    from: usize,
    len: usize,
}

impl Tile {
    /// Room for so many steps.
    pub fn new(steps: usize) -> Self {
        let len = steps * LANES;
        let room = vec![0.0f32; len + LANES];
        // where it cannot be told, the tile is merely slower
        let from = room.as_ptr().align_offset(LINE).min(LANES);
        Self { room, from, len }
    }

    /// `[step · LANES + lane]`.
    pub fn values(&self) -> &[f32] {
        self.room.get(self.from..self.from + self.len).unwrap_or_default()
    }

    /// The same, to be written.
    pub fn values_mut(&mut self) -> &mut [f32] {
        self.room.get_mut(self.from..self.from + self.len).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_begin_with_cache_lines() {
        for steps in [0, 1, 7, 365] {
            let mut t = Tile::new(steps);
            assert_eq!((t.values().len(), t.values_mut().len()), (steps * LANES, steps * LANES));
            assert!(steps == 0 || (t.values().as_ptr() as usize).is_multiple_of(64));
        }
    }
}
