//! What HTTP clients are made of: TLS, proxies, and no way off the safe path for files.

use std::fmt;
#[cfg(not(target_family = "wasm"))]
use std::time::Duration;

#[cfg(not(target_family = "wasm"))]
use reqwest::redirect::{Attempt, Policy};

#[cfg(all(feature = "tls", not(target_family = "wasm")))]
use crate::tls;
#[cfg(not(target_family = "wasm"))]
use crate::{is_loopback, is_safe};

/// Redirects that are followed, at most.
#[cfg(not(target_family = "wasm"))]
const HOPS: usize = 3;
#[cfg(not(target_family = "wasm"))]
const CONNECT: Duration = Duration::from_secs(10);

/// What the HTTP clients of a program are made of. The certificates of the system are read once for all of them.
///
/// Without the feature `tls`, and in a browser, TLS is what reqwest brings.
#[derive(Clone, Debug)]
pub struct Connections {
    /// Whether they lead to a service on this machine; a browser has proxies of its own.
    #[cfg(not(target_family = "wasm"))]
    direct: bool,
    #[cfg(all(feature = "tls", not(target_family = "wasm")))]
    tls: rustls::ClientConfig,
}

/// Why no connections can be made.
#[derive(Debug)]
pub struct ConnectionsError(Box<dyn std::error::Error + Send + Sync>);

impl Connections {
    /// Creates connections; `direct` ones lead to a service on this machine, so that they pass by any proxy, and do
    /// without certificates where the system has none, as a container without any file.
    ///
    /// # Errors
    ///
    /// The system has no certificates.
    pub fn new(direct: bool) -> Result<Self, ConnectionsError> {
        #[cfg(target_family = "wasm")]
        let _ = direct;
        Ok(Self {
            #[cfg(not(target_family = "wasm"))]
            direct,
            #[cfg(all(feature = "tls", not(target_family = "wasm")))]
            tls: tls::config(direct).map_err(ConnectionsError::new)?,
        })
    }

    /// Returns a builder of a client that connects in this way.
    pub fn builder(&self) -> reqwest::ClientBuilder {
        let builder = reqwest::Client::builder();
        #[cfg(all(feature = "tls", not(target_family = "wasm")))]
        let builder = builder.tls_backend_preconfigured(self.tls.clone());
        #[cfg(not(target_family = "wasm"))]
        // A proxy elsewhere has another idea of what this machine is.
        if self.direct {
            return builder.no_proxy();
        }
        builder
    }

    /// Creates a client for files: it carries no credential and no cookies, follows three redirects at most and none off
    /// the safe path.
    ///
    /// # Errors
    ///
    /// TLS cannot be set up.
    pub fn storage(&self, user_agent: &str) -> Result<reqwest::Client, ConnectionsError> {
        let builder = self.builder();
        // A browser has a name of its own, follows redirects by its own rules, and lets no page reach into this
        // machine that may not.
        #[cfg(target_family = "wasm")]
        let _ = user_agent;
        #[cfg(not(target_family = "wasm"))]
        let builder = builder
            .user_agent(user_agent)
            .connect_timeout(CONNECT)
            // What is packed unasked is unpacked where parts of it are counted.
            .no_gzip()
            // The address before a redirect holds a signature.
            .referer(false)
            .redirect(Policy::custom(hop));
        builder.build().map_err(ConnectionsError::new)
    }
}

impl ConnectionsError {
    fn new(source: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self(Box::new(source))
    }
}

impl fmt::Display for ConnectionsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TLS cannot be set up")
    }
}

impl std::error::Error for ConnectionsError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.0)
    }
}

#[cfg(not(target_family = "wasm"))]
fn hop(attempt: Attempt<'_>) -> reqwest::redirect::Action {
    // A link from elsewhere must not reach into this machine.
    let inward = is_loopback(attempt.url()) && !attempt.previous().iter().all(is_loopback);
    if attempt.previous().len() > HOPS {
        attempt.error("too many redirects")
    } else if inward || !is_safe(attempt.url()) {
        attempt.error("a redirect to an address that is not safe")
    } else {
        attempt.follow()
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use url::Url;

    use super::*;

    #[test]
    fn files_come_encrypted_or_from_this_machine() {
        for (url, safe) in [
            ("https://blobs.test/1", true),
            ("http://blobs.test/1", false),
            ("http://127.0.0.1:4010/1", true),
            ("http://[::1]/1", true),
            ("http://localhost/1", true),
            ("http://localhost.blobs.test/1", false),
            ("file:///etc/passwd", false),
            ("ftp://127.0.0.1/1", false),
        ] {
            assert_eq!(is_safe(&Url::parse(url).unwrap()), safe, "{url}");
        }
    }

    /// Answers every request with a redirect to what `target` makes of the server's own address.
    async fn redirecting(target: fn(&str) -> String) -> reqwest::Result<reqwest::Response> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let here = format!("http://{}", listener.local_addr().unwrap());
        let location = target(&here);
        let server = tokio::spawn(async move {
            while let Ok((mut wire, _)) = listener.accept().await {
                let mut request = [0; 1024];
                let _ = wire.read(&mut request).await;
                let reply = format!(
                    "HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\
                     Connection: close\r\n\r\n"
                );
                let _ = wire.write_all(reply.as_bytes()).await;
            }
        });
        let reply = Connections::new(true)
            .unwrap()
            .storage("t")
            .unwrap()
            .get(here)
            .send()
            .await;
        server.abort();
        reply
    }

    #[tokio::test]
    async fn redirects_stay_on_the_safe_path_and_end() {
        let elsewhere = redirecting(|_| "http://blobs.test/1".to_owned()).await;
        assert!(elsewhere.is_err_and(|error| error.is_redirect()));
        let round_and_round = redirecting(str::to_owned).await;
        assert!(round_and_round.is_err_and(|error| error.is_redirect()));
    }
}
