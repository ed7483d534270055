//! How long the crate alone takes to check and to build, by features.

use std::path::Path;
use std::time::Duration;

use super::bed::Bed;
use super::compiled::Compiled;
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
        bound: Bound::Ratio(0.14),
    },
    Set {
        name: "`full`",
        feature: Some("full"),
        bound: Bound::Ratio(0.25),
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
    kinds.iter().flat_map(|kind| rows_of(bed, kind)).collect()
}

fn rows_of(bed: &Bed, kind: &Kind) -> Vec<Row> {
    let of = |package: &Path, features: Vec<&'static str>| {
        let arguments = [kind.arguments, &features, &["--lib"]].concat();
        Compiled::new(package.to_owned(), kind.command, arguments)
    };
    let plain = bed.baseline();
    let mut crates = vec![(
        "plain progenitor's crate".to_owned(),
        plain.join("src/lib.rs"),
        of(&plain, Vec::new()),
    )];
    for set in &SETS {
        let (name, features) = set.select(&bed.features);
        let name = format!("the crate alone, {name}");
        let root = bed.package.join("src/lib.rs");
        crates.push((name, root, of(&bed.package, features)));
    }
    // The first time builds the dependencies. Then everybody in turn, so that all meet the same
    // weather.
    for round in 0..=kind.runs {
        for (name, root, compiled) in &mut crates {
            let again = match round {
                0 => "its dependencies".to_owned(),
                round => format!("{round} of {}", kind.runs),
            };
            say(&format!("{} of {name} ({again})", kind.name));
            compiled.run(bed, &[root], round > 0);
        }
    }
    let mut done = crates
        .into_iter()
        .map(|(name, _, mut compiled)| (name, compiled.take()));
    let Some((_, theirs)) = done.next() else {
        return Vec::new();
    };
    let rows = done.zip(&SETS).map(|((name, ours), set)| Row {
        measure: format!("{} of {name}", kind.name),
        ours,
        peer: Some(("plain v2", theirs.clone())),
        bound: kind.bounded.then_some(set.bound),
    });
    rows.collect()
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
