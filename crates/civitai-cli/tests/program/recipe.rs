//! Recipes in pictures: written, shown, and used for another picture.

use serde_json::Value;

use crate::stage::{Ran, Stage};

fn json(ran: &Ran) -> Value {
    assert_eq!(ran.code, 0, "{ran:?}");
    serde_json::from_str(&ran.stdout).unwrap()
}

/// The input of the one step that would be sent.
fn input(ran: &Ran) -> Value {
    json(ran)["steps"][0]["input"].take()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_says_what_it_was_made_by_and_another_is_made_like_it() {
    let stage = Stage::fast().await;
    let lora = "urn:air:sd1:lora:civitai:82098@87153";
    let made = stage.run(&[
        "generate",
        "a lighthouse",
        "--negative-prompt",
        "people",
        "--size",
        "64x128",
        "--steps",
        "9",
        "--lora",
        &format!("{lora}=0.5"),
        "--quantity",
        "2",
        "--seed",
        "41",
    ]);
    assert_eq!((made.code, made.paths().len()), (0, 2), "{made:?}");
    let picture = made.paths()[1].to_str().unwrap().to_owned();

    let shown = stage.run(&["show", &picture]);
    assert!(shown.stdout.starts_with("textToImage\n"), "{shown:?}");
    assert!(shown.stdout.contains("prompt: a lighthouse\n"), "{shown:?}");
    let recipe = json(&stage.run(&["show", &picture, "--json"]));
    assert_eq!(recipe["request"]["steps"][0]["input"]["seed"], 41);

    let like = input(&stage.run(&["generate", "--like", &picture, "--print"]));
    assert_eq!(
        (&like["prompt"], &like["seed"]),
        (&"a lighthouse".into(), &41.into())
    );
    assert_eq!((&like["width"], &like["height"]), (&64.into(), &128.into()));
    assert_eq!(like["additionalNetworks"][lora]["strength"], 0.5);
    let args = [
        "generate",
        "a harbour",
        "--like",
        &picture,
        "--seed",
        "3",
        "--size",
        "128x64",
        "--print",
    ];
    let other = input(&stage.run(&args));
    assert_eq!(
        (&other["prompt"], &other["seed"]),
        (&"a harbour".into(), &3.into())
    );
    assert_eq!(
        (&other["width"], &other["negativePrompt"]),
        (&128.into(), &"people".into())
    );
    // Another engine has other models: it takes the words.
    let args = [
        "generate",
        "--like",
        &picture,
        "--engine",
        "sdcpp",
        "--ecosystem",
        "zImage",
        "--set",
        "model=turbo",
        "--print",
    ];
    let engine = input(&stage.run(&args));
    assert_eq!(
        (&engine["prompt"], &engine["engine"]),
        (&"a lighthouse".into(), &"sdcpp".into())
    );
    assert!(engine.get("additionalNetworks").is_none(), "{engine}");

    let again = stage.run(&["generate", "--like", &picture, "--out", "again"]);
    assert_eq!(again.code, 0, "{again:?}");
    assert_eq!(again.paths().len(), 1, "{again:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_of_a_job_is_taken_as_well_and_one_without_recipe_is_not() {
    let stage = Stage::fast().await;
    let made = stage.run(&[
        "generate", "fog", "--api", "v1", "--size", "64x64", "--seed", "7",
    ]);
    let picture = made.paths()[0].to_str().unwrap().to_owned();
    let like = input(&stage.run(&["generate", "--like", &picture, "--print"]));
    assert_eq!(
        (&like["prompt"], &like["seed"], &like["width"]),
        (&"fog".into(), &7.into(), &64.into())
    );

    let plain = stage.run(&[
        "generate",
        "fog",
        "--size",
        "64x64",
        "--no-recipe",
        "--out",
        "plain",
    ]);
    let plain = plain.paths()[0].to_str().unwrap().to_owned();
    let shown = stage.run(&["show", &plain]);
    assert_eq!(shown.code, 2, "{shown:?}");
    assert!(shown.error().contains("it holds no recipe"), "{shown:?}");
    let text = stage.write("text", b"a lighthouse");
    let shown = stage.run(&["show", &text, "--json"]);
    assert!(
        shown.error().contains("it is no PNG, JPEG or WebP"),
        "{shown:?}"
    );
    assert_eq!(shown.last()["code"], 2);
    let none = stage.run(&["generate", "--like", "nowhere.png"]);
    assert!(none.error().contains("`nowhere.png`"), "{none:?}");
    assert_eq!(stage.run(&["generate"]).code, 2);
}

/// A run knows whether its pictures hold a recipe, also where it is taken up without being told again.
#[tokio::test(flavor = "multi_thread")]
async fn a_batch_leaves_pictures_as_they_come_where_it_is_told() {
    let stage = Stage::fast().await;
    stage.write("fog.txt", b"fog\n");
    for (options, out, code) in [(&[][..], "with", 0), (&["--no-recipe"], "without", 2)] {
        let begin = [
            "batch", "fog.txt", "--size", "64x64", "--budget", "4", "--out", out,
        ];
        let ran = stage.run(&[&begin, options].concat());
        assert_eq!(ran.code, 7, "{ran:?}");
        let ran = stage.run(&["batch", "resume", "--budget", "8"]);
        assert_eq!(ran.code, 0, "{ran:?}");
        let folder = stage.dir.path().join(out);
        let names = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path());
        let picture = names
            .into_iter()
            .find(|path| path.extension().is_some_and(|kind| kind == "png"));
        let shown = stage.run(&["show", picture.unwrap().to_str().unwrap()]);
        assert_eq!(shown.code, code, "{shown:?}");
    }
}

/// Whether pictures hold a recipe is part of what was asked for, wherever the work is taken up.
#[tokio::test(flavor = "multi_thread")]
async fn work_that_is_fetched_again_has_the_same_bytes() {
    let stage = Stage::fast().await;
    for (args, out) in [(&[][..], "one"), (&["--no-recipe"], "two")] {
        let begin = ["generate", "fog", "--size", "64x64", "--json", "--out", out];
        let made = stage.run(&[&begin, args].concat());
        let end = made.last();
        let (id, path) = (
            end["id"].as_str().unwrap(),
            end["files"][0]["path"].as_str().unwrap(),
        );
        let bytes = std::fs::read(stage.dir.path().join(path)).unwrap();
        std::fs::remove_file(stage.dir.path().join(path)).unwrap();
        let again = stage.run(&["get", id]);
        assert_eq!(again.paths(), [std::path::Path::new(path)], "{again:?}");
        assert_eq!(std::fs::read(stage.dir.path().join(path)).unwrap(), bytes);
    }
}
