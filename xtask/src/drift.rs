//! `cargo xtask drift`.

use std::path::Path;
use std::process::ExitCode;

/// Placeholder.
pub(crate) fn run(_: &str, _: &Path, _: bool) -> anyhow::Result<ExitCode> {
    Ok(ExitCode::FAILURE)
}
