//! Budgets: never gone over, and never off from what the service has charged.

use civitai_jobs::workflows::Step;
use civitai_jobs::{Budget, Buzz, ClientKey, Money, Phase, WatchError, WorkflowRequest};
use civitai_sim::{Fault, Origin, Shape};
use futures_util::{StreamExt as _, stream};
use serde_json::{Value, json};
use wiremock::matchers::{method, query_param, query_param_is_missing};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::exactly_once::killed_after;
use crate::fixtures::reply;
use crate::stage::{PRICE, Stage, client_of, picture, request, shape};

#[tokio::test]
async fn of_100_workflows_a_budget_for_50_lets_50_through() {
    for abreast in [1, 8, 100] {
        let stage = Stage::with(|sim| sim.seed(3).chance(0.1, Fault::DropReply)).await;
        let budget = Budget::new(50 * PRICE);
        let outcomes: Vec<bool> = stream::iter(0..100)
            .map(|_| async {
                let key = ClientKey::new();
                loop {
                    let submission = stage.client.workflows().submit(&request()).key(key);
                    match submission.budget(&budget).await {
                        Ok(_) => return true,
                        Err(error) if error.is_retryable() => {}
                        Err(error) => {
                            assert!(error.is_over_budget(), "{error:?}");
                            return false;
                        }
                    }
                }
            })
            .buffer_unordered(abreast)
            .collect()
            .await;
        let submitted = outcomes.iter().filter(|submitted| **submitted).count();
        assert_eq!(
            (submitted, stage.sim.workflows().len()),
            (50, 50),
            "{abreast} abreast"
        );
        assert_eq!(
            (budget.spent(), budget.reserved()),
            (stage.spent().into(), Buzz::ZERO)
        );
        println!(
            "{abreast} abreast: {budget}; {} requests",
            stage.requests().len()
        );
    }
}

#[tokio::test]
async fn a_price_that_is_a_ceiling_is_held_whole_and_settled_at_the_end() {
    const CEILING: u64 = 12;
    const CHARGE: u64 = 8;
    for abreast in [1, 8, 100] {
        let stage = Stage::with(|sim| {
            let sim = sim.workers(100);
            // Of the picture, half; of the upscaler, all.
            sim.bill_when(|step| {
                Some(if step.job_type() == "imageUpscaler" {
                    1.0
                } else {
                    0.5
                })
            })
        })
        .await;
        let budget = Budget::new(400);
        let mut request = WorkflowRequest::new();
        request.add(picture("a bay"));
        let chained = Step::upscale_image("https://example.com/a.png");
        request.add(chained);
        let outcomes: Vec<bool> = stream::iter(0..100)
            .map(|_| async {
                let submission = stage.client.workflows().submit(&request);
                let workflow = match submission.budget(&budget).await {
                    Ok(workflow) => workflow,
                    Err(error) => {
                        assert!(error.is_over_budget(), "{error:?}");
                        return false;
                    }
                };
                assert!(budget.limit() >= stage.spent(), "{} spent", stage.spent());
                let told = workflow.first().unwrap().is_price_ceiling();
                assert_eq!(told, shape() != Shape::Old);
                let done = workflow.watch().await.unwrap();
                assert_eq!(
                    (done.charged(), done.phase()),
                    (CHARGE.into(), Phase::Succeeded)
                );
                true
            })
            .buffer_unordered(abreast)
            .collect()
            .await;
        let submitted = outcomes.iter().filter(|submitted| **submitted).count();
        println!("{abreast} abreast: {submitted} submitted, {budget}");
        assert_eq!(budget.spent(), submitted as u64 * CHARGE);
        assert_eq!(
            (budget.spent(), budget.reserved()),
            (stage.spent().into(), Buzz::ZERO)
        );
        // What is refused was refused while others held their ceilings.
        let least = if abreast == 1 {
            45
        } else {
            (400 / CEILING) as usize
        };
        assert!(submitted >= least, "{submitted} of {least}");
    }
}

