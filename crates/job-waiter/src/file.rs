//! A file that work made, at the service.

use std::fmt;

use serde_json::Value;

use crate::spec::Waiter;
use crate::{path, target};

/// A file that work made: where it is, and where that stood.
///
/// Its address may be signed, so `Debug` does not show what is behind the question mark.
#[derive(Clone, PartialEq, Eq)]
pub struct RemoteFile {
    url: String,
    place: String,
    work: String,
}

impl RemoteFile {
    /// Returns the address.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns where the address stood, such as `images/0/url`.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Returns the id of the work that made the file.
    #[must_use]
    pub fn work(&self) -> &str {
        &self.work
    }
}

impl fmt::Debug for RemoteFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RemoteFile")
            .field("url", &crate::handle::shown(&self.url))
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}

/// Reads the addresses of the files that are there. An address that leads to no host is none.
pub(crate) fn files(waiter: &Waiter, base: &str, work: &str, bodies: &[&Value]) -> Vec<RemoteFile> {
    let mut found: Vec<RemoteFile> = Vec::new();
    for (place, value) in waiter
        .files
        .iter()
        .flat_map(|at| bodies.iter().flat_map(|body| path::find_all(body, at)))
    {
        let address = value.as_str().filter(|text| !text.is_empty());
        let Some(url) = address.and_then(|text| target::resolve(base, text)) else {
            continue;
        };
        if found.iter().all(|file| file.place != place) {
            found.push(RemoteFile {
                url: url.into(),
                place,
                work: work.to_owned(),
            });
        }
    }
    found
}

/// The number of a file among those of its work, the same at every poll: services sign addresses anew,
/// but leave files at their places.
pub(crate) fn number(file: &RemoteFile) -> u64 {
    // FNV-1a: stable between processes, and places are few.
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    file.place.bytes().fold(0xcbf2_9ce4_8422_2325, step)
}
