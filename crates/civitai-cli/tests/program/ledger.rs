//! The ledger: what was asked for is written down before it is paid, and found again.

use civitai_sim::{Fault, Origin, SimTime};

use crate::stage::{CANARY, Stage, program, run};

const GENERATE: &[&str] = &["generate", "fog", "--size", "64x64"];

#[tokio::test(flavor = "multi_thread")]
async fn what_was_made_is_listed_with_files_and_cost() {
    let stage = Stage::fast().await;
    assert_eq!(stage.run(GENERATE).code, 0);
    let listed = stage.run(&["list", "--local"]);
    assert_eq!(listed.code, 0, "{listed:?}");
    assert!(listed.stdout.contains("saved"), "{listed:?}");
    assert!(listed.stdout.contains("    out/fog-1.png\n"), "{listed:?}");
    assert!(
        listed.stderr.contains(&format!("{} Buzz", stage.paid())),
        "{listed:?}"
    );

    let saved = stage.run(&[
        "list", "--local", "--state", "saved", "--within", "1d", "--json",
    ]);
    let [entry] = &saved.events()[..] else {
        panic!("{saved:?}")
    };
    assert_eq!(
        (&entry["event"], &entry["state"]),
        (&"recorded".into(), &"saved".into())
    );
    assert_eq!(entry["files"][0]["path"], "out/fog-1.png");
    assert_eq!(entry["cost"], stage.paid());
    let none = stage.run(&["list", "--local", "--state", "failed"]);
    assert_eq!((none.code, none.stdout.as_str()), (0, ""), "{none:?}");
    let wrong = stage.run(&["list", "--local", "--state", "lost"]);
    assert!(wrong.error().contains("submitted"), "{wrong:?}");
}