#[tokio::test]
async fn what_the_service_gives_back_can_be_spent_again() {
    let stage = Stage::with(|sim| {
        sim.fail_when(|step| (step.job_type() == "imageUpscaler").then(|| "no_provider".to_owned()))
    })
    .await;
    let budget = Budget::new(2 * PRICE);
    let workflows = stage.client.workflows();

    let cancelled = workflows.submit(&request()).budget(&budget).await.unwrap();
    assert_eq!(budget.spent(), PRICE);
    cancelled.cancel().await.unwrap();
    cancelled.poll().await.unwrap();
    assert_eq!((budget.spent(), stage.spent()), (Buzz::ZERO, 0));

    let mut chain = request();
    let hero = chain.add(picture("a bay"));
    chain.add(Step::upscale_image(hero.image(0)));
    // 8 for each picture, 4 for the upscaler.
    let error = workflows.submit(&chain).budget(&budget).await.unwrap_err();
    assert!(error.is_over_budget() && !error.is_retryable());
    let wider = Budget::new(20);
    let failed = workflows.submit(&chain).budget(&wider).await.unwrap();
    assert_eq!(wider.left(), 0);
    let error = failed.watch().await.unwrap_err();
    assert!(matches!(error, WatchError::Ended { .. }), "{error:?}");
    assert_eq!(
        (wider.spent(), wider.left()),
        (stage.spent().into(), 4.into())
    );
    assert_eq!(stage.spent(), 2 * PRICE);
}

#[tokio::test]
async fn a_submission_in_doubt_holds_its_price_until_it_is_found() {
    for faults in [
        vec![Fault::DropReply; 4],
        vec![Fault::DropReply, Fault::Status(401)],
        vec![Fault::StatusAfter(503), Fault::Status(403)],
    ] {
        let stage = Stage::new().await;
        let budget = Budget::new(PRICE);
        let key = ClientKey::new();
        let mine = || {
            let submission = stage.client.workflows().submit(&request()).key(key);
            submission.budget(&budget)
        };
        drop(mine());
        assert_eq!(budget.reserved(), 0, "nothing was begun");
        // What goes wrong is ordered once the preview has been answered, and the price held.
        let trouble = async {
            while budget.reserved() == Buzz::ZERO {
                tokio::task::yield_now().await;
            }
            for fault in faults.clone() {
                stage.sim.fail_next(Origin::Api, fault);
            }
        };
        let (ended, ()) = tokio::join!(mine(), trouble);
        assert!(ended.unwrap_err().is_outcome_unknown(), "{faults:?}");
        assert_eq!(
            (budget.spent(), budget.reserved()),
            (Buzz::ZERO, PRICE.into())
        );
        let other = stage.client.workflows().submit(&request());
        assert!(other.budget(&budget).await.unwrap_err().is_over_budget());

        let found = mine().await.unwrap();
        assert_eq!(
            (budget.spent(), budget.reserved()),
            (PRICE.into(), Buzz::ZERO)
        );
        assert_eq!(stage.sim.workflows(), [found.id().to_string()]);
        assert_eq!(stage.spent(), PRICE);
    }
}

#[tokio::test]
async fn a_call_that_was_given_up_is_paid_once_by_the_next_under_its_key() {
    let stage = Stage::new().await;
    let (mut began, mut ended) = (0, 0);
    for polls in 0..30 {
        let budget = Budget::new(PRICE);
        let key = ClientKey::new();
        let before = stage.spent();
        let submission = stage.client.workflows().submit(&request()).key(key);
        let submission = submission.budget(&budget);
        let done = killed_after(polls, submission.clone().into_future()).await;
        let paid = stage.spent() - before;
        assert!(
            budget.reserved() + budget.spent() >= paid,
            "{polls}: {budget:?}"
        );
        began += usize::from(!done && budget.reserved().is_positive());
        ended += usize::from(done);
        submission.await.unwrap();
        assert_eq!(
            (budget.spent(), budget.reserved()),
            (PRICE.into(), Buzz::ZERO)
        );
        assert_eq!(stage.spent(), before + PRICE);
    }
    assert!(began > 0 && ended > 0, "{began} {ended}");
}

