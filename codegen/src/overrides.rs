//! Decisions of people, kept as data with a reason each: what the wire does differently from a
//! document's words, and which differences from a vendor's document stay.

use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use crate::document::{Document, as_object_mut};
use crate::error::{Error, Faults};
use crate::marks::{OPTIONAL, PAGES};
use crate::pointer::Pointer;
use crate::walk::below;

/// The contents of `overrides.toml`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Overrides {
    /// Corrections, applied to any document given under a contract's name.
    #[serde(default, rename = "patch")]
    pub patches: Vec<Patch>,
    /// Differences between our contract and the vendor's document that stay.
    #[serde(default, rename = "tolerate")]
    pub tolerated: Vec<Tolerated>,
    /// Members that may be left out although a document requires them.
    #[serde(default, rename = "optional")]
    pub optional: Vec<Optional>,
    /// Operations that answer in pages, where the document does not tell how.
    #[serde(default, rename = "pages")]
    pub pages: Vec<Paged>,
    /// Names in Rust that people decided on.
    #[serde(default, rename = "rename")]
    pub renames: Vec<Rename>,
}

/// Members that the service fills in, although its document requires them and gives no default.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Optional {
    /// The contract it belongs to.
    pub contract: String,
    /// The member.
    pub member: String,
    /// The schemas that declare it.
    pub schemas: Vec<String>,
    /// Why.
    pub reason: String,
}

/// How the pages of an operation follow each other.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paged {
    /// The contract it belongs to.
    pub contract: String,
    /// The `operationId`.
    pub operation: String,
    /// The query parameter that asks for a page.
    pub parameter: String,
    /// The member of the reply that tells of the next page; without one, pages are counted where the
    /// parameter is called so, and items where not.
    pub next: Option<String>,
    /// The member of the reply that holds the items; nothing where the reply is the list.
    pub items: Option<String>,
    /// Why.
    pub reason: String,
}

/// A name in Rust in place of the one that the contract's would become.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rename {
    /// The contract it belongs to.
    pub contract: String,
    /// The schema; `operations` for the name of a method.
    pub schema: String,
    /// The member of it that is meant, or the operation.
    pub member: Option<String>,
    /// The value of an enum, or the tag of a union, that is meant.
    pub value: Option<String>,
    /// The name.
    pub to: String,
    /// Why.
    pub reason: String,
}

/// One correction.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Patch {
    /// The contract it belongs to.
    pub contract: String,
    /// The place in the bundled document; it must exist.
    pub at: String,
    /// Why.
    pub reason: String,
    /// Members taken away.
    #[serde(default)]
    pub remove: Vec<String>,
    /// Members written, in place of what they were.
    #[serde(default)]
    pub set: serde_json::Map<String, Value>,
    /// A whole new value.
    pub replace: Option<Value>,
}

/// A difference that stays.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tolerated {
    /// The contract it belongs to.
    pub contract: String,
    /// Where: the difference's location, or what it continues with a space or a dot; a `*` stands
    /// for anything.
    pub at: String,
    /// Which kind: `missing`, `extra` or `changed`.
    pub change: String,
    /// The exact words of the difference; without them, whatever differs there.
    pub says: Option<String>,
    /// Why.
    pub reason: String,
}

