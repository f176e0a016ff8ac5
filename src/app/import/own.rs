//! The profiles that people made: one small TOML file each in the folder `profiles` of the window's home, found again by a file's header.

use crate::base::Diagnostic;
use crate::history::Profile;
use std::path::Path;
use std::sync::Arc;

/// Profiles kept; a folder of more is nobody's.
const MOST: usize = 1000;

/// All of them, in the order of their file names; files that are no profiles are passed over.
pub fn load(home: &Path) -> Arc<Vec<Profile>> {
    let mut paths: Vec<_> = std::fs::read_dir(home.join("profiles")).into_iter().flatten().flatten().map(|e| e.path()).collect();
    paths.retain(|p| p.extension().is_some_and(|e| e.eq_ignore_ascii_case("toml")));
    paths.sort();
    let read = |p: &std::path::PathBuf| std::fs::read_to_string(p).ok().and_then(|t| Profile::parse(&t).ok());
    Arc::new(paths.iter().take(MOST).filter_map(read).collect())
}

/// Keeps a profile; one for the same header is replaced.
///
/// # Errors
/// The folder cannot be written.
pub fn keep(home: &Path, profile: &Profile) -> Result<(), Diagnostic> {
    let folder = home.join("profiles");
    let fail = |e: std::io::Error| {
        Diagnostic::error("folder-unwritable", format!("the profile cannot be kept: {e}"))
            .file(folder.display().to_string())
            .fix("set STOCKCAST_HOME to a folder that can be written")
    };
    std::fs::create_dir_all(&folder).map_err(fail)?;
    // named by the header it is for, so that there is one of a kind
    let print = profile.fingerprint.as_deref().unwrap_or("profile");
    crate::report::write_text(folder.join(format!("{print}.toml")), &profile.to_toml())
}