#[tokio::test]
async fn a_price_that_cannot_be_asked_for_holds_and_costs_nothing() {
    let stage = Stage::with(|sim| sim.refuse_chained_previews(true)).await;
    let mut chain = WorkflowRequest::new();
    let hero = chain.add(picture("a bay"));
    chain.add(Step::upscale_image(hero.image(0)));
    let budget = Budget::new(100);
    let workflows = stage.client.workflows();
    let error = workflows.submit(&chain).budget(&budget).await.unwrap_err();
    assert_eq!(
        (error.status(), error.money()),
        (Some(500), Money::Untouched)
    );
    assert!(!error.is_over_budget() && !error.is_outcome_unknown());
    assert_eq!(budget.left(), 100);
    assert!(stage.sim.workflows().is_empty());
    // Without a budget, nobody asks.
    workflows.submit(&chain).await.unwrap();
}

/// A service that names one price and charges another.
async fn charging(price: u64, charged: u64) -> (MockServer, civitai_jobs::Client) {
    let server = MockServer::start().await;
    let told = |price: u64, id: Value| {
        let mut workflow = reply("unassigned", &json!([]));
        workflow["id"] = id;
        workflow["cost"]["total"] = price.into();
        workflow["transactions"] = json!({"list": [
            {"type": "debit", "amount": price, "accountType": "blue"}]});
        ResponseTemplate::new(202).set_body_json(workflow)
    };
    let submissions = || Mock::given(method("POST"));
    submissions()
        .and(query_param("whatif", "true"))
        .respond_with(told(price, Value::Null))
        .mount(&server)
        .await;
    submissions()
        .and(query_param_is_missing("whatif"))
        .respond_with(told(charged, "6-1".into()))
        .mount(&server)
        .await;
    let client = client_of(&server);
    (server, client)
}

#[tokio::test]
async fn what_is_charged_counts_and_not_what_was_said() {
    for (price, charged, left) in [(8, 12, 88), (8, 5, 95), (8, 120, 0), (0, 8, 92)] {
        let (_server, client) = charging(price, charged).await;
        let budget = Budget::new(100);
        let submission = client.workflows().submit(&request()).budget(&budget);
        submission.await.unwrap();
        assert_eq!(
            (budget.spent(), budget.left()),
            (charged.into(), left.into())
        );
        let next = client.workflows().submit(&request()).budget(&budget).await;
        assert_eq!(next.is_err(), price > left, "{charged}");
    }
}

#[tokio::test]
async fn a_preview_tells_the_price_and_what_would_pay_it() {
    let stage = Stage::with(|sim| sim.buzz(civitai_sim::Currency::Blue, 5)).await;
    let workflows = stage.client.workflows();
    let preview = workflows.preview(&request()).await.unwrap();
    assert_eq!(
        (preview.price(), preview.is_affordable()),
        (PRICE.into(), true)
    );
    let split = preview.by_currency();
    assert_eq!((split["blue"], split["green"]), (5.into(), 3.into()));
    assert_eq!(preview.snapshot().id(), None);
    assert_eq!(preview.steps()[0].name(), "hero");

    let poor = request().currency(civitai_jobs::workflows::Currency::Blue);
    let preview = workflows.preview(&poor).await.unwrap();
    assert!(!preview.is_affordable());
    let error = workflows.submit(&poor).await.unwrap_err();
    assert_eq!((error.status(), error.is_retryable()), (Some(402), false));
    assert_eq!(stage.spent(), 0);
    assert_eq!(stage.sim.workflows().len(), 0);
}
