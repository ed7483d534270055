//! Drops the types that were made of what stands inside another schema and that nothing leads to any
//! more, since what held them became one type. What the document itself names stays.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::document::Document;
use crate::error::Error;
use crate::marks::INLINE;
use crate::notes::Notes;
use crate::pointer::Pointer;
use crate::walk::{self, each_schema};

pub(super) fn run(doc: &mut Document, _: &mut Notes) -> Result<(), Error> {
    loop {
        let mut led_to: BTreeSet<String> = BTreeSet::new();
        each_schema(doc, &mut |at, schema| {
            // What a schema says of itself keeps it alive no more than nothing does.
            let own = own_name(at);
            // What stands inside is visited by itself.
            let found = walk::own_references(schema);
            led_to.extend(found.filter(|name| Some(name.as_str()) != own.as_deref()));
        });
        let schemas = doc.schemas_mut();
        let before = schemas.len();
        schemas.retain(|name, schema| {
            schema.get(INLINE) != Some(&Value::Bool(true)) || led_to.contains(name)
        });
        if schemas.len() == before {
            return Ok(());
        }
    }
}

/// The component that a place is in.
fn own_name(at: &Pointer) -> Option<String> {
    let rest = at.as_str().strip_prefix("/components/schemas/")?;
    let name = rest.split('/').next()?;
    Some(crate::pointer::unescape(name))
}
