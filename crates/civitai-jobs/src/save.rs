//! Files from the storage of the service, again after trouble: into a folder or into memory.

use std::sync::Arc;

use file_save::Transfers;
#[cfg(feature = "files")]
pub use file_save::{Claims, Collision, Naming, ParseNamingError, SaveProgress};

#[cfg(feature = "files")]
pub use folder::Save;
pub use reader::FileReader;
#[cfg(feature = "files")]
pub use sidecar::Sidecar;

use crate::{Client, Error, File};
use source::Source;

#[cfg(feature = "files")]
mod folder;
mod reader;
#[cfg(feature = "files")]
mod sidecar;
mod source;

impl Client {
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
    /// # let files = client.jobs().submit(&request).await?.watch().await?.files();
    /// let reader = client.open(&files[0]).await?;
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
    pub async fn open(&self, file: impl Into<File>) -> Result<FileReader, Error> {
        let source = Source::new(self.clone(), file.into(), Arc::default());
        FileReader::open(self.transfers(), source).await
    }

    /// By what files are fetched.
    fn transfers(&self) -> Transfers {
        let observer = self.shared_observer();
        let received = observer.map(|observer| {
            let tell = move |bytes| observer.received(bytes);
            Arc::new(tell) as Arc<dyn Fn(u64) + Send + Sync>
        });
        let mut transfers = Transfers::by(self.storage().clone());
        transfers.clock = Arc::clone(self.clock());
        transfers.received = received;
        transfers.largest = self.largest_file();
        transfers
    }
}
