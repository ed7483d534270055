//! How much code is generated.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::CONTRACT;
use super::table::{Bound, Quantity, Row};
use crate::workspace::rust_files;

/// The most lines against plain progenitor's.
const LINES: f64 = 0.4;

/// The most lines of one file.
const LONGEST: u64 = 2_000;

/// The most letters of one name.
const NAME: u64 = 48;

/// Words before the name of an item.
const ITEMS: [&str; 6] = ["enum", "fn", "mod", "struct", "trait", "type"];

/// Counts all generated code of the crate, of every contract and with its support modules, against the
/// files that plain progenitor makes of the same contracts; and the contract with the many types alone.
pub(super) fn rows(
    package: &Path,
    plain: &BTreeMap<String, String>,
    notes: &mut Vec<String>,
) -> anyhow::Result<Vec<Row>> {
    let generated = package.join("src/generated");
    let files = texts(&generated)?;
    let mut alone = texts(&generated.join(CONTRACT))?;
    alone.extend(texts(&generated.join("support"))?);
    let lines = |text: &String| text.lines().count() as u64;
    let all_lines: u64 = files.iter().map(lines).sum();
    let baseline_lines: u64 = plain.values().map(lines).sum();
    let alone_lines: u64 = plain.get(CONTRACT).map(lines).unwrap_or_default();
    let row = |measure: &str, ours: u64, theirs: u64, bound: Option<Bound>| Row {
        measure: format!("generated {measure}, all contracts and features"),
        ours: Ok(Quantity::Count(ours)),
        peer: Some(("plain", Ok(Quantity::Count(theirs)))),
        bound,
    };
    let most = |most| Some(Bound::Most(Quantity::Count(most)));
    let longest_name = files.iter().flat_map(|text| names(text)).max_by_key(length);
    let longest_name = longest_name.unwrap_or_default();
    notes.push(format!("The longest generated name is `{longest_name}`."));
    if alone_lines > 0 {
        let ratio = all_lines as f64 / alone_lines as f64;
        notes.push(format!(
            "All generated lines against those of plain {CONTRACT} alone: {ratio:.3}."
        ));
    }
    Ok(vec![
        row(
            "lines",
            all_lines,
            baseline_lines,
            Some(Bound::Ratio(LINES)),
        ),
        Row {
            measure: format!("generated lines of `{CONTRACT}`, support modules included"),
            ours: Ok(Quantity::Count(alone.iter().map(lines).sum())),
            peer: Some(("plain v2", Ok(Quantity::Count(alone_lines)))),
            bound: Some(Bound::Ratio(LINES)),
        },
        row(
            "bytes",
            files.iter().map(|text| text.len() as u64).sum(),
            plain.values().map(|text| text.len() as u64).sum(),
            None,
        ),
        row("files", files.len() as u64, plain.len() as u64, None),
        row(
            "lines of the longest file",
            files.iter().map(lines).max().unwrap_or_default(),
            plain.values().map(lines).max().unwrap_or_default(),
            most(LONGEST),
        ),
        row(
            "letters of the longest name of an item",
            length(&longest_name) as u64,
            plain
                .values()
                .flat_map(|text| names(text))
                .map(|name| length(&name))
                .max()
                .unwrap_or_default() as u64,
            most(NAME),
        ),
    ])
}

/// The names of the items in a text of Rust, those inside of macros included.
fn names(text: &str) -> impl Iterator<Item = &str> {
    let code = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    code.flat_map(|line| {
        // A raw name and a text are words of their own, and begin no item.
        let part = |letter: char| letter.is_alphanumeric() || "_#\"".contains(letter);
        let words = || {
            line.split(move |letter| !part(letter))
                .filter(|word| !word.is_empty())
        };
        let named = words().zip(words().skip(1));
        named.filter_map(|(word, name)| ITEMS.contains(&word).then_some(name))
    })
}

fn length(name: &&str) -> usize {
    name.chars().count()
}

/// The texts of all files of a folder.
fn texts(folder: &Path) -> anyhow::Result<Vec<String>> {
    let files = rust_files(folder)?.into_iter();
    let text = |path: PathBuf| {
        let text = std::fs::read_to_string(&path);
        text.with_context(|| format!("{} cannot be read", path.display()))
    };
    files.map(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_have_names_wherever_they_stand() {
        let text = "/// A struct of words.\nobject! {\n    pub struct Hero {\n        pub r#type: String,\n    }\n}\n\
                    impl Hero {\n    pub(crate) async fn saves_the_day<T>(&self) {}\n}\n\
                    pub type Day = u8;";
        let names: Vec<&str> = names(text).collect();
        assert_eq!(names, ["Hero", "saves_the_day", "Day"]);
    }
}