/// Makes the ledger forget what it noted last, as if the run had been killed before it did.
async fn forget_the_end(stage: &Stage) {
    use sqlx::sqlite::SqliteConnectOptions;
    use sqlx::{ConnectOptions as _, Executor as _};

    let file = stage.dir.path().join("data/civitai-jobs/ledger.sqlite");
    let options = SqliteConnectOptions::new().filename(file);
    let mut ledger = options.connect().await.unwrap();
    let forget = "DELETE FROM files; UPDATE submissions SET state = 'submitted'";
    ledger.execute(forget).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_saved_and_not_noted_is_not_saved_twice() {
    let stage = Stage::fast().await;
    assert_eq!(stage.run(GENERATE).code, 0);
    forget_the_end(&stage).await;
    let ran = stage.run(&["resume"]);
    assert_eq!(
        (ran.code, ran.stdout.as_str()),
        (0, "out/fog-1.png\n"),
        "{ran:?}"
    );
    assert_eq!(stage.saved(), ["fog-1.png"]);

    // A file of somebody else's stays, and is another one.
    forget_the_end(&stage).await;
    std::fs::write(stage.dir.path().join("out/fog-1.png"), "mine").unwrap();
    let ran = stage.run(&["resume"]);
    assert_eq!(
        (ran.code, ran.stdout.as_str()),
        (0, "out/fog-1-2.png\n"),
        "{ran:?}"
    );
    assert_eq!(stage.contents()["fog-1.png"], b"mine");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn the_ledger_is_for_its_user_alone() {
    use std::os::unix::fs::PermissionsExt as _;

    let stage = Stage::fast().await;
    for (args, file) in [
        (&[][..], "data/civitai-jobs/ledger.sqlite"),
        (&["--ledger", "a/b.sqlite"], "a/b.sqlite"),
    ] {
        assert_eq!(stage.run(&[GENERATE, args].concat()).code, 0);
        let mode = std::fs::metadata(stage.dir.path().join(file))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
        assert!(
            !std::fs::read(stage.dir.path().join(file))
                .unwrap()
                .windows(CANARY.len())
                .any(|w| w == CANARY.as_bytes())
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_ledger_nothing_is_paid() {
    let stage = Stage::fast().await;
    stage.write("file", b"no database, and longer than the header of one: it takes a hundred bytes or so.....................");
    for ledger in ["file", "file/below.sqlite", "."] {
        let ran = stage.run(&[GENERATE, &["--ledger", ledger]].concat());
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.error().contains("--ledger"), "{ran:?}");
    }
    assert!(stage.sim.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_is_named_before_it_is_paid_again() {
    let stage = Stage::fast().await;
    let first = stage.run(&[GENERATE, &["--json"]].concat());
    let id = first.last()["id"].as_str().unwrap().to_owned();
    let again = stage.run(GENERATE);
    assert_eq!(again.code, 0);
    let note = again.stderr.lines().next().unwrap();
    assert!(
        note.contains(&format!("civitai-jobs get {id}")),
        "{again:?}"
    );
    let other = stage.run(&["generate", "fog", "--size", "64x128"]);
    assert!(
        !other.stderr.contains("the same was asked for"),
        "{other:?}"
    );

    // Pictures of one content are one, whatever their links.
    let picture = stage.picture("a.png");
    assert_eq!(stage.run(&["upscale", &picture]).code, 0);
    let picture = stage.picture("b.png");
    let again = stage.run(&["upscale", &picture]);
    assert!(again.stderr.contains("the same was asked for"), "{again:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_budget_holds_over_several_runs() {
    let stage = Stage::fast().await;
    assert_eq!(stage.run(GENERATE).code, 0);
    let price = stage.paid();
    let budget = format!("{}/week", price * 3 - 1);
    let run = |seed: &str| stage.run(&[GENERATE, &["--seed", seed, "--budget", &budget]].concat());
    assert_eq!(run("1").code, 0);
    let over = run("2");
    assert_eq!(over.code, 7, "{over:?}");
    assert!(over.error().contains("--budget"), "{over:?}");
    assert_eq!((stage.submissions(), stage.paid()), (2, price * 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_open_is_taken_up_without_an_id() {
    let stage = Stage::with(|sim| sim.time(SimTime::manual())).await;
    let nothing = stage.run(&["resume"]);
    assert_eq!(
        (nothing.code, nothing.stderr.as_str()),
        (0, "nothing is open\n")
    );
    for seed in ["1", "2"] {
        let ran = stage.run(
            &[
                GENERATE,
                &["--seed", seed, "--timeout", "1s", "--name", "{prompt}"],
            ]
            .concat(),
        );
        assert_eq!(ran.code, 5, "{ran:?}");
        assert!(ran.error().contains("civitai-jobs resume "), "{ran:?}");
    }
    stage.sim.advance(std::time::Duration::from_secs(600));
    let got = stage.run(&["get"]);
    assert_eq!(
        (got.code, got.stdout.as_str()),
        (0, "out/fog.png\nout/fog-2.png\n"),
        "{got:?}"
    );
    let again = stage.run(&["get"]);
    assert_eq!((again.code, again.stdout.as_str()), (0, ""), "{again:?}");
    assert_eq!((stage.saved().len(), stage.submissions()), (2, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn get_fetches_what_is_missing_alone() {
    let stage = Stage::fast().await;
    let ran = stage.run(&[GENERATE, &["--quantity", "2", "--json"]].concat());
    let id = ran.last()["id"].as_str().unwrap().to_owned();
    std::fs::remove_file(stage.dir.path().join("out/fog-2.png")).unwrap();
    let before = stage.sim.requests().len();
    let got = stage.run(&["get", &id]);
    assert_eq!((got.code, got.paths().len()), (0, 2), "{got:?}");
    let transfers = stage.sim.requests().into_iter().skip(before);
    let transfers = transfers.filter(|sent| sent.origin == Origin::Blob);
    assert_eq!((transfers.count(), stage.saved().len()), (1, 2));

    // From elsewhere, by the id alone.
    let mut command = program(
        stage.dir.path(),
        &["get", &id, "--out", "other", "--ledger", "new.sqlite"],
    );
    command
        .env("CIVITAI_API_TOKEN", CANARY)
        .env("CIVITAI_BASE_URL", stage.sim.base_url());
    let ran = run(command);
    assert_eq!((ran.code, ran.paths().len()), (0, 2), "{ran:?}");
    let unknown = stage.run(&["get", "0-20261129-nothing"]);
    assert_eq!(unknown.code, 1, "{unknown:?}");
    unknown.error();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submission_without_an_answer_stays_open_and_is_paid_once() {
    let stage = Stage::fast().await;
    for _ in 0..20 {
        stage.sim.fail_next(Origin::Api, Fault::StatusAfter(503));
    }
    let ran = stage.run(&[GENERATE, &["--timeout", "1s"]].concat());
    assert_eq!(ran.code, 5, "{ran:?}");
    assert!(ran.error().contains("resume clientKey:"), "{ran:?}");
    while stage
        .run(&["status", "nothing-of-the-kind"])
        .error()
        .contains("503")
    {}
    let price = stage.paid();
    let again = stage.run(&["resume"]);
    assert_eq!((again.code, stage.saved().len()), (0, 1), "{again:?}");
    assert_eq!((stage.paid(), stage.sim.workflows().len()), (price, 1));
}
