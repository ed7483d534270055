//! `generate` on the API of today: engines by name, files that go in, steps behind each other.

use civitai_sim::Currency;

use crate::stage::{Stage, program, run};

const MODEL: &str = "urn:air:sd1:checkpoint:civitai:4384@128713";
const LORA: &str = "urn:air:sd1:lora:civitai:82098@87153";

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_by_name_and_its_members() {
    let stage = Stage::fast().await;
    let lora = format!("{LORA}=0.5");
    let ran = stage.run(&[
        "generate",
        "Fog",
        "--engine",
        "sdcpp",
        "--ecosystem",
        "sd1",
        "--size",
        "128x64",
        "--steps",
        "9",
        "--negative-prompt",
        "people",
        "--seed",
        "7",
        "--quantity",
        "2",
        "--lora",
        &lora,
        "--set",
        "cfgScale=4",
        "--model",
        MODEL,
        "--name",
        "{prompt} {index}",
        "--out",
        "pics",
    ]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(ran.stdout, "pics/fog 1.png\npics/fog 2.png\n");
    assert_eq!(stage.submissions(), 1);
    // Without a limit nobody asks for the price.
    assert!(
        !stage
            .sim
            .requests()
            .iter()
            .any(|sent| sent.query.as_deref().is_some_and(|q| q.contains("whatif")))
    );
}

#[test]
fn what_would_be_sent_is_shown_and_not_sent() {
    let dir = tempfile::tempdir().unwrap();
    let args = [
        "generate",
        "fog",
        "--engine",
        "sdcpp",
        "--ecosystem",
        "sd1",
        "--set",
        "prompt=7",
        "--set",
        "steps=9",
        "--upscale=2",
        "--remove-background",
        "--video=rain",
        "--print",
        "--model",
        MODEL,
    ];
    let ran = run(program(dir.path(), &args));
    assert_eq!(ran.code, 0, "{ran:?}");
    let sent: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let steps = sent["steps"].as_array().unwrap();
    let names: Vec<_> = steps
        .iter()
        .map(|step| step["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["image", "upscale", "cutout", "video"]);
    let first = &steps[0]["input"];
    // What the service wants as text stays text, and the operation follows from the rest.
    assert_eq!(
        (&first["prompt"], &first["steps"]),
        (&"7".into(), &9.into())
    );
    assert_eq!(first["operation"], "createImage");
    assert_eq!(steps[1]["input"]["image"]["$ref"], "image");
    assert_eq!(steps[1]["input"]["numberOfRepeats"], 2);
    assert_eq!(steps[2]["input"]["image"]["$ref"], "upscale");
    assert_eq!(steps[3]["input"]["prompt"], "rain");
    assert_eq!(steps[3]["input"]["operation"], "image-to-video");
}

#[tokio::test(flavor = "multi_thread")]
async fn images_go_in_and_each_gets_its_steps() {
    let stage = Stage::fast().await;
    let picture = stage.picture("in.png");
    let ran = stage.run(&[
        "generate",
        "fog",
        "--image",
        &picture,
        "--quantity",
        "2",
        "--upscale",
        "--size",
        "64x64",
        "--json",
    ]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let uploads = stage
        .sim
        .requests()
        .into_iter()
        .filter(|sent| sent.path == "/v2/consumer/blobs");
    assert_eq!(uploads.count(), 1);
    assert_eq!(stage.saved().len(), 4, "{:?}", stage.saved());
    let end = ran.last();
    let steps: Vec<_> = end["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| &file["step"])
        .collect();
    assert_eq!(steps, ["image", "image", "upscale", "upscale2"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_price_over_a_limit_is_not_paid() {
    let stage = Stage::fast().await;
    let generate = ["generate", "fog", "--size", "64x64"];
    let price = stage.run(&[&generate[..], &["--preview"]].concat());
    assert_eq!(price.code, 0, "{price:?}");
    let (price, _) = price.stdout.split_once(" Buzz").unwrap();
    let price: u32 = price.parse().unwrap();

    let less = (price - 1).to_string();
    let ran = stage.run(&[&generate[..], &["--max-cost", &less]].concat());
    assert_eq!(ran.code, 7, "{ran:?}");
    assert!(ran.error().contains(&format!("{price} Buzz")), "{ran:?}");
    assert_eq!((stage.submissions(), stage.paid()), (0, 0));

    let ran = stage.run(&[&generate[..], &["--max-cost", &price.to_string()]].concat());
    assert_eq!((ran.code, stage.submissions()), (0, 1), "{ran:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_without_buzz_is_told_before_and_after() {
    let stage = Stage::with(|sim| {
        let sim = sim.time(civitai_sim::SimTime::real(1_000.0));
        let all = [Currency::Blue, Currency::Green, Currency::Yellow];
        all.into_iter()
            .fold(sim, |sim, currency| sim.buzz(currency, 0))
    })
    .await;
    for args in [
        &["generate", "fog"][..],
        &["generate", "fog", "--max-cost", "100"],
    ] {
        let ran = stage.run(args);
        assert_eq!(ran.code, 1, "{ran:?}");
        assert!(ran.error().contains("needs more Buzz"), "{ran:?}");
    }
}
