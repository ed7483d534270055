//! A job that one process submits and another one waits for.
//!
//! The first run writes the token to a file and ends; the second one finds the file, takes the job
//! up, saves the picture and removes the file.
//!
//! ```console
//! $ cargo run -p civitai-jobs --example resume -- job.token
//! $ cargo run -p civitai-jobs --example resume -- job.token
//! ```
//!
//! The simulator ends with its process, so with it the first run starts the second one itself.

#![allow(clippy::print_stdout, reason = "an example tells what it does")]

use std::error::Error;
use std::fs;
use std::path::PathBuf;
use std::process::{self, Command};

use civitai_jobs::{Air, Client, ClientKey, Naming, TextToImage, Token};
use stage::Stage;

mod stage;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args().nth(1).map(PathBuf::from);
    let file = file.unwrap_or_else(|| {
        std::env::temp_dir().join(format!("civitai-jobs-{}.token", process::id()))
    });
    let Stage { client, sim } = Stage::open().await?;

    if file.exists() {
        let token: Token = fs::read_to_string(&file)?.trim().parse()?;
        take_up(&client, token).await?;
        fs::remove_file(&file)?;
        return Ok(());
    }

    let model = Air::civitai("sd1", "checkpoint", 4384, 128_713)?;
    let request = TextToImage::new(model, "a lighthouse in fog");
    // The key is on disk before anything is sent: a crash at any point loses nothing.
    let key = ClientKey::new();
    fs::write(&file, Token::from(key).to_string())?;
    let job = client.jobs().submit(&request).key(key).await?;
    fs::write(&file, job.token().to_string())?;
    println!("submitted; {} has its token", file.display());

    if let Some(sim) = sim {
        let again = Command::new(std::env::current_exe()?)
            .arg(&file)
            .env("CIVITAI_API_TOKEN", sim.token())
            .env("CIVITAI_BASE_URL", sim.base_url())
            .status()?;
        println!("the second process ended with {again}");
    }
    Ok(())
}

async fn take_up(client: &Client, token: Token) -> Result<(), Box<dyn Error>> {
    let done = client.jobs().attach(token).watch().await?;
    let folder = std::env::temp_dir().join("civitai-jobs");
    let files = client.save(done.files(), folder, &Naming::default());
    for file in files.await? {
        println!("taken up, and saved {}", file.path.display());
    }
    Ok(())
}
