//! Finds what a waiter speaks of in the model: operations, and what stands at a path of a message.

use crate::model::{BodyKind, Content, Kind, Model, Operation, ReplyKind, Ty};

/// Returns an operation by its name, or by method and path: `GET /jobs/{id}`.
pub(crate) fn operation<'a>(model: &'a Model, id: &str) -> Option<&'a Operation> {
    let by_route = |operation: &&Operation| {
        let route = id.split_once(' ');
        route.is_some_and(|(method, path)| {
            operation.method.eq_ignore_ascii_case(method) && operation.path == path
        })
    };
    let mut all = model.operations.iter();
    all.find(|operation| operation.id == id || by_route(operation))
}

/// What a success of an operation holds, where that is JSON.
pub(crate) fn reply(operation: &Operation) -> Option<&Content> {
    let mut ways = operation.replies.iter();
    ways.find(|reply| reply.kind == ReplyKind::Json)
        .map(|reply| &reply.content)
}

/// What the body of an operation holds, where that is JSON.
pub(super) fn body(operation: &Operation) -> Option<&Content> {
    let mut ways = operation.bodies.iter();
    ways.find(|body| body.kind == BodyKind::Json)
        .map(|body| &body.content)
}

/// What stands at a path.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Place {
    /// This.
    Known(Content),
    /// Anything: the contract does not say more.
    Any,
    /// Nothing, since this segment leads nowhere.
    Nowhere(String),
}

/// Follows a path through the types of a contract.
pub(crate) fn locate(model: &Model, content: &Content, path: &str) -> Place {
    let mut steps = path.split('/').filter(|step| !step.is_empty());
    follow(model, content, &mut steps.by_ref().collect::<Vec<_>>(), 0)
}

/// As deep as aliases may lead.
const DEPTH: usize = 32;

fn follow(model: &Model, content: &Content, steps: &mut Vec<&str>, depth: usize) -> Place {
    if let Ty::Named(name) = &content.ty
        && let Some(Kind::Alias(inner)) = model.kind(name)
    {
        if depth > DEPTH {
            return Place::Any;
        }
        return follow(model, inner, steps, depth + 1);
    }
    let Some(step) = steps.first().copied() else {
        return match content.ty {
            Ty::Any => Place::Any,
            _ => Place::Known(content.clone()),
        };
    };
    let mut rest = steps[1..].to_vec();
    let nowhere = || Place::Nowhere(step.to_owned());
    let is_index = step == "*" || step.parse::<usize>().is_ok();
    match &content.ty {
        Ty::Any => Place::Any,
        Ty::Bool | Ty::Int(_) | Ty::Number | Ty::Text(_) => nowhere(),
        Ty::List(item) if is_index => follow(model, item, &mut rest, depth),
        Ty::List(_) => nowhere(),
        Ty::Map(entry) => follow(model, entry, &mut rest, depth),
        Ty::Named(name) => match model.kind(name) {
            Some(Kind::Struct(structure)) => {
                let name = step.replace("~1", "/").replace("~0", "~");
                let member = structure.members.iter().find(|member| member.wire == name);
                match (member, &structure.rest) {
                    (Some(member), _) => follow(model, &member.content, &mut rest, depth),
                    (None, Some(entry)) => follow(model, entry, &mut rest, depth),
                    (None, None) => nowhere(),
                }
            }
            Some(Kind::Union(union)) => {
                let schemas = union.variants.iter().map(|variant| named(&variant.schema));
                any_of(model, &schemas.collect::<Vec<_>>(), steps, depth)
            }
            Some(Kind::Choice(choice)) => {
                let branches = choice.branches.iter().map(|branch| branch.content.clone());
                any_of(model, &branches.collect::<Vec<_>>(), steps, depth)
            }
            Some(Kind::Enum(_)) => nowhere(),
            _ => Place::Any,
        },
    }
}

fn named(schema: &str) -> Content {
    Content {
        ty: Ty::Named(schema.to_owned()),
        ..Content::any()
    }
}

/// What the first of several contents has at a path. Where they differ, anything may stand there.
fn any_of(model: &Model, contents: &[Content], steps: &mut Vec<&str>, depth: usize) -> Place {
    if depth > DEPTH {
        return Place::Any;
    }
    let step = steps.first().copied().unwrap_or_default().to_owned();
    let found = contents
        .iter()
        .map(|one| follow(model, one, steps, depth + 1));
    let mut found = found.filter(|place| !matches!(place, Place::Nowhere(_)));
    match found.next() {
        None => Place::Nowhere(step),
        Some(first) if found.all(|other| other == first) => first,
        Some(_) => Place::Any,
    }
}

/// The texts that may stand at a place, where the contract lists them.
pub(super) fn listed(model: &Model, content: &Content) -> Option<Vec<String>> {
    if let Ty::Named(name) = &content.ty
        && let Some(Kind::Enum(found)) = model.kind(name)
    {
        return Some(
            found
                .variants
                .iter()
                .map(|(wire, _)| wire.clone())
                .collect(),
        );
    }
    let listed = content.listed.iter().map(text);
    (!content.listed.is_empty()).then(|| listed.collect())
}

/// A value as text.
pub(crate) fn text(value: &serde_json::Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}
