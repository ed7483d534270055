//! Members that the contract does not name: what they are called, and which name may be meant.

use civitai_api::Members as _;
use civitai_api::v2::types::WorkflowTemplate;

use super::WorkflowRequest;

/// A member of a request that the contract does not name. It is sent all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownMember {
    path: String,
    nearest: Option<&'static str>,
}

impl UnknownMember {
    /// Returns where it stands, such as `steps[0].input.heigth`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the name that is nearest to it among those that the contract has there.
    #[must_use]
    pub fn nearest(&self) -> Option<&'static str> {
        self.nearest
    }
}

impl WorkflowRequest {
    /// Returns the members that the contract does not name, at any depth. The service may be newer than
    /// this crate and know them, or they are misspelt.
    ///
    /// Steps whose types this build leaves out are not looked into.
    #[must_use]
    pub fn unknown_members(&self) -> Vec<UnknownMember> {
        let sent = self.to_unchecked().to_string();
        let Ok(typed) = civitai_api::decode::<WorkflowTemplate>(sent.as_bytes()) else {
            return Vec::new();
        };
        let strangers = typed.strangers().into_iter();
        let unknown = strangers.map(|(path, beside)| UnknownMember {
            nearest: nearest(last(&path), beside.into_iter()),
            path,
        });
        unknown.collect()
    }
}

fn last(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

/// The name that a misspelt one is likely to mean.
pub(super) fn nearest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let name = name.to_lowercase();
    let far = (name.chars().count() / 3).max(2);
    let distance = |other: &&str| strsim::damerau_levenshtein(&name, &other.to_lowercase());
    names
        .map(|other| (distance(&other), other))
        .filter(|(distance, _)| *distance <= far)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, other)| other)
}
