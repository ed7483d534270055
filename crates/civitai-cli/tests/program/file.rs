//! `run` and `preview`: workflows from files.

use std::io::Write as _;
use std::process::Stdio;

use crate::stage::Stage;

const YAML: &str = "
tags: [fog]
arguments: { prompt: a lighthouse }
steps:
  - $type: textToImage
    name: hero
    input:
      prompt: { $ref: $arguments, path: prompt }
      width: 64
      height: 64
      newMember: 7
  - $type: imageUpscaler
    input:
      image: { $ref: hero, path: 'output.images[0].url' }
";

#[tokio::test(flavor = "multi_thread")]
async fn a_file_runs_as_it_is() {
    let stage = Stage::fast().await;
    let file = stage.write("two-steps.yaml", YAML.as_bytes());
    let shown = stage.run(&[
        "run",
        &file,
        "--print",
        "--arg",
        "prompt=rain",
        "--set",
        "steps.0.input.steps=9",
    ]);
    assert_eq!(shown.code, 0, "{shown:?}");
    assert!(
        shown.stderr.contains("steps[0].input.newMember"),
        "{shown:?}"
    );
    let sent: serde_json::Value = serde_json::from_str(&shown.stdout).unwrap();
    assert_eq!(
        (&sent["arguments"]["prompt"], &sent["tags"][0]),
        (&"rain".into(), &"fog".into())
    );
    let input = &sent["steps"][0]["input"];
    assert_eq!(
        (&input["newMember"], &input["steps"]),
        (&7.into(), &9.into())
    );
    assert!(stage.sim.requests().is_empty());

    let ran = stage.run(&["run", &file]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(
        ran.stdout,
        "out/two-steps-1.png\nout/two-steps-1-imageUpscaler.png\n"
    );

    // The same as JSON, from another program.
    let mut command = stage.program(&["run", "-", "--json"]);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(shown.stdout.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    let events = String::from_utf8(output.stdout).unwrap();
    assert!(events.starts_with(r#"{"event":"warning""#), "{events}");
    assert!(
        events
            .lines()
            .last()
            .unwrap()
            .starts_with(r#"{"event":"ended""#),
        "{events}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_price_costs_nothing() {
    let stage = Stage::fast().await;
    let file = stage.write("two-steps.yaml", YAML.as_bytes());
    let ran = stage.run(&["preview", &file]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let (price, _) = ran.stdout.split_once(" Buzz").unwrap();
    let priced = stage.run(&["preview", &file, "--json"]).last();
    assert_eq!(priced["cost"].to_string(), price);
    assert_eq!((stage.submissions(), stage.paid()), (0, 0));
    let ran = stage.run(&["run", &file, "--max-cost", price]);
    assert_eq!(
        (ran.code, stage.paid().to_string().as_str()),
        (0, price),
        "{ran:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_make_no_workflow_are_told() {
    let stage = Stage::fast().await;
    let picture = stage.picture("a.png");
    for (text, part) in [
        ("", "must be an object"),
        ("steps: 7", "steps"),
        ("steps: [7]", "steps[0]"),
        ("{\"steps\": [", "cannot be read"),
        ("steps: [\n", "cannot be read"),
        ("tags: [a]", "steps"),
        ("steps: [{$type: blur, input: {}}]", "blur"),
        (
            "steps: [{$type: textToImage, input: {prompt: fog, width: 9}}]",
            "width",
        ),
        (
            "steps: [{$type: imageUpscaler, input: {image: {$ref: hero, path: x}}}]",
            "hero",
        ),
    ] {
        let file = stage.write("flow", text.as_bytes());
        for command in ["run", "preview"] {
            let ran = stage.run(&[command, &file]);
            assert_eq!(ran.code, 2, "{text}: {ran:?}");
            assert!(ran.error().contains(part), "{text}: {ran:?}");
        }
    }
    for (file, part) in [
        ("missing.yaml", "missing.yaml"),
        (".", "`.`"),
        (&picture, "UTF-8"),
    ] {
        let ran = stage.run(&["run", file]);
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.error().contains(part), "{ran:?}");
    }
    assert!(stage.sim.requests().is_empty());
    // What only a limit forbids goes through where the user says so.
    let file = stage.write(
        "flow",
        b"steps: [{$type: textToImage, input: {prompt: fog, steps: 151}}]",
    );
    let ran = stage.run(&["run", &file, "--unchecked", "--print"]);
    assert_eq!(ran.code, 0, "{ran:?}");
}
