//! Which module a type goes to: the file its contract keeps it in, or, in a document of one file,
//! the first word of its name.

use std::collections::BTreeMap;
use std::path::Path;

use heck::ToSnakeCase as _;

use crate::document::Document;
use crate::names::{module, pascal};
use crate::pointer::Pointer;

/// A first word that more types share than this is too wide for one module.
const WIDE: usize = 40;

/// Schema name → module name.
pub(super) fn areas(doc: &Document) -> BTreeMap<String, String> {
    let mut sizes: BTreeMap<String, usize> = BTreeMap::new();
    for (name, _) in doc.schemas() {
        *sizes.entry(words(name, 1)).or_default() += 1;
    }
    let area = |name: &str| {
        let wide = sizes.get(&words(name, 1)).is_some_and(|size| *size > WIDE);
        file(doc, name).unwrap_or_else(|| module(&words(name, if wide { 2 } else { 1 })))
    };
    doc.schemas()
        .map(|(name, _)| (name.clone(), area(name)))
        .collect()
}

/// The module named after the file that a schema stands in.
fn file(doc: &Document, name: &str) -> Option<String> {
    let file = origin(doc, name)?;
    Some(module(&Path::new(file).file_stem()?.to_string_lossy()))
}

/// The file other than the root that a schema stands in. A lifted type stands where the component
/// it came out of stands: the one with the longest name that begins its own.
pub(super) fn origin<'a>(doc: &'a Document, name: &str) -> Option<&'a str> {
    if doc.origins.is_empty() {
        return None;
    }
    let ends = (1..=name.len())
        .rev()
        .filter(|end| name.is_char_boundary(*end));
    let mut origins = ends.filter_map(|end| doc.origins.get(&Pointer::schema(&name[..end])));
    origins.next().map(|(file, _)| file.as_str())
}

/// The first words of a type's name.
fn words(name: &str, count: usize) -> String {
    let name = pascal(name).to_snake_case();
    name.split('_').take(count).collect::<Vec<_>>().join("_")
}
