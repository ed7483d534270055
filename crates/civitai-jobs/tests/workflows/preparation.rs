//! Models that are loaded before work begins, engines that retire, and what can be done about either.

use std::time::Duration;

use civitai_jobs::workflows::Priority;
use civitai_jobs::{Air, Phase, WatchError, WorkflowChange};
use civitai_sim::{Loading, Retirement, Shape};

use crate::stage::{PRICE, Stage, request, shape};

const MODEL: &str = "urn:air:sd1:checkpoint:civitai:4384@128713";
const BOOST: u64 = 20;

/// A service on which the model of every picture takes 100 s to load, or 20 s with high priority.
async fn service() -> Stage {
    let loading = Loading::new(1_000_000_000).speed(10_000_000);
    let loading = loading.boosted_speed(50_000_000).boost_price(BOOST);
    let retirement = Retirement::after(Duration::from_secs(86_400)).replacement("sdxl");
    Stage::with(|sim| {
        let sim = sim.not_loaded(MODEL, loading);
        sim.retires(MODEL, retirement)
    })
    .await
}

#[tokio::test]
async fn progress_tells_what_is_loaded_and_begins_at_nothing_after_that() {
    let stage = service().await;
    let workflow = stage.client.workflows().submit(&request()).await.unwrap();
    let mut watch = workflow.watch();
    let (mut prepared, mut shares) = (Vec::new(), Vec::new());
    while let Some(update) = watch.next().await.unwrap() {
        if let Some(percent) = update.progress.prepared {
            prepared.push(percent);
            let snapshot = &update.snapshot;
            let model = snapshot.preparation()[0];
            assert_eq!(model.resource, MODEL);
            assert_eq!(update.progress.starts_in, snapshot.prepared_in());
            assert!(snapshot.boosted_in() <= snapshot.prepared_in());
            assert_eq!(update.progress.percent, None);
        }
        shares.extend(update.progress.percent);
    }
    if shape() == Shape::Old {
        assert!(prepared.is_empty());
        return;
    }
    assert!(prepared.len() > 8 && prepared.is_sorted(), "{prepared:?}");
    assert!(shares.len() > 3 && shares.is_sorted(), "{shares:?}");
}

#[tokio::test]
async fn a_change_is_priced_before_it_is_paid() {
    let stage = service().await;
    let workflow = stage.client.workflows().submit(&request()).await.unwrap();
    let update = WorkflowChange::new().download_priority(Priority::High);
    if shape() == Shape::Old {
        let error = workflow.preview_update(&update).await.unwrap_err();
        assert!(error.to_string().contains("told no price"), "{error}");
        return;
    }
    let before = workflow.poll().await.unwrap();
    let preview = workflow.preview_update(&update).await.unwrap();
    assert_eq!(preview.price(), PRICE + BOOST);
    assert_eq!(stage.spent(), PRICE);
    workflow.update(&update).await.unwrap();
    assert_eq!(stage.spent(), PRICE + BOOST);
    let after = workflow.poll().await.unwrap();
    assert!(after.prepared_in() < before.prepared_in());
    assert_eq!(after.boosted_in(), None);
    assert_eq!(after.charged(), PRICE + BOOST);

    let urgent = request().download_priority(Priority::High);
    let dear = stage.client.workflows().preview(&urgent).await.unwrap();
    assert!(dear.price() >= PRICE);
}

#[tokio::test]
async fn what_retires_is_told_in_looks_and_failures() {
    let stage = service().await;
    let workflow = stage.client.workflows().submit(&request()).await.unwrap();
    let seen = workflow.poll().await.unwrap();
    workflow.cancel().await.unwrap();
    let error = workflow.watch().await.unwrap_err();
    let WatchError::Ended {
        phase: Phase::Canceled,
        last,
        ..
    } = error
    else {
        panic!("expected an end; got {error:?}");
    };
    let failure = last.failure().unwrap();
    let told = shape() != Shape::Old;
    for warnings in [seen.steps()[0].warnings(), failure.warnings()] {
        let warning = warnings.first();
        let replacement = warning.and_then(|warning| warning.replacement.as_deref());
        assert_eq!(replacement, told.then_some("sdxl"));
        assert_eq!(warning.is_some_and(|one| one.retires_at.is_some()), told);
    }
    assert_eq!(failure.to_string().contains("retires at"), told);
}

#[tokio::test]
async fn resources_are_listed_by_whether_they_are_loaded() {
    let stage = service().await;
    let client = &stage.client;
    if shape() == Shape::Old {
        let error = client.resources().loaded().all().await.unwrap_err();
        assert_eq!(error.status(), Some(404));
        return;
    }
    let workflow = client.workflows().submit(&request()).await.unwrap();
    let airs = async |list: civitai_jobs::ResourceList| {
        let all = list.page_size(1).all().await.unwrap();
        all.into_iter().map(|one| one.air).collect::<Vec<_>>()
    };
    assert_eq!(airs(client.resources().queued()).await, [MODEL]);
    assert!(airs(client.resources().loaded()).await.is_empty());
    workflow.watch().await.unwrap();
    for (list, found) in [
        (client.resources().loaded(), true),
        (client.resources().loaded().kind("checkpoint"), true),
        (client.resources().loaded().kind("lora"), false),
        (
            client.resources().loaded().without_kind("checkpoint"),
            false,
        ),
        (client.resources().loaded().source("civitai"), true),
        (client.resources().loaded().source("huggingface"), false),
        (client.resources().loaded().min_size(2_000_000_000), false),
        (client.resources().loaded().max_size(2_000_000_000), true),
        (client.resources().queued(), false),
    ] {
        assert_eq!(airs(list.clone()).await == [MODEL], found, "{list:?}");
    }
    let air: Air = MODEL.parse().unwrap();
    assert_eq!(client.resources().get(&air).await.unwrap().air, MODEL);
}
