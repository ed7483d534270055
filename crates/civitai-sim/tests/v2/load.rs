//! Many callers at once, and a network that loses replies.

use civitai_sim::{Currency, Fault, Origin, Simulator};
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::Value;

use crate::caller::{Caller, builder, image, with, workflow};

/// Sends a submission until it is answered.
async fn insist(caller: &Caller<'_>, template: &Value) {
    loop {
        let sent = caller
            .request(Method::POST, "workflows")
            .json(template)
            .send()
            .await;
        if sent.is_ok_and(|reply| reply.status().is_success()) {
            return;
        }
    }
}

#[tokio::test]
async fn each_key_is_charged_once_however_often_it_is_sent() {
    let sim: Simulator = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    for fault in [
        Fault::DropReply,
        Fault::Status(503),
        Fault::TruncateBody,
        Fault::EmptyBody,
    ] {
        for _ in 0..10 {
            sim.fail_next(Origin::Api, fault.clone());
        }
    }
    let submissions: Vec<Value> = (0..60)
        .map(|number| {
            with(
                workflow(&[image("a")]),
                "externalId",
                format!("k{}", number % 30).into(),
            )
        })
        .collect();
    join_all(submissions.iter().map(|template| insist(&caller, template))).await;
    assert_eq!(sim.workflows().len(), 30);
    assert_eq!(sim.ledger().len(), 30);
    assert_eq!(sim.buzz(Currency::Blue), 10_000 - 30 * 8);
}
