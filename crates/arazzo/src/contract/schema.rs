//! What schemas say of the values that they describe.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Node;

/// Whether a path can be in a value.
#[derive(Clone, Debug)]
pub(crate) enum Presence<'a> {
    /// The schemas of what is there.
    Declared(Vec<Node<'a>>),
    /// An object that may hold more than it declares.
    Undeclared,
    /// Nothing can be there, and why.
    Impossible(&'static str),
    /// Nothing is said.
    Unknown,
}

/// What the structure of a value is, all branches taken together.
#[derive(Debug, Default)]
pub(crate) struct Structure<'a> {
    pub(crate) parts: Vec<Node<'a>>,
}

/// Returns whether the keys can lead from a value of the schemas to something.
pub(crate) fn presence<'a>(schemas: &[Node<'a>], keys: &[String]) -> Presence<'a> {
    let mut here = schemas.to_vec();
    for key in keys {
        match structure(&here).member(key) {
            Presence::Declared(next) => here = next,
            other => return other,
        }
    }
    Presence::Declared(here)
}

/// Gathers all parts of schemas: what references, `allOf`, `oneOf`, `anyOf` and discriminators lead to.
pub(crate) fn structure<'a>(schemas: &[Node<'a>]) -> Structure<'a> {
    let mut parts: Vec<Node<'a>> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut waiting = schemas.to_vec();
    while let Some(node) = waiting.pop() {
        if !seen.insert(std::ptr::from_ref(node.value)) {
            continue;
        }
        if let Some(reference) = node.value.get("$ref").and_then(Value::as_str) {
            waiting.extend(node.follow(reference));
        }
        for key in ["allOf", "oneOf", "anyOf"] {
            waiting.extend(node.get(key).map(Node::items).unwrap_or_default());
        }
        let mapping = node
            .get("discriminator")
            .and_then(|known| known.get("mapping"));
        for (_, target) in mapping.map(Node::members).unwrap_or_default() {
            let target = target.text().unwrap_or_default();
            let named = || node.follow(&format!("#/components/schemas/{target}"));
            waiting.extend(
                node.follow(target)
                    .filter(|_| target.contains('#'))
                    .or_else(named),
            );
        }
        parts.push(node);
    }
    Structure { parts }
}

impl<'a> Structure<'a> {
    /// Returns whether a member or item can be there.
    pub(crate) fn member(&self, key: &str) -> Presence<'a> {
        let mut found = Vec::new();
        let (mut open, mut closed, mut unknown) = (false, false, true);
        let mut impossible = None;
        for part in &self.parts {
            let properties = part.get("properties");
            let additional = part.get("additionalProperties");
            let kinds = kinds(*part);
            let has = |kind: &str| kinds.iter().any(|known| known == kind);
            if properties.is_some() || additional.is_some() || has("object") {
                unknown = false;
                let declared = properties.and_then(|properties| properties.get(key));
                match (declared, additional) {
                    (Some(member), _) => found.push(member),
                    (None, Some(more)) if more.value.is_object() => found.push(more),
                    (None, Some(more)) if more.value == &Value::Bool(false) => closed = true,
                    // An object of which no member is told may hold anything.
                    (None, _) if properties.is_none_or(|known| known.members().is_empty()) => {
                        if !part_of_more(*part) {
                            return Presence::Unknown;
                        }
                    }
                    (None, _) => open = true,
                }
            }
            if part.get("items").is_some() || has("array") {
                unknown = false;
                match (key.parse::<usize>(), part.get("items")) {
                    (Ok(_), Some(items)) => found.push(items),
                    (Ok(_), None) => return Presence::Unknown,
                    (Err(_), _) => impossible = Some("a name leads nowhere in a list"),
                }
            }
            let scalar = |kind: &String| !["object", "array", "null"].contains(&kind.as_str());
            if kinds.iter().any(scalar) {
                unknown = false;
                impossible = impossible.or(Some("a plain value has no members"));
            }
        }
        if !found.is_empty() {
            Presence::Declared(found)
        } else if unknown {
            Presence::Unknown
        } else if open {
            Presence::Undeclared
        } else if closed {
            Presence::Impossible("the object has no such member and takes no other")
        } else {
            impossible.map_or(Presence::Undeclared, Presence::Impossible)
        }
    }

    /// Returns the words that a text may be; `None` where any is allowed.
    pub(crate) fn words(&self) -> Option<BTreeSet<&'a str>> {
        let mut words = BTreeSet::new();
        for part in &self.parts {
            let listed = part.get("enum").map(Node::items).unwrap_or_default();
            let listed = listed.into_iter().chain(part.get("const"));
            words.extend(listed.filter_map(Node::text));
            let free = part.get("enum").is_none() && part.get("const").is_none();
            if free && kinds(*part).iter().any(|kind| kind == "string") {
                return None;
            }
        }
        (!words.is_empty()).then_some(words)
    }

    /// Returns the members that every value must have. Branches of a choice ask nothing of the others.
    pub(crate) fn required(schema: Node<'a>) -> BTreeSet<&'a str> {
        let mut required = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut waiting = vec![schema];
        while let Some(node) = waiting.pop() {
            let node = node.resolved();
            if !seen.insert(std::ptr::from_ref(node.value)) {
                continue;
            }
            let names = node.get("required").map(Node::items).unwrap_or_default();
            for name in names.into_iter().filter_map(Node::text) {
                let member = node.get("properties").and_then(|known| known.get(name));
                let filled = member.is_some_and(|member| {
                    let member = member.resolved();
                    member.get("default").is_some() || member.is_true("readOnly")
                });
                if !filled {
                    required.insert(name);
                }
            }
            waiting.extend(node.get("allOf").map(Node::items).unwrap_or_default());
        }
        required
    }
}

/// Returns whether a schema is only the frame of others, which say what it holds.
fn part_of_more(node: Node<'_>) -> bool {
    ["allOf", "oneOf", "anyOf", "discriminator"]
        .iter()
        .any(|key| node.get(key).is_some())
}

fn kinds(node: Node<'_>) -> Vec<String> {
    match node.get("type").map(|kind| kind.value) {
        Some(Value::String(kind)) => vec![kind.clone()],
        Some(Value::Array(kinds)) => kinds
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        _ => Vec::new(),
    }
}
