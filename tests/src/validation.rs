//! What an ordinary validator says of a message, by a normalised contract.

use std::path::Path;

use codegen::Overrides;
use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, ValidationError, Validator};
use serde_json::{Value, json};

/// Reads the contract of a name, such as `v2`, as one normalised document.
///
/// # Panics
///
/// The contract has a fault, or something that the document cannot say.
pub fn normalised(name: &str) -> Value {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi");
    let contract = codegen::load(&root.join(name).join("openapi.yaml")).unwrap();
    let overrides = Overrides::load(&root.join("overrides.toml")).unwrap();
    let made = codegen::normalised(contract, name, &overrides).unwrap();
    assert!(made.notes.is_empty(), "{}", made.notes.render(name));
    made.document
}

/// A validator of a component of a normalised document.
///
/// # Panics
///
/// The component is no schema.
pub fn validator(document: &Value, component: &str) -> Validator {
    let schema = json!({ "$ref": format!("#/components/schemas/{component}") });
    schema_validator(document, &schema)
}

/// A validator as anyone has it: JSON Schema 2020-12, formats included.
///
/// # Panics
///
/// The schema is none.
pub fn schema_validator(document: &Value, schema: &Value) -> Validator {
    let mut whole = schema.clone();
    whole["components"] = document["components"].clone();
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true)
        .build(&whole)
        .unwrap()
}

/// Where a message is wrong, and what is wrong there.
pub fn fault(validator: &Validator, message: &Value) -> Option<(String, String)> {
    let error = validator.iter_errors(message).next()?;
    let error = innermost(&error);
    Some((error.instance_path().to_string(), error.to_string()))
}

/// A fault in words.
pub fn message(fault: Option<(String, String)>) -> String {
    fault.map_or_else(
        || "accepted".to_owned(),
        |(at, what)| format!("{at}: {what}"),
    )
}

/// The error in the branch that the tags lead to, or of the tag that leads nowhere.
fn innermost<'a>(error: &'a ValidationError<'a>) -> &'a ValidationError<'a> {
    let ValidationErrorKind::OneOfNotValid { context } = error.kind() else {
        return error;
    };
    // `/BRANCH/allOf/1` is what a branch says of the tag, `/BRANCH/allOf/0` the variant.
    let union = error.schema_path().to_string();
    let of_tag = |error: &&ValidationError<'_>| {
        let at = error.schema_path().to_string();
        let within = at.strip_prefix(&union).unwrap_or_default();
        within.split('/').skip(2).take(2).eq(["allOf", "1"])
    };
    let chosen = context
        .iter()
        .find(|errors| !errors.iter().any(|error| of_tag(&error)));
    match chosen.and_then(|errors| errors.first()) {
        Some(error) => innermost(error),
        None => context.iter().flatten().find(of_tag).unwrap_or(error),
    }
}
