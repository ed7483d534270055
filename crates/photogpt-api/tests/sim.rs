//! PhotoGPT end to end on the simulator: jobs, pictures, training, downloads, and all that goes wrong.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::time::Duration;

use civitai_sim::{Fault, Origin, SimTime, Simulator};
use photogpt_api::types::{Gender, ImageRequest, ModelRequest, VideoRequest};
use photogpt_api::{
    Client, Hook, HookError, Http, Operation, Pending, Phase, Picture, WatchError, connect_to,
};

async fn service() -> (Simulator, Client) {
    let sim = Simulator::builder()
        .time(SimTime::manual())
        .model_training(Duration::from_secs(25 * 60))
        .fail_when(|job| {
            job.prompt()
                .contains("eclipse")
                .then(|| "Too dark.".to_owned())
        })
        .start()
        .await
        .unwrap();
    let http = connect_to(sim.photogpt_url()).token(sim.token().to_owned());
    (sim, Client::new(http.build().unwrap()))
}

fn images(prompt: &str) -> ImageRequest {
    ImageRequest {
        model_id: "nanobanana".to_owned(),
        prompt: Some(prompt.to_owned()),
        num_images: Some(2),
        ..ImageRequest::default()
    }
}

/// A model with pictures to train on.
async fn model(client: &Client, pictures: usize) -> String {
    let (any, brown) = ("any".to_owned(), "brown".to_owned());
    let person = ModelRequest::new(36, any, brown, Gender::Female, "Ada".to_owned());
    let id = client.create_model(&person).await.unwrap().id.clone();
    let png = civitai_sim::paint("a face", 7, 8, 8).unwrap();
    for _ in 0..pictures {
        let picture = Picture::new(png.clone()).unwrap();
        client.add_picture(&id, &picture).await.unwrap();
    }
    id
}

#[tokio::test]
async fn images_are_submitted_waited_for_and_saved() {
    let (sim, client) = service().await;
    let reply = client
        .generate_images(&images("a lighthouse in capitals"))
        .await
        .unwrap();
    let done = reply.watch().clock(Arc::new(sim.clock())).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let naming = "{job}-{index}".parse().unwrap();
    let saver = file_save::Saver::new().unwrap();
    let saved = saver
        .save(done.files(), folder.path(), &naming)
        .await
        .unwrap();
    assert_eq!(saved.len(), 2);

    let film = VideoRequest {
        model_id: "veo-3.1".to_owned(),
        prompt: "waves".to_owned(),
        ..VideoRequest::default()
    };
    let reply = client.generate_videos(&film).await.unwrap();
    let done = reply.watch().clock(Arc::new(sim.clock())).await.unwrap();
    let saved = saver
        .save(done.files(), folder.path(), &naming)
        .await
        .unwrap();
    assert_eq!(saved[0].path.extension().unwrap(), "m3u8");

    let page = client.list_jobs(&Default::default()).await.unwrap();
    assert_eq!(page.job_handles().len(), 2);
}

#[tokio::test]
async fn a_refusal_is_an_error_whatever_its_status() {
    let (sim, client) = service().await;
    let mut retired = images("fog");
    retired.model_id = "retired".to_owned();
    let error = client.generate_images(&retired).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the service answered 200 OK: the model is retired"
    );
    let error = client.get_job("pg-9").await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the service answered 404 Not Found: there is no such job"
    );
    // Without the version nothing is answered.
    let bare = Http::builder(sim.photogpt_url()).token(sim.token().to_owned());
    let error = Client::new(bare.build().unwrap()).ping().await.unwrap_err();
    assert!(error.to_string().contains("API-Version"), "{error}");
    assert!(client.ping().await.is_ok());
}

#[tokio::test]
async fn failures_unknown_words_and_lost_connections_are_told_apart() {
    let (sim, client) = service().await;
    let reply = client.generate_images(&images("an eclipse")).await.unwrap();
    let error = reply
        .watch()
        .clock(Arc::new(sim.clock()))
        .await
        .unwrap_err();
    assert!(
        error.to_string().ends_with("(failed): Too dark."),
        "{error}"
    );

    let reply = client
        .generate_images(&images("a novel status"))
        .await
        .unwrap();
    sim.fail_next(Origin::Api, Fault::DropReply);
    sim.fail_next(Origin::Api, Fault::Status(502));
    assert!(reply.watch().clock(Arc::new(sim.clock())).await.is_ok());

    let reply = client.generate_images(&images("fog")).await.unwrap();
    let short = reply
        .watch()
        .clock(Arc::new(sim.clock()))
        .deadline(Duration::from_secs(1));
    let Err(WatchError::TimedOut { job, .. }) = short.await else {
        panic!("it takes longer");
    };
    let again = client.attach_job(job.handle().to_string().parse().unwrap());
    assert!(again.watch().clock(Arc::new(sim.clock())).await.is_ok());
}

#[tokio::test]
async fn a_training_of_25_minutes_takes_few_requests() {
    let (sim, client) = service().await;
    let id = model(&client, 12).await;
    let training = client.train(&id).await.unwrap();
    let before = sim.requests().len();
    let done = training.watch().clock(Arc::new(sim.clock())).await.unwrap();
    assert_eq!(done.phase(), Phase::Succeeded);
    let polls = sim.requests().len() - before;
    assert!(polls <= 12, "{polls} requests");
    assert!(sim.elapsed() >= Duration::from_secs(25 * 60));
    // Ready models are asked with their own id, and not trained again.
    let triggers = || {
        sim.requests()
            .iter()
            .filter(|one| one.path.ends_with("/train"))
            .count()
    };
    assert_eq!(triggers(), 1);
    client.train(&id).await.unwrap();
    assert_eq!(triggers(), 1);
}

