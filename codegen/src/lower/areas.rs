//! Which module a type goes to: the file its contract keeps it in, or, in a document of one file,
//! the first word of its name.

use std::collections::BTreeMap;
use std::path::Path;

use heck::ToSnakeCase as _;

use crate::document::Document;
use crate::names::{pascal, snake};
use crate::pointer::Pointer;

/// Schema name → module name.
pub(super) fn areas(doc: &Document) -> BTreeMap<String, String> {
    doc.schemas().map(|(name, _)| (name.clone(), area(doc, name))).collect()
}

fn area(doc: &Document, name: &str) -> String {
    let mut words = pascal(name).to_snake_case();
    if let Some(end) = words.find('_') {
        words.truncate(end);
    }
    // A lifted type stands where the component it came out of stands: the longest known prefix.
    let home = (1..=name.len())
        .rev()
        .filter(|end| name.is_char_boundary(*end))
        .find_map(|end| doc.origins.get(&Pointer::schema(&name[..end])));
    let stem = home.and_then(|(file, _)| Path::new(file).file_stem());
    stem.map_or_else(|| snake(&words), |stem| snake(&stem.to_string_lossy()))
}
