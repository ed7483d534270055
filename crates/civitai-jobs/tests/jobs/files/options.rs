//! What the user may choose: names, collisions, sidecars, and being told of progress.

use std::sync::{Arc, Mutex};

use civitai_jobs::{Claims, Collision, Naming, SaveProgress, Sidecar};
use civitai_sim::{BlobFault, Fault, Origin};
use serde_json::{Value, json};

use super::outputs;
use crate::stage::{CANARY, Stage, request};

#[tokio::test]
async fn a_template_names_the_files() {
    let stage = Stage::new().await;
    let outputs = outputs(&stage, 2).await;
    let id = outputs[0].work_id();
    for (template, names) in [
        (
            "{prompt} no. {index}",
            [
                "a-lighthouse-in-fog no. 1.png",
                "a-lighthouse-in-fog no. 2.png",
            ],
        ),
        (
            "{job}-{seed}",
            [&format!("{id}-7.png"), &format!("{id}-8.png")],
        ),
        ("same", ["same-2.png", "same.png"]),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let naming: Naming = template.parse().unwrap();
        let naming = naming.prompt(request().prompt_text());
        let files = stage
            .client
            .save(&outputs, dir.path(), &naming)
            .await
            .unwrap();
        let mut saved: Vec<_> = files
            .iter()
            .map(|file| {
                file.path
                    .strip_prefix(dir.path())
                    .unwrap()
                    .to_str()
                    .unwrap()
            })
            .collect();
        saved.sort_unstable();
        assert_eq!(saved, names, "{template}");
    }
}

#[tokio::test]
async fn a_file_that_is_there_is_numbered_replaced_or_kept() {
    for (collision, names, first, fetched) in [
        (
            Collision::Number,
            &["image-7-2.png", "image-7.png", "image-8.png"][..],
            "mine",
            2,
        ),
        (
            Collision::Replace,
            &["image-7.png", "image-8.png"],
            "new",
            2,
        ),
        (Collision::Keep, &["image-7.png", "image-8.png"], "mine", 1),
    ] {
        let stage = Stage::new().await;
        let outputs = outputs(&stage, 2).await;
        let path = stage.dir.path().join("image-7.png");
        std::fs::write(&path, "mine").unwrap();
        let save = stage
            .client
            .save(&outputs, stage.dir.path(), &Naming::default());
        let files = save.on_collision(collision).await.unwrap();
        assert_eq!(stage.names(), names, "{collision:?}");
        let is_mine = std::fs::read(&path).unwrap() == b"mine";
        assert_eq!(is_mine, first == "mine", "{collision:?}");
        assert_eq!(stage.requests(Origin::Blob).len(), fetched, "{collision:?}");
        let there: Vec<_> = files.iter().map(|file| file.was_there).collect();
        assert_eq!(there, [collision == Collision::Keep, false]);
        for file in &files {
            assert_eq!(file.bytes, std::fs::metadata(&file.path).unwrap().len());
        }
    }
}

#[tokio::test]
async fn a_save_that_is_repeated_leaves_one_file_and_spares_another() {
    let stage = Stage::new().await;
    let outputs = outputs(&stage, 2).await;
    let save = || {
        let save = stage
            .client
            .save(&outputs, stage.dir.path(), &Naming::default());
        save.on_collision(Collision::Match)
    };
    std::fs::write(stage.dir.path().join("image-8.png"), "mine").unwrap();
    let first = save().await.unwrap();
    let again = save().await.unwrap();
    assert_eq!(
        stage.names(),
        ["image-7.png", "image-8-2.png", "image-8.png"]
    );
    let paths = |files: &[civitai_jobs::SavedFile]| -> Vec<_> {
        files
            .iter()
            .map(|file| (file.path.clone(), file.bytes))
            .collect()
    };
    assert_eq!(paths(&first), paths(&again));
    assert!(again.iter().all(|file| file.was_there));

    // What is known to be somebody else's is left alone.
    let others: Claims = first.iter().map(|file| file.path.clone()).collect();
    let third = save().claims(&others).await.unwrap();
    assert!(third.iter().all(|file| !file.was_there), "{third:?}");
}

#[tokio::test]
async fn files_with_the_same_bytes_stay_two_whoever_saves_them() {
    let stage = Stage::new().await;
    let output = outputs(&stage, 1).await.remove(0);
    let claims = Claims::default();
    let naming: Naming = "fog".parse().unwrap();
    let save = || {
        let save = stage.client.save([&output], stage.dir.path(), &naming);
        save.on_collision(Collision::Match).claims(&claims)
    };
    let (one, two) = tokio::join!(save().into_future(), save().into_future());
    assert_ne!(one.unwrap()[0].path, two.unwrap()[0].path);
    assert_eq!(stage.names(), ["fog-2.png", "fog.png"]);
}

