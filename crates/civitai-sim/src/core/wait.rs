//! Who waits for simulated time: requests that are held, and pauses of clients that share the time.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::sync::watch;

/// The waits that are under way.
#[derive(Debug, Default)]
pub(crate) struct Waits {
    waiting: watch::Sender<Waiting>,
}

#[derive(Debug, Default)]
struct Waiting {
    /// How many waits there have been, which numbers them.
    begun: u64,
    /// When each request that is held may be answered, as far as is known.
    held: BTreeMap<u64, Duration>,
    /// When each pause ends.
    #[cfg(feature = "clock")]
    pauses: BTreeMap<u64, Duration>,
    /// Whether time moves on by itself where all that is left is to wait.
    #[cfg(feature = "clock")]
    driven: bool,
}

/// A wait under way; it is over when this is dropped.
#[derive(Debug)]
pub(crate) struct Wait<'a> {
    waits: &'a Waits,
    number: u64,
}

impl Waits {
    /// Counts a request as held, until `due` or longer.
    pub(crate) fn hold(&self, due: Duration) -> Wait<'_> {
        self.begin(|waiting, number| waiting.held.insert(number, due))
    }

    /// Counts a pause, which ends at `due`.
    #[cfg(feature = "clock")]
    pub(crate) fn pause(&self, due: Duration) -> Wait<'_> {
        self.begin(|waiting, number| waiting.pauses.insert(number, due))
    }

    /// Lets time move on by itself from now on.
    #[cfg(feature = "clock")]
    pub(crate) fn drive(&self) {
        self.waiting.send_modify(|waiting| waiting.driven = true);
    }

    /// Completes once at least `count` requests are held.
    pub(crate) async fn until_held(&self, count: usize) {
        let mut waiting = self.waiting.subscribe();
        // The sender lives as long as `self`, so this ends only by the count.
        let _ = waiting.wait_for(|now| now.held.len() >= count).await;
    }

    /// Completes once time is to move on by itself and somebody waits for it.
    #[cfg(feature = "clock")]
    pub(crate) async fn until_driven(&self) {
        let mut waiting = self.waiting.subscribe();
        // The sender lives as long as `self`.
        let _ = waiting
            .wait_for(|now| now.driven && !(now.held.is_empty() && now.pauses.is_empty()))
            .await;
    }

    /// When the first of all waits may be over; nothing where there is none.
    pub(crate) fn next(&self) -> Option<Duration> {
        let waiting = self.waiting.borrow();
        let all = waiting.held.values();
        #[cfg(feature = "clock")]
        let all = all.chain(waiting.pauses.values());
        all.copied().min()
    }

    fn begin(&self, insert: impl FnOnce(&mut Waiting, u64) -> Option<Duration>) -> Wait<'_> {
        let mut number = 0;
        self.waiting.send_modify(|waiting| {
            waiting.begun += 1;
            number = waiting.begun;
            insert(waiting, number);
        });
        Wait {
            waits: self,
            number,
        }
    }
}

impl Wait<'_> {
    /// Tells when a request that is held may be answered now.
    pub(crate) fn set_due(&self, due: Duration) {
        self.waits
            .waiting
            .send_if_modified(|waiting| waiting.held.insert(self.number, due) != Some(due));
    }
}

impl Drop for Wait<'_> {
    fn drop(&mut self) {
        self.waits.waiting.send_modify(|waiting| {
            waiting.held.remove(&self.number);
            #[cfg(feature = "clock")]
            waiting.pauses.remove(&self.number);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_wait_counts_for_as_long_as_it_is_kept() {
        let waits = Waits::default();
        let first = waits.hold(Duration::from_secs(2));
        let second = waits.hold(Duration::from_secs(1));
        waits.until_held(2).await;
        second.set_due(Duration::from_secs(3));
        drop(first);
        waits.until_held(1).await;
        assert_eq!(waits.waiting.borrow().held.len(), 1);
        drop(second);
        assert!(waits.waiting.borrow().held.is_empty());
    }
}
