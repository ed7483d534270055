//! Work that was submitted: where it stands, what there is, and changes to it.

use std::time::Duration;

use civitai_sim::{Fault, Origin, SimTime};

use crate::stage::{Stage, advised};

/// Submits work that waits, and returns its id.
fn submitted(stage: &Stage, prompt: &str) -> String {
    let ran = stage.run(&["generate", prompt, "--size", "64x64", "--timeout", "1s"]);
    assert_eq!(ran.code, 5, "{ran:?}");
    advised(ran.error())[1].to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn status_tells_and_watch_waits() {
    let stage = Stage::with(|sim| sim.time(SimTime::manual())).await;
    let id = submitted(&stage, "fog");
    let status = stage.run(&["status", &id]);
    assert_eq!(status.code, 0, "{status:?}");
    assert!(status.stdout.ends_with("Buzz\n"), "{status:?}");
    let status = stage.run(&["status", &id, "--json"]).last();
    assert_eq!(
        (&status["event"], &status["files"]),
        (&"status".into(), &0.into())
    );

    stage.sim.advance(Duration::from_secs(600));
    let watched = stage.run(&["watch", &id, "--json"]).last();
    assert_eq!(
        (&watched["state"], &watched["files"]),
        (&"succeeded".into(), &1.into())
    );
    assert!(stage.saved().is_empty());
    for command in ["status", "watch", "get", "cancel"] {
        let unknown = stage.run(&[command, "0-20261129-nothing"]);
        assert_eq!(unknown.code, 1, "{command}: {unknown:?}");
        assert!(unknown.error().contains("404"), "{command}: {unknown:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_cancelled_is_open_no_more() {
    let stage = Stage::with(|sim| sim.time(SimTime::manual())).await;
    let (id, other) = (submitted(&stage, "fog"), submitted(&stage, "rain"));
    let ran = stage.run(&["cancel", &id, &other]);
    assert_eq!(
        (ran.code, ran.stdout),
        (0, format!("cancelled {id}\ncancelled {other}\n"))
    );
    assert_eq!(stage.run(&["resume"]).stderr, "nothing is open\n");
    let listed = stage.run(&["list", "--local", "--state", "canceled", "--json"]);
    assert_eq!(listed.events().len(), 2, "{listed:?}");
    let watched = stage.run(&["watch", &id]);
    assert_eq!(watched.code, 1, "{watched:?}");
    assert!(watched.error().contains("canceled"), "{watched:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn workflows_are_listed_by_their_tags() {
    let stage = Stage::fast().await;
    let ids: Vec<_> = ["fog", "rain"]
        .map(|prompt| {
            let ran = stage.run(&["generate", prompt, "--size", "64x64", "--json"]);
            ran.last()["id"].as_str().unwrap().to_owned()
        })
        .into();
    let ran = stage.run(&["tag", &ids[0], "--add", "kept", "--add", "mine"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let ran = stage.run(&["tag", &ids[0], "--remove", "mine"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let all = stage.run(&["list"]);
    assert_eq!((all.code, all.stdout.lines().count()), (0, 2), "{all:?}");
    let kept = stage.run(&["list", "--tag", "kept", "--json"]);
    assert_eq!(kept.last()["id"], ids[0].as_str(), "{kept:?}");
    assert_eq!(kept.last()["tags"], serde_json::json!(["kept"]));
    let one = stage.run(&[
        "list",
        "--limit",
        "1",
        "--within",
        "1d",
        "--without-tag",
        "kept",
    ]);
    assert!(
        one.stdout.contains(&ids[1]) && !one.stdout.contains(&ids[0]),
        "{one:?}"
    );

    let ran = stage.run(&["delete", &ids[0], "--json"]);
    assert_eq!(ran.last()["what"], "deleted", "{ran:?}");
    assert_eq!(stage.sim.workflows(), [ids[1].as_str()]);
    let again = stage.run(&["status", &ids[0]]);
    assert_eq!(again.code, 1, "{again:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_input_and_trouble_are_told() {
    let stage = Stage::fast().await;
    for (args, part) in [
        (&["status"][..], "<ID>"),
        (&["watch"], "<ID>"),
        (&["cancel"], "<ID>"),
        (&["delete"], "<ID>"),
        (&["tag", "7-a"], "--add"),
        (
            &[
                "tag",
                "clientKey:01a22787-f944-72e2-bb86-634d3ccbca81",
                "--add",
                "x",
            ],
            "v1",
        ),
        (&["status", "two words"], "no id"),
        (&["list", "--limit", "many"], "--limit"),
        (&["list", "--within", "soon"], "7d"),
        (&["list", "--state", "saved"], "--local"),
        (&["list", "--local", "--tag", "x"], "--tag"),
    ] {
        let ran = stage.run(args);
        assert_eq!(ran.code, 2, "{args:?}: {ran:?}");
        assert!(ran.error().contains(part), "{args:?}: {ran:?}");
    }
    assert!(stage.sim.requests().is_empty());
    for (args, fault, code) in [
        (&["list"][..], Fault::Status(401), 3),
        (&["list", "--tag", "x"], Fault::Status(403), 3),
        (&["status", "7-a"], Fault::Status(403), 3),
        (&["delete", "7-a"], Fault::Status(401), 3),
        (&["tag", "7-a", "--clear"], Fault::Status(401), 3),
        (&["cancel", "7-a"], Fault::Status(401), 3),
    ] {
        stage.sim.fail_next(Origin::Api, fault);
        let ran = stage.run(args);
        assert_eq!(ran.code, code, "{args:?}: {ran:?}");
        ran.error();
    }
}