#[tokio::test]
async fn the_trigger_of_a_training_is_never_sent_twice() {
    let (sim, client) = service().await;
    let id = model(&client, 12).await;
    // The first request looks at the model, and the answer to the second is lost.
    sim.fail_next(Origin::Api, Fault::Throttled(Duration::ZERO));
    assert!(client.train(&id).await.is_err());
    assert!(client.train_model(&id).await.is_ok());
    let training = client.train(&id).await.unwrap();
    assert!(training.watch().clock(Arc::new(sim.clock())).await.is_ok());
    let triggers = sim
        .requests()
        .into_iter()
        .filter(|one| one.path.ends_with("/train"));
    assert_eq!(triggers.count(), 1);

    let few = model(&client, 3).await;
    let error = client.train(&few).await.unwrap_err();
    assert!(error.to_string().contains("12 to 20"), "{error}");
}

/// Breaks the connection once the service has begun to train.
struct Cut(Arc<Simulator>);

impl Hook for Cut {
    fn before<'a>(
        &'a self,
        request: &'a mut reqwest::Request,
        _: &'a Operation,
    ) -> Pending<'a, Result<(), HookError>> {
        if request.url().path().ends_with("/train") {
            self.0.fail_next(Origin::Api, Fault::DropReply);
        }
        Box::pin(async { Ok(()) })
    }
}

#[tokio::test]
async fn a_training_whose_answer_is_lost_is_taken_up_and_not_begun_again() {
    let (sim, client) = service().await;
    let id = model(&client, 12).await;
    let sim = Arc::new(sim);
    let http = connect_to(sim.photogpt_url())
        .token(sim.token().to_owned())
        .hook(Cut(Arc::clone(&sim)));
    let client = Client::new(http.build().unwrap());
    let training = client.train(&id).await.unwrap();
    let done = training.watch().clock(Arc::new(sim.clock())).await.unwrap();
    assert_eq!(done.phase(), Phase::Succeeded);
    let triggers = sim
        .requests()
        .into_iter()
        .filter(|one| one.path.ends_with("/train"));
    assert_eq!(triggers.count(), 1);
}

/// The flow of the project, with a key and a model.
async fn flow(sim: &Simulator, model: &str) -> Result<arazzo_run::Outcome, arazzo_run::RunError> {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../openapi/arazzo/photogpt-training.arazzo.yaml"
    );
    let flow = arazzo_run::Flow::load(file).unwrap();
    let findings = flow.check().findings().to_vec();
    assert!(findings.is_empty(), "{findings:#?}");
    let inputs =
        serde_json::json!({ "key": sim.token(), "model": model, "prompt": "at sea", "count": 2 });
    let runner = arazzo_run::Runner::new(flow)
        .server("photogpt", sim.photogpt_url())
        .clock(Arc::new(sim.clock()));
    runner.run(None, inputs.as_object().unwrap().clone()).await
}

#[tokio::test]
async fn the_flow_trains_at_the_pace_of_the_contract_and_makes_images() {
    let (sim, client) = service().await;
    let id = model(&client, 12).await;
    let ended = flow(&sim, &id).await.unwrap();
    assert!(ended.is_success() && ended.missing().is_empty());
    let outputs = ended.outputs();
    assert_eq!(outputs["model"], "ready");
    assert_eq!(outputs["images"].as_array().unwrap().len(), 2);
    let polls = sim.requests().into_iter();
    let polls = polls.filter(|one| one.method == "GET" && one.path.ends_with(&id));
    let polls = polls.count();
    assert!((3..=12).contains(&polls), "{polls} polls of the training");

    // With too few pictures nothing is waited for.
    let few = model(&client, 3).await;
    let ended = flow(&sim, &few).await.unwrap();
    assert!(
        ended.end().to_string().contains("failed at `train`"),
        "{}",
        ended.end()
    );
}

#[tokio::test]
async fn the_file_of_a_video_has_its_own_wait() {
    let (sim, client) = service().await;
    let reply = client.create_download("pg-7-0").await.unwrap();
    let (mut watch, mut shares) = (reply.watch().clock(Arc::new(sim.clock())), Vec::new());
    while let Some(update) = watch.next().await.unwrap() {
        shares.extend(update.progress.percent);
    }
    assert_eq!(shares.last(), Some(&100.0));
    let done = watch.await.unwrap();
    assert!(done.result().unwrap().ends_with(".mp4"));
}

#[test]
fn pictures_are_checked_before_anything_is_sent() {
    assert!(Picture::new(&b"\xff\xd8\xff\xe0"[..]).is_ok());
    let gif = Picture::new(&b"GIF89a"[..]).unwrap_err();
    assert_eq!(gif.to_string(), "the picture is no jpg, png, webp or heic");
    let mut large = b"\x89PNG\r\n\x1a\n".to_vec();
    large.resize(photogpt_api::LARGEST + 1, 0);
    assert!(Picture::new(large).is_err());
    let one = Picture::new(&b"\xff\xd8\xff"[..]).unwrap();
    assert!(Picture::check(&vec![one.clone(); 11]).is_err());
    assert!(Picture::check(&vec![one.clone(); 12]).is_ok());
    assert!(Picture::check(&vec![one; 21]).is_err());
}
