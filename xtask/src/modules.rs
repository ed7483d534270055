//! `modules`: whether modules of one crate depend on each other, directly or through others.
//!
//! Modules are compared with their siblings. That a module uses what stands below it, and what stands below it
//! uses what the module defines, is how a file is split, and no circle.

mod read;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use clap::Args;

/// The way to a module, from the root of its crate.
type Module = Vec<String>;
/// What each sibling depends on.
type Siblings = BTreeMap<String, BTreeSet<String>>;

/// What `cargo xtask modules` is told.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The crates to look at, by their folders [default: every crate].
    crates: Vec<String>,
}

/// Prints the circles of crates, and fails where there is one.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let root = crate::workspace::root();
    let mut crates = vec![root.join("codegen"), root.join("xtask")];
    for entry in std::fs::read_dir(root.join("crates"))? {
        crates.push(entry?.path());
    }
    crates.sort();
    let name = |path: &PathBuf| {
        path.file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned()
    };
    let known: Vec<String> = crates.iter().map(name).collect();
    if let Some(unknown) = arguments.crates.iter().find(|one| !known.contains(one)) {
        bail!(
            "there is no crate `{unknown}`; there are {}",
            known.join(", ")
        );
    }
    crates.retain(|path| arguments.crates.is_empty() || arguments.crates.contains(&name(path)));
    let mut circles = 0;
    for path in crates {
        let name = name(&path);
        let (modules, found) = of_crate(&path.join("src")).with_context(|| format!("in {name}"))?;
        println!("{name}: {modules} modules, {} circles", found.len());
        for circle in &found {
            println!("  {circle}");
        }
        circles += found.len();
    }
    Ok(if circles == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// How many modules a crate has, and the circles among them in words.
fn of_crate(src: &Path) -> Result<(usize, Vec<String>)> {
    let sources = read::sources(src)?;
    let mut levels: BTreeMap<Module, Siblings> = BTreeMap::new();
    for (from, to) in sources.dependencies() {
        let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
        // A module and what stands below it are no siblings.
        if let (Some(one), Some(other)) = (from.get(common), to.get(common)) {
            let level = levels.entry(from[..common].to_vec()).or_default();
            level.entry(one.clone()).or_default().insert(other.clone());
        }
    }
    let mut circles = Vec::new();
    for (parent, siblings) in &levels {
        for circle in knots(siblings) {
            let within = if parent.is_empty() {
                "the crate".to_owned()
            } else {
                parent.join("::")
            };
            circles.push(format!("in {within}: {}", circle.join(", ")));
        }
    }
    Ok((sources.len(), circles))
}

/// The groups of siblings of which each depends on all others of its group.
fn knots(siblings: &Siblings) -> Vec<Vec<String>> {
    let reached: BTreeMap<_, _> = siblings
        .keys()
        .map(|name| (name.clone(), reach(siblings, name)))
        .collect();
    let mut knots = BTreeSet::new();
    for (name, far) in &reached {
        if far.contains(name) {
            let back = |other: &&String| reached.get(*other).is_some_and(|far| far.contains(name));
            knots.insert(far.iter().filter(back).cloned().collect::<Vec<_>>());
        }
    }
    knots.into_iter().collect()
}

/// Everything that a sibling depends on, through any number of others.
fn reach(siblings: &Siblings, from: &str) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    let mut open = vec![from.to_owned()];
    while let Some(name) = open.pop() {
        for next in siblings.get(&name).into_iter().flatten() {
            if reached.insert(next.clone()) {
                open.push(next.clone());
            }
        }
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Makes a crate of files and gives its circles.
    fn circles(files: &[(&str, &str)]) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        of_crate(folder.path()).unwrap().1
    }

    #[test]
    fn siblings_that_depend_on_each_other_are_found_through_re_exports() {
        let open = [
            ("lib.rs", "pub use a::A; mod a; mod b; mod c;"),
            ("a.rs", "use crate::b::B; pub struct A(B);"),
            ("b.rs", "mod d; pub struct B; fn f() { d::f(); }"),
            ("b/d.rs", "use super::B; pub fn f() -> Option<B> { None }"),
            ("c.rs", "use crate::A;"),
        ];
        assert_eq!(circles(&open), [""; 0]);
        let mut closed = open;
        closed[2].1 = "pub struct B; impl B { fn f() -> crate::c::C { crate::c::C } }";
        assert_eq!(circles(&closed), ["in the crate: a, b, c"]);
        // What tests need is no dependency.
        closed[2].1 = "pub struct B; #[cfg(test)] mod tests { use crate::c::C; }";
        assert_eq!(circles(&closed), [""; 0]);
    }
}
