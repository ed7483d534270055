//! Serika end to end on the simulator: submit, wait, save, and all that goes wrong.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::time::Duration;

use civitai_sim::{Fault, Origin, SimTime, Simulator};
use serika_api::job_waiter::Watch;
use serika_api::types::{ChatMessage, ChatRequest, ImageJobRequest};
use serika_api::watch::ImageJob;
use serika_api::{Client, Http, Phase, WatchError};

async fn service() -> (Simulator, Client) {
    let sim = Simulator::builder()
        .time(SimTime::manual())
        .work_delay(Duration::from_secs(60))
        .fail_when(|job| {
            job.prompt()
                .contains("eclipse")
                .then(|| "Too dark.".to_owned())
        })
        .start()
        .await
        .unwrap();
    let http = Http::builder(sim.serika_url()).token(sim.token().to_owned());
    let client = Client::new(http.build().unwrap());
    (sim, client)
}

fn request(prompt: &str) -> ImageJobRequest {
    ImageJobRequest {
        model: "tensorart-animagine-xl".to_owned(),
        prompt: prompt.to_owned(),
        width: Some(64),
        height: Some(48),
        ..ImageJobRequest::default()
    }
}

fn watch(sim: &Simulator, job: &ImageJob) -> Watch<ImageJob> {
    job.watch().clock(Arc::new(sim.clock()))
}

#[tokio::test]
async fn an_image_is_submitted_waited_for_and_saved() {
    let (sim, client) = service().await;
    let reply = client
        .create_image_job(&request("a lighthouse in fog"))
        .await
        .unwrap();
    let done = watch(&sim, &reply.image_job()).await.unwrap();
    assert_eq!(done.result().unwrap().width, Some(64));

    let folder = tempfile::tempdir().unwrap();
    let saver = file_save::Saver::new().unwrap();
    let naming = "{job}-{index}".parse().unwrap();
    let saved = saver
        .save(done.files(), folder.path(), &naming)
        .await
        .unwrap();
    assert_eq!(saved[0].size, Some((64, 48)));
    assert_eq!(saved[0].path.extension().unwrap(), "png");

    // The key goes to the API and not to its files.
    let files = sim
        .requests()
        .into_iter()
        .filter(|one| one.path.contains("/files/"));
    assert!(files.map(|one| one.authorization).eq([false]));
}

#[tokio::test]
async fn both_spellings_of_the_path_start_the_same_work() {
    let (sim, client) = service().await;
    let reply = client
        .create_image_job_singular(&request("fog"))
        .await
        .unwrap();
    assert_eq!(
        watch(&sim, &reply.image_job()).await.unwrap().phase(),
        Phase::Succeeded
    );
    let handles = client.list_jobs().await.unwrap().image_job_handles();
    assert_eq!(handles, [reply.image_job().handle().clone()]);
}

#[tokio::test]
async fn a_failure_tells_its_reason_whatever_shape_it_has() {
    let (sim, client) = service().await;
    let reply = client
        .create_image_job(&request("an eclipse"))
        .await
        .unwrap();
    let error = watch(&sim, &reply.image_job()).await.unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("without a result (failed): Too dark."),
        "{error}"
    );

    let mut wrong = request("fog");
    wrong.model = "nobody".to_owned();
    let error = client.create_image_job(&wrong).await.unwrap_err();
    let wanted = "the service answered 400 Bad Request: there is no model `nobody`";
    assert_eq!(error.to_string(), wanted);
}

#[tokio::test]
async fn a_wait_that_takes_too_long_gives_the_work_back_and_another_process_goes_on() {
    let (sim, client) = service().await;
    let reply = client.create_image_job(&request("fog")).await.unwrap();
    let short = watch(&sim, &reply.image_job()).deadline(Duration::from_secs(20));
    let Err(WatchError::TimedOut { job, .. }) = short.await else {
        panic!("it takes a minute");
    };
    let kept = job.handle().to_string();
    let other = Http::builder(sim.serika_url()).token(sim.token().to_owned());
    let other = Client::new(other.build().unwrap());
    let again = other.attach_image_job(kept.parse().unwrap());
    assert!(watch(&sim, &again).await.is_ok());
}

