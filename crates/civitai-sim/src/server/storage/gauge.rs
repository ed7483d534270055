//! How many transfers are under way, and how many of them stand still.

use std::future::pending;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::watch;

/// Counts transfers from storage.
#[derive(Debug, Default)]
pub(crate) struct Gauge {
    under_way: Arc<AtomicUsize>,
    most: AtomicUsize,
    stalled: watch::Sender<usize>,
}

impl Gauge {
    /// Counts a transfer for as long as what this returns is kept.
    pub(super) fn begin(&self) -> Transfer {
        let now = self.under_way.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        Transfer(Arc::clone(&self.under_way))
    }

    /// The most transfers that were under way at once.
    pub(crate) fn most(&self) -> usize {
        self.most.load(Ordering::SeqCst)
    }

    /// Stands still until the client hangs up, and never has an error to return.
    pub(super) async fn stall(&self) -> io::Error {
        self.stalled.send_modify(|count| *count += 1);
        pending().await
    }

    pub(crate) async fn until_stalled(&self, count: usize) {
        // The sender lives as long as `self`, so this ends only by the count.
        let _ = self
            .stalled
            .subscribe()
            .wait_for(|stalled| *stalled >= count)
            .await;
    }
}

/// A transfer under way.
pub(super) struct Transfer(Arc<AtomicUsize>);

impl Drop for Transfer {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}
