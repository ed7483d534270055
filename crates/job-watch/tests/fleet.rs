//! What somebody who watches many jobs notices, and what the service does, in simulated time.

#![allow(clippy::unwrap_used, reason = "tests say what they expect by failing")]
#![allow(
    dead_code,
    reason = "the service is shared, and each test plays some of it"
)]

mod batches;

use std::collections::HashMap;
use std::time::Duration;

use batches::{Asked, Batches, Part, Refusal, Trouble};
use futures_util::future::join_all;
use job_watch::{
    Fleet, FleetBuilder, FleetWatch, Pace, RequestBudget, Tolerance, WatchError, WatchPolicy,
};
use tokio::time::{Instant, sleep, timeout};

fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

fn part(batch: u32, number: u32, ends: Duration) -> Part {
    Part {
        batch,
        number,
        ends,
    }
}

/// `batches` batches of `size` jobs. A batch ends within half a minute, at a time of its own.
fn parts(batches: u32, size: u32) -> Vec<Part> {
    let mut random = fastrand::Rng::with_seed(7);
    let mut parts = Vec::new();
    for batch in 0..batches {
        let ends = random.u64(60_000..600_000);
        let end = |number| part(batch, number, millis(ends + random.u64(0..30_000)));
        parts.extend((0..size).map(end));
    }
    parts
}

fn started(builder: FleetBuilder<Batches>) -> Fleet<Batches> {
    let (fleet, driver) = builder.seed(1).build();
    tokio::spawn(driver);
    fleet
}

fn fleet(service: &Batches) -> Fleet<Batches> {
    started(FleetBuilder::new(service.clone()))
}

/// The most requests in any sliding second.
fn rush(asked: &[Asked]) -> usize {
    let within = |first: usize| {
        let later = asked[first..].iter();
        later
            .take_while(|next| next.at <= asked[first].at + secs(1))
            .count()
    };
    (0..asked.len()).map(within).max().unwrap_or_default()
}