impl Overrides {
    /// Reads the file; without one there are no overrides.
    ///
    /// # Errors
    ///
    /// The file cannot be read, is no TOML of this form, or gives no reason.
    pub fn load(path: &Path) -> Result<Self, Error> {
        let name = path.display().to_string().replace('\\', "/");
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Self::default());
            }
            Err(error) => return Err(Error::file(name, format!("cannot be read: {error}"))),
        };
        let overrides: Self = toml::from_str(&text)
            .map_err(|error| Error::file(&name, format!("is no valid overrides file: {error}")))?;
        let reasons = overrides
            .patches
            .iter()
            .map(|patch| (&patch.at, &patch.reason));
        let reasons = reasons.chain(
            overrides
                .tolerated
                .iter()
                .map(|kept| (&kept.at, &kept.reason)),
        );
        let reasons = reasons.chain(
            overrides
                .renames
                .iter()
                .map(|row| (&row.schema, &row.reason)),
        );
        let reasons = reasons.chain(
            overrides
                .optional
                .iter()
                .map(|row| (&row.member, &row.reason)),
        );
        let paged = overrides.pages.iter();
        let reasons = reasons.chain(paged.map(|row| (&row.operation, &row.reason)));
        for (at, reason) in reasons {
            if reason.trim().is_empty() {
                return Err(Error::file(
                    name,
                    format!("the override at `{at}` gives no reason"),
                ));
            }
        }
        Ok(overrides)
    }

    /// Returns what belongs to one contract.
    #[must_use]
    pub fn of(&self, contract: &str) -> Self {
        let patches = self
            .patches
            .iter()
            .filter(|patch| patch.contract == contract)
            .cloned();
        let tolerated = self
            .tolerated
            .iter()
            .filter(|kept| kept.contract == contract)
            .cloned();
        let optional = self.optional.iter().filter(|row| row.contract == contract);
        let renames = self.renames.iter().filter(|row| row.contract == contract);
        let pages = self.pages.iter().filter(|row| row.contract == contract);
        Self {
            patches: patches.collect(),
            tolerated: tolerated.collect(),
            optional: optional.cloned().collect(),
            renames: renames.cloned().collect(),
            pages: pages.cloned().collect(),
        }
    }

    /// Applies every patch.
    ///
    /// # Errors
    ///
    /// A patch whose place is gone.
    pub fn apply(&self, doc: &mut Document) -> Result<(), Error> {
        let mut faults = Faults::default();
        for patch in &self.patches {
            let Some(node) = doc.root.pointer_mut(&patch.at) else {
                let at = Pointer::from(patch.at.as_str());
                let what = "an override stands for this place, which is gone; change or remove the override";
                faults.push((doc.file.clone(), at), what);
                continue;
            };
            if let Some(value) = &patch.replace {
                *node = value.clone();
            }
            if patch.remove.is_empty() && patch.set.is_empty() {
                continue;
            }
            let members = as_object_mut(node);
            members.retain(|key, _| !patch.remove.contains(key));
            members.extend(patch.set.clone());
        }
        // An older document may lack a schema, or a member that a newer one has.
        for row in &self.optional {
            for schema in &row.schemas {
                mark(doc, schema, &row.member);
            }
        }
        self.page(doc, &mut faults);
        faults.into_result()
    }

    /// Marks the operations that answer in pages.
    fn page(&self, doc: &mut Document, faults: &mut Faults) {
        let mut left: Vec<&Paged> = self.pages.iter().collect();
        doc.each_operation_mut(|_, _, operation| {
            let id = operation.get("operationId").and_then(Value::as_str);
            let Some(at) = left
                .iter()
                .position(|row| Some(row.operation.as_str()) == id)
            else {
                return;
            };
            let row = left.remove(at);
            operation[PAGES] = serde_json::json!({
                "parameter": row.parameter,
                "next": row.next,
                "items": row.items,
            });
        });
        for row in left {
            let what = format!(
                "an override tells of pages of `{}`, which is gone",
                row.operation
            );
            faults.push((doc.file.clone(), Pointer::root()), what);
        }
    }
}

/// Marks a member of a schema as one that may be left out, wherever the schema declares it.
fn mark(doc: &mut Document, schema: &str, member: &str) {
    let Some(schema) = doc.schemas_mut().get_mut(schema) else {
        return;
    };
    below(&Pointer::root(), schema, &mut |_, part| {
        let property = part
            .get_mut("properties")
            .and_then(|all| all.get_mut(member));
        if let Some(Value::Object(property)) = property {
            property.insert(OPTIONAL.to_owned(), true.into());
        }
    });
}
