//! The inputs of a flow, from a file, the environment and the arguments.

use arazzo_run::Flow;
use serde_json::{Map, Value};

use super::Run;
use crate::failure::Failure;
use crate::screen;

pub(super) fn gather(args: &Run, flow: &Flow) -> Result<Map<String, Value>, Failure> {
    let workflow = args.workflow.as_deref().or_else(|| flow.workflows().next());
    let declared = flow.inputs(workflow.unwrap_or_default());
    let of = |name: &str| declared.iter().find(|input| input.name == name);
    let read = |name: &str, text: &str| {
        if of(name).is_some_and(|input| input.is_text) {
            return Value::from(text);
        }
        serde_json::from_str(text).unwrap_or_else(|_| text.into())
    };
    let mut inputs = match &args.inputs {
        Some(file) => from_file(file)?,
        None => Map::new(),
    };
    for (name, variable) in &args.input_env {
        let text = std::env::var(variable).map_err(|_| {
            let what = format!("the environment variable {variable} for `{name}` is not set");
            Failure::input(what)
        })?;
        inputs.insert(name.clone(), read(name, text.trim()));
    }
    for (name, text) in &args.input {
        if of(name).is_some_and(|input| input.secret) {
            let note = format!(
                "note: `{name}` is a secret, which --input-env keeps out of lists of processes"
            );
            screen::note(&note);
        }
        inputs.insert(name.clone(), read(name, text));
    }
    if let Some(missing) = declared
        .iter()
        .find(|input| input.required && !inputs.contains_key(input.name))
    {
        let what = format!("the input `{}` is missing", missing.name);
        let advice = missing
            .description
            .map(|text| format!("it is described as: {text}"));
        return Err(match advice {
            Some(advice) => Failure::input(what).advise(advice),
            None => Failure::input(what),
        });
    }
    Ok(inputs)
}

fn from_file(file: &std::path::Path) -> Result<Map<String, Value>, Failure> {
    let name = file.display();
    let text = std::fs::read(file);
    let text = text.map_err(|error| Failure::system(&format!("{name} cannot be read"), &error))?;
    let read = serde_json::from_slice::<Map<String, Value>>(&text);
    // The parser's words may show a secret; where it failed is enough.
    read.map_err(|error| {
        let place = format!("line {}, column {}", error.line(), error.column());
        Failure::input(format!("{name} holds no JSON object of inputs ({place})"))
    })
}
