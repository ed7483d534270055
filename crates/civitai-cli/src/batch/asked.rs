//! What a line asks for, by the same code as a command that asks for one.

use std::path::PathBuf;

use civitai_jobs::workflows::NamedStep;
use civitai_jobs::{FieldProblems, WorkflowRequest};
use clap::{ArgAction, Args as _, Command, FromArgMatches as _};
use serde_json::Value;

use super::input::Words;
use crate::document;
use crate::failure::Failure;
use crate::picture::Picture;
use crate::source::{Links, Source};
use crate::told::{self, Told};

/// What all lines have in common.
#[derive(Debug)]
pub(crate) enum Asked {
    /// Images, as `generate` makes them: the words are its arguments, and else members of the input.
    Images(Box<Images>),
    /// One step of a type, as `step` runs it: the words are its members.
    Step { kind: String, told: Told },
    /// A workflow, as `run` runs it: the words are paths, and without a dot its arguments.
    Workflow {
        file: PathBuf,
        workflow: Value,
        told: Told,
    },
}

/// Images with what is said for all lines.
#[derive(Debug)]
pub(crate) struct Images {
    prompt: Option<String>,
    picture: Picture,
    arguments: Command,
}

/// What one line asks for.
#[derive(Debug)]
pub(crate) struct Line<'a> {
    asks: Asks<'a>,
    /// Files that are uploaded for it.
    pub(crate) sources: Vec<Source>,
    /// What its files are called after.
    pub(crate) title: String,
}

#[derive(Debug)]
enum Asks<'a> {
    Images(String, Box<Picture>),
    Step(&'a str, Told),
    Workflow(&'a Value, Vec<(String, told::Value)>),
}

impl Asked {
    /// Images, with the prompt and the settings of lines that say none.
    pub(crate) fn images(prompt: Option<String>, picture: Picture) -> Self {
        let arguments = Picture::augment_args(Command::new("line").no_binary_name(true));
        Self::Images(Box::new(Images {
            prompt,
            picture,
            arguments,
        }))
    }

    /// A workflow from a file.
    pub(crate) fn workflow(file: PathBuf, told: Told) -> Result<Self, Failure> {
        let workflow = document::read(&file)?;
        Ok(Self::Workflow {
            file,
            workflow,
            told,
        })
    }

    /// Reads a line.
    pub(crate) fn line(&mut self, words: &Words) -> Result<Line<'_>, String> {
        match self {
            Self::Images(images) => images.line(words),
            Self::Step { kind, told } => {
                let mut told = told.clone();
                for (name, value) in words {
                    told.add(name, member(value)?);
                }
                let title = words.get("prompt").and_then(Value::as_str);
                Ok(Line {
                    sources: told.sources().collect(),
                    title: title.unwrap_or(kind).to_owned(),
                    asks: Asks::Step(kind, told),
                })
            }
            Self::Workflow {
                file,
                workflow,
                told,
            } => {
                let set = words.iter().map(|(name, value)| {
                    let path = match name.contains('.') {
                        true => name.clone(),
                        false => format!("arguments.{name}"),
                    };
                    Ok((path, member(value)?))
                });
                let set = told.all().iter().cloned().map(Ok).chain(set);
                let set = set.collect::<Result<Vec<_>, String>>()?;
                let title = words.get("prompt").and_then(Value::as_str);
                Ok(Line {
                    sources: told::sources(&set).collect(),
                    title: title.map_or_else(|| document::title(file, "workflow"), str::to_owned),
                    asks: Asks::Workflow(workflow, set),
                })
            }
        }
    }
}

impl Line<'_> {
    /// The request, checked against the contract.
    pub(crate) fn request(&self, links: &Links) -> Result<WorkflowRequest, FieldProblems> {
        let request = match &self.asks {
            Asks::Images(prompt, picture) => picture.request(prompt, links)?,
            Asks::Step(kind, told) => {
                let step = told.tell(NamedStep::new(*kind), links);
                step.check()?;
                let mut request = WorkflowRequest::new();
                request.add(step);
                request
            }
            Asks::Workflow(workflow, set) => {
                let mut workflow = (*workflow).clone();
                for (path, value) in set {
                    let path: Vec<&str> = path.split('.').collect();
                    document::set(&mut workflow, &path, value, links);
                }
                WorkflowRequest::from_json(workflow)?
            }
        };
        request.check()?;
        Ok(request)
    }
}

