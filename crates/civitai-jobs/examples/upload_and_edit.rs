//! A picture that is uploaded, changed in words and saved as JPEG.
//!
//! ```console
//! $ cargo run -p civitai-jobs --example upload_and_edit -- photo.png "make it night"
//! ```
//!
//! Without arguments, a picture is made first.

#![allow(clippy::print_stdout, reason = "an example tells what it does")]

use std::error::Error;
use std::path::PathBuf;

use civitai_jobs::workflows::{Step, WorkflowRequest};
use civitai_jobs::{Air, Client, Naming, TextToImage};
use stage::Stage;

mod stage;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let Stage { client, sim: _sim } = Stage::open().await?;
    let folder = std::env::temp_dir().join("civitai-jobs");
    let mut arguments = std::env::args().skip(1);
    let photo = match arguments.next() {
        Some(path) => PathBuf::from(path),
        None => made(&client, folder.clone()).await?,
    };
    let change = arguments.next();
    let change = change.as_deref().unwrap_or("make it night");

    let photo = client.blobs().upload_file(&photo, "image/png").await?;
    println!("uploaded; the service has it as {}", photo.id());

    let mut request = WorkflowRequest::new();
    let edited = request.add(Step::edit_image(&photo, change));
    let small = request.add(Step::convert_to_jpeg(edited.image(0), 85));
    let done = client.workflows().submit(&request).await?.watch().await?;

    let naming = Naming::from_prompt(change);
    let files = client.save(small.files(&done), folder, &naming);
    for file in files.await? {
        println!("saved {}", file.path.display());
    }
    Ok(())
}

async fn made(client: &Client, folder: PathBuf) -> Result<PathBuf, Box<dyn Error>> {
    let model = Air::civitai("sd1", "checkpoint", 4384, 128_713)?;
    let request = TextToImage::new(model, "a lighthouse in fog");
    let done = client.jobs().submit(&request).await?.watch().await?;
    let naming = Naming::from_prompt(request.prompt_text());
    let files = client.save(done.files(), folder, &naming).await?;
    let first = files.into_iter().next().ok_or("no file was made")?;
    Ok(first.path)
}
