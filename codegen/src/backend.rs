//! The only file that names progenitor: a lowered document in, its operations and structs out.

use std::panic::{AssertUnwindSafe, catch_unwind};

use progenitor_impl::{GenerationSettings, Generator, TypeImpl};
use serde_json::Value;

use crate::error::Error;
use crate::plan::{Plan, TypeKind};

/// Runs progenitor on a plan's lowered document.
///
/// # Errors
///
/// Whatever progenitor refuses. The preconditions are checked before, so that this is a fault of
/// the pipeline and says so.
pub(crate) fn run(plan: &Plan, file: &str) -> Result<syn::File, Error> {
    generate(&plan.lowered, &settings(plan), file)
}

/// Runs progenitor on a document as anybody would who does not know this project.
///
/// # Errors
///
/// Whatever progenitor refuses.
pub(crate) fn plain(lowered: &Value, file: &str) -> Result<syn::File, Error> {
    generate(lowered, &GenerationSettings::default(), file)
}

fn generate(
    lowered: &Value,
    settings: &GenerationSettings,
    file: &str,
) -> Result<syn::File, Error> {
    let refused =
        |what: String| Error::file(file, format!("the lowered document was refused: {what}"));
    let document: openapiv3::OpenAPI =
        serde_json::from_value(lowered.clone()).map_err(|error| refused(error.to_string()))?;
    let tokens = catch_unwind(AssertUnwindSafe(|| {
        Generator::new(settings).generate_tokens(&document)
    }))
    .map_err(|panic| refused(panic_text(&*panic)))?
    .map_err(|error| refused(error.to_string()))?;
    syn::parse2(tokens).map_err(|error| refused(error.to_string()))
}

fn settings(plan: &Plan) -> GenerationSettings {
    let mut settings = GenerationSettings::default();
    settings
        .with_derive("PartialEq")
        .with_map_type("::std::collections::BTreeMap");
    for (name, planned) in &plan.types {
        let impls: &[TypeImpl] = match planned.kind {
            TypeKind::Enum { .. } => &[TypeImpl::Display, TypeImpl::FromStr],
            TypeKind::Union { .. } => &[],
            TypeKind::Struct { .. } | TypeKind::Alias(_) => continue,
        };
        settings.with_replacement(name, name, impls.iter().copied());
    }
    settings
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("it panicked")
        .to_owned()
}
