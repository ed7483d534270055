//! From files and grids to lines: what is wrong is named first, what is alike runs once.

use super::{results, states};
use crate::stage::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn all_bad_lines_are_named_before_anything_is_sent() {
    let stage = Stage::fast().await;
    let good = "{\"prompt\": \"fog\", \"size\": \"64x64\"}\n";
    let bad = [
        "{\"prompt\": \"fog\", \"sede\": 7}\n",
        "{\"prompt\": \"fog\", \"size\": \"1x1\"}\n",
        "{\"prompt\": \"fog\"\n",
        "{\"seed\": 7}\n",
        "7\n",
    ];
    let mut text = String::new();
    for number in 0..1_000 {
        text += if number % 20 == 19 {
            bad[number / 20 % bad.len()]
        } else {
            good
        };
    }
    stage.write("lines.jsonl", text.as_bytes());
    let ran = stage.run(&["batch", "lines.jsonl"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    let named: Vec<_> = ran
        .stderr
        .lines()
        .filter(|line| line.starts_with("line "))
        .collect();
    assert_eq!(named.len(), 50);
    for (index, line) in named.iter().enumerate() {
        assert!(
            line.starts_with(&format!("line {}: ", index * 20 + 20)),
            "{line}"
        );
    }
    for (line, part) in named.iter().zip([
        "did you mean `seed`?",
        "from 64",
        "EOF",
        "no `prompt`",
        "no object",
    ]) {
        assert!(line.contains(part), "{line}");
    }
    assert!(ran.error().contains("50 of 1000 lines"), "{ran:?}");
    assert!(stage.sim.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_format_and_a_grid_run() {
    let stage = Stage::fast().await;
    stage.write(
        "a.csv",
        b"prompt,seed,negativePrompt\n\"fog, thick\",7,people\nrain,8,\n",
    );
    stage.write(
        "b.yaml",
        b"- prompt: fog\n  seed: 7\n- {prompt: rain, cfg_scale: 5}\n",
    );
    stage.write("c.json", b"[{\"prompt\": \"fog\", \"quantity\": 2}]");
    stage.write("d.txt", b"fog\n\nrain\n");
    for (file, folder, files) in [
        (
            "a.csv",
            "out/a-1",
            &["1-fog-thick-1.png", "2-rain-1.png"][..],
        ),
        ("b.yaml", "out/b-1", &["1-fog-1.png", "2-rain-1.png"]),
        ("c.json", "out/c-1", &["1-fog-1.png", "1-fog-2.png"]),
        ("d.txt", "out/d-1", &["1-fog-1.png", "2-rain-1.png"]),
    ] {
        let ran = stage.run(&["batch", file, "--size", "64x64"]);
        assert_eq!(ran.code, 0, "{ran:?}");
        let names: Vec<_> = super::pictures(&stage, folder).into_keys().collect();
        assert_eq!(names, files);
    }
    let ran = stage.run(&[
        "batch",
        "--vary",
        "seed=1..3",
        "--vary",
        "steps=20,30",
        "--prompt",
        "fog",
        "--size",
        "64x64",
    ]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let inputs: Vec<_> = results(&stage, "out/batch-1")
        .into_iter()
        .map(|line| line["input"].clone())
        .collect();
    assert_eq!(inputs.len(), 6);
    assert_eq!(inputs[1], serde_json::json!({ "seed": 1, "steps": "30" }));
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_that_ask_for_the_same_are_paid_once_unless_told() {
    let stage = Stage::fast().await;
    stage.write("a.txt", b"fog\nrain\nfog\n");
    let ran = stage.run(&["batch", "a.txt", "--size", "64x64"]);
    assert_eq!((ran.code, stage.submissions()), (0, 2), "{ran:?}");
    assert!(
        ran.stderr.contains("1 of which ask for the same"),
        "{ran:?}"
    );
    let lines = results(&stage, "out/a-1");
    assert_eq!(states(&lines), ["saved"; 3]);
    assert_eq!(
        (&lines[2]["sameAs"], &lines[2]["cost"]),
        (&1.into(), &0.into())
    );
    assert_eq!(lines[2]["files"], lines[0]["files"]);
    let ran = stage.run(&["batch", "a.txt", "--size", "64x64", "--repeat"]);
    assert_eq!((ran.code, stage.submissions()), (0, 5), "{ran:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_are_steps_and_workflows_and_take_files() {
    let stage = Stage::fast().await;
    let picture = stage.picture("a.png");
    stage.write(
        "u.jsonl",
        format!("{{\"image\": \"@{picture}\"}}\n").as_bytes(),
    );
    let ran = stage.run(&["batch", "u.jsonl", "--step", "imageUpscaler"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let template = "steps:\n- $type: textToImage\n  name: image\n  input:\n    model: urn:air:sd1:checkpoint:civitai:4384@128713\n    prompt: {$arguments: prompt}\n    width: 64\n    height: 64\n    seed: 1\n";
    let template = template.replace("{$arguments: prompt}", "fog");
    stage.write("t.yaml", template.as_bytes());
    let ran = stage.run(&[
        "batch",
        "--workflow",
        "t.yaml",
        "--vary",
        "steps.0.input.seed=1..3",
    ]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(results(&stage, "out/t-1").len(), 3);
    assert_eq!(stage.submissions(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_cannot_be_read_are_told() {
    let stage = Stage::fast().await;
    stage.write("empty.jsonl", b"\n");
    stage.write("what", b"prompt,seed\n");
    stage.write("large.jsonl", &vec![b'x'; 100 << 20]);
    stage.write("table.csv", b"prompt,\nfog,1\n");
    for (args, part) in [
        (&["missing.jsonl"][..], "cannot be read"),
        (&["empty.jsonl"], "has no lines"),
        (&["what"], "--format"),
        (&["large.jsonl"], "larger than 64 MiB"),
        (&["table.csv"], "column 2 has no name"),
        (
            &["--vary", "seed=1..1000", "--vary", "steps=1..1000"],
            "100000 are taken",
        ),
        (&["--vary", "seed"], "expected a name"),
        (&[], "required"),
        (&["what", "--name", "{prompt}"], "{line}"),
    ] {
        let ran = stage.run(&[&["batch"], args].concat());
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.error().contains(part), "{part}: {ran:?}");
    }
    stage.write("good.jsonl", b"{\"prompt\": \"fog\"}\n");
    let ran = stage.run(&["batch", "good.jsonl", "--check"]);
    assert_eq!(
        (ran.code, ran.stdout.as_str()),
        (0, "1 lines can be run\n"),
        "{ran:?}"
    );
    assert!(stage.sim.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_shows_every_line_and_needs_no_network() {
    let stage = Stage::fast().await;
    stage.write("a.txt", b"fog </script><b>\nrain\n");
    let ran = stage.run(&["batch", "a.txt", "--size", "64x64"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let page = stage.dir.path().join("out/a-1/index.html");
    let page = std::fs::read_to_string(page).unwrap();
    let (_, data) = page.split_once("id=\"data\">").unwrap();
    let data: serde_json::Value =
        serde_json::from_str(data.split_once("</script>").unwrap().0).unwrap();
    assert_eq!((&data["run"], &data["cost"]), (&"a-1".into(), &16.into()));
    assert_eq!(
        data["lines"].as_array().unwrap(),
        &results(&stage, "out/a-1")
    );
    for outside in ["http:", "https:", "src=\"//", "@import"] {
        assert!(!page.contains(outside), "{outside}");
    }
}
