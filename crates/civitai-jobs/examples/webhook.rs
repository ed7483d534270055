//! A server that the service calls back, and a workflow that is waited for by its calls.
//!
//! ```console
//! $ cargo run -p civitai-jobs --features axum --example webhook
//! ```
//!
//! With a token, the service must be able to reach this machine: the address goes in as the first
//! argument, such as `https://example.com/hooks`, and has to lead to port 3000 here.

#![allow(clippy::print_stdout, reason = "an example tells what it does")]

use std::error::Error;

use axum::Router;
use civitai_jobs::Air;
use civitai_jobs::events::{Inbox, Secret, axum::router};
use civitai_jobs::workflows::{CallbackEvent, Step, WorkflowRequest};
use stage::Stage;
use tokio::net::TcpListener;

mod stage;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let Stage { client, sim } = Stage::open().await?;
    let port = if sim.is_some() { 0 } else { 3000 };
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    let base = match std::env::args().nth(1) {
        Some(base) => base,
        None => format!("http://{}/hooks", listener.local_addr()?),
    };

    // Only the service learns the address with the secret in it.
    let secret = Secret::random();
    let address = secret.address(&base.parse()?)?;
    let inbox = Inbox::new(secret);
    let app = Router::new().nest("/hooks", router(inbox.clone()));
    tokio::spawn(async move { axum::serve(listener, app).await });

    let model = Air::civitai("sd1", "checkpoint", 4384, 128_713)?;
    let mut request = WorkflowRequest::new().callback(address, [CallbackEvent::WorkflowStar]);
    request.add(Step::text_to_image(model, "a lighthouse in fog"));
    let workflow = client.workflows().submit(&request).await?;
    println!("submitted {workflow}; waiting to be called");

    // Whatever is posted, the workflow itself is read before anything is believed, and once a
    // minute where nothing comes.
    let done = inbox.wait(&workflow).await?;
    println!("{} with {} files", done.status(), done.files().len());
    Ok(())
}
