//! The simplest call of a client, for its first example.

use syn::{FnArg, ImplItemFn, Type};

use crate::model::{Method, Operation, ReplyKind};

/// The simplest call that was seen.
#[derive(Default)]
pub(super) struct Simplest {
    best: Option<(usize, String)>,
}

impl Simplest {
    /// Looks at a finished method.
    pub(super) fn look_at(&mut self, operation: &Operation, way: &Method, method: &ImplItemFn) {
        let first = way.body == 0 && way.reply == 0;
        let reads = operation
            .replies
            .first()
            .is_some_and(|one| one.kind == ReplyKind::Json);
        if !first || operation.method != "get" {
            return;
        }
        let arguments = method.sig.inputs.iter();
        let arguments = arguments.filter(|input| matches!(input, FnArg::Typed(_)));
        let values: Option<Vec<String>> = arguments.map(value).collect();
        let Some(values) = values else {
            return;
        };
        let asked = values.iter().filter(|value| *value != "None").count();
        let cost = asked * 10 + values.len() + if reads { 0 } else { 100 };
        if self.best.as_ref().is_none_or(|(least, _)| cost < *least) {
            let call = format!("{}({})", method.sig.ident, values.join(", "));
            self.best = Some((cost, call));
        }
    }

    /// Returns the call, without the client before it.
    pub(super) fn into_call(self) -> Option<String> {
        self.best.map(|(_, call)| call)
    }
}

/// A value that an argument may have.
fn value(input: &FnArg) -> Option<String> {
    let FnArg::Typed(typed) = input else {
        return None;
    };
    let last = |ty: &Type| match ty {
        Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
        _ => None,
    };
    match &*typed.ty {
        Type::Reference(reference) => match last(&reference.elem)?.as_str() {
            "str" => Some("\"…\"".to_owned()),
            name if name.ends_with("Options") => Some("&Default::default()".to_owned()),
            _ => None,
        },
        ty => match last(ty)?.as_str() {
            "Option" => Some("None".to_owned()),
            "bool" => Some("true".to_owned()),
            "f64" => Some("1.0".to_owned()),
            "i32" | "i64" | "u32" | "u64" => Some("1".to_owned()),
            _ => None,
        },
    }
}
