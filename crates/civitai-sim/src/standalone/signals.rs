//! The signals that end a program.

#[cfg(unix)]
use std::task::Poll;

/// Returns a future that completes at Ctrl-C, and on Unix at SIGTERM; never where the system lets nobody
/// listen for them.
///
/// Signals count from this call on, whether the future is waited for or not. It must be called within a
/// tokio runtime.
pub fn interrupted() -> impl Future<Output = ()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let kinds = [SignalKind::interrupt(), SignalKind::terminate()];
        let mut signals: Vec<_> = kinds.into_iter().flat_map(signal).collect();
        std::future::poll_fn(move |context| {
            let mut signals = signals.iter_mut();
            if signals.any(|signal| signal.poll_recv(context).is_ready()) {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
    }
    #[cfg(not(unix))]
    async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