/// Awaits all and returns when each ended.
async fn ends(
    watches: Vec<FleetWatch<Batches>>,
) -> Vec<(Result<Duration, WatchError<Part>>, Instant)> {
    let end = |watch: FleetWatch<Batches>| async { (watch.await, Instant::now()) };
    join_all(watches.into_iter().map(end)).await
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_jobs_cost_little_more_than_their_batches() {
    let service = Batches::new();
    let builder = FleetBuilder::new(service.clone()).budget(RequestBudget::per_second(5));
    let fleet = started(builder);
    let parts = parts(500, 20);
    let watches = fleet.watch_all(parts.iter().copied());
    assert_eq!(fleet.watching(), 10_000);
    for (part, (end, at)) in parts.iter().zip(ends(watches).await) {
        assert!(end.unwrap() >= part.ends);
        assert_eq!(at, service.shown(part), "noticed when it was shown");
    }
    assert_eq!(fleet.watching(), 0);
    let asked = service.asked();
    assert_eq!(rush(&asked), 5);
    let alone: usize = asked.iter().map(|request| request.jobs).sum();
    let share = asked.len() as f64 / alone as f64;
    assert!(share < 0.06, "{} requests for {alone}", asked.len());
}

#[tokio::test(start_paused = true)]
async fn a_budget_holds_in_every_sliding_second() {
    for (per_second, in_flight) in [(1, 1), (2, 8), (5, 2), (50, 100)] {
        let service = Batches::new();
        let budget = RequestBudget::per_second(per_second).in_flight(in_flight);
        let fleet = started(FleetBuilder::new(service.clone()).budget(budget));
        let ended = ends(fleet.watch_all(parts(40, 3))).await;
        assert!(ended.iter().all(|(end, _)| end.is_ok()));
        let most = rush(&service.asked());
        assert!(most <= usize::from(per_second), "{most} of {per_second}");
        let asked = service.asked();
        let flying = |index: usize| {
            let earlier = asked[..=index].iter().rev();
            let still = earlier.take_while(|e| e.at + service.latency > asked[index].at);
            still.count()
        };
        let most = (0..asked.len()).map(flying).max().unwrap();
        assert!(
            most <= usize::from(in_flight),
            "{most} of {in_flight} under way"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn trouble_with_some_delays_no_other() {
    let parts = parts(40, 4);
    let sound = |part: &&Part| part.batch >= 8;
    let mut ended_at: Vec<Vec<Duration>> = Vec::new();
    for troubled in [false, true] {
        let mut service = Batches::new();
        let start = Instant::now();
        if troubled {
            for batch in 0..8 {
                let trouble = [Trouble::Refused, Trouble::Silent, Trouble::Unreadable];
                service = service.with(batch, trouble[batch as usize % 3]);
            }
        }
        // No chance in the pauses, so that both runs can be compared.
        let policy = WatchPolicy::default().tolerance(Tolerance::in_a_row(1_000));
        let policy = policy.pace(Pace::default().jitter(0.0));
        let budget = RequestBudget::per_second(100).in_flight(16);
        let builder = FleetBuilder::new(service.clone()).policy(policy);
        let fleet = started(builder.budget(budget));
        let watches = fleet.watch_all(parts.iter().filter(sound).copied());
        let _others = fleet.watch_all(parts.iter().filter(|part| part.batch < 8).copied());
        let ended = ends(watches).await;
        assert!(ended.iter().all(|(end, _)| end.is_ok()));
        ended_at.push(ended.iter().map(|(_, at)| *at - start).collect());
    }
    for (part, (calm, troubled)) in parts
        .iter()
        .filter(sound)
        .zip(ended_at[0].iter().zip(&ended_at[1]))
    {
        let late = troubled.saturating_sub(*calm);
        assert!(late < millis(500), "{part}: {late:?} later");
        let lag = troubled.saturating_sub(part.ends);
        assert!(lag < secs(16), "{part}: {lag:?} after its end");
    }
}

#[tokio::test(start_paused = true)]
async fn one_unreadable_job_fails_alone() {
    let service = Batches::new().with(1, Trouble::Unreadable);
    let fleet = fleet(&service);
    let parts: Vec<_> = (0..500).map(|number| part(1, number, secs(200))).collect();
    let ended = ends(fleet.watch_all(parts.iter().copied())).await;
    let WatchError::Poll {
        job,
        faults,
        source,
        ..
    } = ended[0].0.as_ref().unwrap_err()
    else {
        panic!("expected a failed poll; got {:?}", ended[0]);
    };
    assert_eq!((job, *faults), (&parts[0], 11));
    assert_eq!(*source, Refusal(Trouble::Unreadable));
    for (part, (end, at)) in parts.iter().zip(&ended).skip(1) {
        assert!(end.is_ok());
        assert_eq!(*at, service.shown(part));
    }
}

#[tokio::test(start_paused = true)]
async fn a_batch_that_is_refused_for_long_ends_its_own_watches() {
    let service = Batches::new().with(1, Trouble::Refused);
    let fleet = fleet(&service);
    let parts = [
        part(1, 0, secs(9)),
        part(1, 1, secs(9)),
        part(2, 0, secs(90)),
    ];
    let ended = ends(fleet.watch_all(parts)).await;
    for (end, _) in &ended[..2] {
        assert!(
            matches!(end, Err(WatchError::Poll { faults: 11, .. })),
            "{end:?}"
        );
    }
    assert!(ended[2].0.is_ok());
}

#[tokio::test(start_paused = true)]
async fn too_many_requests_pause_the_whole_fleet_and_fail_nobody() {
    let mut service = Batches::new();
    for batch in 0..6 {
        service = service.with(batch, Trouble::Throttled);
    }
    let budget = RequestBudget::per_second(20).in_flight(1);
    let policy = WatchPolicy::default().tolerance(Tolerance::none());
    let builder = FleetBuilder::new(service.clone()).policy(policy);
    let fleet = started(builder.budget(budget));
    let ended = ends(fleet.watch_all(parts(6, 2))).await;
    assert!(ended.iter().all(|(end, _)| end.is_ok()), "{ended:?}");
    let asked = service.asked();
    for pair in asked[2..].chunks(3).filter(|pair| pair.len() > 1) {
        let pause = pair[1].at - pair[0].at;
        assert!(pause >= secs(7), "{pause:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_page_covers_as_many_as_it_holds() {
    let mut service = Batches::new();
    service.max_jobs = 100;
    let policy = WatchPolicy::default().pace(Pace::fixed(secs(30)));
    let budget = RequestBudget::per_second(20);
    let builder = FleetBuilder::new(service.clone()).policy(policy);
    let fleet = started(builder.budget(budget));
    // 450 jobs of one group, of which a third ends early and leaves its pages to the others.
    let ends_at = |number: u32| secs(if number.is_multiple_of(3) { 10 } else { 100 });
    let parts = (0..450).map(|number| part(0, number, ends_at(number)));
    let ended = ends(fleet.watch_all(parts)).await;
    assert!(ended.iter().all(|(end, _)| end.is_ok()));
    let mut ticks: HashMap<u64, usize> = HashMap::new();
    let asked = service.asked();
    for request in &asked {
        *ticks
            .entry((request.at - asked[0].at).as_secs() / 15)
            .or_default() += 1;
    }
    assert_eq!(
        ticks,
        HashMap::from([(0, 5), (2, 5), (4, 3), (6, 3), (8, 3)])
    );
}

#[tokio::test(start_paused = true)]
async fn watches_come_and_go() {
    let service = Batches::new();
    let fleet = fleet(&service);
    let first = fleet.watch(part(1, 0, secs(300)));
    sleep(secs(20)).await;
    // One more of another batch, which is given up halfway.
    let second = fleet.watch(part(2, 0, secs(300)));
    assert!(timeout(secs(30), second).await.is_err());
    let third = fleet.clone().watch(part(1, 1, secs(100)));
    let late = Instant::now();
    assert!(third.await.is_ok());
    assert!(late.elapsed() < secs(70));
    assert_eq!(fleet.watching(), 1);
    assert!(first.await.is_ok());
    let asked = service.asked();
    let last = asked.iter().rfind(|request| request.batch == 2).unwrap();
    assert!(last.at - asked[0].at <= secs(50), "nobody watched any more");
    let count = asked.len();
    sleep(secs(3_600)).await;
    assert_eq!(service.asked().len(), count, "an idle fleet is quiet");
}

#[tokio::test(start_paused = true)]
async fn each_watch_has_its_deadline() {
    let silent = Batches::new().with(1, Trouble::Silent);
    for service in [Batches::new(), silent] {
        let fleet = fleet(&service);
        let start = Instant::now();
        let deadlines = [5, 20, 77];
        let watches = deadlines.map(|deadline| {
            let watch = fleet.watch(part(1, 0, secs(9_999)));
            watch.deadline(secs(deadline))
        });
        for (deadline, (end, at)) in deadlines.into_iter().zip(ends(watches.into()).await) {
            let error = end.unwrap_err();
            assert!(matches!(error, WatchError::TimedOut { .. }), "{error:?}");
            assert_eq!(error.job(), &part(1, 0, secs(9_999)));
            let over = (at - start).abs_diff(secs(deadline));
            assert!(
                over < millis(500) && at - start < secs(deadline) + millis(50),
                "{over:?}"
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn polls_of_another_do_not_bring_a_deadline_forward() {
    let service = Batches::new();
    let fleet = fleet(&service);
    let start = Instant::now();
    let first = tokio::spawn(fleet.watch(part(1, 0, secs(9_999))).deadline(secs(60)));
    for _ in 0..12 {
        sleep(secs(5)).await;
        let _another = fleet.watch(part(1, 1, secs(9_999)));
        sleep(millis(200)).await;
        assert_eq!(first.is_finished(), start.elapsed() > secs(60));
    }
}

#[tokio::test(start_paused = true)]
async fn an_end_of_the_fleet_ends_all_watches() {
    let job = part(1, 0, secs(300));
    let message = async |watch: FleetWatch<Batches>| watch.await.unwrap_err().to_string();

    let service = Batches::new();
    let fleet = fleet(&service);
    let watch = fleet.watch(job);
    sleep(secs(10)).await;
    let orphan = tokio::spawn(watch);
    sleep(secs(1)).await;
    drop(fleet);
    let error = orphan.await.unwrap().unwrap_err();
    assert_eq!(
        error.to_string(),
        "job 1/0 is no longer watched: its fleet was dropped"
    );
    assert!(error.last().is_some(), "the latest snapshot is kept");

    let (fleet, driver) = FleetBuilder::new(service.clone()).build();
    let watch = fleet.watch(job);
    drop(driver);
    let dropped = "job 1/0 is no longer watched: the driver of its fleet was dropped";
    assert_eq!(message(watch).await, dropped);
    assert_eq!(message(fleet.watch(job)).await, dropped);

    let (fleet, _driver) = FleetBuilder::new(service.clone()).build();
    let start = Instant::now();
    let watch = fleet.watch(job).deadline(secs(60));
    let idle = "job 1/0 is no longer watched: its fleet has no running driver; spawn the driver, or await it";
    assert_eq!(message(watch).await, idle);
    assert!(start.elapsed() < secs(100));

    let (fleet, driver) = FleetBuilder::new(service).build();
    drop(fleet);
    driver.await;
}

#[tokio::test(start_paused = true)]
async fn a_driver_runs_beside_the_work() {
    let (fleet, driver) = FleetBuilder::new(Batches::new()).build();
    let work = async {
        let mut watch = fleet.watch(part(1, 0, secs(30)));
        let (mut polls, mut items) = (0, Vec::new());
        while let Some(update) = watch.next().await? {
            assert_eq!(update.polls, polls + 1, "each poll is an update");
            polls = update.polls;
            items.extend(update.new_items);
        }
        assert_eq!(items, [0]);
        watch.await
    };
    assert!(driver.until(work).await.unwrap() >= secs(30));
}

#[tokio::test(start_paused = true)]
async fn a_watch_that_ended_stays_ended() {
    let service = Batches::new().with(2, Trouble::Refused);
    let fleet = fleet(&service);
    let mut done = fleet.watch(part(1, 7, secs(30)));
    let mut items = Vec::new();
    while let Some(update) = done.next().await.unwrap() {
        items.extend(update.new_items);
    }
    assert_eq!(items, [7]);
    assert!(done.next().await.unwrap().is_none());
    assert!(done.await.unwrap() >= secs(30));

    let mut failed = fleet.watch(part(2, 0, secs(30)));
    let error = failed.next().await.unwrap_err();
    assert!(matches!(error, WatchError::Poll { .. }), "{error:?}");
    assert!(failed.next().await.unwrap().is_none());
    let again = failed.await.unwrap_err();
    assert!(matches!(again, WatchError::Over { .. }), "{again:?}");
    assert!(again.to_string().contains(&error.to_string()), "{again}");
}

#[tokio::test(start_paused = true)]
async fn a_slow_reader_gets_the_newest() {
    let fleet = fleet(&Batches::new());
    let mut watch = fleet.watch(part(1, 0, secs(600)));
    let first = watch.next().await.unwrap().unwrap();
    sleep(secs(300)).await;
    let second = watch.next().await.unwrap().unwrap();
    assert!(second.polls > first.polls + 5);
    assert!(second.snapshot >= secs(280));
}

#[test]
fn a_fleet_may_be_shared_by_threads() {
    fn send_sync<T: Send + Sync>() {}
    fn send<T: Send + 'static>() {}
    send_sync::<Fleet<Batches>>();
    send_sync::<FleetWatch<Batches>>();
    send::<job_watch::Driver<Batches>>();
}
