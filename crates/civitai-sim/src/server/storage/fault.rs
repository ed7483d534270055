//! What goes wrong with answers of storage: ordered one by one, or drawn from the seed.

use std::collections::{BTreeMap, VecDeque};

use crate::core::seed::Seed;

/// Something that goes wrong with one answer of storage to a good request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BlobFault {
    /// The connection closes somewhere in the middle of the file.
    Cut,
    /// Half of what was asked for comes, then nothing more; the connection stays open.
    Stall,
    /// Ten bytes less come than were announced.
    Short,
    /// The link counts as expired: 403.
    Expired,
    /// A redirect leads to another host name, where the file is.
    Redirect,
    /// The answer is about another file of the same length: other `ETag` and `Last-Modified`, and
    /// no regard for `If-Range`.
    Replaced,
    /// The whole file comes although a part was asked for.
    Whole,
    /// The answer has nothing to tell one state of the file from another: neither `ETag` nor
    /// `Last-Modified`.
    Untagged,
    /// The `ETag` is weak, and there is no `Last-Modified`.
    WeakTag,
}

/// What goes wrong with one answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Mishap {
    pub(crate) fault: Option<BlobFault>,
    /// Where in the file it strikes, from 0 to 1.
    pub(crate) place: f64,
}

/// The faults that are still to come.
#[derive(Debug, Default)]
pub(crate) struct BlobFaults {
    ordered: VecDeque<BlobFault>,
    shares: Vec<(f64, BlobFault)>,
    /// How often each blob was asked for.
    visits: BTreeMap<String, u64>,
}

impl BlobFaults {
    pub(crate) fn new(shares: Vec<(f64, BlobFault)>) -> Self {
        Self {
            shares,
            ..Self::default()
        }
    }

    pub(crate) fn order(&mut self, fault: BlobFault) {
        self.ordered.push_back(fault);
    }

    /// What goes wrong with the answer to this request.
    ///
    /// It follows from the seed, the blob and how often it was asked for, so that the order in
    /// which transfers that run side by side arrive changes nothing.
    pub(crate) fn next(&mut self, seed: Seed, key: &str) -> Mishap {
        let visit = self.visits.entry(key.to_owned()).or_default();
        *visit += 1;
        let visit = visit.to_string();
        let place = share(&seed.sign(&["place", key, &visit]));
        if let Some(fault) = self.ordered.pop_front() {
            let fault = Some(fault);
            return Mishap { fault, place };
        }
        let mut draw = share(&seed.sign(&["fault", key, &visit]));
        let drawn = self.shares.iter().find(|(share, _)| {
            draw -= share;
            draw < 0.0
        });
        let fault = drawn.map(|(_, fault)| *fault);
        Mishap { fault, place }
    }
}

/// A number from 0 to 1, out of hexadecimal digits.
fn share(digits: &str) -> f64 {
    let number = u32::from_str_radix(&digits[..8], 16).unwrap_or(0);
    f64::from(number) / (f64::from(u32::MAX) + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(seed: u64) -> Vec<Option<BlobFault>> {
        let shares = vec![(0.25, BlobFault::Cut), (0.1, BlobFault::Expired)];
        let mut faults = BlobFaults::new(shares);
        (0..1_000)
            .map(|blob| faults.next(Seed(seed), &blob.to_string()).fault)
            .collect()
    }

    #[test]
    fn shares_are_kept_and_follow_from_the_seed() {
        let faults = drawn(1);
        let count = |fault| faults.iter().filter(|drawn| **drawn == fault).count();
        assert!((200..300).contains(&count(Some(BlobFault::Cut))));
        assert!((70..130).contains(&count(Some(BlobFault::Expired))));
        assert_eq!(faults, drawn(1));
        assert_ne!(faults, drawn(2));
    }

    #[test]
    fn an_ordered_fault_comes_first_and_once() {
        let mut faults = BlobFaults::new(Vec::new());
        faults.order(BlobFault::Short);
        assert_eq!(faults.next(Seed(1), "a").fault, Some(BlobFault::Short));
        assert_eq!(faults.next(Seed(1), "a").fault, None);
    }
}
