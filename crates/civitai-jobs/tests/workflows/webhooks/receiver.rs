//! A real server for callbacks, with the router of the inbox on it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use civitai_jobs::events::axum::router;
use civitai_jobs::events::{Inbox, Secret};

/// A server that callbacks reach, and all that it was sent.
pub(super) struct Receiver {
    pub(super) inbox: Inbox,
    /// What the address of callbacks begins with.
    pub(super) base: url::Url,
    pub(super) address: url::Url,
    pub(super) deliveries: Arc<AtomicUsize>,
}

impl Receiver {
    pub(super) async fn start(fallback: Duration) -> Self {
        let secret = Secret::random();
        let inbox = Inbox::new(secret.clone()).fallback(fallback);
        let deliveries = Arc::new(AtomicUsize::default());
        let count = Arc::clone(&deliveries);
        let hooks = router(inbox.clone()).layer(axum::middleware::map_request(
            move |request: axum::extract::Request| {
                count.fetch_add(1, Ordering::Relaxed);
                async { request }
            },
        ));
        let app = axum::Router::new().nest("/hooks", hooks);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}/hooks", listener.local_addr().unwrap());
        let base: url::Url = base.parse().unwrap();
        tokio::spawn(async { axum::serve(listener, app).await });
        let address = secret.address(&base).unwrap();
        Self {
            inbox,
            base,
            address,
            deliveries,
        }
    }
}
