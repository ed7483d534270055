//! What an ordinary validator says of a message, by a normalised contract.

use std::ops::Deref;
use std::path::Path;

use codegen::Overrides;
use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, ValidationError};
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

/// A validator, and the document that it judges by.
#[derive(Debug)]
pub struct Validator {
    of_schema: jsonschema::Validator,
    document: Value,
}

impl Deref for Validator {
    type Target = jsonschema::Validator;

    fn deref(&self) -> &jsonschema::Validator {
        &self.of_schema
    }
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
    let of_schema = jsonschema::options()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true)
        .build(&whole)
        .unwrap();
    Validator {
        of_schema,
        document: whole,
    }
}

/// Where a message is wrong, and what is wrong there.
pub fn fault(validator: &Validator, message: &Value) -> Option<(String, String)> {
    let error = validator.iter_errors(message).next()?;
    Some(innermost(&error, &validator.document))
}

/// A fault in words.
pub fn message(fault: Option<(String, String)>) -> String {
    fault.map_or_else(
        || "accepted".to_owned(),
        |(at, what)| format!("{at}: {what}"),
    )
}

/// The error in the branch that the tags lead to, or of the tag that leads nowhere.
fn innermost(error: &ValidationError<'_>, document: &Value) -> (String, String) {
    let plain = || (error.instance_path().to_string(), error.to_string());
    let ValidationErrorKind::OneOfNotValid { context } = error.kind() else {
        return plain();
    };
    let path = error.schema_path().to_string();
    let union = path
        .strip_suffix("/oneOf")
        .and_then(|path| document.pointer(path));
    let Some(union) = union.filter(|union| union.get("discriminator").is_some()) else {
        return plain();
    };
    let tag = union["discriminator"]["propertyName"]
        .as_str()
        .unwrap_or_default();
    let target = error.instance().get(tag).and_then(Value::as_str);
    let target = target.and_then(|value| union["discriminator"]["mapping"].get(value));
    let branches = union["oneOf"].as_array().into_iter().flatten();
    // A tag that may be absent means the branch that allows so.
    let allows_none = |branch: &Value| {
        let target = branch["$ref"].as_str().unwrap_or_default();
        let values = document.pointer(&format!("{}/properties/{tag}/enum", &target[1..]));
        values
            .and_then(Value::as_array)
            .is_some_and(|values| values.contains(&Value::Null))
    };
    let is_absent = error.instance().get(tag).is_none_or(Value::is_null);
    let chosen = branches.zip(context).find(|(branch, _)| match target {
        Some(target) => branch["$ref"] == *target,
        None => is_absent && allows_none(branch),
    });
    match chosen.and_then(|(_, errors)| errors.first()) {
        Some(error) => innermost(error, document),
        None if error.instance().get(tag).is_none() => {
            let at = error.instance_path().to_string();
            (at, format!("\"{tag}\" is a required property"))
        }
        None => {
            let at = format!("{}/{tag}", error.instance_path());
            (at, format!("no variant of the union has this `{tag}`"))
        }
    }
}
