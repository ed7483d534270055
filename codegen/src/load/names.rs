//! What the schemas of other files are called as components.

use std::path::Path;

use crate::names::pascal;
use crate::pointer::Pointer;

/// The names that a schema may get, the best first: the last segment, or the file's stem for a whole
/// file; then with what stands before it, until the file's stem is in it.
pub(super) fn candidates(file: &Path, pointer: &Pointer) -> Vec<String> {
    let stem = file
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let segments: Vec<String> = pointer
        .segments()
        .filter(|segment| !segment.is_empty())
        .collect();
    let first = match segments.as_slice() {
        [] => stem.clone(),
        // A schema inside another: named after both.
        [first, second, name, .., last] if first == "components" && second == "schemas" => {
            format!("{name}{}", pascal(last))
        }
        // A place has no name of its own: named after what holds it, too.
        [.., last] if is_place(last) => format!("{}{}", holder(&segments), pascal(last)),
        [.., last] => last.clone(),
    };
    let told = segments.iter().filter(|segment| !is_keyword(segment));
    let told: Vec<String> = told.map(|segment| pascal(segment)).collect();
    let longer = (2..=told.len()).map(|count| told[told.len() - count..].concat());
    let whole = format!("{}{}", pascal(&stem), told.concat());
    let mut all = vec![first];
    all.extend(longer);
    all.push(whole);
    all.retain(|name| !name.is_empty());
    all
}

/// Whether what a reference names in another file would be called so.
pub(super) fn is_called(reference: &str, name: &str) -> bool {
    let (file, fragment) = reference.split_once('#').unwrap_or((reference, ""));
    let wanted = candidates(Path::new(file), &Pointer::from(fragment));
    wanted.first().is_some_and(|first| first == name)
}

/// Whether a segment is a place in a list or map.
fn is_place(segment: &str) -> bool {
    segment == "items"
        || segment == "additionalProperties"
        || segment.bytes().all(|byte| byte.is_ascii_digit())
}

/// The nearest name or path above a place.
fn holder(segments: &[String]) -> String {
    let named = segments.windows(2).rev().find(|pair| {
        matches!(
            pair[0].as_str(),
            "properties" | "schemas" | "definitions" | "$defs" | "paths"
        )
    });
    named.map_or_else(String::new, |pair| pascal(&pair[1]))
}

/// Whether a segment says only how a schema is held.
fn is_keyword(segment: &str) -> bool {
    matches!(
        segment,
        "components" | "definitions" | "properties" | "schemas" | "schema" | "$defs"
    )
}
