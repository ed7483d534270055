//! The check before anything is sent: all that is wrong, at once.

use civitai_api::ViolationKind;
use civitai_api::v1::limits::JOB_REQUEST;
use serde_json::Value;
use url::Url;

use super::{Parts, TextToImage};
use crate::error::FieldProblems;

mod guides;
mod sense;

/// The members in the order in which people think of them; any other comes after.
const ORDER: [&str; 20] = [
    "model",
    "prompt",
    "negativePrompt",
    "width",
    "height",
    "steps",
    "cfgScale",
    "seed",
    "scheduler",
    "clipSkip",
    "quantity",
    "additionalNetworks",
    "controlNets",
    "name",
    "dependencies",
    "priority",
    "providers",
    "timeout",
    "retries",
    "callbackUrl",
];

impl TextToImage {
    /// Checks every field against the limits of the contract and the rules of the service's guides.
    ///
    /// # Errors
    ///
    /// All fields at fault, in the order of the fields, each with what is expected.
    pub fn check(&self) -> Result<(), FieldProblems> {
        let mut problems = FieldProblems::default();
        for Found { path, what, .. } in self.prepare().1 {
            let field = path.strip_prefix("params.").unwrap_or(&path);
            problems.add(field, what);
        }
        problems.into_result()
    }

    /// Returns the request as it goes over the wire, and what is wrong with it, under the names of the
    /// wire.
    pub(in crate::jobs) fn prepare(&self) -> (Value, Vec<Found>) {
        let wire = serde_json::to_value(self.job()).unwrap_or_default();
        let mut found = sense::problems(&self.0);
        let of_contract = violations(&self.0, &wire).into_iter();
        for problem in of_contract.chain(guides::problems(&self.0)) {
            let allowed = problem.is_limit && self.0.unchecked;
            if !allowed && !found.iter().any(|known| known.path == problem.path) {
                found.push(problem);
            }
        }
        found.sort_by_key(|problem| place(&problem.path));
        (wire, found)
    }
}

/// Where a field stands in the order in which people think of them.
fn place(path: &str) -> usize {
    let name = path.strip_prefix("params.").unwrap_or(path);
    let name = name.split(['.', '[']).next().unwrap_or_default();
    let known = ORDER.iter().position(|known| *known == name);
    known.unwrap_or(ORDER.len())
}

/// One thing that is wrong.
pub(in crate::jobs) struct Found {
    pub(in crate::jobs) path: String,
    pub(in crate::jobs) what: String,
    /// The service may think otherwise one day.
    is_limit: bool,
}

impl Found {
    fn limit(path: impl Into<String>, what: impl Into<String>) -> Self {
        let (path, what) = (path.into(), what.into());
        Self {
            path,
            what,
            is_limit: true,
        }
    }

    fn senseless(path: impl Into<String>, what: impl Into<String>) -> Self {
        Self {
            is_limit: false,
            ..Self::limit(path, what)
        }
    }
}

/// What the contract says about the request.
fn violations(parts: &Parts, request: &Value) -> Vec<Found> {
    let violations = JOB_REQUEST.check(request).into_iter();
    let found = violations.map(|violation| Found {
        path: in_brackets(parts, violation.path()),
        what: violation.what().to_owned(),
        is_limit: is_limit(violation.kind()),
    });
    found.collect()
}

/// Whether a violation says no more than that the service may refuse the value today.
pub(in crate::jobs) fn is_limit(kind: ViolationKind) -> bool {
    matches!(
        kind,
        ViolationKind::Range
            | ViolationKind::Length
            | ViolationKind::Count
            | ViolationKind::Unlisted
    )
}

/// The path with the AIR of a network set apart, since it has dots of its own.
fn in_brackets(parts: &Parts, path: &str) -> String {
    let rest = path.strip_prefix("additionalNetworks.");
    let named = rest.and_then(|rest| {
        let airs = parts.networks.iter().map(|network| network.air.as_str());
        let fits = |air: &&str| {
            let after = rest.strip_prefix(air);
            after.is_some_and(|after| after.is_empty() || after.starts_with('.'))
        };
        let air = airs.filter(fits).max_by_key(|air| air.len())?;
        Some((air, rest.strip_prefix(air)?))
    });
    match named {
        Some((air, member)) => network_path(air, member),
        None => path.to_owned(),
    }
}

fn network_path(air: &str, member: &str) -> String {
    format!("additionalNetworks[\"{air}\"]{member}")
}

fn net_path(index: usize, member: &str) -> String {
    format!("controlNets[{index}].{member}")
}

/// An address on the web, where the text is one.
fn web_address(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    (matches!(url.scheme(), "http" | "https") && url.has_host()).then_some(url)
}

#[cfg(test)]
mod tests;
