//! A run that makes a call of every kind, with some trouble on the way.

use civitai_jobs::{Client, Naming};
use civitai_sim::{Fault, Origin};

use crate::stage::{Stage, request};

/// Does everything once, with some trouble.
pub(crate) async fn everything(stage: &Stage, client: &Client) {
    let job = client
        .submit(&request().negative_prompt("a blurry ship"))
        .await
        .unwrap();
    stage.sim.fail_next(Origin::Api, Fault::DropReply);
    stage.sim.fail_next(Origin::Api, Fault::Status(401));
    assert!(job.watch().await.is_err());
    let done = job.watch().await.unwrap();
    let saved = client
        .save(&done.outputs(), stage.dir.path(), &Naming::default())
        .await;
    saved.unwrap();
    client.jobs().detailed().by_id(&job.ids()[0]).await.unwrap();
    client.jobs().property("run", 1).all().await.unwrap();
    client
        .coverage(&["civitai:1@2".parse().unwrap()])
        .await
        .unwrap();
    client.consumption(..).await.unwrap();
    client.cancel(job.token(), true).await.unwrap();
    stage.sim.fail_next(Origin::Api, Fault::Status(400));
    client.submit(&request()).await.unwrap_err();
}
