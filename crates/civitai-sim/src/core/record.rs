//! The log of requests, for tests that ask what a client sent.

use std::collections::VecDeque;
use std::time::Duration;

/// How many requests the log keeps; older ones are forgotten.
const KEPT: usize = 10_000;

/// Which of the two servers a request went to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// The API, which asks for the token.
    Api,
    /// The storage of blobs, on another port, which must never see the token.
    Blob,
}

/// A request that reached the simulator.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recorded {
    /// The server that got it.
    pub origin: Origin,
    /// The HTTP method, in capitals.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// The query as it was sent, without the question mark.
    pub query: Option<String>,
    /// The status of the reply; `None` while there is none, and for good where the connection was
    /// cut in its place.
    pub status: Option<u16>,
    /// Whether an `Authorization` header came along.
    pub authorization: bool,
    /// The `Range` header.
    pub range: Option<String>,
    /// Simulated time since the start at which the request arrived.
    pub at: Duration,
}

/// The latest requests, in order of arrival.
#[derive(Debug, Default)]
pub(crate) struct Log {
    entries: VecDeque<Recorded>,
    forgotten: usize,
}

impl Log {
    /// Notes an arrival; the number finds the entry again when the reply is known.
    pub(crate) fn arrive(&mut self, entry: Recorded) -> usize {
        if self.entries.len() == KEPT {
            self.entries.pop_front();
            self.forgotten += 1;
        }
        self.entries.push_back(entry);
        self.forgotten + self.entries.len() - 1
    }

    pub(crate) fn answer(&mut self, number: usize, status: u16) {
        let at = number.checked_sub(self.forgotten);
        if let Some(entry) = at.and_then(|at| self.entries.get_mut(at)) {
            entry.status = Some(status);
        }
    }

    pub(crate) fn entries(&self) -> Vec<Recorded> {
        self.entries.iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_is_bounded_and_answers_find_their_request() {
        let entry = |path: usize| Recorded {
            origin: Origin::Api,
            method: "GET".to_owned(),
            path: path.to_string(),
            query: None,
            status: None,
            authorization: false,
            range: None,
            at: Duration::ZERO,
        };
        let mut log = Log::default();
        let numbers: Vec<usize> = (0..KEPT + 2).map(|path| log.arrive(entry(path))).collect();
        log.answer(numbers[0], 200);
        log.answer(numbers[KEPT], 404);
        let entries = log.entries();
        assert_eq!(entries.len(), KEPT);
        assert_eq!(entries[0].path, "2");
        let answered: Vec<_> = entries
            .iter()
            .filter(|entry| entry.status.is_some())
            .collect();
        assert_eq!((answered.len(), answered[0].path.as_str()), (1, "10000"));
    }
}
