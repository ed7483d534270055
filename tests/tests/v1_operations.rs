//! Every v1 operation, called through the generated client on real sockets.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::time::Duration;

use civitai_api::v1::Client;
use civitai_api::v1::types::{
    ImageJobParams, JobRequest, JobStatus, JobTemplateList, QueryJobsRequest, TaintJobRequest,
    TaintJobsRequest, TextToImageJobRequest,
};
use civitai_sim::{SimTime, Simulator};
use serde_json::{Value, json};

const MODEL: &str = "urn:air:sd1:checkpoint:civitai:4384@128713";

async fn service() -> (Simulator, Client) {
    let sim = Simulator::builder()
        .time(SimTime::manual())
        .start()
        .await
        .unwrap();
    let http = civitai_api::Http::builder(sim.base_url()).token(sim.token().to_owned());
    let client = Client::new(http.build().unwrap());
    (sim, client)
}

/// One picture of a job labelled `run: name`.
fn batch(name: &str) -> JobTemplateList {
    let params = ImageJobParams {
        prompt: Some("a lighthouse in fog".to_owned()),
        width: 64,
        height: 64,
        ..ImageJobParams::default()
    };
    let job = TextToImageJobRequest {
        model: Some(MODEL.to_owned()),
        params: Some(params),
        quantity: Some(1),
        properties: Some(labels(name)),
        ..TextToImageJobRequest::default()
    };
    JobTemplateList {
        jobs: Some(vec![JobRequest::from(job)]),
        ..JobTemplateList::default()
    }
}

fn labels(name: &str) -> BTreeMap<String, Value> {
    BTreeMap::from_iter([("run".to_owned(), json!(name))])
}

fn first(jobs: Option<Vec<JobStatus>>) -> JobStatus {
    jobs.unwrap_or_default()
        .into_iter()
        .next()
        .expect("one job")
}

#[tokio::test]
async fn a_job_goes_from_submission_to_its_picture() {
    let (sim, client) = service().await;

    let submitted = client.submit_jobs(None, None, &batch("one")).await.unwrap();
    assert_eq!(submitted.status().as_u16(), 202);
    let token = submitted.token.clone().expect("a token");
    let id = first(submitted.into_inner().jobs).job_id.expect("an id");

    sim.advance(Duration::from_secs(600));
    let by_token = client.get_jobs(Some(true), &token, None).await.unwrap();
    assert_eq!(by_token.status().as_u16(), 200);
    let by_token = first(by_token.into_inner().jobs);
    let by_id = client.get_job(&id, Some(true)).await.unwrap().into_inner();
    let query = QueryJobsRequest {
        properties: Some(labels("one")),
        ..QueryJobsRequest::default()
    };
    let by_label = first(
        client
            .query_jobs(None, &query)
            .await
            .unwrap()
            .into_inner()
            .jobs,
    );

    for status in [by_token, by_id, by_label] {
        assert_eq!(status.job_id.as_deref(), Some(id.as_str()));
        assert_eq!(status.result.expect("a result")["available"], json!(true));
        assert_eq!(status.properties.expect("labels")["run"], json!("one"));
    }
}

#[tokio::test]
async fn jobs_are_cancelled_and_tainted_by_id_and_by_token() {
    let (sim, client) = service().await;
    for by_token in [false, true] {
        let submitted = client
            .submit_jobs(None, None, &batch("end"))
            .await
            .unwrap()
            .into_inner();
        let token = submitted.token.expect("a token");
        let id = first(submitted.jobs).job_id.expect("an id");
        if by_token {
            client.cancel_jobs(Some(true), &token).await.unwrap();
        } else {
            client.cancel_job(&id, Some(true)).await.unwrap();
        }
        let event = client
            .get_job(&id, None)
            .await
            .unwrap()
            .into_inner()
            .last_event;
        assert_eq!(
            event
                .and_then(|event| event.type_)
                .map(|kind| kind.to_string()),
            Some("Deleted".to_owned())
        );
    }

    let submitted = client
        .submit_jobs(None, None, &batch("bad"))
        .await
        .unwrap()
        .into_inner();
    sim.advance(Duration::from_secs(600));
    let id = first(submitted.jobs).job_id.expect("an id");
    let reason = Some("six fingers".to_owned());
    client
        .taint_job(
            &id,
            &TaintJobRequest {
                reason: reason.clone(),
                ..Default::default()
            },
        )
        .await
        .unwrap();
    let many = TaintJobsRequest {
        reason,
        properties: Some(labels("bad")),
        ..Default::default()
    };
    let tainted = client.taint_jobs(None, &many).await.unwrap();
    assert_eq!(tainted.jobs, Some(1));
}

#[tokio::test]
async fn coverage_and_consumption_are_answered() {
    let (sim, client) = service().await;
    client
        .submit_jobs(None, None, &batch("paid"))
        .await
        .unwrap();

    sim.advance(Duration::from_secs(600));
    let coverage = client
        .get_coverage(&vec![MODEL.to_owned()])
        .await
        .unwrap()
        .into_inner();
    assert!(coverage.contains_key(MODEL), "{coverage:?}");
    let consumption = client.get_consumption(None, None).await.unwrap();
    assert!(consumption.total_cost > Some(0.0), "{consumption:?}");
}

#[tokio::test]
async fn refusals_are_problems_that_name_the_field() {
    let (sim, client) = service().await;
    let mut wrong = batch("wrong");
    if let Some(JobRequest::TextToImage(job)) =
        wrong.jobs.as_mut().and_then(|jobs| jobs.first_mut())
    {
        job.quantity = Some(1000);
    }
    let error = client.submit_jobs(None, None, &wrong).await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(400));
    let problem = error.problem().expect("a problem document");
    assert!(
        problem
            .errors
            .keys()
            .any(|field| field.to_lowercase().contains("quantity")),
        "{problem:?}"
    );

    let stranger = civitai_api::Http::builder(sim.base_url())
        .token("wrong".to_owned())
        .build()
        .unwrap();
    let error = Client::new(stranger)
        .get_job("any", None)
        .await
        .unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(401));

    let error = client.get_job("no-such-job", None).await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(404));
}
