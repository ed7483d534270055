//! A run that makes a call of every kind, with some trouble on the way.

use civitai_jobs::workflows::types::WorkflowStepTemplate;
use civitai_jobs::{Client, Naming, WorkflowChange, WorkflowRequest};
use civitai_sim::{Fault, Origin};

use crate::stage::{Stage, request};

/// Does everything once, with some trouble.
pub(crate) async fn everything(stage: &Stage, client: &Client) {
    let job = client
        .jobs()
        .submit(&request().negative_prompt("a blurry ship"))
        .await
        .unwrap();
    stage.sim.fail_next(Origin::Api, Fault::DropReply);
    stage.sim.fail_next(Origin::Api, Fault::Status(401));
    assert!(job.watch().await.is_err());
    let done = job.watch().await.unwrap();
    let saved = client
        .save(done.files(), stage.dir.path(), &Naming::default())
        .await;
    saved.unwrap();
    client.jobs().get(&job.ids()[0]).await.unwrap();
    client.jobs().list().property("run", 1).all().await.unwrap();
    client
        .account()
        .coverage(&["civitai:1@2".parse().unwrap()])
        .await
        .unwrap();
    client.account().consumption(..).await.unwrap();
    job.cancel().await.unwrap();
    stage.sim.fail_next(Origin::Api, Fault::Status(400));
    client.jobs().submit(&request()).await.unwrap_err();
    of_workflows(stage, client).await;
}

/// The same of workflows.
async fn of_workflows(stage: &Stage, client: &Client) {
    let step = serde_json::json!({"$type": "textToImage", "input": {
        "model": request().model(), "prompt": "A lighthouse in fog", "negativePrompt": "a blurry ship",
        "width": 512, "height": 512}});
    let step: WorkflowStepTemplate = serde_json::from_value(step).unwrap();
    let mut wanted = WorkflowRequest::new().tag("harbour");
    wanted.add(step);
    let workflows = client.workflows();
    workflows.preview(&wanted).await.unwrap();
    stage.sim.fail_next(Origin::Api, Fault::DropReply);
    let workflow = workflows.submit(&wanted).await.unwrap();
    let mut watch = workflow.watch();
    while watch.next().await.unwrap().is_some() {}
    let done = watch.await.unwrap();
    let saved = client
        .save(done.files(), stage.dir.path(), &Naming::default())
        .await;
    saved.unwrap();
    workflows.get(workflow.id()).await.unwrap();
    workflows.list().tag("harbour").all().await.unwrap();
    let change = WorkflowChange::new().metadata("seen", true);
    workflow.update(&change).await.unwrap();
    workflow.cancel().await.unwrap();
    let blob = done.files()[0].blob_id().unwrap().to_owned();
    client.blobs().refresh(&blob).await.unwrap();
    workflow.delete().await.unwrap();
}
