//! One image from a prompt, saved into a folder.
//!
//! ```console
//! $ cargo run -p civitai-jobs --example one_image -- "a lighthouse in fog" pictures
//! ```

#![allow(clippy::print_stdout, reason = "an example tells what it does")]

use std::error::Error;
use std::path::PathBuf;

use civitai_jobs::{Air, Naming, TextToImage};
use stage::Stage;

mod stage;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let prompt = arguments.next();
    let prompt = prompt.as_deref().unwrap_or("a lighthouse in fog");
    let folder = arguments.next().map(PathBuf::from);
    let folder = folder.unwrap_or_else(|| std::env::temp_dir().join("civitai-jobs"));

    let Stage { client, sim: _sim } = Stage::open().await?;
    let model = Air::civitai("sd1", "checkpoint", 4384, 128_713)?;
    let request = TextToImage::new(model, prompt).size(512, 768).steps(30);

    let job = client.jobs().submit(&request).await?;
    println!("submitted; {} finds it again", job.token());

    let mut watch = job.watch();
    let mut outputs = Vec::new();
    while let Some(update) = watch.next().await? {
        println!("{} after {:.1?}", update.phase, update.elapsed);
        outputs = update.snapshot.files();
    }

    let naming = Naming::from_prompt(prompt);
    for file in client.save(&outputs, &folder, &naming).await? {
        println!("saved {} ({} bytes)", file.path.display(), file.bytes);
    }
    Ok(())
}
