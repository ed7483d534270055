//! The only file that names progenitor: a lowered document in, its methods out.

mod neutral;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use progenitor_impl::{GenerationSettings, Generator, TypeImpl};
use serde_json::Value;
use syn::ImplItemFn;

use crate::error::Error;
use crate::lower::{Naming as _, lower};
use crate::model::Model;
use crate::preconditions;
use neutral::Neutral;

/// Runs progenitor on a model, and takes its methods: those of each operation by its name in Rust.
///
/// # Errors
///
/// Whatever progenitor refuses. The preconditions are checked before, so that this is a fault of
/// the pipeline and says so.
pub(crate) fn run(model: &Model, file: &str) -> Result<BTreeMap<String, ImplItemFn>, Error> {
    let names = Neutral::of(model);
    let mut settings = GenerationSettings::default();
    settings.with_map_type("::std::collections::BTreeMap");
    for schema in model.types.keys() {
        let path = format!("types::{}", model.rust(schema));
        let impls = [TypeImpl::Display, TypeImpl::FromStr];
        settings.with_replacement(names.schema(schema), path, impls.into_iter());
    }
    let ways = model.operations.iter().map(|one| one.bodies.len());
    let mut methods = BTreeMap::new();
    for body in 0..ways.max().unwrap_or_default().max(1) {
        let lowered = lower(model, body, &names);
        preconditions::check(&lowered, file)?;
        let made = generate(&lowered, &settings, file)?;
        methods.extend(neutral::methods(made, model, body));
    }
    Ok(methods)
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

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("it panicked")
        .to_owned()
}
