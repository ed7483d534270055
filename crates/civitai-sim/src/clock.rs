//! A clock for clients that share the simulator's time.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use job_watch::{Clock, Sleep};

use crate::server::shared::Shared;
use crate::simulator::Simulator;

impl Simulator {
    /// Returns a clock by which clients and the simulator share their time.
    ///
    /// With [`SimTime::manual`](crate::SimTime::manual), time moves on by itself from now on, wherever
    /// all that is left is to wait: for a pause of a client, or for a request that the simulator holds.
    /// It moves to the end of whatever is over first, or by a [`step`](crate::SimTime::step) towards it, so
    /// that an hour's wait takes some milliseconds. With [`SimTime::real`](crate::SimTime::real), pauses are as
    /// many times shorter as simulated time is faster.
    ///
    /// All clocks of one simulator share their time, and a clock may outlive it. Whether all is quiet is
    /// seen by the tasks of the runtime that the simulator was started on. A client in the same runtime
    /// of one thread, such as that of `#[tokio::test]`, is always waited for; one in another thread gets
    /// a millisecond.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use civitai_sim::{SimTime, Simulator};
    /// use job_watch::Clock;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), civitai_sim::StartError> {
    /// let sim = Simulator::builder().time(SimTime::manual()).start().await?;
    /// let clock = sim.clock();
    /// let begun = clock.now();
    /// clock.sleep(Duration::from_secs(3_600)).await;
    /// assert_eq!(clock.now() - begun, Duration::from_secs(3_600));
    /// assert_eq!(sim.elapsed(), Duration::from_secs(3_600));
    /// # Ok(())
    /// # }
    /// ```
    pub fn clock(&self) -> SimClock {
        let shared = Arc::clone(self.shared());
        shared.waits.drive();
        SimClock { shared }
    }
}

/// The time of a [`Simulator`], for a client whose pauses and limits are to follow it.
///
/// [`Simulator::clock`] gives one. Clones share their time.
#[derive(Clone)]
pub struct SimClock {
    shared: Arc<Shared>,
}

impl Clock for SimClock {
    fn now(&self) -> Instant {
        self.shared.clock.began() + self.shared.clock.now()
    }

    fn sleep(&self, pause: Duration) -> Sleep {
        let shared = Arc::clone(&self.shared);
        let end = shared.clock.now().saturating_add(pause);
        Box::pin(async move {
            let _pause = shared.waits.pause(end);
            tokio::select! {
                biased;
                () = shared.until(end) => {}
                // Nobody moves the time of a simulator that has stopped, so the pause does.
                () = shared.until_stopped() => {
                    shared.advance(end.saturating_sub(shared.clock.now()));
                }
            }
        })
    }

    /// No time passes for the sake of a limit, which is over when others have moved time there.
    fn limit(&self, after: Duration) -> Sleep {
        let shared = Arc::clone(&self.shared);
        let end = shared.clock.now().saturating_add(after);
        Box::pin(async move { shared.until(end).await })
    }
}

impl fmt::Debug for SimClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimClock")
            .field("elapsed", &self.shared.clock.now())
            .finish_non_exhaustive()
    }
}
