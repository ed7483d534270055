//! The folder for the files, tried before anything is paid for.

use std::path::Path;

use crate::failure::Failure;

/// Makes the folder and sees whether files can be written there.
pub(crate) fn ready(out: &Path) -> Result<(), Failure> {
    let shown = out.display();
    if out.exists() && !out.is_dir() {
        let what = format!("--out `{shown}` is a file; name a folder");
        return Err(Failure::input(what));
    }
    let unusable = |what: &str, error: &std::io::Error| {
        Failure::system(&format!("--out `{shown}` {what}"), error).advise("name another folder")
    };
    std::fs::create_dir_all(out).map_err(|error| unusable("cannot be made", &error))?;
    // The permissions do not tell of a read-only disk; a file does.
    let probe = tempfile::NamedTempFile::new_in(out);
    probe.map_err(|error| unusable("cannot be written to", &error))?;
    Ok(())
}
