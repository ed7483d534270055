//! Sends events to the addresses of callers: for each workflow one at a time, and again after a
//! while where an address does not take one.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use file_save::Connections;
use reqwest::Client;
use reqwest::redirect::Policy;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::core::speed::Speed;
use crate::server::shared::Shared;
use crate::v2::outbox::Notice;

/// An event is sent no more often.
const ATTEMPTS_AT_MOST: u32 = 5;
/// Simulated time until an event is sent again.
const PAUSE: Duration = Duration::from_secs(10);
/// How long an address may take to answer; this is time on the wall.
const PATIENCE: Duration = Duration::from_secs(10);

/// The events of one workflow.
#[derive(Debug, Default)]
struct Lane {
    waiting: VecDeque<Notice>,
    busy: bool,
}

/// Sends events until the simulator stops.
pub(crate) async fn deliver(shared: Arc<Shared>, mut stopped: watch::Receiver<bool>) {
    // Direct ones: where the system has no certificates, callbacks without TLS arrive.
    let connections = Connections::new(true).ok();
    let client = connections.and_then(|connections| {
        let client = connections.builder().redirect(Policy::none());
        client.timeout(PATIENCE).build().ok()
    });
    // Without a client, callbacks are lost.
    let Some(client) = client else { return };
    let mut changed = shared.changes();
    let mut lanes: BTreeMap<usize, Lane> = BTreeMap::new();
    let mut sending: JoinSet<(usize, bool)> = JoinSet::new();
    loop {
        changed.borrow_and_update();
        let (now, mut next) = {
            let mut state = shared.v2();
            // What is due later is due at once where time only passes while there is work.
            let is_rushed = shared.clock.speed() == Speed::Max;
            let now = if is_rushed {
                Duration::MAX
            } else {
                state.now()
            };
            for notice in state.outbox().take(now) {
                let lane = lanes.entry(notice.workflow).or_default();
                lane.waiting.push_back(notice);
            }
            let due = state.outbox().next_due();
            (now, due.into_iter().chain(state.next_change()).min())
        };
        for lane in lanes.values_mut().filter(|lane| !lane.busy) {
            let Some(notice) = lane.waiting.front() else {
                continue;
            };
            if notice.due > now {
                next = Some(next.map_or(notice.due, |next| next.min(notice.due)));
            } else {
                lane.busy = true;
                sending.spawn(send(client.clone(), notice.clone()));
            }
        }
        lanes.retain(|_, lane| lane.busy || !lane.waiting.is_empty());
        tokio::select! {
            _ = changed.changed() => {}
            () = shared.clock.sleep_until(next.unwrap_or(Duration::MAX)) => {}
            Some(sent) = sending.join_next() => {
                if let Ok((workflow, taken)) = sent {
                    settle(&mut lanes, workflow, taken, shared.clock.now());
                }
            }
            _ = stopped.wait_for(|stopped| *stopped) => break,
        }
    }
    // What has not arrived is sent by the next run that takes up this one's state.
    let mut state = shared.v2();
    for lane in lanes.into_values() {
        state.outbox().put_back(lane.waiting);
    }
}

/// Frees a lane; what was not taken stays at its front for another try.
fn settle(lanes: &mut BTreeMap<usize, Lane>, workflow: usize, taken: bool, now: Duration) {
    let Some(lane) = lanes.get_mut(&workflow) else {
        return;
    };
    lane.busy = false;
    let Some(notice) = lane.waiting.front_mut() else {
        return;
    };
    notice.attempts += 1;
    notice.due = now + PAUSE;
    if taken || notice.attempts >= ATTEMPTS_AT_MOST {
        lane.waiting.pop_front();
    }
}

async fn send(client: Client, notice: Notice) -> (usize, bool) {
    let reply = client.post(&notice.url).json(&notice.body).send().await;
    let taken = reply.is_ok_and(|reply| reply.status().is_success());
    (notice.workflow, taken)
}
