//! The random cases of property tests: the same in every run, so that a change is judged by what it changed and not by luck.
//! `PROPTEST_RNG_SEED=…` draws others; a case found that way becomes a named test.

use proptest::test_runner::{Config, RngSeed};

/// So many cases, from the fixed seed or the one in the environment.
pub fn cases(cases: u32) -> Config {
    let given = Config::default();
    let rng_seed = if given.rng_seed == RngSeed::Random { RngSeed::Fixed(2026) } else { given.rng_seed };
    Config { cases, rng_seed, failure_persistence: None, ..given }
}
