//! The board: the page of a run, served on this machine and following it, with retry and cancel.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path as Asked, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use tokio::net::TcpListener;
use ulid::Ulid;

use super::cancel;
use super::page::{Live, data, halves};
use super::serve::{Lock, Pace, known, serve};
use crate::failure::{Failure, chain};
use crate::ledger::{Reopen, RunRow};
use crate::run::Run;

/// The largest file that is shown, in bytes.
const LARGEST: u64 = 256 << 20;

/// A board that listens.
#[derive(Debug)]
pub(crate) struct Board {
    listener: TcpListener,
    address: SocketAddr,
    shown: Arc<Shown>,
}

/// What it shows, and by what it acts.
#[derive(Debug)]
struct Shown {
    run: Arc<Run>,
    name: String,
    pace: Pace,
    /// Shows that a change is asked for by the page, and by no other that the browser has open.
    token: String,
    hosts: [String; 2],
}

/// Whatever went wrong, in words.
struct Trouble(Failure);

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self(failure)
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let (what, _) = self.0.parts();
        (StatusCode::INTERNAL_SERVER_ERROR, what.to_owned()).into_response()
    }
}

impl Board {
    /// Listens on this machine alone.
    pub(crate) async fn bind(
        run: Arc<Run>,
        name: String,
        pace: Pace,
        port: u16,
    ) -> Result<Self, Failure> {
        let failed = |error: std::io::Error| {
            let what = format!("the board cannot listen on port {port}: {}", chain(&error));
            Failure::input(what).advise("name another one with --port, or none")
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .await
            .map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let port = address.port();
        let shown = Arc::new(Shown {
            run,
            name,
            pace,
            token: Ulid::generate().to_string(),
            hosts: [format!("127.0.0.1:{port}"), format!("localhost:{port}")],
        });
        Ok(Self {
            listener,
            address,
            shown,
        })
    }

    /// Where a browser finds it.
    pub(crate) fn address(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Serves until `over` completes.
    pub(crate) async fn serve(
        self,
        over: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), Failure> {
        let shown = self.shown;
        let router = Router::new()
            .route("/", get(page))
            .route("/run.json", get(lines))
            .route("/files/{*path}", get(file))
            .route("/retry", post(retry))
            .route("/cancel", post(call_off))
            .layer(middleware::from_fn_with_state(Arc::clone(&shown), guard))
            .with_state(shown);
        let server = axum::serve(self.listener, router);
        tokio::select! {
            served = server => served.map_err(|error| Failure::system("the board cannot go on", &error)),
            // What a browser keeps open is no reason to stay.
            () = over => Ok(()),
        }
    }
}

impl Shown {
    async fn row(&self) -> Result<RunRow, Failure> {
        known(&self.run.ledger, &self.name).await
    }

    /// What has changed where this differs.
    async fn revision(&self, row: &RunRow) -> Result<String, Failure> {
        let counts = self.run.ledger.counts(&self.name).await?;
        Ok(format!("{counts:?} {} {}", row.cost, row.state.name()))
    }

    async fn data(&self) -> Result<Vec<u8>, Failure> {
        let row = self.row().await?;
        let live = Live {
            token: self.token.clone(),
            files: "files/",
            revision: self.revision(&row).await?,
        };
        let mut bytes = Vec::new();
        data(&self.run.ledger, &row, Some(&live), &mut bytes).await?;
        Ok(bytes)
    }
}

/// Lets through what was asked of this machine by that name, so that no page elsewhere can take its name; and changes
/// that the page asks for.
async fn guard(State(shown): State<Arc<Shown>>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let is = |name: &str, wanted: &str| headers.get(name).is_some_and(|value| value == wanted);
    let is_ours = shown.hosts.iter().any(|host| is("host", host));
    let may_change = request.method() == "GET" || is("x-board", &shown.token);
    if !is_ours || !may_change {
        return StatusCode::FORBIDDEN.into_response();
    }
    let mut reply = next.run(request).await;
    let headers = reply.headers_mut();
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        header::HeaderValue::from_static("nosniff"),
    );
    headers.insert(
        header::CACHE_CONTROL,
        header::HeaderValue::from_static("no-store"),
    );
    headers.insert(
        header::X_FRAME_OPTIONS,
        header::HeaderValue::from_static("DENY"),
    );
    reply
}

async fn page(State(shown): State<Arc<Shown>>) -> Result<Html<Vec<u8>>, Trouble> {
    let (front, back) = halves();
    let mut page = front.into_bytes();
    page.extend(shown.data().await?);
    page.extend(back.bytes());
    Ok(Html(page))
}

/// The lines, or nothing where the page knows them.
async fn lines(State(shown): State<Arc<Shown>>, headers: HeaderMap) -> Result<Response, Trouble> {
    let row = shown.row().await?;
    let revision = shown.revision(&row).await?;
    if headers
        .get("x-revision")
        .is_some_and(|known| *known == revision)
    {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let kind = [(header::CONTENT_TYPE, "application/json")];
    Ok((kind, shown.data().await?).into_response())
}

/// A file of the run.
async fn file(
    State(shown): State<Arc<Shown>>,
    Asked(path): Asked<String>,
) -> Result<Response, Trouble> {
    let Some(path) = below(&shown.row().await?.folder, Path::new(&path)) else {
        return Ok(StatusCode::NOT_FOUND.into_response());
    };
    match tokio::fs::metadata(&path).await {
        Ok(file) if file.is_file() && file.len() <= LARGEST => {}
        _ => return Ok(StatusCode::NOT_FOUND.into_response()),
    }
    let Ok(bytes) = tokio::fs::read(&path).await else {
        return Ok(StatusCode::NOT_FOUND.into_response());
    };
    let kind = infer::get(&bytes).map_or("application/octet-stream", |kind| kind.mime_type());
    Ok(([(header::CONTENT_TYPE, kind)], bytes).into_response())
}

/// A path that leads nowhere else.
fn below(folder: &Path, path: &Path) -> Option<PathBuf> {
    let plain = |part: Component<'_>| matches!(part, Component::Normal(_));
    path.components().all(plain).then(|| folder.join(path))
}

/// Asks anew for what has failed; where nobody works on the run, this process does.
async fn retry(State(shown): State<Arc<Shown>>) -> Result<String, Trouble> {
    let ledger = &shown.run.ledger;
    let lock = Lock::take(ledger, &shown.name).ok();
    let reopen = Reopen {
        failed_too: true,
        alone: lock.is_some(),
        ..Reopen::default()
    };
    let queue = ledger.queue().await?;
    ledger.reopen_run(&shown.name, &reopen).await?;
    if let Some(lock) = lock {
        let (run, row, pace) = (Arc::clone(&shown.run), shown.row().await?, shown.pace);
        tokio::spawn(async move {
            // The page shows how it ends.
            let _ = serve(run, row, queue, pace).await;
            drop(lock);
        });
    }
    Ok("what failed is asked for anew".to_owned())
}

async fn call_off(State(shown): State<Arc<Shown>>) -> Result<String, Trouble> {
    let failed = cancel(&shown.run, &shown.name).await?;
    Ok(match failed.len() {
        0 => "canceled".to_owned(),
        count => format!("canceled, but {count} lines go on"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stays_in_its_folder() {
        let folder = Path::new("/run");
        assert_eq!(
            below(folder, Path::new("a/b.png")),
            Some("/run/a/b.png".into())
        );
        for path in ["../b.png", "a/../../b.png", "/etc/passwd"] {
            assert_eq!(below(folder, Path::new(path)), None, "{path}");
        }
    }
}
