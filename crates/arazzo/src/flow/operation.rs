//! Which operation a step means.

use super::{Flow, Source};
use crate::contract::{Contract, Operation};
use crate::document::{Named, Target};
use crate::finding::Rule;
use crate::pointer::keys;

/// An operation, and what is to be said of how it was named.
pub(crate) struct Found<'a> {
    pub(crate) operation: Operation<'a>,
    /// The name of its source.
    pub(crate) source: &'a str,
    pub(crate) remark: Option<(Rule, String)>,
}

/// Why there is no operation.
type Refusal = (Rule, String);

impl Flow {
    /// Returns the operation that a step calls; `None` where it calls none.
    pub(crate) fn operation(
        &self,
        document: usize,
        target: &Target,
    ) -> Option<Result<Found<'_>, Refusal>> {
        match target {
            Target::OperationId(named) => Some(self.by_id(document, named)),
            Target::OperationPath(named) => Some(self.by_path(document, named)),
            Target::Workflow(_) | Target::None => None,
        }
    }

    fn by_id(&self, document: usize, named: &Named) -> Result<Found<'_>, Refusal> {
        let name = named.name.as_str();
        if let Some(rest) = name.strip_prefix("$sourceDescriptions.") {
            let (source, id) = rest.split_once('.').unwrap_or((rest, ""));
            let (source, contract) = self.contract(document, source)?;
            let operation = contract.by_id(id).ok_or_else(|| unknown(contract, id))?;
            return Ok(Found {
                operation,
                source,
                remark: None,
            });
        }
        let contracts: Vec<_> = self.contracts(document).collect();
        let mut found = contracts
            .iter()
            .filter_map(|(source, contract)| Some((*source, contract.by_id(name)?)));
        if let Some((source, operation)) = found.next() {
            if found.next().is_some() {
                let what = format!("several sources have an operation `{name}`; name the source");
                return Err((Rule::UnknownOperation, what));
            }
            let remark = (contracts.len() > 1).then(|| {
                let what = format!(
                    "write `$sourceDescriptions.{source}.{name}` where there are several sources"
                );
                (Rule::UnqualifiedOperation, what)
            });
            return Ok(Found {
                operation,
                source,
                remark,
            });
        }
        // Some tools take the bare name of the source in front.
        if let Some((source, id)) = name.split_once('.')
            && let Ok((source, contract)) = self.contract(document, source)
        {
            let operation = contract.by_id(id).ok_or_else(|| unknown(contract, id))?;
            let what = format!("`{name}` is to be written `$sourceDescriptions.{source}.{id}`");
            return Ok(Found {
                operation,
                source,
                remark: Some((Rule::ForeignForm, what)),
            });
        }
        Err(match contracts.first() {
            Some((_, contract)) => unknown(contract, name),
            None => {
                let what = format!("no contract is at hand that could have an operation `{name}`");
                (Rule::UnknownOperation, what)
            }
        })
    }

    fn by_path(&self, document: usize, named: &Named) -> Result<Found<'_>, Refusal> {
        let text = named.name.as_str();
        let foreign = |source: &str, pointer: &str| {
            let what = format!(
                "`{text}` is to be written `{{$sourceDescriptions.{source}.url}}#{pointer}`"
            );
            Some((Rule::ForeignForm, what))
        };
        let Some((head, pointer)) = text.split_once('#') else {
            return self.by_bare_path(document, text);
        };
        let name = head
            .strip_prefix("{$sourceDescriptions.")
            .and_then(|rest| rest.strip_suffix(".url}"));
        let (source, contract) = self.contract(document, name.unwrap_or(head))?;
        let remark = if name.is_none() {
            foreign(source, pointer)
        } else {
            None
        };
        let keys = keys(pointer).unwrap_or_default();
        let parts: Vec<_> = keys.iter().map(String::as_str).collect();
        let operation = match parts[..] {
            ["paths", path, method] => contract
                .by_path(path, method)
                .ok_or_else(|| no_path(contract, path, Some(method)))?,
            ["paths", path] => return Err(no_path(contract, path, None)),
            _ => {
                let what = format!("`{pointer}` leads to no operation");
                return Err((Rule::UnknownOperation, what));
            }
        };
        Ok(Found {
            operation,
            source,
            remark,
        })
    }

    /// `/path` or `GET /path`, which some tools take.
    fn by_bare_path(&self, document: usize, text: &str) -> Result<Found<'_>, Refusal> {
        let (method, path) = match text.split_once(' ') {
            Some((method, path)) => (Some(method.to_lowercase()), path),
            None => (None, text),
        };
        for (source, contract) in self.contracts(document) {
            let methods = contract.methods(path).unwrap_or_default();
            let method = match (&method, &methods[..]) {
                (Some(method), _) => method,
                (None, [method]) => *method,
                _ => continue,
            };
            if let Some(operation) = contract.by_path(path, method) {
                let path = path.replace('~', "~0").replace('/', "~1");
                let what = format!(
                    "`{text}` is to be written `{{$sourceDescriptions.{source}.url}}#/paths/{path}/{method}`"
                );
                return Ok(Found {
                    operation,
                    source,
                    remark: Some((Rule::ForeignForm, what)),
                });
            }
        }
        Err((
            Rule::UnknownOperation,
            format!("`{text}` leads to no operation of the contracts"),
        ))
    }

    /// Returns the contract of a source.
    fn contract(&self, document: usize, name: &str) -> Result<(&str, &Contract), Refusal> {
        match self.documents[document].sources.get_key_value(name) {
            Some((name, Source::Contract(contract))) => Ok((name, contract)),
            Some((_, Source::Document(_))) => Err((
                Rule::UnknownOperation,
                format!("the source `{name}` has workflows and no operations"),
            )),
            Some((_, Source::Missing(_))) => Err((
                Rule::UnknownOperation,
                format!("the contract of the source `{name}` is not at hand"),
            )),
            None => Err((Rule::UnknownSource, format!("there is no source `{name}`"))),
        }
    }

    fn contracts(&self, document: usize) -> impl Iterator<Item = (&str, &Contract)> {
        let sources = self.documents[document].sources.iter();
        sources.filter_map(|(name, source)| match source {
            Source::Contract(contract) => Some((name.as_str(), &**contract)),
            _ => None,
        })
    }
}

fn unknown(contract: &Contract, id: &str) -> Refusal {
    let advice = contract
        .similar(id)
        .map(|similar| format!("; it has `{similar}`"));
    let what = format!(
        "the contract has no operation `{id}`{}",
        advice.unwrap_or_default()
    );
    (Rule::UnknownOperation, what)
}

fn no_path(contract: &Contract, path: &str, method: Option<&str>) -> Refusal {
    let what = match (contract.methods(path), method) {
        (None, _) => format!("the contract has no path `{path}`"),
        (Some(methods), None) => {
            format!(
                "the method is missing behind `{path}`; the contract has {}",
                methods.join(", ")
            )
        }
        (Some(methods), Some(method)) => {
            format!(
                "the contract has no {method} of `{path}`, only {}",
                methods.join(", ")
            )
        }
    };
    (Rule::UnknownOperation, what)
}
