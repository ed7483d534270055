//! Fetching files: to a folder, or as bytes.

use std::path::Path;
use std::sync::Arc;

use crate::save::Fetch;
use crate::{Client, Error, FileSource, Naming, OutputReader, Save};

impl Client {
    /// Saves files into a folder, which is made where it is missing; several at a time. Await what
    /// this returns, or say before how it is to be done:
    ///
    /// ```
    /// # use civitai_jobs::{Air, Client, Collision, Naming, Sidecar, TextToImage};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sim = civitai_sim::Simulator::builder()
    /// #     .time(civitai_sim::SimTime::real(1000.0)).start().await?;
    /// # let client = Client::builder().token(sim.token().to_owned()).base_url(sim.base_url()).build()?;
    /// # let request = TextToImage::new(Air::civitai("sd1", "checkpoint", 4384, 128713)?, "fog");
    /// # let outputs = client.submit(&request).await?.watch().await?.outputs();
    /// # let dir = tempfile::tempdir()?;
    /// # let dir = dir.path();
    /// let naming: Naming = "{prompt}-{job}-{index}".parse()?;
    /// let files = client
    ///     .save(&outputs, dir, &naming.with_prompt(request.prompt()))
    ///     .at_once(8)
    ///     .on_collision(Collision::Keep)
    ///     .sidecar(Sidecar::of(&request))
    ///     .on_progress(|now| println!("{} of {:?} bytes", now.total_bytes, now.total_size))
    ///     .await?;
    /// # assert!(files[0].sidecar.as_ref().is_some_and(|path| path.is_file()));
    /// # Ok(()) }
    /// ```
    ///
    /// Each file is written under a temporary name and renamed when it is complete and on disk, so
    /// that no file is ever there in part. Errors that may pass are retried: a transfer that broke
    /// goes on where it stopped, where the storage can vouch for it being the same file, and begins
    /// again where it cannot. An expired link is replaced. A transfer has no time limit as long as
    /// it brings something; one that brings nothing for 30 s is broken off.
    ///
    /// # Errors
    ///
    /// At least one file could not be saved. All are tried;
    /// [`saved_files`](Error::saved_files) are those that were.
    pub fn save(
        &self,
        outputs: impl IntoIterator<Item = impl Into<FileSource>>,
        dir: impl AsRef<Path>,
        naming: &Naming,
    ) -> Save {
        let looks = Arc::default();
        let sources = outputs.into_iter();
        let sources = sources.map(|output| output.into().of(self, &looks));
        Save::new(self.clone(), sources.collect(), dir.as_ref(), naming)
    }

    /// Opens a file to read it chunk by chunk or into memory, without touching the disk.
    ///
    /// ```
    /// # use civitai_jobs::{Air, Client, TextToImage};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sim = civitai_sim::Simulator::builder()
    /// #     .time(civitai_sim::SimTime::real(1000.0)).start().await?;
    /// # let client = Client::builder().token(sim.token().to_owned()).base_url(sim.base_url()).build()?;
    /// # let request = TextToImage::new(Air::civitai("sd1", "checkpoint", 4384, 128713)?, "fog");
    /// # let outputs = client.submit(&request).await?.watch().await?.outputs();
    /// let reader = client.open(&outputs[0]).await?;
    /// assert_eq!(reader.media_type(), "image/png");
    /// let at_most = 32 << 20;
    /// let picture: Vec<u8> = reader.bytes(at_most).await?;
    /// # assert_eq!(&picture[1..4], b"PNG");
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// The file could not be fetched.
    pub async fn open(&self, output: impl Into<FileSource>) -> Result<OutputReader, Error> {
        let (source, limit) = (output.into().of(self, &Arc::default()), self.largest_file());
        OutputReader::open(Fetch::new(self.clone(), source, limit)).await
    }
}
