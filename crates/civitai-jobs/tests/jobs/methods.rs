//! The table for those who come from another client: what it names is there, and is tested.

use std::collections::BTreeSet;
use std::path::Path;

/// All Rust files below a folder, as one text.
fn sources(dir: &Path) -> String {
    let mut text = String::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            text += &sources(&path);
        } else if path.extension().is_some_and(|name| name == "rs") {
            text += &std::fs::read_to_string(&path).unwrap();
        }
    }
    text
}

/// The names in the second column of every table.
fn named(guide: &str) -> BTreeSet<&str> {
    let rows = guide.lines().filter(|line| line.starts_with("| "));
    let columns = rows.filter_map(|row| row.split(" | ").nth(1));
    let codes = columns.flat_map(|column| column.split('`').skip(1).step_by(2));
    codes
        .map(|code| code.rsplit("::").next().unwrap_or(code))
        .collect()
}

#[test]
fn every_method_of_the_table_is_called_by_a_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let guide = std::fs::read_to_string(root.join("docs/from-civitai-sharp.md")).unwrap();
    let tests = sources(&root.join("tests")) + &sources(&root.join("src/air"));
    let named = named(&guide);
    assert!(named.len() > 40, "{named:?}");
    let missing: Vec<_> = named
        .into_iter()
        .filter(|name| {
            let (method, function) = (format!(".{name}"), format!("::{name}("));
            !tests.contains(&method) && !tests.contains(&function)
        })
        .collect();
    assert!(missing.is_empty(), "no test calls {missing:?}");
}
