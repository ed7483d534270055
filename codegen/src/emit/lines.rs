//! Lists as text: in one line where they fit, else as many entries a line as fit.

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
