//! The client of an example: of the service where `CIVITAI_API_TOKEN` is set, and otherwise of a
//! simulator that runs within the program.

use std::error::Error;
use std::time::Duration;

use civitai_jobs::{Client, Pace, WatchPolicy};
use civitai_sim::{SimTime, Simulator};

/// A client, and the simulator that it talks to, if it is one.
pub(crate) struct Stage {
    pub(crate) client: Client,
    #[allow(dead_code, reason = "most examples only keep it running")]
    pub(crate) sim: Option<Simulator>,
}

impl Stage {
    pub(crate) async fn open() -> Result<Self, Box<dyn Error>> {
        if std::env::var_os("CIVITAI_API_TOKEN").is_some() {
            let client = Client::from_env()?;
            return Ok(Self { client, sim: None });
        }
        println!("CIVITAI_API_TOKEN is not set, so a simulator plays the service");
        // A minute of work takes some milliseconds there, so looks can be as close.
        let sim = Simulator::builder()
            .time(SimTime::real(1000.0))
            .start()
            .await?;
        let policy = WatchPolicy::default().pace(Pace::fixed(Duration::from_millis(100)));
        let client = Client::builder().token(sim.token().to_owned());
        let client = client
            .base_url(sim.base_url())
            .watch_policy(policy)
            .build()?;
        let sim = Some(sim);
        Ok(Self { client, sim })
    }
}
