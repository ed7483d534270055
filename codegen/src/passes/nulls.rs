//! A reference to a schema that may be null may be null itself: the type behind it cannot say so.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::document::{Document, as_object_mut, referred};
use crate::error::Error;
use crate::notes::Notes;
use crate::walk::each_schema;

pub(super) fn run(doc: &mut Document, _: &mut Notes) -> Result<(), Error> {
    let is_nullable = |schema: &Value| schema.get("nullable") == Some(&json!(true));
    let mut nullable: BTreeSet<String> = BTreeSet::new();
    // Components that only refer to others: each round finds those one reference further away.
    loop {
        let found = doc.schemas().filter(|(name, schema)| {
            let leads = referred(schema).is_some_and(|target| nullable.contains(&target));
            (is_nullable(schema) || leads) && !nullable.contains(*name)
        });
        let found: Vec<String> = found.map(|(name, _)| name.clone()).collect();
        if found.is_empty() {
            break;
        }
        nullable.extend(found);
    }
    each_schema(doc, &mut |_, schema| {
        if referred(schema).is_some_and(|target| nullable.contains(&target)) {
            as_object_mut(schema).insert("nullable".to_owned(), json!(true));
        }
    });
    Ok(())
}
