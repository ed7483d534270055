//! How much code is generated.

use std::path::Path;

use anyhow::Context as _;

use super::table::{Bound, Quantity, Row};

/// Lines and longest file that may be.
const LINES: u64 = 45_000;
const LONGEST: u64 = 3_000;

/// Counts all generated code of the crate, of every contract and with its support modules, against
/// the one file that plain progenitor makes of one contract.
pub(super) fn rows(package: &Path, baseline: &str) -> anyhow::Result<Vec<Row>> {
    let mut files = Vec::new();
    gather(&package.join("src/generated"), &mut files)?;
    let lines = |text: &String| text.lines().count() as u64;
    let baseline_lines = baseline.lines().count() as u64;
    let row = |measure: &str, ours: u64, theirs: u64, most: Option<u64>| Row {
        measure: format!("generated {measure}, all contracts and features"),
        ours: Ok(Quantity::Count(ours)),
        peer: Some(("plain v2", Ok(Quantity::Count(theirs)))),
        bound: most.map(|most| Bound::Most(Quantity::Count(most))),
    };
    Ok(vec![
        row(
            "lines",
            files.iter().map(lines).sum(),
            baseline_lines,
            Some(LINES),
        ),
        row(
            "bytes",
            files.iter().map(|text| text.len() as u64).sum(),
            baseline.len() as u64,
            None,
        ),
        row("files", files.len() as u64, 1, None),
        row(
            "lines of the longest file",
            files.iter().map(lines).max().unwrap_or_default(),
            baseline_lines,
            Some(LONGEST),
        ),
    ])
}

fn gather(folder: &Path, files: &mut Vec<String>) -> anyhow::Result<()> {
    let unreadable = || format!("{} cannot be read", folder.display());
    for entry in std::fs::read_dir(folder).with_context(unreadable)? {
        let path = entry.with_context(unreadable)?.path();
        if path.is_dir() {
            gather(&path, files)?;
        } else {
            let text = std::fs::read_to_string(&path)
                .with_context(|| format!("{} cannot be read", path.display()))?;
            files.push(text);
        }
    }
    Ok(())
}