#[tokio::test]
async fn an_unknown_status_and_a_lost_connection_end_nothing() {
    let (sim, client) = service().await;
    let reply = client
        .create_image_job(&request("a novel status"))
        .await
        .unwrap();
    for fault in [Fault::DropReply, Fault::Status(503), Fault::TruncateBody] {
        sim.fail_next(Origin::Api, fault);
    }
    let mut watch = watch(&sim, &reply.image_job());
    let mut phases = Vec::new();
    while let Some(update) = watch.next().await.unwrap() {
        phases.push(update.phase);
    }
    assert!(phases.contains(&Phase::Unknown), "{phases:?}");
    assert_eq!(phases.last(), Some(&Phase::Succeeded));
}

#[tokio::test]
async fn a_chat_comes_whole_or_in_pieces_and_lists_are_there() {
    let (_sim, client) = service().await;
    let message = ChatMessage {
        role: "user".to_owned(),
        content: Some("is it foggy?".to_owned()),
        ..ChatMessage::default()
    };
    let mut request = ChatRequest {
        model: "serika-chat".to_owned(),
        messages: vec![message],
        ..ChatRequest::default()
    };
    let whole = client.complete_chat(&request).await.unwrap();
    let said = whole.choices[0].message.as_ref().unwrap().content.clone();

    request.stream = Some(true);
    let mut pieces = client
        .complete_chat_stream(&request)
        .await
        .unwrap()
        .into_inner();
    let mut text = String::new();
    while let Some(event) = pieces.next().await {
        let delta = event.unwrap().data.choices[0].delta.clone().unwrap();
        text.push_str(&delta.content.unwrap());
    }
    assert_eq!(Some(text), said);

    assert_eq!(client.list_models().await.unwrap().data.len(), 3);
    assert!(client.list_characters().await.unwrap().is_array());
    let keeper = client.get_character("keeper").await.unwrap();
    assert_eq!(keeper.name.as_deref(), Some("The keeper"));
    let images = serika_api::types::ImagesRequest {
        prompt: "fog".to_owned(),
        ..Default::default()
    };
    assert_eq!(client.generate_images(&images).await.unwrap().data.len(), 1);
}

/// The flow of the project, with a key and a prompt.
async fn flow(sim: &Simulator, prompt: &str) -> Result<arazzo_run::Outcome, arazzo_run::RunError> {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../openapi/arazzo/serika.arazzo.yaml"
    );
    let flow = arazzo_run::Flow::load(file).unwrap();
    let findings = flow.check().findings().to_vec();
    assert!(findings.is_empty(), "{findings:#?}");
    let inputs = serde_json::json!({ "key": sim.token(), "prompt": prompt, "seed": 7 });
    let runner = arazzo_run::Runner::new(flow)
        .server("serika", sim.serika_url())
        .clock(Arc::new(sim.clock()));
    runner.run(None, inputs.as_object().unwrap().clone()).await
}

#[tokio::test]
async fn the_flow_makes_an_image() {
    let (sim, _) = service().await;
    let ended = flow(&sim, "a lighthouse").await.unwrap();
    assert!(ended.is_success() && ended.missing().is_empty());
    let outputs = ended.outputs();
    assert_eq!(
        (&outputs["status"], &outputs["seed"]),
        (&"COMPLETED".into(), &7.into())
    );
    assert!(
        outputs["url"]
            .as_str()
            .unwrap()
            .starts_with(&sim.serika_url())
    );

    let ended = flow(&sim, "an eclipse").await.unwrap();
    assert!(!ended.is_success());
    assert!(
        ended.end().to_string().contains("'FAILED'"),
        "{}",
        ended.end()
    );
}
