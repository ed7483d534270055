//! Methods of the handles of steps: what an output holds, as a value for further steps.

use std::fmt::Write as _;

use super::typed;
use crate::docs;
use crate::facts::Facts;
use crate::facts::{Found, Holds, word};
use crate::model::Gate;

/// The marks of files, and what builders and files are called by them.
const KINDS: [(&str, &str, &str); 7] = [
    ("archive", "Archive", "Archive"),
    ("audio", "Audio", "Audio"),
    ("draftCache", "DraftCache", "Other"),
    ("image", "Image", "Image"),
    ("model", "Model", "Model"),
    ("model3d", "Model3d", "Model3d"),
    ("video", "Video", "Video"),
];

fn named(kind: &str) -> Option<&'static (&'static str, &'static str, &'static str)> {
    KINDS.iter().find(|(mark, ..)| *mark == kind)
}

/// The kind of a file that was made.
pub(super) fn file_kind(kind: &str) -> &'static str {
    named(kind).map_or("Other", |(_, _, kind)| kind)
}

/// The kind of a value; none where only the caller knows it.
fn kind(holds: &Holds) -> Option<&'static str> {
    match holds {
        Holds::File(None) => None,
        Holds::File(Some(kind)) | Holds::Link(kind) => named(kind).map(|(_, kind, _)| *kind),
        Holds::Text | Holds::Plain("String") => Some("Text"),
        Holds::Plain(ty) => Some(ty),
    }
}

/// Writes the methods of all outputs of a module.
pub(super) fn methods(facts: &Facts, gate: &Gate, out: &mut String) {
    for (output, found) in facts
        .outputs
        .iter()
        .filter(|(output, _)| output.gate == *gate)
    {
        let methods: Vec<String> = found.iter().filter_map(method).collect();
        if !methods.is_empty() {
            let _infallible = writeln!(
                out,
                "\nimpl StepHandle<{}> {{\n{}}}",
                typed(output),
                methods.join("\n")
            );
        }
    }
}

fn method(found: &Found) -> Option<String> {
    let name = found.method.as_ref()?;
    let (given, kind) = match kind(&found.holds) {
        Some(kind) => ("", kind),
        None => ("<K: Kind>", "K"),
    };
    let segments: Vec<&str> = found.path.split('.').collect();
    let (mut arguments, mut path) = (String::new(), Vec::new());
    for (index, segment) in segments.iter().enumerate() {
        let Some(list) = segment.strip_suffix("[]") else {
            path.push((*segment).to_owned());
            continue;
        };
        let argument = if index + 1 == segments.len() {
            "index".to_owned()
        } else {
            word(segment)
        };
        let _infallible = write!(arguments, ", {argument}: usize");
        path.push(format!("{list}[{{{argument}}}]"));
    }
    let mut path = path.join(".");
    let is_file = matches!(found.holds, Holds::File(_));
    if is_file {
        path.push_str(".url");
    }
    let path = if arguments.is_empty() {
        format!("{path:?}")
    } else {
        format!("format_args!({path:?})")
    };
    let mut about = docs::one_line(&found.about);
    if found.path.contains("[]") {
        about.push_str(" The one at this place, counted from 0.");
    }
    let mut method = format!(
        "    /// {about}\n    #[must_use]\n    pub fn {name}{given}(&self{arguments}) -> Deferred<{kind}> {{\n        \
         self.at({path})\n    }}\n"
    );
    let all = found
        .path
        .strip_suffix("[]")
        .filter(|list| !list.contains(['[', '.']));
    // A list of the caller's own kind is read by its path.
    if let (Some(list), "") = (all, given) {
        let within = if is_file { "Some(\"url\")" } else { "None" };
        let _infallible = write!(
            method,
            "\n    /// All of them, to be gone through by [`Step::repeat`].\n    #[must_use]\n    \
             pub fn {name}s(&self) -> DeferredList<{kind}> {{\n        self.list_at({list:?}, {within})\n    }}\n"
        );
    }
    Some(method)
}
