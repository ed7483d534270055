//! Lists as text: in one line where they fit, else as many entries a line as fit.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// As long as a line may be.
pub(super) const WIDTH: usize = 110;

/// Writes a list.
pub(super) fn list(out: &mut String, head: &str, entries: impl Iterator<Item = String>, end: &str) {
    let entries: Vec<String> = entries.collect();
    let whole = format!("{head}{}{end}", entries.join(", "));
    if whole.len() <= WIDTH || entries.is_empty() {
        let _infallible = writeln!(out, "{whole}");
        return;
    }
    let _infallible = writeln!(out, "{}", head.trim_end());
    let mut line = String::new();
    for entry in &entries {
        if !line.is_empty() && line.len() + entry.len() + 6 > WIDTH {
            let _infallible = writeln!(out, "    {line}");
            line.clear();
        }
        let before = if line.is_empty() { "" } else { " " };
        let _infallible = write!(line, "{before}{entry},");
    }
    let _infallible = writeln!(out, "    {line}\n{}", end.trim_start());
}

/// Writes an import.
pub(super) fn import(out: &mut String, path: &str, names: &[String]) {
    match names {
        [] => {}
        [name] => {
            let _infallible = writeln!(out, "use {path}::{name};");
        }
        names => list(out, &format!("use {path}::{{"), names.iter().cloned(), "};"),
    }
}

/// A module, behind the line that says when it is compiled.
pub(super) type Module = (String, String);

/// Declares modules, and passes on what the open ones hold.
pub(super) fn modules(open: Vec<Module>, closed: &[Module]) -> String {
    let mut all = [open.as_slice(), closed].concat();
    all.sort_by(|(_, one), (_, other)| one.cmp(other));
    let mut out = String::from("\n");
    for (gate, module) in all {
        let _infallible = writeln!(out, "{gate}mod {module};");
    }
    let mut globs: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (gate, module) in open {
        globs.entry(gate).or_default().push(format!("{module}::*"));
    }
    for (gate, globs) in globs {
        let _infallible = write!(out, "\n{gate}");
        list(&mut out, "pub use self::{", globs.into_iter(), "};");
    }
    out
}
