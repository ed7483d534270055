//! How long the release build of a program takes that decodes and encodes one workflow.
//!
//! What generic code of a generated crate costs is paid here: by the crate, and again by every
//! program that uses its types.

use std::path::{Path, PathBuf};

use super::bed::Bed;
use super::compiled::Compiled;
use super::say;
use super::table::{Bound, Quantity, Row};

/// The most against the same program with plain progenitor's types: with the generated crate, and
/// after a change of the program alone.
const WITH_CRATE: f64 = 0.45;
const ALONE: f64 = 0.15;

/// How often each is built: they are long, and vary little for it.
const RUNS: usize = 1;

/// The program built with one crate or the other.
struct Program {
    who: &'static str,
    /// The root of the generated crate.
    generated: PathBuf,
    compiled: Compiled,
}

/// Builds both in turn: with the generated crate, then alone. All other dependencies are built before.
pub(super) fn rows(bed: &Bed) -> Vec<Row> {
    let program = |who, package: &str, generated: PathBuf| Program {
        who,
        generated: generated.join("src/lib.rs"),
        compiled: Compiled::new(bed.folder.join(package), "build", vec!["--release"]),
    };
    let mut programs = [
        program("ours", "once-ours", bed.package.clone()),
        program("plain progenitor's", "once-plain", bed.baseline()),
    ];
    let source = bed.source("once");
    for Program { who, compiled, .. } in &mut programs {
        say(&format!(
            "release build of a program, {who} (its dependencies)"
        ));
        compiled.run(bed, &[], false);
    }
    let with_crate = turns(bed, &mut programs, &source, true);
    let alone = turns(bed, &mut programs, &source, false);
    let row = |what: &str, [ours, theirs]: [_; 2], most| Row {
        measure: format!("release build of a program of one workflow, {what}"),
        ours,
        peer: Some(("plain v2", theirs)),
        bound: Some(Bound::Ratio(most)),
    };
    vec![
        row("with the crate, `full`", with_crate, WITH_CRATE),
        row("the program alone", alone, ALONE),
    ]
}

/// Builds each program as if its source had changed, and perhaps the generated crate.
fn turns(
    bed: &Bed,
    programs: &mut [Program; 2],
    source: &Path,
    with_crate: bool,
) -> [Result<Quantity, String>; 2] {
    for run in 1..=RUNS {
        for Program {
            who,
            generated,
            compiled,
        } in programs.iter_mut()
        {
            let what = if with_crate {
                "with its crate"
            } else {
                "alone"
            };
            say(&format!(
                "release build of a program {what}, {who} ({run} of {RUNS})"
            ));
            let changed: &[&Path] = if with_crate {
                &[generated, source]
            } else {
                &[source]
            };
            compiled.run(bed, changed, true);
        }
    }
    programs.each_mut().map(|program| program.compiled.take())
}
