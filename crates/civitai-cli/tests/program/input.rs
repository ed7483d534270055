//! Wrong input: one line, the right exit code, and nothing sent.

use crate::stage::{CANARY, Stage, program, run};

#[tokio::test(flavor = "multi_thread")]
async fn wrong_input_is_told_before_anything_is_sent() {
    let stage = Stage::fast().await;
    std::fs::write(stage.dir.path().join("file"), "").unwrap();
    for (args, part) in [
        (&[][..], "subcommand"),
        (&["generate"], "<PROMPT>"),
        (&["paint", "fog"], "paint"),
        (&["generate", ""], "prompt"),
        (&["generate", "  "], "prompt"),
        (
            &["generate", "fog", "--api", "v1", "--size", "500x512"],
            "multiple of 8",
        ),
        (
            &["generate", "fog", "--api", "v1", "--size", "512x4096"],
            "2048",
        ),
        (&["generate", "fog", "--size", "512x4096"], "4084"),
        (&["generate", "fog", "--size", "0x0"], "width"),
        (&["generate", "fog", "--size", "big"], "512x768"),
        (&["generate", "fog", "--size", "-8x8"], "512x768"),
        (&["generate", "fog", "--steps", "0"], "steps"),
        (&["generate", "fog", "--steps", "151"], "steps"),
        (&["generate", "fog", "--steps", "many"], "--steps"),
        (&["generate", "fog", "--cfg-scale", "31"], "cfgScale"),
        (&["generate", "fog", "--cfg-scale", "nan"], "cfgScale"),
        (&["generate", "fog", "--seed", "-2"], "seed"),
        (&["generate", "fog", "--api", "v1", "--seed", "-2"], "seed"),
        (&["generate", "fog", "--quantity", "101"], "quantity"),
        (&["generate", "fog", "--model", "4384"], "urn:air:"),
        (
            &[
                "generate",
                "fog",
                "--model",
                "https://civitai.com/models/4384",
            ],
            "URL",
        ),
        (&["generate", "fog", "--scheduler", "magic"], "eulerA"),
        (
            &["generate", "fog", "--api", "v1", "--scheduler", "magic"],
            "EulerA",
        ),
        (&["generate", "fog", "--timeout", "soon"], "90s"),
        (&["generate", "fog", "--out", "file"], "is a file"),
        (
            &["generate", "fog", "--out", "file/below"],
            "cannot be made",
        ),
        (
            &["generate", "fog", "--base-url", "no address"],
            "no address",
        ),
        (
            &["generate", "fog", "--base-url", "ftp://127.0.0.1"],
            "https://",
        ),
        (
            &["generate", "fog", "--local", "--base-url", "http://a"],
            "--base-url",
        ),
        (&["generate", "fog", "--token", "t"], "--token"),
        (&["resume", ""], "token"),
        (&["resume", "two words"], "token"),
        (&["resume", "clientKey:7"], "UUID"),
        (&["resume", "dG9rZW4=", "--out", "file"], "is a file"),
    ] {
        let ran = stage.run(args);
        assert_eq!(ran.code, 2, "{args:?}: {ran:?}");
        assert!(ran.error().contains(part), "{args:?}: {ran:?}");
        assert_eq!(ran.stderr.lines().count(), 1, "{args:?}: {ran:?}");
        assert_eq!(ran.stdout, "", "{args:?}");
    }
    assert!(stage.sim.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_contract_does_not_have_is_named_with_what_is_near() {
    let stage = Stage::fast().await;
    let engine = ["generate", "fog", "--engine", "sdcpp", "--ecosystem", "sd1"];
    for (args, parts) in [
        (&["--set", "heigth=512"][..], &["heigth", "`height`"][..]),
        (&["--set", "steps=many"], &["steps"]),
        (&["--set", "steps"], &["`=`"]),
        (&["--set", "=7"], &["`=`"]),
        (&["--engine", "sdcp"], &["engine", "`sdcpp`"]),
        (&["--ecosystem", "sd2"], &["ecosystem", "`sd1`"]),
        (&["--lora", "82098"], &["urn:air:"]),
        (
            &["--lora", "urn:air:sd1:lora:civitai:82098@87153=much"],
            &["0.8"],
        ),
        (&["--image", "missing.png"], &["missing.png"]),
        (&["--image", "."], &["`.`"]),
        (&["--name", "{sed}"], &["{seed}"]),
        (&["--name", "../x"], &["--name"]),
        (&["--max-cost", "much"], &["--max-cost"]),
        (&["--budget", "4/hour"], &["400/day"]),
        (&["--upscale", "--quantity", "21"], &["--quantity"]),
        (&["--edit-set", "engine=flux2"], &["--edit"]),
        (
            &["--edit", "dawn", "--edit-set", "engine=flux3"],
            &["engine"],
        ),
        (&["--api", "v1"], &["--engine"]),
    ] {
        // Of an argument that is there twice the test means its own.
        let mut all: Vec<&str> = engine[..2].to_vec();
        for pair in engine[2..].chunks(2) {
            if !args.contains(&pair[0]) {
                all.extend(pair);
            }
        }
        all.extend(args);
        let ran = stage.run(&all);
        assert_eq!(ran.code, 2, "{all:?}: {ran:?}");
        for part in parts {
            assert!(ran.error().contains(part), "{all:?}: {ran:?}");
        }
        assert_eq!(ran.stdout, "", "{all:?}");
    }
    assert!(stage.sim.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn all_problems_of_a_request_stand_in_one_line() {
    let stage = Stage::fast().await;
    let ran = stage.run(&["generate", " ", "--size", "1x1", "--steps", "0"]);
    for field in ["prompt", "width", "height", "steps"] {
        assert!(ran.error().contains(field), "{ran:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_usable_token_means_no_request() {
    let stage = Stage::fast().await;
    for token in [
        None,
        Some(""),
        Some("  "),
        Some("canary-token-7f3a two"),
        Some("t\u{f6}ken"),
    ] {
        for args in [&["generate", "fog"][..], &["resume", "dG9rZW4="]] {
            let mut command = program(stage.dir.path(), args);
            command.env("CIVITAI_BASE_URL", stage.sim.base_url());
            if let Some(token) = token {
                command.env("CIVITAI_API_TOKEN", token);
            }
            let ran = run(command);
            assert_eq!(ran.code, 3, "{token:?}: {ran:?}");
            assert!(ran.error().contains("token"), "{ran:?}");
            assert!(!ran.stderr.contains(CANARY));
        }
    }
    assert!(stage.sim.requests().is_empty());
}