impl Images {
    fn line(&mut self, words: &Words) -> Result<Line<'static>, String> {
        let mut prompt = self.prompt.clone();
        let mut arguments: Vec<String> = Vec::new();
        let mut members = Vec::new();
        for (name, value) in words {
            let long = kebab(name);
            if long == "prompt" {
                let text = value.as_str().ok_or("`prompt` is no text")?;
                prompt = Some(text.to_owned());
            } else if let Some(action) = self.takes(&long) {
                arguments.extend(argument(name, &long, value, action)?);
            } else {
                members.push((name, member(value)?));
            }
        }
        let mut picture = self.picture.clone();
        if !arguments.is_empty() {
            let read = self.arguments.try_get_matches_from_mut(arguments);
            let mut read = read.map_err(|error| said(&error))?;
            let updated = picture.update_from_arg_matches_mut(&mut read);
            updated.map_err(|error| said(&error))?;
        }
        for (name, value) in members {
            picture.told.add(name, value);
        }
        let prompt = prompt.ok_or("it has no `prompt`, and there is no --prompt for all lines")?;
        picture
            .check()
            .map_err(|failure| failure.parts().0.to_owned())?;
        Ok(Line {
            sources: picture.sources(),
            title: prompt.clone(),
            asks: Asks::Images(prompt, Box::new(picture)),
        })
    }

    /// How an argument takes its values; none where there is no such argument.
    fn takes(&self, long: &str) -> Option<Takes> {
        let arguments = self.arguments.get_arguments();
        let mut known = arguments.filter(|argument| argument.get_long() == Some(long));
        let argument = known.next().filter(|_| long != "set")?;
        Some(match argument.get_action() {
            ArgAction::SetTrue => Takes::Nothing,
            ArgAction::Append => Takes::Several,
            _ => match argument.get_num_args() {
                Some(count) if count.min_values() == 0 => Takes::OneOrNone,
                _ => Takes::One,
            },
        })
    }
}

/// What an argument takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Takes {
    Nothing,
    One,
    OneOrNone,
    Several,
}

/// A word as arguments.
fn argument(name: &str, long: &str, value: &Value, takes: Takes) -> Result<Vec<String>, String> {
    let with = |value: &Value| match value {
        Value::String(text) => Ok(format!("--{long}={text}")),
        Value::Number(number) => Ok(format!("--{long}={number}")),
        _ => Err(format!("`{name}` takes a text or a number")),
    };
    Ok(match (value, takes) {
        (Value::Null, _) | (Value::Bool(false), Takes::Nothing | Takes::OneOrNone) => Vec::new(),
        (Value::Bool(true), Takes::Nothing | Takes::OneOrNone) => vec![format!("--{long}")],
        (Value::String(text), Takes::Nothing) => match text.as_str() {
            "true" | "yes" | "1" => vec![format!("--{long}")],
            "false" | "no" | "0" => Vec::new(),
            _ => return Err(format!("`{name}` is true or false")),
        },
        (_, Takes::Nothing) => return Err(format!("`{name}` is true or false")),
        (Value::Array(values), Takes::Several) => {
            values.iter().map(with).collect::<Result<_, _>>()?
        }
        (value, _) => vec![with(value)?],
    })
}

/// A word as a member of an input: `@FILE` is uploaded, and text is read as what the contract has there.
fn member(value: &Value) -> Result<told::Value, String> {
    Ok(match value {
        Value::String(text) => match text.strip_prefix('@') {
            Some(file) => told::Value::File(Source::read(file)?),
            None => told::Value::Text(text.clone()),
        },
        value => told::Value::Json(value.clone()),
    })
}

/// `negativePrompt` and `negative_prompt` as an argument is written.
fn kebab(name: &str) -> String {
    let mut kebab = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() {
            kebab.push('-');
        }
        match letter {
            '_' => kebab.push('-'),
            letter => kebab.extend(letter.to_lowercase()),
        }
    }
    kebab
}

/// What is wrong with arguments.
fn said(error: &clap::Error) -> String {
    Failure::arguments(error).parts().0.to_owned()
}
