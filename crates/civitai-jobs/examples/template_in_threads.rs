//! One request as a template that several threads change and submit.
//!
//! ```console
//! $ cargo run -p civitai-jobs --example template_in_threads
//! ```

#![allow(clippy::print_stdout, reason = "an example tells what it does")]

use std::error::Error;
use std::thread;

use civitai_jobs::jobs::Network;
use civitai_jobs::{Air, TextToImage};
use stage::Stage;
use tokio::runtime::Handle;

mod stage;

const PROMPTS: [&str; 3] = [
    "a lighthouse in fog",
    "a lighthouse at dawn",
    "a lighthouse in a storm",
];

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let Stage { client, sim: _sim } = Stage::open().await?;
    let style: Air = "urn:air:sd1:lora:civitai:82098@87153".parse()?;
    let template = TextToImage::new(Air::civitai("sd1", "checkpoint", 4384, 128_713)?, "")
        .size(512, 768)
        .network(Network::lora(style).strength(0.8))
        .property("album", "lighthouses");

    // Threads borrow the template; what each changes is its own.
    let runtime = Handle::current();
    let submitted = thread::scope(|scope| {
        let threads = PROMPTS.map(|prompt| {
            let (template, client, runtime) = (&template, &client, &runtime);
            scope.spawn(move || {
                let request = template.clone().prompt(prompt);
                (
                    prompt,
                    runtime.block_on(client.jobs().submit(&request).into_future()),
                )
            })
        });
        threads.map(thread::ScopedJoinHandle::join)
    });

    for result in submitted {
        let (prompt, job) = result.map_err(|_| "a thread panicked")?;
        let done = job?.watch().await?;
        println!("{prompt}: {} files", done.files().len());
    }
    println!(
        "the template has the prompt {:?} still",
        template.prompt_text()
    );
    Ok(())
}
