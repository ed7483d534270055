//! How long the crate alone takes to check and to build, by features.

use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

use anyhow::Context as _;

use super::bed::Bed;
use super::say;
use super::table::{Bound, Quantity, Row};

/// A way of compiling a crate.
#[derive(Debug)]
pub(super) struct Kind {
    name: &'static str,
    command: &'static str,
    arguments: &'static [&'static str],
    /// The median of so many counts.
    runs: usize,
    /// Whether the bounds, which are for checks, apply.
    bounded: bool,
}

/// What a user waits for while writing.
pub(super) const CHECK: [Kind; 1] = [Kind {
    name: "cargo check",
    command: "check",
    arguments: &[],
    runs: 3,
    bounded: true,
}];

/// What a user waits for before running. One run each: they are long, and vary little for it.
pub(super) const BUILDS: [Kind; 2] = [
    Kind {
        name: "debug build",
        command: "build",
        arguments: &[],
        runs: 1,
        bounded: false,
    },
    Kind {
        name: "release build",
        command: "build",
        arguments: &["--release"],
        runs: 1,
        bounded: false,
    },
];

/// Features that are measured together.
struct Set {
    name: &'static str,
    /// `None` is what a user gets who names none.
    feature: Option<&'static str>,
    bound: Bound,
}

/// The sets, from the smallest to the largest.
const SETS: [Set; 3] = [
    Set {
        name: "`v1` only",
        feature: Some("v1"),
        bound: Bound::Most(Quantity::Time(Duration::from_millis(1200))),
    },
    Set {
        name: "default features",
        feature: None,
        bound: Bound::Ratio(0.2),
    },
    Set {
        name: "`full`",
        feature: Some("full"),
        bound: Bound::Ratio(0.5),
    },
];

impl Set {
    /// What the rows are called, and the arguments for cargo. A feature that is not there gives way
    /// to all there are, and the row says so.
    fn select(&self, features: &[String]) -> (String, Vec<&'static str>) {
        match self.feature {
            None => (self.name.to_owned(), Vec::new()),
            Some(feature) if features.iter().any(|known| known == feature) => (
                self.name.to_owned(),
                vec!["--no-default-features", "--features", feature],
            ),
            Some(_) => (
                format!("all features (there is no {})", self.name),
                vec!["--all-features"],
            ),
        }
    }
}

/// Measures the crate by features against plain progenitor's crate, for each kind.
pub(super) fn rows(bed: &Bed, kinds: &[Kind]) -> Vec<Row> {
    let mut rows = Vec::new();
    for kind in kinds {
        say(&format!("{} of plain progenitor's crate", kind.name));
        let theirs = time(bed, kind, &bed.baseline(), &[]);
        for set in &SETS {
            let (name, features) = set.select(&bed.features);
            let measure = format!("{} of the crate alone, {name}", kind.name);
            say(&measure);
            rows.push(Row {
                ours: time(bed, kind, &bed.package, &features),
                measure,
                peer: Some(("plain v2", theirs.clone())),
                bound: kind.bounded.then_some(set.bound),
            });
        }
    }
    rows
}

fn time(bed: &Bed, kind: &Kind, package: &Path, features: &[&str]) -> Result<Quantity, String> {
    let arguments = [kind.arguments, features, &["--lib"]].concat();
    let run = || -> anyhow::Result<Quantity> {
        // The first builds the dependencies.
        bed.cargo(kind.command, package, &arguments)?;
        let mut times = Vec::new();
        for _ in 0..kind.runs {
            touch(&package.join("src/lib.rs"))?;
            let start = Instant::now();
            bed.cargo(kind.command, package, &arguments)?;
            times.push(start.elapsed());
        }
        Ok(Quantity::Time(median(times)))
    };
    run().map_err(|error| format!("{error:#}"))
}

/// Makes cargo think that a file has changed.
fn touch(path: &Path) -> anyhow::Result<()> {
    std::fs::File::options()
        .append(true)
        .open(path)
        .and_then(|file| file.set_modified(SystemTime::now()))
        .with_context(|| format!("{} cannot be touched", path.display()))
}

/// The one in the middle; zero where there is none.
pub(super) fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feature_that_is_not_there_is_said() {
        let features = ["default", "v1"].map(str::to_owned);
        let names = SETS.map(|set| set.select(&features).0);
        assert_eq!(
            names,
            [
                "`v1` only",
                "default features",
                "all features (there is no `full`)"
            ]
        );
    }
}
