//! The data beside the repository: real files and known answers, read where they are present.

use std::path::PathBuf;

/// The path of a file or folder of `../shared`, or `None` (said aloud, so that a skipped test is seen) where it is absent.
pub fn shared(path: &str) -> Option<PathBuf> {
    let p = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared").join(path);
    if p.exists() {
        return Some(p);
    }
    eprintln!("SKIPPED: needs shared/{path}, which is not on this machine");
    None
}