#[tokio::test]
async fn a_file_is_changed_before_it_has_its_name() {
    let stage = Stage::new().await;
    let outputs = outputs(&stage, 2).await;
    let save = stage
        .client
        .save(&outputs, stage.dir.path(), &Naming::default());
    let save = save.rewrite(|file, bytes| (file.index() == 0).then(|| [bytes, b"more"].concat()));
    let files = save.await.unwrap();
    for (file, ending) in files.iter().zip([&b"more"[..], b"IEND\xaeB`\x82"]) {
        let content = std::fs::read(&file.path).unwrap();
        assert!(content.ends_with(ending), "{file:?}");
        assert_eq!(file.bytes, content.len() as u64);
    }
}

#[tokio::test]
async fn a_second_run_fetches_what_the_first_one_missed() {
    let stage = Stage::new().await;
    let outputs = outputs(&stage, 6).await;
    // A template that does not tell the files apart is no trap.
    let naming: Naming = "fog".parse().unwrap();
    let save = || {
        let save = stage.client.save(&outputs, stage.dir.path(), &naming);
        save.on_collision(Collision::Keep).at_once(1)
    };
    stage.sim.fail_next(Origin::Blob, Fault::Status(501));
    assert_eq!(save().await.unwrap_err().saved_files().len(), 5);
    let before = stage.requests(Origin::Blob).len();
    let files = save().await.unwrap();
    assert_eq!(stage.requests(Origin::Blob).len(), before + 1);
    assert_eq!((files.len(), stage.names().len()), (6, 6));
    let missed: Vec<_> = files.iter().map(|file| !file.was_there).collect();
    assert_eq!(missed, [true, false, false, false, false, false]);
    assert!(files.iter().all(|file| file.media_type == "image/png"));
}

#[tokio::test]
async fn a_sidecar_tells_where_a_file_came_from_and_no_secret() {
    let stage = Stage::new().await;
    let outputs = outputs(&stage, 1).await;
    let request = request().callback_url("https://example.test/hook?secret=5a1t");
    let sidecar = Sidecar::of(&request);
    let naming = Naming::default();
    let save = stage.client.save(&outputs, stage.dir.path(), &naming);
    let file = save.sidecar(sidecar.clone()).await.unwrap().remove(0);
    let beside = file.sidecar.unwrap();
    assert_eq!(beside, stage.dir.path().join("image-7.png.json"));
    let text = std::fs::read_to_string(&beside).unwrap();
    for secret in ["X-Amz", "127.0.0.1", "http", "5a1t", CANARY] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    let told: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(told["workId"], file.work_id);
    assert_eq!(told["blobId"], outputs[0].blob_id().unwrap());
    assert_eq!((&told["seed"], &told["index"]), (&json!(7), &json!(0)));
    assert_eq!(
        (&told["bytes"], &told["mediaType"]),
        (&json!(file.bytes), &json!("image/png"))
    );
    assert_eq!(told["jobCost"], json!(outputs[0].job_cost().unwrap()));
    assert_eq!(told["model"], request.model().to_string());
    assert_eq!(told["request"]["params"]["prompt"], request.prompt_text());
    let created = told["createdAt"].as_str().unwrap();
    assert!(
        chrono::DateTime::parse_from_rfc3339(created).is_ok(),
        "{created}"
    );

    // A note that somebody left under the next name stays.
    let note = stage.dir.path().join("image-7-2.png.json");
    std::fs::write(&note, "mine").unwrap();
    let save = stage.client.save(&outputs, stage.dir.path(), &naming);
    let again = save.sidecar(sidecar).await.unwrap().remove(0);
    assert_eq!(again.path, stage.dir.path().join("image-7-3.png"));
    assert_eq!(std::fs::read(note).unwrap(), b"mine");
}

#[tokio::test]
async fn progress_is_told_in_bytes_for_each_file_and_for_all() {
    let stage = Stage::new().await;
    let outputs = outputs(&stage, 3).await;
    stage.sim.fail_next_blob(BlobFault::Cut);
    let told = Arc::new(Mutex::new(Vec::<SaveProgress>::new()));
    let note = Arc::clone(&told);
    let save = stage
        .client
        .save(&outputs, stage.dir.path(), &Naming::default())
        .at_once(2)
        .on_progress(move |now| note.lock().unwrap().push(now));
    let files = save.await.unwrap();
    let told = told.lock().unwrap();
    for (file, saved) in files.iter().enumerate() {
        let of_file: Vec<_> = told.iter().filter(|now| now.file == file).collect();
        // What was cut went on, so no count fell.
        assert!(
            of_file
                .windows(2)
                .all(|pair| pair[0].bytes <= pair[1].bytes)
        );
        let last = of_file.last().unwrap();
        assert_eq!(
            (last.bytes, last.size, last.saved),
            (saved.bytes, Some(saved.bytes), true)
        );
        assert_eq!(of_file.iter().filter(|now| now.saved).count(), 1);
    }
    let last = told.last().unwrap();
    assert_eq!((last.files, last.files_saved), (3, 3));
    let total = files.iter().map(|file| file.bytes).sum();
    assert_eq!((last.total_bytes, last.total_size), (total, Some(total)));
}
