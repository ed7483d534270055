//! The labels that a submission gives to its jobs, by which they are found and told apart.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value};

use crate::ClientKey;

/// The label that carries the [`ClientKey`].
const KEY: &str = "clientKey";
/// The label that tells which job of a batch one is, such as `3/5`.
const PLACE: &str = "clientJob";
/// Labels that the service writes itself, over those of the caller; capitals make no difference.
const OF_THE_SERVICE: [&str; 1] = ["requestid"];

/// Returns the label by which all jobs of a submission are found.
pub(super) fn of_key(key: ClientKey) -> Map<String, Value> {
    Map::from_iter([(KEY.to_owned(), key.to_string().into())])
}

/// Returns the labels of one job of a submission. A job that is alone needs no place.
pub(super) fn of_job(key: ClientKey, place: Place) -> Map<String, Value> {
    let mut labels = of_key(key);
    if place.of > 1 {
        labels.insert(PLACE.to_owned(), place.to_string().into());
    }
    labels
}

/// Returns what is wrong with a label of the caller's that has such a name.
pub(super) fn problem(label: &str) -> Option<&'static str> {
    if label == KEY || label == PLACE {
        Some("is taken: submissions are found again by it; choose another name")
    } else if OF_THE_SERVICE.contains(&label.to_ascii_lowercase().as_str()) {
        Some("is written by the service, which would replace the value; choose another name")
    } else {
        None
    }
}

/// Which job of its batch one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Counted from 0.
    pub(super) index: usize,
    pub(super) of: usize,
}

impl Place {
    /// Reads the place that a job's labels tell; without the label it was alone.
    pub(super) fn read(labels: &BTreeMap<String, Value>) -> Option<Self> {
        let Some(label) = labels.get(PLACE) else {
            return Some(Self { index: 0, of: 1 });
        };
        let (number, of) = label.as_str()?.split_once('/')?;
        let (number, of): (usize, usize) = (number.parse().ok()?, of.parse().ok()?);
        let index = number.checked_sub(1)?;
        (index < of).then_some(Self { index, of })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index + 1, self.of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_labels_of_a_batch_tell_each_place() {
        let key = ClientKey::new();
        for of in [1, 2, 500] {
            for index in 0..of {
                let place = Place { index, of };
                let labels = of_job(key, place).into_iter().collect();
                assert_eq!(Place::read(&labels), Some(place));
            }
        }
        for odd in ["0/2", "3/2", "1", "a/b", "1/"] {
            let labels = BTreeMap::from([(PLACE.to_owned(), odd.into())]);
            assert_eq!(Place::read(&labels), None, "{odd}");
        }
    }

    #[test]
    fn labels_that_would_be_lost_are_refused() {
        for label in ["clientKey", "clientJob", "requestId", "RequestId"] {
            assert!(problem(label).is_some(), "{label}");
        }
        assert_eq!(problem("user"), None);
    }
}
