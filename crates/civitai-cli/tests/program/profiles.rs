//! Tokens and addresses by the name of a profile.

use crate::stage::{CANARY, Stage, program, run};

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_gives_token_and_address() {
    let stage = Stage::fast().await;
    let work = format!(
        r#"{{"token": "{CANARY}", "baseUrl": "{}"}}"#,
        stage.sim.base_url()
    );
    stage.profiles(&format!(r#"{{"work": {work}, "other": {{"token": "x"}}}}"#));
    let args = ["generate", "fog", "--size", "64x64", "--profile", "work"];
    let ran = run(program(stage.dir.path(), &args));
    assert_eq!((ran.code, ran.paths().len()), (0, 1), "{ran:?}");

    let args = ["generate", "fog", "--profile", "home"];
    let ran = run(program(stage.dir.path(), &args));
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(ran.error().contains("there are other, work"), "{ran:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_that_cannot_be_read_are_named_without_what_is_in_them() {
    let stage = Stage::fast().await;
    stage.profiles(&format!(r#"{{"work": "{CANARY}"}}"#));
    let ran = run(program(stage.dir.path(), &["generate", "fog"]));
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(ran.error().contains("profiles.json"), "{ran:?}");
    assert!(stage.sim.requests().is_empty());
}
