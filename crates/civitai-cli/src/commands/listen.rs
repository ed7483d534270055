//! `listen`: receives the events of work, prints them and runs a program for each.

use std::net::{IpAddr, Ipv4Addr};
use std::process::Stdio;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::StatusCode;
use axum::routing::post;
use civitai_jobs::events::{Event as Delivery, Secret};
use clap::Args;
use serde_json::Value;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;
use tokio::process::Command;
use tokio::sync::mpsc;

use crate::event::{Event, warn};
use crate::exit;
use crate::failure::{Failure, chain};
use crate::interrupt;
use crate::screen;

/// The longest delivery, in bytes.
const LONGEST: usize = 4 << 20;

/// As many deliveries wait for the program that is run; more are refused, and sent again by the service.
const WAITING: usize = 1_000;

/// How long the program that is run may take.
const PATIENCE: Duration = Duration::from_secs(10 * 60);

/// Where the secret stands where it is to outlive the program.
const SECRET: &str = "CIVITAI_WEBHOOK_SECRET";

/// Receives the events of work at an address that only you and the service know, and prints each. A delivery
/// carries no signature: poll the work before you believe one.
#[derive(Debug, Args)]
#[command(after_help = exit::HELP)]
pub(crate) struct Listen {
    /// The port; 0 takes any that is free.
    #[arg(long, default_value_t = 4020)]
    port: u16,

    /// The address to listen at; the service reaches a loopback address only through a tunnel.
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    host: IpAddr,

    /// Runs a program of the shell for each event, one at a time, with the delivery on its standard input and
    /// CIVITAI_SCOPE, CIVITAI_WORK_ID and CIVITAI_STATUS in its environment.
    #[arg(long, value_name = "COMMAND")]
    exec: Option<String>,

    /// Ends after so many events.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    count: Option<u64>,

    /// Prints JSON in place of text.
    #[arg(long)]
    json: bool,
}

/// What the server and the one that prints share.
#[derive(Clone)]
struct Door {
    secret: Secret,
    queue: mpsc::Sender<(Delivery, Bytes)>,
}

impl Listen {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let json = self.json;
        self.listen().await.map_err(|failure| failure.told(json))
    }

    async fn listen(self) -> Result<(), Failure> {
        let secret = secret()?;
        let listener = TcpListener::bind((self.host, self.port)).await;
        let listener = listener.map_err(|error| {
            let what = format!("cannot listen at {}:{}", self.host, self.port);
            Failure::system(&what, &error)
        })?;
        let at = listener.local_addr();
        let at = at.map_err(|error| Failure::system("cannot listen", &error))?;
        let address = format!("http://{at}/{}", secret.reveal());
        if self.json {
            Event::Listening { address: &address }.print()?;
        } else {
            screen::note(&format!("listening at {address}"));
        }
        // Room for one: an event is acknowledged once somebody has it.
        let (queue, events) = mpsc::channel(WAITING);
        let server = axum::serve(listener, router(Door { secret, queue }));
        tokio::select! {
            ended = server => {
                ended.map_err(|error| Failure::system("the server has ended", &error))
            }
            ended = self.tell(events) => ended,
            () = interrupt::pressed() => Ok(()),
        }
    }

    async fn tell(&self, mut events: mpsc::Receiver<(Delivery, Bytes)>) -> Result<(), Failure> {
        let mut told = 0;
        while let Some((event, body)) = events.recv().await {
            self.print(&event, &body)?;
            if let Some(command) = &self.exec
                && let Err(why) = run(command, &event, &body).await
            {
                warn(&why, self.json)?;
            }
            told += 1;
            if self.count == Some(told) {
                break;
            }
        }
        Ok(())
    }

    fn print(&self, event: &Delivery, body: &[u8]) -> Result<(), Failure> {
        let (scope, id, status) = facts(event);
        if self.json {
            let body: Value = serde_json::from_slice(body).unwrap_or_default();
            let event = Event::Received {
                scope,
                id: &id,
                status: &status,
                body: &body,
            };
            return event.print();
        }
        screen::print_line(&format!("{scope} {id} {status}"))
    }
}

fn router(door: Door) -> Router {
    Router::new()
        .route("/{secret}", post(receive))
        .layer(DefaultBodyLimit::max(LONGEST))
        .with_state(door)
}

async fn receive(State(door): State<Door>, Path(guess): Path<String>, body: Bytes) -> StatusCode {
    if !door.secret.matches(&guess) {
        return StatusCode::NOT_FOUND;
    }
    let Ok(event) = Delivery::parse(&body) else {
        return StatusCode::BAD_REQUEST;
    };
    match door.queue.try_send((event, body)) {
        Ok(()) => StatusCode::NO_CONTENT,
        // The service sends it again.
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}

fn facts(event: &Delivery) -> (&'static str, String, String) {
    use civitai_jobs::events::Scope;

    let scope = match event.scope() {
        Scope::Workflow => "workflow",
        Scope::Step => "step",
        Scope::StepJob => "stepJob",
        _ => "job",
    };
    (scope, event.work_id().to_owned(), event.claimed_status())
}

/// Runs a program of the shell with an event.
async fn run(command: &str, event: &Delivery, body: &[u8]) -> Result<(), String> {
    let (shell, flag) = match cfg!(windows) {
        true => ("cmd", "/C"),
        false => ("sh", "-c"),
    };
    let (scope, id, status) = facts(event);
    let mut program = Command::new(shell);
    program
        .arg(flag)
        .arg(command)
        .env("CIVITAI_SCOPE", scope)
        .env("CIVITAI_WORK_ID", &id)
        .env("CIVITAI_STATUS", status)
        .env_remove(SECRET)
        .stdin(Stdio::piped())
        .kill_on_drop(true);
    let failed = |error: &std::io::Error| format!("the program for {id} failed: {}", chain(error));
    let mut child = program.spawn().map_err(|error| failed(&error))?;
    let work = async {
        if let Some(mut input) = child.stdin.take() {
            // A program that does not read it is one that does not need it.
            let _ = input.write_all(body).await;
        }
        child.wait().await
    };
    match tokio::time::timeout(PATIENCE, work).await {
        Ok(Ok(status)) if status.success() => Ok(()),
        Ok(Ok(status)) => Err(format!("the program for {id} failed: {status}")),
        Ok(Err(error)) => Err(failed(&error)),
        Err(_) => Err(format!(
            "the program for {id} did not end within {} minutes",
            PATIENCE.as_secs() / 60
        )),
    }
}

/// The secret of the environment, or a new one.
fn secret() -> Result<Secret, Failure> {
    match std::env::var(SECRET) {
        Ok(text) => Secret::new(text).map_err(|error| Failure::input(format!("{SECRET}: {error}"))),
        Err(_) => Ok(Secret::random()),
    }
}
